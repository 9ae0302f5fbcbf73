/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what is particular to one journal: the commits of the memory journal, by its knobs, and
 * the SQLite journal, whose disk fails here on demand. What every journal promises is in
 * test_journal_promises.c.
 */
#include "tests/support/test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/journal/core.h"
#include "server/journal/journal.h"
#include "server/journal/rooms.h"
#include "tests/support/failing_disk.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_memory.h"
#include "tests/support/journal_place.h"
#include "tests/support/temp.h"

static const char room_a[] = "aaaaaaaaaaaa", room_b[] = "bbbbbbbbbbbb";

/* ---- the memory journal's knobs ---- */

static void test_group(void) {
    struct journal_memory *knobs;
    struct journal *journal = journal_memory_open(&knobs);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    struct ear *one = ear_new(journal), *two = ear_new(journal);
    ear_follow(one, room_a, 0, 1);
    heard(one, 0);
    journal_memory_hold(knobs);
    append(one, room_b, 0, "first", 2);
    journal_memory_await_held(knobs);
    append(one, room_a, 0, "a", 3);
    append(two, room_a, 1, "b", 4);
    append(two, room_a, 1, "late", 5);
    append(one, room_a, 2, "c", 6);
    ear_follow(two, room_a, 0, 7);
    CU_ASSERT_EQUAL(journal_stats_read(journal).commits, 0);
    CU_ASSERT_EQUAL(one->count, 1);
    journal_memory_release(knobs);
    expect(one, 1, "2 committed head 1");
    expect(one, 2, "aaaaaaaaaaaa 1=a 2=b 3=c");
    expect(one, 3, "3 committed head 3");
    expect(one, 4, "6 committed head 3");
    /* The follower came while the round was open: nothing is published yet, so its history is empty
     * and the round's events follow. */
    expect(two, 0, "7 no room");
    expect(two, 1, "aaaaaaaaaaaa 1=a 2=b 3=c");
    expect(two, 2, "4 committed head 3");
    expect(two, 3, "5 conflict head 3");
    CU_ASSERT_EQUAL(journal_stats_read(journal).commits, 2);
    journal_close(journal);
    ear_free(one);
    ear_free(two);
}

/* As many appends as a commit takes, and one more. */
static void test_largest_group(void) {
    for (uint32_t more = 0; more < 2; more++) {
        struct journal_memory *knobs;
        struct journal *journal = journal_memory_open(&knobs);
        CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
        struct ear *ear = ear_new(journal);
        journal_memory_hold(knobs);
        append(ear, room_b, 0, "first", 1);
        journal_memory_await_held(knobs);
        for (uint32_t i = 0; i < JOURNAL_COMMIT_MAX + more; i++) {
            append(ear, room_a, i, "e", 2);
        }
        journal_memory_release(knobs);
        heard(ear, JOURNAL_COMMIT_MAX + more);
        CU_ASSERT_EQUAL(journal_stats_read(journal).commits, 2 + more);
        journal_close(journal);
        ear_free(ear);
    }
}

static void test_knobs(void) {
    struct journal_memory *knobs;
    struct journal *journal = journal_memory_open(&knobs);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    struct ear *ear = ear_new(journal);
    ear_follow(ear, room_a, 0, 1);
    heard(ear, 0);
    journal_memory_fail_next(knobs, 1);
    append(ear, room_a, 0, "a", 2);
    expect(ear, 1, "2 failed head 0");
    journal_memory_conflict_next(knobs, 1);
    append(ear, room_a, 0, "a", 3);
    expect(ear, 2, "3 conflict head 0");
    journal_memory_fail_commits(knobs, 1);
    append(ear, room_a, 0, "a", 4);
    expect(ear, 3, "4 failed head 0");
    append(ear, room_a, 0, "b", 5);
    expect(ear, 4, "aaaaaaaaaaaa 1=b");
    expect(ear, 5, "5 committed head 1");
    CU_ASSERT_EQUAL(journal_stats_read(journal).failures, 2);
    journal_memory_fail_commits(knobs, 1);
    append_run(ear, room_a, 1, "cd", 6, NULL);
    expect(ear, 6, "6 failed head 1");
    append_run(ear, room_a, 1, "ef", 7, NULL);
    expect(ear, 7, "aaaaaaaaaaaa 2=e 3=f");
    expect(ear, 8, "7 committed head 3");
    journal_close(journal);
    ear_free(ear);
}

