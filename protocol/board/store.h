/* SPDX-License-Identifier: ISC */
/*
 * store.h: the board's memory; private to protocol/board/.
 */
#ifndef SPAR_PROTOCOL_BOARD_STORE_H
#define SPAR_PROTOCOL_BOARD_STORE_H

#include "protocol/board/board.h"
#include "protocol/board/layout.h"

/* One past the greatest coordinates of a stroke. */
enum {
    STROKE_X_MAX = LAYOUT_WIDTH_MAX * BOARD_FINE,
    STROKE_Y_MAX = LAYOUT_HEIGHT_MAX * BOARD_FINE
};

/* As board_find, to change it. */
struct board_thing *store_find(struct board *board, int64_t id);
/* Puts a thing, which owns its texts, in its place; what was dropped first goes where there are
 * `most` of its kind already. False: out of memory, nothing was changed. */
bool store_add(struct board *board, const struct board_thing *thing, unsigned most)
    __attribute__((warn_unused_result));
/* Frees what a thing owns. */
void store_drop(struct board_thing *thing);
/* An owned NUL-terminated copy; NULL: out of memory. */
char *store_text(struct span text);
/* Puts another owned text in the place of one. */
void store_swap(char **text, char *fresh);
/* Makes memory for what one text can cite. False: there is none. */
bool store_cites(struct board *board) __attribute__((warn_unused_result));
/* Keeps that something cites a requirement, unless that is known, or there are BOARD_CITES_MAX. */
void store_cite(struct board *board, struct board_cite cite);

#endif
