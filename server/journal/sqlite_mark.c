/* SPDX-License-Identifier: ISC */
/*
 * sqlite_mark.c: how many events the file has at least, beside it: in the lock's file.
 *
 * SQLite takes a database without its log, or a log without its last frame, for a whole one. So
 * after each commit the count is written down, without a sync: on this machine it is there as soon
 * as it is written, and after a power cut an older one is.
 *
 * Invariant: the count is never more than what was synced, nor more than there will be after a
 * removal. It is of one life of the file, which begins with an opening: who puts an older file
 * there, or a copy, is not told that something is missing.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "certs/random.h"
#include "server/journal/sqlite_parts.h"
#include "server/journal/sum.h"

enum { MARK_AT = 64 }; /* bytes, behind what sqlite_file.c keeps there */

struct mark {
    int64_t life, kept;
    uint64_t sum;
};

static uint64_t sum_of(const struct mark *mark) {
    return sum_bytes(SUM_BEGIN, mark, offsetof(struct mark, sum));
}

static bool mark_write(const struct sqlite_store *store) {
    struct mark mark = {.life = store->life, .kept = store->kept};
    mark.sum = sum_of(&mark);
    return pwrite(store->lock_fd, &mark, sizeof mark, MARK_AT) == (ssize_t)sizeof mark;
}

/* False: it is of no life, or of another. */
static bool mark_read(const struct sqlite_store *store, int64_t life, struct mark *mark) {
    bool whole = pread(store->lock_fd, mark, sizeof *mark, MARK_AT) == (ssize_t)sizeof *mark;
    return whole && mark->sum == sum_of(mark) && life != 0 && mark->life == life;
}

static bool read_life(struct sqlite_store *store, int64_t *life) {
    *life = 0;
    return sqlite_query_integer(store->db, "SELECT value FROM meta WHERE name = 'life'", life);
}

/* Where a room's row is damaged, its events cannot be counted: then `wrong` is not 0. */
static bool count(struct sqlite_store *store, int64_t *wrong, int64_t *events) {
    bool known =
        sqlite_query_integer(store->db, "SELECT coalesce(sum(head), 0) FROM room", events) &&
        sqlite_query_integer(
            store->db, "SELECT count(*) FROM room WHERE sum IS NOT spar_room(number, id, head)",
            wrong);
    *events += store->moving.fresh.count + (int64_t)store->fresh.count;
    return known;
}

bool sqlite_mark_missing(struct sqlite_store *store, int64_t *missing) {
    struct mark mark;
    int64_t life, events = 0, wrong = 0;
    if (!read_life(store, &life) || !count(store, &wrong, &events)) {
        return false;
    }
    int64_t least = mark_read(store, life, &mark) ? mark.kept : 0;
    *missing = wrong == 0 && least > events ? least - events : 0;
    store->kept = wrong == 0 ? events : 0;
    return true;
}

bool sqlite_mark_is_last(struct sqlite_store *store) {
    struct mark mark;
    int64_t life;
    return read_life(store, &life) && mark_read(store, life, &mark);
}

bool sqlite_mark_begin(struct sqlite_store *store) {
    uint8_t bytes[sizeof store->life];
    char sql[128];
    if (!random_bytes(bytes, sizeof bytes)) {
        return false;
    }
    memcpy(&store->life, bytes, sizeof bytes);
    store->life = (store->life & INT64_MAX) | 1;
    snprintf(sql, sizeof sql,
             "INSERT OR REPLACE INTO meta (name, value, sum)"
             " VALUES ('life', %" PRId64 ", spar_meta('life', %" PRId64 "))",
             store->life, store->life);
    return sqlite_exec(store->db, sql);
}

void sqlite_mark_more(struct sqlite_store *store, int64_t events) {
    store->kept += events;
    (void)!mark_write(store); /* an older one says less */
}

bool sqlite_mark_less(struct sqlite_store *store, int64_t events) {
    store->kept -= events;
    return mark_write(store);
}

bool sqlite_mark_drop(sqlite3 *copy) {
    return sqlite_exec(copy, "DELETE FROM meta WHERE name = 'life'");
}
