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
    enum refusal refusal = attendee == NULL
                               ? REFUSAL_NO_SUCH_COHORT
                               : handle_bodies(at, peer, message->offer.id, message->offer.shelf,
                                               &whole.offer.pack, &whole.offer.panel);
    if (refusal == REFUSAL_NONE) {
        refusal = attendee_offer(attendee, &whole);
    }
    if (refusal != REFUSAL_NONE) {
        send_refused_cohort(at->desk, peer, NULL, message->offer.id, refusal);
    }
    handle_parts_end(peer);
}
