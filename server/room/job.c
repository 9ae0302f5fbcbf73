/* SPDX-License-Identifier: ISC */
/*
 * job.c: the queue of what wants to change the room: decide, append, and what the outcome means.
 *
 * Jobs that wait together are appended together, as a run, and those that come while it is in
 * flight as a run behind it: each is decided against the state that those before it will make. That
 * state is in `ahead`, a second fold, which exists only while a room is that busy. Nobody is told
 * anything that rests on it: whatever is not an event, a refusal or `kept`, ends the run and is
 * decided again once all before it is on disk; and if a run is not, `ahead` is dropped.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/hash.h"
#include "server/peer/send.h"
#include "server/room/parts.h"

/* Frees a job that is done and lets go of its member. */
static void job_done(struct job *job) {
    struct member *member = job->member;
    free(job);
    if (member != NULL) {
        member->jobs--;
        member_release(member);
    }
}

/* Nobody waits for an answer: what was asked for beside it is answered. */
static bool is_silent(const struct job *job) {
    return job->kind == JOB_SWAP && job->answer == 0;
}

void job_refused(struct followed *followed, struct followed_job *refused, enum refusal why) {
    struct replica *replica = (struct replica *)followed;
    struct job *job = (struct job *)refused;
    struct member *member = job->member;
    if (job->kind == JOB_MOVE) {
        job->done(job->owner, why, 0, NULL);
        job_done(job);
        return;
    }
    if (job->kind == JOB_JOIN && why == REFUSAL_TOO_FAST && member->peer != NULL) {
        member->peer->cut(member->peer, why); /* comes back by itself, with growing waits */
    } else if (job->kind != JOB_GONE && !is_silent(job) && member->peer != NULL) {
        char text[STALE_TEXT_MAX];
        char drives[DRIVE_TEXT_MAX];
        uint32_t id = job->kind == JOB_SWAP ? job->answer : job->command.id;
        bool late = why == REFUSAL_STALE && job->command.body.has & F(seen);
        send_refused_text(desk_of(replica), member->peer, replica->followed.id, id, why,
                          late ? room_stale_text(&replica->room, &job->command, text, sizeof text)
                          : why == REFUSAL_NOT_DRIVING ? drive_text(&replica->room, drives)
                                                       : NULL);
    }
    if (job->kind == JOB_JOIN && member->state == MEMBER_JOINING) {
        member_unlink_peer(member);
        member_state(member, MEMBER_LEFT);
    } else if (job->kind == JOB_GONE && member != NULL && member->state == MEMBER_LEAVING) {
        member_left(member);
    }
    job_done(job);
}

/* Nobody else will ever say that this seat is empty, so the server goes on trying; its member need
 * not wait. */
void job_owing(struct followed *followed, struct followed_job *owed) {
    struct job *job = (struct job *)owed;
    struct member *member = job->member;
    (void)followed;
    job->member = NULL;
    if (member != NULL) {
        if (member->state == MEMBER_LEAVING) {
            member_unlink_peer(member);
            member_state(member, MEMBER_LEFT);
        }
        member->jobs--;
        member_release(member);
    }
}

/* Who looks would be let in: learns the room's own time, and has no seat. */
static void job_looked(struct replica *replica, struct job *job) {
    struct member *member = job->member;
    const struct room *room = &replica->room;
    struct message message = {.kind = MESSAGE_TERM, .room = span_of(replica->followed.id)};
    message.term.fleeting = room->has_term && room->kept == 0;
    message.term.days = room->has_term ? room->kept : 0;
    if (member->peer != NULL) {
        send_message(desk_of(replica), member->peer, &message);
    }
    member_unlink_peer(member);
    member_state(member, MEMBER_LEFT);
    job_done(job);
}

static void job_kept(struct replica *replica, struct job *job) {
    struct member *member = job->member;
    if (job->kind == JOB_JOIN) {
        companion_joined(member, job->seat);
        job_done(job);
        return;
    }
    if (member->peer != NULL) {
        struct message message = {.kind = MESSAGE_KEPT, .room = span_of(replica->followed.id)};
        message.kept.id = job->command.id;
        message.kept.n = replica->room.seats[member->seat].last_n;
        send_message(desk_of(replica), member->peer, &message);
    }
    job_done(job);
}

