/* SPDX-License-Identifier: ISC */
/*
 * undo.h: undo and redo of one's own last changes of the board.
 *
 * Each undo is a command of its own, as any other change; nothing is taken off the record. Where
 * somebody has changed the same thing since, it is left as it is.
 */
#ifndef SPAR_PROTOCOL_BOARD_UNDO_H
#define SPAR_PROTOCOL_BOARD_UNDO_H

#include "protocol/board/board.h"

enum { UNDO_MAX = 100 };
enum undo_result {
    UNDO_OK,
    UNDO_EMPTY,   /* nothing (more) to undo, or redo */
    UNDO_CHANGED, /* somebody has changed that since, and it was left; the one before is next */
    UNDO_NO_MEMORY
};
struct undo_step {
    struct body body; /* what undoes the change */
    char *memory;     /* owned: what the body borrows */
    uint64_t look;    /* of the thing as the change left it */
};
struct undo_stack {
    struct undo_step steps[UNDO_MAX];
    unsigned count;
};
/* Zero is an empty one. */
struct undo {
    struct undo_stack undo, redo;
    char *last; /* owned: what the body that was given last borrows */
};

void undo_free(struct undo *history);
/* Keeps what undoes a change that seat `by` is about to make. False: out of memory, or the board
 * does not take it; nothing is kept. */
bool undo_note(struct undo *history, const struct board *before, uint8_t by,
               const struct body *body);
/* The command that undoes (or redoes) the last change, to be made by seat `by` on this board. It
 * borrows from the history until the next call. */
enum undo_result undo_back(struct undo *history, const struct board *board, uint8_t by,
                           struct body *out);
enum undo_result undo_again(struct undo *history, const struct board *board, uint8_t by,
                            struct body *out);

#endif
