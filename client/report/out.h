/* SPDX-License-Identifier: ISC */
/*
 * out.h: a growing text buffer, and the one way in which reports put what a person typed into it.
 *
 * The first failed allocation sticks: later calls do nothing, so a writer checks `failed` once, at
 * the end. Texts of people go through out_typed only: control characters, escape sequences, bidi
 * overrides and zero-width characters are left out (text_next of paint.h), then the format's own
 * escaping is done. Both need out_locale_enter. Pure: no I/O.
 */
#ifndef SPAR_CLIENT_REPORT_OUT_H
#define SPAR_CLIENT_REPORT_OUT_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

struct out {
    char *data; /* NUL-terminated once anything was written; NULL before */
    size_t len, cap;
    bool failed;
};

enum out_format { OUT_TEXT, OUT_MARKDOWN, OUT_HTML, OUT_JSON };

/* Widths and escaping must not depend on who runs this: a UTF-8 LC_CTYPE for this thread, from
 * enter to leave, which takes what enter gave. */
struct out_locale {
    locale_t utf8, before;
};
struct out_locale out_locale_enter(void);
void out_locale_leave(struct out_locale locale);

void out_init(struct out *out);
void out_free(struct out *out);
/* Our own words, as they are. */
void out_raw(struct out *out, const char *text);
void out_repeat(struct out *out, const char *text, int count);
void out_print(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A typed text, escaped for the format. Newlines: a blank in text, <br> in Markdown, kept in HTML
 * and (as \n) in JSON. JSON writes the text whole, what is harmful as \uXXXX, and puts no quotes
 * around it. */
void out_typed(struct out *out, enum out_format format, const char *text);

/* Columns that out_cell would need for the whole text. */
int out_columns(const char *text);
/* Plain text in exactly `width` columns: cut with an ellipsis or padded (right: on its left). */
void out_cell(struct out *out, const char *text, int width, bool right);
/* A heading on a line of its own, after an empty one: plain text, then `line` (one column) up to
 * `width`. */
void out_heading(struct out *out, const char *title, const char *line, int width);
/* Plain text, wrapped at `width` columns; the first line begins at column `column`, where the
 * writer is already, all others at `indent`. Newlines of the text break. Ends with a newline. */
void out_wrapped(struct out *out, const char *text, int column, int indent, int width);

#endif
