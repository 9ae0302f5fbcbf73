/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what every journal promises, as one suite that each of them passes: compare and append,
 * the order of events and outcomes, following without gap or overlap, history, the member index,
 * and appends in flight that stand one upon the other.
 *
 * What an operator asks of them is held in test_journal_chores.c.
 */
#include "tests/support/test_main.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/journal_ear.h"
#include "tests/support/journal_kinds.h"
#include "tests/support/journal_pair.h"

static const char room_a[] = "aaaaaaaaaaaa", room_b[] = "bbbbbbbbbbbb", room_c[] = "cccccccccccc";

/* ---- one append after the other ---- */

static void test_compare(void) {
    struct journal *journal = journal_kind_open();
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
    ear_read(ear, room_a, 0, 6);
    expect(ear, 5, "6 history 1=a 2=b 3=c");
    ear_read(ear, room_a, 2, 7);
    expect(ear, 6, "7 history 3=c");
    ear_read(ear, room_a, 3, 8);
    expect(ear, 7, "8 history");
    ear_read(ear, room_b, 0, 9);
    expect(ear, 8, "9 no room");
    struct journal_stats stats = journal_stats_read(journal);
    CU_ASSERT_EQUAL(stats.events, 3);
    CU_ASSERT_EQUAL(stats.conflicts, 2);
    CU_ASSERT_EQUAL(stats.failures, 0);
    journal_kind_close(journal);
    ear_free(ear);
}

static void test_follow(void) {
    struct journal *journal = journal_kind_open();
    struct ear *one = ear_new(journal), *two = ear_new(journal);
    append(one, room_a, 0, "a", 1);
    expect(one, 0, "1 committed head 1");
    ear_follow(one, room_a, 0, 2);
    expect(one, 1, "2 history 1=a");
    ear_follow(two, room_b, 0, 3);
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
    ear_follow(two, room_a, 1, 7);
    expect(two, 4, "7 history 2=b 3=c");
    append(one, room_a, 3, "", 8);
    expect(one, 4, "8 committed head 4");
    expect(two, 5, "aaaaaaaaaaaa 4=");
    journal_kind_close(journal);
    ear_free(one);
    ear_free(two);
}

static void test_members(void) {
    struct journal *journal = journal_kind_open();
    static const uint8_t key[HASH_BYTES] = {1}, other[HASH_BYTES] = {2};
    struct ear *ear = ear_new(journal);
    append_as(ear, room_b, 0, "o", 1, key);
    append_as(ear, room_a, 0, "o", 2, key);
    append_as(ear, room_a, 1, "again", 3, key);
    append_as(ear, room_c, 0, "o", 4, other);
    append_as(ear, room_c, 0, "conflict enrols nobody", 5, key);
    heard(ear, 4);
    ear_rooms_of(ear, key, 6);
    expect(ear, 5, "6 rooms 2 aaaaaaaaaaaa bbbbbbbbbbbb");
    ear_rooms_of(ear, other, 7);
    expect(ear, 6, "7 rooms 1 cccccccccccc");
    static const uint8_t nobody[HASH_BYTES] = {3};
    ear_rooms_of(ear, nobody, 8);
    expect(ear, 7, "8 rooms 0");
    journal_kind_close(journal);
    ear_free(ear);
}

/* The newest SESSIONS_MAX rooms of a key, of one more. */
static void test_many_rooms(void) {
    struct journal *journal = journal_kind_open();
    static const uint8_t key[HASH_BYTES] = {7};
    struct ear *ear = ear_new(journal);
    char room[32], line[LINE_BYTES];
    for (unsigned i = 0; i < SESSIONS_MAX + 1; i++) {
        if (i == SESSIONS_MAX) {
            ear_rooms_of(ear, key, 1);
            snprintf(line, sizeof line, "1 rooms %d r%011d", SESSIONS_MAX, SESSIONS_MAX - 1);
            CU_ASSERT_EQUAL(strncmp(heard(ear, i), line, strlen(line)), 0);
        }
        snprintf(room, sizeof room, "r%011u", i);
        append_as(ear, room, 0, "o", 2, key);
    }
    ear_rooms_of(ear, key, 3);
    snprintf(line, sizeof line, "3 rooms %d r%011d", SESSIONS_MAX, SESSIONS_MAX);
    CU_ASSERT_EQUAL(strncmp(heard(ear, SESSIONS_MAX + 2), line, strlen(line)), 0);
    journal_kind_close(journal);
    ear_free(ear);
}

