/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what servers tell each other through a database: each length at the bounds of a notice
 * and one past them comes out as it went in, pieces in disorder do not, and what is no notice is
 * none.
 */
#include "tests/support/test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/journal/pg_notice.h"

static uint8_t bytes[JOURNAL_TRIP_MAX];

static void fill(void) {
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    }
}

static void check_run(size_t len, bool carried) {
    char text[NOTICE_MAX + 1];
    struct pg_notice notice;
    struct run run = {.room = INT64_MAX, .pos = UINT32_MAX - 64, .count = 64, .len = len};
    run.body = bytes;
    memcpy(run.id, "aaaaaaaaaaaa", ROOM_ID_BYTES + 1);
    pg_notice_write_run(UINT32_MAX, INT64_MAX, &run, text);
    CU_ASSERT(strlen(text) <= NOTICE_MAX);
    CU_ASSERT_TRUE_FATAL(pg_notice_read(text, &notice));
    CU_ASSERT_EQUAL(notice.kind, PG_NOTICE_RUN);
    CU_ASSERT_EQUAL(notice.boot, UINT32_MAX);
    CU_ASSERT_EQUAL(notice.n, INT64_MAX);
    CU_ASSERT_STRING_EQUAL(notice.what.id, run.id);
    CU_ASSERT_EQUAL(notice.what.row.room, run.room);
    CU_ASSERT_EQUAL(notice.what.row.pos, run.pos);
    CU_ASSERT_EQUAL(notice.what.row.count, run.count);
    CU_ASSERT_EQUAL(notice.what.row.body != NULL, carried);
    CU_ASSERT(!carried || (notice.what.row.body != NULL && notice.what.row.len == len &&
                           memcmp(notice.what.row.body, bytes, len) == 0));
}

static void test_runs(void) {
    fill();
    check_run(1, true);
    check_run(NOTICE_BODY_MAX, true);
    check_run(NOTICE_BODY_MAX + 1, false); /* it has to be read */
}

/* Writes a piece and reads it; n as it is counted. */
static bool pass(struct pg_pieces *pieces, size_t len, uint32_t part, int64_t boot, int64_t n) {
    char text[NOTICE_MAX + 1];
    struct pg_notice notice;
    struct shared_trip trip = {
        .room = "aaaaaaaaaaaa", .to = UINT32_MAX, .bytes = bytes, .len = len};
    pg_notice_write_trip(boot, n, &trip, part, text);
    CU_ASSERT(strlen(text) <= NOTICE_MAX);
    CU_ASSERT_TRUE_FATAL(pg_notice_read(text, &notice));
    CU_ASSERT_EQUAL(notice.kind, PG_NOTICE_TRIP);
    CU_ASSERT_EQUAL(notice.to, UINT32_MAX);
    return pg_pieces_add(pieces, &notice);
}

static void check_trip(size_t len, uint32_t parts) {
    struct pg_pieces pieces = {.of = 0};
    CU_ASSERT_EQUAL(pg_notice_parts(len), parts);
    for (uint32_t i = 0; i < parts; i++) {
        CU_ASSERT_EQUAL(pass(&pieces, len, i, 3, 10 + i), i + 1 == parts);
    }
    CU_ASSERT_EQUAL(pieces.len, len);
    CU_ASSERT_EQUAL(memcmp(pieces.bytes, bytes, len), 0);
}

static void test_trips(void) {
    fill();
    check_trip(0, 1);
    check_trip(1, 1);
    check_trip(NOTICE_BODY_MAX, 1);
    check_trip(NOTICE_BODY_MAX + 1, 2);
    check_trip(JOURNAL_TRIP_MAX, NOTICE_PARTS_MAX);
}

/* A piece is missing, comes twice, or is another server's: nothing is put together, and the next
 * trip is whole. */
static void test_disorder(void) {
    struct pg_pieces pieces = {.of = 0};
    size_t len = JOURNAL_TRIP_MAX;
    fill();
    CU_ASSERT_FALSE(pass(&pieces, len, 1, 3, 1));
    CU_ASSERT_FALSE(pass(&pieces, len, 2, 3, 2));
    CU_ASSERT_FALSE(pass(&pieces, len, 0, 3, 3));
    CU_ASSERT_FALSE(pass(&pieces, len, 2, 3, 4));
    CU_ASSERT_FALSE(pass(&pieces, len, 0, 3, 5));
    CU_ASSERT_FALSE(pass(&pieces, len, 1, 3, 7)); /* one between them was lost */
    CU_ASSERT_FALSE(pass(&pieces, len, 2, 3, 8));
    CU_ASSERT_FALSE(pass(&pieces, len, 0, 3, 9));
    CU_ASSERT_FALSE(pass(&pieces, len, 1, 4, 10));
    CU_ASSERT_FALSE(pass(&pieces, len, 2, 3, 11));
    for (uint32_t i = 0; i < NOTICE_PARTS_MAX; i++) {
        CU_ASSERT_EQUAL(pass(&pieces, len, i, 3, 12 + i), i + 1 == NOTICE_PARTS_MAX);
    }
    CU_ASSERT_EQUAL(memcmp(pieces.bytes, bytes, len), 0);
}

static void test_garbage(void) {
    static const char *const none[] = {"",
                                       "1",
                                       "1 2",
                                       "1 2 ",
                                       "x 2 aaaaaaaaaaaa run 1 1 1 -",
                                       "1 x aaaaaaaaaaaa run 1 1 1 -",
                                       "1 2 aaaaaaaaaaa run 1 1 1 -",
                                       "1 2 aaaaaaaaaaaaa run 1 1 1 -",
                                       "1 2 aaaaaaaaaaaa walk 1 1 1 -",
                                       "1 2 aaaaaaaaaaaa run 1 0 1 -",
                                       "1 2 aaaaaaaaaaaa run 1 1 0 -",
                                       "1 2 aaaaaaaaaaaa run 1 4294967295 1 -",
                                       "1 2 aaaaaaaaaaaa run 1 1 1 !",
                                       "1 2 aaaaaaaaaaaa run 1 1 1",
                                       "1 2 aaaaaaaaaaaa trip 0 1 1 AA",
                                       "1 2 aaaaaaaaaaaa trip 0 -1 1 AA",
                                       "1 2 aaaaaaaaaaaa trip 0 0 4 AA",
                                       "1 2 aaaaaaaaaaaa trip 0 0 1 !",
                                       "1 2 aaaaaaaaaaaa trip 0 0 1"};
    struct pg_notice notice;
    char text[NOTICE_MAX + 128];
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        snprintf(text, sizeof text, "%s", none[i]);
        CU_ASSERT_FALSE(pg_notice_read(text, &notice));
    }
    snprintf(text, sizeof text, "1 2 aaaaaaaaaaaa trip 0 0 3 AA");
    CU_ASSERT_TRUE(pg_notice_read(text, &notice));
    int at = snprintf(text, sizeof text, "1 2 aaaaaaaaaaaa run 1 1 1 ");
    memset(text + at, 'A', NOTICE_MAX + 1);
    text[at + (NOTICE_BODY_MAX + 3) / 3 * 4] = '\0'; /* more than a body may be */
    CU_ASSERT_FALSE(pg_notice_read(text, &notice));
}

int main(void) {
    static CU_TestInfo tests[] = {{"runs", test_runs},
                                  {"trips", test_trips},
                                  {"pieces in disorder", test_disorder},
                                  {"what is none", test_garbage},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"notices", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
