/* SPDX-License-Identifier: ISC */
/*
 * Purpose: who waits for a partner and whom they get: places, wants, levels that widen, partners of
 * before, matches that stand, become whole or fall through, and the moments at which a server must
 * look again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crowd.h"
#include "tests/support/test_main.h"

static struct crowd c;
static struct lobby_match pair;
static uint32_t named;

#define ASKS    ROLE_INTERVIEWER
#define ANSWERS ROLE_CANDIDATE
#define EITHER  ROLE_NONE
enum { APPEAR = LOBBY_APPEAR_MS };

static bool next_match(void) {
    return lobby_next_match(&c.cohort, c.now, &crowd_leases, &pair);
}

static int64_t next_moment(void) {
    return lobby_next_moment(&c.cohort, c.now, &crowd_leases, APPEAR);
}

static enum refusal wants(int64_t member, enum role role, enum level level, int64_t minutes) {
    struct body body = crowd_wants(&c, member);
    body.role = role;
    body.level = level;
    body.minutes = minutes;
    return crowd_do(&c, body);
}

static uint32_t place_of(int member) {
    uint32_t place;
    uint32_t count;
    lobby_place(&c.cohort, member, &place, &count);
    CU_ASSERT_EQUAL(count, c.cohort.waiting_count);
    return place;
}

static void check_pair(int interviewer, int candidate) {
    CU_ASSERT_TRUE(next_match());
    CU_ASSERT_EQUAL(pair.interviewer, interviewer);
    CU_ASSERT_EQUAL(pair.candidate, candidate);
}

/* Matches the next pair, opens the room and brings these of the two into it. Gives the room's
 * id. */
static const char *bring(bool interviewer, bool candidate) {
    CU_ASSERT_TRUE_FATAL(next_match());
    const char *room = crowd_room(c.rooms);
    CU_ASSERT_EQUAL(crowd_match(&c, &pair), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_OPEN, room)), REFUSAL_NONE);
    struct body came = body_target(ACTION_PAIR_CAME, room);
    came.has |= F(member);
    came.member = pair.interviewer;
    CU_ASSERT_EQUAL(interviewer ? crowd_do(&c, came) : REFUSAL_NONE, REFUSAL_NONE);
    came.member = pair.candidate;
    CU_ASSERT_EQUAL(candidate ? crowd_do(&c, came) : REFUSAL_NONE, REFUSAL_NONE);
    return room;
}

static void test_places(void) {
    char names[COHORT_NAMES_MAX_BYTES + 1];
    crowd_open(&c, 1, 3);
    CU_ASSERT_EQUAL(crowd_wait(&c, 3, EITHER), REFUSAL_NO_SUCH_COHORT);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(crowd_wait(&c, 2 - i, ASKS), REFUSAL_NONE);
        c.now += 1000;
    }
    CU_ASSERT_EQUAL(place_of(2), 1);
    CU_ASSERT_EQUAL(place_of(0), 3);
    CU_ASSERT_EQUAL(lobby_names(&c.cohort, &named, names), 28);
    CU_ASSERT_STRING_EQUAL(names, "Member 2, Member 1, Member 0");
    /* Waiting again changes what one wants, not the place. */
    CU_ASSERT_EQUAL(wants(2, ASKS, LEVEL_STAFF, 30), REFUSAL_NONE);
    CU_ASSERT_EQUAL(place_of(2), 1);
    CU_ASSERT_EQUAL(c.cohort.members[2].since, 1000000);
    CU_ASSERT_EQUAL(c.cohort.members[2].session, 2);
    CU_ASSERT_EQUAL(c.cohort.members[2].level, LEVEL_STAFF);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 2)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.members[2].why, LOBBY_WHY_LEFT);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 2)), REFUSAL_NOT_WAITING);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 3)), REFUSAL_NOT_WAITING);
    CU_ASSERT_EQUAL(place_of(2), 0);
    CU_ASSERT_EQUAL(place_of(1), 1);
    CU_ASSERT_FALSE(next_match()); /* all want to interview */
    crowd_free(&c);
}

