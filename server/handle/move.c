/* SPDX-License-Identifier: ISC */
/*
 * move.c: the seat of the only interviewer, moved by who runs the server or by a coach of the
 * room's cohort: the interviewer's key is gone, and nobody in the room could do it.
 */
#include "server/base/seat.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"
#include "server/request/request.h"

static enum refusal move(struct handling *at, struct peer *peer, const struct message *message) {
    struct span cohort = message->move.cohort;
    uint8_t hash[HASH_BYTES];
    if (cohort.len == 0) {
        bool host =
            seat_secret_hash(message->move.secret, hash) && random_hash_equal(hash, at->host_hash);
        return host ? request_move(at->requests, at->rooms, peer, message, NULL)
                    : REFUSAL_HOSTING_CLOSED;
    }
    const struct attendee *attendee = attendee_inside(peer, cohort);
    if (attendee == NULL || !attendee_is_coach(attendee)) {
        return attendee == NULL ? REFUSAL_NO_SUCH_COHORT : REFUSAL_NOT_A_COACH;
    }
    const struct cohort *known = &attendee->cohort->cohort;
    if (cohort_room_of_id(known, message->room) < 0) {
        return REFUSAL_NO_SUCH_ROOM;
    }
    return request_move(at->requests, at->rooms, peer, message,
                        known->members[attendee->member].name);
}

void handle_MOVE(struct handling *at, struct peer *peer, const struct message *message) {
    enum refusal refusal = move(at, peer, message);
    if (refusal != REFUSAL_NONE) {
        send_refused(at->desk, peer, NULL, message->move.id, refusal);
    }
}
