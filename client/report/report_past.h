/* SPDX-License-Identifier: ISC */
/*
 * report_past.h: what a report compares its interview with: the candidate's last one before it, and
 * all others at the same level that are here. Pure.
 *
 * Compared are shares of the items of the phases that were reached, since prompts have items of
 * their own; and only where the panel's sheet is known of both.
 */
#ifndef SPAR_CLIENT_REPORT_REPORT_PAST_H
#define SPAR_CLIENT_REPORT_REPORT_PAST_H

#include "client/report/progress.h"
#include "client/report/report.h"

/* Percent raised of the whole interview and of each phase of the report's pack; -1: nothing to
 * count. */
struct report_figures {
    int whole, phase[PACK_PHASES_MAX];
};
struct report_past {
    struct report_figures now, last, level; /* level: means */
    char date[16];                          /* of the last one; "" if there is none */
    char title[PACK_TITLE_MAX + 1];         /* its prompt's */
    int level_count;                        /* other interviews at this level */
};

/* False: there is nothing to compare with. */
bool report_past_fill(const struct report *report, const struct progress *progress,
                      struct report_past *out) __attribute__((warn_unused_result));

/* A row of the table: the interview (phase -1) or a phase. */
struct report_past_row {
    const char *title; /* borrowed */
    char now[16], last[16], change[16], level[16];
};
void report_past_row(const struct report *report, int phase, struct report_past_row *out);
/* "the last interview on 2026-11-01, Click-stream for …"; "the mean of 3 other interviews at
 * senior". "" if there is none. */
const char *report_past_last(const struct report *report, char out[REPORT_WORDS_SIZE]);
const char *report_past_level(const struct report *report, char out[REPORT_WORDS_SIZE]);

#endif
