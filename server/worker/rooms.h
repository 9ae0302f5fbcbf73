/* SPDX-License-Identifier: ISC */
/*
 * rooms.h: all that one worker knows of rooms and cohorts: the desk, both kinds of followed logs,
 * the packs that they share, and what peers have asked for. What knows both kinds is here.
 *
 * Belongs to one thread and knows no socket, so that a test can run several in one thread.
 */
#ifndef SPAR_SERVER_WORKER_ROOMS_H
#define SPAR_SERVER_WORKER_ROOMS_H

#include "server/cohort/replica.h"
#include "server/request/request.h"
#include "server/room/replica.h"

/* What is given; none of it is owned. */
struct rooms_means {
    struct desk_means desk;
    unsigned max_rooms; /* in use over all workers */
    int64_t appear_ms;  /* room time that a partner has to appear in */
    /* Passes a seat's round trip on to all other workers. ctx: the desk's. */
    void (*round_trip_heard)(void *ctx, const char *room, uint8_t seat, int64_t ms);
};

struct rooms {
    struct desk desk;
    struct following rooms, cohorts;
    struct room_means room_means;
    struct cohort_means cohort_means;
    struct past_prompts_searches searches;
    struct requests requests;
};

/* False: out of memory. */
bool rooms_init(struct rooms *rooms, const struct rooms_means *means)
    __attribute__((warn_unused_result));
/* The journal must not answer any more. All peers must be gone. */
void rooms_free(struct rooms *rooms);
/* End of a loop turn: has rooms and cohorts decide what came in it, frees what has died in it,
 * wakes the journal. */
void rooms_sweep(struct rooms *rooms);
/* Tries again what the server itself could not store. */
void rooms_retry(struct rooms *rooms);
/* What a cohort waits for may have come. */
void rooms_tick(struct rooms *rooms);
/* Newly committed events of a log that is followed. */
void rooms_events(struct rooms *rooms, struct journal_batch *batch);

#endif
