/* SPDX-License-Identifier: ISC */
/*
 * withdraw.c: a link of a cohort opens nothing any more; the replica checks that a coach asks.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/worker/worker.h"

void handle_WITHDRAW(struct conn *conn, const struct message *message) {
    struct attendee *attendee = attendee_inside(&conn->peer, message->withdraw.cohort);
    enum refusal refusal = attendee == NULL ? REFUSAL_NO_SUCH_COHORT
                                            : attendee_withdraw(attendee, message->withdraw.link,
                                                                message->withdraw.id);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(&conn->worker->hall, &conn->peer, NULL, message->withdraw.id, refusal);
    }
}
