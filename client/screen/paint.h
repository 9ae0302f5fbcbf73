/* SPDX-License-Identifier: ISC */
/*
 * paint.h: drawing into a picture of cells in memory, which is then put to the terminal in one go.
 *
 * Views draw through an `area`: a rectangle that clips. Every text is made harmless on its way into
 * a cell (protocol/text/text.h), whose width is Unicode's, not the locale's: what the terminal at
 * hand cannot show is terminal.h's affair. Nothing here knows ncurses.
 */
#ifndef SPAR_CLIENT_SCREEN_PAINT_H
#define SPAR_CLIENT_SCREEN_PAINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include "client/screen/theme.h"
#include "protocol/text/text.h"

enum { PAINT_CELL_MARKS = 3, PAINT_SIDE_MAX = 1000 };

/* One column of one row. width 0: covered by the wide character to its left. */
struct cell {
    wchar_t text[1 + PAINT_CELL_MARKS + 1]; /* base, combining marks, 0 */
    uint8_t width;
    uint8_t style;
};

struct paint {
    int width, height;
    bool ascii; /* draw signs and lines with ASCII */
    struct cell *cells;
};

/* A rectangle of a picture; drawing outside of it is cut off. Passed by value. */
struct area {
    struct paint *paint;
    int x, y, width, height;
};

/* A picture of width × height blank cells (each at most PAINT_SIDE_MAX). False: out of memory. */
bool paint_init(struct paint *paint, int width, int height) __attribute__((warn_unused_result));
/* Another size; the content is blank afterwards. False: out of memory, the old picture stays. */
bool paint_resize(struct paint *paint, int width, int height) __attribute__((warn_unused_result));
void paint_free(struct paint *paint);
void paint_clear(struct paint *paint);
struct area paint_all(struct paint *paint);
/* The characters as UTF-8 lines without trailing blanks; malloc'd, NULL: out of memory. */
char *paint_dump(const struct paint *paint) __attribute__((warn_unused_result));

/* A part of an area, cut to it. */
struct area area_part(struct area area, int x, int y, int width, int height);

/* Each draws at (x, y) of the area and gives the number of columns that it moved right. */
int area_text(struct area area, int x, int y, enum style style, const char *text);
int area_span(struct area area, int x, int y, enum style style, struct span text);
int area_print(struct area area, int x, int y, enum style style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Right-aligned: ends at column area.width. Gives the columns taken. */
int area_right(struct area area, int y, enum style style, const char *text);
int area_sign(struct area area, int x, int y, enum style style, enum sign sign);
/* `count` times the same sign, to the right / downwards. */
void area_row(struct area area, int x, int y, enum style style, enum sign sign, int count);
void area_column(struct area area, int x, int y, enum style style, enum sign sign, int count);
/* Cuts the text to `room` columns with an ellipsis if it is longer. Gives the columns taken. */
int area_cut(struct area area, int x, int y, int room, enum style style, const char *text);

/*
 * Text that flows down an area and may be longer than it: lines above `top` and below the area are
 * counted, not drawn. Start with flow_begin; `line` is afterwards the height of everything.
 */
struct flow {
    struct area area;
    int line; /* the next line to write, from 0 */
    int top;  /* first line that is visible */
};
struct flow flow_begin(struct area area, int top);
/* Word-wrapped; every line starts at column `indent`, newlines break. */
void flow_text(struct flow *flow, int indent, enum style style, const char *text);
/* A sign or key in front, then the text, its lines aligned behind the front. */
void flow_item(struct flow *flow, int indent, enum style front_style, const char *front,
               enum style style, const char *text);
/* As flow_item, but only the first line stands behind the front; the others start at column
 * `hang`. */
void flow_hang(struct flow *flow, int hang, enum style front_style, const char *front,
               enum style style, const char *text);
void flow_blank(struct flow *flow);
/* An area of one line for the next line (height 0 if it is out of sight); advances. */
struct area flow_line(struct flow *flow);
/* The largest sensible `top` for what has been written. */
int flow_top_max(const struct flow *flow);
/* Where the line that starts at byte `from` of a text ends in `room` columns (at least 1): *end
 * past its last character; returns where the next line starts. */
size_t flow_break(struct span text, size_t from, int room, size_t *end);
/* How many lines a sentence needs in an area of that width, one column free on each side. */
int flow_rows(const char *text, int width);
/* Draws it so. What the area has no line for is cut, with an ellipsis. */
void area_rows(struct area area, enum style style, const char *text);

#endif
