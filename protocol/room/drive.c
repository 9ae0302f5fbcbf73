/* SPDX-License-Identifier: ISC */
/*
 * drive.c: the part of the fold that says which of several interviewers drives the clock.
 *
 * Invariants: nobody is forbidden anything until somebody was given the clock, as in all rooms
 * before this was there; any interviewer may take it or hand it over at any time; who has gone away
 * holds nobody up.
 */
#include <stdio.h>

#include "protocol/room/part.h"

static bool is_interviewer(const struct room *room, int64_t seat) {
    return seat >= 0 && seat < room->seat_count && room->seats[seat].role == ROLE_INTERVIEWER &&
           room->seats[seat].hold == HOLD_KEPT;
}

/* Who was given the clock and is there; -1: nobody. */
static int named_driver(const struct room *room) {
    return is_interviewer(room, room->driver) && room->seats[room->driver].here ? room->driver : -1;
}

bool drive_forbids(const struct room *room, uint8_t by, enum action act) {
    bool moves = act == ACTION_CLOCK_START || act == ACTION_CLOCK_PAUSE ||
                 act == ACTION_CLOCK_RESUME || act == ACTION_CLOCK_JUMP ||
                 act == ACTION_CLOCK_ADD || act == ACTION_CLOCK_PLAN || act == ACTION_CLOCK_FINISH;
    return moves && by != SEAT_SERVER && room_clock_is_anothers(room, by);
}

bool room_clock_is_anothers(const struct room *room, uint8_t seat) {
    int driver = named_driver(room);
    return driver >= 0 && driver != seat;
}

int room_driver(const struct room *room) {
    int first = -1;
    int count = 0;
    for (int i = room->seat_count - 1; i >= 0; i--) {
        if (is_interviewer(room, i)) {
            first = i;
            count++;
        }
    }
    if (count < 2) {
        return -1;
    }
    if (named_driver(room) >= 0) {
        return named_driver(room);
    }
    for (int i = room->move_count; i > 0; i--) {
        if (is_interviewer(room, room->moves[i - 1].by)) {
            return room->moves[i - 1].by;
        }
    }
    return first;
}

const char *drive_text(const struct room *room, char out[DRIVE_TEXT_MAX]) {
    int driver = named_driver(room);
    if (driver < 0) {
        return NULL;
    }
    snprintf(out, DRIVE_TEXT_MAX, "%s drives the clock; take it over first, or ask them.",
             room->seats[driver].name);
    return out;
}

enum refusal drive_decide(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    if (!is_interviewer(room, out->seat)) {
        return REFUSAL_NO_SUCH_SEAT;
    }
    return out->seat == room->driver ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result drive_apply(struct room *room, const struct event *event,
                              const struct part_packs *packs) {
    (void)packs;
    if (!is_interviewer(room, event->body.seat)) {
        return APPLY_INVALID;
    }
    room->driver = (int8_t)event->body.seat;
    room->driven = ++room->hands;
    room->driven_by = event->by;
    return APPLY_OK;
}