static void test_names_that_do_not_fit(void) {
    char name[NAME_MAX_BYTES + 1];
    char names[COHORT_NAMES_MAX_BYTES + 1];
    enum { MEMBERS = 70, EACH = NAME_MAX_BYTES + 2 };
    memset(name, 'n', sizeof name);
    name[NAME_MAX_BYTES] = '\0';
    crowd_open(&c, 1, 0);
    for (uint32_t i = 0; i < MEMBERS; i++) {
        CU_ASSERT_EQUAL(crowd_enter(&c, i + 1, CROWD_STUDENTS, name), REFUSAL_NONE);
        CU_ASSERT_EQUAL(crowd_wait(&c, i, ASKS), REFUSAL_NONE);
    }
    size_t whole = (COHORT_NAMES_MAX_BYTES + 2) / EACH;
    CU_ASSERT_EQUAL(lobby_names(&c.cohort, &named, names), whole * EACH - 2);
    CU_ASSERT_EQUAL(strlen(names), whole * EACH - 2);
    crowd_free(&c);
}

static void test_wants_are_checked(void) {
    crowd_open(&c, 2, 2);
    struct body body = crowd_wants(&c, 0);
    body.packs = 4; /* there are two packs */
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_BAD_FIELD);
    body.packs = 3;
    body.fresh = 4;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_BAD_FIELD);
    body.fresh = 3;
    body.role = ROLE_COACH;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_BAD_FIELD);
    body.role = ASKS;
    body.wait = COHORT_WAIT_MAX_MS + 1;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_BAD_FIELD);
    body.wait = COHORT_WAIT_MAX_MS;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.members[0].wait, COHORT_WAIT_MAX_MS);
    crowd_free(&c);
}

static void test_as_many_as_may_wait(void) {
    crowd_open(&c, 1, COHORT_WAITING_MAX + 2);
    for (int i = 0; i < COHORT_WAITING_MAX; i++) {
        CU_ASSERT_EQUAL_FATAL(crowd_wait(&c, i, i == 0 ? ANSWERS : ASKS), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(crowd_wait(&c, COHORT_WAITING_MAX, ASKS), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(crowd_wait(&c, 5, ASKS), REFUSAL_NONE); /* again, at its place */
    /* Two in a match may come back to the queue: their places stay theirs. */
    const char *room = bring(false, false);
    CU_ASSERT_EQUAL(c.cohort.waiting_count, COHORT_WAITING_MAX - 2);
    CU_ASSERT_EQUAL(crowd_wait(&c, COHORT_WAITING_MAX, ASKS), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_FREE, room)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, COHORT_WAITING_MAX, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, COHORT_WAITING_MAX + 1, ASKS), REFUSAL_NONE);
    crowd_free(&c);
}

/* Every combination of what two want, the older one first. */
static void test_roles(void) {
    static const struct {
        enum role older, younger;
        bool fits, older_asks;
    } cases[] = {
        {EITHER, EITHER, true, true},     {EITHER, ASKS, true, false},
        {EITHER, ANSWERS, true, true},    {ASKS, EITHER, true, true},
        {ASKS, ASKS, false, false},       {ASKS, ANSWERS, true, true},
        {ANSWERS, EITHER, true, false},   {ANSWERS, ASKS, true, false},
        {ANSWERS, ANSWERS, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crowd_open(&c, 1, 2);
        CU_ASSERT_EQUAL(crowd_wait(&c, 1, cases[i].older), REFUSAL_NONE);
        c.now++;
        CU_ASSERT_EQUAL(crowd_wait(&c, 0, cases[i].younger), REFUSAL_NONE);
        CU_ASSERT_EQUAL(next_match(), cases[i].fits);
        if (cases[i].fits) {
            CU_ASSERT_EQUAL(pair.interviewer, cases[i].older_asks ? 1 : 0);
            CU_ASSERT_EQUAL(pair.candidate, cases[i].older_asks ? 0 : 1);
        }
        crowd_free(&c);
    }
}

static void wait_with_packs(int64_t member, enum role role, int64_t packs, int64_t fresh) {
    struct body body = crowd_wants(&c, member);
    body.role = role;
    body.packs = packs;
    body.fresh = fresh;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_NONE);
}

static void test_packs(void) {
    crowd_open(&c, 3, 2);
    wait_with_packs(0, EITHER, 3, 1); /* has been candidate on packs 1 and 2 */
    wait_with_packs(1, EITHER, 6, 6);
    /* The older would interview: both take pack 1, which is fresh to the younger. */
    check_pair(0, 1);
    CU_ASSERT_EQUAL(pair.pack, 1);
    /* If that is not fresh to the younger either, nobody can. */
    wait_with_packs(1, EITHER, 6, 4);
    CU_ASSERT_FALSE(next_match());
    /* Only the other way round there is a pack. */
    wait_with_packs(0, EITHER, 3, 2);
    check_pair(1, 0);
    CU_ASSERT_EQUAL(pair.pack, 1);
    /* What does not fit is refused also where somebody asks for it. */
    struct lobby_match wrong = {.interviewer = 0, .candidate = 1, .pack = 1};
    CU_ASSERT_EQUAL(crowd_match(&c, &wrong), REFUSAL_PROMPT_SEEN);
    wrong.pack = 0;
    CU_ASSERT_EQUAL(crowd_match(&c, &wrong), REFUSAL_STALE);
    wrong.pack = 3;
    CU_ASSERT_EQUAL(crowd_match(&c, &wrong), REFUSAL_BAD_FIELD);
    wrong = (struct lobby_match){.interviewer = 1, .candidate = 1, .pack = 1};
    CU_ASSERT_EQUAL(crowd_match(&c, &wrong), REFUSAL_ALREADY_WAITING);
    wrong = (struct lobby_match){.interviewer = 1, .candidate = 0, .pack = 1, .minutes = 30};
    CU_ASSERT_EQUAL(crowd_match(&c, &wrong), REFUSAL_STALE);
    wrong = (struct lobby_match){.interviewer = 1, .candidate = 2, .pack = 1};
    CU_ASSERT_EQUAL(crowd_match(&c, &wrong), REFUSAL_BAD_FIELD);
    crowd_free(&c);
}

static void test_the_least_used_pack(void) {
    crowd_open(&c, 3, 6);
    for (int i = 0; i < 6; i++) {
        CU_ASSERT_EQUAL(crowd_wait(&c, i, i % 2 ? ANSWERS : ASKS), REFUSAL_NONE);
    }
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_TRUE(next_match());
        CU_ASSERT_EQUAL(pair.pack, i);
        CU_ASSERT_EQUAL(crowd_match(&c, &pair), REFUSAL_NONE);
    }
    crowd_free(&c);
}

