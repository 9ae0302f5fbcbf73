/* SPDX-License-Identifier: ISC */
/*
 * invite.c: one more link for a room; the replica checks that an interviewer asks.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"

void handle_INVITE(struct handling *at, struct peer *peer, const struct message *message) {
    struct member *member = member_find(peer, message->room);
    if (member != NULL && !member_may_write(member, 0)) {
        return;
    }
    if (member != NULL) {
        member_invite(member, (enum role)message->invite.role);
    } else {
        send_refused(at->desk, peer, NULL, 0, REFUSAL_NOT_A_MEMBER);
    }
}
