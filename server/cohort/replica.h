/* SPDX-License-Identifier: ISC */
/*
 * replica.h: a cohort's fold on this worker: who is in it by a connection here, what they ask for,
 * and what the server owes the lobby.
 *
 * One path for every change, as in replica.h: a job is decided against the fold and appended at the
 * position after it; the event comes back from the journal, is folded and only then told to
 * anybody. At most one append is in flight; a conflict means that another worker was first, and
 * everything is decided again. What the lobby needs (pairs, those who waited long enough, partners
 * who did not appear) is no job: it is computed from the fold whenever nothing is in flight, so
 * that any worker can go on where another one stopped.
 *
 * One thread (the hall's). It stays while somebody is in it, a room of the cohort is loaded here,
 * or something is unanswered; then it rests for a while, so that people who were cut off all at
 * once find it folded.
 */
#ifndef SPAR_SERVER_COHORT_REPLICA_H
#define SPAR_SERVER_COHORT_REPLICA_H

#include "protocol/cohort/cohort.h"
#include "protocol/wire/message.h"
#include "server/follow/hall.h"
#include "server/room/past_prompts.h"

enum cohort_state {
    COHORT_LOADING, /* the log has been asked for; jobs wait */
    COHORT_READY,
    COHORT_BROKEN, /* no such cohort, or a log that cannot be folded: everything is refused */
    COHORT_RETIRED
};

/* What the worker of those concerned leaves undone for so long any other does; room time. */
enum { COHORT_FALLBACK_MS = 1000 };
/* While no more wait each change of the queue is told at once, else at most every so many ms of
 * room time. */
enum { COHORT_TELL_EAGER = 64, COHORT_TELL_MS = 250 };
enum { COHORT_RESTING_MAX = 64 }; /* replicas that nobody needs now */

enum attendee_state {
    ATTENDEE_ENTERING, /* its cohort.enter waits or is in flight */
    ATTENDEE_IN,
    ATTENDEE_LEFT /* freed with its last job */
};

struct past_asking;
/* One connection's place in a cohort. */
struct attendee {
    LIST_ENTRY(attendee) of_cohort; /* then among the dead, until the end of the loop turn */
    LIST_ENTRY(attendee) of_peer;   /* while peer is not NULL */
    struct cohort_replica *cohort;
    struct peer *peer; /* NULL: the connection is gone */
    enum attendee_state state;
    uint16_t member;  /* from ATTENDEE_IN on */
    uint32_t jobs;    /* that name this attendee */
    uint32_t session; /* of its last pair.wait by this connection; 0: none */
    uint32_t listed;  /* rooms that it has been told of, if it is a coach */
    /* What it was told last of its place in the queue. */
    struct {
        bool said;
        uint32_t place, count;
        uint64_t names;
        enum lobby_why why;
        char room[ROOM_ID_BYTES + 1]; /* of the last `matched` */
    } told;
    struct past past;           /* prompts on which its key was candidate, as of its last `pair` */
    struct past_asking *asking; /* its past has been asked for; NULL: it has not */
};

struct cohort_job;
STAILQ_HEAD(cohort_job_queue, cohort_job);
struct cohort_opening;
struct replica;

struct cohort_replica {
    LIST_ENTRY(cohort_replica) next;     /* in its chain of the hall, then among the dead */
    LIST_ENTRY(cohort_replica) of_owing; /* while stalled */
    TAILQ_ENTRY(cohort_replica) of_turn; /* while touched */
    TAILQ_ENTRY(cohort_replica) rest;
    struct hall *hall;
    char id[ROOM_ID_BYTES + 1];
    enum cohort_state state;
    enum refusal broken; /* what everything is refused with, while COHORT_BROKEN */
    bool resting;
    bool in_flight;     /* an event has been appended: the first job's, or the lobby's own */
    bool flight_is_job; /* else the lobby's own */
    bool flight_ends;   /* its commit is the end of the first job */
    bool touched;       /* something has changed: looked at when the loop turn ends */
    bool stalled; /* storage failed: what the server itself owes waits for cohort_replica_retry */
    bool look;    /* rooms have to be looked at (cohort_gate_look) once a batch is folded */
    uint32_t sought; /* index of the room at which the search for those not loaded goes on */
    bool tell_owed;  /* places in the queue have changed that were not told yet */
    int64_t told_at; /* ms of room time */
    int64_t wake;    /* ms of room time at which it is to step; -1: never */
    struct cohort cohort;
    LIST_HEAD(, attendee) attendees;
    LIST_HEAD(, replica) rooms; /* of this cohort that are loaded here */
    LIST_HEAD(, cohort_opening) openings;
    struct cohort_job_queue jobs;
    struct cohort_job_queue owed; /* the server's own, which storage did not take */
    struct call load, append;
    enum action flight_act;              /* of the lobby's own event in flight */
    char flight_room[ROOM_ID_BYTES + 1]; /* that it is about; "": none */
};

/* What a client asks of a cohort. A refusal that is known at once is returned and nothing has
 * happened; otherwise the peer is answered later. Texts are copied. */
struct enter_request {
    struct span cohort, secret, name;
    uint32_t id;
    bool lobby; /* may enter the common lobby whatever its secret */
};
enum refusal cohort_enter(struct hall *hall, struct peer *peer, const struct enter_request *request)
    __attribute__((warn_unused_result));
/* The peer's place in a cohort, or NULL; one that is still entering counts. */
struct attendee *attendee_find(const struct peer *peer, struct span cohort);
/* Its place if it is in (and let in), or NULL: then NO_SUCH_COHORT is the answer to everything. */
struct attendee *attendee_inside(const struct peer *peer, struct span cohort);
bool attendee_is_coach(const struct attendee *attendee);
/* Whether the cohort has place for one more room. */
bool attendee_may_host(const struct attendee *attendee);
/* The messages of the same names. */
enum refusal attendee_offer(struct attendee *attendee, const struct message *offer)
    __attribute__((warn_unused_result));
enum refusal attendee_pair(struct attendee *attendee, const struct message *pair)
    __attribute__((warn_unused_result));
enum refusal attendee_unpair(struct attendee *attendee, uint32_t id)
    __attribute__((warn_unused_result));
enum refusal attendee_link(struct attendee *attendee, enum cohort_role role, uint32_t id)
    __attribute__((warn_unused_result));
enum refusal attendee_withdraw(struct attendee *attendee, int64_t link, uint32_t id)
    __attribute__((warn_unused_result));
/* The connection is gone, or may not be in any more. May free the attendee at the end of the loop
 * turn. */
void attendee_leave(struct attendee *attendee);
/* The peer can take more. */
void attendee_drained(struct attendee *attendee);

/* The replica of a cohort, loading it if need be; whoever only has a question about it touches it
 * afterwards. NULL: out of memory. id: ROOM_ID_BYTES. */
struct cohort_replica *cohort_replica_get(struct hall *hall, const char *id);
/* Something has changed that it may have to decide on, or that lets it rest: it is looked at when
 * the loop turn ends. So nothing is decided, rested, retired or freed inside a call. */
void cohort_replica_touch(struct cohort_replica *here);

/* From the hall. */
/* Takes the next step; rests or retires it if nobody needs it. */
void cohort_replica_turn_end(struct cohort_replica *here);
void cohort_replica_events(struct cohort_replica *here, struct journal_batch *batch);
void cohort_replica_retry(struct cohort_replica *here);
void cohort_replica_wake(struct cohort_replica *here);
void cohort_replica_free(struct cohort_replica *here);
void cohort_replica_retire(struct cohort_replica *here);

#endif
