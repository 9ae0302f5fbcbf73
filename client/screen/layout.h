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
    struct rect talk;
    struct rect replay; /* recordings only: 2 lines */
    struct rect status; /* 1 line */
    struct rect keys;   /* 1 or 2 lines */
    int rules[4];       /* rows of horizontal rules over the whole width, -1: none */
    int column_rule[2]; /* columns of vertical rules, -1: none */
};

enum { LAYOUT_WIDTH_MIN = 40, LAYOUT_HEIGHT_MIN = 12 };

/* phases: how many the framework has; recording: room for the replay bar; alarms: how many lines
 * the alarms and what is suggested need (0: none is due). They get them as far as the pane below,
 * or the people, keep enough. */
struct layout layout_compute(int width, int height, int phases, bool recording, int alarms);

#endif
