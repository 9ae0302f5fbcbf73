/* SPDX-License-Identifier: ISC */
/*
 * fetch.c: a recording of a room in which the client's key has a seat.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/worker/worker.h"

void handle_FETCH(struct conn *conn, const struct message *message) {
    struct hall *hall = &conn->worker->hall;
    enum refusal refusal = errand_fetch(hall, &conn->peer, message);
    if (refusal != REFUSAL_NONE) {
        send_refused(hall, &conn->peer, NULL, (uint32_t)message->fetch.id, refusal);
    }
}
