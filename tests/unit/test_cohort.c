/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a cohort's fold without its lobby: opening, links, members, packs, rooms; every refusal,
 * every bound and one past it, and what no log may hold.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crowd.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static struct crowd c;

static struct body plain_name(enum action act, const char *name) {
    return (struct body){.act = act, .has = F(name), .name = span_of(name)};
}

static struct body withdraw(int64_t link) {
    return (struct body){.act = ACTION_COHORT_WITHDRAW, .has = F(link), .link = link};
}

static struct body listed(const char *room, const char *title) {
    return (struct body){.act = ACTION_COHORT_ROOM,
                         .has = F(target) | F(text),
                         .target = span_of(room),
                         .text = span_of(title)};
}

static struct body hosted(const char *room, int64_t member) {
    struct body body = listed(room, "title");
    body.has |= F(member);
    body.member = member;
    return body;
}

static const char *member_key(uint32_t number) {
    return (const char *)c.cohort.members[number].key;
}

static void test_opening(void) {
    crowd_new(&c);
    CU_ASSERT_EQUAL(crowd_link(&c, COHORT_STUDENT, 1), REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(crowd_do(&c, plain_name(ACTION_COHORT_OPEN, "")), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(crowd_do(&c, plain_name(ACTION_COHORT_OPEN, "Class")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, plain_name(ACTION_COHORT_OPEN, "Class")), REFUSAL_WRONG_STAGE);
    CU_ASSERT_STRING_EQUAL(c.cohort.name, "Class");
    CU_ASSERT_EQUAL(c.cohort.opened_at, 1000000);
    CU_ASSERT_EQUAL(c.cohort.pos, 1);
    crowd_free(&c);
}

static void test_who_speaks(void) {
    crowd_open(&c, 0, 1);
    struct event event;
    struct command command = {.seat = 0, .id = 1, .body = withdraw(0)};
    CU_ASSERT_EQUAL(cohort_decide(&c.cohort, &command, 1, &event), REFUSAL_NOT_ALLOWED);
    command.seat = SEAT_SERVER;
    CU_ASSERT_EQUAL(cohort_decide(&c.cohort, &command, 1, &event), REFUSAL_NOT_ALLOWED);
    command.id = 0;
    CU_ASSERT_EQUAL(cohort_decide(&c.cohort, &command, 1, &event), REFUSAL_NONE);
    CU_ASSERT_EQUAL(event.at, c.cohort.at); /* never backwards */
    for (int act = ACTION_NONE; act < ACTION_COHORT_OPEN; act++) {
        command.body.act = (enum action)act;
        CU_ASSERT_EQUAL(cohort_decide(&c.cohort, &command, 1, &event), REFUSAL_UNKNOWN_ACTION);
    }
    command.body.act = ACTION_COUNT;
    CU_ASSERT_EQUAL(cohort_decide(&c.cohort, &command, 1, &event), REFUSAL_UNKNOWN_ACTION);
    crowd_free(&c);
}

static enum refusal decided(const struct body *body) {
    struct event event;
    struct command command = {.seat = SEAT_SERVER, .body = *body};
    return cohort_decide(&c.cohort, &command, c.now, &event);
}

/* Every number of every action one past its bounds, in a body that is sound but for that. */
static void test_every_field(void) {
    crowd_open(&c, 1, 1);
    for (int act = ACTION_COHORT_LINK; act < ACTION_COUNT; act++) {
        struct body sound = wire_body((enum action)act, false);
        sound.role = COHORT_STUDENT;
        CU_ASSERT_NOT_EQUAL(decided(&sound), REFUSAL_BAD_FIELD);
        for (int field = 0; field < FIELD_COUNT; field++) {
            const struct field_row *bounds = field_row((enum field)field);
            int64_t past[2] = {bounds->min - 1, bounds->max + 1};
            for (int i = 0; i < 2 && sound.has >> field & 1 && bounds->type == FIELD_NUM; i++) {
                struct body body = sound;
                memcpy((char *)&body + bounds->offset, &past[i], sizeof past[i]);
                bool either = act == ACTION_PAIR_WAIT && field == FIELD_role && past[i] == 0;
                CU_ASSERT_EQUAL(decided(&body) == REFUSAL_BAD_FIELD, !either);
            }
        }
    }
    crowd_free(&c);
}

static void test_links(void) {
    crowd_open(&c, 0, 0);
    CU_ASSERT_EQUAL(crowd_link(&c, COHORT_STUDENT, 1), REFUSAL_SAME);
    CU_ASSERT_EQUAL(crowd_link(&c, (enum cohort_role)ROLE_INTERVIEWER, 9), REFUSAL_BAD_FIELD);
    for (uint32_t i = 2; i < COHORT_LINKS_MAX; i++) {
        CU_ASSERT_EQUAL(crowd_link(&c, COHORT_COACH, i + 10), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(c.cohort.link_count, COHORT_LINKS_MAX);
    CU_ASSERT_EQUAL(crowd_link(&c, COHORT_COACH, 999), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(cohort_link_of_hash(&c.cohort, c.cohort.links[63].hash), 63);
    uint8_t none[HASH_BYTES] = {0};
    CU_ASSERT_EQUAL(cohort_link_of_hash(&c.cohort, none), -1);
    CU_ASSERT_EQUAL(crowd_do(&c, withdraw(63)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, withdraw(63)), REFUSAL_SAME);
    crowd_free(&c);
    crowd_open(&c, 0, 0);
    CU_ASSERT_EQUAL(crowd_do(&c, withdraw(2)), REFUSAL_NO_SUCH_LINK);
    crowd_free(&c);
}

static void test_entering(void) {
    crowd_open(&c, 0, 0);
    CU_ASSERT_EQUAL(crowd_enter(&c, 5, 2, "Ada"), REFUSAL_NO_SUCH_COHORT);
    CU_ASSERT_EQUAL(crowd_enter(&c, 5, CROWD_STUDENTS, ""), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(crowd_enter(&c, 5, CROWD_STUDENTS, "Ada"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 5, CROWD_STUDENTS, "Ada"), REFUSAL_SAME);
    CU_ASSERT_EQUAL(crowd_enter(&c, 5, CROWD_STUDENTS, "Ada L."), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 4, CROWD_STUDENTS, "Bob"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.member_count, 2);
    CU_ASSERT_STRING_EQUAL(c.cohort.members[0].name, "Ada L.");
    CU_ASSERT_EQUAL(cohort_member_of_key(&c.cohort, (const uint8_t *)member_key(1)), 1);
    uint8_t nobody[HASH_BYTES] = {0};
    CU_ASSERT_EQUAL(cohort_member_of_key(&c.cohort, nobody), -1);
    CU_ASSERT_FALSE(cohort_lets_in(&c.cohort, -1));
    CU_ASSERT_FALSE(cohort_lets_in(&c.cohort, 2));
    crowd_free(&c);
}

static void test_coaches(void) {
    crowd_open(&c, 0, 1);
    CU_ASSERT_FALSE(cohort_is_coach(&c.cohort, 0));
    CU_ASSERT_EQUAL(crowd_enter(&c, 100, CROWD_COACHES, "Member 0"), REFUSAL_NONE);
    CU_ASSERT_TRUE(cohort_is_coach(&c.cohort, 0));
    /* A coach who opens the students' link stays a coach. */
    CU_ASSERT_EQUAL(crowd_enter(&c, 100, CROWD_STUDENTS, "Member 0"), REFUSAL_SAME);
    CU_ASSERT_EQUAL(crowd_enter(&c, 100, CROWD_STUDENTS, "Coach"), REFUSAL_NONE);
    CU_ASSERT_TRUE(cohort_is_coach(&c.cohort, 0));
    /* When the coaches' link is withdrawn, the students' link lets it in again, as a student. */
    CU_ASSERT_EQUAL(crowd_do(&c, withdraw(CROWD_COACHES)), REFUSAL_NONE);
    CU_ASSERT_FALSE(cohort_is_coach(&c.cohort, 0));
    CU_ASSERT_FALSE(cohort_lets_in(&c.cohort, 0));
    CU_ASSERT_EQUAL(crowd_enter(&c, 100, CROWD_COACHES, "Coach"), REFUSAL_WITHDRAWN);
    CU_ASSERT_EQUAL(crowd_enter(&c, 100, CROWD_STUDENTS, "Coach"), REFUSAL_NONE);
    CU_ASSERT_TRUE(cohort_lets_in(&c.cohort, 0));
    CU_ASSERT_FALSE(cohort_is_coach(&c.cohort, 0));
    crowd_free(&c);
}

static void test_withdrawing_spares_the_others(void) {
    crowd_open(&c, 0, 2);
    CU_ASSERT_EQUAL(crowd_link(&c, COHORT_STUDENT, 3), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 101, 2, "Member 1"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, withdraw(CROWD_STUDENTS)), REFUSAL_NONE);
    CU_ASSERT_FALSE(cohort_lets_in(&c.cohort, 0));
    CU_ASSERT_TRUE(cohort_lets_in(&c.cohort, 1));
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_WITHDRAWN);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_NONE);
    crowd_free(&c);
}

static void test_many_members(void) {
    crowd_open(&c, 0, 0);
    for (uint32_t i = 0; i < COHORT_MEMBERS_MAX; i++) {
        /* Keys in no order. */
        CU_ASSERT_EQUAL_FATAL(crowd_enter(&c, i * 2654435761U, CROWD_STUDENTS, "x"), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(crowd_enter(&c, 12345, CROWD_STUDENTS, "x"), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(crowd_enter(&c, 0, CROWD_STUDENTS, "known"), REFUSAL_NONE);
    for (uint32_t i = 0; i < COHORT_MEMBERS_MAX; i += 97) {
        CU_ASSERT_EQUAL(cohort_member_of_key(&c.cohort, (const uint8_t *)member_key(i)), (int)i);
    }
    crowd_free(&c);
}

static void test_packs(void) {
    char name[32];
    crowd_open(&c, 0, 0);
    CU_ASSERT_EQUAL(crowd_offer(&c, "prompt-a", "One"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_offer(&c, "prompt-a", "One"), REFUSAL_SAME);
    CU_ASSERT_EQUAL(crowd_offer(&c, "prompt-b", "One"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_offer(&c, "prompt-a", "Two"),
                    REFUSAL_NONE); /* mended: a pack of its own */
    CU_ASSERT_EQUAL(c.cohort.packs[0].kin, 5);
    CU_ASSERT_EQUAL(c.cohort.packs[1].kin, 2);
    CU_ASSERT_EQUAL(c.cohort.packs[2].kin, 5);
    CU_ASSERT_STRING_EQUAL(c.cohort.packs[2].title, "Two");
    CU_ASSERT_STRING_EQUAL(c.cohort.packs[2].id, "prompt-a");
    const struct cohort_pack *kept = &c.cohort.packs[2];
    uint8_t hash[HASH_BYTES];
    cohort_pack_hash((struct span){kept->pack, kept->pack_len},
                     (struct span){kept->panel, kept->panel_len}, hash);
    CU_ASSERT_EQUAL(cohort_pack_of_hash(&c.cohort, hash), 2);
    for (int i = 3; i < COHORT_PACKS_MAX; i++) {
        snprintf(name, sizeof name, "prompt-%d", i);
        CU_ASSERT_EQUAL(crowd_offer(&c, name, name), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(crowd_offer(&c, "one-more", "One more"), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(crowd_offer(&c, "prompt-a", "One"), REFUSAL_SAME);
    crowd_free(&c);
}

static void test_bad_packs(void) {
    crowd_open(&c, 1, 0);
    const struct body good = c.events[c.count - 1].body;
    struct body body = good;
    body.pack.len--;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_BAD_PACK);
    body = good;
    body.panel = (struct span){"\x80", 1}; /* an empty map is no panel's body */
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_BAD_PACK);
    body = good;
    body.panel.len = 0;
    CU_ASSERT_EQUAL(crowd_do(&c, body), REFUSAL_BAD_FIELD);
    crowd_free(&c);
}

static void test_rooms(void) {
    char title[PACK_TITLE_MAX + 2];
    crowd_open(&c, 0, 0);
    memset(title, 't', sizeof title);
    title[PACK_TITLE_MAX + 1] = '\0';
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(7), title)), REFUSAL_BAD_FIELD);
    title[PACK_TITLE_MAX] = '\0';
    CU_ASSERT_EQUAL(crowd_do(&c, listed("ROOM00000000", title)), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(7), title)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(7), "again")), REFUSAL_SAME);
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(3), "second")), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(c.cohort.rooms[0].title, title);
    CU_ASSERT_EQUAL(cohort_room_of_id(&c.cohort, span_of(crowd_room(3))), 1);
    CU_ASSERT_EQUAL(cohort_room_of_id(&c.cohort, span_of(crowd_room(4))), -1);
    CU_ASSERT_EQUAL(cohort_room_of_id(&c.cohort, span_of("room")), -1);
    c.now += 5000;
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_ENDED, crowd_room(4))),
                    REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_ENDED, crowd_room(7))), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_ENDED, crowd_room(7))), REFUSAL_SAME);
    CU_ASSERT_TRUE(c.cohort.rooms[0].ended);
    CU_ASSERT_EQUAL(c.cohort.rooms[0].ended_at, 1005000);
    CU_ASSERT_FALSE(c.cohort.rooms[1].ended);
    crowd_free(&c);
}

