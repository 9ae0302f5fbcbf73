/* SPDX-License-Identifier: ISC */
/*
 * rest.c: the file in which rooms rest. See rest.h.
 *
 * Invariants: no run is known to the database before it is synced; nothing lies behind the end;
 * bytes before it change to zeros only.
 */
#include "server/journal/rest.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/random.h"
#include "server/base/file.h"
#include "server/base/folder.h"
#include "server/journal/octets.h"
#include "server/journal/sum.h"

enum { NAME_MAX_BYTES = 4096, ZEROS = 64 * 1024, HEAD_USED = 24 };

static const char magic[8] = "SparRest";

/* ---- the file ---- */

void rest_init(struct rest *rest, const char *path) {
    *rest = (struct rest){.path = path, .fd = -1};
}

static bool name_of(const char *path, char name[NAME_MAX_BYTES]) {
    int len = snprintf(name, NAME_MAX_BYTES, "%s-events", path);
    return len > 0 && len < NAME_MAX_BYTES;
}

static bool write_all(struct rest *rest, const void *bytes, size_t len, int64_t at) {
    bool good = file_write_at(rest->fd, bytes, len, at);
    rest->error = good ? rest->error : errno;
    return good;
}

bool rest_read(const struct rest *rest, int64_t place, void *bytes, size_t len) {
    return file_read_at(rest->fd, bytes, len, place);
}

bool rest_sync(struct rest *rest) {
    if (rest->broken) {
        return false;
    }
    if (rest->dirty && fdatasync(rest->fd) != 0) {
        rest->error = errno;
        rest->broken = true;
        return false;
    }
    rest->dirty = false;
    return true;
}

void rest_close(struct rest *rest) {
    if (rest->fd >= 0) {
        close(rest->fd);
    }
    rest->fd = -1;
    rest->end = 0;
    rest->dirty = rest->broken = false;
}

static enum rest_state failed(struct rest *rest, enum rest_state state) {
    rest->error = errno;
    rest_close(rest);
    return state;
}

bool rest_in_place(const struct rest *rest) {
    char name[NAME_MAX_BYTES];
    struct stat now;
    return rest->inode == 0 ||
           (name_of(rest->path, name) && stat(name, &now) == 0 && now.st_dev == rest->device &&
            now.st_ino == rest->inode && now.st_size >= rest->end);
}

void rest_remove(const char *path) {
    char name[NAME_MAX_BYTES];
    if (name_of(path, name)) {
        unlink(name);
    }
}

bool rest_is_filled(const char *path) {
    char name[NAME_MAX_BYTES];
    struct stat status;
    return name_of(path, name) && lstat(name, &status) == 0 && status.st_size > REST_HEAD;
}

bool rest_rename(const char *path, const char *to) {
    char name[NAME_MAX_BYTES], other[NAME_MAX_BYTES];
    return name_of(path, name) && name_of(to, other) &&
           (rename(name, other) == 0 || errno == ENOENT);
}

/* ---- opening ---- */

static enum rest_state open_file(struct rest *rest, int flags, struct stat *status) {
    char name[NAME_MAX_BYTES];
    if (!name_of(rest->path, name)) {
        errno = ENAMETOOLONG;
        return failed(rest, REST_FAILED);
    }
    rest->fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (rest->fd < 0) {
        return failed(rest, errno == ENOENT ? REST_MISSING : REST_FAILED);
    }
    return fstat(rest->fd, status) == 0 ? REST_GOOD : failed(rest, REST_FAILED);
}

enum rest_state rest_look(struct rest *rest) {
    struct stat status;
    return open_file(rest, 0, &status);
}

static void write_head(uint8_t head[REST_HEAD], int64_t identity) {
    memset(head, 0, REST_HEAD);
    memcpy(head, magic, sizeof magic);
    octets_put(head + 8, (uint64_t)identity, 8);
    octets_put(head + 16, sum_bytes(SUM_BEGIN, head, 16), 8);
}

static bool make_identity(int64_t *identity) {
    uint64_t number = 0;
    bool made = random_bytes((uint8_t *)&number, sizeof number);
    *identity = (int64_t)(number & INT64_MAX) | 1;
    return made;
}

static bool sync_name(const struct rest *rest) {
    char name[NAME_MAX_BYTES];
    return name_of(rest->path, name) && folder_sync(dirname(name));
}

