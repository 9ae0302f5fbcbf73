/* SPDX-License-Identifier: ISC */
/*
 * join.c: a seat in a room, taken for the first time by a link's secret or again by key alone.
 */
#include <string.h>

#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/room/replica.h"

void handle_JOIN(struct handling *at, struct peer *peer, const struct message *message) {
    struct desk *desk = at->desk;
    struct join_request request = {.room = message->room,
                                   .secret = message->join.secret,
                                   .name = message->join.name,
                                   .keep_name = message->join.keep,
                                   .look = message->join.look,
                                   .companion = (enum companion)message->join.companion,
                                   .after = message->join.after,
                                   .shown = message->join.shown};
    enum refusal refusal = replica_join(at->rooms, peer, &request);
    if (refusal != REFUSAL_NONE) {
        char room[ROOM_ID_BYTES + 1] = {0};
        memcpy(room, message->room.at,
               message->room.len < ROOM_ID_BYTES ? message->room.len : ROOM_ID_BYTES);
        send_refused(desk, peer, room, 0, refusal);
    }
}
