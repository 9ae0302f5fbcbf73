/* SPDX-License-Identifier: ISC */
/*
 * report_points.c: out of the verdicts, or out of the marks.
 */
#include "client/report/report_points.h"

#include <stdio.h>

#include "protocol/room/points.h"

/* A text of each verdict of the panel, behind its author's name if there are several. */
static int own_words(const struct report *report, int text, struct report_point *out, int count) {
    const struct room *room = report->room;
    int panel = 0;
    for (uint8_t i = 0; i < room->verdict_count; i++) {
        panel += !room->verdicts[i].rating;
    }
    for (uint8_t i = 0; i < room->verdict_count && count < REPORT_POINTS; i++) {
        const struct room_verdict *verdict = &room->verdicts[i];
        if (!verdict->rating && verdict->texts[text][0]) {
            struct report_point *point = &out[count++];
            *point = (struct report_point){.fix = NULL};
            snprintf(point->words, sizeof point->words, "%s%s%s",
                     panel > 1 ? report_name(report, verdict->by) : "", panel > 1 ? ": " : "",
                     verdict->texts[text]);
        }
    }
    return count;
}

static int proposed(const struct point *from, int count, struct report_point *out) {
    for (int i = 0; i < count; i++) {
        out[i].fix = from[i].fix;
        snprintf(out[i].words, sizeof out[i].words, "%s", from[i].words);
    }
    return count;
}

void report_points_fill(const struct report *report, struct report_points *out) {
    struct points points;
    uint8_t owner = report->scores_self ? (uint8_t)report->candidate : SEAT_SERVER;
    *out = (struct report_points){.strength_count = 0};
    out->strength_count = own_words(report, VERDICT_KEEP, out->strengths, 0);
    out->step_count = own_words(report, VERDICT_CHANGE, out->steps, 0);
    out->step_count = own_words(report, VERDICT_DRILL, out->steps, out->step_count);
    out->own_strengths = out->strength_count > 0;
    out->own_steps = out->step_count > 0;
    points_propose(report->room, owner, &points);
    if (!out->own_strengths) {
        out->strength_count = proposed(points.strengths, points.strength_count, out->strengths);
    }
    if (!out->own_steps) {
        out->step_count = proposed(points.steps, points.step_count, out->steps);
    }
}