static void send_invited(struct replica *replica, const struct job *job) {
    if (job->member->peer == NULL) {
        return;
    }
    struct message message = {.kind = MESSAGE_INVITED, .room = span_of(replica->followed.id)};
    const struct body *body = &job->command.body;
    bool moved = body->act == ACTION_SEAT_MOVE;
    message.invited.role = moved ? (int64_t)replica->room.seats[body->seat].role : body->role;
    message.invited.seat = moved ? body->seat : -1;
    message.invited.secret = span_of(job->secret);
    send_message(desk_of(replica), job->member->peer, &message);
}

/* Who sent `swap` alone has asked, and reads that the other has to agree. */
static void send_asked(struct replica *replica, const struct job *job) {
    if (job->member->peer != NULL && !is_silent(job)) {
        send_refused_text(desk_of(replica), job->member->peer, replica->followed.id, job->answer,
                          REFUSAL_NOT_AGREED,
                          room_turn_is_agreed(&replica->room)
                              ? "Both have agreed; who will interview next opens the next room."
                              : "You have asked to turn the roles; the other has to agree.");
    }
}

void job_committed(struct followed *followed, struct followed_job *committed) {
    struct replica *replica = (struct replica *)followed;
    struct job *job = (struct job *)committed;
    struct member *member = job->member;
    if (job->kind == JOB_JOIN && member->companion != COMPANION_NONE) {
        companion_joined(member, job->seat);
    } else if (job->kind == JOB_JOIN && member->state == MEMBER_JOINING) {
        member_joined(member, job->seat, job->session);
    } else if (job->kind == JOB_GONE && member != NULL && member->state == MEMBER_LEAVING) {
        member_left(member);
    } else if (job->kind == JOB_MOVE) {
        job->done(job->owner, REFUSAL_NONE, (uint8_t)job->command.body.seat, job->secret);
    } else if (job->kind == JOB_COMPANION) {
        companion_made(job);
    } else if (job->kind == JOB_INVITE ||
               (job->kind == JOB_COMMAND && job->command.body.act == ACTION_SEAT_MOVE)) {
        send_invited(replica, job);
    } else if (job->kind == JOB_SWAP && job->command.body.act == ACTION_TURN_ASK) {
        send_asked(replica, job);
    }
    job_done(job);
}

/* Whether the peer is a coach of the room's cohort. */
static bool is_granted(const struct replica *replica, const struct job *job) {
    return job->member->peer != NULL && gate_of(replica)->is_coach(replica, job->member->peer->key);
}

/* Nobody whom a coach of the cohort looks after can shut that coach out. */
static enum refusal may_change(const struct replica *replica, const struct body *body) {
    const struct room *room = &replica->room;
    bool changes = body->act == ACTION_SEAT_MOVE || body->act == ACTION_SEAT_OUT;
    if (!changes || !(body->has & F(seat)) || body->seat < 0 || body->seat >= room->seat_count) {
        return REFUSAL_NONE;
    }
    const struct room_seat *seat = &room->seats[body->seat];
    bool coach =
        seat->role == ROLE_COACH && seat->claimed && gate_of(replica)->is_coach(replica, seat->key);
    return coach ? REFUSAL_COHORT_COACH : REFUSAL_NONE;
}

/* Whether the room lets the author do this at all; the rest is for room_decide. */
static enum refusal may(struct replica *replica, struct job *job) {
    const struct member *member = job->member;
    if (job->kind == JOB_JOIN) {
        if (member->companion != COMPANION_NONE) {
            return REFUSAL_NONE; /* judged once its seat is known */
        }
        /* Whose connection has ended meanwhile must not take the seat from a newer one. */
        return member->peer == NULL ? REFUSAL_NOT_A_MEMBER
                                    : gate_of(replica)->judge(replica, member->peer->key);
    }
    if (job->kind == JOB_GONE) {
        return REFUSAL_NONE;
    }
    if (job->kind == JOB_MOVE) {
        uint8_t seat = 0;
        enum refusal refusal = room_only_interviewer(&replica->room, &seat);
        job->command.body.seat = seat;
        return refusal;
    }
    if (member->state == MEMBER_JOINING || member->state == MEMBER_LEFT) {
        return REFUSAL_NOT_A_MEMBER;
    }
    if (job->kind == JOB_COMMAND) {
        job->command.seat = member->seat;
        if (job->command.body.act == ACTION_ROOM_CLOSE &&
            replica->room.seats[member->seat].role == ROLE_COACH && !is_granted(replica, job)) {
            return REFUSAL_NOT_A_COACH;
        }
        return job->command.id == 0 ? REFUSAL_ID_ORDER : may_change(replica, &job->command.body);
    }
    if (job->kind == JOB_COMPANION) {
        job->command.body.seat = member->seat;
        return REFUSAL_NONE;
    }
    if (job->kind == JOB_SWAP) {
        return REFUSAL_NONE; /* room_decide knows who may */
    }
    job->command.body.seat = member->seat;
    return replica->room.seats[member->seat].role == ROLE_INTERVIEWER ? REFUSAL_NONE
                                                                      : REFUSAL_NOT_ALLOWED;
}