/* A run is kept whole or not at all, with its members; the next append stands behind its last
 * event. */
static void test_runs(void) {
    struct journal *journal = journal_kind_open();
    static const uint8_t key[HASH_BYTES] = {9};
    char longest[JOURNAL_RUN_MAX + 1];
    struct ear *ear = ear_new(journal);
    ear_follow(ear, room_a, 0, 1);
    expect(ear, 0, "1 no room");
    append_run(ear, room_a, 0, "abc", 2, NULL);
    expect(ear, 1, "aaaaaaaaaaaa 1=a 2=b 3=c");
    expect(ear, 2, "2 committed head 3");
    append_run(ear, room_a, 2, "xy", 3, key); /* stands against the third event only */
    expect(ear, 3, "3 conflict head 3");
    append_run(ear, room_a, 3, "de", 4, key);
    expect(ear, 4, "aaaaaaaaaaaa 4=d 5=e");
    expect(ear, 5, "4 committed head 5");
    ear_rooms_of(ear, key, 5);
    expect(ear, 6, "5 rooms 1 aaaaaaaaaaaa");
    memset(longest, 'l', JOURNAL_RUN_MAX);
    longest[JOURNAL_RUN_MAX] = '\0';
    append_run(ear, room_b, 0, longest, 6, NULL);
    expect(ear, 7, "6 committed head 64");
    ear_read(ear, room_a, 1, 7);
    expect(ear, 8, "7 history 2=b 3=c 4=d 5=e");
    struct journal_stats stats = journal_stats_read(journal);
    CU_ASSERT_EQUAL(stats.events, 5 + JOURNAL_RUN_MAX);
    CU_ASSERT_EQUAL(stats.conflicts, 1);
    journal_kind_close(journal);
    ear_free(ear);
}

/* Two appenders and a follower that comes in the middle: each position once, in order, at each
 * ear. */
static void test_race(void) {
    struct journal *journal = journal_kind_open();
    enum { TURNS = 2000 };
    struct ear *one = ear_new(journal), *two = ear_new(journal);
    ear_follow(one, room_a, 0, 1);
    for (uint32_t i = 0; i < TURNS; i++) {
        append(i % 2 ? one : two, room_a, i, "e", 100 + i);
        if (i == TURNS / 2) {
            ear_follow(two, room_a, 0, 2);
        }
    }
    await_last(one, TURNS);
    await_last(two, TURNS);
    journal_kind_close(journal);
    ear_free(one);
    ear_free(two);
}

/* Whoever is told of its posts wakes the journal for all of them; another's post does so too. */
static void test_wake(void) {
    struct journal *journal = journal_kind_open();
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
    journal_kind_close(journal); /* finishes what nobody has woken it for */
    expect(waking, 4, "6 committed head 3");
    ear_free(waking);
    ear_free(plain);
}

/* ---- appends in flight ---- */

/* An ear that follows room_a, in which three events are. */
static struct ear *ear_at_three(struct journal *journal) {
    struct ear *ear = ear_new(journal);
    ear_follow(ear, room_a, 0, 1);
    append_run(ear, room_a, 0, "abc", 2, NULL);
    expect(ear, 2, "2 committed head 3");
    return ear;
}

