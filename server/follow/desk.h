/* SPDX-License-Identifier: ISC */
/*
 * desk.h: what a worker lends to all that it follows: its line to the journal, room time, counters,
 * scratch buffers, and the graves of what has died in this loop turn.
 *
 * Belongs to one thread and knows no socket, so that a test can run several in one thread. Nothing
 * is freed while it may still be in use further up the stack: it is buried, and freed by
 * desk_sweep.
 */
#ifndef SPAR_SERVER_FOLLOW_DESK_H
#define SPAR_SERVER_FOLLOW_DESK_H

#include <bsd/sys/queue.h>
#include <stdbool.h>

#include "protocol/wire/mp.h"
#include "server/base/keyhash.h"
#include "server/base/log.h"
#include "server/base/stats.h"
#include "server/journal/journal.h"

struct following;
struct pack_cache;

/* Posts before the journal is woken: a loop turn with many handshakes takes long. */
enum { DESK_POSTS_MAX = 32 };

/* What is given; the desk owns none of it. */
struct desk_means {
    struct journal *journal;
    int listener; /* the journal's id for this worker; see worker/journal_mail.h */
    struct log *log;
    struct stats *stats;
    unsigned writer;                  /* of the stats */
    int64_t (*now)(const void *time); /* ms of room time */
    const void *time;
    void (*sweep_wanted)(void *ctx); /* asks for rooms_sweep at the end of this loop turn */
    void (*turn_wanted)(void *ctx);  /* asks for rooms_turn in the next one, among all others */
    void (*retry_wanted)(void *ctx); /* asks for rooms_retry in a while: storage has failed */
    /* Asks for rooms_tick at that moment of room time, instead of any before; -1: at none. */
    void (*wake_wanted)(void *ctx, int64_t at);
    void *ctx;
};

/* Long work that is done a slice at a time, each in a loop turn of its own, so that nobody else on
 * the worker waits for the whole. Embedded in what it is of. */
struct slice {
    TAILQ_ENTRY(slice) of_desk; /* while it waits */
    bool waits;
    void (*go_on)(struct slice *slice); /* does the next slice */
};

/* Embedded at the start of what is to be freed at the end of the loop turn. */
struct grave {
    LIST_ENTRY(grave) of_desk;
    void (*free)(struct grave *grave);
};

/*
 * A question to the journal. Its address is the token, so it must live until it is answered; each
 * is answered exactly once, by the one function that fits the question. If there is no memory to
 * ask it, the answer is that it failed, at the end of the loop turn.
 */
enum call_kind { CALL_APPENDED, CALL_HISTORY, CALL_ROOMS };
struct call {
    STAILQ_ENTRY(call) unasked; /* while there was no memory to ask it */
    enum call_kind asked;       /* likewise */
    void (*appended)(struct call *call, enum journal_outcome outcome, uint32_t head);
    void (*history)(struct call *call, bool exists, struct journal_batch *batch);
    /* ids NULL: nothing could be read. */
    void (*rooms)(struct call *call, const char *ids, uint32_t count);
    void *owner;
};
struct desk {
    struct desk_means means;
    struct keyhash key;       /* of tables: a peer can choose ids */
    struct pack_cache *packs; /* of this worker; borrowed */
    struct mp_reader reader;
    struct mp_writer out, own, stored; /* scratch, valid only within one call */
    uint32_t posts;                    /* to the journal since it was woken */
    bool deciding; /* the loop turn ends: the journal is woken when all is posted */
    int64_t wake;  /* what wake_wanted was asked for last, room time; -1: nothing */
    STAILQ_HEAD(, call) unasked;
    TAILQ_HEAD(, slice) slices; /* that wait for a turn */
    LIST_HEAD(, grave) graves;
    LIST_HEAD(, following) kinds; /* of logs; see following.h */
};

/* False: out of memory. */
bool desk_init(struct desk *desk, const struct desk_means *means)
    __attribute__((warn_unused_result));
/* All that it is lent to must be freed. */
void desk_free(struct desk *desk);

/* Ms of room time. */
int64_t desk_now(const struct desk *desk);
/* Adds to a counter of the worker's. */
void desk_count(struct desk *desk, enum stats_counter counter, int64_t amount);
/* Has it freed by its own function at the end of this loop turn. */
void desk_bury(struct desk *desk, struct grave *grave, void (*bury)(struct grave *grave));
/* Has the slice done in a loop turn to come; it may free itself then. */
void desk_slice(struct desk *desk, struct slice *slice);
/* It is not to be done any more, if it waits. */
void desk_slice_drop(struct desk *desk, struct slice *slice);
/* One loop turn: does the slice that has waited longest. */
void desk_turn(struct desk *desk);
/* End of a loop turn: answers what could not be asked, frees what was buried, and wakes the journal
 * if something was posted. */
void desk_sweep(struct desk *desk);
/* Something was posted to the journal, which is to be woken at the end of this loop turn, or now if
 * much waits. */
void desk_posted(struct desk *desk);

/* Events that have been written to desk->stored, as one run. ends[i]: where event i ends there.
 * members: NULL, or count times NULL or a key, as in struct journal_entry. */
struct desk_run {
    const size_t *ends;
    const uint8_t *const *members;
    uint32_t count;
};
/* Appends them to the log `id`. chained: see struct journal_append. False: no memory, and `call` is
 * not answered. */
bool desk_append_now(struct desk *desk, const char *id, uint32_t expected, bool chained,
                     const struct desk_run *run, const struct call *call)
    __attribute__((warn_unused_result));
/* The same, unchained and always answered. */
void desk_append(struct desk *desk, const char *id, uint32_t expected, const struct desk_run *run,
                 struct call *call);
/* Follows a log, from its first event on. */
void desk_follow(struct desk *desk, const char *id, struct call *call);
/* Reads a whole log, without following it. */
void desk_read(struct desk *desk, const char *id, struct call *call);
/* Reads what a log holds behind that position. */
void desk_read_after(struct desk *desk, const char *id, uint32_t after, struct call *call);
/* Asks for the rooms of a key, HASH_BYTES. */
void desk_rooms_of(struct desk *desk, const uint8_t *key, struct call *call);

/* What the journal answers, on the desk's own thread. */
void call_appended(uint64_t token, enum journal_outcome outcome, uint32_t head);
void call_history(uint64_t token, bool exists, struct journal_batch *batch);
void call_rooms(uint64_t token, const char *ids, uint32_t count);

#endif