static void test_minutes(void) {
    crowd_open(&c, 1, 3);
    CU_ASSERT_EQUAL(wants(0, ASKS, LEVEL_ANY, 30), REFUSAL_NONE);
    CU_ASSERT_EQUAL(wants(1, ANSWERS, LEVEL_ANY, 45), REFUSAL_NONE);
    CU_ASSERT_FALSE(next_match());
    CU_ASSERT_EQUAL(wants(2, ANSWERS, LEVEL_ANY, 0), REFUSAL_NONE);
    check_pair(0, 2);
    CU_ASSERT_EQUAL(pair.minutes, 30);
    CU_ASSERT_EQUAL(wants(1, ANSWERS, LEVEL_ANY, 30), REFUSAL_NONE);
    check_pair(0, 1);
    CU_ASSERT_EQUAL(wants(0, ASKS, LEVEL_ANY, 0), REFUSAL_NONE);
    CU_ASSERT_EQUAL(wants(1, ANSWERS, LEVEL_ANY, 0), REFUSAL_NONE);
    check_pair(0, 1);
    CU_ASSERT_EQUAL(pair.minutes, 0);
    crowd_free(&c);
}

static void test_levels_widen(void) {
    crowd_open(&c, 1, 3);
    int64_t start = c.now;
    CU_ASSERT_EQUAL(wants(0, ASKS, LEVEL_MID, 0), REFUSAL_NONE);
    c.now = start + 20000;
    CU_ASSERT_EQUAL(wants(1, ANSWERS, LEVEL_STAFF, 0), REFUSAL_NONE);
    CU_ASSERT_FALSE(next_match());
    CU_ASSERT_EQUAL(next_moment(), start + INT64_C(2) * LOBBY_WIDEN_MS);
    CU_ASSERT_EQUAL(wants(2, ANSWERS, LEVEL_SENIOR, 0), REFUSAL_NONE);
    CU_ASSERT_EQUAL(next_moment(), start + LOBBY_WIDEN_MS);
    c.now = start + LOBBY_WIDEN_MS - 1;
    CU_ASSERT_FALSE(next_match());
    c.now++;
    check_pair(0, 2);
    /* With the nearer one gone, two levels apart takes twice as long. */
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 2)), REFUSAL_NONE);
    c.now = start + INT64_C(2) * LOBBY_WIDEN_MS - 1;
    CU_ASSERT_FALSE(next_match());
    c.now++;
    check_pair(0, 1);
    crowd_free(&c);
}

