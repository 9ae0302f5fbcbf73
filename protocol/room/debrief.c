/* SPDX-License-Identifier: ISC */
/*
 * debrief.c: the end of a room: the candidate's own sheet, which opens a little after the finish,
 * the debrief, which opens what was kept from the candidate, the swap into the next room with the
 * roles turned, and the closing. Invariants: a debrief opens once and stays open; a room closed
 * without one never opens it; a room has at most one next room.
 */
#include <string.h>

#include "protocol/room/part.h"
#include "protocol/room/view.h"

enum refusal sheet_decide_open(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    (void)out;
    return view_titles_are_open(room) ? REFUSAL_SAME : REFUSAL_NONE;
}

/* The moment is counted where all are; nothing else changes. */
enum apply_result sheet_apply_open(struct room *room, const struct event *event,
                                   const struct part_packs *packs) {
    (void)room;
    (void)event;
    (void)packs;
    return APPLY_OK;
}

int64_t room_sheet_due(const struct room *room) {
    bool waits = room->stage == STAGE_FINISHED && !view_titles_are_open(room);
    return waits ? room->clock.finished_at + SHEET_OPENS_MS : -1;
}

enum refusal debrief_decide(const struct room *room, uint8_t by, struct body *out) {
    (void)room;
    (void)by;
    (void)out;
    return REFUSAL_NONE;
}

/* A coach ends what others have left behind, not what they are in. Clients of the first rules'
 * rooms know no such end. That it is a coach of the room's cohort, the server sees to. */
enum refusal debrief_decide_close(const struct room *room, uint8_t by, struct body *out) {
    (void)out;
    if (room->seats[by].role == ROLE_INTERVIEWER) {
        bool runs = room->stage == STAGE_RUNNING || room->stage == STAGE_PAUSED;
        return runs ? REFUSAL_WRONG_STAGE : REFUSAL_NONE;
    }
    if (room->rules < 2 || room->cohort[0] == '\0') {
        return REFUSAL_NOT_ALLOWED;
    }
    return room_abandoned_at(room) < 0 ? REFUSAL_NOT_EMPTY : REFUSAL_NONE;
}

enum apply_result debrief_apply_open(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)event;
    (void)packs;
    room->stage = STAGE_DEBRIEF;
    return APPLY_OK;
}

enum apply_result debrief_apply_close(struct room *room, const struct event *event,
                                      const struct part_packs *packs) {
    (void)event;
    (void)packs;
    room->stage = STAGE_CLOSED;
    return APPLY_OK;
}

/* Those whose roles turn; before both had to agree either of them asked. */
static bool may_swap(const struct room *room, int64_t seat) {
    return seat < room->seat_count &&
           (room->seats[seat].role == ROLE_INTERVIEWER || room->seats[seat].role == ROLE_CANDIDATE);
}

enum refusal debrief_decide_swap(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    if (!span_is_id(out->next)) {
        return REFUSAL_BAD_FIELD;
    }
    if (room->next[0] != '\0') {
        return REFUSAL_SAME;
    }
    /* Who will interview next chose the prompt, and nobody else: they read the answers to it. */
    if (!may_swap(room, out->seat) || room->seats[out->seat].role != ROLE_CANDIDATE) {
        return REFUSAL_NOT_ALLOWED;
    }
    return room_turn_is_agreed(room) ? REFUSAL_NONE : REFUSAL_NOT_AGREED;
}

enum apply_result debrief_apply_swap(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)packs;
    const struct body *body = &event->body;
    if (!span_is_id(body->next) || !may_swap(room, body->seat) || room->next[0] != '\0') {
        return APPLY_INVALID;
    }
    memcpy(room->next, body->next.at, ROOM_ID_BYTES);
    return APPLY_OK;
}
