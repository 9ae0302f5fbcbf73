/* SPDX-License-Identifier: ISC */
/*
 * beside.c: see beside.h.
 *
 * Invariant: whoever holds the lock of the file that has the name may rename or unlink it, and
 * nobody else does; a kill lets go of the lock.
 */
#include "certs/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file system without locks has nobody who waits. */
static void lock(int fd) {
    while (flock(fd, LOCK_EX) != 0 && errno == EINTR) {
    }
}

static bool has_name(int fd, const char *name) {
    struct stat ours, there;
    return fstat(fd, &ours) == 0 && lstat(name, &there) == 0 && ours.st_dev == there.st_dev &&
           ours.st_ino == there.st_ino;
}

/* In a folder for everybody others could hold the lock for ever: nobody waits for them. */
static bool is_ours(int fd) {
    struct stat status;
    bool ours = fstat(fd, &status) == 0 && status.st_uid == geteuid();
    errno = ours ? errno : EACCES;
    return ours;
}

/* Waits for whoever writes there; what they leave, since they were killed, goes. False: errno says
 * why it does not. */
static bool clear_away(const char *name) {
    int fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT;
    }
    bool good = is_ours(fd);
    if (good) {
        lock(fd);
        good = !has_name(fd, name) || unlink(name) == 0;
    }
    int reason = errno;
    close(fd);
    errno = reason;
    return good;
}

int beside_open(const char *path, char name[BESIDE_NAME_MAX]) {
    int len = snprintf(name, BESIDE_NAME_MAX, "%s.spar-new", path);
    if (len < 0 || len >= BESIDE_NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    do {
        int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0 && errno != EEXIST) {
            return -1;
        }
        if (fd >= 0) {
            lock(fd);
            if (has_name(fd, name)) {
                return fd;
            }
            close(fd); /* somebody was between the two calls */
        }
    } while (clear_away(name));
    return -1;
}
