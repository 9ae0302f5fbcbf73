/* SPDX-License-Identifier: ISC */
/*
 * layout.h: where everything of a board stands, in whole units, so that terminal, SVG and page draw
 * the same numbers. A unit is a column or a line of a terminal.
 *
 * The place of a box follows from its own cell alone, the way of an arrow from its two boxes and
 * those between them: nothing else moves when something is added.
 */
#ifndef SPAR_PROTOCOL_BOARD_LAYOUT_H
#define SPAR_PROTOCOL_BOARD_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/board/board.h"

enum {
    LAYOUT_BOX_WIDTH = 16,
    LAYOUT_BOX_HEIGHT = 5,
    LAYOUT_COL = 21, /* from one column to the next */
    LAYOUT_ROW = 6,
    LAYOUT_LEFT = 2, /* before the first column: frames and arrows have a place there */
    LAYOUT_TOP = 1,
    LAYOUT_WIDTH_MAX = LAYOUT_LEFT + BOARD_COLS_MAX * LAYOUT_COL,
    LAYOUT_HEIGHT_MAX = LAYOUT_TOP + BOARD_ROWS_MAX * LAYOUT_ROW,
    LAYOUT_POINTS_MAX = 6,
    /* Where there is less room a terminal draws boxes narrower, down to this. */
    LAYOUT_BOX_MIN = 10
};

struct layout_rect {
    int16_t x, y, w, h;
};
struct layout_point {
    int16_t x, y;
};
/* A box, a frame, or a span (whose h is 1). */
struct layout_area {
    const struct board_thing *thing;
    struct layout_rect rect;
};
/* From the side of one box to that of the other; each stretch is level or upright. */
struct layout_arrow {
    const struct board_thing *thing;
    struct layout_point points[LAYOUT_POINTS_MAX]; /* the last one is its head */
    uint8_t count;
    struct layout_point label; /* the middle of its longest level stretch */
    int16_t label_width;       /* what there is for it */
};
struct board_layout {
    struct layout_area boxes[BOARD_BOXES_MAX];
    struct layout_area frames[BOARD_FRAMES_MAX];
    struct layout_area spans[BOARD_SPANS_MAX];
    struct layout_arrow arrows[2 * BOARD_ARROWS_MAX];
    const struct board_thing *strokes[BOARD_STROKES_MAX];
    uint16_t box_count, frame_count, span_count, arrow_count, stroke_count;
    uint8_t cols, rows;    /* so many are used */
    uint8_t box;           /* how wide a box is: LAYOUT_BOX_MIN to LAYOUT_BOX_WIDTH */
    int16_t width, height; /* of all of it; an empty board has one cell */
};

/* Where a cell's box stands. */
struct layout_rect layout_cell(int col, int row);
/* Lays out what is shown; borrows the board, which must not change meanwhile. */
void layout_board(const struct board *board, struct board_layout *out);
/* The same with boxes of that width, LAYOUT_BOX_MIN to LAYOUT_BOX_WIDTH. */
struct layout_rect layout_narrow_cell(int box, int col, int row);
void layout_narrow_board(const struct board *board, int box, struct board_layout *out);
/* From one column to the next, with boxes of that width. */
int layout_pitch(int box);
/* Where a column of units of the full width stands with boxes of that width. */
int layout_squeeze(int box, int x);
/* What stands at (x, y), in units: a box, else an arrow, a span, a frame's border; NULL: nothing.
 * Strokes are not found. */
const struct board_thing *layout_find(const struct board_layout *layout, int x, int y);
/* A stroke's i-th point, in units; its count is point_bytes / BOARD_POINT_BYTES. The fraction is
 * *fine BOARD_FINE-ths: of x in .x, of y in .y. */
struct layout_point layout_stroke(const struct board_thing *stroke, uint32_t i,
                                  struct layout_point *fine);

#endif