enum rest_state rest_make(struct rest *rest, int64_t *identity) {
    uint8_t head[REST_HEAD];
    struct stat status;
    enum rest_state state = open_file(rest, O_CREAT, &status);
    if (state != REST_GOOD) {
        return state;
    }
    if (status.st_size > REST_HEAD) {
        return failed(rest, REST_FOREIGN);
    }
    rest->error = 0;
    if (!make_identity(identity)) {
        return failed(rest, REST_FAILED);
    }
    write_head(head, *identity);
    if (fchmod(rest->fd, 0600) != 0 || !write_all(rest, head, sizeof head, 0) ||
        fdatasync(rest->fd) != 0 || !sync_name(rest)) {
        return failed(rest, REST_FAILED);
    }
    rest->device = status.st_dev;
    rest->inode = status.st_ino;
    rest->end = REST_HEAD;
    return REST_GOOD;
}

/* Whether it is the file that the database knows. */
static enum rest_state is_known(struct rest *rest, const struct stat *status, int64_t identity,
                                int64_t end) {
    uint8_t head[REST_HEAD], known[REST_HEAD];
    bool same =
        rest->inode == 0 || (rest->device == status->st_dev && rest->inode == status->st_ino);
    if (!same || status->st_size < end || status->st_size < REST_HEAD) {
        return REST_MISSING;
    }
    write_head(known, identity);
    if (!rest_read(rest, 0, head, sizeof head)) {
        return REST_FAILED;
    }
    return memcmp(head, known, sizeof head) == 0 ? REST_GOOD : REST_FOREIGN;
}

bool rest_cut(struct rest *rest, int64_t end) {
    if (end >= rest->end) {
        return true;
    }
    rest->dirty = true;
    if (!rest_wipe(rest, end, rest->end) || !rest_sync(rest) || ftruncate(rest->fd, end) != 0 ||
        fdatasync(rest->fd) != 0) {
        rest->error = errno;
        return false;
    }
    rest->end = end;
    return true;
}

enum rest_state rest_open(struct rest *rest, int64_t identity, int64_t end) {
    struct stat status;
    enum rest_state state = open_file(rest, 0, &status);
    if (state != REST_GOOD) {
        return state;
    }
    state = is_known(rest, &status, identity, end);
    if (state != REST_GOOD) {
        return failed(rest, state);
    }
    rest->end = status.st_size;
    rest->device = status.st_dev;
    rest->inode = status.st_ino;
    return REST_GOOD;
}

/* ---- writing ---- */

/* A part of what could not be written whole: overwritten, if the disk allows, and cut off. */
static void take_back(struct rest *rest) {
    struct stat status;
    int error = rest->error;
    bool known = fstat(rest->fd, &status) == 0;
    if (known && status.st_size > rest->end && rest_wipe(rest, rest->end, status.st_size)) {
        (void)!rest_sync(rest);
    }
    rest->broken = rest->broken || !known || ftruncate(rest->fd, rest->end) != 0;
    rest->error = error;
}

bool rest_append(struct rest *rest, const void *bytes, size_t len) {
    if (rest->fd < 0 || rest->broken) {
        return false;
    }
    if (!write_all(rest, bytes, len, rest->end)) {
        take_back(rest);
        return false;
    }
    /* Begun now, so that the sync finds little left to wait for. */
    (void)sync_file_range(rest->fd, rest->end, (off_t)len, SYNC_FILE_RANGE_WRITE);
    rest->end += (int64_t)len;
    rest->dirty = true;
    rest->error = 0;
    return true;
}

bool rest_is_full(const struct rest *rest) {
    return !rest->broken &&
           (rest->error == ENOSPC || rest->error == EDQUOT || rest->error == EFBIG);
}

/* Where the next data, or the next hole, begins at or behind that place; `upto` if there is none
 * before it. Who does not know of holes has data everywhere. */
static int64_t next(const struct rest *rest, int whence, int64_t from, int64_t upto) {
    off_t at = lseek(rest->fd, from, whence);
    if (at < 0 && errno != ENXIO) {
        return whence == SEEK_DATA ? from : upto;
    }
    return at >= 0 && at < upto ? at : upto;
}

static bool write_zeros(struct rest *rest, int64_t from, int64_t upto) {
    static const uint8_t zeros[ZEROS];
    rest->dirty = true;
    while (from < upto) {
        int64_t left = upto - from;
        size_t len = left < ZEROS ? (size_t)left : ZEROS;
        if (!write_all(rest, zeros, len, from)) {
            return false;
        }
        from += (int64_t)len;
    }
    return true;
}

bool rest_wipe(struct rest *rest, int64_t from, int64_t upto) {
    if (rest->broken) {
        return false;
    }
    for (int64_t at = next(rest, SEEK_DATA, from, upto); at < upto;
         at = next(rest, SEEK_DATA, at, upto)) {
        int64_t hole = next(rest, SEEK_HOLE, at, upto);
        if (!write_zeros(rest, at, hole)) {
            return false;
        }
        at = hole;
    }
    return true;
}

void rest_release(const struct rest *rest, int64_t from, int64_t upto) {
    (void)!fallocate(rest->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, from, upto - from);
}
