/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a person's progress over three small interviews, against figures worked out by hand
 * (season.h), its charts dot by dot, and golden files of each format.
 */
#include "client/report/progress.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd/progress_load.h"
#include "tests/support/interview.h"
#include "tests/support/recorded.h"
#include "tests/support/season.h"
#include "tests/support/temp.h"
#include "tests/support/test_main.h"

#define MINUTES(n) (INT64_C(60000) * (n))

/* The candidate's first sessions, taken newest first, so that only sorting can bring them in
 * order. */
static void season_of(struct progress *progress, int sessions) {
    progress_init(progress);
    for (int i = sessions; i-- > 0;) {
        struct sample s;
        struct model model;
        season_play(&s, i, true);
        season_model(&s, SAMPLE_CANDIDATE, season_rooms[i], &model);
        CU_ASSERT_EQUAL(progress_take(progress, &model, s.count), PROGRESS_TAKEN);
        model_free(&model);
        sample_free(&s);
    }
    CU_ASSERT_TRUE_FATAL(progress_sum(progress));
}

static void season(struct progress *progress) {
    season_of(progress, SEASON_SESSIONS);
}

static void test_sums(void) {
    static const struct {
        int reached, over;
        int64_t budget, actual;
        unsigned items, raised, prompted;
    } wanted[SAMPLE_PHASES] = {{3, 1, MINUTES(15), MINUTES(15), 6, 5, 1},
                               {2, 0, MINUTES(6), MINUTES(6), 6, 3, 0},
                               {2, 1, MINUTES(30), MINUTES(35), 6, 1, 1},
                               {1, 0, MINUTES(12), MINUTES(10), 6, 0, 0},
                               {1, 0, MINUTES(10), MINUTES(10), 6, 0, 0}};
    struct progress progress;
    season(&progress);
    CU_ASSERT_EQUAL_FATAL(progress.count, 3);
    CU_ASSERT_EQUAL_FATAL(progress.phase_count, SAMPLE_PHASES);
    for (int i = 0; i < SAMPLE_PHASES; i++) {
        const struct progress_phase *phase = &progress.phases[i];
        CU_ASSERT_EQUAL(phase->sessions, 3);
        CU_ASSERT_EQUAL(phase->reached, wanted[i].reached);
        CU_ASSERT_EQUAL(phase->over, wanted[i].over);
        CU_ASSERT_EQUAL(phase->budget, wanted[i].budget);
        CU_ASSERT_EQUAL(phase->actual, wanted[i].actual);
        CU_ASSERT_EQUAL(phase->items, wanted[i].items);
        CU_ASSERT_EQUAL(phase->raised, wanted[i].raised);
        CU_ASSERT_EQUAL(phase->prompted, wanted[i].prompted);
    }
    progress_free(&progress);
}

static void test_items_and_flags(void) {
    static const int raised[SAMPLE_ITEMS] = {3, 2, 2, 1, 1, 0, 0, 0, 0, 0};
    static const int prompted[SAMPLE_ITEMS] = {0, 1, 0, 0, 0, 1, 0, 0, 0, 0};
    struct progress progress;
    season(&progress);
    CU_ASSERT_EQUAL_FATAL(progress.item_count, SAMPLE_ITEMS);
    for (int i = 0; i < SAMPLE_ITEMS; i++) {
        CU_ASSERT_EQUAL(progress.items[i].asked, 3);
        CU_ASSERT_EQUAL(progress.items[i].raised, raised[i]);
        CU_ASSERT_EQUAL(progress.items[i].prompted, prompted[i]);
    }
    CU_ASSERT_EQUAL_FATAL(progress.flag_count, 2);
    for (int i = 0; i < 2; i++) {
        bool first = strcmp(progress.flags[i].id, "flag-0") == 0;
        CU_ASSERT_EQUAL(progress.flags[i].sessions, first ? 2 : 1);
    }
    CU_ASSERT_EQUAL(progress_raised(&progress.sessions[0], NULL), 10);
    CU_ASSERT_EQUAL(progress_raised(&progress.sessions[1], NULL), 30);
    CU_ASSERT_EQUAL(progress_raised(&progress.sessions[2], NULL), 50);
    CU_ASSERT_EQUAL(progress_raised(&progress.sessions[2], "no-such-phase"), -1);
    /* Clarify: 4, 6 and 5 of 5 minutes; Design: 20 and 15 of 15, then never reached. */
    static const int clarify[] = {40, 60, 50};
    static const int design[] = {67, 50, -1};
    for (int i = 0; i < SEASON_SESSIONS; i++) {
        CU_ASSERT_EQUAL(progress_time(&progress.sessions[i], "clarify"), clarify[i]);
        CU_ASSERT_EQUAL(progress_time(&progress.sessions[i], "design"), design[i]);
    }
    int64_t off = 0;
    CU_ASSERT_TRUE(progress_phase_off(&progress.sessions[0], "clarify", &off));
    CU_ASSERT_EQUAL(off, -MINUTES(1));
    CU_ASSERT_FALSE(progress_phase_off(&progress.sessions[2], "design", &off));
    progress_free(&progress);
}

