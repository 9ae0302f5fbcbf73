/* SPDX-License-Identifier: ISC */
/*
 * link_word.h: where a command's link comes from, so that it need not stand where others on the
 * machine can read it.
 */
#ifndef SPAR_CLIENT_CMD_LINK_WORD_H
#define SPAR_CLIENT_CMD_LINK_WORD_H

#include <stdbool.h>

enum { LINK_LINE_MAX = 1024 }; /* bytes of a line that holds a link, with its end */

/* What was given on the command line; for "-" a line of standard input, read into `line` ("" at its
 * end) and no further, since what follows may be a batch, but where a link was broken over lines;
 * for NULL $SPAR_LINK, or NULL if that is not set either. Says on a terminal that it waits. */
const char *link_word(const char *word, char line[LINK_LINE_MAX]);
/* Overwrites every link in the arguments of the program, which ps shows to everybody, and has argv
 * point to copies. Call it first of all. False: out of memory. */
bool link_words_hide(int argc, char **argv) __attribute__((warn_unused_result));

#endif