static void test_close_finishes(void) {
    struct journal *journal = journal_memory_open(NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    struct ear *ear = ear_new(journal);
    for (uint32_t i = 0; i < 1500; i++) {
        append(ear, room_a, i, "e", i);
    }
    journal_close(journal);
    CU_ASSERT_EQUAL(ear->count, 1500);
    CU_ASSERT_STRING_EQUAL(ear->heard[1499], "1499 committed head 1500");
    ear_free(ear);
}

/* More rooms than are remembered: forgotten heads are read again, and are right. */
static void test_forgotten_heads(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    enum { ROOMS = JOURNAL_IDLE_ROOMS_MIN + 100 };
    char room[32];
    append(ear, room_a, 0, "a", 1);
    append(ear, room_a, 1, "b", 2);
    for (unsigned i = 0; i < ROOMS; i++) {
        snprintf(room, sizeof room, "r%011u", i);
        ear_read(ear, room, 0, 10);
    }
    heard(ear, 2 + ROOMS - 1);
    append(ear, room_a, 2, "c", 3);
    expect(ear, 2 + ROOMS, "3 committed head 3");
    append(ear, room_a, 2, "late", 4);
    expect(ear, 3 + ROOMS, "4 conflict head 3");
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* ---- a disk that fails on demand ---- */

static struct journal *open_failing(const struct place *place) {
    failing_disk_install();
    return place_open(place);
}

static void close_failing(struct journal *journal) {
    journal_close(journal);
    failing_disk_remove();
}

static void test_disk_full(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = open_failing(&place);
    struct ear *ear = ear_new(journal);
    ear_follow(ear, room_a, 0, 1);
    heard(ear, 0);
    append(ear, room_a, 0, "a", 2);
    expect(ear, 2, "2 committed head 1");
    failing_disk_full(true);
    append(ear, room_a, 1, "b", 3);
    expect(ear, 3, "3 failed head 1");
    append(ear, room_b, 0, "x", 4);
    expect(ear, 4, "4 failed head 0");
    /* Reading goes on, and so does appending once there is room. */
    ear_read(ear, room_a, 0, 5);
    expect(ear, 5, "5 history 1=a");
    failing_disk_full(false);
    append(ear, room_a, 1, "c", 6);
    expect(ear, 6, "aaaaaaaaaaaa 2=c");
    expect(ear, 7, "6 committed head 2");
    CU_ASSERT_EQUAL(journal_stats_read(journal).failures, 2);
    close_failing(journal);
    ear_free(ear);
    place_remove(&place);
}

/* After a failed sync the row may be there or not, but what was said of it holds: FAILED and never
 * seen, or confirmed, published once and read again after a restart. */
static void test_failed_sync(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = open_failing(&place);
    struct ear *ear = ear_new(journal);
    ear_follow(ear, room_a, 0, 1);
    heard(ear, 0);
    append(ear, room_a, 0, "a", 2);
    expect(ear, 2, "2 committed head 1");
    /* Every sync fails for a while: nothing may be confirmed. */
    failing_disk_syncs(1000);
    append_run(ear, room_a, 1, "bb", 3, NULL);
    expect(ear, 3, "3 failed head 1");
    append_run(ear, room_a, 1, "cc", 4, NULL);
    expect(ear, 4, "4 failed head 1");
    failing_disk_syncs(0);
    /* The disk is well again; whichever of the two runs is there was then told, whole. */
    append_run(ear, room_a, 1, "dd", 5, NULL);
    const char *next = heard(ear, 5);
    bool b = strcmp(next, "aaaaaaaaaaaa 2=b 3=b") == 0;
    bool c = strcmp(next, "aaaaaaaaaaaa 2=c 3=c") == 0;
    CU_ASSERT(b || c || strcmp(next, "aaaaaaaaaaaa 2=d 3=d") == 0);
    expect(ear, 6, b || c ? "5 conflict head 3" : "5 committed head 3");
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "9 history%s", next + ROOM_ID_BYTES);
    close_failing(journal);
    ear_free(ear);
    journal = place_open(&place);
    ear = ear_new(journal);
    ear_read(ear, room_a, 1, 9);
    expect(ear, 0, line);
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* A disk that fails under a chore: it ends with a sentence, nothing is lost, and what comes then is
 * kept. */
static void fail_chore(enum journal_chore chore, const char *of) {
    struct place place;
    place_make(&place);
    struct journal *journal = open_failing(&place);
    struct ear *ear = ear_new(journal);
    append(ear, room_a, 0, "a", 1);
    append(ear, room_b, 0, "x", 2);
    append(ear, room_b, 1, "y", 3);
    expect(ear, 2, "3 committed head 2");
    failing_disk_syncs(1000);
    ear_chore_of(ear, chore, of, 4);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 3), "4 not done", 10), 0);
    failing_disk_syncs(0);
    append(ear, room_b, 2, "z", 5);
    expect(ear, 4, "5 committed head 3");
    ear_read(ear, room_b, 0, 6);
    expect(ear, 5, "6 history 1=x 2=y 3=z");
    ear_read(ear, room_a, 0, 7);
    expect(ear, 6, "7 history 1=a");
    close_failing(journal);
    ear_free(ear);
    place_remove(&place);
}

static void test_chores_that_fail(void) {
    char copy[TEMP_PATH_SIZE];
    struct place other;
    place_make(&other);
    fail_chore(JOURNAL_FORGET, room_a);
    fail_chore(JOURNAL_BACKUP, temp_path(other.folder, "copy.db", copy));
    place_remove(&other);
}

int main(void) {
    static CU_TestInfo memory[] = {{"what queues during a commit shares the next", test_group},
                                   {"the largest commit and one more", test_largest_group},
                                   {"fail, conflict and failing commits", test_knobs},
                                   {"closing finishes what was posted", test_close_finishes},
                                   CU_TEST_INFO_NULL};
    static CU_TestInfo sqlite[] = {{"heads that were forgotten", test_forgotten_heads},
                                   {"a full disk", test_disk_full},
                                   {"a failed sync", test_failed_sync},
                                   {"chores on a failing disk", test_chores_that_fail},
                                   CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"memory", NULL, NULL, NULL, NULL, memory},
                                    {"sqlite", NULL, NULL, NULL, NULL, sqlite},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
