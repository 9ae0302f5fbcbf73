/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the token bucket: what is there is given, what is not costs exactly the wait that was
 * named, debt has a bound, and neither rounding nor a clock that runs backwards gives anything
 * away.
 */
#include "server/net/bucket.h"
#include "tests/support/test_main.h"

static const struct bucket_size size = {.rate = 10, .most = 50};

static void test_spends_what_is_there(void) {
    struct bucket bucket;
    bucket_fill(&bucket, &size, 1000);
    for (int i = 0; i < 50; i++) {
        CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 1000, 1), 0);
    }
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 1000, 1), 100);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 1099, 1), 1);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 1100, 1), 0);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 1100, 3), 300);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 1400, 3), 0);
}

static void test_never_holds_more_than_its_size(void) {
    struct bucket bucket;
    bucket_fill(&bucket, &size, 0);
    CU_ASSERT_TRUE(bucket_is_full(&bucket, &size, INT64_MAX / 2));
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, INT64_MAX / 2, 50), 0);
    CU_ASSERT_TRUE(bucket_take(&bucket, &size, INT64_MAX / 2, 1) > 0);
    /* What costs more than it ever holds is taken from a full one. */
    bucket_fill(&bucket, &size, 0);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 0, 1000), 0);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 0, 1000), 5000);
}

static void test_gives_back(void) {
    struct bucket bucket;
    bucket_fill(&bucket, &size, 0);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 0, 1000), 0);
    bucket_return(&bucket, &size, 1000);
    CU_ASSERT_TRUE(bucket_is_full(&bucket, &size, 0));
    bucket_return(&bucket, &size, 10); /* and no more than it holds */
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 0, 50), 0);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 0, 1), 100);
}

static void test_debt_has_a_bound(void) {
    struct bucket bucket;
    bucket_fill(&bucket, &size, 0);
    CU_ASSERT_TRUE(bucket_charge(&bucket, &size, 0, 100));
    CU_ASSERT_FALSE(bucket_charge(&bucket, &size, 0, 1));
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 4999, 1), 101);
    CU_ASSERT_FALSE(bucket_is_full(&bucket, &size, 9999));
    CU_ASSERT_TRUE(bucket_is_full(&bucket, &size, 10000));
}

static void test_clock_backwards(void) {
    struct bucket bucket;
    bucket_fill(&bucket, &size, 1000);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 1000, 50), 0);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 0, 1), 100);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &size, 1050, 1), 50);
}

/* A rate of one a second over many small looks loses nothing to rounding. */
static void test_no_rounding(void) {
    const struct bucket_size slow = {.rate = 1, .most = 10};
    struct bucket bucket;
    bucket_fill(&bucket, &slow, 0);
    CU_ASSERT_EQUAL(bucket_take(&bucket, &slow, 0, 10), 0);
    for (int64_t now = 1; now < 1000; now++) {
        CU_ASSERT_EQUAL(bucket_take(&bucket, &slow, now, 1), 1000 - now);
    }
    CU_ASSERT_EQUAL(bucket_take(&bucket, &slow, 1000, 1), 0);
}

int main(void) {
    static CU_TestInfo tests[] = {{"spends what is there", test_spends_what_is_there},
                                  {"never more than its size", test_never_holds_more_than_its_size},
                                  {"what was not used is given back", test_gives_back},
                                  {"debt has a bound", test_debt_has_a_bound},
                                  {"a clock that runs backwards", test_clock_backwards},
                                  {"no rounding", test_no_rounding},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"bucket", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
