/* SPDX-License-Identifier: ISC */
/*
 * admit.c: a member is let in, or not any more; the replica checks that a coach asks.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"

void handle_ADMIT(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->admit.cohort);
    enum refusal refusal =
        attendee == NULL ? REFUSAL_NO_SUCH_COHORT : attendee_admit(attendee, message);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->admit.id, refusal);
    }
}
