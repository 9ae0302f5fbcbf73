/* SPDX-License-Identifier: ISC */
/*
 * sqlite_move.c: from the log and the table `fresh` to the file where rooms rest.
 *
 * A move takes what is fresh as it begins, room by room, so that a room's events come to lie beside
 * each other; what comes meanwhile goes to the log's other file. It goes in slices, one behind each
 * round: who queues meanwhile waits for a slice and not for the whole. First all runs are written
 * to the file, then it is synced, then the database is told where they are. These commits are not
 * synced by themselves, but the end of the move is: only then may the file of the log that was
 * moved be written to again. If they are lost, so is all behind them in SQLite's log, and their
 * events are still in the file of the log.
 *
 * Invariants: `meta` names the first of the log's files of which not all is at rest, or none; until
 * the end of a move what has moved is in both places, and loading leaves out what is at rest, so
 * that a move may end anywhere; while one is under way both files are needed, so that the next
 * begins behind its end.
 */
#include <stdlib.h>

#include "server/journal/core.h"
#include "server/journal/sqlite_parts.h"
#include "server/journal/sum.h"

enum {
    MOVE_SLICES = 16,             /* of a move's writing, if it is a large one */
    SLICE_BYTES_MIN = 128 * 1024, /* of a room's events */
    INDEX_RUNS = 128,             /* named in a slice */
    /* A checkpoint writes each page once, however often the log holds it: few large ones are
       cheaper. */
    WAL_PAGES_IDLE = 4000, /* checkpointed when nothing is queued: 16 MiB */
    WAL_PAGES_MAX = 16000  /* checkpointed even under load: 64 MiB */
};

/* ---- to rest ---- */

/* A room's events from *link on, until *bytes have gone; *link: the next one, 0 behind the last. */
static bool add_room(const struct sqlite_store *store, const struct fresh *fresh,
                     const struct fresh_room *room, struct rest_list *list, uint32_t *link,
                     size_t *bytes) {
    *link = *link != 0 ? *link : room->first;
    while (*link != 0 && *bytes > 0) {
        const struct fresh_event *event = fresh_at(fresh, *link);
        if (!sqlite_rest_add(store, list, room->number, event->pos, event->bytes, event->len)) {
            return false;
        }
        size_t size = (size_t)FRESH_HEAD + event->len;
        *bytes -= size < *bytes ? size : *bytes;
        *link = event->next;
    }
    return true;
}

/* Rooms from the place on, until so many bytes have gone. */
static bool add_rooms(const struct sqlite_store *store, struct moving *moving,
                      struct moving_place *place, size_t bytes) {
    bool good = true;
    while (good && place->room < moving->count && bytes > 0) {
        good = add_room(store, &moving->fresh, moving->rooms[place->room], &moving->list,
                        &place->link, &bytes);
        place->room += place->link == 0;
    }
    return good;
}

/* The end of a transaction by which all is at rest but for the log's files from that number on; 0:
 * all. */
static bool end_rest(struct sqlite_store *store, int64_t upto, uint64_t number) {
    sqlite3_stmt *clear = store->statements[ST_CLEAR], *log = store->statements[ST_LOG];
    sqlite3_bind_int64(clear, 1, upto);
    sqlite3_bind_int64(log, 1, (int64_t)number);
    sqlite3_bind_int64(log, 2, (int64_t)sum_meta("commits", (int64_t)number));
    return sqlite_step_done(clear) && sqlite_step_done(log) && sqlite_run(store, ST_COMMIT);
}

/* ---- a move ---- */

/* What is fresh now is what is moved; what comes from now on is for the next. A log that cannot go
 * on is not gone on with. */
