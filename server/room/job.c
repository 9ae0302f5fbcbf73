/* SPDX-License-Identifier: ISC */
/*
 * job.c: the queue of what wants to change the room: decide, append, and what the outcome means.
 *
 * Jobs that wait together are appended together, as a run: each is decided against the state that
 * those before it in the run will make. That state is in `ahead`, a second fold, which exists only
 * while a room is that busy. Nobody is told anything that rests on it: whatever is not an event, a
 * refusal or `kept`, ends the run and is decided again once the run is on disk; and if the run is
 * not, `ahead` is dropped.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "server/cohort/gate.h"
#include "server/peer/send.h"
#include "server/room/parts.h"

static struct span *span_at(struct body *body, enum field field) {
    return (struct span *)(void *)((char *)body + field_row(field)->offset);
}

static bool is_text(const struct body *body, enum field field) {
    return (body->has & FIELD_BIT(field)) != 0 && field_row(field)->type != FIELD_NUM;
}

static size_t text_bytes(const struct body *body) {
    struct body copy = *body;
    size_t bytes = 0;
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        bytes += is_text(body, field) ? span_at(&copy, field)->len : 0;
    }
    return bytes;
}

/* The command outlives the frame that it came in. */
static void own_texts(struct job *job) {
    char *to = job->bytes;
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        if (is_text(&job->command.body, field)) {
            struct span *span = span_at(&job->command.body, field);
            memcpy(to, span->at, span->len);
            span->at = to;
            to += span->len;
        }
    }
}

void replica_touch(struct replica *replica) {
    struct hall *hall = replica->hall;
    if (!replica->touched && replica->state != REPLICA_RETIRED) {
        replica->touched = true;
        TAILQ_INSERT_TAIL(&hall->touched, replica, of_turn);
        hall->means.sweep_wanted(hall->means.ctx);
    }
}

static bool add(struct replica *replica, const struct job *wanted) {
    struct job *job = calloc(1, sizeof *job + text_bytes(&wanted->command.body));
    if (job == NULL) {
        return false;
    }
    *job = *wanted;
    own_texts(job);
    if (job->member != NULL) {
        job->member->jobs++;
    }
    STAILQ_INSERT_TAIL(&replica->jobs, job, next);
    replica_touch(replica);
    return true;
}

bool job_add(struct replica *replica, enum job_kind kind, struct member *member,
             const struct command *command, const char *secret) {
    struct job wanted = {.kind = kind, .member = member, .command = *command};
    if (secret != NULL) {
        memcpy(wanted.secret, secret, RANDOM_SECRET_LENGTH);
    }
    return add(replica, &wanted);
}

bool job_add_swap(struct replica *replica, struct member *member, const struct command *command,
                  uint32_t answer) {
    struct job wanted = {.kind = JOB_SWAP, .member = member, .command = *command, .answer = answer};
    return add(replica, &wanted);
}

/* Takes the first job out of the queue and lets go of its member. */
static void job_done(struct replica *replica, struct job *job) {
    struct member *member = job->member;
    STAILQ_REMOVE_HEAD(&replica->jobs, next);
    free(job);
    if (member != NULL) {
        member->jobs--;
        member_release(member);
    }
}

static void job_refused(struct replica *replica, struct job *job, enum refusal why) {
    struct member *member = job->member;
    if (job->kind != JOB_GONE && member->peer != NULL) {
        char text[CLOCK_STALE_MAX];
        uint32_t id = job->kind == JOB_SWAP ? job->answer : job->command.id;
        bool late = why == REFUSAL_STALE && job->command.body.has & F(seen);
        send_refused_text(
            replica->hall, member->peer, replica->id, id, why,
            late ? clock_stale_text(&replica->room, job->command.body.seen, text, sizeof text)
                 : NULL);
    }
    if (job->kind == JOB_JOIN && member->state == MEMBER_JOINING) {
        member_unlink_peer(member);
        member_state(member, MEMBER_LEFT);
    } else if (job->kind == JOB_GONE && member != NULL && member->state == MEMBER_LEAVING) {
        member_left(member);
    }
    job_done(replica, job);
}

/* Nobody else will ever say that this seat is empty, so the server goes on trying; its member need
 * not wait. */
