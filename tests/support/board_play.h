/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a room in which everything is done that the board can be told.
 */
#ifndef SPAR_TESTS_SUPPORT_BOARD_PLAY_H
#define SPAR_TESTS_SUPPORT_BOARD_PLAY_H

#include "tests/support/sample.h"

/* Draws and writes as the candidate of a running room of rules 2, points as the host; the last
 * things are that the candidate thinks unseen and that the host may draw. */
void board_play(struct sample *s);
/* One thing that the candidate adds half a minute later, whatever id the body has. */
void board_draw_one(struct sample *s, struct body body);
/* The article's click-stream, one thing each half minute, and a box of the host's. */
void board_draw(struct sample *s);

#endif
