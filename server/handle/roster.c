/* SPDX-License-Identifier: ISC */
/*
 * roster.c: links, members and queue of a cohort, for its coaches.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"

void handle_ROSTER(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->roster.cohort);
    enum refusal refusal =
        attendee == NULL
            ? REFUSAL_NO_SUCH_COHORT
            : request_roster(at->requests, peer, message->roster.cohort, message->roster.id);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->roster.id, refusal);
    }
}
