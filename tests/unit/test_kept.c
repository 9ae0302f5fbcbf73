/* SPDX-License-Identifier: ISC */
/*
 * Purpose: how long a room is kept, from what the server keeps and what the room has of its own,
 * and that its sentences fit.
 */
#include <string.h>

#include "client/feed/kept.h"
#include "protocol/limits.h"
#include "tests/support/test_main.h"

static bool says(int64_t hours, int64_t days, bool fleeting, const char *words) {
    char text[KEPT_TEXT_MAX];
    const struct kept kept = kept_of(hours, days, fleeting);
    kept_text(&kept, text);
    return strstr(text, words) != NULL && text[strlen(text) - 1] == '.';
}

static void test_the_shorter_time_counts(void) {
    CU_ASSERT_TRUE(says(0, 0, false, "until whoever runs the server removes it."));
    CU_ASSERT_TRUE(says(48, 0, false, "for 2 days, or before"));
    CU_ASSERT_TRUE(says(0, 3, false, "for 3 days,"));
    CU_ASSERT_TRUE(says(48, 3, false, "for 2 days,"));
    CU_ASSERT_TRUE(says(96, 3, false, "for 3 days,"));
    CU_ASSERT_TRUE(says(48, 0, true, "Nothing of it is kept"));
}

static void test_units(void) {
    CU_ASSERT_TRUE(says(1, 0, false, "for 1 hour,"));
    CU_ASSERT_TRUE(says(25, 0, false, "for 25 hours,"));
    CU_ASSERT_TRUE(says(24, 0, false, "for 1 day,"));
}

static void test_the_longest_fits(void) {
    CU_ASSERT_TRUE(says(TERM_HOURS_MAX, 0, false, "for 3660 days, or before by whoever runs"));
    CU_ASSERT_TRUE(says(TERM_HOURS_MAX - 1, 0, false, "87839 hours, or before by whoever runs"));
}

static CU_TestInfo tests[] = {{"the shorter time counts", test_the_shorter_time_counts},
                              {"units", test_units},
                              {"the longest fits", test_the_longest_fits},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"kept", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
