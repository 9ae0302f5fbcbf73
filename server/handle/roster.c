/* SPDX-License-Identifier: ISC */
/*
 * roster.c: links, members and queue of a cohort, for its coaches.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/worker/worker.h"

void handle_ROSTER(struct conn *conn, const struct message *message) {
    struct attendee *attendee = attendee_inside(&conn->peer, message->roster.cohort);
    enum refusal refusal = attendee == NULL
                               ? REFUSAL_NO_SUCH_COHORT
                               : errand_roster(&conn->worker->hall, &conn->peer,
                                               message->roster.cohort, message->roster.id);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(&conn->worker->hall, &conn->peer, NULL, message->roster.id, refusal);
    }
}
