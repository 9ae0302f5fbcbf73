/* SPDX-License-Identifier: ISC */
/*
 * command.c: the hot path in: a member's command goes to its room's replica.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"
#include "server/worker/worker.h"

void handle_COMMAND(struct conn *conn, const struct message *message) {
    struct member *member = member_find(&conn->peer, message->room);
    if (member != NULL) {
        member_command(member, &message->command);
    } else {
        send_refused(&conn->worker->hall, &conn->peer, NULL, message->command.id,
                     REFUSAL_NOT_A_MEMBER);
    }
}