static void job_owed(struct replica *replica, struct job *job) {
    struct member *member = job->member;
    STAILQ_REMOVE_HEAD(&replica->jobs, next);
    if (STAILQ_EMPTY(&replica->owed)) {
        LIST_INSERT_HEAD(&replica->hall->owing, replica, of_owing);
    }
    STAILQ_INSERT_TAIL(&replica->owed, job, next);
    job->member = NULL;
    if (member != NULL) {
        if (member->state == MEMBER_LEAVING) {
            member_unlink_peer(member);
            member_state(member, MEMBER_LEFT);
        }
        member->jobs--;
        member_release(member);
    }
    replica->hall->means.retry_wanted(replica->hall->means.ctx);
}

static void job_kept(struct replica *replica, struct job *job) {
    struct member *member = job->member;
    if (member->peer != NULL) {
        struct message message = {.kind = MESSAGE_KEPT, .room = span_of(replica->id)};
        message.kept.id = job->command.id;
        message.kept.n = replica->room.seats[member->seat].last_n;
        send_message(replica->hall, member->peer, &message);
    }
    job_done(replica, job);
}

static void send_invited(struct replica *replica, const struct job *job) {
    if (job->member->peer == NULL) {
        return;
    }
    struct message message = {.kind = MESSAGE_INVITED, .room = span_of(replica->id)};
    message.invited.role = job->command.body.role;
    message.invited.secret = span_of(job->secret);
    send_message(replica->hall, job->member->peer, &message);
}

static void job_committed(struct replica *replica, struct job *job) {
    struct member *member = job->member;
    if (replica->state == REPLICA_BROKEN) {
        job_refused(replica, job, replica->broken); /* durable, but nobody can be shown it */
        return;
    }
    if (job->kind == JOB_JOIN && member->state == MEMBER_JOINING) {
        member_joined(member, job->seat, job->session);
    } else if (job->kind == JOB_GONE && member != NULL && member->state == MEMBER_LEAVING) {
        member_left(member);
    } else if (job->kind == JOB_INVITE) {
        send_invited(replica, job);
    }
    job_done(replica, job);
}

/* Whether the room lets the author do this at all; the rest is for room_decide. */
static enum refusal may(struct replica *replica, struct job *job) {
    const struct member *member = job->member;
    if (replica->state == REPLICA_BROKEN) {
        return replica->broken;
    }
    if (job->kind == JOB_JOIN) {
        /* Whose connection has ended meanwhile must not take the seat from a newer one. */
        return member->peer == NULL ? REFUSAL_NOT_A_MEMBER : gate_judge(replica, member->peer->key);
    }
    if (job->kind == JOB_GONE) {
        return REFUSAL_NONE;
    }
    if (member->state == MEMBER_JOINING || member->state == MEMBER_LEFT) {
        return REFUSAL_NOT_A_MEMBER;
    }
    if (job->kind == JOB_COMMAND) {
        job->command.seat = member->seat;
        return job->command.id == 0 ? REFUSAL_ID_ORDER : REFUSAL_NONE;
    }
    if (job->kind == JOB_SWAP) {
        return REFUSAL_NONE; /* room_decide knows who may */
    }
    return replica->room.seats[member->seat].role == ROLE_INTERVIEWER ? REFUSAL_NONE
                                                                      : REFUSAL_NOT_ALLOWED;
}

/* ---- the fold ahead ---- */

void replica_ahead_drop(struct replica *replica) {
    if (replica->ahead != NULL) {
        room_free(replica->ahead);
        free(replica->ahead);
        replica->ahead = NULL;
    }
}

/* A run's own events are ahead's already, but for the last. */
void replica_ahead_take(struct replica *replica, const struct event *event) {
    if (replica->ahead != NULL && replica->ahead->pos < event->pos &&
        room_apply(replica->ahead, event, pack_cache_get, replica->hall->packs) != APPLY_OK) {
        replica_ahead_drop(replica);
    }
}

static bool ahead_make(struct replica *replica) {
    replica->ahead = malloc(sizeof *replica->ahead);
    if (replica->ahead == NULL) {
        return false;
    }
    if (!room_copy(replica->ahead, &replica->room)) {
        free(replica->ahead);
        replica->ahead = NULL;
        return false;
    }
    return true;
}

