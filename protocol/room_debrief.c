/*
 * room_debrief.c: the end of a room: the debrief, which opens what was kept from the candidate, and the
 * closing. Invariant: a debrief opens once and stays open; a room closed without one never opens it.
 */
#include "protocol/room_part.h"

enum refusal debrief_decide(const struct room *room, int64_t at, struct body *out) {
    (void)room;
    (void)at;
    (void)out;
    return REFUSAL_NONE;
}

enum apply_result debrief_apply_open(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)event;
    (void)packs;
    room->stage = STAGE_DEBRIEF;
    room->opened = true;
    return APPLY_OK;
}

enum apply_result debrief_apply_close(struct room *room, const struct event *event,
                                      const struct part_packs *packs) {
    (void)event;
    (void)packs;
    room->stage = STAGE_CLOSED;
    return APPLY_OK;
}
