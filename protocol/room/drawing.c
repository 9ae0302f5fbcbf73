/* SPDX-License-Identifier: ISC */
/*
 * drawing.c: the part of the fold that holds the board and the worksheet: who may change them.
 *
 * Invariants: the candidate draws; an interviewer only where the room lets them; the worksheet is
 * the candidate's alone, and the panel points. No name of a line or a column stands in an ordinary
 * room. What is on the board is board.h's.
 */
#include <string.h>

#include "protocol/room/part.h"

_Static_assert(BOARD_AHEAD_MAX + BOARD_AHEAD_EACH * ROOM_SEAT_BOARD_MAX + ROOM_BOARD_PAST_MAX <
                   BOARD_IDS,
               "a seat has numbers for as long as it may change the board, whoever had it before");
_Static_assert(BOARD_AHEAD_MAX >= PENDING_COMMANDS_MAX,
               "of a client's commands all but the last may be refused");

static bool is_interviewer(const struct room *room, uint8_t seat) {
    return seat < room->seat_count && room->seats[seat].role == ROLE_INTERVIEWER;
}

bool room_may_draw(const struct room *room, uint8_t seat) {
    bool live = room->stage == STAGE_RUNNING || room->stage == STAGE_PAUSED;
    bool may = seat < room->seat_count && (room->seats[seat].role == ROLE_CANDIDATE ||
                                           (is_interviewer(room, seat) && room->board.shared));
    return live && may && room->rules >= 2;
}

bool room_names_lines(const struct room *room) {
    return room->pack && (room->mode & (MODE_GUIDED | MODE_TRAINING)) != 0;
}

static bool is_begun(const struct board *board, const char *slot) {
    size_t len = strlen(slot);
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        bool line = thing->kind == BOARD_REQ || thing->kind == BOARD_LINE;
        if (line && !thing->dropped && strncmp(thing->text, slot, len) == 0) {
            return true;
        }
    }
    return false;
}

const char *room_open_slot(const struct room *room, const struct board *board, unsigned index) {
    for (uint8_t i = 0; room_names_lines(room) && i < room->pack->slot_count; i++) {
        const char *slot = room->pack->slots[i];
        if (!is_begun(board, slot) && index-- == 0) {
            return slot;
        }
    }
    return NULL;
}

/* How high the number of a new thing may be, by what the seat's owners have drawn so far. */
static uint32_t numbers_of(const struct room_seat *seat) {
    uint32_t drawn = seat->drawn + seat->drawn_past;
    uint32_t first = drawn < ROOM_SEAT_BOARD_MAX ? drawn : ROOM_SEAT_BOARD_MAX;
    return BOARD_AHEAD_MAX + BOARD_AHEAD_EACH * first + (drawn - first);
}

enum refusal drawing_decide(const struct room *room, uint8_t by, struct body *out) {
    if (room->rules < 2) {
        return REFUSAL_NO_BOARD;
    }
    bool draws = action_row(out->act)->who == W_DRAWER;
    if (draws && is_interviewer(room, by) && !room->board.shared) {
        return REFUSAL_BOARD_CLOSED;
    }
    enum refusal refusal = board_check(&room->board, by, out);
    if (refusal == REFUSAL_NONE &&
        !board_is_near(&room->board, by, out, numbers_of(&room->seats[by]))) {
        return REFUSAL_BOARD_ID;
    }
    if (refusal == REFUSAL_NONE && out->act == ACTION_REQ_ADD) {
        return share_decide_req(room, by);
    }
    return refusal;
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