static void test_idle_rooms(void) {
    crowd_open(&c, 0, 0);
    struct body idle = body_target(ACTION_COHORT_IDLE, crowd_room(7));
    CU_ASSERT_EQUAL(crowd_do(&c, idle), REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(7), "title")), REFUSAL_NONE);
    const struct cohort_room *room = &c.cohort.rooms[0];
    CU_ASSERT_TRUE(cohort_lists(room));
    CU_ASSERT_EQUAL(crowd_do(&c, idle), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, idle), REFUSAL_SAME);
    CU_ASSERT_FALSE(cohort_lists(room));
    c.now += 1000;
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(7), "another")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(7), "another")), REFUSAL_SAME);
    CU_ASSERT_TRUE(cohort_lists(room));
    CU_ASSERT_EQUAL(c.cohort.room_count, 1); /* the same room as before */
    CU_ASSERT_STRING_EQUAL(room->title, "title");
    CU_ASSERT_EQUAL(room->opened_at, 1000000);
    CU_ASSERT_EQUAL(crowd_do(&c, idle), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_ENDED, crowd_room(7))), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, idle), REFUSAL_SAME); /* what has ended stays so */
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(7), "title")), REFUSAL_SAME);
    CU_ASSERT_TRUE(room->ended);
    crowd_free(&c);
}

