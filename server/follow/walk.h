/* SPDX-License-Identifier: ISC */
/*
 * walk.h: a log that is read a slice a loop turn, since one at its bound takes as long as half a
 * second.
 */
#ifndef SPAR_SERVER_FOLLOW_WALK_H
#define SPAR_SERVER_FOLLOW_WALK_H

#include "server/follow/desk.h"

enum { WALK_EVENTS = 250, WALK_BYTES = 256 * 1024 }; /* of a slice, but for its last event */

/* Part of what reads, which sets take, done and owner before it begins, and may set a number of
 * events of its own for a slice. The desk's thread. */
struct walk {
    struct slice slice; /* first */
    struct desk *desk;
    struct journal_batch *batch; /* a reference; NULL: not under way */
    uint32_t next;               /* index of the first event that was not taken */
    uint32_t events;             /* of a slice; 0: WALK_EVENTS */
    /* Takes the batch's events from `next` to before `to`. False: it wants no more. */
    bool (*take)(struct walk *walk, uint32_t to);
    /* Called once, when all was taken (whole) or `take` wanted no more. It is over by then, and may
     * be freed or begun anew; what was taken may borrow from the batch until this returns. */
    void (*done)(struct walk *walk, struct journal_batch *batch, bool whole);
    void *owner;
};

/* Begins with the first slice at once: `done` may be called before this returns. */
void walk_begin(struct walk *walk, struct desk *desk, struct journal_batch *batch);
/* Ends it without `done`, if it is under way. */
void walk_end(struct walk *walk);

#endif
