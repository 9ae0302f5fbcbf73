/* SPDX-License-Identifier: ISC */
/*
 * cohort_report.h: one page about the interviews of a cohort: items most often missed, time of each
 * phase, a line for each person, flags that recur.
 */
#ifndef SPAR_CLIENT_REPORT_COHORT_REPORT_H
#define SPAR_CLIENT_REPORT_COHORT_REPORT_H

#include "client/report/progress.h"

/* A candidate of the cohort, by name: recordings know no more. */
struct cohort_person {
    const char *name; /* borrowed from a session */
    uint16_t sessions;
    int first, last; /* percent raised of the items of the phases reached, first and last one */
    int64_t off;     /* ms over (under) the budgets of the phases reached, sum */
    uint16_t flags;  /* that were on, sum */
};

struct cohort_report {
    const struct progress *progress;
    struct cohort_person *people; /* owned; by name */
    uint32_t person_count;
    uint32_t *missed; /* owned; indexes of items, the most missed first, then the most prompted */
};

/* Of sessions that progress_sum has put in order. False: out of memory. cohort_report_free in any
 * case. */
bool cohort_report_make(struct cohort_report *report, const struct progress *progress)
    __attribute__((warn_unused_result));
void cohort_report_free(struct cohort_report *report);
void cohort_report_text(const struct cohort_report *report, struct out *out);
void cohort_report_html(const struct cohort_report *report, struct out *out);
/* Marks, flags and verdicts, one a line, for a spreadsheet: no cell is one that it would compute.
 */
void cohort_report_csv(const struct cohort_report *report, struct out *out);
void cohort_report_json(const struct cohort_report *report, struct out *out);

#endif
