/* SPDX-License-Identifier: ISC */
/*
 * points.h: three strengths and three next steps, proposed from the marks of one sheet; the panel
 * edits them in its verdict. Pure, like insight.h.
 *
 * Items are taken in groups that a person can act upon: those that show one competency, or, where
 * the pack names none, of one phase and kind. A strength is a group of which much was raised
 * unasked. A next step is a flag that stands, then a phase that was never reached, then a group of
 * which most is missing.
 */
#ifndef SPAR_PROTOCOL_ROOM_POINTS_H
#define SPAR_PROTOCOL_ROOM_POINTS_H

#include "protocol/room/room.h"

enum { POINTS_MAX = 3, POINT_SIZE = 480 };

struct point {
    char words[POINT_SIZE];
    const char *fix; /* borrowed from the pack: what to do instead; NULL if the words say it */
};
struct points {
    struct point strengths[POINTS_MAX], steps[POINTS_MAX];
    int strength_count, step_count;
};

/* Of the sheet of that owner (SEAT_SERVER: the panel's). Fewer than three where the marks give no
 * more. */
void points_propose(const struct room *room, uint8_t owner, struct points *out);
/* Whether an item that did not come up is missing: it is asked of the prompt's level, and its group
 * has not had enough without it. */
bool points_is_missing(const struct room *room, uint8_t owner, int item);

#endif
