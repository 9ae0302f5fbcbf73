/* SPDX-License-Identifier: ISC */
/*
 * command.c: the hot path in: a member's command goes to its room's replica.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"

void handle_COMMAND(struct handling *at, struct peer *peer, const struct message *message) {
    struct member *member = member_find(peer, message->room);
    if (member != NULL && !member_may_write(member, message->command.id)) {
        return;
    }
    if (member != NULL) {
        member_command(member, &message->command);
    } else {
        send_refused(at->desk, peer, NULL, message->command.id, REFUSAL_NOT_A_MEMBER);
    }
}
