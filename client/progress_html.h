/*
 * progress_html.h: parts of the pages that a person's and a cohort's report share. Texts of people and packs go
 * through html_typed only.
 */
#ifndef SPAR_CLIENT_PROGRESS_HTML_H
#define SPAR_CLIENT_PROGRESS_HTML_H

#include "client/progress.h"

void progress_html_typed(struct out *out, const char *text);
/* Everything up to the title, and the end. */
void progress_html_begin(struct out *out, const char *eyebrow, const char *title);
void progress_html_end(struct out *out);
/* Opens a tile with a figure; `what` is our own words. */
void progress_html_tile(struct out *out, const char *figure, const char *what);
/* Mean time of each phase against its mean budget, as bars on one scale. */
void progress_html_times(struct out *out, const struct progress *progress);
/* A list of the notes, with a heading; nothing without any. */
void progress_html_notes(struct out *out, const struct progress *progress);
/* A bar of two parts in a cell: raised and prompted of items. */
void progress_html_bar(struct out *out, int64_t raised, int64_t prompted, int64_t items);

#endif
