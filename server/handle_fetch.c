/*
 * handle_fetch.c: a recording of a room in which the client's key has a seat.
 */
#include "server/errand.h"
#include "server/handle.h"
#include "server/send.h"
#include "server/worker.h"

void handle_FETCH(struct conn *conn, const struct message *message) {
    struct hall *hall = &conn->worker->hall;
    enum refusal refusal = errand_fetch(hall, &conn->peer, message);
    if (refusal != REFUSAL_NONE) {
        send_refused(hall, &conn->peer, NULL, (uint32_t)message->fetch.id, refusal);
    }
}
