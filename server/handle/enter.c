/* SPDX-License-Identifier: ISC */
/*
 * enter.c: a place in a cohort, by a link's secret or again by key alone; in the common lobby for
 * whoever may host here.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"

void handle_ENTER(struct handling *at, struct peer *peer, const struct message *message) {
    struct enter_request request = {.cohort = message->enter.cohort,
                                    .secret = message->enter.secret,
                                    .name = message->enter.name,
                                    .keep_name = message->enter.keep,
                                    .id = message->enter.id};
    request.lobby = span_equal(request.cohort, LOBBY_COHORT) && handle_may_host(at, request.secret);
    enum refusal refusal = cohort_enter(at->cohorts, peer, &request);
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, request.id, refusal);
    }
}
