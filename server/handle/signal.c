/* SPDX-License-Identifier: ISC */
/*
 * signal.c: what one page tells another of a room, to find a way to it; nobody else reads it.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/voice.h"

void handle_SIGNAL(struct handling *at, struct peer *peer, const struct message *message) {
    struct voice_place place;
    uint32_t id = message->signal.id;
    if (!voice_place_of(peer, message->room, &place)) {
        send_refused(at->desk, peer, NULL, id, REFUSAL_NOT_A_MEMBER);
        return;
    }
    enum refusal why = voice_signal(&place, message->signal.seat, message->signal.data);
    if (why != REFUSAL_NONE) {
        send_refused(at->desk, peer, place.replica->followed.id, id, why);
    }
}