/* ---- runs ---- */

enum { RUN_BYTES_MAX = FRAME_PAYLOAD_MAX }; /* of events in a run, but for its last */

struct run {
    uint32_t count;
    bool joins;                   /* its last job is a join */
    enum action act;              /* of its first event */
    size_t ends[JOURNAL_RUN_MAX]; /* of each event in desk->stored */
    const uint8_t *members[JOURNAL_RUN_MAX];
};

/* Who comes without asking for another name keeps the seat's, and has in a new one the name that
 * the cohort knows. `room`, or the cohort's fold, lends it. */
static void keep_name(const struct replica *replica, const struct room *room, const struct job *job,
                      struct event *event) {
    if (job->kind != JOB_JOIN || !job->keep_name) {
        return;
    }
    bool known = event->body.seat < room->seat_count;
    const char *name = known ? room->seats[event->body.seat].name : "";
    if (name[0] == '\0' && job->member->peer != NULL) {
        name = gate_of(replica)->name(replica, job->member->peer->key);
    }
    if (name[0] != '\0') {
        event->body.name = span_of(name);
    }
}

/* Adds the event of the next job, or one without a job. False: no memory, the run cannot be
 * appended. */
static bool run_add(struct replica *replica, struct run *run, struct job *job,
                    const struct event *event) {
    struct mp_writer *w = &desk_of(replica)->stored;
    size_t start = w->len;
    event_write_stored(w, event);
    if (w->failed || !followed_note(&replica->followed, event, w->data + start, w->len - start)) {
        return false;
    }
    run->ends[run->count] = w->len;
    run->act = run->count == 0 ? event->body.act : run->act;
    run->members[run->count] = NULL;
    run->joins = job != NULL && event->body.act == ACTION_SEAT_JOIN;
    if (run->joins) {
        run->members[run->count] = (const uint8_t *)job->command.body.key.at;
        job->seat = (uint8_t)event->body.seat;
        job->session = (uint32_t)event->body.session;
    }
    run->count++;
    return true;
}

/* ends: how many of its jobs are done with it. */
static void run_append(struct replica *replica, const struct run *run, uint32_t ends) {
    struct followed_flight flight = {.events = run->count,
                                     .jobs = run->count,
                                     .ends = ends,
                                     .act = run->act,
                                     .alone = run->joins};
    followed_append(&replica->followed, &flight, run->ends, run->members);
}

/* Whether a job may stand behind what is in the run. Who joins has no seat before that is on disk,
 * and a join to a cohort's room is judged by the cohort, once; what is the server's own waits
 * behind what it owes. */
static bool run_takes(const struct replica *replica, const struct run *run, const struct job *job) {
    return run->count < JOURNAL_RUN_MAX && desk_of(replica)->stored.len < RUN_BYTES_MAX &&
           job->kind != JOB_MOVE && !job->look &&
           !(job->job.servers_own && replica->followed.owes) &&
           !(job->kind == JOB_JOIN && job->member->companion != COMPANION_NONE) &&
           (job->kind == JOB_JOIN ? replica->room.cohort[0] == '\0' : !run->joins);
}

/* Whether who joins speaks too old a version to fold this room. */
static bool is_outdated(const struct replica *replica, const struct job *job) {
    return job->kind == JOB_JOIN && job->member->peer->version < room_version(&replica->room);
}

/* Takes the jobs from that one on, as far as they give events behind position `pos`. False: no
 * memory. */
static bool run_extend(struct replica *replica, struct run *run, struct job *job, uint32_t pos) {
    struct event event;
    for (; job != NULL && run_takes(replica, run, job) && ahead_reach(replica, pos);
         job = (struct job *)STAILQ_NEXT(&job->job, next), pos = event.pos) {
        if (may(replica, job) != REFUSAL_NONE || is_outdated(replica, job) ||
            room_decide(replica->ahead, &job->command, desk_now(desk_of(replica)), &event) !=
                REFUSAL_NONE ||
            event.pos == 0) {
            return true;
        }
        keep_name(replica, replica->ahead, job, &event);
        if (!run_add(replica, run, job, &event)) {
            return false;
        }
    }
    return true;
}

