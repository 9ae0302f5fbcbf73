/* SPDX-License-Identifier: ISC */
/*
 * member.c: a member's life, from its join to its last job.
 */
#include <stdlib.h>
#include <string.h>

#include "server/cohort/gate.h"
#include "server/peer/send.h"
#include "server/room/parts.h"
#include "server/room/round_trip.h"

void member_state(struct member *member, enum member_state to) {
    static const unsigned allowed[] = {
        [MEMBER_JOINING] = 1 << MEMBER_BEHIND | 1 << MEMBER_LEFT,
        [MEMBER_BEHIND] = 1 << MEMBER_LIVE | 1 << MEMBER_LEAVING | 1 << MEMBER_LEFT,
        [MEMBER_LIVE] = 1 << MEMBER_BEHIND | 1 << MEMBER_LEAVING | 1 << MEMBER_LEFT,
        [MEMBER_LEAVING] = 1 << MEMBER_LEFT,
        [MEMBER_LEFT] = 0,
    };
    if ((allowed[member->state] & 1U << to) == 0) {
        log_error(member->replica->hall->means.log, "fatal",
                  LOG_S("what", "impossible state of a member"), LOG_I("from", member->state),
                  LOG_I("to", to));
        abort();
    }
    member->state = to;
    if (to == MEMBER_LIVE) {
        trip_tell(member);
    }
}

struct member *member_find(const struct peer *peer, struct span room) {
    struct member *member;
    if (room.len != ROOM_ID_BYTES) {
        return NULL;
    }
    LIST_FOREACH(member, &peer->members, of_peer) {
        if (member->state != MEMBER_LEAVING && !member->quits &&
            memcmp(member->replica->id, room.at, ROOM_ID_BYTES) == 0) {
            return member;
        }
    }
    return NULL;
}

static void link_peer(struct member *member, struct peer *peer) {
    member->peer = peer;
    LIST_INSERT_HEAD(&peer->members, member, of_peer);
    peer->member_count++;
    hall_count(member->replica->hall, STATS_members, 1);
}

void member_unlink_peer(struct member *member) {
    if (member->peer != NULL) {
        LIST_REMOVE(member, of_peer);
        member->peer->member_count--;
        member->peer = NULL;
        hall_count(member->replica->hall, STATS_members, -1);
    }
}

/* Decide completes the event with seat, role and session. */
static struct command join_command(const struct replica *replica, const struct peer *peer,
                                   const struct join_request *request, const uint8_t *invite) {
    struct command command = {.seat = SEAT_SERVER};
    command.body.act = ACTION_SEAT_JOIN;
    command.body.has = F(name) | F(key) | F(boot) | F(invite);
    command.body.name = request->name;
    command.body.key = (struct span){(const char *)peer->key, HASH_BYTES};
    command.body.boot = journal_boot(replica->hall->means.journal);
    command.body.invite = (struct span){(const char *)invite, HASH_BYTES};
    return command;
}

/* While the disk stalls, joins pile up: also those of connections that have ended or joined anew
 * meanwhile. */
bool member_may_join(const struct replica *replica) {
    const struct member *member;
    uint32_t joining = 0;
    LIST_FOREACH(member, &replica->members, of_room) {
        joining += member->state == MEMBER_JOINING;
    }
    return joining < PENDING_JOINS_MAX;
}

