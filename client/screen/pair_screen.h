/* SPDX-License-Identifier: ISC */
/*
 * pair_screen.h: the screen of somebody who waits for a partner: what it shows, and what its keys
 * change.
 *
 * A picture is a function of this state and a moment: nothing here reads a clock or a terminal.
 * What the person asks for is a draft until Enter: so nobody is paired on the way from one wish to
 * another.
 */
#ifndef SPAR_CLIENT_SCREEN_PAIR_SCREEN_H
#define SPAR_CLIENT_SCREEN_PAIR_SCREEN_H

#include "client/feed/pair.h"
#include "client/screen/paint.h"

/* What the person wants to be done; the owner does it and sets it back. */
enum pair_wish {
    PAIR_WISH_NOTHING,
    PAIR_WISH_WAIT,
    PAIR_WISH_LEAVE,
    PAIR_WISH_AVOID, /* the partner of the last match, from now on */
    PAIR_WISH_COMING,
    PAIR_WISH_REDRAW
};

struct pair_screen {
    const struct pair_state *state;
    int64_t mono;            /* monotonic ms; set before each drawing */
    struct pair_wants wants; /* the draft */
    uint64_t chosen;         /* of the draft: bits of state->packs */
    int cursor, top;         /* row with the cursor; first visible line */
    bool asking;             /* whether to leave the queue */
    bool avoiding;           /* asks whether not to meet the last partner again */
    bool helping;            /* the page of keys is shown */
    enum pair_wish wish;
};

void pair_screen_init(struct pair_screen *screen, const struct pair_state *state);
/* Whether the draft differs from what is waited for. */
bool pair_screen_differs(const struct pair_screen *screen);
/* Whether there was a match whose partner one may not want again. */
bool pair_screen_had_partner(const struct pair_screen *screen);
void pair_screen_key(struct pair_screen *screen, int code);
void pair_screen_draw(struct pair_screen *screen, struct paint *paint);
/* Whether there is a connection, be it silent. */
bool pair_screen_is_live(const struct pair_screen *screen);
/* Real ms until what is shown changes by itself; -1: it does not. */
int64_t pair_screen_next_change(const struct pair_screen *screen);
/* Room ms that the person has waited; 0: not waiting. */
int64_t pair_screen_waited(const struct pair_screen *screen);

/* Rows that the cursor stands on. */
enum pair_row {
    PAIR_ROW_ROLE,
    PAIR_ROW_LEVEL,
    PAIR_ROW_MINUTES,
    PAIR_ROW_EXTRA,
    PAIR_ROW_WAIT,
    PAIR_ROW_ANY,
    PAIR_ROW_PACKS
};

#endif