static bool move_begin(struct sqlite_store *store) {
    struct moving *moving = &store->moving;
    uint32_t count;
    const struct fresh_room **rooms = fresh_sorted(&store->fresh, &count);
    if (rooms == NULL || !commits_change(&store->commits)) {
        free(rooms);
        if (rooms != NULL && !store->commits.full) {
            (void)!sqlite_file_reopen(store);
        }
        return false;
    }
    size_t slice = store->fresh.bytes / MOVE_SLICES;
    sqlite_move_forget(store); /* what was to rest at once, and could not, has left its list */
    *moving = (struct moving){.fresh = store->fresh,
                              .rooms = rooms,
                              .count = count,
                              .slice = slice > SLICE_BYTES_MIN ? slice : SLICE_BYTES_MIN,
                              .last = store->sequence};
    fresh_init(&store->fresh);
    return true;
}

/* Whether commits are synced from now on. A connection that cannot be told never confirms again; a
 * new one syncs. */
static bool sync_commits(struct sqlite_store *store, bool on) {
    return sqlite_exec(store->db, on ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
}

static void sync_again(struct sqlite_store *store) {
    if (store->db != NULL && !sync_commits(store, true)) {
        (void)!sqlite_file_reopen(store);
    }
}

/* Some rooms go to the file. False: all is as it was. */
static bool write_some(struct sqlite_store *store, size_t bytes) {
    struct moving *moving = &store->moving;
    struct moving_place place = moving->place;
    if (!add_rooms(store, moving, &place, bytes)) {
        sqlite_rest_drop(&moving->list);
        return false;
    }
    if (!sqlite_rest_write(store, &moving->list)) {
        return false;
    }
    moving->place = place;
    return true;
}

/* Some of what is in the file is named. False: all is as it was. */
static bool index_some(struct sqlite_store *store) {
    struct rest_list *list = &store->moving.list;
    uint32_t indexed = list->indexed;
    if (!sync_commits(store, false) || !sqlite_run(store, ST_BEGIN)) {
        return false;
    }
    if (!sqlite_rest_index(store, list, INDEX_RUNS) || !sqlite_run(store, ST_COMMIT)) {
        list->indexed = indexed;
        sqlite_rollback(store);
        return false;
    }
    return true;
}

/* What is left of a move, and its end. */
static bool move_rest(struct sqlite_store *store) {
    struct rest_list *list = &store->moving.list;
    uint32_t indexed = list->indexed;
    if (!write_some(store, SIZE_MAX) || !rest_sync(&store->rest) || !sqlite_run(store, ST_BEGIN)) {
        return false;
    }
    if (!sqlite_rest_index(store, list, UINT32_MAX) ||
        !end_rest(store, store->moving.last, store->commits.number)) {
        list->indexed = indexed;
        sqlite_rollback(store);
        return false;
    }
    sqlite_move_forget(store);
    return true;
}

/* First all is written, then synced, then named. */
static bool move_on(struct sqlite_store *store) {
    struct moving *moving = &store->moving;
    if (moving->place.room < moving->count) {
        return write_some(store, moving->slice);
    }
    if (store->rest.dirty) {
        return rest_sync(&store->rest);
    }
    if (moving->list.count - moving->list.indexed > INDEX_RUNS) {
        bool good = index_some(store);
        sync_again(store);
        return good;
    }
    return move_rest(store);
}

/* ---- all at once ---- */

static bool write_fresh(struct sqlite_store *store) {
    struct rest_list *list = &store->moving.list;
    bool good = true;
    uint32_t count;
    const struct fresh_room **rooms = fresh_sorted(&store->fresh, &count);
    for (uint32_t i = 0; rooms != NULL && good && i < count; i++) {
        size_t bytes = SIZE_MAX;
        uint32_t link = 0;
        good = add_room(store, &store->fresh, rooms[i], list, &link, &bytes);
    }
    free(rooms);
    if (!good || rooms == NULL) {
        sqlite_rest_drop(list);
        return false;
    }
    return sqlite_rest_write(store, list);
}

/* What the caller has to look at is whether the connection is still good for anything. */
static bool undo(struct sqlite_store *store) {
    if (sqlite3_get_autocommit(store->db) == 0) {
        (void)!sqlite_run(store, ST_ROLLBACK);
    }
    return false;
}

/* What it named is named no more, and what it wrote of the newer part is nobody's. */
static bool undo_all(struct sqlite_store *store, uint32_t count, uint32_t indexed) {
    struct rest_list *list = &store->moving.list;
    list->count = list->written = count;
    list->indexed = indexed;
    return undo(store);
}

bool sqlite_rest_all(struct sqlite_store *store) {
    struct rest_list *list = &store->moving.list;
    if (!write_some(store, SIZE_MAX)) {
        return false;
    }
    uint32_t count = list->count, indexed = list->indexed;
    if (!write_fresh(store) || !rest_sync(&store->rest) || !sqlite_run(store, ST_BEGIN) ||
        !sqlite_rest_index(store, list, UINT32_MAX) || !end_rest(store, store->sequence, 0)) {
        return undo_all(store, count, indexed);
    }
    sqlite_move_forget(store);
    fresh_clear(&store->fresh);
    store->commits.number = 0;
    return true;
}

/* The log is named before anything is in it that is nowhere else. */
bool sqlite_log_anew(struct sqlite_store *store, bool wipe) {
    if ((wipe && !commits_wipe(&store->commits)) || !commits_change(&store->commits)) {
        return false;
    }
    if (sqlite_run(store, ST_BEGIN) && end_rest(store, store->sequence, store->commits.number)) {
        return true;
    }
    store->commits.number = 0;
    return undo(store);
}

void sqlite_doubt(struct sqlite_store *store) {
    bool full = store->commits.full || rest_is_full(&store->rest) ||
                (sqlite3_extended_errcode(store->db) & 0xff) == SQLITE_FULL;
    store->doubted = store->doubted || !full;
}

bool sqlite_settle(struct sqlite_store *store) {
    if ((sqlite_fresh_bytes(store) == 0 && store->commits.number != 0) ||
        (sqlite_rest_all(store) && sqlite_log_anew(store, false))) {
        return true;
    }
    sqlite_doubt(store);
    return false;
}

/* ---- slices ---- */

static bool move_due(const struct sqlite_store *store, bool idle) {
    size_t due = idle ? FRESH_IDLE_BYTES : FRESH_MOVE_BYTES;
    return sqlite_fresh_bytes(store) >= store->move_at &&
           (store->moving.rooms != NULL || store->fresh.bytes >= due);
}

/* A move that failed is tried again when as much again has come. One that does not keep up with
 * what comes is brought to its end. */
static void move_slice(struct sqlite_store *store, bool idle) {
    if (store->db == NULL || store->doubted || !move_due(store, idle) ||
        sqlite_file_look(store) != FILES_IN_PLACE) {
        return;
    }
    store->rest.error = 0; /* of before */
    bool good = store->moving.rooms != NULL || move_begin(store);
    bool late = store->fresh.bytes >= FRESH_MOVE_BYTES;
    good = good && (late ? move_rest(store) : move_on(store));
    store->doubted = store->doubted || store->rest.broken;
    store->move_at = good ? 0 : sqlite_fresh_bytes(store) + FRESH_IDLE_BYTES;
}

/* ---- tidying ---- */

/* Both after the publishing, so that nobody waits for them but who queues meanwhile. A checkpoint
 * that fails leaves the log as it is; the next tries again. */
void sqlite_tidy(void *ctx, bool idle) {
    struct sqlite_store *store = ctx;
    move_slice(store, idle);
    int due = idle ? WAL_PAGES_IDLE : WAL_PAGES_MAX;
    if (store->db == NULL || store->wal_pages < due || sqlite_file_look(store) != FILES_IN_PLACE) {
        return;
    }
    (void)sqlite_checkpoint(store, SQLITE_CHECKPOINT_PASSIVE);
}

void sqlite_ease(void *ctx) {
    struct sqlite_store *store = ctx;
    if (store->db != NULL) {
        sqlite3_db_release_memory(store->db);
    }
}
