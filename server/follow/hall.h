/* SPDX-License-Identifier: ISC */
/*
 * hall.h: all that one worker knows of rooms: its replicas, the packs they share, and its line to
 * the journal.
 *
 * Belongs to one thread and knows no socket, so that a test can run several in one thread. Nothing
 * is freed while it may still be in use further up the stack: replicas without members wait for
 * hall_sweep.
 */
#ifndef SPAR_SERVER_FOLLOW_HALL_H
#define SPAR_SERVER_FOLLOW_HALL_H

#include <openssl/types.h>

#include "protocol/wire/mp.h"
#include "server/base/keyhash.h"
#include "server/base/log.h"
#include "server/base/stats.h"
#include "server/follow/cohort_table.h"
#include "server/journal/journal.h"
#include "server/peer/peer.h"
#include "server/room/pack_cache.h"

struct replica;
struct member;
struct errand;
struct fetch;
STAILQ_HEAD(replica_queue, replica);
TAILQ_HEAD(replica_rest, replica);

enum {
    HALL_RESTING_MAX = 512, /* replicas that nobody needs now */
    /* posts before the journal is woken: a loop turn with many handshakes takes long */
    HALL_POSTS_MAX = 32
};

/* What is given; the hall owns none of it. */
struct hall_means {
    struct journal *journal;
    int listener; /* the journal's id for this hall; see worker/journal_mail.h */
    struct log *log;
    struct stats *stats;
    unsigned writer;                  /* of the stats */
    unsigned max_rooms;               /* replicas over all workers */
    int64_t (*now)(const void *time); /* ms of room time */
    const void *time;
    void (*sweep_wanted)(void *ctx); /* asks for hall_sweep at the end of this loop turn */
    void (*retry_wanted)(void *ctx); /* asks for hall_retry in a while: storage has failed */
    /* Asks for hall_tick at that moment of room time, instead of any before; -1: at none. */
    void (*wake_wanted)(void *ctx, int64_t at);
    /* Passes a seat's round trip on to all other halls. */
    void (*trip_heard)(void *ctx, const char *room, uint8_t seat, int64_t ms);
    int64_t appear_ms; /* room time that a partner has to appear in */
    void *ctx;
};

struct hall {
    struct hall_means means;
    EVP_PKEY *signer; /* signs the end of recordings; borrowed, may change between two loop turns */
    struct keyhash key; /* of the table: a peer can choose ids */
    struct replica_queue *buckets;
    uint32_t bucket_count; /* a power of two */
    uint32_t replica_count;
    struct replica_rest resting; /* the longest first */
    uint32_t resting_count;
    struct replica_rest touched; /* that are looked at when the loop turn ends */
    bool deciding;
    struct replica_queue dead;
    LIST_HEAD(, replica) owing; /* that wait for storage to work again */
    LIST_HEAD(, member) dead_members;
    LIST_HEAD(, errand) errands;    /* all of them, also those without a peer */
    TAILQ_HEAD(, fetch) fetch_line; /* that wait until fewer logs are held (request/fetch.c) */
    uint32_t fetches_held;
    uint32_t freed; /* since packs were swept */
    uint32_t posts; /* to the journal since it was woken */
    struct cohort_table cohorts;
    struct pack_cache *packs;
    struct mp_reader reader;
    struct mp_writer out, own, stored; /* scratch, valid only within one call */
};

/* False: out of memory. */
bool hall_init(struct hall *hall, const struct hall_means *means)
    __attribute__((warn_unused_result));
/* The journal must not answer any more. All peers must be gone. */
void hall_free(struct hall *hall);

/* Ms of room time. */
int64_t hall_now(const struct hall *hall);
/* Adds to a counter of the worker's. */
void hall_count(struct hall *hall, enum stats_counter counter, int64_t amount);

/* The replica of a room that is loaded here, or NULL. id: ROOM_ID_BYTES. */
struct replica *hall_find(const struct hall *hall, const char *id);
/* For replica.c: enters a new one; leaves the table and waits for the sweep. */
bool hall_enter(struct hall *hall, struct replica *replica) __attribute__((warn_unused_result));
void hall_retire(struct hall *hall, struct replica *replica);

/* Whether one more replica may be in use, over all workers; those that rest are not. */
bool hall_has_place(const struct hall *hall);

/*
 * Keeps a replica that nobody needs now, at the cost of its memory only: no timer. It retires when
 * more than HALL_RESTING_MAX rest, when its place is needed, or when its room goes on elsewhere.
 * Waking ends the rest.
 */
void hall_rest(struct hall *hall, struct replica *replica);
void hall_wake(struct hall *hall, struct replica *replica);

/* Tries again what the server itself could not store. */
void hall_retry(struct hall *hall);
/* What a cohort waits for may have come. */
void hall_tick(struct hall *hall);
/* Something was posted to the journal, which is to be woken at the end of this loop turn, or now if
 * much waits. */
void hall_posted(struct hall *hall);
/* End of a loop turn: has rooms and cohorts decide what came in it, frees what has died in it,
 * wakes the journal. */
void hall_sweep(struct hall *hall);

/*
 * A question to the journal. Its address is the token, so it must live until it is answered; each
 * is answered exactly once, by the one function that fits the question.
 */
struct call {
    void (*appended)(struct call *call, enum journal_outcome outcome, uint32_t head);
    void (*history)(struct call *call, bool exists, struct journal_batch *batch);
    void (*rooms)(struct call *call, const char *ids, uint32_t count);
    void *owner;
};
uint64_t call_token(const struct call *call);
/* Appends the `count` events that have been written to hall->stored as one run, and asks with
 * `call`. ends[i]: where event i ends there. members: NULL, or count times NULL or a key, as in
 * struct journal_entry. */
void hall_append(struct hall *hall, const char *room, uint32_t expected, const size_t *ends,
                 const uint8_t *const *members, uint32_t count, const struct call *call);

/* What the journal says, on the hall's own thread. */
void hall_events(struct hall *hall, struct journal_batch *batch);
void hall_appended(uint64_t token, enum journal_outcome outcome, uint32_t head);
void hall_history(uint64_t token, bool exists, struct journal_batch *batch);
void hall_rooms(uint64_t token, const char *ids, uint32_t count);

#endif