/* Whatever of it comes into one commit, and whatever into the next. */
static void test_chain_is_kept(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_at_three(journal);
    append(ear, room_a, 3, "d", 3);
    append_chained(ear, room_a, 4, "e", 4);
    append_chained(ear, room_a, 5, "f", 5);
    await_last(ear, 6);
    ear_read(ear, room_a, 3, 6);
    unsigned at = 3;
    while (strncmp(heard(ear, at), "6 history", 9) != 0) {
        CU_ASSERT_PTR_NULL(strstr(ear->heard[at], "conflict"));
        at++;
    }
    expect(ear, at, "6 history 4=d 5=e 6=f");
    journal_kind_close(journal);
    ear_free(ear);
}

/* What others wrote has brought the log to where the second stands; it stands upon the first. */
static void test_chain_breaks_where_it_would_fit(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_at_three(journal), *other = ear_new(journal);
    append(other, room_a, 3, "x", 1);
    expect(other, 0, "1 committed head 4");
    append(ear, room_a, 3, "d", 3);
    append_chained(ear, room_a, 4, "e", 4);
    append_chained(ear, room_a, 4, "f", 5); /* nor does one behind that */
    expect(ear, 4, "3 conflict head 4");
    expect(ear, 5, "4 conflict head 4");
    expect(ear, 6, "5 conflict head 4");
    append(ear, room_a, 4, "g", 6); /* who has heard it begins anew, whatever is still in flight */
    append_chained(ear, room_a, 5, "h", 7);
    await_last(ear, 6);
    ear_read(other, room_a, 3, 8);
    expect(other, 1, "8 history 4=x 5=g 6=h");
    journal_kind_close(journal);
    ear_free(ear);
    ear_free(other);
}

/* A chain is of one listener and one room. */
static void test_chains_are_apart(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_at_three(journal), *other = ear_new(journal);
    ear_follow(ear, room_b, 0, 3);
    ear_follow(other, room_a, 0, 1);
    expect(ear, 3, "3 no room");
    heard(other, 0);
    append(other, room_a, 1, "late", 2);
    expect(other, 1, "2 conflict head 3");
    append(ear, room_b, 1, "early", 4);
    append(ear, room_a, 3, "d", 5);
    append_chained(ear, room_a, 4, "e", 6); /* neither the other's nor the other room's counts */
    await_last(ear, 5);
    append_chained(other, room_a, 5, "x", 3);
    append(other, room_a, 5, "y", 4);
    await_last(other, 6);
    ear_read(other, room_a, 4, 5);
    unsigned at = 2;
    while (strncmp(heard(other, at), "5 history", 9) != 0) {
        at++;
    }
    expect(other, at, "5 history 5=e 6=y");
    journal_kind_close(journal);
    ear_free(ear);
    ear_free(other);
}

/* Who does not follow a room cannot know upon what it stands. */
static void test_chain_of_a_stranger(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_new(journal);
    append(ear, room_a, 0, "a", 1);
    append_chained(ear, room_a, 1, "b", 2);
    heard(ear, 0);
    expect(ear, 1, "2 conflict head 1");
    journal_kind_close(journal);
    ear_free(ear);
}

/* The chain that a failed commit ends, in that commit and in those behind it. */
static void test_chain_ends_with_a_failure(void) {
    struct journal *journal = journal_kind_open();
    struct ear *ear = ear_at_three(journal);
    journal_kind()->fail(true);
    append(ear, room_a, 3, "d", 3);
    append_chained(ear, room_a, 4, "e", 4);
    append_chained(ear, room_a, 5, "f", 5);
    expect(ear, 3, "3 failed head 3");
    expect(ear, 4, "4 conflict head 3");
    expect(ear, 5, "5 conflict head 3");
    journal_kind()->fail(false);
    append_chained(ear, room_a, 3, "g", 6);
    expect(ear, 6, "6 conflict head 3");
    append(ear, room_a, 3, "h", 7);
    append_chained(ear, room_a, 4, "i", 8);
    await_last(ear, 5);
    ear_read(ear, room_a, 3, 9);
    unsigned at = 7;
    while (strncmp(heard(ear, at), "9 history", 9) != 0) {
        at++;
    }
    expect(ear, at, "9 history 4=h 5=i");
    journal_kind_close(journal);
    ear_free(ear);
}

