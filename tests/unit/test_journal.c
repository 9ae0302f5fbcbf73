/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what every journal promises (compare-and-append, order of events and outcomes, following
 * without gap or overlap, history, the member index), held against the memory journal with its
 * knobs and against the SQLite journal, whose disk fails here on demand.
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

static const char room_a[] = "aaaaaaaaaaaa", room_b[] = "bbbbbbbbbbbb", room_c[] = "cccccccccccc";

/* ---- both journals ---- */

static void on_both(void (*check)(struct journal *journal)) {
    struct journal *journal = journal_memory_open(NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    check(journal);
    struct place place;
    place_make(&place);
    check(place_open(&place));
    place_remove(&place);
}

static void check_compare(struct journal *journal) {
    struct ear *ear = ear_new(journal);
    append(ear, room_a, 0, "a", 1);
    append(ear, room_a, 1, "b", 2);
    append(ear, room_a, 1, "late", 3);
    append(ear, room_b, 1, "early", 4);
    append(ear, room_a, 2, "c", 5);
    /* Outcomes come in the order of posting; heads are those after the commit that decided. */
    CU_ASSERT_EQUAL(strncmp(heard(ear, 0), "1 committed", 11), 0);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 1), "2 committed", 11), 0);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 2), "3 conflict", 10), 0);
    expect(ear, 3, "4 conflict head 0");
    expect(ear, 4, "5 committed head 3");
    journal_post_read(journal, ear->id, room_a, 0, 6);
    expect(ear, 5, "6 history 1=a 2=b 3=c");
    journal_post_read(journal, ear->id, room_a, 2, 7);
    expect(ear, 6, "7 history 3=c");
    journal_post_read(journal, ear->id, room_a, 3, 8);
    expect(ear, 7, "8 history");
    journal_post_read(journal, ear->id, room_b, 0, 9);
    expect(ear, 8, "9 no room");
    struct journal_stats stats = journal_stats_read(journal);
    CU_ASSERT_EQUAL(stats.events, 3);
    CU_ASSERT_EQUAL(stats.conflicts, 2);
    CU_ASSERT_EQUAL(stats.failures, 0);
    journal_close(journal);
    ear_free(ear);
}

static void test_compare(void) {
    on_both(check_compare);
}

static void check_follow(struct journal *journal) {
    struct ear *one = ear_new(journal), *two = ear_new(journal);
    append(one, room_a, 0, "a", 1);
    expect(one, 0, "1 committed head 1");
    journal_post_follow(journal, one->id, room_a, 0, 2);
    expect(one, 1, "2 history 1=a");
    journal_post_follow(journal, two->id, room_b, 0, 3);
    expect(two, 0, "3 no room");
    append(two, room_a, 1, "b", 4);
    expect(two, 1, "4 committed head 2");
    expect(one, 2, "aaaaaaaaaaaa 2=b");
    /* Following what does not exist yet holds for when it does; events come before the outcome. */
    append(two, room_b, 0, "x", 5);
    expect(two, 2, "bbbbbbbbbbbb 1=x");
    expect(two, 3, "5 committed head 1");
    journal_post_unfollow(journal, one->id, room_a);
    append(one, room_a, 2, "c", 6);
    expect(one, 3, "6 committed head 3");
    journal_post_follow(journal, two->id, room_a, 1, 7);
    expect(two, 4, "7 history 2=b 3=c");
    append(one, room_a, 3, "", 8);
    expect(one, 4, "8 committed head 4");
    expect(two, 5, "aaaaaaaaaaaa 4=");
    journal_close(journal);
    ear_free(one);
    ear_free(two);
}

static void test_follow(void) {
    on_both(check_follow);
}

static void check_members(struct journal *journal) {
    static const uint8_t key[HASH_BYTES] = {1}, other[HASH_BYTES] = {2};
    struct ear *ear = ear_new(journal);
    append_as(ear, room_b, 0, "o", 1, key);
    append_as(ear, room_a, 0, "o", 2, key);
    append_as(ear, room_a, 1, "again", 3, key);
    append_as(ear, room_c, 0, "o", 4, other);
    append_as(ear, room_c, 0, "conflict enrols nobody", 5, key);
    heard(ear, 4);
    journal_post_rooms_of(journal, ear->id, key, 6);
    expect(ear, 5, "6 rooms 2 aaaaaaaaaaaa bbbbbbbbbbbb");
    journal_post_rooms_of(journal, ear->id, other, 7);
    expect(ear, 6, "7 rooms 1 cccccccccccc");
    static const uint8_t nobody[HASH_BYTES] = {3};
    journal_post_rooms_of(journal, ear->id, nobody, 8);
    expect(ear, 7, "8 rooms 0");
    journal_close(journal);
    ear_free(ear);
}

