/* SPDX-License-Identifier: ISC */
/*
 * move.c: the only interviewer's seat is moved for somebody who has none in the room; the answer is
 * the new link's secret, once the move is durable.
 */
#include <stdlib.h>
#include <string.h>

#include "server/peer/send.h"
#include "server/request/request.h"
#include "server/room/replica.h"

struct moving {
    struct request request; /* first */
    char room[ROOM_ID_BYTES + 1];
};

static void moving_free(struct request *request) {
    free(request);
}

static void on_step(struct request *request) {
    (void)request; /* it only waits for the journal */
}

static void on_moved(void *owner, enum refusal why, uint8_t seat, const char *secret) {
    struct moving *moving = owner;
    struct request *request = &moving->request;
    request->asking = false;
    if (why == REFUSAL_NONE && request->peer != NULL) {
        struct message message = {.kind = MESSAGE_INVITED, .room = span_of(moving->room)};
        message.invited.role = ROLE_INTERVIEWER;
        message.invited.seat = seat;
        message.invited.secret = span_of(secret);
        send_message(request->requests->desk, request->peer, &message);
        request_end(request);
    } else if (why == REFUSAL_NONE) {
        request_end(request);
    } else {
        request_refuse(request, why);
    }
}

enum refusal request_move(struct requests *requests, struct following *rooms, struct peer *peer,
                          const struct message *asked, const char *name) {
    if (peer->request_count >= REQUESTS_MAX) {
        return REFUSAL_TOO_FAST;
    }
    if (!seat_room_id_valid(asked->room)) {
        return REFUSAL_NO_SUCH_ROOM;
    }
    struct moving *moving = calloc(1, sizeof *moving);
    if (moving == NULL) {
        return REFUSAL_INTERNAL;
    }
    memcpy(moving->room, asked->room.at, ROOM_ID_BYTES);
    moving->request.step = on_step;
    moving->request.free = moving_free;
    const struct move_request move = {.room = asked->room,
                                      .name = name != NULL ? span_of(name) : (struct span){0},
                                      .done = on_moved,
                                      .owner = moving};
    enum refusal refusal = replica_move(rooms, &move);
    if (refusal != REFUSAL_NONE) {
        free(moving);
        return refusal;
    }
    request_begin(&moving->request, requests, peer, asked->move.id);
    moving->request.asking = true;
    return REFUSAL_NONE;
}
