/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the draft of a verdict is its author's: two who sit in a room on one machine never find
 * each other's.
 */
#include "client/store/draft_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/temp.h"
#include "tests/support/test_main.h"

static const char room[] = "abcdefghijkl";
static char folder[TEMP_PATH_SIZE];

static void begin(void) {
    temp_make(folder);
    CU_ASSERT_EQUAL_FATAL(setenv("XDG_DATA_HOME", folder, 1), 0);
}

static void test_one_for_each_seat(void) {
    struct certs_why why;
    struct verdict_draft draft = {.recommend = RECOMMEND_NO, .level = LEVEL_SENIOR, .begun = true};
    struct verdict_draft read;
    begin();
    draft.scores[2] = 3;
    draft.moments[2] = 12345;
    snprintf(draft.texts[VERDICT_CHANGE], sizeof draft.texts[0], "Too fast.");
    CU_ASSERT_TRUE_FATAL(draft_file_write(room, 0, &draft, &why));
    CU_ASSERT_EQUAL(draft_file_stamp(room, 1), 0);
    CU_ASSERT_TRUE_FATAL(draft_file_read(room, 1, &read, &why));
    CU_ASSERT_FALSE(read.begun);
    CU_ASSERT_EQUAL(read.recommend, -1);
    CU_ASSERT_EQUAL(read.scores[2], 0);
    CU_ASSERT_STRING_EQUAL(read.texts[VERDICT_CHANGE], "");
    CU_ASSERT_NOT_EQUAL(draft_file_stamp(room, 0), 0);
    CU_ASSERT_TRUE_FATAL(draft_file_read(room, 0, &read, &why));
    CU_ASSERT_TRUE(read.begun);
    CU_ASSERT_EQUAL(read.recommend, RECOMMEND_NO);
    CU_ASSERT_EQUAL(read.scores[2], 3);
    CU_ASSERT_EQUAL(read.moments[2], 12345);
    CU_ASSERT_STRING_EQUAL(read.texts[VERDICT_CHANGE], "Too fast.");
    temp_remove(folder);
}

static CU_TestInfo tests[] = {{"one for each seat", test_one_for_each_seat}, CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"draft file", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
