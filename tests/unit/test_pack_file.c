/* SPDX-License-Identifier: ISC */
/*
 * Purpose: pack files: the shipped ones are sound; each faulty one in files/packs/ is told from the
 * others by its complaint, with line and column. A fixture says on its first line what is expected.
 */
#include "client/pack/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/keys.h"
#include "tests/support/temp.h"
#include "tests/support/test_main.h"

static struct pack_file_faults faults;

static void source_path(const char *name, char path[PACK_FILE_PATH_MAX]) {
    const char *source = getenv("SPAR_SOURCE");
    snprintf(path, PACK_FILE_PATH_MAX, "%s/%s", source == NULL ? "." : source, name);
}

/* Calls `look` for each *.yaml of a folder of the source whose name begins with `prefix`; returns
 * how many. */
static int each_file(const char *folder, const char *prefix, void (*look)(const char *path)) {
    char path[PACK_FILE_PATH_MAX];
    char file[2 * PACK_FILE_PATH_MAX];
    int count = 0;
    source_path(folder, path);
    DIR *open = opendir(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(open);
    for (const struct dirent *entry; (entry = readdir(open)) != NULL;) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
            strstr(entry->d_name, ".yaml") != NULL) {
            snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
            look(file);
            count++;
        }
    }
    closedir(open);
    return count;
}

static void look_sound(const char *path) {
    enum pack_file_kind kind = pack_file_check(path, NULL, &faults);
    if (kind == PACK_FILE_NEITHER || faults.count > 0) {
        printf("\n  %s:%d:%d: %s\n", path, faults.at[0].line, faults.at[0].column,
               faults.at[0].what);
        CU_FAIL("a sound pack was found faulty");
    }
}

static void test_shipped(void) {
    CU_ASSERT_TRUE(each_file("contrib/packs", "", look_sound) >= 8);
    CU_ASSERT_EQUAL(each_file("tests/unit/files/packs", "base-", look_sound), 4);
}

/* The first fault is where and what the first line says: "# expect LINE:COLUMN: TEXT". */
static void look_faulty(const char *path) {
    char line[256] = "";
    static const char head[] = "# expect ";
    char *text = line;
    FILE *file = fopen(path, "re");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_PTR_NOT_NULL(fgets(line, sizeof line, file));
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    CU_ASSERT_TRUE_FATAL(strncmp(line, head, sizeof head - 1) == 0);
    long row = strtol(line + sizeof head - 1, &text, 10);
    CU_ASSERT_TRUE_FATAL(text[0] == ':');
    long column = strtol(text + 1, &text, 10);
    CU_ASSERT_TRUE_FATAL(text[0] == ':' && text[1] == ' ');
    text += 2;
    struct pack *pack = NULL;
    enum pack_file_kind kind = pack_file_check(path, &pack, &faults);
    CU_ASSERT_PTR_NULL(pack);
    CU_ASSERT_TRUE(kind == PACK_FILE_NEITHER || faults.count > 0);
    const struct pack_file_fault *fault = &faults.at[0];
    bool same = fault->line == row && fault->column == column &&
                strncmp(fault->what, text, strlen(text)) == 0;
    if (!same) {
        printf("\n  %s\n  got %d:%d: %s\n", line, fault->line, fault->column, fault->what);
        CU_FAIL("another complaint was expected");
    }
}

static void test_faulty(void) {
    CU_ASSERT_TRUE(each_file("tests/unit/files/packs", "bad-", look_faulty) >= 37);
}

/* ---- what is in the shipped prompts ---- */

static int mid_prompts;

static int own_items(const struct pack *pack) {
    int count = 0;
    for (int i = 0; i < pack->item_count; i++) {
        count += pack->items[i].own;
    }
    return count;
}

/* Lines that a sheet shows in a phase: each has a letter. */
static int sheet_lines(const struct pack *pack, int phase) {
    int count = 0;
    for (int i = 0; i < pack->item_count; i++) {
        const struct pack_item *item = &pack->items[i];
        count += item->phase == phase || (item->late && item->phase < phase);
    }
    return count;
}

