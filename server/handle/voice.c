/* SPDX-License-Identifier: ISC */
/*
 * voice.c: a seat's voice is turned on, changed or turned off; while it is on, how to reach others.
 */
#include <time.h>

#include "server/base/turn.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/voice.h"

static void send_ways(const struct handling *at, const struct voice_place *place, uint32_t id) {
    const struct turn *turn = at->turn;
    struct message message = {.kind = MESSAGE_WAYS, .room = span_of(place->replica->followed.id)};
    struct turn_pass pass;
    message.ways.id = id;
    message.ways.relay = turn->relay_only;
    if (turn->uris[0] != '\0') {
        if (!turn_pass_make(turn, place->replica->followed.id, place->seat, time(NULL), &pass)) {
            send_refused(at->desk, place->peer, place->replica->followed.id, id, REFUSAL_INTERNAL);
            return;
        }
        message.ways.uris = span_of(turn->uris);
        message.ways.user = span_of(pass.user);
        message.ways.pass = span_of(pass.pass);
        message.ways.seconds = TURN_GOOD_S;
    }
    send_message(at->desk, place->peer, &message);
}

void handle_VOICE(struct handling *at, struct peer *peer, const struct message *message) {
    struct voice_place place;
    uint32_t id = message->voice.id;
    if (!voice_place_of(peer, message->room, &place)) {
        send_refused(at->desk, peer, NULL, id, REFUSAL_NOT_A_MEMBER);
        return;
    }
    place.id = id;
    enum refusal why =
        voice_set(&place, message->voice.on, message->voice.muted, message->voice.tag);
    if (why != REFUSAL_NONE) {
        send_refused(at->desk, peer, place.replica->followed.id, id, why);
    } else {
        send_ways(at, &place, id);
    }
}
