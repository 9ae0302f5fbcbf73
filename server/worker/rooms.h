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
    unsigned max_rooms;               /* in use over all workers */
    int64_t appear_ms;                /* room time that a partner has to appear in */
    const struct room_passes *passes; /* to all other workers */
    /* To all other servers the connections of this one are gone: ends them, so that they come back.
     * ctx: the desk's. */
    void (*boot_lost)(void *ctx);
    /* This server cannot keep anything any more, or can again: others may. */
    void (*cut)(void *ctx, bool cut);
    /* This server hands its people over to others, and takes nobody in any more. */
    void (*drained)(void *ctx);
};

struct rooms {
    struct desk desk;
    struct following rooms, cohorts;
    struct room_means room_means;
    struct cohort_means cohort_means;
    struct past_prompts_searches searches;
    struct requests requests;
    void (*boot_lost)(void *ctx);
    void (*cut)(void *ctx, bool cut);
    void (*drained)(void *ctx);
    uint32_t boot; /* by which those who are here have joined */
};

/* False: out of memory. */
bool rooms_init(struct rooms *rooms, const struct rooms_means *means)
    __attribute__((warn_unused_result));
/* The journal must not answer any more. All peers must be gone. */
void rooms_free(struct rooms *rooms);
/* End of a loop turn: has rooms and cohorts decide what came in it, frees what has died in it,
 * wakes the journal. */
void rooms_sweep(struct rooms *rooms);
/* Goes on with what takes more than one loop turn. */
void rooms_turn(struct rooms *rooms);
/* Tries again what the server itself could not store. */
void rooms_retry(struct rooms *rooms);
/* What a cohort waits for may have come. */
void rooms_tick(struct rooms *rooms);
/* Other servers live on the journal than before. */
void rooms_leases(struct rooms *rooms);
/* The journal is out of reach for so long that others may go on without this server; or not any
 * more. */
void rooms_cut(struct rooms *rooms, bool cut);
/* This server is to hand its people over. */
void rooms_drained(struct rooms *rooms);
/* What another server has passed on: a room's id with its NUL, and len bytes of it. NULL: something
 * of it may have been lost. */
void rooms_trip(struct rooms *rooms, const char *said, uint32_t len);
/* Newly committed events of a log that is followed. */
void rooms_events(struct rooms *rooms, struct journal_batch *batch);

#endif
