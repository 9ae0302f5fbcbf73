/* SPDX-License-Identifier: ISC */
/*
 * html.h: what every page that Spar writes is made of: its head and style, typed text, tiles and
 * bars.
 *
 * A page needs nothing else: no script, no network; its own policy forbids both. Every text of a
 * person or a pack goes through html_typed or html_element, so none can become markup; all else is
 * our own words. Pure: appends to `out`, whose first failure sticks.
 */
#ifndef SPAR_CLIENT_REPORT_HTML_H
#define SPAR_CLIENT_REPORT_HTML_H

#include <stdint.h>

#include "client/report/out.h"

extern const char html_style[];

/* Everything up to the page's content. `suffix` stands behind the title, in the window's title
 * only; `style` is more rules. */
void html_begin(struct out *out, const char *title, const char *suffix, const char *style);
void html_end(struct out *out);
/* NULL is an empty text. */
void html_typed(struct out *out, const char *text);
/* A typed text between markup of ours. */
void html_element(struct out *out, const char *open, const char *text, const char *close);
/* A figure with a few words under it. */
void html_tile(struct out *out, const char *figure, const char *what);
/* A part of a bar: amount / whole of its width, nothing if that rounds to no thousandth. `class` is
 * its colour. */
void html_part(struct out *out, const char *class, int64_t amount, int64_t whole);

#endif
