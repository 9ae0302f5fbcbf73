/* SPDX-License-Identifier: ISC */
/*
 * ask.c: what is asked of a room: it is bounded, copied, and put at the end of the queue.
 */
#include <stdlib.h>
#include <string.h>

#include "server/peer/send.h"
#include "server/room/parts.h"
#include "server/room/voice.h"

bool job_add(struct replica *replica, const struct job *wanted) {
    struct job *job = malloc(sizeof *job + body_bytes(&wanted->command.body));
    if (job == NULL) {
        return false;
    }
    *job = *wanted;
    body_keep(&job->command.body, job->bytes);
    job->job.servers_own = job->kind == JOB_GONE;
    if (job->member != NULL) {
        job->member->jobs++;
    }
    followed_add(&replica->followed, &job->job);
    return true;
}

void replica_gone(struct replica *replica, struct member *member, uint8_t seat, uint32_t session) {
    struct job job = {.kind = JOB_GONE, .member = member, .command = {.seat = SEAT_SERVER}};
    job.command.body = (struct body){
        .act = ACTION_SEAT_GONE, .has = F(seat) | F(session), .seat = seat, .session = session};
    if (!job_add(replica, &job)) {
        log_error(desk_of(replica)->means.log, "seat.stale", LOG_S("room", replica->followed.id),
                  LOG_S("why", "no memory"));
        if (member != NULL) {
            member_state(member, MEMBER_LEFT);
            member_release(member);
        }
    }
}

void member_leave(struct member *member) {
    member_unlink_peer(member);
    member_quit(member);
}

void member_quit(struct member *member) {
    struct replica *replica = member->replica;
    if (member->state == MEMBER_JOINING) {
        member->quits = member->peer != NULL; /* else nobody hears it, and it goes all the same */
        return;
    }
    if (member->peer != NULL) {
        voice_gone(replica, member->peer, false);
    }
    if (member->companion != COMPANION_NONE && member->state != MEMBER_LEFT) {
        member_left(member); /* the seat is where it was */
        member_release(member);
        return;
    }
    /* Who has been replaced has no seat to give up. */
    if (member->state != MEMBER_BEHIND && member->state != MEMBER_LIVE) {
        member_unlink_peer(member);
        return;
    }
    member_state(member, MEMBER_LEAVING);
    replica_gone(replica, member, member->seat, member->session);
    replica_trim(replica);
}

/* The new link's secret, of which the command gets the hash, whatever it came with; one that holds
 * none is refused by decide. */
static void make_link(struct job *job, struct seat_secret *secret) {
    struct body *body = &job->command.body;
    body->has &= ~F(invite);
    if (body->act == ACTION_SEAT_MOVE && seat_secret_make(secret)) {
        body->has |= F(invite);
        body->invite = (struct span){(const char *)secret->hash, HASH_BYTES};
        memcpy(job->secret, secret->text, RANDOM_SECRET_LENGTH);
    }
}

void member_command(struct member *member, const struct command *command) {
    struct desk *desk = desk_of(member->replica);
    struct job job = {.kind = JOB_COMMAND, .member = member, .command = *command};
    struct command *bounded = &job.command;
    struct seat_secret secret = {0};
    make_link(&job, &secret);
    int64_t now = desk_now(desk);
    /* "Now" is left to decide, as the event's own `at`: a moment taken here would differ from it
     * whenever the command waits for another append, and so tell the candidate that the panel was
     * writing. */
    if (bounded->made >= now) {
        bounded->made = 0;
    } else if (bounded->made > 0 && bounded->made < member->shown) {
        bounded->made = member->shown;
    }
    desk_count(desk, STATS_commands, 1);
    bool picture = command->body.act == ACTION_PICTURE_ADD; /* large: so few of them wait */
    if (member->jobs >= (picture ? PENDING_PICTURES_MAX : PENDING_COMMANDS_MAX)) {
        send_refused(desk, member->peer, member->replica->followed.id, command->id,
                     REFUSAL_TOO_FAST);
    } else if (!job_add(member->replica, &job)) {
        send_refused(desk, member->peer, member->replica->followed.id, command->id,
                     REFUSAL_INTERNAL);
    }
}

