/* SPDX-License-Identifier: ISC */
/*
 * drawing.c: the part of the fold that holds the board and the worksheet: who may change them.
 *
 * Invariants: the candidate draws; an interviewer only where the room lets them; the worksheet is
 * the candidate's alone, and the panel points. What is on the board is board.h's.
 */
#include "protocol/room/part.h"

static bool is_interviewer(const struct room *room, uint8_t seat) {
    return seat < room->seat_count && room->seats[seat].role == ROLE_INTERVIEWER;
}

bool room_may_draw(const struct room *room, uint8_t seat) {
    bool live = room->stage == STAGE_RUNNING || room->stage == STAGE_PAUSED;
    bool may = seat < room->seat_count && (room->seats[seat].role == ROLE_CANDIDATE ||
                                           (is_interviewer(room, seat) && room->board.shared));
    return live && may && room->rules >= 2;
}

enum refusal drawing_decide(const struct room *room, uint8_t by, struct body *out) {
    if (room->rules < 2) {
        return REFUSAL_NO_BOARD;
    }
    bool draws = action_row(out->act)->who == W_DRAWER;
    if (draws && is_interviewer(room, by) && !room->board.shared) {
        return REFUSAL_BOARD_CLOSED;
    }
    return board_check(&room->board, by, out);
}

enum apply_result drawing_apply(struct room *room, const struct event *event,
                                const struct part_packs *packs) {
    (void)packs;
    if (board_check(&room->board, event->by, &event->body) != REFUSAL_NONE) {
        return APPLY_INVALID;
    }
    return board_take(&room->board, event->by, &event->body, event->made) ? APPLY_OK
                                                                          : APPLY_NO_MEMORY;
}
