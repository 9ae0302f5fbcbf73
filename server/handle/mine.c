/* SPDX-License-Identifier: ISC */
/*
 * mine.c: what a cohort's log has of the member who asks.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"

void handle_MINE(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->mine.cohort);
    enum refusal refusal =
        attendee == NULL ? REFUSAL_NO_SUCH_COHORT
                         : request_mine(at->requests, peer, message->mine.cohort, message->mine.id);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->mine.id, refusal);
    }
}
