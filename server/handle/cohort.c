/* SPDX-License-Identifier: ISC */
/*
 * cohort.c: a new cohort, for whoever may host here.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/worker/worker.h"

void handle_COHORT(struct conn *conn, const struct message *message) {
    struct hall *hall = &conn->worker->hall;
    enum refusal refusal = handle_may_host(conn->worker->server, message->cohort.secret)
                               ? errand_cohort(hall, &conn->peer, message)
                               : REFUSAL_HOSTING_CLOSED;
    if (refusal != REFUSAL_NONE) {
        send_refused(hall, &conn->peer, NULL, message->cohort.id, refusal);
    }
}
