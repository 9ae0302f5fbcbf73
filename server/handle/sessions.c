/* SPDX-License-Identifier: ISC */
/*
 * sessions.c: the rooms that the client's key takes part in.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/worker/worker.h"

void handle_SESSIONS(struct conn *conn, const struct message *message) {
    struct hall *hall = &conn->worker->hall;
    uint32_t id = (uint32_t)message->sessions.id;
    enum refusal refusal = errand_sessions(hall, &conn->peer, message->sessions.cohort, id);
    if (refusal != REFUSAL_NONE) {
        send_refused(hall, &conn->peer, NULL, id, refusal);
    }
}