/* The newest SESSIONS_MAX rooms of a key, of one more. */
static void check_many_rooms(struct journal *journal) {
    static const uint8_t key[HASH_BYTES] = {7};
    struct ear *ear = ear_new(journal);
    char room[32], line[LINE_BYTES];
    for (unsigned i = 0; i < SESSIONS_MAX + 1; i++) {
        if (i == SESSIONS_MAX) {
            journal_post_rooms_of(journal, ear->id, key, 1);
            snprintf(line, sizeof line, "1 rooms %d r%011d", SESSIONS_MAX, SESSIONS_MAX - 1);
            CU_ASSERT_EQUAL(strncmp(heard(ear, i), line, strlen(line)), 0);
        }
        snprintf(room, sizeof room, "r%011u", i);
        append_as(ear, room, 0, "o", 2, key);
    }
    journal_post_rooms_of(journal, ear->id, key, 3);
    snprintf(line, sizeof line, "3 rooms %d r%011d", SESSIONS_MAX, SESSIONS_MAX);
    CU_ASSERT_EQUAL(strncmp(heard(ear, SESSIONS_MAX + 2), line, strlen(line)), 0);
    journal_close(journal);
    ear_free(ear);
}

static void test_many_rooms(void) {
    on_both(check_many_rooms);
}

static void test_members(void) {
    on_both(check_members);
}

/* A run is kept whole or not at all, with its members; the next append stands behind its last
 * event. */
static void check_runs(struct journal *journal) {
    static const uint8_t key[HASH_BYTES] = {9};
    char longest[JOURNAL_RUN_MAX + 1];
    struct ear *ear = ear_new(journal);
    journal_post_follow(journal, ear->id, room_a, 0, 1);
    expect(ear, 0, "1 no room");
    append_run(ear, room_a, 0, "abc", 2, NULL);
    expect(ear, 1, "aaaaaaaaaaaa 1=a 2=b 3=c");
    expect(ear, 2, "2 committed head 3");
    append_run(ear, room_a, 2, "xy", 3, key); /* stands against the third event only */
    expect(ear, 3, "3 conflict head 3");
    append_run(ear, room_a, 3, "de", 4, key);
    expect(ear, 4, "aaaaaaaaaaaa 4=d 5=e");
    expect(ear, 5, "4 committed head 5");
    journal_post_rooms_of(journal, ear->id, key, 5);
    expect(ear, 6, "5 rooms 1 aaaaaaaaaaaa");
    memset(longest, 'l', JOURNAL_RUN_MAX);
    longest[JOURNAL_RUN_MAX] = '\0';
    append_run(ear, room_b, 0, longest, 6, NULL);
    expect(ear, 7, "6 committed head 64");
    journal_post_read(journal, ear->id, room_a, 1, 7);
    expect(ear, 8, "7 history 2=b 3=c 4=d 5=e");
    struct journal_stats stats = journal_stats_read(journal);
    CU_ASSERT_EQUAL(stats.events, 5 + JOURNAL_RUN_MAX);
    CU_ASSERT_EQUAL(stats.conflicts, 1);
    journal_close(journal);
    ear_free(ear);
}

static void test_runs(void) {
    on_both(check_runs);
}

/* Two appenders and a follower that comes in the middle: each position once, in order, at each
 * ear. */
static void check_race(struct journal *journal) {
    enum { TURNS = 2000 };
    struct ear *one = ear_new(journal), *two = ear_new(journal);
    journal_post_follow(journal, one->id, room_a, 0, 1);
    for (uint32_t i = 0; i < TURNS; i++) {
        append(i % 2 ? one : two, room_a, i, "e", 100 + i);
        if (i == TURNS / 2) {
            journal_post_follow(journal, two->id, room_a, 0, 2);
        }
    }
    await_last(one, TURNS);
    await_last(two, TURNS);
    journal_close(journal);
    ear_free(one);
    ear_free(two);
}

