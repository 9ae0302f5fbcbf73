/* SPDX-License-Identifier: ISC */
/*
 * folder.c: see folder.h.
 */
#include "server/base/folder.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

bool folder_sync(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

void folder_sync_above(const char *path) {
    char name[PATH_MAX];
    if (snprintf(name, sizeof name, "%s", path) < (int)sizeof name) {
        (void)!folder_sync(dirname(name));
    }
}
