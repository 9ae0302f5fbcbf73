/* SPDX-License-Identifier: ISC */
/*
 * json_line.h: JSON as the commands print it, one object a line.
 */
#ifndef SPAR_CLIENT_BATCH_JSON_LINE_H
#define SPAR_CLIENT_BATCH_JSON_LINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Prints and takes the object; NULL (out of memory) prints nothing. All that is not ASCII is
 * written as \uXXXX, so that no name acts upon a terminal. False: this line, or one before it,
 * could not be written: nobody reads on. */
bool json_line_print(FILE *out, json_t *line);

#endif