static void test_nearest_then_oldest(void) {
    crowd_open(&c, 1, 5);
    CU_ASSERT_EQUAL(wants(0, ASKS, LEVEL_STAFF, 0), REFUSAL_NONE);
    CU_ASSERT_EQUAL(wants(1, ANSWERS, LEVEL_MID, 0), REFUSAL_NONE);
    CU_ASSERT_EQUAL(wants(2, ANSWERS, LEVEL_SENIOR, 0), REFUSAL_NONE);
    CU_ASSERT_EQUAL(wants(3, ANSWERS, LEVEL_SENIOR, 0), REFUSAL_NONE);
    c.now += INT64_C(2) * LOBBY_WIDEN_MS;
    check_pair(0, 2);
    CU_ASSERT_EQUAL(wants(4, ANSWERS, LEVEL_ANY, 0), REFUSAL_NONE);
    check_pair(0, 4); /* any level is no distance at all */
    /* The oldest is served first, although others would fit each other better. */
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 4)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(wants(4, ASKS, LEVEL_SENIOR, 0), REFUSAL_NONE);
    check_pair(0, 2);
    crowd_free(&c);
}

static void test_somebody_gone_keeps_the_place(void) {
    crowd_open(&c, 1, 3);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(crowd_wait(&c, i, i == 2 ? ANSWERS : ASKS), REFUSAL_NONE);
    }
    struct body gone = body_member(ACTION_PAIR_GONE, 0);
    gone.has |= F(session);
    gone.session = 2;
    CU_ASSERT_EQUAL(crowd_do(&c, gone), REFUSAL_SAME); /* of another connection */
    gone.session = 1;
    CU_ASSERT_EQUAL(crowd_do(&c, gone), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, gone), REFUSAL_SAME);
    gone.member = 3;
    CU_ASSERT_EQUAL(crowd_do(&c, gone), REFUSAL_NOT_WAITING);
    CU_ASSERT_EQUAL(place_of(0), 1);
    check_pair(1, 2);
    pair.interviewer = 0;
    CU_ASSERT_EQUAL(crowd_match(&c, &pair), REFUSAL_NOT_WAITING);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ASKS), REFUSAL_NONE);
    check_pair(0, 2);
    /* Whoever waits by a server that has ended is gone until it waits again. */
    struct leases restarted = leases_of_one(CROWD_BOOT + 1);
    CU_ASSERT_FALSE(lobby_next_match(&c.cohort, c.now, &restarted, &pair));
    CU_ASSERT_EQUAL(lobby_next_moment(&c.cohort, c.now, &restarted, APPEAR), c.now + 3600000);
    /* To another node, also one that has not heard of it yet, it is still there. */
    struct leases other = {
        .upto = CROWD_BOOT + 1, .count = 2, .live = {CROWD_BOOT, CROWD_BOOT + 1}};
    CU_ASSERT_TRUE(lobby_next_match(&c.cohort, c.now, &other, &pair));
    other = leases_of_one(CROWD_BOOT - 1);
    CU_ASSERT_TRUE(lobby_next_match(&c.cohort, c.now, &other, &pair));
    crowd_free(&c);
}

/* Who goes on from a match that is whole by now does not wait; with another wish it does. */
static void check_going_on(const char *room) {
    struct body again = crowd_wants(&c, 0);
    again.has |= F(target);
    again.target = span_of(room);
    CU_ASSERT_EQUAL(c.cohort.members[0].why, LOBBY_WHY_MET);
    CU_ASSERT_EQUAL(crowd_do(&c, again), REFUSAL_SAME);
    again.target = span_of(crowd_room(9));
    CU_ASSERT_EQUAL(crowd_do(&c, again), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.members[0].why, LOBBY_WHY_NONE);
}

