/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what people of a cohort say about each other, in the core: not again, reports, and the
 * coaches' yes and no, by link and by member; each bound at the bound and one past it, with
 * somebody beside who does not notice.
 */
#include <string.h>

#include "tests/support/crowd.h"
#include "tests/support/test_main.h"

static struct crowd c;

/* A room in which these two have met; the number of the room. */
static uint32_t meet(uint16_t interviewer, uint16_t candidate, uint8_t pack) {
    struct lobby_match match = {.interviewer = interviewer, .candidate = candidate, .pack = pack};
    CU_ASSERT_EQUAL(crowd_wait(&c, interviewer, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, candidate, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_match(&c, &match), REFUSAL_NONE);
    uint32_t number = c.rooms - 1;
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_OPEN, crowd_room(number))), REFUSAL_NONE);
    for (int i = 0; i < 2; i++) {
        struct body came = body_target(ACTION_PAIR_CAME, crowd_room(number));
        came.has |= F(member);
        came.member = i == 0 ? interviewer : candidate;
        CU_ASSERT_EQUAL(crowd_do(&c, came), REFUSAL_NONE);
    }
    return number;
}

static enum refusal avoid(int64_t member, uint32_t room, bool on) {
    struct body body = body_target(ACTION_COHORT_AVOID, crowd_room(room));
    body.has |= F(member) | F(on);
    body.member = member;
    body.on = on;
    return crowd_do(&c, body);
}

static enum refusal report(int64_t member, uint32_t room, const char *text) {
    struct body body = body_target(ACTION_COHORT_REPORT, crowd_room(room));
    body.has |= F(member) | F(moment) | F(text);
    body.member = member;
    body.moment = c.now;
    body.text = span_of(text);
    return crowd_do(&c, body);
}

static enum refusal admit(int64_t member, bool on) {
    struct body body = body_member(ACTION_COHORT_ADMIT, member);
    body.has |= F(on);
    body.on = on;
    return crowd_do(&c, body);
}

/* Whether the log gives the same state again. */
static void check_replay(void) {
    struct cohort twin;
    CU_ASSERT_TRUE_FATAL(crowd_replay(&c, c.count, &twin));
    CU_ASSERT_TRUE(crowd_same(&c.cohort, &twin));
    cohort_free(&twin);
}

/* ---- not again ---- */

