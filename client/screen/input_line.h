/* SPDX-License-Identifier: ISC */
/*
 * input_line.h: editing a text of one line, or of several.
 *
 * Invariants: the text is always valid UTF-8 that can be shown, of at most INPUT_MAX_BYTES bytes.
 * That is more than may be sent (`max`), so that what is too long can be shortened rather than
 * lost; and what did not get in at all is counted. The cursor stands between characters as a
 * reader counts them: a base character and its combining marks move and go together.
 */
#ifndef SPAR_CLIENT_SCREEN_INPUT_LINE_H
#define SPAR_CLIENT_SCREEN_INPUT_LINE_H

#include "client/screen/paint.h"
#include "protocol/limits.h"

enum { INPUT_MAX_BYTES = 4 * TEXT_MAX_BYTES, INPUT_WORDS_MAX = 80 };

struct input_line {
    char text[INPUT_MAX_BYTES + 1];
    size_t len;    /* bytes */
    size_t cursor; /* byte offset, at the start of a character or at the end */
    size_t max;    /* bytes that may be sent */
    bool lines;    /* may have line breaks */
    size_t lost;   /* characters that were left out: no place, or no picture of their own */
    bool after_cr; /* the last pasted character was a CR: an LF behind it is the same line's end */
    int width;     /* columns of a row as last drawn; 0: not yet */
    int top;       /* first row in sight */
};

/* An empty text, of which `max` bytes may be sent. */
void input_begin(struct input_line *line, size_t max, bool lines);
/* Appends a text of ours, as to change it. */
void input_put(struct input_line *line, const char *text);
/* False: there is no room for it, or it is not a character to be shown; the text is unchanged. */
bool input_insert(struct input_line *line, wchar_t character) __attribute__((warn_unused_result));
/* What a key (a character or CODE_… of keys.h) does to the text. */
void input_key(struct input_line *line, int code);
/* A character of a pasted text, which is never a key. */
void input_paste(struct input_line *line, int code);
/* True if there is nothing but blanks and line ends. */
bool input_is_empty(const struct input_line *line);
/* True if it is longer than what may be sent. */
bool input_is_too_long(const struct input_line *line);
/* The text without blanks and line ends at its end, and without blank lines at its start. */
struct span input_span(const struct input_line *line);

/* What is to be said about its length: how much is left once that is little, too long, left out;
 * "" if nothing. True: it is a fault. */
bool input_words(const struct input_line *line, char out[INPUT_WORDS_MAX]);
/* How many rows the text needs behind a head of `head` columns, at most `most` (at least 1): one if
 * it fits there, else one for the head and those below. */
int input_height(const struct input_line *line, int head, int width, int most);
/* Draws it into an area of that height, and at the right of the first row what input_words says.
 * The place of the cursor, inside the area, into *x and *y. */
void input_draw(struct input_line *line, struct area area, int head, int *x, int *y);

#endif
