/* SPDX-License-Identifier: ISC */
/*
 * canvas.h: a board drawn with lines and letters, a cell of it for each unit of the layout.
 */
#ifndef SPAR_PROTOCOL_BOARD_CANVAS_H
#define SPAR_PROTOCOL_BOARD_CANVAS_H

#include "protocol/board/layout.h"
#include "protocol/text/out.h"

enum canvas_style {
    CANVAS_PLAIN,
    CANVAS_NAME,
    CANVAS_FAINT,  /* frames, rivals, strokes */
    CANVAS_MARKED, /* what the panel points at, and who does */
    CANVAS_CHOSEN
};
enum { CANVAS_MARKS = 2 };
struct canvas_cell {
    uint32_t point;               /* 0: covered by the wide character to its left */
    uint32_t marks[CANVAS_MARKS]; /* that stand on it; 0: none */
    uint8_t lines;                /* which sides a line leaves it by */
    uint8_t weight;               /* of them: enum board_arrow_style */
    uint8_t style;                /* enum canvas_style */
};
struct canvas {
    int width, height;
    struct canvas_cell *cells; /* height * width */
};
struct canvas_options {
    uint8_t box;               /* how wide boxes are, 0: LAYOUT_BOX_WIDTH */
    bool ascii;                /* lines and heads of arrows as ASCII */
    uint32_t chosen;           /* id of a thing that stands out; 0: none */
    bool loose;                /* tells which boxes of the author's cite no requirement */
    uint8_t author;            /* whose boxes are solid; others are dashed */
    const char *const *names;  /* of the seats, for who points; NULL: nobody points */
    const char *const *layers; /* names of the first columns, at most BOARD_COLS_MAX */
    unsigned layer_count;
};

/* Draws what is shown. False: out of memory, and there is nothing to free. */
bool canvas_draw(struct canvas *canvas, const struct board *board,
                 const struct canvas_options *options) __attribute__((warn_unused_result));
void canvas_free(struct canvas *canvas);
/* A cell's character and marks as UTF-8 with a NUL; "" for a covered one. */
enum { CANVAS_CELL_BYTES = 4 * (1 + CANVAS_MARKS) + 1 };
void canvas_text(const struct canvas_cell *cell, char out[CANVAS_CELL_BYTES]);
/* All of it as lines without blanks at their ends. */
void canvas_write(const struct canvas *canvas, struct out *out);

#endif