void member_invite(struct member *member, enum role role) {
    struct replica *replica = member->replica;
    struct desk *desk = desk_of(replica);
    struct seat_secret secret = {0};
    if (member->jobs >= PENDING_COMMANDS_MAX) {
        send_refused(desk, member->peer, replica->followed.id, 0, REFUSAL_TOO_FAST);
        return;
    }
    bool made = seat_secret_make(&secret);
    struct job job = {.kind = JOB_INVITE, .member = member, .command = {.seat = SEAT_SERVER}};
    job.command.body = (struct body){.act = ACTION_SEAT_INVITE,
                                     .has = F(role) | F(invite) | F(seat),
                                     .role = role,
                                     .invite = {(const char *)secret.hash, HASH_BYTES}};
    memcpy(job.secret, secret.text, RANDOM_SECRET_LENGTH);
    if (!made || !job_add(replica, &job)) {
        send_refused(desk, member->peer, replica->followed.id, 0, REFUSAL_INTERNAL);
    }
}

void member_companion(struct member *member, enum companion kind, bool end, int64_t lasts) {
    struct replica *replica = member->replica;
    struct desk *desk = desk_of(replica);
    struct seat_secret secret = {0};
    struct job job = {.kind = JOB_COMPANION, .member = member, .command = {.seat = SEAT_SERVER}};
    struct body *body = &job.command.body;
    *body = (struct body){.act = end ? ACTION_COMPANION_END : ACTION_COMPANION_LINK,
                          .has = F(seat) | F(style),
                          .style = (int64_t)kind};
    bool made = end || seat_secret_make(&secret);
    if (!end) {
        body->has |= F(invite) | F(until);
        body->invite = (struct span){(const char *)secret.hash, HASH_BYTES};
        body->until = desk_now(desk) + lasts;
        memcpy(job.secret, secret.text, RANDOM_SECRET_LENGTH);
    }
    if (member->jobs >= PENDING_COMMANDS_MAX) {
        send_refused(desk, member->peer, replica->followed.id, 0, REFUSAL_TOO_FAST);
    } else if (!made || !job_add(replica, &job)) {
        send_refused(desk, member->peer, replica->followed.id, 0, REFUSAL_INTERNAL);
    }
}

void member_turn(struct member *member, uint32_t id) {
    struct desk *desk = desk_of(member->replica);
    struct job job = {
        .kind = JOB_SWAP, .member = member, .answer = id, .command = {.seat = SEAT_SERVER}};
    job.command.body = (struct body){
        .act = ACTION_TURN_ASK, .has = F(on) | F(seat), .on = 1, .seat = member->seat};
    if (!job_add(member->replica, &job) && id != 0) {
        send_refused(desk, member->peer, member->replica->followed.id, id, REFUSAL_INTERNAL);
    }
}

enum refusal replica_move(struct following *rooms, const struct move_request *request) {
    struct seat_secret secret = {0};
    struct job job = {.kind = JOB_MOVE,
                      .done = request->done,
                      .owner = request->owner,
                      .command = {.seat = SEAT_SERVER, .body = {.act = ACTION_SEAT_MOVE}}};
    struct replica *replica = (struct replica *)following_get(rooms, request->room.at);
    if (replica == NULL) {
        return REFUSAL_TOO_MANY;
    }
    followed_touch(&replica->followed);
    if (replica->followed.state == FOLLOWED_BROKEN) {
        return replica->followed.broken;
    }
    make_link(&job, &secret);
    job.command.body.has |= F(seat); /* which one is found when it is decided */
    if (request->name.len > 0) {
        job.command.body.has |= F(name);
        job.command.body.name = request->name;
    }
    return job_add(replica, &job) ? REFUSAL_NONE : REFUSAL_INTERNAL;
}

void member_swap(struct member *member, const char *next, uint32_t id) {
    struct desk *desk = desk_of(member->replica);
    struct job job = {
        .kind = JOB_SWAP, .member = member, .answer = id, .command = {.seat = SEAT_SERVER}};
    job.command.body = (struct body){.act = ACTION_ROOM_SWAP,
                                     .has = F(seat) | F(next),
                                     .seat = member->seat,
                                     .next = span_of(next)};
    if (!job_add(member->replica, &job)) {
        send_refused(desk, member->peer, member->replica->followed.id, id, REFUSAL_INTERNAL);
    }
}
