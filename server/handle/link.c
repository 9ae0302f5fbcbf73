/* SPDX-License-Identifier: ISC */
/*
 * link.c: one more link to a cohort; the replica checks that a coach asks.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/worker/worker.h"

void handle_LINK(struct conn *conn, const struct message *message) {
    struct attendee *attendee = attendee_inside(&conn->peer, message->link.cohort);
    enum refusal refusal =
        attendee == NULL
            ? REFUSAL_NO_SUCH_COHORT
            : attendee_link(attendee, (enum cohort_role)message->link.role, message->link.id);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(&conn->worker->hall, &conn->peer, NULL, message->link.id, refusal);
    }
}