/* Once more in the fold, whatever decide would say: as a log of before may hold it. */
static void repeat(struct event event) {
    event.pos = c.cohort.pos + 1;
    CU_ASSERT_EQUAL(cohort_apply(&c.cohort, &event), APPLY_OK);
}

/* Who comes and goes without end does not fill the log. */
static void test_returns(void) {
    crowd_open(&c, 0, 0);
    struct body idle = body_target(ACTION_COHORT_IDLE, crowd_room(7));
    struct body back = listed(crowd_room(7), "title");
    CU_ASSERT_EQUAL(crowd_do(&c, back), REFUSAL_NONE);
    struct event event = c.events[c.count - 1];
    const struct cohort_room *room = &c.cohort.rooms[0];
    for (int i = 0; i < COHORT_RETURNS_MAX; i++) {
        CU_ASSERT_TRUE(cohort_may_return(room));
        CU_ASSERT_EQUAL(crowd_do(&c, idle), REFUSAL_NONE);
        CU_ASSERT_EQUAL(crowd_do(&c, back), REFUSAL_NONE);
    }
    CU_ASSERT_FALSE(cohort_may_return(room));
    CU_ASSERT_EQUAL(crowd_do(&c, idle), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, back), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(8), "title")), REFUSAL_NONE);
    repeat(event);
    CU_ASSERT_TRUE(cohort_lists(room));
    CU_ASSERT_EQUAL(room->returns, COHORT_RETURNS_MAX);
    crowd_free(&c);
}

