/* SPDX-License-Identifier: ISC */
/*
 * drawing.h: one's own hand on the board: the board as this screen shows it, with what is on its
 * way; what is held back while the candidate thinks unseen; undo and redo.
 *
 * What is held is on this machine alone until it is let go, and is lost with the program.
 */
#ifndef SPAR_CLIENT_FEED_DRAWING_H
#define SPAR_CLIENT_FEED_DRAWING_H

#include "protocol/board/undo.h"

struct model;
struct model_pending;

enum { DRAWING_HELD_MAX = 200 };
struct drawing_held {
    struct body body;
    char *memory; /* what the body borrows */
    int64_t made;
};
struct drawing {
    struct board shown;
    bool made;         /* `shown` is of `revision` */
    uint32_t revision; /* of the model */
    struct undo undo;
    struct drawing_held *held;
    unsigned held_count;
};
enum drawing_result { DRAWING_REFUSED, DRAWING_SENT, DRAWING_HELD };

void drawing_free(struct drawing *drawing);
/* The board with what is on its way and what is held, until the model changes. Out of memory: the
 * fold's. */
const struct board *drawing_shown(struct model *model);
/* Makes a change of the board, or points at it. DRAWING_SENT: *pending is the command that is to be
 * sent. DRAWING_REFUSED: the model's message says why. now: ms of room time. */
enum drawing_result drawing_do(struct model *model, const struct body *body, int64_t now,
                               struct model_pending **pending);
/* Takes back the last change of one's own, or makes it again; as drawing_do. */
enum drawing_result drawing_undo(struct model *model, bool again, int64_t now,
                                 struct model_pending **pending);
/* Lets go what is held, each with its own moment, and says that it is seen again: they are pending
 * commands then, not sent yet. False: the model's message says why. */
bool drawing_unhide(struct model *model, int64_t now) __attribute__((warn_unused_result));

#endif