static void test_not_again(void) {
    struct lobby_match match;
    crowd_open(&c, 3, 3);
    uint32_t room = meet(0, 1, 0);
    CU_ASSERT_EQUAL(avoid(2, room, true), REFUSAL_NOT_A_MEMBER); /* was not in it */
    CU_ASSERT_EQUAL(avoid(0, room + 7, true), REFUSAL_NOT_A_MEMBER);
    CU_ASSERT_EQUAL(avoid(0, room, false), REFUSAL_SAME);
    CU_ASSERT_EQUAL(avoid(0, room, true), REFUSAL_NONE);
    CU_ASSERT_EQUAL(avoid(0, room, true), REFUSAL_SAME);
    CU_ASSERT_TRUE(cohort_avoids(&c.cohort, 0, 1) && cohort_avoids(&c.cohort, 1, 0));
    c.now += LOBBY_AGAIN_MS + 1; /* they are no partners of today any more */
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_NONE);
    c.now += LOBBY_ALONE_MS + 1;
    CU_ASSERT_FALSE(lobby_next_match(&c.cohort, c.now, &crowd_leases, &match));
    const struct lobby_match wild = {.interviewer = 1, .candidate = 0, .pack = 1};
    CU_ASSERT_EQUAL(crowd_match(&c, &wild), REFUSAL_STALE);
    /* A third one finds a partner at once. */
    CU_ASSERT_EQUAL(crowd_wait(&c, 2, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_TRUE(lobby_next_match(&c.cohort, c.now, &crowd_leases, &match));
    CU_ASSERT_TRUE(match.interviewer == 2 || match.candidate == 2);
    CU_ASSERT_EQUAL(crowd_do(&c, (struct body){.act = ACTION_PAIR_LEAVE,
                                               .has = F(member) | F(why),
                                               .member = 2,
                                               .why = LOBBY_WHY_LEFT}),
                    REFUSAL_NONE);
    /* Taken back, they are paired as ever. */
    CU_ASSERT_EQUAL(avoid(0, room, false), REFUSAL_NONE);
    CU_ASSERT_TRUE(lobby_next_match(&c.cohort, c.now, &crowd_leases, &match));
    check_replay();
    crowd_free(&c);
}

static void test_bound_of_not_again(void) {
    crowd_open(&c, 1, 2);
    uint32_t room = meet(0, 1, 0);
    for (int i = 0; i < COHORT_AVOIDS_MAX; i++) {
        CU_ASSERT_EQUAL(avoid(0, room, i % 2 == 0), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(avoid(0, room, true), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(avoid(1, room, true), REFUSAL_NONE); /* the other one's say is their own */
    check_replay();
    crowd_free(&c);
}

/* ---- reports ---- */

static void test_reports(void) {
    static char longest[COHORT_REPORT_MAX_BYTES + 2];
    crowd_open(&c, 1, 3);
    uint32_t room = meet(0, 1, 0);
    memset(longest, 'x', sizeof longest - 1);
    CU_ASSERT_EQUAL(report(0, room, longest), REFUSAL_BAD_FIELD);
    longest[COHORT_REPORT_MAX_BYTES] = '\0';
    for (int i = 0; i < COHORT_REPORTS_EACH_MAX; i++) {
        CU_ASSERT_EQUAL(report(0, room, longest), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(report(0, room, longest), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(report(1, room, "He was late."), REFUSAL_NONE);
    CU_ASSERT_EQUAL(report(2, room + 9, "Nothing"), REFUSAL_NOT_A_MEMBER);
    const struct cohort_report *last = &c.cohort.reports[COHORT_REPORTS_EACH_MAX];
    CU_ASSERT_EQUAL(c.cohort.report_count, COHORT_REPORTS_EACH_MAX + 1);
    CU_ASSERT_EQUAL(last->member, 1);
    CU_ASSERT_EQUAL(last->moment, c.now);
    CU_ASSERT_STRING_EQUAL(last->text, "He was late.");
    CU_ASSERT_STRING_EQUAL(c.cohort.rooms[last->room].id, crowd_room(room));
    check_replay();
    crowd_free(&c);
}

/* ---- yes and no ---- */

static void test_suspended(void) {
    struct lobby_match match;
    crowd_open(&c, 1, 4);
    CU_ASSERT_EQUAL(crowd_enter(&c, 103, CROWD_COACHES, "Coach"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(admit(3, false), REFUSAL_NOT_A_STUDENT);
    CU_ASSERT_EQUAL(admit(9, false), REFUSAL_NO_SUCH_MEMBER);
    CU_ASSERT_EQUAL(admit(0, true), REFUSAL_SAME);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(crowd_wait(&c, i, ROLE_NONE), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(admit(0, false), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.waiting_count, 2); /* the others wait as before */
    CU_ASSERT_EQUAL(cohort_admits(&c.cohort, 0), REFUSAL_SUSPENDED);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_SUSPENDED);
    CU_ASSERT_TRUE(lobby_next_match(&c.cohort, c.now, &crowd_leases, &match));
    /* By no link, and not under another name. */
    CU_ASSERT_EQUAL(crowd_enter(&c, 100, CROWD_STUDENTS, "Member 0"), REFUSAL_SUSPENDED);
    CU_ASSERT_EQUAL(crowd_link(&c, COHORT_STUDENT, 3), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 100, 2, "Somebody"), REFUSAL_SUSPENDED);
    CU_ASSERT_EQUAL(admit(0, true), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_NONE);
    check_replay();
    crowd_free(&c);
}

static void test_suspended_out_of_a_match(void) {
    const struct lobby_match match = {.interviewer = 0, .candidate = 1, .pack = 0};
    crowd_open(&c, 1, 2);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_match(&c, &match), REFUSAL_NONE);
    CU_ASSERT_EQUAL(admit(0, false), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.match_count, 0);
    CU_ASSERT_EQUAL(c.cohort.members[1].state, LOBBY_WAITING);
    CU_ASSERT_EQUAL(c.cohort.members[1].why, LOBBY_WHY_PARTNER);
    CU_ASSERT_EQUAL(c.cohort.members[0].state, LOBBY_IDLE);
    crowd_free(&c);
}

/* A link for students with a hash, that asks or lets in so many. */
static void bounded_link(uint8_t hash, bool asks, int64_t uses) {
    uint8_t bytes[HASH_BYTES];
    memset(bytes, hash, sizeof bytes);
    struct body body = {.act = ACTION_COHORT_LINK,
                        .has = F(role) | F(invite) | F(asks),
                        .role = COHORT_STUDENT,
                        .asks = asks,
                        .uses = uses,
                        .invite = {(const char *)bytes, HASH_BYTES}};
    body.has |= uses > 0 ? F(uses) : 0;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_NONE);
}

static void test_link_that_asks(void) {
    crowd_open(&c, 1, 1);
    bounded_link(9, true, 0);
    CU_ASSERT_EQUAL(crowd_enter(&c, 201, 2, "New"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(cohort_admits(&c.cohort, 1), REFUSAL_ASKED);
    CU_ASSERT_EQUAL(crowd_enter(&c, 201, 2, "New"), REFUSAL_SAME);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_ASKED);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_NONE); /* who is in */
    CU_ASSERT_EQUAL(admit(1, true), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_NONE);
    /* Who is in already is not asked for by it; who was told no stays out. */
    CU_ASSERT_EQUAL(crowd_enter(&c, 100, 2, "Member 0"), REFUSAL_NONE);
    CU_ASSERT_TRUE(cohort_lets_in(&c.cohort, 0));
    CU_ASSERT_EQUAL(crowd_enter(&c, 202, 2, "Other"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(admit(2, false), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 202, 2, "Other"), REFUSAL_SUSPENDED);
    /* Another link, without the question, lets in at once. */
    CU_ASSERT_EQUAL(crowd_enter(&c, 203, 2, "Third"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 203, CROWD_STUDENTS, "Third"), REFUSAL_NONE);
    CU_ASSERT_TRUE(cohort_lets_in(&c.cohort, 3));
    /* Withdrawn it works as any. */
    CU_ASSERT_EQUAL(
        crowd_do(&c, (struct body){.act = ACTION_COHORT_WITHDRAW, .has = F(link), .link = 2}),
        REFUSAL_NONE);
    CU_ASSERT_EQUAL(cohort_admits(&c.cohort, 1), REFUSAL_WITHDRAWN);
    check_replay();
    crowd_free(&c);
}

static void test_uses(void) {
    crowd_open(&c, 0, 1);
    bounded_link(9, false, 2);
    CU_ASSERT_EQUAL(crowd_enter(&c, 201, 2, "One"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 202, 2, "Two"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 203, 2, "Three"), REFUSAL_LINK_OVER);
    CU_ASSERT_EQUAL(crowd_enter(&c, 201, 2, "One again"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 100, 2, "Member 0"), REFUSAL_NONE); /* is in anyway */
    CU_ASSERT_EQUAL(crowd_enter(&c, 203, CROWD_STUDENTS, "Three"), REFUSAL_NONE);
    check_replay();
    crowd_free(&c);
}

/* ---- what is whose ---- */

/* Whether the log's event at that place is of that member. */
static bool owns(int member, uint32_t at) {
    return cohort_is_own(&c.cohort, member, &c.events[at].body);
}

/* How many events of an action are of that member. */
static uint32_t count_own(int member, enum action act) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < c.count; i++) {
        count += c.events[i].body.act == act && owns(member, i);
    }
    return count;
}

/* What one says of the other is the one's alone; a match, its room and its end are both's. */
static void test_own(void) {
    crowd_open(&c, 1, 3);
    uint32_t room = meet(0, 1, 0);
    CU_ASSERT_EQUAL(report(0, room, "He was late."), REFUSAL_NONE);
    CU_ASSERT_TRUE(owns(0, c.count - 1) && !owns(1, c.count - 1) && !owns(2, c.count - 1));
    CU_ASSERT_EQUAL(avoid(1, room, true), REFUSAL_NONE);
    CU_ASSERT_TRUE(!owns(0, c.count - 1) && owns(1, c.count - 1) && !owns(2, c.count - 1));
    CU_ASSERT_EQUAL(admit(2, false), REFUSAL_NONE);
    CU_ASSERT_TRUE(!owns(0, c.count - 1) && owns(2, c.count - 1));
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_ENDED, crowd_room(room))), REFUSAL_NONE);
    for (int member = 0; member < 3; member++) {
        uint32_t met = member < 2;
        CU_ASSERT_EQUAL(count_own(member, ACTION_COHORT_ENTER), 1);
        CU_ASSERT_EQUAL(count_own(member, ACTION_PAIR_MATCH), met);
        CU_ASSERT_EQUAL(count_own(member, ACTION_PAIR_OPEN), met);
        CU_ASSERT_EQUAL(count_own(member, ACTION_PAIR_CAME), met);
        CU_ASSERT_EQUAL(count_own(member, ACTION_COHORT_ENDED), met);
        CU_ASSERT_EQUAL(count_own(member, ACTION_COHORT_OPEN), 0);
        CU_ASSERT_EQUAL(count_own(member, ACTION_COHORT_LINK), 0);
        CU_ASSERT_EQUAL(count_own(member, ACTION_PACK_OFFER), 0);
    }
    crowd_free(&c);
}

/* Nobody was told of a match until its room was open; a room is its host's. */
static void test_own_rooms(void) {
    struct lobby_match match = {.interviewer = 0, .candidate = 1};
    crowd_open(&c, 1, 3);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_match(&c, &match), REFUSAL_NONE);
    CU_ASSERT_EQUAL(count_own(0, ACTION_PAIR_MATCH), 0);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_PAIR_OPEN, crowd_room(c.rooms - 1))),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(count_own(0, ACTION_PAIR_MATCH), 1);
    struct body hosts = body_target(ACTION_COHORT_ROOM, crowd_room(c.rooms++));
    struct body listed;
    hosts.has |= F(text);
    hosts.text = span_of("A title");
    listed = hosts;
    hosts.has |= F(member);
    hosts.member = 2;
    CU_ASSERT_EQUAL(crowd_do(&c, hosts), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, listed), REFUSAL_NONE);
    CU_ASSERT_EQUAL(count_own(2, ACTION_COHORT_ROOM), 2);
    CU_ASSERT_EQUAL(count_own(0, ACTION_COHORT_ROOM), 0);
    crowd_free(&c);
}

int main(void) {
    static CU_TestInfo tests[] = {{"not again with this person", test_not_again},
                                  {"how often one may say so", test_bound_of_not_again},
                                  {"reports to the coaches", test_reports},
                                  {"a suspended member", test_suspended},
                                  {"suspended out of a match", test_suspended_out_of_a_match},
                                  {"a link that asks", test_link_that_asks},
                                  {"a link for so many", test_uses},
                                  {"what of the log is whose", test_own},
                                  {"whose a match and a room are", test_own_rooms},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"among", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
