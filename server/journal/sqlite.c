/* SPDX-License-Identifier: ISC */
/*
 * sqlite.c: the store in one SQLite file, WAL, synchronous=FULL, one connection.
 *
 * A commit of events is one batch of the log that stands before the database (commits.h), whatever
 * rooms it touches; one that also makes a room or enrols somebody is a transaction of the database,
 * with its events in one row of the table `fresh`. Once enough has gathered, whole runs of a room's
 * events are moved to the table `event`, where rooms rest (sqlite_move.c).
 *
 * Invariants: the database is locked by us alone (a lock file against a second server, exclusive
 * locking mode against anything else that would write or checkpoint); a commit that returned true
 * is synced; after a failure that may have left the file and the page cache apart, nothing is
 * confirmed before the file was opened anew and its write-ahead log was carried over into the
 * database and synced; and nothing while another file, or none, is where the first one was: who
 * starts the server again would find nothing of it. What the log's files held is in memory, too, so
 * that it goes to rest if one of them is taken away. Each row and batch carries its checksum, which
 * is looked at when it is read.
 *
 * An event's key at rest is its row id, room number * 2^32 + position. A key of columns would put
 * whole events into the inner pages of the tree, and each append would read the packs of the rooms
 * that it passes on its way down.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/text/why.h"
#include "server/journal/core.h"
#include "server/journal/sqlite_parts.h"
#include "server/journal/sum.h"

static bool usable(struct sqlite_store *store) {
    return store->db != NULL || sqlite_file_reopen(store);
}

static uint64_t column_sum(sqlite3_stmt *row, int column) {
    return (uint64_t)sqlite3_column_int64(row, column);
}

/* Whether it is known what was kept: not while a commit's files were taken away under it. */
static bool settled(struct sqlite_store *store) {
    if (store->unsure && sqlite_file_look(store) == FILES_AWAY) {
        return false;
    }
    bool settled = !store->unsure || sqlite_file_reopen(store);
    store->unsure = !settled;
    return settled;
}

/* ---- rooms and members ---- */

static bool sqlite_damaged(void *ctx) {
    return ((struct sqlite_store *)ctx)->damaged;
}

/* A room's number and last position at rest; no row leaves them. False: failed, or damaged. */
static bool find_row(struct sqlite_store *store, const char *room, int64_t *number,
                     uint32_t *head) {
    sqlite3_stmt *find = store->statements[ST_FIND];
    sqlite3_bind_text(find, 1, room, ROOM_ID_BYTES, SQLITE_STATIC);
    int rc = sqlite3_step(find);
    bool good = rc == SQLITE_DONE;
    if (rc == SQLITE_ROW) {
        *number = sqlite3_column_int64(find, 0);
        *head = (uint32_t)sqlite3_column_int64(find, 1);
        good = column_sum(find, 2) == sum_room(*number, room, *head);
        store->damaged = !good;
    }
    sqlite_note_damage(store, rc);
    sqlite3_reset(find);
    return good;
}

static bool sqlite_find(void *ctx, const char *room, int64_t *number, uint32_t *head) {
    struct sqlite_store *store = ctx;
    *number = 0;
    *head = 0;
    store->damaged = false;
    if (!settled(store) || !usable(store) || !find_row(store, room, number, head)) {
        return false;
    }
    *head = sqlite_fresh_head(store, *number, *head);
    return true;
}

bool sqlite_find_room(struct sqlite_store *store, const char *room, int64_t *number,
                      uint32_t *head) {
    return sqlite_find(store, room, number, head);
}

static bool last_room(struct sqlite_store *store, int64_t *number) {
    sqlite3_stmt *last = store->statements[ST_LAST];
    int rc = sqlite3_step(last);
    *number = rc == SQLITE_ROW ? sqlite3_column_int64(last, 0) : 0;
    sqlite3_reset(last);
    return rc == SQLITE_ROW;
}

/* A round that holds events alone is one statement, which is a commit of its own. */
static bool several_begun(struct sqlite_store *store) {
    return sqlite3_get_autocommit(store->db) == 0 || sqlite_run(store, ST_BEGIN);
}

