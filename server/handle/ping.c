/* SPDX-License-Identifier: ISC */
/*
 * ping.c: the shared clock, and what the client's person has seen of its rooms by now.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"
#include "server/room/round_trip.h"

/* Others are there than it was told of: it may need them. */
static void name_nodes(struct journal *journal, struct peer *peer, char nodes[NODES_TEXT_MAX + 1]) {
    uint32_t version = journal_nodes_version(journal);
    if (version != peer->nodes_told) {
        peer->nodes_told = version;
        journal_nodes(journal, nodes);
    }
}

void handle_PING(struct handling *at, struct peer *peer, const struct message *message) {
    struct desk *desk = at->desk;
    struct message pong = {.kind = MESSAGE_PONG};
    pong.pong.t = message->ping.t;
    pong.pong.now = desk_now(desk);
    char nodes[NODES_TEXT_MAX + 1] = "";
    name_nodes(desk->means.journal, peer, nodes);
    pong.pong.nodes = span_of(nodes);
    send_message(desk, peer, &pong);
    struct member *member;
    LIST_FOREACH(member, &peer->members, of_peer) {
        member_shown(member, message->ping.shown);
    }
    round_trip_ping(peer, message->ping.trip);
}