/* The seat in which the peer sat under a key that it has left since, or -1. */
static int moved_seat(const struct replica *replica, const struct job *job) {
    return job->member->peer == NULL
               ? -1
               : gate_of(replica)->former_seat(replica, job->member->peer->key);
}

/* Who lost the seat under a key that they have left since is told what that key would be. */
static enum refusal lost_before(const struct replica *replica, const struct job *job) {
    const struct peer *peer = job->member->peer;
    const uint8_t *key = peer == NULL ? NULL : gate_of(replica)->lost_key(replica, peer->key);
    if (key == NULL) {
        return REFUSAL_NONE;
    }
    struct event event;
    struct command command = job->command;
    command.body.key = (struct span){(const char *)key, HASH_BYTES};
    enum refusal why = room_decide(&replica->room, &command, desk_now(desk_of(replica)), &event);
    return why == REFUSAL_PUT_OUT || why == REFUSAL_SEAT_MOVED ? why : REFUSAL_NONE;
}

/* A seat that was kept for a key that the peer had before is theirs: who came without a link comes
 * by that one. False: there is none. */
static bool take_kept(const struct replica *replica, struct job *job) {
    const struct peer *peer = job->member->peer;
    char *invite = (char *)job->command.body.invite.at;
    uint8_t own[HASH_BYTES];
    if (peer == NULL) {
        return false;
    }
    digest_seat_for_key(replica->followed.id, peer->key, own);
    int link =
        memcmp(invite, own, HASH_BYTES) == 0 ? gate_of(replica)->kept_link(replica, peer->key) : -1;
    if (link >= 0) {
        memcpy(invite, replica->room.invites[link].hash, HASH_BYTES);
    }
    return link >= 0;
}

/* Keeps a seat for a coach of the cohort who has none, or gives a member's to the key that the
 * member has now; the join is decided again after it. */
static enum refusal grant(struct replica *replica, struct job *job) {
    struct run run = {0};
    uint8_t hash[HASH_BYTES];
    struct event event;
    struct command command = {.seat = SEAT_SERVER};
    int seat = gate_of(replica)->former_seat(replica, job->member->peer->key);
    digest_seat_for_key(replica->followed.id, job->member->peer->key, hash);
    if (seat >= 0) {
        command.body.act = ACTION_SEAT_MOVE;
        command.body.has = F(seat) | F(invite) | F(name);
        command.body.seat = seat;
        command.body.name = span_of(replica->room.seats[seat].name);
        /* By whatever link it came: that of a seat that one has been moved with is used. */
        memcpy((char *)job->command.body.invite.at, hash, HASH_BYTES);
    } else {
        command.body.act = ACTION_SEAT_INVITE;
        command.body.has = F(role) | F(invite);
        command.body.role = ROLE_COACH;
    }
    command.body.invite = (struct span){(const char *)hash, HASH_BYTES};
    enum refusal refusal =
        room_decide(&replica->room, &command, desk_now(desk_of(replica)), &event);
    if (refusal != REFUSAL_NONE) {
        return refusal == REFUSAL_SAME ? REFUSAL_NO_SUCH_ROOM : refusal;
    }
    if (!run_add(replica, &run, NULL, &event)) {
        return REFUSAL_INTERNAL;
    }
    run_append(replica, &run, 0);
    return REFUSAL_NONE;
}

/* A room that waited too long is given up, at its moment or by whoever comes first after that: a
 * join is decided again then, so that a link that was never used is worth nothing for ever. job:
 * that is refused if storage fails; NULL: the server tries again. */
static bool expire(struct replica *replica, const struct job *job) {
    struct run run = {0};
    struct event event;
    struct command command = {.seat = SEAT_SERVER, .body = {.act = ACTION_ROOM_EXPIRE}};
    int64_t now = desk_now(desk_of(replica));
    int64_t moment = room_expires_at(&replica->room);
    if (moment < 0 || now < moment ||
        room_decide(&replica->room, &command, now, &event) != REFUSAL_NONE ||
        !run_add(replica, &run, NULL, &event)) {
        return false;
    }
    struct followed_flight flight = {
        .events = run.count, .jobs = job != NULL ? 1 : 0, .act = run.act};
    followed_append(&replica->followed, &flight, run.ends, run.members);
    return true;
}

