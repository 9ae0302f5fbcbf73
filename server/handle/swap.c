/* SPDX-License-Identifier: ISC */
/*
 * swap.c: the second half of an interview, with the roles turned.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/room/replica.h"

void handle_SWAP(struct handling *at, struct peer *peer, const struct message *message) {
    struct desk *desk = at->desk;
    struct member *member = member_find(peer, message->room);
    if (member != NULL && !member_may_write(member, message->swap.id)) {
        handle_parts_end(peer);
        return;
    }
    if (member != NULL && !handle_may_open(at, peer, message)) {
        handle_parts_end(peer);
        return;
    }
    struct message whole = *message;
    enum refusal refusal = member == NULL
                               ? REFUSAL_NOT_A_MEMBER
                               : handle_bodies(at, peer, message->swap.id, message->swap.shelf,
                                               &whole.swap.pack, &whole.swap.panel);
    if (refusal == REFUSAL_NONE) {
        refusal = request_swap(at->requests, member, &whole);
    }
    if (refusal != REFUSAL_NONE) {
        send_refused(desk, peer, member == NULL ? NULL : member->replica->followed.id,
                     message->swap.id, refusal);
    }
    handle_parts_end(peer);
}
