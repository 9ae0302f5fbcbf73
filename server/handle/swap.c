/* SPDX-License-Identifier: ISC */
/*
 * swap.c: the second half of an interview, with the roles turned.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/room/replica.h"
#include "server/worker/worker.h"

void handle_SWAP(struct conn *conn, const struct message *message) {
    struct hall *hall = &conn->worker->hall;
    struct member *member = member_find(&conn->peer, message->room);
    enum refusal refusal =
        member == NULL ? REFUSAL_NOT_A_MEMBER : errand_swap(hall, member, message);
    if (refusal != REFUSAL_NONE) {
        send_refused(hall, &conn->peer, member == NULL ? NULL : member->replica->id,
                     message->swap.id, refusal);
    }
}
