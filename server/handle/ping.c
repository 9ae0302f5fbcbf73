/* SPDX-License-Identifier: ISC */
/*
 * ping.c: the shared clock, and what the client's person has seen of its rooms by now.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"
#include "server/room/round_trip.h"

void handle_PING(struct handling *at, struct peer *peer, const struct message *message) {
    struct hall *hall = at->hall;
    struct message pong = {.kind = MESSAGE_PONG};
    pong.pong.t = message->ping.t;
    pong.pong.now = hall_now(hall);
    send_message(hall, peer, &pong);
    struct member *member;
    LIST_FOREACH(member, &peer->members, of_peer) {
        member_shown(member, message->ping.shown);
    }
    trip_ping(hall, peer, message->ping.trip);
}