static void test_a_whole_match(void) {
    crowd_open(&c, 2, 2);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, EITHER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, EITHER), REFUSAL_NONE);
    CU_ASSERT_TRUE(next_match());
    const char *room = crowd_room(c.rooms);
    CU_ASSERT_EQUAL(crowd_match(&c, &pair), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_match(&c, &pair), REFUSAL_NOT_WAITING); /* exactly one match each */
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, EITHER), REFUSAL_SAME);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 0)), REFUSAL_NOT_WAITING);
    const struct cohort_match *match = cohort_match_of_member(&c.cohort, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(match);
    CU_ASSERT_PTR_EQUAL(match, cohort_match_of_room(&c.cohort, span_of(room)));
    struct body came = body_target(ACTION_PAIR_CAME, room);
    came.has |= F(member);
    CU_ASSERT_EQUAL(crowd_do(&c, came), REFUSAL_STALE); /* not open yet */
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_OPEN, room)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_OPEN, room)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_OPEN, crowd_room(9))), REFUSAL_STALE);
    CU_ASSERT_EQUAL(cohort_room_of_id(&c.cohort, span_of(room)), 0);
    CU_ASSERT_STRING_EQUAL(c.cohort.rooms[0].title, "prompt-0");
    CU_ASSERT_EQUAL(crowd_do(&c, came), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, came), REFUSAL_SAME);
    CU_ASSERT_EQUAL(c.cohort.members[1].seen, 0);
    came.member = 1;
    CU_ASSERT_EQUAL(crowd_do(&c, came), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.members[1].seen, 1);
    CU_ASSERT_EQUAL(crowd_do(&c, came), REFUSAL_STALE);
    CU_ASSERT_EQUAL(c.cohort.match_count, 0);
    CU_ASSERT_EQUAL(c.cohort.members[0].state, LOBBY_IDLE);
    CU_ASSERT_STRING_EQUAL(c.cohort.members[0].room, room);
    CU_ASSERT_EQUAL(c.cohort.members[0].partner, 1);
    CU_ASSERT_EQUAL(next_moment(), -1);
    check_going_on(room);
    crowd_free(&c);
}

/* A prompt that the candidate had, under whatever revision of its pack, does not come again. */
static void test_no_prompt_twice(void) {
    crowd_open(&c, 0, 3);
    CU_ASSERT_EQUAL(crowd_offer(&c, "prompt", "First edition"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ANSWERS), REFUSAL_NONE);
    (void)bring(true, true);
    CU_ASSERT_EQUAL(crowd_offer(&c, "prompt", "Second edition"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 2, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ANSWERS), REFUSAL_NONE);
    CU_ASSERT_FALSE(next_match());
    for (uint8_t pack = 0; pack < 2; pack++) {
        struct lobby_match wrong = {.interviewer = 2, .candidate = 1, .pack = pack};
        CU_ASSERT_EQUAL(crowd_match(&c, &wrong), REFUSAL_PROMPT_SEEN);
    }
    CU_ASSERT_EQUAL(crowd_offer(&c, "another", "Another"), REFUSAL_NONE);
    CU_ASSERT_FALSE(next_match()); /* nobody has said that they take it */
    CU_ASSERT_EQUAL(crowd_wait(&c, 2, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ANSWERS), REFUSAL_NONE);
    check_pair(2, 1);
    CU_ASSERT_EQUAL(pair.pack, 2);
    crowd_free(&c);
}

static void test_a_partner_who_does_not_appear(void) {
    crowd_open(&c, 1, 4);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ASKS), REFUSAL_NONE);
    c.now += 1000;
    CU_ASSERT_EQUAL(crowd_wait(&c, 2, ANSWERS), REFUSAL_NONE);
    const char *room = bring(false, true); /* 0 and 2; 0 does not appear */
    int64_t opened = c.now;
    c.now += APPEAR - 1;
    CU_ASSERT_EQUAL(next_moment(), opened + APPEAR);
    CU_ASSERT_EQUAL(crowd_step(&c, APPEAR), LOBBY_NOTHING);
    c.now++;
    CU_ASSERT_EQUAL(crowd_step(&c, APPEAR), LOBBY_OVERDUE);
    CU_ASSERT_EQUAL(c.cohort.members[0].state, LOBBY_IDLE);
    CU_ASSERT_EQUAL(c.cohort.members[0].why, LOBBY_WHY_MISSED);
    /* The other stands before those who came before, with its old beginning. */
    CU_ASSERT_EQUAL(place_of(2), 1);
    CU_ASSERT_EQUAL(c.cohort.members[2].why, LOBBY_WHY_PARTNER);
    CU_ASSERT_EQUAL(c.cohort.members[2].since, 1001000);
    CU_ASSERT_EQUAL(c.cohort.members[2].matched_for, APPEAR);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_FREE, room)), REFUSAL_STALE);
    /* It came, so it has seen the prompt. */
    CU_ASSERT_FALSE(next_match());
    crowd_free(&c);
}