/* Puts the run's last event into the fold ahead. False: there is none, and the run ends here. */
static bool ahead_step(struct replica *replica, const struct event *event) {
    if (replica->ahead == NULL && !ahead_make(replica)) {
        return false;
    }
    bool fits = replica->ahead->pos + 1 == event->pos;
    replica_ahead_take(replica, event);
    return fits && replica->ahead != NULL;
}

/* ---- runs ---- */

enum { RUN_BYTES_MAX = FRAME_PAYLOAD_MAX }; /* of events in a run, but for its last */

struct run {
    uint32_t count;
    bool joins;                   /* its last job is a join */
    size_t ends[JOURNAL_RUN_MAX]; /* of each event in hall->stored */
    const uint8_t *members[JOURNAL_RUN_MAX];
};

/* Adds the event of the next job, or one without a job. False: no memory, the run cannot be
 * appended. */
static bool run_add(struct replica *replica, struct run *run, struct job *job,
                    const struct event *event) {
    struct mp_writer *w = &replica->hall->stored;
    event_write_stored(w, event);
    run->ends[run->count] = w->len;
    run->members[run->count] = NULL;
    run->joins = job != NULL && job->kind == JOB_JOIN;
    if (run->joins) {
        run->members[run->count] = (const uint8_t *)job->command.body.key.at;
        job->seat = (uint8_t)event->body.seat;
        job->session = (uint32_t)event->body.session;
    }
    run->count++;
    return !w->failed;
}

static void run_append(struct replica *replica, const struct run *run) {
    replica->run = run->count;
    replica->in_flight = true;
    replica->flight_grants = false;
    hall_append(replica->hall, replica->id, replica->room.pos, run->ends, run->members, run->count,
                &replica->append);
}

/* Whether the job may stand behind the others. Who joins has no seat before that is on disk; and a
 * join to a cohort's room is judged by the cohort, once. */
static bool run_takes(const struct replica *replica, const struct run *run, const struct job *job) {
    return job != NULL && run->count < JOURNAL_RUN_MAX &&
           replica->hall->stored.len < RUN_BYTES_MAX &&
           (job->kind == JOB_JOIN ? replica->room.cohort[0] == '\0' : !run->joins);
}

/* Whether who joins speaks too old a version to fold this room. */
static bool is_outdated(const struct replica *replica, const struct job *job) {
    return job->kind == JOB_JOIN && job->member->peer->version < room_version(&replica->room);
}

/* Takes the jobs behind the first, whose event this is, as far as they give events. False: no
 * memory. */
static bool run_extend(struct replica *replica, struct run *run, struct job *job,
                       struct event *event) {
    while (run_takes(replica, run, job = STAILQ_NEXT(job, next)) && ahead_step(replica, event)) {
        if (may(replica, job) != REFUSAL_NONE || is_outdated(replica, job) ||
            room_decide(replica->ahead, &job->command, hall_now(replica->hall), event) !=
                REFUSAL_NONE ||
            event->pos == 0) {
            return true;
        }
        if (!run_add(replica, run, job, event)) {
            return false;
        }
    }
    return true;
}

static bool is_granted(const struct replica *replica, const struct job *job) {
    return replica->state == REPLICA_READY && job->member->peer != NULL &&
           gate_is_coach(replica, job->member->peer->key);
}

/* Keeps a seat for a coach of the cohort who has none; the join is decided again after it. */
static enum refusal grant(struct replica *replica, struct job *job) {
    struct run run = {0};
    uint8_t hash[HASH_BYTES];
    struct event event;
    struct command command = {.seat = SEAT_SERVER};
    digest_seat_for_key(replica->id, job->member->peer->key, hash);
    command.body.act = ACTION_SEAT_INVITE;
    command.body.has = F(role) | F(invite);
    command.body.role = ROLE_COACH;
    command.body.invite = (struct span){(const char *)hash, HASH_BYTES};
    enum refusal refusal = room_decide(&replica->room, &command, hall_now(replica->hall), &event);
    if (refusal != REFUSAL_NONE) {
        return refusal == REFUSAL_SAME ? REFUSAL_NO_SUCH_ROOM : refusal;
    }
    if (!run_add(replica, &run, NULL, &event)) {
        return REFUSAL_INTERNAL;
    }
    run_append(replica, &run);
    replica->flight_grants = true;
    return REFUSAL_NONE;
}

