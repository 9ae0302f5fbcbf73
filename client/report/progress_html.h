/* SPDX-License-Identifier: ISC */
/*
 * progress_html.h: parts of the pages that a person's and a cohort's report share.
 */
#ifndef SPAR_CLIENT_REPORT_PROGRESS_HTML_H
#define SPAR_CLIENT_REPORT_PROGRESS_HTML_H

#include "client/report/html.h"
#include "client/report/progress.h"

/* Everything up to the title and with it; the header stays open. */
void progress_html_begin(struct out *out, const char *eyebrow, const char *title);
/* Mean time of each phase against its mean budget, as bars on one scale. */
void progress_html_times(struct out *out, const struct progress *progress);
/* The flags of more than one session; nothing without any. */
void progress_html_flags(struct out *out, const struct progress *progress);
/* A list of the notes, with a heading; nothing without any. */
void progress_html_notes(struct out *out, const struct progress *progress);
/* A bar of two parts in a cell: raised and prompted of items. */
void progress_html_bar(struct out *out, int64_t raised, int64_t prompted, int64_t items);

#endif