/* Two writers, each with two appends on their way at any moment: every event that is kept names the
 * one that its writer saw before it. */
static void test_two_always_two_ahead(void) {
    struct journal *journal = journal_kind_open();
    struct pair *pair = pair_run(journal, room_a, 400);
    CU_ASSERT_EQUAL(pair_wrong(pair), 0);
    CU_ASSERT(pair_kept(pair) >= 400);
    journal_kind_close(journal);
    pair_free(pair);
}

/* What is no event comes to those who follow the room at other servers, whole, and to nobody else.
 */
static void test_trips(void) {
    static const uint8_t bytes[JOURNAL_TRIP_MAX + 1];
    struct journal *journal = journal_kind_open();
    struct journal *far = journal_kind()->another != NULL ? journal_kind()->another() : NULL;
    struct ear *ear = ear_at_three(journal);
    struct ear *other = far != NULL ? ear_new(far) : NULL;
    unsigned before = ear->count;
    if (other != NULL) {
        ear_follow(other, room_a, 3, 1);
        expect(other, 0, "1 history");
    }
    CU_ASSERT_FALSE(journal_post_trip(journal, ear->id, room_a, 0, bytes, JOURNAL_TRIP_MAX + 1));
    ear_trip(ear, room_b, 0, 1, 1);
    ear_trip(ear, room_a, journal_boot(journal), 1, 2);
    ear_trip(ear, room_a, 0, 1, 0);
    ear_trip(ear, room_a, 0, 3, JOURNAL_TRIP_MAX);
    ear_trip(ear, room_a, far != NULL ? journal_boot(far) : 77, 1, 5600);
    ear_trip(ear, room_a, 0, 2, 5601);
    append(ear, room_a, 3, "d", 9);
    find_line(ear, "9 committed head 4");
    if (other != NULL) {
        char whole[LINE_BYTES];
        snprintf(whole, sizeof whole, "aaaaaaaaaaaa trip %d %d", JOURNAL_TRIP_MAX,
                 3 * JOURNAL_TRIP_MAX);
        find_line(other, "aaaaaaaaaaaa 4=d");
        find_line(other, "aaaaaaaaaaaa trip 5601 11202");
        unsigned trips = 0;
        for (unsigned i = 0; i < other->count; i++) {
            trips += strstr(other->heard[i], " trip ") != NULL;
        }
        CU_ASSERT_EQUAL(trips, 4);
        find_line(other, "aaaaaaaaaaaa trip 0 0");
        find_line(other, whole);
        find_line(other, "aaaaaaaaaaaa trip 5600 5600");
        journal_close(far);
        ear_free(other);
    }
    CU_ASSERT_EQUAL(ear->count, before + 2); /* the append's event and its outcome */
    journal_kind_close(journal);
    ear_free(ear);
}

static bool is_kept(struct ear *ear, uint64_t token) {
    char kept[32], second[32];
    snprintf(kept, sizeof kept, "%u committed", (unsigned)token);
    snprintf(second, sizeof second, "%u conflict", (unsigned)token);
    for (unsigned i = 0;; i++) {
        const char *line = heard(ear, i);
        if (strncmp(line, kept, strlen(kept)) == 0 || strncmp(line, second, strlen(second)) == 0) {
            return strncmp(line, kept, strlen(kept)) == 0;
        }
    }
}

/* Two servers append to one place of a room, the second one in a commit with another room's: one of
 * them is kept, and the other room in either case, with its member. */
