/* SPDX-License-Identifier: ISC */
/*
 * share.c: what each seat may still write, so that nobody spends what is another's.
 *
 * Each audience has a bound of its own for each seat, never one for all seats or for several
 * audiences: else a refusal would tell somebody what others, or those whom they may not read,
 * have written. Whoever has a seat next has a share of the board of their own. Clock moves, the
 * board and coming in have bounds of their own, and what ends a room
 * is not counted at all. Invariants: only decide asks; the counts follow from the events applied,
 * so the fold takes any older log, whatever bounds it was written under.
 */
#include "protocol/room/part.h"

enum {
    SEAT_EVENTS = ROOM_SEAT_ALL_MAX + ROOM_SEAT_PANEL_MAX + ROOM_SEAT_OWN_MAX +
                  2 * ROOM_SEAT_MOVES_MAX + ROOM_SEAT_BOARD_MAX + 2 * ROOM_SEAT_JOINS_MAX +
                  3 * ROOM_SEAT_COMPANION_LINKS_MAX, /* made, taken, ended */
    /* The openings, the finish, the debrief, the end, the next room. */
    ROOM_EVENTS_OF_NOBODY = 64
};
_Static_assert(ROOM_SEATS_MAX *SEAT_EVENTS + ROOM_REVEALS_MAX + ROOM_INVITES_MAX +
                       ROOM_CHANGES_LAST + ROOM_BOARD_PAST_MAX +
                       BOARD_PICTURES_MAX * BOARD_PICTURE_PARTS + ROOM_EVENTS_OF_NOBODY <=
                   ROOM_EVENTS_LAST,
               "a room holds what all its seats may write");
_Static_assert(ROOM_SEATS_MAX *(ROOM_SEAT_SAID_MAX + ROOM_SEAT_TOLD_MAX + ROOM_SEAT_NOTED_MAX) <=
                   ROOM_NOTES_MAX,
               "a room holds the lines that all its seats may write");
/* Each finish that was taken back can be followed by another. */
_Static_assert(2 * ROOM_SEATS_MAX * ROOM_SEAT_MOVES_MAX < ROOM_MOVES_MAX,
               "the finish has a place, whoever moved the clock and how often");

static bool is_full(const struct room_seat *seat, enum audience audience) {
    uint32_t own = seat->own_past;
    switch (audience_row(audience)->circle) {
    case CIRCLE_ALL: return seat->all_count >= ROOM_SEAT_ALL_MAX;
    case CIRCLE_PANEL: return seat->panel_count >= ROOM_SEAT_PANEL_MAX;
    case CIRCLE_AUTHOR:
        for (int i = 0; i < MOMENT_COUNT; i++) {
            own += seat->own_count[i];
        }
        return own >= ROOM_SEAT_OWN_MAX;
    case CIRCLE_NOBODY: break;
    }
    return false;
}

enum refusal share_decide(const struct room *room, uint8_t by, enum share share,
                          enum audience audience) {
    if (room->pos >= ROOM_EVENTS_LAST) {
        return REFUSAL_ROOM_LIMIT;
    }
    if (by >= room->seat_count || share == SHARE_NONE) {
        return REFUSAL_NONE;
    }
    const struct room_seat *seat = &room->seats[by];
    if (share == SHARE_BOARD) {
        return seat->drawn < ROOM_SEAT_BOARD_MAX ? REFUSAL_NONE : REFUSAL_BOARD_LIMIT;
    }
    bool full = share == SHARE_MOVES ? seat->moves >= ROOM_SEAT_MOVES_MAX : is_full(seat, audience);
    return full ? REFUSAL_SEAT_LIMIT : REFUSAL_NONE;
}

enum refusal share_decide_req(const struct room *room, uint8_t by) {
    uint32_t past = room->seats[by].reqs_past;
    uint32_t own = room->board.reqs - past;
    /* Half of what was left, so that whoever comes next has some. */
    return own < (BOARD_REQ_NUMBER_MAX - past + 1) / 2 ? REFUSAL_NONE : REFUSAL_BOARD_LIMIT;
}

void share_hand_on(struct room *room, struct room_seat *seat) {
    uint32_t left = ROOM_BOARD_PAST_MAX - room->drawn_past;
    uint32_t past = seat->drawn < left ? seat->drawn : left;
    seat->drawn -= past;
    seat->drawn_past += past;
    room->drawn_past += past;
    seat->reqs_past = (uint16_t)room->board.reqs;
}

enum refusal share_decide_line(const struct room *room, uint8_t by, enum line_kind kind) {
    const struct room_seat *seat = &room->seats[by];
    switch (kind) {
    case LINE_NOTE_MINE:
        return seat->noted < ROOM_SEAT_NOTED_MAX ? REFUSAL_NONE : REFUSAL_SEAT_LIMIT;
    case LINE_NOTE_PANEL:
    case LINE_WHISPER: return seat->told < ROOM_SEAT_TOLD_MAX ? REFUSAL_NONE : REFUSAL_SEAT_LIMIT;
    case LINE_NOTE_ALL:
    case LINE_SAY: break;
    }
    return seat->said < ROOM_SEAT_SAID_MAX ? REFUSAL_NONE : REFUSAL_SEAT_LIMIT;
}

enum refusal share_decide_join(const struct room *room, int64_t seat, int64_t at) {
    if (seat >= room->seat_count) {
        return REFUSAL_NONE;
    }
    const struct room_seat *held = &room->seats[seat];
    if (held->session >= ROOM_SEAT_JOINS_MAX) {
        return REFUSAL_SEAT_LIMIT;
    }
    return held->join_due - at <= (ROOM_JOIN_BURST - 1) * (int64_t)ROOM_JOIN_EVERY_MS
               ? REFUSAL_NONE
               : REFUSAL_TOO_FAST;
}

void share_count_join(struct room_seat *seat, int64_t at) {
    seat->join_due = (seat->join_due > at ? seat->join_due : at) + ROOM_JOIN_EVERY_MS;
}

void share_count(struct room_seat *seat, enum share share, enum audience audience) {
    if (share != SHARE_AUDIENCE) {
        seat->moves += share == SHARE_MOVES;
        seat->drawn += share == SHARE_BOARD;
        return;
    }
    enum circle circle = audience_row(audience)->circle;
    seat->all_count += circle == CIRCLE_ALL;
    seat->panel_count += circle == CIRCLE_PANEL;
}

void share_count_line(struct room_seat *seat, enum line_kind kind) {
    seat->noted += kind == LINE_NOTE_MINE;
    seat->told += kind == LINE_NOTE_PANEL || kind == LINE_WHISPER;
    seat->said += kind == LINE_NOTE_ALL || kind == LINE_SAY;
}
