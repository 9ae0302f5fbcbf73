/* SPDX-License-Identifier: ISC */
/*
 * hand.c: the part of the fold that holds raised hands, which call a coach.
 *
 * Invariants: only its owner raises a hand; its owner and the panel lower it; nothing else does.
 */
#include "protocol/room/part.h"

/* Whose hand the body is about. */
static int64_t seat_of(const struct body *body, uint8_t by) {
    return body->has & F(seat) ? body->seat : by;
}

static enum refusal check(const struct room *room, uint8_t by, const struct body *body) {
    int64_t seat = seat_of(body, by);
    if (seat >= room->seat_count) {
        return REFUSAL_BAD_FIELD;
    }
    if (seat != by && (body->on || !room_is_panel(room, by))) {
        return REFUSAL_NOT_ALLOWED;
    }
    return room->seats[seat].hand == (body->on != 0) ? REFUSAL_SAME : REFUSAL_NONE;
}

enum refusal hand_decide(const struct room *room, uint8_t by, struct body *out) {
    return check(room, by, out);
}

enum apply_result hand_apply(struct room *room, const struct event *event,
                             const struct part_packs *packs) {
    (void)packs;
    if (check(room, event->by, &event->body) != REFUSAL_NONE) {
        return APPLY_INVALID;
    }
    struct room_seat *seat = &room->seats[seat_of(&event->body, event->by)];
    seat->hand = event->body.on != 0;
    seat->hand_at = event->made;
    return APPLY_OK;
}
