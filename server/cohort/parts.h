/* SPDX-License-Identifier: ISC */
/*
 * parts.h: what the files of a cohort's replica share and nobody else sees.
 */
#ifndef SPAR_SERVER_COHORT_PARTS_H
#define SPAR_SERVER_COHORT_PARTS_H

#include "server/base/seat.h"
#include "server/cohort/replica.h"

enum cohort_job_kind {
    COHORT_JOB_ENTER,
    COHORT_JOB_OFFER,
    COHORT_JOB_PAIR,
    COHORT_JOB_UNPAIR,
    COHORT_JOB_PASS,
    COHORT_JOB_LINK,
    COHORT_JOB_WITHDRAW,
    COHORT_JOB_ADMIT,
    COHORT_JOB_AVOID,
    COHORT_JOB_EVENING,
    COHORT_JOB_COMING,
    COHORT_JOB_REPORT,
    COHORT_JOB_CALL,
    COHORT_JOB_OWN /* the server's: pair.gone, pair.came, cohort.room, cohort.ended */
};

/* Who comes to the evening and who is missing, worked out once for all that are told of it. */
struct evening_lists {
    bool made;
    uint32_t coming, missing;
    uint64_t hash;
    char names[COHORT_NAMES_MAX_BYTES + 1], absent[COHORT_NAMES_MAX_BYTES + 1];
};

/* What somebody wants of the lobby, looked at later than it was said. */
struct cohort_wish {
    int64_t asked; /* in room time */
    bool changes;  /* what the same connection had asked for, which stood then */
};

/* Something that waits for its turn, and afterwards for its outcome. Its texts are in bytes[]. */
struct cohort_job {
    struct followed_job job; /* first */
    enum cohort_job_kind kind;
    struct attendee *attendee;             /* NULL: the server's own */
    uint32_t id;                           /* the peer's number for its question */
    bool lobby, has_secret, keep_name;     /* of COHORT_JOB_ENTER */
    uint8_t hash[HASH_BYTES];              /* of its secret; of pair.came: the key of who came */
    char secret[RANDOM_SECRET_LENGTH + 1]; /* of COHORT_JOB_LINK, _PASS */
    struct cohort_wish wish;               /* of COHORT_JOB_PAIR */
    struct body body;
    size_t kept;
    char bytes[];
};

/* ask.c: a job with room for `bytes` of texts. attendee may be NULL. NULL: out of memory. */
struct cohort_job *cohort_job_new(enum cohort_job_kind kind, struct attendee *attendee, uint32_t id,
                                  size_t bytes) __attribute__((warn_unused_result));
/* Copies a text of the body into the job. */
void cohort_job_keep(struct cohort_job *job, struct span *text);
/* Puts it at the end of the queue. */
void cohort_job_add(struct cohort_replica *replica, struct cohort_job *job);
/* It waits by this session from now on. */
void attendee_waits(struct attendee *attendee, uint32_t session);

/* job.c: for the kind's table. */
bool cohort_decide_next(struct followed *followed);
void cohort_job_committed(struct followed *followed, struct followed_job *job);
void cohort_job_refused(struct followed *followed, struct followed_job *job, enum refusal why);

/* pairing.c: takes one step of the lobby if there is one. True: something is in flight. */
bool cohort_pair_step(struct cohort_replica *replica);
/* Appends an event that was decided; jobs: 1 for the first job, which ends with it if `ends`; 0 for
 * the lobby's own. False: out of memory. */
bool cohort_append(struct cohort_replica *replica, const struct event *event, uint32_t jobs,
                   bool ends) __attribute__((warn_unused_result));
/* When it has to be asked again, if no event comes; -1: never. */
int64_t cohort_pair_moment(const struct cohort_replica *replica);
void cohort_pair_free(struct cohort_replica *replica);
/* Whether a room of the lobby's making is being opened from here: its answers name the replica. */
bool cohort_pair_is_opening(const struct cohort_replica *replica);
/* Its event in flight is durable: counts and logs, once, since only one worker's append is. */
void cohort_pair_committed(struct followed *followed);

/* attendee.c: a place in the cohort for a connection. NULL: out of memory. */
struct attendee *attendee_new(struct cohort_replica *replica, struct peer *peer)
    __attribute__((warn_unused_result));
/* The only place where an attendee's state changes. */
void attendee_state(struct attendee *attendee, enum attendee_state to);
void attendee_unlink_peer(struct attendee *attendee);
/* Frees one that has left and that no job names. */
void attendee_release(struct attendee *attendee);

/* keys.c: the member that has this key, or had it last; -1: none. */
int cohort_member_ever(const struct cohort *cohort, const uint8_t *key);
/* tell.c: tells everybody here what has changed for them; cuts off whose link was withdrawn. */
void cohort_tell(struct cohort_replica *replica);
/* Its cohort.enter is durable: answers. */
void attendee_entered(struct attendee *attendee, uint16_t member, uint32_t id);
/* tell.c: a member has another key now: connections of the old one are turned out. */
void cohort_tell_moved(struct cohort_replica *replica, int member);
/* Coaches are told of somebody who waits for their yes, and of a report that has just come. */
void cohort_tell_asked(struct cohort_replica *replica, const uint8_t *key);
void cohort_tell_report(struct cohort_replica *replica);
/* The evening that is set, if it is not over and differs from what was told on this connection. */
void cohort_tell_evening(struct attendee *attendee, struct evening_lists *lists);
/* Everybody here is told of the link to a call, which has changed. */
void cohort_tell_call(struct cohort_replica *replica);
/* Whether a room is listed has changed; of new ones coaches are told by cohort_tell. */
void cohort_tell_listed(struct cohort_replica *replica, struct span room);
/* Somebody's place in the queue, or that they have none, unless that is what they were told
 * last. */
void cohort_tell_place(struct attendee *attendee);
/* Answers a question with end. */
void cohort_tell_end(struct attendee *attendee, uint32_t id, uint32_t count);

/* gate.c: the fold has changed in a way that rooms of the cohort must know: it is there now, it
 * broke, a link was withdrawn; or of which a room may know more: the room of a match is open. */
void cohort_gate_opened(struct cohort_replica *replica);
void cohort_gate_matched(struct cohort_replica *replica, struct span room);
void cohort_gate_broke(struct cohort_replica *replica);
void cohort_gate_enforce(struct cohort_replica *replica);
/* Tells the cohort what its log lacks of the rooms that are loaded here. */
void cohort_gate_look(struct cohort_replica *replica);
/* When one of them will be abandoned, if nothing happens until then; -1: never. */
int64_t cohort_gate_moment(const struct cohort_replica *replica);
/* Loads the next room from replica->sought on that is listed but not loaded here; once it is, the
 * next one follows. So the rooms that a server left behind when it ended are looked at when a coach
 * comes who would be told of them. */
void cohort_gate_find(struct cohort_replica *replica);

/* Loads the next room that is so old that it would be given up, had nobody ever come; once it is,
 * the next one follows. Each is looked at once: the server that opened it may have ended since. */
void cohort_gate_sweep(struct cohort_replica *replica);

static inline struct desk *desk_of(const struct cohort_replica *replica) {
    return replica->followed.desk;
}

static inline const struct cohort_means *means_of(const struct cohort_replica *replica) {
    return replica->followed.following->means;
}

#endif
