/* SPDX-License-Identifier: ISC */
/*
 * call.c: a cohort's link to a call elsewhere is given or taken away; the replica checks that a
 * coach asks.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"

void handle_CALL(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->call.cohort);
    enum refusal refusal =
        attendee == NULL ? REFUSAL_NO_SUCH_COHORT : attendee_call(attendee, message);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->call.id, refusal);
    }
}
