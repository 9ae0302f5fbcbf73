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
    STAILQ_ENTRY(job) next;
    enum job_kind kind;
    struct member *member; /* NULL: the server's own, for a seat that an earlier run left taken */
    uint32_t answer; /* id that a refusal names, of JOB_SWAP: the command is the server's own */
    struct command command;
    uint8_t seat; /* what the event in flight gives a joining member */
    uint32_t session;
    char secret[RANDOM_SECRET_LENGTH + 1]; /* of JOB_INVITE, for the answer */
    char bytes[];
};

/* job.c: puts a job at the end of the queue and does what can be done. False: out of memory. */
bool job_add(struct replica *replica, enum job_kind kind, struct member *member,
             const struct command *command, const char *secret) __attribute__((warn_unused_result));
/* JOB_SWAP, whose refusal names `answer`. */
bool job_add_swap(struct replica *replica, struct member *member, const struct command *command,
                  uint32_t answer) __attribute__((warn_unused_result));
void replica_untouch(struct replica *replica);
/* An event has been folded: the fold ahead is to have it too. */
void replica_ahead_take(struct replica *replica, const struct event *event);
void replica_ahead_drop(struct replica *replica);
/* The journal's answer to the jobs in flight. */
void replica_appended(struct call *call, enum journal_outcome outcome, uint32_t head);
/* Queues seat.gone for a seat and session. */
void replica_gone(struct replica *replica, struct member *member, uint8_t seat, uint32_t session);

/* member.c: whether one more may wait to be seated. */
bool member_may_join(const struct replica *replica);
/* Seats a peer; a refusal means that nothing has happened. invite: a hash: of the link's secret,
 * or of the seat that is kept for the key. */
enum refusal member_new(struct replica *replica, struct peer *peer,
                        const struct join_request *request, const uint8_t *invite)
    __attribute__((warn_unused_result));
/* The only place where a member's state changes. */
void member_state(struct member *member, enum member_state to);
void member_unlink_peer(struct member *member);
/* Frees a member that has left and that no job names. */
void member_release(struct member *member);
/* Its seat.join is durable: answers, and sends what it lacks. */
void member_joined(struct member *member, uint8_t seat, uint32_t session);
/* Its seat.gone is durable, or needs not be any more: tells a peer that waits for it. */
void member_left(struct member *member);
/* Cuts off whoever holds the seat here with an older session. */
void member_replace(struct replica *replica, uint8_t seat, uint32_t session);

/* catch_up.c: sends what a member lacks, from the tail or after reading the log. */
void member_catch_up(struct member *member);
/* The same for all that are behind. */
void replica_catch_up(struct replica *replica);
void replica_history(struct call *call, bool exists, struct journal_batch *batch);
/* Drops what is not needed for catching up any more. */
void replica_trim(struct replica *replica);

/* fan.c: folds one stored event and sends it to who may know. False: the log cannot be folded. */
bool replica_take(struct replica *replica, struct journal_event stored)
    __attribute__((warn_unused_result));
/* Sends event n to one peer in the form that its seat may know. */
bool replica_send_event(struct replica *replica, struct member *member, const struct event *event)
    __attribute__((warn_unused_result));

/* The log cannot be read or folded: logs `what` (unless NULL), cuts everybody off with `why`, and
 * refuses who comes until it retires. */
void replica_break(struct replica *replica, enum refusal why, const char *what);
/* Retires it if nobody needs it. */
void replica_settle(struct replica *replica);

#endif
