/* SPDX-License-Identifier: ISC */
/*
 * parts.h: what the files of the replica share and nobody else sees.
 */
#ifndef SPAR_SERVER_ROOM_PARTS_H
#define SPAR_SERVER_ROOM_PARTS_H

#include "protocol/room/view.h"
#include "protocol/wire/message.h"
#include "server/room/replica.h"

/* A command that waits for its turn, and afterwards for its outcome. Texts of the command are in
 * bytes[]. */
struct job {
    struct followed_job job; /* first */
    enum job_kind kind;
    struct member *member; /* NULL: the server's own, for a seat that an earlier run left taken */
    uint32_t answer; /* id that a refusal names, of JOB_SWAP: the command is the server's own */
    struct command command;
    bool keep_name;
    bool look; /* of JOB_JOIN: who would be let in is told the room's own time */
    void (*done)(void *owner, enum refusal why, uint8_t seat, const char *secret); /* of JOB_MOVE */
    void *owner;
    uint8_t seat; /* what the event in flight gives a joining member */
    uint32_t session;
    char secret[RANDOM_SECRET_LENGTH + 1]; /* of JOB_INVITE, for the answer */
    char bytes[];
};

/* ask.c: puts a copy of a job at the end of the queue. False: out of memory. */
bool job_add(struct replica *replica, const struct job *wanted) __attribute__((warn_unused_result));
/* Queues seat.gone for a seat and session. member: who has left it, or NULL. */
void replica_gone(struct replica *replica, struct member *member, uint8_t seat, uint32_t session);

/* join.c: its seat.join is durable: answers. Once its whole run is answered it is sent what it
 * lacks. */
void member_joined(struct member *member, uint8_t seat, uint32_t session);

/* companion.c: what a join as a companion comes to: event->pos is 0 where nothing need be written.
 * Sets job->seat. */
enum refusal companion_decide(const struct replica *replica, struct job *job, struct event *event)
    __attribute__((warn_unused_result));
/* It may come in: answers, and sends what it lacks. */
void companion_joined(struct member *member, uint8_t seat);
/* Ends those whom the room does not have any more, and tells the seats how many theirs are. */
void companion_watch(struct replica *replica, const struct event *event);
/* companion_tell.c: tells whoever has the seat how many of that kind it has. made: the link that
 * was asked for, or NULL. */
void companion_send(struct member *member, enum companion kind, const struct job *made);
/* The same of each kind of which there are any. */
void companion_tell(struct member *member);
/* The answer to a link that was asked for. */
void companion_made(const struct job *job);
/* Whether the room's events are for it: for all but a voice. */
static inline bool member_reads(const struct member *member) {
    return member->companion != COMPANION_VOICE;
}

/* member.c: the only place where a member's state changes. */
void member_state(struct member *member, enum member_state to);
void member_link_peer(struct member *member, struct peer *peer);
void member_unlink_peer(struct member *member);
/* Frees a member that has left and that no job names. */
void member_release(struct member *member);
/* Its seat.gone is durable, or needs not be any more: tells a peer that waits for it. */
void member_left(struct member *member);
/* The seat is not the peer's any more; the member is unlinked from the peer by then. */
void member_tell_lost(const struct replica *replica, struct peer *peer, enum refusal why);
/* Cuts off whoever holds the seat here with an older session. */
void member_replace(struct replica *replica, uint8_t seat, uint32_t session, enum refusal why);

/* ahead.c: an event has been folded: the fold ahead is to have it too. */
void ahead_take(struct replica *replica, const struct event *event);
/* Makes the fold ahead one of all that is in flight, or was noted for it, up to that position.
 * False: it cannot be, and nothing is decided upon it. */
bool ahead_reach(struct replica *replica, uint32_t pos) __attribute__((warn_unused_result));
void ahead_drop(struct replica *replica);

/* job.c: for the kind's table. */
bool job_decide_next(struct followed *followed);
bool job_decide_behind(struct followed *followed);
void job_committed(struct followed *followed, struct followed_job *job);
void job_refused(struct followed *followed, struct followed_job *job, enum refusal why);
void job_owing(struct followed *followed, struct followed_job *job);

/* catch_up.c: sends what a member lacks, from the tail or after reading the log. */
void member_catch_up(struct member *member);
/* The same for all that are behind. */
void replica_catch_up(struct replica *replica);
/* The answer to what it reads. */
void replica_history(struct call *call, bool exists, struct journal_batch *batch);
/* Drops what is not needed for catching up any more. */
void replica_trim(struct replica *replica);

/* fan.c: folds one event and sends it to who may know. False: the log cannot be folded. */
bool replica_take(struct followed *followed, const struct event *event)
    __attribute__((warn_unused_result));

static inline struct desk *desk_of(const struct replica *replica) {
    return replica->followed.desk;
}

static inline const struct room_means *means_of(const struct replica *replica) {
    return replica->followed.following->means;
}

static inline const struct gate_ops *gate_of(const struct replica *replica) {
    return means_of(replica)->gate;
}

#endif
