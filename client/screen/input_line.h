/* SPDX-License-Identifier: ISC */
/*
 * input_line.h: editing one line of UTF-8 text.
 *
 * The text is always valid UTF-8 of at most TEXT_MAX_BYTES bytes. The cursor stands between
 * characters as a reader counts them: a base character and its combining marks move and go
 * together.
 */
#ifndef SPAR_CLIENT_SCREEN_INPUT_LINE_H
#define SPAR_CLIENT_SCREEN_INPUT_LINE_H

#include "client/screen/paint.h"
#include "protocol/limits.h"

struct input_line {
    char text[TEXT_MAX_BYTES + 1];
    size_t len;    /* bytes */
    size_t cursor; /* byte offset, at the start of a character or at the end */
};

void input_clear(struct input_line *line);
/* False: there is no room for it, or it is not a character to be shown; the line is unchanged. */
bool input_insert(struct input_line *line, wchar_t character) __attribute__((warn_unused_result));
void input_backspace(struct input_line *line);
void input_delete(struct input_line *line);
void input_delete_word(struct input_line *line);     /* the word left of the cursor */
void input_delete_to_start(struct input_line *line); /* all that is left of the cursor */
void input_left(struct input_line *line);
void input_right(struct input_line *line);
void input_home(struct input_line *line);
void input_end(struct input_line *line);
/* What a key (a character or CODE_… of keys.h) does to the line. False: there was no room for its
 * character. */
bool input_key(struct input_line *line, int code) __attribute__((warn_unused_result));
/* True if there is nothing but blanks. */
bool input_is_empty(const struct input_line *line);
/* Draws the part around the cursor into a one-line area; gives the cursor's column. */
int input_draw(const struct input_line *line, struct area area, enum style style);

#endif
