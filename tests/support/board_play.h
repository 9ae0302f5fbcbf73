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

#endif