/* Windows wrap it, so no line of the file's ends inside a paragraph. */
static void look_paragraphs(const char *prompt) {
    int lines = 0;
    for (const char *at = prompt; (at = strchr(at, '\n')) != NULL; at++) {
        CU_ASSERT_TRUE(at[1] == '\n' || at[1] == '-' || (at > prompt && at[-1] == '\n'));
        lines++;
    }
    CU_ASSERT_TRUE(lines >= 4);
}

/* An interviewer can work from it: each line says what counts and what is weak and what it shows,
 * each question what a strong answer holds; what is in it of its own is counted apart. */
static void look_content(const char *path) {
    struct pack *pack = NULL;
    if (pack_file_check(path, &pack, &faults) != PACK_FILE_PROMPT || pack == NULL) {
        return; /* the framework */
    }
    CU_ASSERT_EQUAL(pack->format, 2);
    CU_ASSERT_TRUE(pack->is_public);
    CU_ASSERT_NOT_EQUAL(pack_level(pack), LEVEL_ANY);
    CU_ASSERT_TRUE(own_items(pack) >= 8);
    look_paragraphs(pack->prompt);
    CU_ASSERT_TRUE(pack->fact_count >= 10 && pack->step_count >= 16);
    CU_ASSERT_TRUE(pack->followup_count >= 8 && pack->curveball_count >= 4);
    mid_prompts += pack_level(pack) == LEVEL_MID;
    for (int i = 0; i < pack->item_count; i++) {
        const struct pack_item *item = &pack->items[i];
        bool whole = item->counts[0] && item->strong[0] && item->weak[0] && item->competency[0];
        if (!whole) {
            printf("\n  %s: %s lacks something\n", pack->id, item->id);
        }
        CU_ASSERT_TRUE(whole);
    }
    for (int i = 0; i < pack->curveball_count + pack->followup_count; i++) {
        CU_ASSERT_TRUE(strlen(pack_question_at(pack, i)->strong) > 150);
    }
    for (int phase = 0; phase < pack->phase_count; phase++) {
        CU_ASSERT_TRUE(sheet_lines(pack, phase) <= KEYS_LETTER_COUNT);
    }
    pack_unref(pack);
}

static void test_shipped_content(void) {
    mid_prompts = 0;
    CU_ASSERT_TRUE(each_file("contrib/packs", "", look_content) >= 8);
    CU_ASSERT_TRUE(mid_prompts >= 1);
}

static void test_content(void) {
    char path[PACK_FILE_PATH_MAX];
    source_path("contrib/packs/click-stream.yaml", path);
    struct pack *pack = pack_file_read(path, &faults);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pack);
    CU_ASSERT_STRING_EQUAL(pack->id, "click-stream");
    CU_ASSERT_EQUAL(pack->phase_count, 5);
    CU_ASSERT_EQUAL(pack->plan_count, 3);
    CU_ASSERT_EQUAL(pack->plans[2].spare_ms, 5 * 60000);
    CU_ASSERT_EQUAL(pack->plans[1].budget_ms[2], 18 * 60000);
    CU_ASSERT_EQUAL(pack->failure_share, 30);
    CU_ASSERT_TRUE(pack->phases[3].failure);
    int item = pack_item_find(pack, (struct span){"mode-outage", 11});
    CU_ASSERT_TRUE_FATAL(item >= 0);
    CU_ASSERT_EQUAL(pack->items[item].group, GROUP_FAILURE_MODE);
    CU_ASSERT_EQUAL(pack->items[item].phase, 3);
    CU_ASSERT_PTR_NOT_NULL(strstr(pack->prompt, "click-stream events"));
    CU_ASSERT_EQUAL(pack->alarms[0].when, ALARM_ENDING);
    CU_ASSERT_EQUAL(pack->alarms[0].ms, 60000);
    CU_ASSERT_EQUAL(pack->alarms[1].phase, -1);
    CU_ASSERT_EQUAL(pack->alarms[2].phase, 2);
    pack_unref(pack);
    source_path("contrib/packs/five-phase.yaml", path);
    CU_ASSERT_PTR_NULL(pack_file_read(path, &faults)); /* a framework alone is no pack */
    CU_ASSERT_EQUAL(faults.count, 1);
}

