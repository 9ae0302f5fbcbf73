/* SPDX-License-Identifier: ISC */
/*
 * sqlite_move.c: from the table `fresh` to the table `event`, where rooms rest.
 *
 * A move takes what is fresh as it begins, room by room, so that a room's events come to lie beside
 * each other. It goes in slices, one behind each round: who queues meanwhile waits for a slice and
 * not for the whole, which takes a tenth of a second. Its commits are taken out of the table
 * `fresh` with the slices of the next move, so that what moves then is written into the pages that
 * they leave.
 *
 * A slice is not synced by itself: the sync of the next round, or of a checkpoint, is one for both.
 * If it is lost, so is all behind it in the log, and its events are still in the table `fresh`.
 *
 * Invariants: but for its slices, each commit of the store is synced; a slice is one commit; until
 * its commit is out of `fresh`, an event at rest is in both tables, and loading leaves out what is
 * at rest, so that a move may end anywhere; commits leave `fresh` in their order and only when all
 * that they hold is at rest.
 */
#include <stdlib.h>

#include "server/journal/core.h"
#include "server/journal/sqlite_parts.h"
#include "server/journal/sum.h"

enum {
    MOVE_SLICES = 16,             /* of a move, if it is a large one */
    SLICE_BYTES_MIN = 128 * 1024, /* of a room's events */
    /* A checkpoint writes each page once, however often the log holds it: few large ones are
       cheaper. */
    WAL_PAGES_IDLE = 4000, /* checkpointed when nothing is queued: 16 MiB */
    WAL_PAGES_MAX = 16000  /* checkpointed even under load: 64 MiB */
};

/* ---- to rest ---- */

static bool rest_event(struct sqlite_store *store, int64_t number,
                       const struct fresh_event *event) {
    sqlite3_stmt *rest = store->statements[ST_REST];
    int64_t at = sqlite_row_of(number, event->pos);
    const void *bytes = event->len > 0 ? (const void *)event->bytes : "";
    sqlite3_bind_int64(rest, 1, at);
    sqlite3_bind_blob(rest, 2, bytes, (int)event->len, SQLITE_STATIC);
    sqlite3_bind_int64(rest, 3, (int64_t)sum_event(at, event->bytes, event->len));
    return sqlite_step_done(rest);
}

/* A room's events from *link on, until *bytes have gone; *link: the next one, 0 behind the last. */
static bool rest_room(struct sqlite_store *store, const struct fresh *fresh,
                      const struct fresh_room *room, uint32_t *link, size_t *bytes) {
    sqlite3_stmt *head = store->statements[ST_HEAD];
    uint32_t upto = 0;
    *link = *link != 0 ? *link : room->first;
    while (*link != 0 && *bytes > 0) {
        const struct fresh_event *event = fresh_at(fresh, *link);
        if (!rest_event(store, room->number, event)) {
            return false;
        }
        size_t size = (size_t)FRESH_HEAD + event->len;
        *bytes -= size < *bytes ? size : *bytes;
        upto = event->pos;
        *link = event->next;
    }
    sqlite3_bind_int64(head, 1, room->number);
    sqlite3_bind_int64(head, 2, upto);
    return sqlite_step_done(head) && sqlite3_changes(store->db) == 1;
}

/* Rooms from the place on, until so many bytes have gone. */
static bool rest_rooms(struct sqlite_store *store, struct moving_place *place, size_t bytes) {
    const struct moving *moving = &store->moving;
    bool good = true;
    while (good && place->room < moving->count && bytes > 0) {
        good = rest_room(store, &moving->fresh, moving->rooms[place->room], &place->link, &bytes);
        place->room += place->link == 0;
    }
    return good;
}

static bool clear_upto(struct sqlite_store *store, int64_t seq) {
    sqlite3_bind_int64(store->statements[ST_CLEAR], 1, seq);
    return sqlite_step_done(store->statements[ST_CLEAR]);
}

/* ---- a move ---- */