static void test_time_in_a_match_is_no_waiting(void) {
    crowd_open(&c, 2, 2);
    struct body body = crowd_wants(&c, 0);
    body.wait = APPEAR;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, EITHER), REFUSAL_NONE);
    (void)bring(true, false);
    c.now += APPEAR;
    CU_ASSERT_EQUAL(crowd_step(&c, APPEAR), LOBBY_OVERDUE);
    CU_ASSERT_EQUAL(crowd_step(&c, APPEAR), LOBBY_NOTHING);
    CU_ASSERT_EQUAL(next_moment(), c.now + APPEAR);
    c.now += APPEAR;
    CU_ASSERT_EQUAL(crowd_step(&c, APPEAR), LOBBY_EXPIRE);
    CU_ASSERT_EQUAL(c.cohort.members[0].why, LOBBY_WHY_EXPIRED);
    crowd_free(&c);
}

static void test_nobody_appears(void) {
    crowd_open(&c, 1, 2);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, EITHER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, EITHER), REFUSAL_NONE);
    (void)bring(false, false);
    c.now += APPEAR;
    CU_ASSERT_EQUAL(crowd_step(&c, APPEAR), LOBBY_OVERDUE);
    CU_ASSERT_EQUAL(c.cohort.waiting_count, 0);
    CU_ASSERT_EQUAL(c.cohort.members[0].why, LOBBY_WHY_MISSED);
    CU_ASSERT_EQUAL(c.cohort.members[1].why, LOBBY_WHY_MISSED);
    crowd_free(&c);
}

/* Where no room was opened neither is to blame: both go back, in their order. */
static void test_a_room_that_does_not_open(void) {
    crowd_open(&c, 1, 3);
    CU_ASSERT_EQUAL(crowd_wait(&c, 2, ANSWERS), REFUSAL_NONE);
    c.now += 10;
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ASKS), REFUSAL_NONE);
    const char *room = crowd_room(c.rooms);
    check_pair(0, 2);
    CU_ASSERT_EQUAL(crowd_match(&c, &pair), REFUSAL_NONE);
    c.now += INT64_C(10) * APPEAR;
    CU_ASSERT_EQUAL(crowd_step(&c, APPEAR), LOBBY_NOTHING); /* the time counts from the opening */
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_FREE, room)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(place_of(2), 1);
    CU_ASSERT_EQUAL(place_of(0), 2);
    CU_ASSERT_EQUAL(place_of(1), 3);
    crowd_free(&c);
}

static void test_a_room_that_ends_early(void) {
    crowd_open(&c, 1, 2);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ANSWERS), REFUSAL_NONE);
    const char *room = bring(true, false); /* the interviewer comes and closes the room */
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_IDLE, room)), REFUSAL_STALE);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_ENDED, room)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.match_count, 0);
    CU_ASSERT_EQUAL(c.cohort.members[0].state, LOBBY_IDLE);
    CU_ASSERT_EQUAL(c.cohort.members[0].why, LOBBY_WHY_LEFT);
    CU_ASSERT_EQUAL(place_of(1), 1);
    crowd_free(&c);
}

static void test_last_partners(void) {
    crowd_open(&c, 8, 3);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, EITHER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, EITHER), REFUSAL_NONE);
    int64_t met = c.now;
    (void)bring(true, true);
    c.now += 1000;
    int64_t again = c.now;
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, EITHER), REFUSAL_NONE);
    c.now += 500;
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, EITHER), REFUSAL_NONE);
    CU_ASSERT_FALSE(next_match());
    CU_ASSERT_EQUAL(next_moment(), again + 500 + LOBBY_ALONE_MS);
    c.now = again + 500 + LOBBY_ALONE_MS - 1;
    CU_ASSERT_FALSE(next_match());
    c.now++;
    check_pair(0, 1); /* nobody else is there */
    /* Somebody else who fits the older one goes first, although a level apart. */
    CU_ASSERT_EQUAL(wants(0, EITHER, LEVEL_MID, 0), REFUSAL_NONE);
    CU_ASSERT_EQUAL(wants(2, EITHER, LEVEL_SENIOR, 0), REFUSAL_NONE);
    check_pair(0, 2);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 2)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 0)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 1)), REFUSAL_NONE);
    /* Long after, they are strangers again. */
    c.now = met + LOBBY_AGAIN_MS - 1;
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, EITHER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, EITHER), REFUSAL_NONE);
    CU_ASSERT_FALSE(next_match());
    CU_ASSERT_EQUAL(next_moment(), met + LOBBY_AGAIN_MS);
    c.now++;
    CU_ASSERT_TRUE(next_match());
    crowd_free(&c);
}

