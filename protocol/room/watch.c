/* SPDX-License-Identifier: ISC */
/*
 * watch.c: the part of the fold that holds which coaches only watch, from a wall of many rooms.
 *
 * Invariants: a coach says so of their own seat; coming in again takes it back.
 */
#include "protocol/room/part.h"

static enum refusal check(const struct room *room, uint8_t by, const struct body *body) {
    if (room->rules < 2) {
        return REFUSAL_UNKNOWN_ACTION;
    }
    return room->seats[by].watching == (body->on != 0) ? REFUSAL_SAME : REFUSAL_NONE;
}

enum refusal watch_decide(const struct room *room, uint8_t by, struct body *out) {
    return check(room, by, out);
}

enum apply_result watch_apply(struct room *room, const struct event *event,
                              const struct part_packs *packs) {
    (void)packs;
    if (check(room, event->by, &event->body) != REFUSAL_NONE) {
        return APPLY_INVALID;
    }
    room->seats[event->by].watching = event->body.on != 0;
    return APPLY_OK;
}
