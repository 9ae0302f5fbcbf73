/* SPDX-License-Identifier: ISC */
/*
 * ping.c: the shared clock, and what the client's person has seen of its rooms by now.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"
#include "server/room/round_trip.h"

void handle_PING(struct handling *at, struct peer *peer, const struct message *message) {
    struct desk *desk = at->desk;
    struct message pong = {.kind = MESSAGE_PONG};
    pong.pong.t = message->ping.t;
    pong.pong.now = desk_now(desk);
    send_message(desk, peer, &pong);
    struct member *member;
    LIST_FOREACH(member, &peer->members, of_peer) {
        member_shown(member, message->ping.shown);
    }
    round_trip_ping(peer, message->ping.trip);
}