/* A framework and a prompt of either format go together, and the pack is of the newer one. */
static void test_formats(void) {
    char path[PACK_FILE_PATH_MAX];
    source_path("tests/unit/files/packs/base-prompt.yaml", path);
    struct pack *pack = pack_file_read(path, &faults);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pack);
    CU_ASSERT_EQUAL(pack->format, 1);
    CU_ASSERT_STRING_EQUAL(pack->items[0].counts, "");
    pack_unref(pack);
    source_path("tests/unit/files/packs/base-prompt-2.yaml", path);
    pack = pack_file_read(path, &faults);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pack);
    CU_ASSERT_EQUAL(pack->format, 2);
    CU_ASSERT_EQUAL(pack_level(pack), LEVEL_MID);
    CU_ASSERT_STRING_EQUAL(pack->lang, "en");
    CU_ASSERT_EQUAL_FATAL(pack->item_count, 3);
    CU_ASSERT_STRING_EQUAL(pack->items[0].counts, "A number.");
    CU_ASSERT_STRING_EQUAL(pack->items[0].weak, "None.");
    CU_ASSERT_TRUE(pack->items[0].late && !pack->items[0].own);
    CU_ASSERT_EQUAL(pack->items[0].level, LEVEL_SENIOR);
    CU_ASSERT_FALSE(pack_item_expected(&pack->items[0], LEVEL_MID));
    CU_ASSERT_TRUE(pack_item_expected(&pack->items[0], LEVEL_STAFF));
    CU_ASSERT_TRUE(pack->items[2].own && !pack->items[2].late);
    CU_ASSERT_EQUAL(pack_enough(pack, GROUP_QUESTION), 1);
    CU_ASSERT_EQUAL(pack_enough(pack, GROUP_ACTION), 0);
    CU_ASSERT_EQUAL_FATAL(pack->competency_count, 1);
    CU_ASSERT_EQUAL(pack_bar(&pack->competencies[0], LEVEL_STAFF), 4);
    CU_ASSERT_EQUAL(pack_bar(&pack->competencies[0], LEVEL_ANY), 0);
    CU_ASSERT_STRING_EQUAL(pack_anchor(&pack->competencies[0], 2), "Asks a little.");
    CU_ASSERT_STRING_EQUAL(pack_anchor(&pack->competencies[0], 5), "");
    pack_unref(pack);
}

/* Rules that do not fit the plans: a fault in format 2 (the bad-2 files), here a warning. */
static void test_rules_of_before(void) {
    static const char text[] =
        "spar: framework/1\nid: old\ntitle: Old\nsource: made for the tests\nphases:\n"
        "  - {id: one, title: One, goal: A., opening: [], watch: B., failure: false}\n"
        "  - {id: two, title: Two, goal: A., opening: [], watch: B., failure: true}\n"
        "plans:\n  - {id: short, title: Short, minutes: [3, 1]}\n"
        "items:\n  - {id: i, phase: one, group: question, title: I, heading: H, strong: S.}\n"
        "flags: []\nalarms:\n"
        "  - {id: a, when: unreached, phase: two, minute: 3, text: T.}\n"
        "  - {id: b, when: minute, phase: two, minute: 4, text: T.}\n"
        "failure_share: 26\ntools: []\nphrases: []\n";
    char folder[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE];
    temp_make(folder);
    temp_path(folder, "old.yaml", path);
    temp_write(path, text, strlen(text));
    CU_ASSERT_EQUAL(pack_file_check(path, NULL, &faults), PACK_FILE_FRAMEWORK);
    CU_ASSERT_EQUAL(faults.count, 0);
    CU_ASSERT_EQUAL_FATAL(faults.warned, 2);
    CU_ASSERT_EQUAL(faults.warning[0].line, 14);
    CU_ASSERT_EQUAL(faults.warning[1].line, 16);
    temp_remove(folder);
}

/* A prompt as it was written before there was a format 2 stays sound; what is no rule of its own
 * format is a warning, where it stands. */
