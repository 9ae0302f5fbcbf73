/* SPDX-License-Identifier: ISC */
/*
 * report_verdict.h: verdicts and ratings as the reports show them: what the view knows of them,
 * each line of one, and each writer's section. Pure.
 */
#ifndef SPAR_CLIENT_REPORT_REPORT_VERDICT_H
#define SPAR_CLIENT_REPORT_REPORT_VERDICT_H

#include "client/report/report.h"
#include "protocol/room/verdict.h"

/* How many scores it has room for. */
int report_score_count(const struct report *report, const struct room_verdict *verdict);

/* The section of each writer. */
void report_verdict_text(const struct report *report, struct out *out);
void report_verdict_markdown(const struct report *report, struct out *out);
void report_verdict_html(const struct report *report, struct out *out);

#endif
