/* SPDX-License-Identifier: ISC */
/*
 * fold.h: a whole log folded once, for a question about a room that nobody here is a member of; in
 * slices (walk.h), since one at its bound takes a quarter of a second.
 */
#ifndef SPAR_SERVER_ROOM_FOLD_H
#define SPAR_SERVER_ROOM_FOLD_H

#include "protocol/room/room.h"
#include "server/follow/desk.h"
#include "server/follow/history.h"
#include "server/follow/walk.h"

/* Zeroed but for what whoever asks sets. The desk's thread. */
struct fold {
    /* Set before it begins: called once, and may free the fold or begin it anew. Not good: damaged
     * or out of memory. */
    void (*done)(struct fold *fold, bool good);
    void *owner;
    bool keeps; /* the events, in `history` */

    struct walk walk;
    struct history history; /* its events borrow from the batch that it was read from */
    struct room room;       /* while `live` */
    bool live;
};

/* Folds a batch that begins at position 1. done may be called before this returns. */
void fold_begin(struct fold *fold, struct desk *desk, struct journal_batch *batch);
/* Whether a batch that begins at position 1 is a cohort's log: then nobody may learn from it that
 * there is one. */
bool fold_is_cohort(struct desk *desk, struct journal_batch *batch);
/* As which seat the key sees the room `id`: its own, or SEAT_GUEST for a coach of the room's cohort
 * who has none and for whom none is kept as candidate: who comes as candidate may not read the
 * panel's part first. -1: as none. */
int fold_eye(const struct room *room, const char *id, const uint8_t key[HASH_BYTES], bool coach);
/* Frees what it holds, and ends it without `done` where it is under way. It may begin anew. */
void fold_free(struct fold *fold);

#endif
