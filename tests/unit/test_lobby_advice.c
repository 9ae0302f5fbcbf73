/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what those who wait are told of each other: what each asks for, in the order of the
 * names, and the one change that would make most fit.
 */
#include <stdio.h>

#include "tests/support/crowd.h"
#include "tests/support/test_main.h"

static struct crowd c;

#define ASKS    ROLE_INTERVIEWER
#define ANSWERS ROLE_CANDIDATE
#define EITHER  ROLE_NONE

/* One more member, who waits: packs and fresh as bits. */
static int joins_with(enum role role, int64_t minutes, int64_t packs, int64_t fresh) {
    char name[24];
    int member = (int)c.cohort.member_count;
    snprintf(name, sizeof name, "Member %d", member);
    CU_ASSERT_EQUAL_FATAL(crowd_enter(&c, (uint32_t)member + 1, CROWD_STUDENTS, name),
                          REFUSAL_NONE);
    struct body body = crowd_wants(&c, member);
    body.role = role;
    body.minutes = minutes;
    body.packs = packs;
    body.fresh = fresh;
    CU_ASSERT_EQUAL_FATAL(crowd_do(&c, body), REFUSAL_NONE);
    return member;
}

static int joins(enum role role, int64_t minutes) {
    return joins_with(role, minutes, 3, 3);
}

static void check(int member, enum lobby_change change, int to, uint32_t more) {
    struct lobby_advice advice;
    lobby_advise(&c.cohort, member, &crowd_leases, &advice);
    CU_ASSERT_EQUAL(advice.change, change);
    CU_ASSERT_EQUAL(advice.to, to);
    CU_ASSERT_EQUAL(advice.more, more);
}

static void test_lengths(void) {
    crowd_open(&c, 2, 0);
    int mine = joins(ANSWERS, 45);
    check(mine, LOBBY_CHANGE_NONE, 0, 0); /* alone */
    joins(ASKS, 60);
    check(mine, LOBBY_CHANGE_MINUTES, 60, 1);
    joins(ASKS, 30);
    check(mine, LOBBY_CHANGE_MINUTES, 0, 2); /* any length makes both fit */
    joins(ASKS, 60);
    joins(ANSWERS, 90); /* the same role: no length makes that one fit */
    check(mine, LOBBY_CHANGE_MINUTES, 0, 3);
    check(-1, LOBBY_CHANGE_NONE, 0, 0);
    check((int)c.cohort.member_count, LOBBY_CHANGE_NONE, 0, 0);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, mine)), REFUSAL_NONE);
    check(mine, LOBBY_CHANGE_NONE, 0, 0); /* waits no more */
    crowd_free(&c);
}

/* A level is a matter of waiting: nobody is told to change it. */
static void test_levels(void) {
    crowd_open(&c, 2, 0);
    int mine = joins(ANSWERS, 45);
    joins(ASKS, 45);
    c.cohort.members[mine].level = LEVEL_MID;
    c.cohort.members[mine + 1].level = LEVEL_STAFF;
    check(mine, LOBBY_CHANGE_NONE, 0, 0);
    crowd_free(&c);
}

static void test_roles(void) {
    crowd_open(&c, 2, 0);
    int mine = joins(ANSWERS, 45);
    int other = joins(ANSWERS, 45);
    check(mine, LOBBY_CHANGE_ROLE, ROLE_NONE, 1);
    /* Either of two changes makes one fit: the length is asked of nobody who has the same role. */
    joins(ASKS, 60);
    check(mine, LOBBY_CHANGE_MINUTES, 60, 1);
    check(other, LOBBY_CHANGE_MINUTES, 60, 1);
    crowd_free(&c);
}

static void test_packs(void) {
    crowd_open(&c, 2, 0);
    int mine = joins_with(ANSWERS, 45, 1, 3);
    int other = joins_with(ASKS, 45, 2, 3);
    check(mine, LOBBY_CHANGE_PACKS, 2, 1);
    check(other, LOBBY_CHANGE_PACKS, 2, 1);
    /* What the candidate has seen is given to nobody, whatever the two ask for. */
    c.cohort.members[mine].fresh = 1;
    check(mine, LOBBY_CHANGE_NONE, 0, 0);
    check(other, LOBBY_CHANGE_PACKS, 2, 1);
    c.cohort.members[mine].fresh = 0;
    check(other, LOBBY_CHANGE_NONE, 0, 0);
    crowd_free(&c);
}

/* Who is away, of another run, or is not to be met does not count. */
static void test_who_counts(void) {
    crowd_open(&c, 2, 0);
    int mine = joins(ANSWERS, 45);
    int other = joins(ASKS, 60);
    check(mine, LOBBY_CHANGE_MINUTES, 60, 1);
    c.cohort.members[other].here = false;
    check(mine, LOBBY_CHANGE_NONE, 0, 0);
    c.cohort.members[other].here = true;
    c.cohort.members[other].boot = CROWD_BOOT - 1;
    check(mine, LOBBY_CHANGE_NONE, 0, 0);
    c.cohort.members[other].boot = CROWD_BOOT;
    struct cohort_avoid avoid = {(uint16_t)other, (uint16_t)mine};
    c.cohort.avoids = &avoid;
    c.cohort.avoid_count = 1;
    check(mine, LOBBY_CHANGE_NONE, 0, 0);
    c.cohort.avoids = NULL;
    c.cohort.avoid_count = 0;
    check(mine, LOBBY_CHANGE_MINUTES, 60, 1);
    crowd_free(&c);
}

