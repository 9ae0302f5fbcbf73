/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the report of a cohort of two people over three small interviews (season.h), against
 * figures worked out by hand, and golden files of each format.
 */
#include "client/report/cohort_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd/args.h"
#include "client/cmd/cohort.h"
#include "client/report/report.h"
#include "tests/support/recorded.h"
#include "tests/support/season.h"
#include "tests/support/temp.h"
#include "tests/support/test_main.h"

#define MINUTES(n) (INT64_C(60000) * (n))

/* Interviews 1 and 3 are Ana's, 2 is Ben's; a coach's view each. */
static void cohort_of(struct progress *progress, const char *ben) {
    const char *const names[SEASON_SESSIONS] = {"Ana", ben, "Ana"};
    progress_init(progress);
    progress->reached_only = true;
    for (int i = 0; i < SEASON_SESSIONS; i++) {
        struct sample s;
        struct model model;
        season_play(&s, i, true);
        season_model(&s, SAMPLE_COACH, season_rooms[i], &model);
        snprintf(model.room.seats[SAMPLE_CANDIDATE].name, NAME_MAX_BYTES, "%s", names[i]);
        CU_ASSERT_EQUAL(progress_take(progress, &model, s.count), PROGRESS_TAKEN);
        model_free(&model);
        sample_free(&s);
    }
    CU_ASSERT_TRUE_FATAL(progress_sum(progress));
}

static void cohort(struct progress *progress) {
    cohort_of(progress, "Ben");
}

/* Ana: 1 of the 6 items of the phases reached, then 2 of 2; of phases reached 4 + 3 + 20 minutes
 * for 5 + 3 + 15, then 5 for 5: 4 over. One flag. Ben: 30 %; 6 + 3 + 15 + 10 + 10 for 45: 1 under.
 * Two flags. */
static void test_people(void) {
    struct progress progress;
    struct cohort_report report;
    cohort(&progress);
    CU_ASSERT_TRUE_FATAL(cohort_report_make(&report, &progress));
    CU_ASSERT_EQUAL_FATAL(report.person_count, 2);
    CU_ASSERT_STRING_EQUAL(report.people[0].name, "Ana");
    CU_ASSERT_EQUAL(report.people[0].sessions, 2);
    CU_ASSERT_EQUAL(report.people[0].first, 17);
    CU_ASSERT_EQUAL(report.people[0].last, 100);
    CU_ASSERT_EQUAL(report.people[0].off, MINUTES(4));
    CU_ASSERT_EQUAL(report.people[0].flags, 1);
    CU_ASSERT_EQUAL(report.people[1].sessions, 1);
    CU_ASSERT_EQUAL(report.people[1].last, 30);
    CU_ASSERT_EQUAL(report.people[1].off, -MINUTES(1));
    CU_ASSERT_EQUAL(report.people[1].flags, 2);
    cohort_report_free(&report);
    progress_free(&progress);
}

/* Of the phases reached: 6, 7, 8, 9 asked once and missed; 4 and 5 twice, missed by both; 3 twice,
 * missed by both; 2 twice, missed once; 1 three times, prompted once; 0 never. */
static void test_missed(void) {
    static const uint32_t wanted[SAMPLE_ITEMS] = {3, 4, 5, 6, 7, 8, 9, 2, 1, 0};
    struct progress progress;
    struct cohort_report report;
    cohort(&progress);
    CU_ASSERT_TRUE_FATAL(cohort_report_make(&report, &progress));
    CU_ASSERT_EQUAL(progress.items[9].asked, 1); /* two did not come so far */
    CU_ASSERT_EQUAL(progress.items[0].asked, 3);
    CU_ASSERT_EQUAL(progress.phases[4].items, 2);
    for (int i = 0; i < SAMPLE_ITEMS; i++) {
        CU_ASSERT_EQUAL(report.missed[i], wanted[i]);
    }
    cohort_report_free(&report);
    progress_free(&progress);
}

/* An interview that runs says nothing yet of anybody. */
static void test_running(void) {
    struct progress progress;
    struct sample s;
    struct model model;
    cohort(&progress);
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    season_model(&s, SAMPLE_COACH, "dddddddddddd", &model);
    CU_ASSERT_EQUAL(progress_take(&progress, &model, s.count), PROGRESS_TAKEN);
    CU_ASSERT_EQUAL(progress.count, SEASON_SESSIONS + 1);
    progress_keep_finished(&progress);
    CU_ASSERT_EQUAL(progress.count, SEASON_SESSIONS);
    CU_ASSERT_EQUAL_FATAL(progress.note_count, 1);
    CU_ASSERT_STRING_EQUAL(progress.notes[0].text,
                           "Room dddddddddddd: the interview is not finished.");
    model_free(&model);
    sample_free(&s);
    progress_free(&progress);
}

