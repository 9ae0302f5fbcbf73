/* SPDX-License-Identifier: ISC */
/*
 * parts.h: what the journal's thread is made of, for its own files and nobody else: core.c takes
 * the queue and answers, round.c commits what was taken as one.
 *
 * All but posting and the counters is the thread's own.
 */
#ifndef SPAR_SERVER_JOURNAL_PARTS_H
#define SPAR_SERVER_JOURNAL_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include <bsd/sys/queue.h>

#include "server/journal/core.h"
#include "server/journal/operation.h"
#include "server/journal/rooms.h"

STAILQ_HEAD(operation_list, operation);
STAILQ_HEAD(room_list, journal_room);

struct journal {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t posted;
    struct operation_list queue; /* under lock */
    bool stopping;               /* under lock */
    bool easing;                 /* under lock: see journal_ease */
    int wake_fd;                 /* woken by it instead of `posted`; -1: by `posted` */
    struct leases leases;        /* under lock */
    struct node_list nodes;      /* under lock */
    int64_t nodes_at;            /* under lock: monotonic ms */

    struct journal_listener listeners[JOURNAL_LISTENERS_MAX];
    atomic_uint listener_count; /* the thread may speak to those there are while one is added */
    uint64_t spoken_to; /* the thread's own: listeners that are to be told that all has been said */
    _Atomic uint32_t boot, form, nodes_version;
    int64_t epoch;
    _Atomic uint64_t commits, events, conflicts, failures, doubts, queued;
    _Atomic uint64_t waited_us, waits[JOURNAL_WAITS];

    /* The thread's own. */
    struct journal_store store;
    void *ctx;
    struct journal_rooms rooms;
    struct operation_list round; /* appends taken since the last commit, in order */
    struct room_list touched;    /* rooms that the round appends to */
    uint32_t round_events;
    struct operation *chore; /* the one that is under way */
    int64_t chore_told;      /* monotonic ms */
    bool open;               /* the store is between begin and commit */
    bool broken;             /* this round failed */
    bool troubled;           /* so did the last one that wrote, and the listeners know */
};

/* The listener of that number, which journal_tell_all will tell that all has been said. */
const struct journal_listener *journal_speak_to(struct journal *core, int listener);
/* How many there are; each is whole. */
unsigned journal_listener_count(const struct journal *core);
void journal_tell_all(struct journal *core);

/* The room with its number and head known, asked of the store anew if others append to it. Between
 * rounds. NULL: the store cannot tell, or has lost events, or out of memory. */
struct journal_room *journal_room_get_fresh(struct journal *core, const char *id);
/* Posts a batch to those listeners (bits). */
void journal_post_events(struct journal *core, uint64_t followers, struct journal_batch *batch);

/* The room with its number and head known. NULL: the store cannot tell, or has lost events, or out
 * of memory. */
struct journal_room *journal_room_get(struct journal *core, const char *id);
/* The room's published events after `after`, as a batch, which says so if they are damaged. NULL:
 * could not be read. */
struct journal_batch *journal_room_read_good(struct journal *core, struct journal_room *room,
                                             uint32_t after);
/* For a room that journal_room_get_fresh did not give: an empty batch, if what is stored of it is
 * damaged. NULL: the store failed. */
struct journal_batch *journal_room_lost(struct journal *core, const char *id);

/* Takes an append into the round; it is answered and freed when that ends, which may be now. */
void journal_round_append(struct journal *core, struct operation *op);
/* Ends the round, whatever is in it: commit, publish, answer. */
void journal_round_end(struct journal *core);

/* Begins a chore, or refuses it; takes the operation over. */
void journal_chore_take(struct journal *core, struct operation *op);
/* Does a slice of the one under way, if there is one. */
void journal_chore_slice(struct journal *core);
/* Answers one of journal_post_drain. */
void journal_drain(struct journal *core, const struct operation *op);
/* The thread ends. */
void journal_chore_give_up(struct journal *core);

#endif