static void test_bound(void) {
    crowd_open(&c, 2, 0);
    int mine = joins(ANSWERS, 45);
    for (int i = 0; i < LOBBY_ADVICE_LOOK; i++) {
        joins(ASKS, 60);
    }
    check(mine, LOBBY_CHANGE_MINUTES, 60, LOBBY_ADVICE_LOOK);
    joins(ASKS, 60);
    joins(ASKS, 30);
    check(mine, LOBBY_CHANGE_MINUTES, 60, LOBBY_ADVICE_LOOK);
    crowd_free(&c);
}

static void test_wants(void) {
    static uint8_t bytes[COHORT_WAITING_MAX * U32_BYTES];
    crowd_open(&c, 2, 0);
    joins(ANSWERS, 45);
    joins(EITHER, 0);
    c.cohort.members[1].level = LEVEL_STAFF;
    CU_ASSERT_EQUAL(lobby_wants(&c.cohort, 1, bytes), U32_BYTES);
    CU_ASSERT_EQUAL(lobby_wants(&c.cohort, 9, bytes), sizeof(uint32_t[2]));
    struct lobby_wants first = lobby_wants_read(bytes);
    struct lobby_wants second = lobby_wants_read(&bytes[U32_BYTES]);
    CU_ASSERT_EQUAL(first.role, ROLE_CANDIDATE);
    CU_ASSERT_EQUAL(first.minutes, 45);
    CU_ASSERT_EQUAL(first.level, LEVEL_ANY);
    CU_ASSERT_EQUAL(second.role, ROLE_NONE);
    CU_ASSERT_EQUAL(second.minutes, 0);
    CU_ASSERT_EQUAL(second.level, LEVEL_STAFF);
    /* From a server that says what there is not. */
    struct lobby_wants odd = lobby_wants_read("\3\4\0\1");
    CU_ASSERT_EQUAL(odd.role, ROLE_NONE);
    CU_ASSERT_EQUAL(odd.level, LEVEL_ANY);
    CU_ASSERT_EQUAL(odd.minutes, 1);
    crowd_free(&c);
}

/* A name with a comma of its own is one in the list. */
static void test_comma(void) {
    char names[COHORT_NAMES_MAX_BYTES + 1];
    uint32_t count;
    crowd_open(&c, 1, 0);
    CU_ASSERT_EQUAL(crowd_enter(&c, 1, CROWD_STUDENTS, "Doe, Jane"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 2, CROWD_STUDENTS, "Ben"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(lobby_names(&c.cohort, &count, names), 13);
    CU_ASSERT_EQUAL(count, 2);
    CU_ASSERT_STRING_EQUAL(names, "Doe,Jane, Ben");
    crowd_free(&c);
}

static int last_partner(int member) {
    return lobby_last_partner(&c.cohort, member, &crowd_leases, c.now);
}

/* The first two interview each other: 0 asks. */
static void meet(void) {
    struct lobby_match match;
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ANSWERS), REFUSAL_NONE);
    CU_ASSERT_TRUE_FATAL(lobby_next_match(&c.cohort, c.now, &crowd_leases, &match));
    const char *room = crowd_room(c.rooms);
    CU_ASSERT_EQUAL(crowd_match(&c, &match), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_OPEN, room)), REFUSAL_NONE);
    for (int member = 0; member < 2; member++) {
        struct body came = body_target(ACTION_PAIR_CAME, room);
        came.has |= F(member);
        came.member = member;
        CU_ASSERT_EQUAL(crowd_do(&c, came), REFUSAL_NONE);
    }
}

static enum refusal waits(int member, enum role role, enum level level) {
    struct body body = crowd_wants(&c, member);
    body.role = role;
    body.level = level;
    return crowd_do(&c, body);
}

/* Whom somebody waits a while not to get; not where they would not fit anyway. */
static void test_last_partner(void) {
    crowd_open(&c, 8, 3);
    CU_ASSERT_EQUAL(last_partner(0), -1);
    meet();
    CU_ASSERT_EQUAL(waits(0, EITHER, LEVEL_MID), REFUSAL_NONE);
    CU_ASSERT_EQUAL(last_partner(0), -1);
    CU_ASSERT_EQUAL(waits(1, EITHER, LEVEL_STAFF), REFUSAL_NONE);
    CU_ASSERT_EQUAL(last_partner(0), 1); /* levels are near enough by the time that they may */
    CU_ASSERT_EQUAL(last_partner(1), 0);
    CU_ASSERT_EQUAL(last_partner(2), -1);
    CU_ASSERT_EQUAL(last_partner(-1), -1);
    CU_ASSERT_EQUAL(last_partner((int)c.cohort.member_count), -1);
    CU_ASSERT_EQUAL(waits(0, ASKS, LEVEL_ANY), REFUSAL_NONE);
    CU_ASSERT_EQUAL(waits(1, ASKS, LEVEL_ANY), REFUSAL_NONE);
    CU_ASSERT_EQUAL(last_partner(0), -1);
    CU_ASSERT_EQUAL(waits(1, EITHER, LEVEL_ANY), REFUSAL_NONE);
    int64_t from = c.now;
    c.now = from + LOBBY_ALONE_MS - 1;
    CU_ASSERT_EQUAL(last_partner(0), 1);
    c.now++;
    CU_ASSERT_EQUAL(last_partner(0), -1); /* they are paired now */
    crowd_free(&c);
}

static CU_TestInfo tests[] = {{"lengths", test_lengths},
                              {"levels", test_levels},
                              {"roles", test_roles},
                              {"packs", test_packs},
                              {"who counts", test_who_counts},
                              {"as many as are looked at", test_bound},
                              {"what each asks for", test_wants},
                              {"a comma in a name", test_comma},
                              {"the last partner", test_last_partner},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"lobby advice", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