/* The longer recording of a room counts, whichever comes first; before the debrief one's own sheet
 * does. */
static void test_two_recordings_of_a_room(void) {
    for (int order = 0; order < 2; order++) {
        struct progress progress;
        progress_init(&progress);
        for (int k = 0; k < 2; k++) {
            struct sample s;
            struct model model;
            bool debrief = k == order;
            season_play(&s, 1, debrief);
            season_model(&s, SAMPLE_CANDIDATE, season_rooms[1], &model);
            CU_ASSERT_EQUAL(progress_take(&progress, &model, debrief ? 100 : 50), PROGRESS_TAKEN);
            model_free(&model);
            sample_free(&s);
        }
        CU_ASSERT_EQUAL_FATAL(progress.count, 1);
        CU_ASSERT_FALSE(progress.sessions[0].self);
        CU_ASSERT_EQUAL(progress.sessions[0].summary.raised, 3);
        progress_free(&progress);
    }
}

static void test_not_started(void) {
    struct sample s;
    struct model model;
    struct progress progress;
    progress_init(&progress);
    sample_open(&s, 0);
    season_model(&s, SAMPLE_CANDIDATE, season_rooms[0], &model);
    CU_ASSERT_EQUAL(progress_take(&progress, &model, 1), PROGRESS_EMPTY);
    CU_ASSERT_EQUAL(progress.count, 0);
    model_free(&model);
    sample_free(&s);
    progress_free(&progress);
}

static void test_percent(void) {
    CU_ASSERT_EQUAL(progress_percent(0, 0), -1);
    CU_ASSERT_EQUAL(progress_percent(0, 3), 0);
    CU_ASSERT_EQUAL(progress_percent(1, 3), 33);
    CU_ASSERT_EQUAL(progress_percent(1, 200), 1); /* half up */
    CU_ASSERT_EQUAL(progress_percent(3, 3), 100);
}

/* ---- charts ---- */

static void drawn(const char *wanted, const int *percent, uint32_t count, int width, bool ascii) {
    struct out out;
    out_init(&out);
    progress_spark(&out, percent, count, width, ascii);
    CU_ASSERT_STRING_EQUAL(out.data ? out.data : "", wanted);
    out_free(&out);
}

static void test_spark(void) {
    static const int values[] = {0, 50, -1, 100};
    drawn("▁▄ █  ", values, 4, 6, false);
    drawn("04 9  ", values, 4, 6, true);
    drawn(" 9", values, 4, 2, true); /* the newest */
    drawn("  ", values, 0, 2, true);
}

static void test_chart(void) {
    static const int rising[] = {0, 100};
    static const int one[] = {50};
    struct out out;
    out_init(&out);
    progress_chart(&out, rising, 2, 16, true);
    CU_ASSERT_STRING_EQUAL(out.data, "  100 % |     *\n"
                                     "        |    *\n"
                                     "        |   *\n"
                                     "        |  *\n"
                                     "        | *\n"
                                     "    0 % |*\n");
    out_free(&out);
    out_init(&out);
    progress_chart(&out, one, 1, 12, false); /* two cells, so four dots across and 24 down */
    CU_ASSERT_STRING_EQUAL(out.data,
                           "  100 % │\n        │\n        │⢀\n        │\n        │\n    0 % │\n");
    out_free(&out);
}

/* ---- golden files ---- */

typedef void writer(const struct progress *, const struct progress_options *, struct out *);

static void golden_of(struct progress *progress, const char *name, writer *write,
                      const struct progress_options *options) {
    struct out out;
    out_init(&out);
    write(progress, options, &out);
    CU_ASSERT_FALSE(out.failed);
    recorded_golden(name, out.data, out.len);
    for (const char *at = out.data; write == progress_text && *at;) {
        const char *end = strchr(at, '\n');
        char row[512];
        snprintf(row, sizeof row, "%.*s", (int)(end - at), at);
        CU_ASSERT_TRUE(out_columns(row) <= 80);
        at = end + 1;
    }
    out_free(&out);
    progress_free(progress);
}

static void golden(const char *name, writer *write, bool ascii) {
    struct progress progress;
    const struct progress_options options = {.role = ROLE_CANDIDATE, .ascii = ascii};
    season(&progress);
    progress_note(&progress, "Room %s is not fetched yet; 'spar progress --fetch' gets it.",
                  "dddddddddddd");
    golden_of(&progress, name, write, &options);
}

/* The same interview under two room ids, so that what it left out is left out twice. */
static void twice(struct progress *progress) {
    struct sample s;
    struct model model;
    interview_play(&s, true);
    interview_model(&s, INTERVIEW_CANDIDATE, &model);
    progress_init(progress);
    CU_ASSERT_EQUAL(progress_take(progress, &model, s.count), PROGRESS_TAKEN);
    model.room_id[0] = model.room_id[0] == 'a' ? 'b' : 'a';
    CU_ASSERT_EQUAL(progress_take(progress, &model, s.count), PROGRESS_TAKEN);
    CU_ASSERT_TRUE_FATAL(progress_sum(progress));
    model_free(&model);
    sample_free(&s);
}