static void test_two_servers_race(void) {
    static const uint8_t key[HASH_BYTES] = {5};
    struct journal *journal = journal_kind_open();
    struct journal *far = journal_kind()->another != NULL ? journal_kind()->another() : NULL;
    struct ear *ear = ear_new(journal);
    struct ear *other = far != NULL ? ear_new_waking(far) : NULL;
    enum { TURNS = 100 };
    ear_follow(ear, room_a, 0, 1);
    expect(ear, 0, "1 no room");
    for (uint32_t i = 0; other != NULL && i < TURNS; i++) {
        if (i == 0) {
            ear_follow(other, room_a, 0, 1);
            journal_wake(far);
            expect(other, 0, "1 no room");
        }
        append_as(other, room_b, i, "y", 1000 + i, key);
        append(other, room_a, i, "x", 2000 + i);
        append(ear, room_a, i, "e", 3000 + i);
        journal_wake(far);
        CU_ASSERT(is_kept(other, 1000 + i));
        CU_ASSERT_EQUAL(is_kept(other, 2000 + i) + is_kept(ear, 3000 + i), 1);
    }
    if (other != NULL) {
        await_last(ear, TURNS);
        await_last(other, TURNS);
        ear_rooms_of(ear, key, 4);
        find_line(ear, "4 rooms 1 bbbbbbbbbbbb");
        journal_close(far);
        ear_free(other);
    }
    journal_kind_close(journal);
    ear_free(ear);
}

/* Events and what is none, posted together, come without any being missed: who misses one compares
 * all that it follows. */
static void test_trips_among_events(void) {
    struct journal *journal = journal_kind_open();
    struct journal *far = journal_kind()->another != NULL ? journal_kind()->another() : NULL;
    struct ear *ear = ear_new(journal);
    struct ear *other = far != NULL ? ear_new_waking(far) : NULL;
    unsigned lost = 0;
    enum { TURNS = 20 };
    ear_follow(ear, room_a, 0, 1);
    expect(ear, 0, "1 no room");
    for (uint32_t i = 0; other != NULL && i < TURNS; i++) {
        char line[LINE_BYTES];
        ear_trip(other, room_a, 0, 1, 10 + i);
        append(other, room_a, i, "e", 2);
        ear_trip(other, room_a, 0, 1, 100 + i);
        journal_wake(far);
        snprintf(line, sizeof line, "aaaaaaaaaaaa trip %u", 100 + i);
        find_line(ear, line);
        lost = i == 0 ? ear->lost : lost;
    }
    if (other != NULL) {
        await_last(ear, TURNS);
        CU_ASSERT_EQUAL(ear->lost, lost);
        journal_close(far);
        ear_free(other);
    }
    journal_kind_close(journal);
    ear_free(ear);
}

static CU_TestInfo promises[] = {
    {"compare and append", test_compare},
    {"follow", test_follow},
    {"runs", test_runs},
    {"the member index", test_members},
    {"a long list of rooms", test_many_rooms},
    {"two appenders and a late follower", test_race},
    {"waking it later", test_wake},
    {"what is no event", test_trips},
    {"what is no event, among events", test_trips_among_events},
    {"two servers at one place", test_two_servers_race},
    {"a chain is kept", test_chain_is_kept},
    {"a chain breaks where its next would fit", test_chain_breaks_where_it_would_fit},
    {"a chain is of one listener and one room", test_chains_are_apart},
    {"a chain of who does not follow", test_chain_of_a_stranger},
    {"a chain ends with a failure", test_chain_ends_with_a_failure},
    {"two writers always two ahead", test_two_always_two_ahead},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"memory", journal_hold_memory, NULL, NULL, NULL, promises},
                                {"sqlite", journal_hold_sqlite, NULL, NULL, NULL, promises},
                                {"shared", journal_hold_shared, NULL, NULL, NULL, promises},
                                CU_SUITE_INFO_NULL};

/* Where a database is named, that one alone. */
static CU_SuiteInfo with_database[] = {
    {"postgres", journal_hold_postgres, NULL, NULL, NULL, promises}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(journal_postgres_info() != NULL ? with_database : suites);
}
