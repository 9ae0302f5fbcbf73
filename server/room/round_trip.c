/* SPDX-License-Identifier: ISC */
/*
 * round_trip.c: round trips, told to panels whenever they change.
 */
#include "server/room/round_trip.h"

#include "server/peer/send.h"
#include "server/room/parts.h"

static void send_round_trip(struct member *member, uint8_t seat) {
    struct replica *replica = member->replica;
    struct message message = {.kind = MESSAGE_TRIP, .room = span_of(replica->followed.id)};
    message.trip.seat = seat;
    message.trip.ms = replica->round_trips[seat];
    send_message(desk_of(replica), member->peer, &message);
}

/* Only who has been sent the room's events knows the seat. Who reads slowly is spared: nobody is
 * cut off for what tells of presence. */
static bool is_told(const struct member *member) {
    return member->state == MEMBER_LIVE && member->peer != NULL && member_reads(member) &&
           member->peer->backlog(member->peer) < TRIP_BACKLOG_MAX &&
           room_is_panel(&member->replica->room, member->seat);
}

/* False: nothing new, or told a moment ago: who pings in a loop costs the panel nothing. */
static bool note(struct replica *replica, uint8_t seat, int64_t ms) {
    int64_t now = desk_now(desk_of(replica));
    if (replica->followed.state != FOLLOWED_READY || seat >= replica->room.seat_count ||
        replica->round_trips[seat] == ms ||
        replica->trips_due[seat] - now > (TRIP_BURST - 1) * (int64_t)TRIP_EVERY_MS) {
        return false;
    }
    replica->round_trips[seat] = (int32_t)ms;
    replica->trips_due[seat] =
        (replica->trips_due[seat] > now ? replica->trips_due[seat] : now) + TRIP_EVERY_MS;
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        if (is_told(member)) {
            send_round_trip(member, seat);
        }
    }
    return true;
}

/* Whether somebody sits there by another server. */
static bool is_far(const struct replica *replica) {
    uint32_t boot = journal_boot(desk_of(replica)->means.journal);
    for (uint8_t i = 0; i < replica->room.seat_count; i++) {
        if (replica->room.seats[i].here && replica->room.seats[i].boot != boot) {
            return true;
        }
    }
    return false;
}

static void pass_on(const struct member *member, int64_t ms) {
    const struct replica *replica = member->replica;
    const struct room_means *means = means_of(replica);
    means->passes->round_trip(means->ctx, replica->followed.id, member->seat, ms, is_far(replica));
}

void round_trip_ping(struct peer *peer, int64_t ms) {
    struct member *member;
    LIST_FOREACH(member, &peer->members, of_peer) {
        bool seated = member->state == MEMBER_BEHIND || member->state == MEMBER_LIVE;
        if (seated && member->companion == COMPANION_NONE && ms > 0 &&
            note(member->replica, member->seat, ms)) {
            pass_on(member, ms);
        }
    }
}

void round_trip_heard(struct following *rooms, const char *room, uint8_t seat, int64_t ms) {
    struct replica *replica = replica_find(rooms, room);
    if (replica != NULL && !replica->followed.resting) {
        (void)note(replica, seat, ms);
    }
}

void round_trip_tell(struct member *member) {
    const struct replica *replica = member->replica;
    for (uint8_t seat = 0; is_told(member) && seat < replica->room.seat_count; seat++) {
        if (replica->round_trips[seat] > 0 && replica->room.seats[seat].here) {
            send_round_trip(member, seat);
        }
    }
}

void round_trip_again(struct replica *replica) {
    struct member *member;
    LIST_FOREACH(member, &replica->members, of_room) {
        bool seated = member->state == MEMBER_BEHIND || member->state == MEMBER_LIVE;
        if (seated && replica->round_trips[member->seat] > 0) {
            pass_on(member, replica->round_trips[member->seat]);
        }
    }
}
