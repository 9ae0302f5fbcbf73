/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the failing disk: every call goes on to the real file that lies behind the shim in the
 * same memory. The log in front of the database and the file beside it know no SQLite: the two
 * calls that they write by are this file's, in whatever program links it.
 */
#include "tests/support/failing_disk.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct shim {
    atomic_int fail_syncs; /* so many syncs of either log fail */
    atomic_bool full;      /* writing to a log says that the disk is full */
    atomic_int fail_rests; /* the same of the file in which rooms rest */
    atomic_bool rest_full;
};

struct shim_file {
    sqlite3_file file;
    struct shim *shim; /* NULL: not the write-ahead log */
};

static sqlite3_vfs shim_vfs;
static sqlite3_vfs *real_vfs;
static struct shim shim;

static sqlite3_file *inner(sqlite3_file *file) {
    return (sqlite3_file *)((struct shim_file *)file + 1);
}

static int shim_close(sqlite3_file *file) {
    return inner(file)->pMethods->xClose(inner(file));
}
static int shim_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at) {
    return inner(file)->pMethods->xRead(inner(file), to, n, at);
}
static int shim_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at) {
    const struct shim_file *self = (struct shim_file *)file;
    if (self->shim != NULL && atomic_load(&self->shim->full)) {
        return SQLITE_FULL;
    }
    return inner(file)->pMethods->xWrite(inner(file), from, n, at);
}
static int shim_truncate(sqlite3_file *file, sqlite3_int64 size) {
    return inner(file)->pMethods->xTruncate(inner(file), size);
}
static int shim_sync(sqlite3_file *file, int flags) {
    const struct shim_file *self = (struct shim_file *)file;
    if (self->shim != NULL && atomic_load(&self->shim->fail_syncs) > 0) {
        atomic_fetch_sub(&self->shim->fail_syncs, 1);
        return SQLITE_IOERR_FSYNC;
    }
    return inner(file)->pMethods->xSync(inner(file), flags);
}
static int shim_size(sqlite3_file *file, sqlite3_int64 *size) {
    return inner(file)->pMethods->xFileSize(inner(file), size);
}
static int shim_lock(sqlite3_file *file, int lock) {
    return inner(file)->pMethods->xLock(inner(file), lock);
}
static int shim_unlock(sqlite3_file *file, int lock) {
    return inner(file)->pMethods->xUnlock(inner(file), lock);
}
static int shim_reserved(sqlite3_file *file, int *out) {
    return inner(file)->pMethods->xCheckReservedLock(inner(file), out);
}
static int shim_control(sqlite3_file *file, int op, void *arg) {
    return inner(file)->pMethods->xFileControl(inner(file), op, arg);
}
static int shim_sector(sqlite3_file *file) {
    return inner(file)->pMethods->xSectorSize(inner(file));
}
static int shim_device(sqlite3_file *file) {
    return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}

/* Version 1 methods: no shared memory, as exclusive locking needs none. */
static const sqlite3_io_methods shim_methods = {.iVersion = 1,
                                                .xClose = shim_close,
                                                .xRead = shim_read,
                                                .xWrite = shim_write,
                                                .xTruncate = shim_truncate,
                                                .xSync = shim_sync,
                                                .xFileSize = shim_size,
                                                .xLock = shim_lock,
                                                .xUnlock = shim_unlock,
                                                .xCheckReservedLock = shim_reserved,
                                                .xFileControl = shim_control,
                                                .xSectorSize = shim_sector,
                                                .xDeviceCharacteristics = shim_device};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    struct shim_file *self = (struct shim_file *)file;
    (void)vfs;
    self->shim = (flags & SQLITE_OPEN_WAL) ? &shim : NULL;
    int rc = real_vfs->xOpen(real_vfs, name, inner(file), flags, out);
    file->pMethods = rc == SQLITE_OK ? &shim_methods : NULL;
    return rc;
}

/* ---- the files that are not SQLite's ---- */

static bool is_of(int fd, const char *end) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    path[len > 0 ? len : 0] = '\0';
    return strstr(path, end) != NULL;
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at) {
    if ((atomic_load(&shim.full) && is_of(fd, "-commits.")) ||
        (atomic_load(&shim.rest_full) && is_of(fd, "-events"))) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, from, n, at);
}

static bool fails(atomic_int *count, int fd, const char *end) {
    if (atomic_load(count) == 0 || !is_of(fd, end)) {
        return false;
    }
    atomic_fetch_sub(count, 1);
    errno = EIO;
    return true;
}

int fdatasync(int fd) {
    bool failed =
        fails(&shim.fail_syncs, fd, "-commits.") || fails(&shim.fail_rests, fd, "-events");
    return failed ? -1 : (int)syscall(SYS_fdatasync, fd);
}

/* ---- knobs ---- */

void failing_disk_install(void) {
    real_vfs = sqlite3_vfs_find(NULL);
    shim_vfs = *real_vfs;
    shim_vfs.zName = "spar-failing-disk";
    shim_vfs.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    shim_vfs.xOpen = shim_open;
    failing_disk_syncs(0);
    failing_disk_full(false);
    failing_disk_rest_syncs(0);
    failing_disk_rest_full(false);
    sqlite3_vfs_register(&shim_vfs, 1);
}

void failing_disk_rest_full(bool full) {
    atomic_store(&shim.rest_full, full);
}

void failing_disk_rest_syncs(int count) {
    atomic_store(&shim.fail_rests, count);
}

void failing_disk_remove(void) {
    sqlite3_vfs_unregister(&shim_vfs);
    sqlite3_vfs_register(real_vfs, 1);
}

void failing_disk_full(bool full) {
    atomic_store(&shim.full, full);
}

void failing_disk_syncs(int count) {
    atomic_store(&shim.fail_syncs, count);
}
