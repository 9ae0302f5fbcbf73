/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a disk that fails on demand and remembers what was not synced yet, between a program and
 * its libc (LD_PRELOAD). Only files under $DISK_UNDER are meant.
 *
 *     DISK_FAIL="CALL N ERRNO"  the N-th of those calls fails: pwrite, sync, truncate, open or
 *                               rename; ERRNO 0: the program is killed before it
 *     DISK_TRACE=FILE           each call is noted there, with what was there before and what comes
 *
 * A record: one byte for the call (capital: done; small: failed), then in the machine's order u32
 * file, u64 offset (of T: the new size), u64 size of the file before, u32 bytes before, u32 bytes
 * new, and both; of O the bytes new are the path. State is static, since a shim has no main.
 */
#define _LARGEFILE64_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 1024 };

int open64(const char *path, int flags, ...);
ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset);
int ftruncate64(int fd, off64_t size);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool watched[FILES_MAX];
static unsigned long counts[128];
static int trace = -2; /* not asked for yet */

static int real_open(const char *path, int flags, mode_t mode) {
    static int (*real)(const char *, int, ...);
    real = real != NULL ? real : (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    return real(path, flags, mode);
}

static ssize_t real_pwrite(int fd, const void *bytes, size_t len, off64_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (real == NULL) {
        real = (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    }
    return real(fd, bytes, len, offset);
}

static int real_sync(int fd) {
    static int (*real)(int);
    real = real != NULL ? real : (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return real(fd);
}

static int real_truncate(int fd, off64_t size) {
    static int (*real)(int, off64_t);
    real = real != NULL ? real : (int (*)(int, off64_t))dlsym(RTLD_NEXT, "ftruncate64");
    return real(fd, size);
}

static void put(const void *bytes, size_t len) {
    if (write(trace, bytes, len) != (ssize_t)len) {
        abort();
    }
}

static bool is_watched(int fd) {
    return fd >= 0 && fd < FILES_MAX && watched[fd];
}

static bool is_traced(void) {
    const char *path = getenv("DISK_TRACE");
    if (trace == -2) {
        trace =
            path != NULL ? real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    }
    return trace >= 0;
}

/* What a call will do to [offset, offset + len) of the file, before it does it. */
static void note(char call, int fd, uint64_t offset, uint64_t len, const void *bytes,
                 uint32_t count) {
    struct stat now = {0};
    if (!is_traced()) {
        return;
    }
    fstat(fd, &now);
    uint64_t size = (uint64_t)now.st_size;
    uint64_t there = offset >= size ? 0 : size - offset < len ? size - offset : len;
    char *before = malloc(there > 0 ? (size_t)there : 1);
    if (before == NULL) {
        abort();
    }
    if (there > 0 && pread(fd, before, there, (off_t)offset) != (ssize_t)there) {
        there = 0; /* not open for reading: the lock's file, of which nothing is sought */
    }
    uint32_t file = (uint32_t)fd, old = (uint32_t)there;
    put(&call, 1);
    put(&file, sizeof file);
    put(&offset, sizeof offset);
    put(&size, sizeof size);
    put(&old, sizeof old);
    put(&count, sizeof count);
    put(before, there);
    put(bytes, count);
    free(before);
}

/* Whether this call is the one that is to fail; errno is set. */
static bool fails(const char *call) {
    const char *wanted = getenv("DISK_FAIL");
    size_t len = strlen(call);
    unsigned long count = ++counts[(unsigned char)call[0]];
    if (wanted == NULL || strncmp(wanted, call, len) != 0 || wanted[len] != ' ') {
        return false;
    }
    char *end;
    bool is_it = strtoul(wanted + len, &end, 10) == count;
    int error = (int)strtol(end, NULL, 10);
    if (is_it && error == 0) {
        raise(SIGKILL);
    }
    errno = error;
    return is_it;
}

int open64(const char *path, int flags, ...) {
    const char *under = getenv("DISK_UNDER");
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        va_list more;
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    bool ours = under != NULL && strncmp(path, under, strlen(under)) == 0;
    pthread_mutex_lock(&lock);
    bool failed = ours && fails("open");
    int fd = failed ? -1 : real_open(path, flags, mode);
    int error = errno;
    if (fd >= 0 && fd < FILES_MAX) {
        watched[fd] = ours;
    }
    if (ours) {
        note(failed ? 'o' : 'O', fd, 0, 0, path, (uint32_t)strlen(path));
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return fd;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset) {
    if (!is_watched(fd)) {
        return real_pwrite(fd, bytes, len, offset);
    }
    pthread_mutex_lock(&lock);
    bool failed = fails("pwrite");
    int error = errno;
    note(failed ? 'w' : 'W', fd, (uint64_t)offset, len, bytes, failed ? 0 : (uint32_t)len);
    ssize_t done = failed ? -1 : real_pwrite(fd, bytes, len, offset);
    error = failed ? error : errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

/* On a machine of 64 bits both names are one call. */
int open(const char *path, int flags, ...) __attribute__((alias("open64")));
ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
    __attribute__((alias("pwrite64")));

int fdatasync(int fd) {
    if (!is_watched(fd)) {
        return real_sync(fd);
    }
    pthread_mutex_lock(&lock);
    bool failed = fails("sync");
    int error = errno;
    int done = failed ? -1 : real_sync(fd);
    error = failed ? error : errno;
    note(failed ? 's' : 'S', fd, 0, 0, "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int ftruncate64(int fd, off64_t size) {
    if (!is_watched(fd)) {
        return real_truncate(fd, size);
    }
    pthread_mutex_lock(&lock);
    bool failed = fails("truncate");
    int error = errno;
    note(failed ? 't' : 'T', fd, (uint64_t)size, UINT64_MAX, "", 0);
    int done = failed ? -1 : real_truncate(fd, size);
    error = failed ? error : errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

/* Not traced: names are not lost when the power fails here. */
int rename(const char *path, const char *to) {
    static int (*real)(const char *, const char *);
    const char *under = getenv("DISK_UNDER");
    real = real != NULL ? real : (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    pthread_mutex_lock(&lock);
    bool failed = under != NULL && strncmp(path, under, strlen(under)) == 0 && fails("rename");
    int done = failed ? -1 : real(path, to);
    pthread_mutex_unlock(&lock);
    return done;
}