static void test_race(void) {
    on_both(check_race);
}

/* Whoever is told of its posts wakes the journal for all of them; another's post does so too. */
static void check_wake(struct journal *journal) {
    struct ear *waking = ear_new_waking(journal), *plain = ear_new(journal);
    append(waking, room_a, 0, "a", 1);
    append(waking, room_a, 1, "b", 2);
    append(waking, room_a, 2, "c", 3);
    CU_ASSERT_EQUAL(waking->posts, 3);
    journal_wake(journal);
    CU_ASSERT_EQUAL(strncmp(heard(waking, 1), "2 committed", 11), 0);
    expect(waking, 2, "3 committed head 3");
    journal_wake(journal); /* for nothing */
    append(waking, room_b, 0, "c", 4);
    append(plain, room_b, 1, "d", 5);
    expect(plain, 0, "5 committed head 2");
    heard(waking, 3);
    CU_ASSERT_EQUAL(waking->posts, 4);
    CU_ASSERT_EQUAL(plain->posts, 0);
    append(waking, room_b, 2, "e", 6);
    journal_close(journal); /* finishes what nobody has woken it for */
    expect(waking, 4, "6 committed head 3");
    ear_free(waking);
    ear_free(plain);
}

static void test_wake(void) {
    on_both(check_wake);
}

/* ---- the memory journal's knobs ---- */

static void test_group(void) {
    struct journal_memory *knobs;
    struct journal *journal = journal_memory_open(&knobs);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    struct ear *one = ear_new(journal), *two = ear_new(journal);
    journal_post_follow(journal, one->id, room_a, 0, 1);
    heard(one, 0);
    journal_memory_hold(knobs);
    append(one, room_b, 0, "first", 2);
    journal_memory_await_held(knobs);
    append(one, room_a, 0, "a", 3);
    append(two, room_a, 1, "b", 4);
    append(two, room_a, 1, "late", 5);
    append(one, room_a, 2, "c", 6);
    journal_post_follow(journal, two->id, room_a, 0, 7);
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
    journal_post_follow(journal, ear->id, room_a, 0, 1);
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
        journal_post_read(journal, ear->id, room, 0, 10);
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
    journal_post_follow(journal, ear->id, room_a, 0, 1);
    heard(ear, 0);
    append(ear, room_a, 0, "a", 2);
    expect(ear, 2, "2 committed head 1");
    failing_disk_full(true);
    append(ear, room_a, 1, "b", 3);
    expect(ear, 3, "3 failed head 1");
    append(ear, room_b, 0, "x", 4);
    expect(ear, 4, "4 failed head 0");
    /* Reading goes on, and so does appending once there is room. */
    journal_post_read(journal, ear->id, room_a, 0, 5);
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
    journal_post_follow(journal, ear->id, room_a, 0, 1);
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
    journal_post_read(journal, ear->id, room_a, 1, 9);
    expect(ear, 0, line);
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

int main(void) {
    static CU_TestInfo both[] = {{"compare and append", test_compare},
                                 {"follow", test_follow},
                                 {"runs", test_runs},
                                 {"the member index", test_members},
                                 {"a long list of rooms", test_many_rooms},
                                 {"two appenders and a late follower", test_race},
                                 {"waking it later", test_wake},
                                 CU_TEST_INFO_NULL};
    static CU_TestInfo memory[] = {{"what queues during a commit shares the next", test_group},
                                   {"the largest commit and one more", test_largest_group},
                                   {"fail, conflict and failing commits", test_knobs},
                                   {"closing finishes what was posted", test_close_finishes},
                                   CU_TEST_INFO_NULL};
    static CU_TestInfo sqlite[] = {{"heads that were forgotten", test_forgotten_heads},
                                   {"a full disk", test_disk_full},
                                   {"a failed sync", test_failed_sync},
                                   CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"both journals", NULL, NULL, NULL, NULL, both},
                                    {"memory", NULL, NULL, NULL, NULL, memory},
                                    {"sqlite", NULL, NULL, NULL, NULL, sqlite},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
