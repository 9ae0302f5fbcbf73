/* SPDX-License-Identifier: ISC */
/*
 * out.h: the one way in which reports put what a person typed into a growing text.
 *
 * Texts of people go through out_typed only: what protocol/text/text.h leaves out is left out, then
 * the format's own escaping is done. Pure: no I/O, no locale.
 */
#ifndef SPAR_CLIENT_REPORT_OUT_H
#define SPAR_CLIENT_REPORT_OUT_H

#include "protocol/text/out.h"

enum out_format { OUT_TEXT, OUT_MARKDOWN, OUT_HTML };

/* A typed text, escaped for the format. Newlines: a blank in text, <br> in Markdown, kept in HTML.
 */
void out_typed(struct out *out, enum out_format format, const char *text);

/* Makes plain text ASCII, for where nothing else can be shown: our own signs become those that the
 * screens have there, each other character as many ? as it has columns. */
void out_to_ascii(struct out *out);

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