/* Who has practised with somebody else since is nobody's last partner any more. */
static void test_only_the_last_partner_counts(void) {
    crowd_open(&c, 8, 3);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, EITHER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, EITHER), REFUSAL_NONE);
    (void)bring(true, true);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, EITHER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 2, EITHER), REFUSAL_NONE);
    (void)bring(true, true);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, EITHER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, EITHER), REFUSAL_NONE);
    CU_ASSERT_TRUE(next_match());
    crowd_free(&c);
}

static void test_waiting_ends(void) {
    crowd_open(&c, 1, 1);
    struct body body = crowd_wants(&c, 0);
    body.wait = 5000;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_NONE);
    int64_t start = c.now;
    CU_ASSERT_EQUAL(next_moment(), start + 5000);
    c.now = start + 4999;
    CU_ASSERT_EQUAL(crowd_step(&c, APPEAR), LOBBY_NOTHING);
    body.wait = 6000; /* counted from the beginning of its waiting */
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(next_moment(), start + 6000);
    c.now = start + 6000;
    CU_ASSERT_EQUAL(crowd_step(&c, APPEAR), LOBBY_EXPIRE);
    CU_ASSERT_EQUAL(c.cohort.members[0].why, LOBBY_WHY_EXPIRED);
    CU_ASSERT_EQUAL(next_moment(), -1);
    crowd_free(&c);
}

static void test_withdrawing(void) {
    crowd_open(&c, 4, 5);
    CU_ASSERT_EQUAL(crowd_link(&c, COHORT_STUDENT, 3), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 101, 2, "Other"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 104, 2, "Third"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ASKS), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ANSWERS), REFUSAL_NONE);
    (void)bring(true, false); /* 0 and 1 */
    for (int i = 2; i < 5; i++) {
        CU_ASSERT_EQUAL(crowd_wait(&c, i, ASKS), REFUSAL_NONE);
    }
    struct body body = {.act = ACTION_COHORT_WITHDRAW, .has = F(link), .link = CROWD_STUDENTS};
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_NONE);
    for (int i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(c.cohort.members[i].why, i == 1 ? LOBBY_WHY_PARTNER : LOBBY_WHY_WITHDRAWN);
        CU_ASSERT_EQUAL(c.cohort.members[i].state, i == 1 ? LOBBY_WAITING : LOBBY_IDLE);
    }
    CU_ASSERT_EQUAL(c.cohort.match_count, 0);
    CU_ASSERT_EQUAL(place_of(1), 1);
    CU_ASSERT_EQUAL(place_of(4), 2);
    check_pair(4, 1);
    crowd_free(&c);
}

static CU_TestInfo tests[] = {{"places in the queue", test_places},
                              {"names that do not fit", test_names_that_do_not_fit},
                              {"wants are checked", test_wants_are_checked},
                              {"as many as may wait", test_as_many_as_may_wait},
                              {"roles", test_roles},
                              {"packs", test_packs},
                              {"the least used pack", test_the_least_used_pack},
                              {"length of the interview", test_minutes},
                              {"levels widen", test_levels_widen},
                              {"the nearest level, then the oldest", test_nearest_then_oldest},
                              {"somebody gone keeps the place", test_somebody_gone_keeps_the_place},
                              {"a whole match", test_a_whole_match},
                              {"no prompt twice", test_no_prompt_twice},
                              {"a partner who does not appear", test_a_partner_who_does_not_appear},
                              {"time in a match is no waiting", test_time_in_a_match_is_no_waiting},
                              {"nobody appears", test_nobody_appears},
                              {"a room that does not open", test_a_room_that_does_not_open},
                              {"a room that ends before both came", test_a_room_that_ends_early},
                              {"the last partner only if nobody else is there", test_last_partners},
                              {"only the last partner counts", test_only_the_last_partner_counts},
                              {"waiting ends", test_waiting_ends},
                              {"withdrawing", test_withdrawing},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"lobby", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
