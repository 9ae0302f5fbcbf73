/* SPDX-License-Identifier: ISC */
/*
 * Purpose: more time for whoever is given it, in the lobby: it never keeps two apart, and the room
 * has the larger of what they ask for.
 */
#include "tests/support/crowd.h"
#include "tests/support/test_main.h"

static struct crowd c;
static struct lobby_match pair;

/* More time is no reason not to fit: the larger of the two counts, whoever asks for it. */
static void test_more_time(void) {
    static const int64_t extras[][3] = {{0, 0, 0}, {25, 0, 25}, {0, 50, 50}, {25, 100, 100}};
    for (size_t i = 0; i < sizeof extras / sizeof *extras; i++) {
        crowd_open(&c, 1, 2);
        for (int member = 0; member < 2; member++) {
            struct body body = crowd_wants(&c, member);
            body.has |= F(role);
            body.role = member ? ROLE_CANDIDATE : ROLE_INTERVIEWER;
            body.has |= extras[i][member] ? F(extra) : 0;
            body.extra = extras[i][member];
            CU_ASSERT_EQUAL_FATAL(crowd_do(&c, body), REFUSAL_NONE);
        }
        CU_ASSERT_TRUE_FATAL(lobby_next_match(&c.cohort, c.now, &crowd_leases, &pair));
        CU_ASSERT_EQUAL(crowd_match(&c, &pair), REFUSAL_NONE);
        CU_ASSERT_EQUAL(c.cohort.matches[0].extra, extras[i][2]);
        crowd_free(&c);
    }
}

static CU_TestInfo tests[] = {{"the larger counts", test_more_time}, CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"lobby extra", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