static void test_warning(void) {
    char folder[TEMP_PATH_SIZE];
    char path[PACK_FILE_PATH_MAX];
    char framework[PACK_FILE_PATH_MAX];
    char text[2 * PACK_FILE_PATH_MAX];
    struct pack *pack = NULL;
    source_path("tests/unit/files/packs/base-framework-2.yaml", path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(realpath(path, framework));
    temp_make(folder);
    temp_path(folder, "old.yaml", path);
    snprintf(text, sizeof text,
             "spar: prompt/1\nid: old\ntitle: Old\nframework: %s\nlevel: principal\n"
             "prompt: Do it.\nfacts: []\nfollowups: []\ncurveballs: []\nwalkthrough: []\n",
             framework);
    temp_write(path, text, strlen(text));
    CU_ASSERT_EQUAL(pack_file_check(path, &pack, &faults), PACK_FILE_PROMPT);
    CU_ASSERT_EQUAL(faults.count, 0);
    CU_ASSERT_EQUAL(faults.warned, 1);
    CU_ASSERT_EQUAL(faults.warning[0].line, 5);
    CU_ASSERT_EQUAL(faults.warning[0].column, 8);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pack);
    CU_ASSERT_EQUAL(pack->format, 2); /* its framework's */
    CU_ASSERT_EQUAL(pack_level(pack), LEVEL_ANY);
    pack_unref(pack);
    temp_remove(folder);
}

static void test_files(void) {
    char folder[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE];
    CU_ASSERT_EQUAL(pack_file_check("/nowhere/pack.yaml", NULL, &faults), PACK_FILE_NEITHER);
    CU_ASSERT_EQUAL(faults.count, 1);
    CU_ASSERT_EQUAL(pack_file_check("/", NULL, &faults), PACK_FILE_NEITHER);
    CU_ASSERT_EQUAL(faults.count, 1);
    temp_make(folder);
    char *bytes = malloc(PACK_FILE_BYTES_MAX + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    memset(bytes, '#', PACK_FILE_BYTES_MAX + 1);
    temp_path(folder, "large.yaml", path);
    temp_write(path, bytes, PACK_FILE_BYTES_MAX + 1);
    CU_ASSERT_EQUAL(pack_file_check(path, NULL, &faults), PACK_FILE_NEITHER);
    CU_ASSERT_PTR_NOT_NULL(strstr(faults.at[0].what, "at most"));
    temp_write(path, bytes, PACK_FILE_BYTES_MAX); /* read, and found to be one long comment */
    CU_ASSERT_EQUAL(pack_file_check(path, NULL, &faults), PACK_FILE_NEITHER);
    CU_ASSERT_PTR_NULL(strstr(faults.at[0].what, "at most"));
    free(bytes);
    temp_remove(folder);
}

/* More faults than are kept are counted, not written past the end. */
static void test_many(void) {
    char folder[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE];
    char text[4096] = "spar: prompt/1\n";
    temp_make(folder);
    for (int i = 0; i < 2 * PACK_FILE_FAULTS_MAX; i++) {
        char line[32];
        snprintf(line, sizeof line, "key%d: 1\n", i);
        strncat(text, line, sizeof text - strlen(text) - 1);
    }
    temp_path(folder, "many.yaml", path);
    temp_write(path, text, strlen(text));
    CU_ASSERT_EQUAL(pack_file_check(path, NULL, &faults), PACK_FILE_PROMPT);
    CU_ASSERT_TRUE(faults.count > 2 * PACK_FILE_FAULTS_MAX);
    temp_remove(folder);
}

static CU_TestInfo tests[] = {{"every shipped pack is sound", test_shipped},
                              {"each fault has its line, column and words", test_faulty},
                              {"what is in each shipped prompt", test_shipped_content},
                              {"what is in the click-stream pack", test_content},
                              {"format 2, and both together", test_formats},
                              {"a rule of format 2 in format 1", test_warning},
                              {"rules that fit the plans", test_rules_of_before},
                              {"files that are none, and too large ones", test_files},
                              {"more faults than are kept", test_many},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"pack file", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
