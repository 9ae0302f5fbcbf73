/* SPDX-License-Identifier: ISC */
/*
 * companion.c: a link for a second device of one's own seat, or the end of those that there are.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"

void handle_COMPANION(struct handling *at, struct peer *peer, const struct message *message) {
    struct member *member = member_find(peer, message->room);
    if (member == NULL) {
        send_refused(at->desk, peer, NULL, 0, REFUSAL_NOT_A_MEMBER);
    } else if (member_may_write(member, 0)) {
        member_companion(member, (enum companion)message->companion.kind, message->companion.end,
                         COMPANION_LINK_MS * (int64_t)at->clock_rate);
    }
}