/* One interview makes no list, two the first of each phase, and --items all of them. */
static void test_golden_of_what_was_never_raised(void) {
    struct progress progress;
    struct progress_options options = {.role = ROLE_CANDIDATE};
    season_of(&progress, 1);
    golden_of(&progress, "progress_one.txt", progress_text, &options);
    twice(&progress);
    golden_of(&progress, "progress_twice.txt", progress_text, &options);
    twice(&progress);
    options.items = true;
    golden_of(&progress, "progress_items.txt", progress_text, &options);
}

static void test_golden(void) {
    golden("progress.txt", progress_text, false);
    golden("progress_ascii.txt", progress_text, true);
    golden("progress.html", progress_html, false);
    golden("progress.json", progress_json, false);
}

static void test_json(void) {
    struct progress progress;
    struct out out;
    struct progress_options options = {.role = ROLE_CANDIDATE};
    season(&progress);
    out_init(&out);
    progress_json(&progress, &options, &out);
    json_t *all = json_loads(out.data, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(all);
    json_t *session = json_array_get(json_object_get(all, "sessions"), 1);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(session, "actual")), MINUTES(44));
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(session, "raised")), 3);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(session, "flags")), 2);
    json_decref(all);
    out_free(&out);
    progress_free(&progress);
}

static void test_hostile_names(void) {
    struct sample s;
    struct model model;
    struct progress progress;
    struct out out;
    struct progress_options options = {.role = ROLE_CANDIDATE};
    interview_play(&s, true);
    interview_model(&s, INTERVIEW_CANDIDATE, &model);
    snprintf(model.room.seats[INTERVIEW_CANDIDATE].name, NAME_MAX_BYTES, "<b>Max\033[31m</b>");
    progress_init(&progress);
    CU_ASSERT_EQUAL(progress_take(&progress, &model, s.count), PROGRESS_TAKEN);
    CU_ASSERT_TRUE(progress_sum(&progress));
    writer *const writers[] = {progress_text, progress_html, progress_json};
    for (size_t i = 0; i < 3; i++) {
        out_init(&out);
        writers[i](&progress, &options, &out);
        CU_ASSERT_PTR_NULL(strchr(out.data, '\033'));
        CU_ASSERT_TRUE(i != 1 || !strstr(out.data, "<b>Max"));
        out_free(&out);
    }
    progress_free(&progress);
    model_free(&model);
    sample_free(&s);
}

/* ---- a folder ---- */

static void save(const char *folder, const char *name, int i, size_t cut) {
    struct sample s;
    char path[TEMP_PATH_SIZE];
    size_t len;
    season_play(&s, i, true);
    char *bytes = recorded_bytes(&s, SAMPLE_CANDIDATE, season_rooms[i], &len);
    temp_write(temp_path(folder, name, path), bytes, len - cut);
    free(bytes);
    sample_free(&s);
}

static void test_folder(void) {
    char folder[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE];
    struct progress progress;
    struct certs_why why = {{0}};
    temp_make(folder);
    save(folder, "one.spar", 0, 0);
    save(folder, "again.spar", 0, 0);
    save(folder, "two.spar", 1, 0);
    save(folder, "three.spar", 2, 10); /* broken off */
    temp_write(temp_path(folder, "notes.txt", path), "x", 1);
    temp_write(temp_path(folder, "letter.spar", path), "Dear Ben", 8);
    progress_init(&progress);
    CU_ASSERT_TRUE(progress_load(&progress, folder, false, &why));
    CU_ASSERT_EQUAL(progress.count, 2);
    CU_ASSERT_EQUAL_FATAL(progress.note_count, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(progress.notes[0].text, "letter.spar: This is not a recording"));
    CU_ASSERT_PTR_NOT_NULL(strstr(progress.notes[1].text, "three.spar: The recording breaks off"));
    progress_keep_role(&progress, ROLE_INTERVIEWER);
    CU_ASSERT_EQUAL(progress.count, 0);
    progress_free(&progress);
    temp_remove(folder);
    CU_ASSERT_TRUE(progress_load(&progress, folder, true, &why));
    CU_ASSERT_FALSE(progress_load(&progress, folder, false, &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, folder));
    progress_free(&progress);
}

static CU_TestInfo tests[] = {
    {"sums of the phases, worked out by hand", test_sums},
    {"items and flags, worked out by hand", test_items_and_flags},
    {"two recordings of one room", test_two_recordings_of_a_room},
    {"a room that never started", test_not_started},
    {"percent", test_percent},
    {"sparks", test_spark},
    {"the chart, dot by dot", test_chart},
    {"golden files", test_golden},
    {"what was never raised, in short and in full", test_golden_of_what_was_never_raised},
    {"JSON reads back", test_json},
    {"hostile names", test_hostile_names},
    {"a folder of recordings", test_folder},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"progress", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