static bool sqlite_create(void *ctx, const char *room, int64_t *number) {
    struct sqlite_store *store = ctx;
    sqlite3_stmt *create = store->statements[ST_CREATE];
    int64_t last;
    if (!several_begun(store) || !last_room(store, &last)) {
        return false;
    }
    sqlite3_bind_int64(create, 1, last + 1);
    sqlite3_bind_text(create, 2, room, ROOM_ID_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(create, 3, (int64_t)sum_room(last + 1, room, 0));
    if (!sqlite_step_done(create)) {
        return false;
    }
    *number = last + 1;
    return true;
}

static bool sqlite_enrol(void *ctx, const uint8_t *key, int64_t number) {
    struct sqlite_store *store = ctx;
    sqlite3_stmt *enrol = store->statements[ST_ENROL];
    sqlite3_bind_blob(enrol, 1, key, HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(enrol, 2, number);
    sqlite3_bind_int64(enrol, 3, (int64_t)sum_member(key, number));
    return several_begun(store) && sqlite_step_done(enrol);
}

static bool sqlite_rooms_of(void *ctx, const uint8_t *key, uint32_t max, journal_visit_room visit,
                            void *arg) {
    struct sqlite_store *store = ctx;
    if (!usable(store)) {
        return false;
    }
    sqlite3_stmt *rooms = store->statements[ST_ROOMS_OF];
    sqlite3_bind_blob(rooms, 1, key, HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(rooms, 2, max);
    int rc;
    while ((rc = sqlite3_step(rooms)) == SQLITE_ROW) {
        if (column_sum(rooms, 2) != sum_member(key, sqlite3_column_int64(rooms, 1)) ||
            !visit(arg, (const char *)sqlite3_column_text(rooms, 0))) {
            break;
        }
    }
    sqlite3_reset(rooms);
    return rc == SQLITE_DONE;
}

/* ---- a round ---- */

/* If the log is not there: what is in memory goes to rest, and another begins. */
static bool bring_back_log(struct sqlite_store *store) {
    bool begun = store->commits.number != 0;
    if (begun && commits_in_place(&store->commits)) {
        return true;
    }
    return (!begun || sqlite_rest_all(store)) && sqlite_log_anew(store, false);
}

static bool sqlite_begin(void *ctx) {
    struct sqlite_store *store = ctx;
    enum file_place place = sqlite_file_look(store);
    store->commits.full = false;
    store->rest.error = 0; /* of before */
    store->away = place == FILES_AWAY;
    if (store->away || (store->db != NULL && !bring_back_log(store)) ||
        ((place == LOG_AWAY || store->doubted) && !sqlite_file_reopen(store))) {
        return false;
    }
    return usable(store) && (store->commits.number != 0 || sqlite_log_anew(store, false)) &&
           (sqlite_fresh_bytes(store) < FRESH_MAX_BYTES || sqlite_settle(store));
}

static bool sqlite_append(void *ctx, const char *room, int64_t number, uint32_t pos,
                          const uint8_t *bytes, uint32_t len) {
    struct sqlite_store *store = ctx;
    (void)room; /* its number says it */
    store->round_events++;
    return fresh_write(&store->round, number, pos, bytes, len);
}

static bool keep_in_table(struct sqlite_store *store, const struct fresh_block *round) {
    sqlite3_stmt *keep = store->statements[ST_KEEP];
    sqlite3_bind_int64(keep, 1, store->sequence + 1);
    sqlite3_bind_blob64(keep, 2, round->bytes, round->len, SQLITE_STATIC);
    sqlite3_bind_int64(keep, 3, (int64_t)sum_bytes(SUM_BEGIN, round->bytes, round->len));
    return sqlite_step_done(keep) && sqlite_run(store, ST_COMMIT);
}

/* The index has place for it first, since behind the commit nothing may fail. */
static bool keep_round(struct sqlite_store *store) {
    struct fresh_block *round = fresh_close(store->round);
    bool several = sqlite3_get_autocommit(store->db) == 0;
    store->round = round;
    if (!fresh_reserve(&store->fresh, round) ||
        !(several
              ? keep_in_table(store, round)
              : commits_append(&store->commits, store->sequence + 1, round->bytes, round->len))) {
        return false;
    }
    store->round = NULL;
    store->sequence++;
    return fresh_take(&store->fresh, round, NULL);
}

static bool sqlite_commit(void *ctx) {
    struct sqlite_store *store = ctx;
    if ((store->round != NULL && !keep_round(store)) ||
        (sqlite3_get_autocommit(store->db) == 0 && !sqlite_run(store, ST_COMMIT))) {
        return false;
    }
    /* What was synced into a file that somebody has taken away is not kept. */
    if (sqlite_file_look(store) != FILES_IN_PLACE || !bring_back_log(store)) {
        return false;
    }
    sqlite_mark_more(store, store->round_events);
    store->round_events = 0;
    return true;
}

static void note_why(struct sqlite_store *store, bool away, int error) {
    bool known = error != SQLITE_OK && error != SQLITE_ROW && error != SQLITE_DONE;
    if (away) {
        why_not(store->why, sizeof store->why,
                "%s%s was moved, removed, replaced or cut: nothing is stored until it is back in "
                "its place, or the server is started on a copy.",
                store->path, rest_in_place(&store->rest) ? " or its -wal file" : "-events");
    } else if (error == SQLITE_FULL) {
        why_not(store->why, sizeof store->why,
                "There is no room left for the journal %s: free some space on its disk; nothing is "
                "stored until then.",
                store->path);
    } else {
        why_not(store->why, sizeof store->why,
                "The journal %s cannot be written (%s): check the disk, and start the server anew; "
                "nothing is stored until it can.",
                store->path,
                store->commits.error != 0 ? strerror(store->commits.error)
                : known                   ? sqlite3_errstr(error)
                                          : "no memory, or what is new cannot rest");
    }
}

static const char *sqlite_why(void *ctx) {
    return ((const struct sqlite_store *)ctx)->why;
}

/* A full disk leaves all good once rolled back. Anything else may have come between what was
 * written and what is on disk: nothing is confirmed upon that. */
void sqlite_rollback(void *ctx) {
    struct sqlite_store *store = ctx;
    bool away = store->away;
    store->away = false;
    free(store->round);
    store->round = NULL;
    store->round_events = 0;
    int error = store->commits.full || rest_is_full(&store->rest) ? SQLITE_FULL
                : store->db != NULL ? sqlite3_extended_errcode(store->db)
                                    : SQLITE_CANTOPEN;
    note_why(store, away, error);
    if (store->db == NULL || away) {
        return;
    }
    bool rolled_back = sqlite3_get_autocommit(store->db) != 0 || sqlite_run(store, ST_ROLLBACK);
    store->unsure = sqlite_file_look(store) == FILES_AWAY;
    if (store->unsure) {
        note_why(store, true, error);
        return;
    }
    if (error != SQLITE_FULL || !rolled_back) {
        (void)!sqlite_file_reopen(store);
    }
}

/* ---- reading ---- */

/* Events at rest in the table, as older journals have them. False: failed, stopped, or one is
 * damaged. */
static bool read_rest(struct sqlite_store *store, int64_t number, uint32_t after, uint32_t upto,
                      journal_visit visit, void *arg) {
    sqlite3_stmt *read = store->statements[ST_READ];
    sqlite3_bind_int64(read, 1, sqlite_row_of(number, after));
    sqlite3_bind_int64(read, 2, sqlite_row_of(number, upto));
    int rc;
    while ((rc = sqlite3_step(read)) == SQLITE_ROW) {
        int64_t at = sqlite3_column_int64(read, 0);
        const void *bytes = sqlite3_column_blob(read, 1);
        uint32_t len = (uint32_t)sqlite3_column_bytes(read, 1);
        store->damaged = column_sum(read, 2) != sum_event(at, bytes, len);
        if (store->damaged || !visit(arg, (uint32_t)at, bytes, len)) {
            break;
        }
    }
    sqlite_note_damage(store, rc);
    sqlite3_reset(read);
    return rc == SQLITE_DONE;
}

/* The first position of a room that is fresh in that part; 0: none. */
static uint32_t fresh_begins(const struct fresh *fresh, int64_t number) {
    const struct fresh_room *room = fresh_find(fresh, number);
    return room != NULL ? fresh_at(fresh, room->first)->pos : 0;
}

static bool read_fresh(const struct fresh *fresh, int64_t number, uint32_t after, uint32_t upto,
                       journal_visit visit, void *arg) {
    const struct fresh_room *room = fresh_find(fresh, number);
    const struct fresh_event *event = room != NULL ? fresh_at(fresh, room->first) : NULL;
    for (; event != NULL && event->pos <= upto; event = fresh_at(fresh, event->next)) {
        if (event->pos > after && !visit(arg, event->pos, event->bytes, event->len)) {
            return false;
        }
    }
    return true;
}

static bool sqlite_read(void *ctx, int64_t number, uint32_t after, uint32_t upto,
                        journal_visit visit, void *arg) {
    struct sqlite_store *store = ctx;
    store->damaged = false;
    if (!usable(store)) {
        return false;
    }
    uint32_t begins = fresh_begins(&store->moving.fresh, number);
    begins = begins != 0 ? begins : fresh_begins(&store->fresh, number);
    uint32_t upto_rest = begins != 0 && begins - 1 < upto ? begins - 1 : upto;
    if (after < upto_rest && (!read_rest(store, number, after, upto_rest, visit, arg) ||
                              !sqlite_rest_read(store, number, after, upto_rest, visit, arg))) {
        return false;
    }
    return read_fresh(&store->moving.fresh, number, after, upto, visit, arg) &&
           read_fresh(&store->fresh, number, after, upto, visit, arg);
}

bool sqlite_read_events(struct sqlite_store *store, int64_t number, uint32_t after, uint32_t upto,
                        journal_visit visit, void *arg) {
    return sqlite_read(store, number, after, upto, visit, arg);
}

/* ---- closing ---- */

static void sqlite_close(void *ctx) {
    struct sqlite_store *store = ctx;
    if (store->db != NULL && store->commits.number != 0 &&
        sqlite_file_look(store) == FILES_IN_PLACE) {
        sqlite_file_end(store);
    }
    sqlite_file_close(store);
    sqlite_move_forget(store);
    fresh_free(&store->fresh);
    free(store->round);
    if (store->lock_fd >= 0) {
        close(store->lock_fd);
    }
    free(store);
}

const struct journal_store sqlite_rows = {.find = sqlite_find,
                                          .begin = sqlite_begin,
                                          .create = sqlite_create,
                                          .append = sqlite_append,
                                          .enrol = sqlite_enrol,
                                          .commit = sqlite_commit,
                                          .rollback = sqlite_rollback,
                                          .why = sqlite_why,
                                          .read = sqlite_read,
                                          .damaged = sqlite_damaged,
                                          .rooms_of = sqlite_rooms_of,
                                          .close = sqlite_close};
