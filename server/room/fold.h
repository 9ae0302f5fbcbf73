/* SPDX-License-Identifier: ISC */
/*
 * fold.h: a whole log folded once, for a question about a room that nobody here is a member of.
 */
#ifndef SPAR_SERVER_ROOM_FOLD_H
#define SPAR_SERVER_ROOM_FOLD_H

#include "protocol/room/room.h"
#include "server/follow/desk.h"
#include "server/follow/history.h"

struct fold {
    struct history history; /* its events borrow from the batch that it was read from */
    struct room room;
};

/* Folds a batch that begins at position 1. False: damaged or out of memory; then there is nothing
 * to free. */
bool fold_read(struct fold *fold, struct desk *desk, struct journal_batch *batch)
    __attribute__((warn_unused_result));
/* Whether a batch that begins at position 1 is a cohort's log: then nobody may learn from it that
 * there is one. */
bool fold_is_cohort(struct desk *desk, struct journal_batch *batch);
/* As which seat the key sees the room `id`: its own, or SEAT_GUEST for a coach of the room's cohort
 * who has none and for whom none is kept as candidate: who comes as candidate may not read the
 * panel's part first. -1: as none. */
int fold_eye(const struct room *room, const char *id, const uint8_t key[HASH_BYTES], bool coach);
void fold_free(struct fold *fold);

#endif
