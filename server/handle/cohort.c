/* SPDX-License-Identifier: ISC */
/*
 * cohort.c: a new cohort, for whoever may host here.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"

void handle_COHORT(struct handling *at, struct peer *peer, const struct message *message) {
    struct desk *desk = at->desk;
    enum refusal refusal = REFUSAL_HOSTING_CLOSED;
    if (handle_may_host(at, message->cohort.secret)) {
        refusal = handle_may_open(at, peer, message) ? request_cohort(at->requests, peer, message)
                                                     : REFUSAL_NONE;
    }
    if (refusal != REFUSAL_NONE) {
        send_refused(desk, peer, NULL, message->cohort.id, refusal);
    }
}
