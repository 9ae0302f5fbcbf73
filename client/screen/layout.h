/* SPDX-License-Identifier: ISC */
/*
 * layout.h: where each pane of a screen is, from the size alone. Pure.
 *
 * Two shapes: a strip (clock in a band on top, one pane below), which fits 80x24; and, from
 * 110x30 on, columns (clock, phases and people on the left, the pane and the talk on the right;
 * from 170 columns on the talk has a column of its own). Panes never overlap and never leave the
 * screen; one that does not fit has width or height 0.
 */
#ifndef SPAR_CLIENT_SCREEN_LAYOUT_H
#define SPAR_CLIENT_SCREEN_LAYOUT_H

#include <stdbool.h>

struct rect {
    int x, y, width, height;
};

enum layout_shape { LAYOUT_TOO_SMALL, LAYOUT_STRIP, LAYOUT_COLUMNS };

struct layout {
    enum layout_shape shape;
    struct rect header; /* 1 line */
    struct rect clock;
    struct rect alarms;
    struct rect phases;
    struct rect people; /* columns only */
    struct rect tabs;   /* 1 line */
    struct rect pane;
    struct rect side; /* of a board beside the pane, its head's line first */
    struct rect talk;
    struct rect replay; /* recordings only: 2 lines */
    struct rect status; /* 1 line; more while several are being written */
    struct rect keys;   /* 1 or 2 lines */
    int rules[4];       /* rows of horizontal rules over the whole width, -1: none */
    int column_rule[2]; /* columns of vertical rules, -1: none */
};

enum { LAYOUT_WIDTH_MIN = 40, LAYOUT_HEIGHT_MIN = 12, LAYOUT_SIDE_FROM = 120 };
/* What a board makes of it: always a strip then. */
enum layout_board {
    LAYOUT_NO_BOARD,
    LAYOUT_BOARD_SIDE,  /* beside the pane, from LAYOUT_SIDE_FROM columns on */
    LAYOUT_BOARD_WHOLE, /* the pane is as large as can be: little talk, and a clock of one line */
};

/* What a screen has to have place for. */
struct layout_needs {
    int phases;     /* how many the framework has */
    bool recording; /* the replay bar */
    int alarms;     /* lines that the alarms and what is suggested need; 0: none is due. They get
                     * them as far as the pane below, or the people, keep enough. */
    int writing;    /* lines of what is being written; 0: nothing is */
    enum layout_board board;
    bool silent; /* nothing was said yet: a board alone needs no place for it */
    bool talks;  /* the pane itself shows all that was said: it needs no other place */
};

/* How many lines what is being written may have in a window of that height. */
int layout_writing_max(int height);
struct layout layout_compute(int width, int height, const struct layout_needs *needs);

#endif
