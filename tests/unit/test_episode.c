/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what repeats is told at its start, once a minute while it goes on, and at its end, with
 * counts that add up.
 */
#include "server/base/episode.h"
#include "tests/support/test_main.h"

static void test_counts_add_up(void) {
    struct episode episode = {.on = false};
    uint64_t told = 0;
    uint64_t rest = 0;
    int lines = 0;
    for (int64_t now = 1000; now < 1000 + 2 * EPISODE_EVERY_MS; now += 10) {
        uint64_t count = episode_again(&episode, now);
        lines += count > 0;
        told += count;
    }
    CU_ASSERT_EQUAL(lines, 2);
    CU_ASSERT_TRUE(episode_end(&episode, &rest));
    CU_ASSERT_EQUAL(told + rest, 2 * EPISODE_EVERY_MS / 10);
    CU_ASSERT_FALSE(episode_end(&episode, &rest));
    CU_ASSERT_EQUAL(episode_again(&episode, 5), 1);
}

int main(void) {
    static CU_TestInfo tests[] = {{"counts add up", test_counts_add_up}, CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"episode", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
