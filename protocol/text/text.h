/* SPDX-License-Identifier: ISC */
/*
 * text.h: what a person or a file says, made harmless where it is shown, and the columns it takes.
 *
 * Everything that Spar shows goes through here: screens, reports, pages, JSON, plain lines. Left
 * out are control characters, escape sequences, bidi controls and whatever else has no picture of
 * its own (zero-width characters, variation selectors, fillers, tags). What is no UTF-8 or no
 * character shows as U+FFFD. The table is Unicode's (text_kinds.def), not the locale's, so that a
 * report is the same on every machine and in the browser.
 */
#ifndef SPAR_PROTOCOL_TEXT_TEXT_H
#define SPAR_PROTOCOL_TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/text/span.h"

enum text_kind {
    TEXT_MARK,   /* stands on the character before it: no column of its own */
    TEXT_NARROW, /* one column */
    TEXT_WIDE,   /* two columns */
    TEXT_HIDDEN, /* has no picture, and may act upon what shows it */
    TEXT_NONE    /* no character, as far as this version of Unicode knows */
};

/* What a code point is; above U+10FFFF it is TEXT_NONE. */
enum text_kind text_kind(uint32_t point);
/* The next harmless character of text[*at..len), *at moves behind it; 0 at the end. A line's end
 * comes as '\n', a tab as ' '. */
uint32_t text_next(const char *text, size_t len, size_t *at);
/* Columns of a character that text_next gave: 0, 1 or 2. */
int text_width(uint32_t point);
/* Columns that the text takes once it has been made harmless; a line's end counts as one. */
int text_columns(struct span text);
/* Writes the harmless text on one line (a line's end is a blank), without what is no UTF-8: as many
 * whole characters as fit, and a NUL. */
void text_plain(struct span text, char *out, size_t size);

#endif
