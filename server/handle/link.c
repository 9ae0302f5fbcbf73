/* SPDX-License-Identifier: ISC */
/*
 * link.c: one more link to a cohort; the replica checks that a coach asks.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"

void handle_LINK(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->link.cohort);
    enum refusal refusal =
        attendee == NULL ? REFUSAL_NO_SUCH_COHORT : attendee_link(attendee, message);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->link.id, refusal);
    }
}
