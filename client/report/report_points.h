/* SPDX-License-Identifier: ISC */
/*
 * report_points.h: the strengths and next steps of a report: the panel's own words out of the
 * verdicts, or else what the marks propose (points.h). Pure.
 */
#ifndef SPAR_CLIENT_REPORT_REPORT_POINTS_H
#define SPAR_CLIENT_REPORT_REPORT_POINTS_H

#include "client/report/report.h"

enum { REPORT_POINTS = 3, REPORT_POINT_SIZE = TEXT_MAX_BYTES + 200 };

struct report_point {
    char words[REPORT_POINT_SIZE];
    const char *fix; /* borrowed: what to do instead; NULL if the words say it */
};
struct report_points {
    struct report_point strengths[REPORT_POINTS], steps[REPORT_POINTS];
    int strength_count, step_count;
    /* They are the panel's own words, which stand in the verdicts too. */
    bool own_strengths, own_steps;
};

/* Fewer than three where there are no more. */
void report_points_fill(const struct report *report, struct report_points *out);

#endif