/* Decides the first job; if that gives an event, appends it together with what waits behind it. */
static void job_decide(struct replica *replica, struct job *job) {
    struct run run = {0};
    struct event event;
    enum refusal refusal = may(replica, job);
    mp_writer_reset(&replica->hall->stored);
    if (refusal == REFUSAL_NONE) {
        refusal = room_decide(&replica->room, &job->command, hall_now(replica->hall), &event);
    }
    bool granted =
        refusal == REFUSAL_NO_SUCH_ROOM && job->kind == JOB_JOIN && is_granted(replica, job);
    /* Only who would be let in learns that the room needs a newer program. */
    if ((refusal == REFUSAL_NONE || granted) && is_outdated(replica, job)) {
        refusal = REFUSAL_VERSION;
    } else if (granted) {
        refusal = grant(replica, job);
        if (refusal == REFUSAL_NONE) {
            return;
        }
    }
    if (refusal != REFUSAL_NONE) {
        job_refused(replica, job, refusal);
    } else if (event.pos == 0) {
        job_kept(replica, job);
    } else if (run_add(replica, &run, job, &event) && run_extend(replica, &run, job, &event)) {
        run_append(replica, &run);
    } else {
        replica_ahead_drop(replica);
        job_refused(replica, job, REFUSAL_INTERNAL);
    }
}

void replica_untouch(struct replica *replica) {
    if (replica->touched) {
        replica->touched = false;
        TAILQ_REMOVE(&replica->hall->touched, replica, of_turn);
    }
}

/* Decides jobs until some are in flight or none is left. */
static void step(struct replica *replica) {
    struct job *job;
    while (replica->state != REPLICA_LOADING && !replica->in_flight &&
           (job = STAILQ_FIRST(&replica->jobs)) != NULL &&
           !(job->kind == JOB_JOIN && gate_is_pending(replica))) {
        job_decide(replica, job);
    }
}

void replica_turn_end(struct replica *replica) {
    replica_untouch(replica);
    step(replica);
    replica_settle(replica);
}

static void run_committed(struct replica *replica) {
    bool quiet = replica->run == 1;
    replica->run = replica->flight_grants ? 0 : replica->run; /* its join is yet to come */
    for (; replica->run > 0; replica->run--) {
        job_committed(replica, STAILQ_FIRST(&replica->jobs));
    }
    if (quiet && STAILQ_EMPTY(&replica->jobs)) {
        replica_ahead_drop(replica);
    }
}

static void run_failed(struct replica *replica) {
    log_error(replica->hall->means.log, "append.failed", LOG_S("room", replica->id),
              LOG_S("action", action_row(STAILQ_FIRST(&replica->jobs)->command.body.act)->wire),
              LOG_U("events", replica->run));
    replica_ahead_drop(replica);
    for (; replica->run > 0; replica->run--) {
        struct job *job = STAILQ_FIRST(&replica->jobs);
        if (job->kind == JOB_GONE && replica->state != REPLICA_BROKEN) {
            job_owed(replica, job);
        } else {
            job_refused(replica, job, REFUSAL_STORAGE);
        }
    }
}

void replica_appended(struct call *call, enum journal_outcome outcome, uint32_t head) {
    struct replica *replica = call->owner;
    if (outcome == JOURNAL_COMMITTED) {
        run_committed(replica);
    } else if (outcome == JOURNAL_FAILED) {
        run_failed(replica);
    } else {
        replica_ahead_drop(replica);
        if (head > replica->room.pos && replica->state == REPLICA_READY) {
            replica_break(replica, REFUSAL_INTERNAL, "the journal did not tell of an event");
        } else {
            hall_count(replica->hall, STATS_conflicts, 1);
        }
    }
    replica->in_flight = false;
    replica_touch(replica); /* after a conflict the same jobs are decided again */
    replica_trim(replica);
}

void replica_gone(struct replica *replica, struct member *member, uint8_t seat, uint32_t session) {
    struct command command = {.seat = SEAT_SERVER};
    command.body.act = ACTION_SEAT_GONE;
    command.body.has = F(seat) | F(session);
    command.body.seat = seat;
    command.body.session = session;
    if (!job_add(replica, JOB_GONE, member, &command, NULL)) {
        log_error(replica->hall->means.log, "seat.stale", LOG_S("room", replica->id),
                  LOG_S("why", "no memory"));
        if (member != NULL) {
            member_state(member, MEMBER_LEFT);
            member_release(member);
        }
    }
}