static void refuse_first(struct replica *replica, enum refusal why) {
    job_refused(&replica->followed, followed_pop(&replica->followed), why);
}

/* Appends the first job's event and what waits behind it. */
static void append_from(struct replica *replica, struct job *job, const struct event *event) {
    struct run run = {0};
    struct job *next = (struct job *)STAILQ_NEXT(&job->job, next);
    if (run_add(replica, &run, job, event) && run_extend(replica, &run, next, event->pos)) {
        run_append(replica, &run, run.count);
    } else {
        followed_forget(&replica->followed);
        ahead_drop(replica);
        refuse_first(replica, REFUSAL_INTERNAL);
    }
}

/* Without memory it all waits until nothing is in flight. */
bool job_decide_behind(struct followed *followed) {
    struct replica *replica = (struct replica *)followed;
    struct run run = {0};
    struct job *job = (struct job *)followed_first(followed);
    mp_writer_reset(&desk_of(replica)->stored);
    if (!run_extend(replica, &run, job, followed->end)) {
        followed_forget(followed);
        ahead_drop(replica);
        return false;
    }
    if (run.count > 0) {
        run_append(replica, &run, run.count);
    }
    return run.count > 0;
}

/* Decides the first job; if that gives an event, appends it together with what waits behind it. */
static void job_decide(struct replica *replica, struct job *job) {
    struct event event;
    enum refusal refusal = may(replica, job);
    mp_writer_reset(&desk_of(replica)->stored);
    if (refusal == REFUSAL_NONE && job->kind == JOB_JOIN && expire(replica, job)) {
        return;
    }
    if (refusal == REFUSAL_NONE) {
        refusal =
            job->kind == JOB_JOIN && job->member->companion != COMPANION_NONE
                ? companion_decide(replica, job, &event)
                : room_decide(&replica->room, &job->command, desk_now(desk_of(replica)), &event);
    }
    bool takes = job->kind == JOB_JOIN && job->member->companion == COMPANION_NONE;
    bool seatless = takes && (refusal == REFUSAL_NO_SUCH_ROOM || refusal == REFUSAL_LINK_USED);
    if (seatless || (takes && refusal == REFUSAL_NONE)) {
        enum refusal lost = lost_before(replica, job);
        seatless = seatless && lost == REFUSAL_NONE;
        refusal = lost != REFUSAL_NONE ? lost : refusal;
    }
    if (seatless && refusal == REFUSAL_NO_SUCH_ROOM && moved_seat(replica, job) < 0 &&
        take_kept(replica, job)) {
        refusal = room_decide(&replica->room, &job->command, desk_now(desk_of(replica)), &event);
        seatless = false;
    }
    bool granted = seatless && ((refusal == REFUSAL_NO_SUCH_ROOM && is_granted(replica, job)) ||
                                moved_seat(replica, job) >= 0);
    /* Only who would be let in learns that the room needs a newer program. */
    if ((refusal == REFUSAL_NONE || granted) && is_outdated(replica, job)) {
        refusal = REFUSAL_VERSION;
    } else if (job->look && (refusal == REFUSAL_NONE || granted)) {
        job_looked(replica, (struct job *)followed_pop(&replica->followed));
        return;
    } else if (granted) {
        refusal = grant(replica, job);
        if (refusal == REFUSAL_NONE) {
            return;
        }
    }
    if (refusal != REFUSAL_NONE) {
        /* The link may be of this moment, and of another worker. */
        bool again = job->kind == JOB_JOIN && refusal != REFUSAL_TOO_FAST &&
                     followed_doubt(&replica->followed);
        if (!again) {
            refuse_first(replica, refusal);
        }
    } else if (event.pos == 0) {
        job_kept(replica, (struct job *)followed_pop(&replica->followed));
    } else {
        keep_name(replica, &replica->room, job, &event);
        append_from(replica, job, &event);
    }
}

bool job_decide_next(struct followed *followed) {
    struct replica *replica = (struct replica *)followed;
    struct job *job = (struct job *)followed_first(followed);
    if (job == NULL) {
        mp_writer_reset(&desk_of(replica)->stored);
        return !followed->owes && expire(replica, NULL);
    }
    if ((job->kind == JOB_JOIN && gate_of(replica)->is_pending(replica))) {
        return false;
    }
    job_decide(replica, job);
    return true;
}
