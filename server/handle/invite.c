/* SPDX-License-Identifier: ISC */
/*
 * invite.c: one more link for a room; the replica checks that an interviewer asks.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"
#include "server/worker/worker.h"

void handle_INVITE(struct conn *conn, const struct message *message) {
    struct member *member = member_find(&conn->peer, message->room);
    if (member != NULL) {
        member_invite(member, (enum role)message->invite.role);
    } else {
        send_refused(&conn->worker->hall, &conn->peer, NULL, 0, REFUSAL_NOT_A_MEMBER);
    }
}
