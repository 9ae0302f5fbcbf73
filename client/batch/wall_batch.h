/* SPDX-License-Identifier: ISC */
/*
 * wall_batch.h: the wall without a screen: rows as JSON lines whenever they change, commands from
 * lines.
 *
 * The lines are described in spar-coach(1).
 */
#ifndef SPAR_CLIENT_BATCH_WALL_BATCH_H
#define SPAR_CLIENT_BATCH_WALL_BATCH_H

#include <stdio.h>

#include "client/batch/input.h"
#include "client/feed/wall_feed.h"

enum { WALL_BATCH_MS = 100 /* real ms between two looks at the rows, at least */ };

struct wall_batch;
struct wall_batch_options {
    struct event_base *base;
    struct wall_feed *feed;
    FILE *out, *errors;
    /* Called once: when all is done, after a line that could not be used, or when the output cannot
     * be written. The owner leaves. */
    void (*done)(void *ctx, enum batch_end end);
    void *ctx;
};

/* NULL: out of memory. */
struct wall_batch *wall_batch_new(const struct wall_batch_options *options)
    __attribute__((warn_unused_result));
/* Starts to read lines from a descriptor. False: out of memory. */
bool wall_batch_start(struct wall_batch *batch, int input) __attribute__((warn_unused_result));
/* The wall has changed; rows are printed soon. */
void wall_batch_changed(struct wall_batch *batch);
/* A room is there: its refusals are printed from now on, its events if they are wanted. */
void wall_batch_came(struct wall_batch *batch, struct wall_room *room);
void wall_batch_went(struct wall_batch *batch, struct wall_room *room, const char *why);
void wall_batch_free(struct wall_batch *batch);

#endif
