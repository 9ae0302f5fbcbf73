/* SPDX-License-Identifier: ISC */
/*
 * pass.c: a link by which a member moves to another key, asked for by the member or by a coach.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"

void handle_PASS(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->pass.cohort);
    enum refusal refusal =
        attendee == NULL ? REFUSAL_NO_SUCH_COHORT : attendee_pass(attendee, message);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->pass.id, refusal);
    }
}
