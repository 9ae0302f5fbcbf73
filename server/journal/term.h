/* SPDX-License-Identifier: ISC */
/*
 * term.h: for how long a log is kept: what the server is told to keep, and what a room's own
 * opening says (room.keep), by which it goes as soon as its time is over.
 *
 * A room that keeps nothing goes when it is over: closed and left, or left for an hour once its
 * clock has run; one that nobody ever began, after a month. Pure.
 */
#ifndef SPAR_SERVER_JOURNAL_TERM_H
#define SPAR_SERVER_JOURNAL_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/wire/event.h"

enum {
    TERM_LEFT_MS = 60 * 60 * 1000,
    TERM_LOOK_MS = 10 * 60 * 1000 /* room time between two looks at what is over */
};
#define TERM_DAY_MS       (INT64_C(24) * 60 * 60 * 1000)
#define TERM_NOT_BEGUN_MS (30 * TERM_DAY_MS)

/* What a room's events say of it. Zeroed before the first. */
struct term {
    int64_t kept; /* days; 0: nothing; without has: as the server does */
    bool has, begun, closed;
    uint32_t here; /* bits: seats that somebody is in */
    int64_t last;  /* room time of the last event */
};

void term_look(struct term *term, const struct event *event);
/* Whether the room's own time is over. now: room time. */
bool term_is_over(const struct term *term, int64_t now);

/* What the chore JOURNAL_KEEP is of: logs whose last event is before `before` (-1: none are too
 * old), and rooms whose own time is over by `now`; both room time. */
enum { TERM_TEXT_MAX = 48 };
void term_write(char text[TERM_TEXT_MAX], int64_t before, int64_t now);
bool term_read(const char *text, int64_t *before, int64_t *now) __attribute__((warn_unused_result));

#endif
