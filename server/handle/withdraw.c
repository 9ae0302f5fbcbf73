/* SPDX-License-Identifier: ISC */
/*
 * withdraw.c: a link of a cohort opens nothing any more; the replica checks that a coach asks.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"

void handle_WITHDRAW(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->withdraw.cohort);
    enum refusal refusal = attendee == NULL ? REFUSAL_NO_SUCH_COHORT
                                            : attendee_withdraw(attendee, message->withdraw.link,
                                                                message->withdraw.id);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->withdraw.id, refusal);
    }
}
