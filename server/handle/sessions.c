/* SPDX-License-Identifier: ISC */
/*
 * sessions.c: the rooms that the client's key takes part in.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"

void handle_SESSIONS(struct handling *at, struct peer *peer, const struct message *message) {
    struct desk *desk = at->desk;
    uint32_t id = (uint32_t)message->sessions.id;
    enum refusal refusal = request_sessions(at->requests, peer, message);
    if (refusal != REFUSAL_NONE) {
        send_refused(desk, peer, NULL, id, refusal);
    }
}
