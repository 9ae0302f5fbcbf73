/* SPDX-License-Identifier: ISC */
/*
 * safe_file.c: lines one by one; to write, a fresh file, then a rename.
 */
#include "client/store/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/beside.h"
#include "client/net/identity.h"

enum { LINE_SIZE = 1024 };

static bool is_no_file(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* A device or a pipe is written to; a file in its place would be its end. */
static bool put_into(const char *path, void (*put)(FILE *file, const void *ctx), const void *ctx) {
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        return false;
    }
    put(file, ctx);
    bool good = fflush(file) == 0 && !ferror(file);
    return fclose(file) == 0 && good;
}

/* Closed before the rename, since some file systems tell only then that there is no room. */
static bool write_to(int fd, bool sync, void (*put)(FILE *file, const void *ctx), const void *ctx) {
    int other = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    FILE *file = other < 0 ? NULL : fdopen(other, "wb");
    if (file == NULL) {
        if (other >= 0) {
            close(other);
        }
        return false;
    }
    put(file, ctx);
    bool good = fflush(file) == 0 && !ferror(file) && (!sync || fsync(other) == 0);
    return fclose(file) == 0 && good;
}

bool safe_file_replace(const char *path, bool sync, void (*put)(FILE *file, const void *ctx),
                       const void *ctx) {
    if (is_no_file(path)) {
        return put_into(path, put, ctx);
    }
    char fresh[BESIDE_NAME_MAX];
    int fd = beside_open(path, fresh);
    if (fd < 0) {
        return false;
    }
    bool good = write_to(fd, sync, put, ctx) && rename(fresh, path) == 0;
    int error = errno;
    if (!good) {
        unlink(fresh);
    }
    close(fd);
    errno = error;
    return good;
}

bool safe_file_read(const char *name, const char *what, bool (*take)(void *ctx, char *line),
                    void *ctx, struct certs_why *why) {
    char path[IDENTITY_PATH_MAX];
    char line[LINE_SIZE];
    if (!identity_path(name, path, why)) {
        return false;
    }
    FILE *file = fopen(path, "re");
    if (file == NULL && errno != ENOENT) {
        certs_why_set(why, "%s %s cannot be read (%s).", what, path, strerror(errno));
        return false;
    }
    bool more = file != NULL;
    while (more && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        more = take(ctx, line);
    }
    if (file != NULL) {
        fclose(file);
    }
    return true;
}

bool safe_file_write(const char *name, const char *what, void (*put)(FILE *file, const void *ctx),
                     const void *ctx, struct certs_why *why) {
    char path[IDENTITY_PATH_MAX];
    if (!identity_path(name, path, why)) {
        return false;
    }
    bool good = safe_file_replace(path, false, put, ctx);
    if (!good) {
        certs_why_set(why, "%s %s cannot be written (%s).", what, path, strerror(errno));
    }
    return good;
}

bool safe_file_unread(FILE *file) {
    struct pollfd poll_for = {.fd = fileno(file), .events = POLLOUT};
    return poll(&poll_for, 1, 0) > 0 && (poll_for.revents & POLLERR) != 0;
}
