/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a start with more that is fresh than there may be (64 MiB), since servers were killed
 * again and again before it was moved, takes no more than two seconds of the processor, has all of
 * it, and goes on.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/journal/fresh.h"
#include "server/journal/sum.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_place.h"
#include "tests/support/test_main.h"

/* The promise is the release build's. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { SLOWER = 4 };
#else
enum { SLOWER = 1 };
#endif
enum { COMMITS = 66, EVENTS = 1024, BYTES = 1024 - FRESH_HEAD, SECONDS = 2 };

static const char room[] = "aaaaaaaaaaaa";

/* One commit of EVENTS events behind `pos`, 1 MiB in all, as the journal keeps it. */
static void add_commit(sqlite3_stmt *keep, uint32_t pos) {
    struct fresh_block *block = NULL;
    uint8_t body[BYTES];
    memset(body, 'x', sizeof body);
    for (uint32_t i = 1; i <= EVENTS; i++) {
        CU_ASSERT_FATAL(fresh_write(&block, 1, pos + i, body, sizeof body));
    }
    sqlite3_bind_blob64(keep, 1, block->bytes, block->len, SQLITE_STATIC);
    sqlite3_bind_int64(keep, 2, (int64_t)sum_bytes(SUM_BEGIN, block->bytes, block->len));
    CU_ASSERT_EQUAL(sqlite3_step(keep), SQLITE_DONE);
    sqlite3_reset(keep);
    free(block);
}

static void fill(const char *path) {
    static const char sql[] = "INSERT INTO fresh (body, sum) VALUES (?1, ?2)";
    sqlite3 *db = NULL;
    sqlite3_stmt *keep = NULL;
    CU_ASSERT_EQUAL_FATAL(sqlite3_open(path, &db), SQLITE_OK);
    CU_ASSERT_EQUAL(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(db, sql, -1, &keep, NULL), SQLITE_OK);
    for (uint32_t i = 0; i < COMMITS; i++) {
        add_commit(keep, 1 + i * EVENTS);
    }
    sqlite3_finalize(keep);
    CU_ASSERT_EQUAL(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void test_start(void) {
    struct place place;
    char last[64];
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    append(ear, room, 0, "first", 1);
    expect(ear, 0, "1 committed head 1");
    journal_close(journal);
    ear_free(ear);
    fill(place.path);
    clock_t began = clock();
    journal = place_open(&place);
    double took = (double)(clock() - began) / CLOCKS_PER_SEC;
    printf(" (%.2f s) ", took);
    CU_ASSERT(took < SECONDS * SLOWER);
    ear = ear_new(journal);
    append(ear, room, 1 + COMMITS * EVENTS, "next", 2);
    snprintf(last, sizeof last, "2 committed head %d", 2 + COMMITS * EVENTS);
    expect(ear, 0, last);
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

int main(void) {
    static CU_TestInfo tests[] = {{"66 MiB that are fresh", test_start}, CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"journal start", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