/* The CSV of a cohort with somebody of that name. */
static void csv_with(const char *name, struct out *out) {
    struct progress progress;
    struct cohort_report report;
    cohort_of(&progress, name);
    CU_ASSERT_TRUE_FATAL(cohort_report_make(&report, &progress));
    out_init(out);
    cohort_report_csv(&report, out);
    cohort_report_free(&report);
    progress_free(&progress);
}

/* What a spreadsheet would compute becomes text, whoever typed it. */
static void test_csv(void) {
    static const struct {
        const char *name, *cell;
    } rows[] = {
        {"=HYPERLINK(\"x\")", ",\"'=HYPERLINK(\"\"x\"\")\","},
        {"+1", ",\"'+1\","},
        {"-1", ",\"'-1\","},
        {"@SUM(1)", ",\"'@SUM(1)\","},
        {"  =1", ",\"'  =1\","},
        {"\t=1", ",\"'"},
        {"\u202e=1\u202c", ",\"'=1\","}, /* the override is left out, and then it is a formula */
        {"＝1", ",\"'＝1\","},
        {"O'Neil, \"Chris\"", ",\"O'Neil, \"\"Chris\"\"\","},
        {"1=1", ",\"1=1\","}};
    struct out out;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        csv_with(rows[i].name, &out);
        CU_ASSERT_PTR_NOT_NULL(out.data && strstr(out.data, rows[i].cell));
        out_free(&out);
    }
    csv_with("Ben", &out);
    recorded_golden("cohort_report.csv", out.data, out.len);
    out_free(&out);
}

typedef void writer(const struct cohort_report *, struct out *);

static void golden(const char *name, writer *write) {
    struct progress progress;
    struct cohort_report report;
    struct out out;
    cohort(&progress);
    CU_ASSERT_TRUE_FATAL(cohort_report_make(&report, &progress));
    out_init(&out);
    write(&report, &out);
    recorded_golden(name, out.data, out.len);
    out_free(&out);
    cohort_report_free(&report);
    progress_free(&progress);
}

static void test_golden(void) {
    golden("cohort_report.txt", cohort_report_text);
    golden("cohort_report.html", cohort_report_html);
    golden("cohort_report.json", cohort_report_json);
}

static void test_empty(void) {
    struct progress progress;
    struct cohort_report report;
    struct out out;
    progress_init(&progress);
    CU_ASSERT_TRUE(progress_sum(&progress));
    CU_ASSERT_TRUE_FATAL(cohort_report_make(&report, &progress));
    out_init(&out);
    cohort_report_text(&report, &out);
    CU_ASSERT_STRING_EQUAL(out.data, "Cohort: no interview, 0 people\n");
    out_free(&out);
    cohort_report_free(&report);
    progress_free(&progress);
}

static void test_run(void) {
    char folder[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE];
    char page[200];
    temp_make(folder);
    for (int i = 0; i < SEASON_SESSIONS; i++) {
        struct sample s;
        char name[64];
        size_t len;
        season_play(&s, i, true);
        char *bytes = recorded_bytes(&s, SAMPLE_COACH, season_rooms[i], &len);
        snprintf(name, sizeof name, "%.12s.spar", season_rooms[i]);
        temp_write(temp_path(folder, name, path), bytes, len);
        free(bytes);
        sample_free(&s);
    }
    CU_ASSERT_EQUAL(cohort_report_run(folder, REPORT_TEXT, temp_path(folder, "out", path)),
                    EXIT_DONE);
    size_t len = temp_read(path, page, sizeof page - 1);
    page[len] = '\0';
    CU_ASSERT_PTR_NOT_NULL(
        strstr(page, "Cohort: 3 interviews, 2026-11-01 to 2026-11-15, 1 person"));
    temp_remove(folder);
    CU_ASSERT_EQUAL(cohort_report_run(folder, REPORT_TEXT, NULL), EXIT_FAILED);
}

static CU_TestInfo tests[] = {{"a line for each person, worked out by hand", test_people},
                              {"the items most often missed, worked out by hand", test_missed},
                              {"an interview that runs is left out", test_running},
                              {"CSV without a formula", test_csv},
                              {"golden files", test_golden},
                              {"no interview", test_empty},
                              {"a folder", test_run},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"cohort report", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
