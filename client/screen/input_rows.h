/* SPDX-License-Identifier: ISC */
/*
 * input_rows.h: a text that is being written, as rows of a width: for input_line.c alone.
 */
#ifndef SPAR_CLIENT_SCREEN_INPUT_ROWS_H
#define SPAR_CLIENT_SCREEN_INPUT_ROWS_H

#include "client/screen/input_line.h"

/* Moves the cursor a row up or down, as near as can be to its column; from the first row to the
 * start, from the last one to the end. */
void input_step(struct input_line *line, int step);

#endif
