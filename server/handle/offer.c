/* SPDX-License-Identifier: ISC */
/*
 * offer.c: a pack for a cohort's rooms; answered with its index.
 */
#include "server/cohort/replica.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"

void handle_OFFER(struct handling *at, struct peer *peer, const struct message *message) {
    struct attendee *attendee = attendee_inside(peer, message->offer.cohort);
    struct message whole = *message;
    bool fits = handle_parts_join(peer, message->offer.id, &whole.offer.panel);
    enum refusal refusal = attendee == NULL ? REFUSAL_NO_SUCH_COHORT
                           : fits           ? attendee_offer(attendee, &whole)
                                            : REFUSAL_BAD_PACK;
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->offer.id, refusal);
    }
    handle_parts_end(peer);
}
