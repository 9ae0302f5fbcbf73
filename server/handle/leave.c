/* SPDX-License-Identifier: ISC */
/*
 * leave.c: gives a seat up; the connection stays.
 */
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"

void handle_LEAVE(struct handling *at, struct peer *peer, const struct message *message) {
    struct member *member = member_find(peer, message->room);
    if (member != NULL) {
        member_quit(member);
    } else {
        send_refused(at->desk, peer, NULL, 0, REFUSAL_NOT_A_MEMBER);
    }
}