/* What is fresh now is what is moved; what comes from now on is for the next. */
static bool move_begin(struct sqlite_store *store) {
    struct moving *moving = &store->moving;
    sqlite3_stmt *ends = store->statements[ST_ENDS];
    uint32_t count;
    const struct fresh_room **rooms = fresh_sorted(&store->fresh, &count);
    bool good = rooms != NULL && sqlite3_step(ends) == SQLITE_ROW;
    if (good) {
        int64_t first = sqlite3_column_int64(ends, 0), last = sqlite3_column_int64(ends, 1);
        size_t bytes = store->fresh.bytes, slice = bytes / MOVE_SLICES;
        slice = slice > SLICE_BYTES_MIN ? slice : SLICE_BYTES_MIN;
        int64_t old = moving->rested >= first ? moving->rested - first + 1 : 0;
        fresh_free(&moving->fresh);
        *moving = (struct moving){.fresh = store->fresh,
                                  .rooms = rooms,
                                  .count = count,
                                  .slice = slice,
                                  .step = old / (int64_t)(bytes / slice + 1) + 1,
                                  .place = {.seq = moving->rested - old},
                                  .rested = moving->rested,
                                  .last = last};
        fresh_init(&store->fresh);
    } else {
        free(rooms);
    }
    sqlite3_reset(ends);
    return good;
}

/* Some rooms. Some commits of the move before go first, so that what moves goes to the pages that
 * become free: each is written once. */
static bool move_some(struct sqlite_store *store, struct moving_place *place) {
    const struct moving *moving = &store->moving;
    int64_t left = moving->rested - place->seq;
    place->seq += moving->step < left ? moving->step : left;
    if (!clear_upto(store, place->seq) || !rest_rooms(store, place, moving->slice)) {
        return false;
    }
    return place->room < moving->count || clear_upto(store, moving->rested);
}

/* All is at rest; its commits go out of the table with the next move. */
static void move_end(struct sqlite_store *store) {
    int64_t rested = store->moving.last;
    sqlite_move_forget(store);
    store->moving.rested = rested;
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

/* False: all is as it was. */
static bool move_unsynced(struct sqlite_store *store) {
    struct moving_place place = store->moving.place;
    if (!sync_commits(store, false) || !sqlite_run(store, ST_BEGIN)) {
        return false;
    }
    if (!move_some(store, &place) || !sqlite_run(store, ST_COMMIT)) {
        sqlite_rollback(store);
        return false;
    }
    store->moving.place = place;
    if (place.room == store->moving.count) {
        move_end(store);
    }
    return true;
}

static bool move_on(struct sqlite_store *store) {
    bool good = move_unsynced(store);
    sync_again(store);
    return good;
}

/* The rest of a move that is under way. The commits go first, so that what moves goes to the pages
 * that become free. */
static bool move_rest(struct sqlite_store *store) {
    struct moving_place place = store->moving.place;
    if (!sqlite_run(store, ST_BEGIN)) {
        return false;
    }
    if (!clear_upto(store, store->moving.last) || !rest_rooms(store, &place, SIZE_MAX) ||
        !sqlite_run(store, ST_COMMIT)) {
        sqlite_rollback(store);
        return false;
    }
    sqlite_move_forget(store);
    return true;
}

bool sqlite_fresh_move(struct sqlite_store *store) {
    return (store->moving.rooms == NULL || move_rest(store)) &&
           (store->fresh.blocks == NULL || (move_begin(store) && move_rest(store)));
}

static bool move_due(const struct sqlite_store *store, bool idle) {
    size_t due = idle ? FRESH_IDLE_BYTES : FRESH_MOVE_BYTES;
    return sqlite_fresh_bytes(store) >= store->move_at &&
           (store->moving.rooms != NULL || store->fresh.bytes >= due);
}

/* A move that failed is tried again when as much again has come. One that does not keep up with
 * what comes is brought to its end. */
static void move_slice(struct sqlite_store *store, bool idle) {
    if (store->db == NULL || !move_due(store, idle) || sqlite_file_look(store) != FILES_IN_PLACE ||
        (store->moving.rooms == NULL && !move_begin(store))) {
        return;
    }
    bool late = store->fresh.bytes >= FRESH_MOVE_BYTES;
    bool good = late ? move_rest(store) : move_on(store);
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