/* What one student opens leaves the others theirs; a coach opens as many as there is place for. */
static void test_share_of_rooms(void) {
    const struct cohort *cohort = &c.cohort;
    crowd_open(&c, 0, 2);
    CU_ASSERT_EQUAL(crowd_enter(&c, 9, CROWD_COACHES, "Coach"), REFUSAL_NONE);
    for (uint32_t i = 0; i < COHORT_ROOMS_EACH_MAX; i++) {
        CU_ASSERT_TRUE(cohort_has_share(cohort, 0));
        CU_ASSERT_EQUAL(crowd_do(&c, hosted(crowd_room(i), 0)), REFUSAL_NONE);
        CU_ASSERT_EQUAL(crowd_do(&c, hosted(crowd_room(10000 + i), 2)), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_ENDED, crowd_room(0))), REFUSAL_NONE);
    CU_ASSERT_FALSE(cohort_has_share(cohort, 0));
    CU_ASSERT_TRUE(cohort_has_share(cohort, 1));
    CU_ASSERT_TRUE(cohort_has_share(cohort, 2));
    CU_ASSERT_TRUE(cohort_has_share(cohort, -1));
    /* What has been opened all the same is listed. */
    CU_ASSERT_EQUAL(crowd_do(&c, hosted(crowd_room(9999), 0)), REFUSAL_NONE);
    crowd_free(&c);
}

