/* SPDX-License-Identifier: ISC */
/*
 * fetch.c: a recording of a room in which the client's key has a seat.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"

void handle_FETCH(struct handling *at, struct peer *peer, const struct message *message) {
    struct desk *desk = at->desk;
    enum refusal refusal = request_fetch(at->requests, peer, message);
    if (refusal != REFUSAL_NONE) {
        send_refused(desk, peer, NULL, (uint32_t)message->fetch.id, refusal);
    }
}
