/* SPDX-License-Identifier: ISC */
/*
 * report_points.h: three strengths and three next steps, proposed from the marks. The panel's own
 * words, if a verdict holds any, stand before them.
 *
 * Items are taken in groups that a person can act upon: those of one phase that ask for the same
 * thing. A strength is a group of which much was raised unasked. A next step is a flag that stands,
 * then a phase that was never reached, then a group of which most is missing. Pure.
 */
#ifndef SPAR_CLIENT_REPORT_REPORT_POINTS_H
#define SPAR_CLIENT_REPORT_REPORT_POINTS_H

#include "client/report/report.h"

enum { REPORT_POINTS = 3, REPORT_POINT_SIZE = 480 };

struct report_point {
    char words[REPORT_POINT_SIZE];
    const char *fix; /* borrowed: what to do instead; NULL if the words say it */
};
struct report_points {
    struct report_point strengths[REPORT_POINTS], steps[REPORT_POINTS];
    int strength_count, step_count;
};

/* Fewer than three where the marks give no more. */
void report_points_fill(const struct report *report, struct report_points *out);

#endif