/* Of two servers that tell of a room the one that knows whose it is may be the later one. */
static void test_whose_room(void) {
    crowd_open(&c, 0, 2);
    CU_ASSERT_EQUAL(crowd_do(&c, hosted(crowd_room(7), 2)), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(crowd_do(&c, listed(crowd_room(7), "title")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(c.cohort.rooms[0].host, -1);
    CU_ASSERT_EQUAL(crowd_do(&c, hosted(crowd_room(7), 1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, hosted(crowd_room(7), 1)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(crowd_do(&c, hosted(crowd_room(7), 0)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(c.cohort.rooms[0].host, 1);
    CU_ASSERT_EQUAL(c.cohort.members[0].rooms, 0);
    CU_ASSERT_EQUAL(c.cohort.members[1].rooms, 1);
    CU_ASSERT_EQUAL(c.cohort.room_count, 1);
    crowd_free(&c);
}

/* Straight into the fold: the log of so many rooms is not needed. */
static void test_many_rooms(void) {
    struct cohort *cohort = &c.cohort;
    crowd_open(&c, 0, 0);
    for (uint32_t i = 0; i < COHORT_ROOMS_MAX; i++) {
        struct event event;
        struct command command = {.seat = SEAT_SERVER,
                                  .body = listed(crowd_room(i * 7919 % COHORT_ROOMS_MAX), "t")};
        CU_ASSERT_EQUAL_FATAL(cohort_decide(cohort, &command, c.now, &event), REFUSAL_NONE);
        CU_ASSERT_EQUAL_FATAL(cohort_apply(cohort, &event), APPLY_OK);
    }
    CU_ASSERT_EQUAL(crowd_do(&c, listed("abcdefghij12", "t")), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(cohort_room_of_id(cohort, span_of(crowd_room(7919))), 1);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_ENDED, crowd_room(0))), REFUSAL_NONE);
    /* What has ended takes no place: one more, and not two. */
    CU_ASSERT_EQUAL(crowd_do(&c, listed("abcdefghij12", "t")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(cohort_room_of_id(cohort, span_of("abcdefghij12")), COHORT_ROOMS_MAX);
    CU_ASSERT_EQUAL(crowd_do(&c, listed("abcdefghij13", "t")), REFUSAL_COHORT_FULL);
    crowd_free(&c);
}

static void test_a_full_log(void) {
    crowd_open(&c, 1, 2);
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_NONE);
    uint32_t pos = c.cohort.pos;
    c.cohort.pos = COHORT_EVENTS_MAX - 1;
    CU_ASSERT_EQUAL(crowd_enter(&c, 9, CROWD_STUDENTS, "Last"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 8, CROWD_STUDENTS, "Late"), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 0)), REFUSAL_NONE);
    c.cohort.pos = COHORT_EVENTS_LAST - 1;
    CU_ASSERT_EQUAL(crowd_do(&c, withdraw(0)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_do(&c, withdraw(1)), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(crowd_do(&c, body_target(ACTION_COHORT_IDLE, crowd_room(7))),
                    REFUSAL_COHORT_FULL);
    c.cohort.pos = pos;
    crowd_free(&c);
}

/* One member's share is its own: the others enter and wait, and it still goes. */
static void test_a_share(void) {
    crowd_open(&c, 1, 2);
    for (int i = 1; i < COHORT_ASKS_EACH_MAX; i++) { /* it has entered once */
        CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(crowd_wait(&c, 0, ROLE_NONE), REFUSAL_COHORT_FULL);
    const struct body again = {
        .act = ACTION_COHORT_ENTER,
        .has = F(link) | F(name) | F(key),
        .link = c.cohort.members[0].link,
        .name = span_of("Another"),
        .key = {(const char *)c.cohort.members[0].key, HASH_BYTES},
    };
    CU_ASSERT_EQUAL(crowd_do(&c, again), REFUSAL_COHORT_FULL);
    CU_ASSERT_EQUAL(crowd_do(&c, body_member(ACTION_PAIR_LEAVE, 0)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(crowd_enter(&c, 9, CROWD_STUDENTS, "New"), REFUSAL_NONE);
    /* A log of before may hold more. */
    struct event more;
    struct command wait = {.seat = SEAT_SERVER, .body = crowd_wants(&c, 1)};
    CU_ASSERT_EQUAL(cohort_decide(&c.cohort, &wait, c.now, &more), REFUSAL_NONE);
    c.cohort.members[1].asks = COHORT_ASKS_EACH_MAX;
    CU_ASSERT_EQUAL(cohort_apply(&c.cohort, &more), APPLY_OK);
    crowd_free(&c);
}

/* The state must stay as it was. */
static void reject(struct event event, enum apply_result expected) {
    uint8_t before[HASH_BYTES];
    uint8_t after[HASH_BYTES];
    CU_ASSERT_TRUE(cohort_digest(&c.cohort, before));
    CU_ASSERT_EQUAL(cohort_apply(&c.cohort, &event), expected);
    CU_ASSERT_TRUE(cohort_digest(&c.cohort, after));
    CU_ASSERT_EQUAL(memcmp(before, after, HASH_BYTES), 0);
}

static void test_what_no_log_may_hold(void) {
    crowd_open(&c, 1, 1);
    struct event good = {
        .pos = c.cohort.pos + 1, .at = c.now, .by = SEAT_SERVER, .body = withdraw(0)};
    struct event bad = good;
    bad.pos--;
    reject(bad, APPLY_STALE);
    bad.pos += 2;
    reject(bad, APPLY_GAP);
    bad = good;
    bad.by = 0;
    reject(bad, APPLY_INVALID);
    bad = good;
    bad.id = 1;
    reject(bad, APPLY_INVALID);
    bad = good;
    bad.at = c.cohort.at - 1;
    reject(bad, APPLY_INVALID);
    bad.at = TIME_MAX_MS + 1;
    reject(bad, APPLY_INVALID);
    bad = good;
    bad.body.has |= F(member);
    reject(bad, APPLY_INVALID);
    bad.body.has = 0;
    reject(bad, APPLY_INVALID);
    bad = good;
    bad.body.act = ACTION_CLOCK_START;
    reject(bad, APPLY_INVALID);
    bad.body.act = ACTION_COUNT;
    reject(bad, APPLY_INVALID);
    bad.body = plain_name(ACTION_COHORT_OPEN, "twice");
    reject(bad, APPLY_INVALID);
    /* What decide fills in must be what it would have filled in. */
    bad.body = crowd_wants(&c, 0);
    bad.body.has |= F(session);
    bad.body.has &= ~F(role);
    bad.body.session = 2;
    reject(bad, APPLY_INVALID);
    bad.body.session = 1;
    CU_ASSERT_EQUAL(cohort_apply(&c.cohort, &bad), APPLY_OK);
    CU_ASSERT_EQUAL(cohort_apply(&c.cohort, &bad), APPLY_STALE);
    crowd_free(&c);
}

/* Two replicas that differ in one thing have different digests. */
static void test_digest(void) {
    struct cohort other;
    crowd_open(&c, 1, 2);
    CU_ASSERT_TRUE(crowd_replay(&c, c.count, &other));
    CU_ASSERT_TRUE(crowd_same(&c.cohort, &other));
    CU_ASSERT_EQUAL(crowd_wait(&c, 1, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_FALSE(crowd_same(&c.cohort, &other));
    cohort_free(&other);
    CU_ASSERT_TRUE(crowd_replay(&c, c.count, &other));
    CU_ASSERT_TRUE(crowd_same(&c.cohort, &other));
    other.members[1].matched_for++;
    CU_ASSERT_FALSE(crowd_same(&c.cohort, &other));
    cohort_free(&other);
    crowd_free(&c);
}

static uint32_t budget(const uint8_t *bytes, int phase) {
    const uint8_t *at = bytes + (size_t)phase * 4;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void test_plans(void) {
    struct pack *pack = sample_pack(); /* plans: 5/3/15/12/10 and 5/3/18/12/7 minutes */
    uint8_t budgets[4 * PACK_PHASES_MAX];
    int64_t plan = -1;
    CU_ASSERT_EQUAL(lobby_plan(pack, 0, &plan, budgets), 0);
    CU_ASSERT_EQUAL(plan, 0);
    CU_ASSERT_EQUAL(lobby_plan(pack, 45, &plan, budgets), 0);
    CU_ASSERT_EQUAL(plan, 0);
    for (int64_t minutes = 1; minutes <= COHORT_MINUTES_MAX; minutes++) {
        uint32_t sum = 0;
        uint32_t bytes = lobby_plan(pack, minutes, &plan, budgets);
        if (minutes == 45) {
            continue;
        }
        CU_ASSERT_EQUAL(bytes, 4 * SAMPLE_PHASES);
        CU_ASSERT_EQUAL(plan, pack->plan_count);
        for (int i = 0; i < SAMPLE_PHASES; i++) {
            CU_ASSERT_EQUAL(budget(budgets, i) % 1000, 0);
            sum += budget(budgets, i);
        }
        CU_ASSERT_EQUAL(sum, minutes * 60000);
    }
    CU_ASSERT_EQUAL(lobby_plan(pack, 90, &plan, budgets), 4 * SAMPLE_PHASES);
    CU_ASSERT_EQUAL(budget(budgets, 2), 30 * 60000);
    pack_unref(pack);
}

static CU_TestInfo tests[] = {
    {"a cohort is opened once, first of all", test_opening},
    {"only the server writes it, and no room's action", test_who_speaks},
    {"every field one past its bounds", test_every_field},
    {"links", test_links},
    {"entering", test_entering},
    {"coaches", test_coaches},
    {"withdrawing spares who came in by another link", test_withdrawing_spares_the_others},
    {"as many members as there may be", test_many_members},
    {"packs", test_packs},
    {"packs that are none", test_bad_packs},
    {"rooms", test_rooms},
    {"rooms that everybody has left", test_idle_rooms},
    {"a room that comes back too often", test_returns},
    {"one student's share of rooms", test_share_of_rooms},
    {"whose a room is", test_whose_room},
    {"as many rooms as there may be", test_many_rooms},
    {"a full log", test_a_full_log},
    {"one member's share of it", test_a_share},
    {"what no log may hold", test_what_no_log_may_hold},
    {"the digest tells states apart", test_digest},
    {"plans for every length", test_plans},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"cohort", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
