/* SPDX-License-Identifier: ISC */
/*
 * companion.c: a seat's other devices: let in by a link or by key, and ended with it.
 *
 * A companion is a member that has its seat's view and nothing else of it: it is never replaced by
 * whoever takes the seat, and its end is nobody's going.
 */
#include <string.h>

#include "server/peer/send.h"
#include "server/room/parts.h"
#include "server/room/voice.h"

enum refusal companion_decide(const struct replica *replica, struct job *job, struct event *event) {
    const struct room *room = &replica->room;
    const struct peer *peer = job->member->peer;
    if (peer == NULL) {
        return REFUSAL_NOT_A_MEMBER;
    }
    memset(event, 0, sizeof *event);
    enum refusal refusal = REFUSAL_NONE;
    int seat = room_companion_seat(room, job->member->companion, peer->key);
    if (seat < 0) {
        refusal = room_decide(room, &job->command, desk_now(desk_of(replica)), event);
        seat = (int)event->body.seat;
    }
    if (refusal == REFUSAL_NONE) {
        refusal = gate_of(replica)->judge((struct replica *)replica, room->seats[seat].key);
    }
    if (refusal == REFUSAL_NONE) {
        refusal = gate_of(replica)->judge_companion(replica, peer->key);
    }
    job->seat = (uint8_t)seat;
    return refusal;
}

static bool is_bound(const struct member *member) {
    return room_companion_seat(&member->replica->room, member->companion, member->peer->key) ==
           member->seat;
}

static bool is_let_in(const struct member *member) {
    const struct replica *replica = member->replica;
    return gate_of(replica)->judge_companion(replica, member->peer->key) == REFUSAL_NONE;
}

/* It is no companion of that seat any more. */
static void end(struct member *member) {
    struct replica *replica = member->replica;
    struct peer *peer = member->peer;
    voice_gone(replica, peer, false);
    member_unlink_peer(member);
    member_state(member, MEMBER_LEFT);
    member_tell_lost(replica, peer, REFUSAL_COMPANION_OVER);
    member_release(member);
}

void companion_joined(struct member *member, uint8_t seat) {
    const struct replica *replica = member->replica;
    member->seat = seat;
    if (member->state != MEMBER_JOINING || member->peer == NULL || member->quits) {
        if (member->state == MEMBER_JOINING) {
            member_left(member);
        }
        return;
    }
    if (!is_bound(member) || !is_let_in(member)) {
        end(member);
        return;
    }
    uint32_t n = member_reads(member) ? view_count(&replica->room, seat) : 0;
    bool reset = member->after > n;
    member->sent = reset ? 0 : member->after;
    member_state(member, MEMBER_BEHIND);
    struct message message = {.kind = MESSAGE_JOINED, .room = span_of(replica->followed.id)};
    message.joined.seat = seat;
    message.joined.role = replica->room.seats[seat].role;
    message.joined.companion = member->companion;
    message.joined.n = n;
    message.joined.session = replica->room.seats[seat].session;
    message.joined.reset = reset;
    send_message(desk_of(replica), member->peer, &message);
    if (member_reads(member)) {
        member_catch_up(member);
    } else {
        member_state(member, MEMBER_LIVE);
    }
}

static bool is_seated(const struct member *member) {
    return (member->state == MEMBER_BEHIND || member->state == MEMBER_LIVE) && member->peer != NULL;
}

void companion_watch(struct replica *replica, const struct event *event) {
    const struct body *body = &event->body;
    bool tells = body->act == ACTION_COMPANION_TAKE || body->act == ACTION_COMPANION_END;
    bool loses = room_hands_over(body->act); /* its person may have lost the seat of another key */
    struct member *member;
    struct member *after;
    LIST_FOREACH_SAFE(member, &replica->members, of_room, after) {
        if (!is_seated(member)) {
            continue;
        }
        if (member->companion != COMPANION_NONE) {
            if (!is_bound(member) || (loses && !is_let_in(member))) {
                end(member);
            }
        } else if (tells && member->seat == body->seat) {
            companion_send(member, (enum companion)body->style, NULL);
        }
    }
}

void companions_review(struct replica *replica) {
    struct member *member;
    struct member *after;
    LIST_FOREACH_SAFE(member, &replica->members, of_room, after) {
        if (is_seated(member) && member->companion != COMPANION_NONE && !is_let_in(member)) {
            end(member);
        }
    }
}
