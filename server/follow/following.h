/* SPDX-License-Identifier: ISC */
/*
 * following.h: all logs of one kind, rooms or cohorts, that a worker follows: found by id, those
 * that rest, those that wait for the end of the loop turn, for storage, or for a moment.
 *
 * What holds them knows only followed logs; what a log of the kind is, its table says (followed.h).
 * The desk's thread.
 */
#ifndef SPAR_SERVER_FOLLOW_FOLLOWING_H
#define SPAR_SERVER_FOLLOW_FOLLOWING_H

#include "server/base/table.h"
#include "server/follow/desk.h"

struct followed;
struct followed_kind;

LIST_HEAD(followed_list, followed);
TAILQ_HEAD(followed_queue, followed);
STAILQ_HEAD(following_visits, following_visit);

/* Of one following: who is over it is not visited, and does what was due when somebody comes. */
enum { FOLLOWING_VISITS_MAX = 65536, FOLLOWING_VISITS_AT_ONCE = 16 };

struct following {
    LIST_ENTRY(following) of_desk;
    struct desk *desk;
    const struct followed_kind *kind;
    void *means;                   /* of the kind; borrowed */
    unsigned max;                  /* in use over all workers; 0: no bound */
    struct table table;            /* by id */
    struct followed_queue touched; /* that are looked at when the loop turn ends */
    struct followed_queue resting; /* the longest first */
    uint32_t resting_count;
    struct followed_list owing;     /* that wait for storage to work again */
    struct followed_list waking;    /* that wait for a moment */
    struct following_visits visits; /* the earliest first */
    uint32_t visit_count;
    uint32_t freed; /* since somebody set it to 0 */
};

/* False: out of memory. */
bool following_init(struct following *following, struct desk *desk,
                    const struct followed_kind *kind, unsigned max, void *means)
    __attribute__((warn_unused_result));
/* Frees all of them. The journal must not answer any more. */
void following_free(struct following *following);

/* The one of that id that is loaded here, or NULL. id: ROOM_ID_BYTES. */
struct followed *following_find(const struct following *following, const char *id);
/* The same, awake; if there is none it begins to load. NULL: out of memory, or too many are in use.
 */
struct followed *following_get(struct following *following, const char *id);

/* One after the other of those that are loaded here, from NULL to NULL. */
struct followed *following_next(const struct following *following, struct followed *after);
/* Loads the one of that id at that moment of room time, so that it does what is due by then. Nobody
 * need wait for it: without memory or a place it is not done. */
void following_visit(struct following *following, const char *id, int64_t at);
/* A desk's logs of that kind, or NULL. */
struct following *following_of_kind(const struct desk *desk, const struct followed_kind *kind);

/* For all kinds of a desk. Something new of a log. */
void following_events(struct desk *desk, struct journal_batch *batch);
/* Other servers live on the journal than before: what was done by way of one that ended is cut off.
 */
void following_leases(struct desk *desk);
/* The loop turn ends: those that were touched in it decide, rest or retire. */
void following_turn_end(struct desk *desk);
/* Storage may work again: what is owed waits for its turn anew. */
void following_retry(struct desk *desk);
/* What some of them wait for may have come. */
void following_tick(struct desk *desk);

#endif
