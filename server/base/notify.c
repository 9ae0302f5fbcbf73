/* SPDX-License-Identifier: ISC */
/*
 * notify.c: one datagram to the socket that the service manager named.
 */
#include "server/base/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify(const char *state) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (path == NULL || strlen(path) >= sizeof to.sun_path || (*path != '/' && *path != '@')) {
        return;
    }
    size_t len = strlen(path);
    memcpy(to.sun_path, path, len);
    to.sun_path[0] = *path == '@' ? '\0' : '/'; /* '@' stands for an abstract socket */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        (void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to,
                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
        close(fd);
    }
}
