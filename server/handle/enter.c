/* SPDX-License-Identifier: ISC */
/*
 * enter.c: a place in a cohort, by a link's secret or again by key alone; in the common lobby for
 * whoever may host here.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/worker/worker.h"

void handle_ENTER(struct conn *conn, const struct message *message) {
    struct enter_request request = {.cohort = message->enter.cohort,
                                    .secret = message->enter.secret,
                                    .name = message->enter.name,
                                    .id = message->enter.id};
    request.lobby = span_equal(request.cohort, LOBBY_COHORT) &&
                    handle_may_host(conn->worker->server, request.secret);
    enum refusal refusal = cohort_enter(&conn->worker->hall, &conn->peer, &request);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(&conn->worker->hall, &conn->peer, NULL, request.id, refusal);
    }
}
