/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what a report proposes and what it compares with, over three small interviews (season.h)
 * whose figures are worked out by hand.
 */
#include "client/report/report_past.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "client/report/report_points.h"
#include "tests/support/season.h"
#include "tests/support/test_main.h"

struct evening {
    struct sample s;
    struct model model;
    struct report report;
};

static void open_evening(struct evening *evening, int i, uint8_t seat, bool debrief) {
    season_play(&evening->s, i, debrief);
    season_model(&evening->s, seat, season_rooms[i], &evening->model);
    CU_ASSERT_EQUAL_FATAL(report_collect(&evening->report, &evening->model, NULL), REPORT_OK);
}

static void close_evening(struct evening *evening) {
    report_free(&evening->report);
    model_free(&evening->model);
    sample_free(&evening->s);
}

/* The first `count` interviews of the season, as a coach has them. */
static void take(struct progress *progress, int count) {
    progress_init(progress);
    for (int i = 0; i < count; i++) {
        struct evening evening;
        open_evening(&evening, i, SAMPLE_COACH, true);
        CU_ASSERT_EQUAL(progress_take(progress, &evening.model, evening.s.count), PROGRESS_TAKEN);
        close_evening(&evening);
    }
}

static void check_row(const struct report *report, int phase, const char *now, const char *last,
                      const char *change, const char *level) {
    struct report_past_row row;
    report_past_row(report, phase, &row);
    CU_ASSERT_STRING_EQUAL(row.now, now);
    CU_ASSERT_STRING_EQUAL(row.last, last);
    CU_ASSERT_STRING_EQUAL(row.change, change);
    CU_ASSERT_STRING_EQUAL(row.level, level);
}

/* Two items a phase. The first: phases 0 to 2 reached, item 0 raised: 1 of 6. The second: all,
 * items 0 to 2: 3 of 10. The third: phase 0 alone, both its items: 2 of 2. Level, without the
 * second: of phase 0 3 of 4, of all 3 of 8. */
static void test_change(void) {
    struct progress progress;
    struct report_past past;
    struct evening second;
    take(&progress, SEASON_SESSIONS);
    open_evening(&second, 1, SAMPLE_COACH, true);
    CU_ASSERT_TRUE_FATAL(report_past_fill(&second.report, &progress, &past));
    second.report.past = &past;
    CU_ASSERT_STRING_EQUAL(past.date, "2026-11-01");
    CU_ASSERT_EQUAL(past.level_count, 2);
    check_row(&second.report, -1, "30 %", "17 %", "+13", "38 %");
    check_row(&second.report, 0, "100 %", "50 %", "+50", "75 %");
    check_row(&second.report, 2, "0 %", "0 %", "±0", "0 %");
    check_row(&second.report, 3, "0 %", "–", "–", "–"); /* nobody else had reached it */
    close_evening(&second);
    progress_free(&progress);
}

static void test_nothing_to_compare(void) {
    struct progress progress;
    struct report_past past;
    struct evening first;
    take(&progress, 1);
    open_evening(&first, 0, SAMPLE_COACH, true);
    CU_ASSERT_FALSE(report_past_fill(&first.report, &progress, &past)); /* itself alone */
    close_evening(&first);
    /* A candidate who has only their own sheet yet must not be compared with a panel's. */
    progress_free(&progress);
    take(&progress, SEASON_SESSIONS);
    open_evening(&first, 1, SAMPLE_CANDIDATE, false);
    CU_ASSERT_FALSE(report_past_fill(&first.report, &progress, &past));
    close_evening(&first);
    progress_free(&progress);
}

/* The first: phases 3 and 4 were never reached, since phase 2 took five minutes more than its 15.
 */
static void test_points(void) {
    struct report_points points;
    struct evening first;
    open_evening(&first, 0, SAMPLE_COACH, true);
    report_points_fill(&first.report, &points);
    CU_ASSERT_EQUAL(points.strength_count, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(points.strengths[0].words, "1 of 1 raised unasked"));
    CU_ASSERT_EQUAL_FATAL(points.step_count, REPORT_POINTS);
    CU_ASSERT_PTR_NOT_NULL(points.steps[0].fix); /* the flag */
    CU_ASSERT_PTR_NOT_NULL(strstr(points.steps[1].words, "never reached."));
    CU_ASSERT_PTR_NOT_NULL(strstr(points.steps[1].words, "took 5:00 more than planned."));
    CU_ASSERT_PTR_NOT_NULL(strstr(points.steps[2].words, "0 of 1 raised unasked"));
    close_evening(&first);
}

static CU_TestInfo tests[] = {{"change, worked out by hand", test_change},
                              {"nothing to compare with", test_nothing_to_compare},
                              {"strengths and next steps", test_points},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"report past", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    return test_main(suites);
}
