/* SPDX-License-Identifier: ISC */
/*
 * leave.c: gives a seat up; the connection stays.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"
#include "server/worker/worker.h"

void handle_LEAVE(struct conn *conn, const struct message *message) {
    struct member *member = member_find(&conn->peer, message->room);
    if (member != NULL) {
        member_quit(member);
    } else {
        send_refused(&conn->worker->hall, &conn->peer, NULL, 0, REFUSAL_NOT_A_MEMBER);
    }
}
