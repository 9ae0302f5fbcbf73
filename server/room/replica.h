/* SPDX-License-Identifier: ISC */
/*
 * replica.h: a room's fold on this worker, its members here, and the commands that wait for the
 * journal.
 *
 * Every change takes one path: at the end of a loop turn a job is decided against the fold, its
 * event appended at the position after it; the event comes back from the journal, is folded and
 * goes to the members. At most one append is in flight, of as many jobs as waited; a conflict means
 * that another worker was first: what it wrote is folded by then, and the jobs are decided again.
 * All states change through two functions that end the process on an impossible change.
 *
 * One thread (the hall's). A replica without members, jobs and open questions rests for a while, so
 * that people who were all cut off at once find it folded when they come back; then it retires by
 * itself.
 */
#ifndef SPAR_SERVER_ROOM_REPLICA_H
#define SPAR_SERVER_ROOM_REPLICA_H

#include "protocol/room/room.h"
#include "server/base/seat.h"
#include "server/follow/hall.h"
#include "server/follow/history.h"

enum replica_state {
    REPLICA_LOADING, /* the log has been asked for; jobs wait */
    REPLICA_READY,
    REPLICA_BROKEN, /* no such room, or a log that cannot be folded: everything is refused */
    REPLICA_RETIRED
};

enum member_state {
    MEMBER_JOINING, /* its seat.join waits or is in flight */
    MEMBER_BEHIND,  /* has its seat; older events are still to be sent */
    MEMBER_LIVE,    /* gets each event as it is folded */
    MEMBER_LEAVING, /* its seat.gone waits or is in flight */
    MEMBER_LEFT     /* freed with its last job */
};

enum job_kind { JOB_JOIN, JOB_COMMAND, JOB_INVITE, JOB_SWAP, JOB_GONE };

/* One connection's place in a room. */
struct member {
    LIST_ENTRY(member) of_room; /* then among the dead, until the end of the loop turn */
    LIST_ENTRY(member) of_peer; /* while peer is not NULL */
    struct replica *replica;
    struct peer *peer; /* NULL: the connection is gone or has left */
    enum member_state state;
    bool quits;       /* it has left before its join came back: then it leaves */
    uint8_t seat;     /* from MEMBER_BEHIND on */
    uint32_t session; /* likewise */
    uint32_t after;   /* n that the peer said it has */
    uint32_t sent;    /* n of the last event queued to it */
    uint32_t jobs;    /* that name this member */
    int64_t shown;    /* ms of room time of what its person has seen */
};

struct cohort_replica;
struct job;
STAILQ_HEAD(job_queue, job);

struct replica {
    STAILQ_ENTRY(replica) next;   /* in its chain of the hall, then among the dead */
    LIST_ENTRY(replica) of_owing; /* while `owed` is not empty */
    struct hall *hall;
    char id[ROOM_ID_BYTES + 1];
    enum replica_state state;
    enum refusal broken; /* what everything is refused with, while REPLICA_BROKEN */
    TAILQ_ENTRY(replica) rest;
    TAILQ_ENTRY(replica) of_turn; /* while touched */
    bool touched;                 /* something has changed: looked at when the loop turn ends */
    bool resting;                 /* nobody needs it now; see hall_rest */
    bool in_flight;               /* the first `run` jobs have been appended */
    bool reading; /* the whole log has been asked for, for members that are behind */
    bool following;
    struct room room;
    LIST_HEAD(, member) members;
    struct job_queue jobs;
    struct job_queue owed; /* seat.gone that could not be stored; tried again by replica_retry */
    struct tail tail;
    struct call load, append, read;
    uint32_t run;
    /* NULL, or the fold of the log and of the run in flight; see job.c */
    struct room *ahead;
    /* the event in flight keeps a seat for who is joining; the join comes next */
    bool flight_grants;
    int32_t trips[ROOM_SEATS_MAX]; /* real ms, 0: not known; see round_trip.h */
    /* The cohort that the room belongs to, see cohort/gate.h. */
    LIST_ENTRY(replica) of_cohort; /* while cohort is not NULL */
    struct cohort_replica *cohort;
    enum refusal gate_broken; /* why the cohort is not known */
};

struct join_request {
    struct span room, secret, name;
    int64_t after, shown;
};

/* Seats the peer in a room, loading it if need be. A refusal that is known at once is returned and
 * nothing has happened; otherwise the peer is answered `joined` or `refused` later. */
enum refusal replica_join(struct hall *hall, struct peer *peer, const struct join_request *request)
    __attribute__((warn_unused_result));
/* Loads a room without joining it, so that what its cohort lacks of it is mended. */
void replica_look(struct hall *hall, struct span room);
/* The peer's place in a room, or NULL; one that it is leaving does not count. */
struct member *member_find(const struct peer *peer, struct span room);
/* Takes a command; it is answered with its event, `kept` or `refused`. Copies it. */
void member_command(struct member *member, const struct command *command);
/* Makes one more link; answered with `invited` or `refused`. */
void member_invite(struct member *member, enum role role);
/* Tells the room of its next one; next: its id. Answered with room.swap, or refused by that id of a
 * command. */
void member_swap(struct member *member, const char *next, uint32_t id);
/* What its person has seen by now; ms of room time. */
void member_shown(struct member *member, int64_t shown);
/* Gives the seat up and forgets the peer. The member may be freed by this. */
void member_leave(struct member *member);
/* Gives the seat up; the peer is told once that is durable. Otherwise as member_leave. */
void member_quit(struct member *member);
/* The peer can take more. */
void member_drained(struct member *member);

/* Something has changed that it may have to decide on, or that lets it rest: it is looked at when
 * the loop turn ends. So nothing is decided, rested, retired or freed inside a call. */
void replica_touch(struct replica *replica);

/* From the hall. */
/* Decides what waits, so that all that came in this loop turn is appended together; rests or
 * retires it if nobody needs it. */
void replica_turn_end(struct replica *replica);
void replica_events(struct replica *replica, struct journal_batch *batch);
/* Storage may work again: what is owed waits for its turn anew. May retire the replica. */
void replica_retry(struct replica *replica);
void replica_free(struct replica *replica);
/* Unfollows the room and leaves the hall; freed by the sweep. Nobody may need it. */
void replica_retire(struct replica *replica);

#endif
