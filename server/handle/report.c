/* SPDX-License-Identifier: ISC */
/*
 * report.c: what a member reports of a room, and the list of it for the coaches.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"

void handle_REPORT(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->report.cohort);
    enum refusal refusal =
        attendee == NULL ? REFUSAL_NO_SUCH_COHORT : attendee_report(attendee, message);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->report.id, refusal);
    }
}

void handle_REPORTS(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->reports.cohort);
    enum refusal refusal =
        attendee == NULL
            ? REFUSAL_NO_SUCH_COHORT
            : request_reports(at->requests, peer, message->reports.cohort, message->reports.id);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->reports.id, refusal);
    }
}
