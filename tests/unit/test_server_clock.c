/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the offset from round trips, its known error, and the back-off. Virtual time throughout.
 */
#include "client/net/server_clock.h"

#include <stdlib.h>

#include "client/net/connection.h"
#include "tests/support/test_main.h"

static int64_t room_now(const struct server_clock_reading *reading, int64_t rate, int64_t ms) {
    return (ms - reading->base) * rate + reading->offset;
}

static void test_no_sample(void) {
    struct server_clock clock;
    struct server_clock_reading reading;
    server_clock_reset(&clock, 1);
    CU_ASSERT_FALSE(server_clock_read(&clock, &reading));
    server_clock_add(&clock, 2000, 1000, 5); /* received before it was sent */
    CU_ASSERT_FALSE(server_clock_read(&clock, &reading));
}

static void test_lowest_round_trip(void) {
    struct server_clock clock;
    struct server_clock_reading reading;
    server_clock_reset(&clock, 1);
    server_clock_add(&clock, 1000000, 1100000, 5040); /* 100 ms there and back */
    server_clock_add(&clock, 2000000, 2010000, 6005);
    server_clock_add(&clock, 3000000, 3050000, 7030);
    CU_ASSERT_TRUE_FATAL(server_clock_read(&clock, &reading));
    CU_ASSERT_EQUAL(reading.error_ms, 5);
    CU_ASSERT_EQUAL(room_now(&reading, 1, 2005), 6005);
    CU_ASSERT_EQUAL(room_now(&reading, 1, 3005), 7005);
}

/* The best of all time goes once it is not among the last eight. */
static void test_window(void) {
    struct server_clock clock;
    struct server_clock_reading reading;
    server_clock_reset(&clock, 1);
    server_clock_add(&clock, 0, 1000, 0);
    for (int i = 1; i < CLOCK_SAMPLES; i++) {
        server_clock_add(&clock, i * 1000000L, i * 1000000L + 20000, i * 1000L + 10);
    }
    CU_ASSERT_TRUE_FATAL(server_clock_read(&clock, &reading));
    CU_ASSERT_EQUAL(reading.error_ms, 1);
    server_clock_add(&clock, 9000000, 9020000, 9010);
    CU_ASSERT_TRUE_FATAL(server_clock_read(&clock, &reading));
    CU_ASSERT_EQUAL(reading.error_ms, 10);
}

/* A clock that stood still for 45 s, as that of a paused machine, is right again with the next
 * sample, and the error is that sample's. */
static void test_jump(void) {
    static const int64_t rates[] = {1, 60};
    for (size_t r = 0; r < 2; r++) {
        struct server_clock clock;
        struct server_clock_reading reading;
        server_clock_reset(&clock, rates[r]);
        server_clock_add(&clock, 1000000, 1002000, 1001 * rates[r]);
        server_clock_add(&clock, 2000000, 2002000, 2001 * rates[r]);
        server_clock_add(&clock, 3000000, 3080000, 48040 * rates[r]);
        CU_ASSERT_TRUE_FATAL(server_clock_read(&clock, &reading));
        CU_ASSERT_EQUAL(room_now(&reading, rates[r], 3040), 48040 * rates[r]);
        CU_ASSERT_EQUAL(reading.error_ms, 40 * rates[r]);
        server_clock_add(&clock, 4000000, 4002000, 49001 * rates[r]);
        CU_ASSERT_TRUE_FATAL(server_clock_read(&clock, &reading));
        CU_ASSERT_EQUAL(reading.error_ms, rates[r]);
    }
}

/* What a slow line alone can do is no jump, to the millisecond: errors of 1 and 50 ms, 2 ms of
 * rounding. */
static void test_no_jump(void) {
    for (int64_t off = 53; off <= 54; off++) {
        struct server_clock clock;
        struct server_clock_reading reading;
        server_clock_reset(&clock, 1);
        server_clock_add(&clock, 1000000, 1002000, 1001);
        server_clock_add(&clock, 1950000, 2050000, 2000 + off);
        CU_ASSERT_TRUE_FATAL(server_clock_read(&clock, &reading));
        CU_ASSERT_EQUAL(reading.error_ms, off == 53 ? 1 : 50);
    }
}

/* Whatever the two ways take, the true time lies within the known error. */
static void test_error_holds(void) {
    static const int64_t rates[] = {1, 60, 3600};
    for (size_t r = 0; r < 3; r++) {
        for (int64_t up = 0; up <= 200000; up += 50001) {
            for (int64_t down = 0; down <= 200000; down += 33333) {
                struct server_clock clock;
                struct server_clock_reading reading;
                int64_t sent = 123456789;
                int64_t server = 5000 + (sent + up) * rates[r] / 1000;
                server_clock_reset(&clock, rates[r]);
                server_clock_add(&clock, sent, sent + up + down, server);
                CU_ASSERT_TRUE_FATAL(server_clock_read(&clock, &reading));
                int64_t truth = 5000 + 200000 * rates[r];
                int64_t wrong = room_now(&reading, rates[r], 200000) - truth;
                CU_ASSERT_TRUE(llabs(wrong) <= reading.error_ms + rates[r]);
            }
        }
    }
}

static void test_backoff(void) {
    static const int64_t most[] = {250, 500, 1000, 2000, 4000, 8000, 10000, 10000};
    for (uint32_t i = 0; i < 8; i++) {
        CU_ASSERT_EQUAL(connection_backoff_ms(i, 0), most[i]);
        CU_ASSERT_EQUAL(connection_backoff_ms(i, UINT16_MAX), most[i] - most[i] / 2);
    }
    CU_ASSERT_EQUAL(connection_backoff_ms(UINT32_MAX, 0), BACKOFF_MAX_MS);
}

static void test_who_comes_back(void) {
    CU_ASSERT_TRUE(connection_comes_back(REFUSAL_STOPPING));
    CU_ASSERT_TRUE(connection_comes_back(REFUSAL_TOO_SLOW));
    CU_ASSERT_TRUE(connection_comes_back(REFUSAL_IDLE));
    CU_ASSERT_FALSE(connection_comes_back(REFUSAL_REPLACED));
    CU_ASSERT_FALSE(connection_comes_back(REFUSAL_VERSION));
    CU_ASSERT_FALSE(connection_comes_back(REFUSAL_LINK_USED));
}

static CU_TestInfo tests[] = {{"nothing is known without a sample", test_no_sample},
                              {"the lowest round trip counts", test_lowest_round_trip},
                              {"only the last eight count", test_window},
                              {"a clock that stood still", test_jump},
                              {"a slow line is no jump", test_no_jump},
                              {"the truth lies within the error", test_error_holds},
                              {"back-off doubles to ten seconds", test_backoff},
                              {"which goodbyes are for good", test_who_comes_back},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"server clock", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
