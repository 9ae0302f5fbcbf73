/* SPDX-License-Identifier: ISC */
/*
 * words.h: what stands in a box: its line, broken into as many lines as there are.
 */
#ifndef SPAR_PROTOCOL_BOARD_WORDS_H
#define SPAR_PROTOCOL_BOARD_WORDS_H

#include "protocol/board/board.h"
#include "protocol/board/layout.h"

enum word_kind { WORD_NAME, WORD_RIVAL /* and the reason */, WORD_PART };
enum { WORDS_LINES_MAX = LAYOUT_BOX_HEIGHT, WORDS_BYTES = BOARD_BOX_MAX_BYTES + 8 };
struct board_words {
    char lines[WORDS_LINES_MAX][WORDS_BYTES]; /* harmless, NUL-terminated */
    enum word_kind kinds[WORDS_LINES_MAX];
    unsigned count;
    char reqs[WORDS_BYTES]; /* "R1 R2", or "" */
};

/* The words of a shown box for its rectangle of that width: inside its border, or all of it for
 * BOX_TEXT. What does not fit ends in an ellipsis. */
void words_of(const struct board_thing *box, int width, struct board_words *out);
/* The harmless text in at most `columns`, cut with an ellipsis; the columns that it takes. */
int words_cut(struct span text, int columns, char *out, size_t size);

#endif