enum refusal member_new(struct replica *replica, struct peer *peer,
                        const struct join_request *request, const uint8_t *invite) {
    if (replica->state == REPLICA_BROKEN) {
        return replica->broken;
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
    member->after = (uint32_t)request->after;
    member_shown(member, request->shown);
    LIST_INSERT_HEAD(&replica->members, member, of_room);
    link_peer(member, peer);
    struct command command = join_command(replica, peer, request, invite);
    if (!job_add(replica, JOB_JOIN, member, &command, NULL)) {
        member_unlink_peer(member);
        member_state(member, MEMBER_LEFT);
        member_release(member);
        return REFUSAL_INTERNAL;
    }
    return REFUSAL_NONE;
}

void member_release(struct member *member) {
    struct replica *replica = member->replica;
    if (member->state != MEMBER_LEFT || member->jobs > 0) {
        return;
    }
    LIST_REMOVE(member, of_room);
    LIST_INSERT_HEAD(&replica->hall->dead_members, member, of_room);
    replica->hall->means.sweep_wanted(replica->hall->means.ctx);
    replica_touch(replica);
}

/* The seat belongs to a newer connection now. One that holds other rooms too, as a coach's wall
 * does, loses only this one. The member is unlinked by then. */
static void tell_replaced(const struct replica *replica, struct peer *peer) {
    if (peer->member_count > 0) {
        send_refused(replica->hall, peer, replica->id, 0, REFUSAL_REPLACED);
    } else {
        peer->cut(peer, REFUSAL_REPLACED);
    }
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
    if (held->session != session && member->quits) {
        member_left(member);
        return;
    }
    if (held->session != session) {
        /* Another connection took the seat over while this one's join came back. */
        struct peer *peer = member->peer;
        member_unlink_peer(member);
        member_state(member, MEMBER_LEFT);
        tell_replaced(replica, peer);
        return;
    }
    uint32_t n = view_count(&replica->room, seat);
    bool reset = member->after > n;
    member->sent = reset ? 0 : member->after;
    member_state(member, MEMBER_BEHIND);
    struct message message = {.kind = MESSAGE_JOINED, .room = span_of(replica->id)};
    message.joined.seat = seat;
    message.joined.role = held->role;
    message.joined.n = n;
    message.joined.session = session;
    message.joined.last_id = held->last_id;
    message.joined.reset = reset;
    hall_count(replica->hall, STATS_resumed, member->sent > 0);
    if (!gate_came(member)) {
        return;
    }
    send_message(replica->hall, member->peer, &message);
    if (member->quits) {
        member_quit(member);
    } else {
        member_catch_up(member);
    }
}

void member_replace(struct replica *replica, uint8_t seat, uint32_t session) {
    struct member *member;
    struct member *after;
    LIST_FOREACH_SAFE(member, &replica->members, of_room, after) {
        bool seated = member->state == MEMBER_BEHIND || member->state == MEMBER_LIVE;
        if (seated && member->seat == seat && member->session < session) {
            struct peer *peer = member->peer;
            member_unlink_peer(member);
            member_state(member, MEMBER_LEFT);
            if (peer != NULL) {
                tell_replaced(replica, peer);
            }
            member_release(member);
        }
    }
}

void member_shown(struct member *member, int64_t shown) {
    int64_t now = hall_now(member->replica->hall);
    shown = shown > now ? now : shown;
    member->shown = shown > member->shown ? shown : member->shown;
}

void member_leave(struct member *member) {
    member_unlink_peer(member);
    member_quit(member);
}

void member_left(struct member *member) {
    if (member->peer != NULL) {
        struct message message = {.kind = MESSAGE_LEFT, .room = span_of(member->replica->id)};
        send_message(member->replica->hall, member->peer, &message);
    }
    member_unlink_peer(member);
    member_state(member, MEMBER_LEFT);
}

void member_quit(struct member *member) {
    struct replica *replica = member->replica;
    if (member->state == MEMBER_JOINING) {
        member->quits = member->peer != NULL; /* else nobody hears it, and it goes all the same */
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

void member_drained(struct member *member) {
    if (member->state == MEMBER_BEHIND) {
        member_catch_up(member);
    }
}

void member_command(struct member *member, const struct command *command) {
    struct hall *hall = member->replica->hall;
    struct command bounded = *command;
    int64_t now = hall_now(hall);
    /* "Now" is left to decide, as the event's own `at`: a moment taken here would differ from it
     * whenever the command waits for another append, and so tell the candidate that the panel was
     * writing. */
    if (bounded.made >= now) {
        bounded.made = 0;
    } else if (bounded.made > 0 && bounded.made < member->shown) {
        bounded.made = member->shown;
    }
    hall_count(hall, STATS_commands, 1);
    if (member->jobs >= PENDING_COMMANDS_MAX) {
        send_refused(hall, member->peer, member->replica->id, command->id, REFUSAL_TOO_FAST);
    } else if (!job_add(member->replica, JOB_COMMAND, member, &bounded, NULL)) {
        send_refused(hall, member->peer, member->replica->id, command->id, REFUSAL_INTERNAL);
    }
}

void member_invite(struct member *member, enum role role) {
    struct replica *replica = member->replica;
    struct hall *hall = replica->hall;
    struct seat_secret secret;
    if (member->jobs >= PENDING_COMMANDS_MAX) {
        send_refused(hall, member->peer, replica->id, 0, REFUSAL_TOO_FAST);
        return;
    }
    struct command command = {.seat = SEAT_SERVER};
    command.body.act = ACTION_SEAT_INVITE;
    command.body.has = F(role) | F(invite);
    command.body.role = role;
    bool made = seat_secret_make(&secret);
    command.body.invite = (struct span){(const char *)secret.hash, HASH_BYTES};
    if (!made || !job_add(replica, JOB_INVITE, member, &command, secret.text)) {
        send_refused(hall, member->peer, replica->id, 0, REFUSAL_INTERNAL);
    }
}

void member_swap(struct member *member, const char *next, uint32_t id) {
    struct hall *hall = member->replica->hall;
    struct command command = {.seat = SEAT_SERVER};
    command.body.act = ACTION_ROOM_SWAP;
    command.body.has = F(seat) | F(next);
    command.body.seat = member->seat;
    command.body.next = span_of(next);
    if (!job_add_swap(member->replica, member, &command, id)) {
        send_refused(hall, member->peer, member->replica->id, id, REFUSAL_INTERNAL);
    }
}
