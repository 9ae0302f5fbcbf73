/* SPDX-License-Identifier: ISC */
/*
 * remark_compare.h: two panel's sheets of one interview side by side: what was marked live, and
 * what a marker said of the recording later. Pure.
 */
#ifndef SPAR_CLIENT_REPORT_REMARK_COMPARE_H
#define SPAR_CLIENT_REPORT_REMARK_COMPARE_H

#include "client/report/out.h"
#include "protocol/room/insight.h"

struct remark_compare {
    const char *room_id;
    const struct room *live, *anew; /* borrowed; folded to their ends, under the same pack */
    const char *by;                 /* the marker's name */
    const char *other; /* whose re-marking `live` is, if it is one; else NULL: it was marked live */
    const char *note;  /* one sentence about the pair, or NULL; borrowed */
};

/* Whether both have the same items, so that they can be compared. */
bool remark_comparable(const struct room *live, const struct room *anew);
/* Appends the comparison as text of 80 columns. */
void remark_compare_text(const struct remark_compare *compare, struct out *out);
/* Appends {"compared":{"room","by","phases":[{"id","agreement"?}],
 * "items":[{"id","phase","live","anew","same"}],"agreement"?,"other"?,"note"?}} as one line. */
void remark_compare_json(const struct remark_compare *compare, struct out *out);

/* Several recordings that one marker has marked anew, taken together: a coach's calibration. */
struct remark_set {
    struct insight_table table;
    uint32_t count;
};
/* *one: how far this pair agrees. */
void remark_set_add(struct remark_set *set, const struct remark_compare *compare,
                    struct insight_agreement *one);
/* A line for one recording, and those at the end with kappa. */
void remark_set_line(struct out *out, const char *title, struct insight_agreement part);
void remark_set_end(const struct remark_set *set, struct out *out);

#endif
