/* SPDX-License-Identifier: ISC */
/*
 * join.c: how somebody comes into a room: asked, decided like any change, and answered once it is
 * durable.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/hash.h"
#include "server/peer/send.h"
#include "server/room/parts.h"

/* Decide completes the event with seat, role and session. */
static struct command join_command(const struct replica *replica, const struct peer *peer,
                                   const struct join_request *request, const uint8_t *invite) {
    struct command command = {.seat = SEAT_SERVER};
    command.body.act = ACTION_SEAT_JOIN;
    command.body.has = F(name) | F(key) | F(boot) | F(invite);
    command.body.name = request->look ? span_of("-") : request->name; /* it is never written */
    command.body.key = (struct span){(const char *)peer->key, HASH_BYTES};
    command.body.boot = journal_boot(desk_of(replica)->means.journal);
    command.body.invite = (struct span){(const char *)invite, HASH_BYTES};
    if (request->companion != COMPANION_NONE) {
        command.body.act = ACTION_COMPANION_TAKE;
        command.body.has = F(key) | F(invite) | F(style);
        command.body.style = request->companion;
    }
    return command;
}

/* While the disk stalls, joins pile up: also those of connections that have ended or joined anew
 * meanwhile. */
static bool may_join(const struct replica *replica) {
    const struct member *member;
    uint32_t joining = 0;
    LIST_FOREACH(member, &replica->members, of_room) {
        joining += member->state == MEMBER_JOINING;
    }
    return joining < PENDING_JOINS_MAX;
}

static enum refusal seat_new(struct replica *replica, struct peer *peer,
                             const struct join_request *request, const uint8_t *invite) {
    if (replica->followed.state == FOLLOWED_BROKEN) {
        return replica->followed.broken;
    }
    if (peer->member_count >= CONN_ROOMS_MAX) {
        return REFUSAL_TOO_MANY;
    }
    struct member *member = calloc(1, sizeof *member);
    if (member == NULL) {
        return REFUSAL_INTERNAL;
    }
    member->replica = replica;
    member->state = MEMBER_JOINING;
    member->companion = request->companion;
    member->after = (uint32_t)request->after;
    member_shown(member, request->shown);
    LIST_INSERT_HEAD(&replica->members, member, of_room);
    member_link_peer(member, peer);
    struct job job = {.kind = JOB_JOIN,
                      .member = member,
                      .keep_name = request->keep_name,
                      .look = request->look,
                      .command = join_command(replica, peer, request, invite)};
    if (!job_add(replica, &job)) {
        member_unlink_peer(member);
        member_state(member, MEMBER_LEFT);
        member_release(member);
        return REFUSAL_INTERNAL;
    }
    return REFUSAL_NONE;
}

void member_joined(struct member *member, uint8_t seat, uint32_t session) {
    struct replica *replica = member->replica;
    const struct room_seat *held = &replica->room.seats[seat];
    member->seat = seat;
    member->session = session;
    if (member->peer == NULL) {
        member_state(member, MEMBER_BEHIND);
        member_leave(member);
        return;
    }
    bool lost = held->session != session || held->hold != HOLD_KEPT;
    if (lost && member->quits) {
        member_left(member);
        return;
    }
    if (lost) {
        /* Another connection took the seat over, or it was moved, while this one's join came
         * back. */
        struct peer *peer = member->peer;
        member_unlink_peer(member);
        member_state(member, MEMBER_LEFT);
        member_tell_lost(replica, peer, room_why_lost(&replica->room, seat, peer->key));
        return;
    }
    uint32_t n = view_count(&replica->room, seat);
    bool reset = member->after >= n; /* the last one is the join itself, which none can have */
    member->sent = reset ? 0 : member->after;
    member_state(member, MEMBER_BEHIND);
    struct message message = {.kind = MESSAGE_JOINED, .room = span_of(replica->followed.id)};
    message.joined.seat = seat;
    message.joined.role = held->role;
    message.joined.n = n;
    message.joined.session = session;
    message.joined.last_id = held->last_id;
    message.joined.reset = reset;
    desk_count(desk_of(replica), STATS_resumed, member->sent > 0);
    if (!gate_of(replica)->came(member)) {
        return;
    }
    send_message(desk_of(replica), member->peer, &message);
    replica->came = true;
    if (member->quits) {
        member_quit(member);
    }
}

enum refusal replica_join(struct following *rooms, struct peer *peer,
                          const struct join_request *request) {
    uint8_t invite[HASH_BYTES];
    if (!seat_room_id_valid(request->room) ||
        (request->secret.len > 0 && !seat_secret_hash(request->secret, invite))) {
        return REFUSAL_NO_SUCH_ROOM;
    }
    if (request->name.len == 0 && request->companion == COMPANION_NONE && !request->look) {
        return REFUSAL_BAD_FIELD; /* said before the room is looked for, it tells of no room */
    }
    if (request->secret.len == 0) {
        digest_seat_for_key(request->room.at, peer->key, invite);
    }
    const struct replica *loaded = replica_find(rooms, request->room.at);
    if (loaded != NULL && !may_join(loaded)) {
        return REFUSAL_TOO_FAST;
    }
    struct member *old = member_find(peer, request->room);
    if (old != NULL && request->look) {
        return REFUSAL_SAME; /* it is in the room, or asks already */
    }
    if (old != NULL) {
        /* The same connection joins again: its older place ends without a word. */
        member_unlink_peer(old);
        member_leave(old);
    }
    struct replica *replica = (struct replica *)following_get(rooms, request->room.at);
    if (replica == NULL) {
        return REFUSAL_TOO_MANY;
    }
    followed_touch(&replica->followed); /* should it come to nothing, it may rest again */
    return seat_new(replica, peer, request, invite);
}

void replica_look(struct following *rooms, struct span room) {
    if (replica_find(rooms, room.at) == NULL) {
        (void)following_get(rooms, room.at); /* without a place it stays as it is */
    }
}
