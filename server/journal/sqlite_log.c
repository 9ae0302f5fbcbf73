/* SPDX-License-Identifier: ISC */
/*
 * sqlite_log.c: reads the log's frames by SQLite's description of the format ("WAL-mode File
 * Format"): a header with two salts, frames that repeat them, and checksums that go on from frame
 * to frame.
 *
 * Each commit is synced before the next is written, and a commit's frames are written in order. So
 * a crash of the machine leaves at most one commit behind the first frame that is wrong, and a
 * crash of the server no frame at all; more tells of damage. What a bit in the very last frame did
 * cannot be told from a torn one.
 */
#include "server/journal/sqlite_log.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/file.h"

enum {
    HEADER = 32, /* bytes */
    FRAME_HEADER = 24,
    PAGE_MAX = 65536,
    MAGIC = 0x377f0682 /* with bit 0: checksums over big-endian words */
};

struct sums {
    uint32_t one, other;
};

struct wal {
    int fd;
    bool big;
    uint32_t page;
    uint8_t salts[8];
    struct sums sums;
    uint8_t frame[FRAME_HEADER + PAGE_MAX];
};

static uint32_t word_of(const uint8_t *bytes, bool big) {
    return big ? (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
                     bytes[3]
               : (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 |
                     bytes[0];
}

static void add(struct sums *sums, const uint8_t *bytes, size_t len, bool big) {
    for (size_t i = 0; i + 8 <= len; i += 8) {
        sums->one += word_of(bytes + i, big) + sums->other;
        sums->other += word_of(bytes + i + 4, big) + sums->one;
    }
}

static bool is_sum(const struct sums *sums, const uint8_t *bytes) {
    return word_of(bytes, true) == sums->one && word_of(bytes + 4, true) == sums->other;
}

/* False: no header that SQLite would take. */
static bool read_header(struct wal *wal, const uint8_t *header) {
    uint32_t magic = word_of(header, true);
    wal->big = (magic & 1) != 0;
    wal->page = word_of(header + 8, true);
    memcpy(wal->salts, header + 16, sizeof wal->salts);
    add(&wal->sums, header, 24, wal->big);
    return (magic & ~1U) == MAGIC && wal->page >= 512 && wal->page <= PAGE_MAX &&
           (wal->page & (wal->page - 1)) == 0 && is_sum(&wal->sums, header + 24);
}

static bool is_ours(const struct wal *wal) {
    return memcmp(wal->frame + 8, wal->salts, sizeof wal->salts) == 0;
}

static bool is_commit(const struct wal *wal) {
    return word_of(wal->frame + 4, true) != 0;
}

/* Whether the frame goes on from those before it. */
static bool follows(struct wal *wal) {
    add(&wal->sums, wal->frame, 8, wal->big);
    add(&wal->sums, wal->frame + FRAME_HEADER, wal->page, wal->big);
    return is_ours(wal) && is_sum(&wal->sums, wal->frame + 16);
}

static bool read_frame(struct wal *wal) {
    size_t size = FRAME_HEADER + wal->page;
    return read(wal->fd, wal->frame, size) == (ssize_t)size;
}

/* A header is written whole and synced before any frame: one that is neither whole nor blank is
 * damaged. */
static bool look(struct wal *wal, bool same_boot) {
    uint8_t header[HEADER];
    unsigned commits = 0, behind = 0;
    bool good = true;
    ssize_t got = read(wal->fd, header, sizeof header);
    if (got < HEADER || file_is_blank(header, sizeof header)) {
        return true;
    }
    if (!read_header(wal, header)) {
        return false;
    }
    while (read_frame(wal)) {
        behind += !good && is_ours(wal);
        good = good && follows(wal);
        commits += !good && is_ours(wal) && is_commit(wal);
    }
    return same_boot ? behind == 0 : commits < 2;
}

bool sqlite_log_is_sound(const char *path, bool same_boot) {
    char name[4096];
    int len = snprintf(name, sizeof name, "%s-wal", path);
    struct wal *wal = calloc(1, sizeof *wal);
    bool sound = true;
    if (wal != NULL && len > 0 && (size_t)len < sizeof name) {
        wal->fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (wal->fd >= 0) {
            sound = look(wal, same_boot);
            close(wal->fd);
        }
    }
    free(wal);
    return sound;
}
