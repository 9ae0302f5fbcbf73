/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the panel's body in several parts: the fold joins them, takes nothing else between them,
 * and every view has the same pack in the end, as has a copy and a snapshot made half-way.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static struct sample s;
static struct mp_writer bodies[2];

static struct span body_of(int index) {
    return (struct span){bodies[index].data, (uint32_t)bodies[index].len};
}

/* A room with its public body and nothing else. */
static void begin(void) {
    struct pack *pack = sample_pack();
    for (int i = 0; i < 2; i++) {
        mp_writer_init(&bodies[i]);
    }
    pack_write_public(&bodies[0], pack);
    pack_write_panel(&bodies[1], pack);
    pack_unref(pack);
    sample_new(&s);
    struct body body = {
        .act = ACTION_ROOM_OPEN, .has = F(pack) | F(mode) | F(plan), .pack = body_of(0)};
    CU_ASSERT_EQUAL_FATAL(sample_do(&s, SEAT_SERVER, body), REFUSAL_NONE);
}

static void end(void) {
    sample_free(&s);
    for (int i = 0; i < 2; i++) {
        mp_writer_free(&bodies[i]);
    }
}

/* The bytes from..to of the panel's body, `left` more of which follow. */
static struct body part(uint32_t from, uint32_t to, int64_t left) {
    return (struct body){.act = ACTION_ROOM_BRIEF,
                         .has = F(pack) | (left > 0 ? F(left) : 0),
                         .pack = {bodies[1].data + from, to - from},
                         .left = left};
}

static enum refusal give(uint32_t from, uint32_t to, int64_t left) {
    return sample_do(&s, SEAT_SERVER, part(from, to, left));
}

static void seat_people(void) {
    static const enum role roles[] = {ROLE_INTERVIEWER, ROLE_CANDIDATE};
    for (uint8_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL_FATAL(sample_invite(&s, roles[i], i + 1), REFUSAL_NONE);
        CU_ASSERT_EQUAL_FATAL(sample_join(&s, i + 1, i + 1, "Somebody"), REFUSAL_NONE);
    }
}

/* A copy of what is there goes on as the room does. */
static void check_half_way(void) {
    struct room copy;
    CU_ASSERT_TRUE_FATAL(room_copy(&copy, &s.room));
    CU_ASSERT_TRUE(sample_same(&copy, &s.room));
    CU_ASSERT_EQUAL(copy.brief_left, s.room.brief_left);
    CU_ASSERT_EQUAL(copy.brief_len, s.room.brief_len);
    CU_ASSERT_FALSE(s.room.pack->has_panel);
    room_free(&copy);
}

static void check_pack(const struct room *room) {
    struct mp_writer w;
    mp_writer_init(&w);
    CU_ASSERT_TRUE_FATAL(room->pack->has_panel);
    CU_ASSERT_EQUAL(room->brief_left, 0);
    CU_ASSERT_EQUAL(room->brief_len, 0);
    pack_write_panel(&w, room->pack);
    CU_ASSERT_EQUAL_FATAL(w.len, bodies[1].len);
    CU_ASSERT_EQUAL(memcmp(w.data, bodies[1].data, w.len), 0);
    mp_writer_free(&w);
}

static void test_three_parts(void) {
    begin();
    uint32_t len = (uint32_t)bodies[1].len;
    CU_ASSERT_EQUAL(give(0, 10, 2), REFUSAL_NONE);
    check_half_way();
    CU_ASSERT_EQUAL(give(10, 11, 1), REFUSAL_NONE);
    check_half_way();
    CU_ASSERT_EQUAL(give(11, len, 0), REFUSAL_NONE);
    check_pack(&s.room);
    CU_ASSERT_EQUAL(give(0, len, 0), REFUSAL_SAME);
    CU_ASSERT_EQUAL(give(0, 10, 2), REFUSAL_SAME);
    struct room again;
    CU_ASSERT_TRUE(sample_replay(&s, s.count, &again));
    CU_ASSERT_TRUE(sample_same(&again, &s.room));
    room_free(&again);
    end();
}

/* What comes between two parts is refused by decide, and by the fold where it is in a log. */
static void test_nothing_between(void) {
    begin();
    uint32_t len = (uint32_t)bodies[1].len;
    CU_ASSERT_EQUAL(give(0, 10, 2), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, 1), REFUSAL_WRONG_STAGE);
    char hash[HASH_BYTES] = {0};
    struct event event = {.pos = s.room.pos + 1,
                          .at = s.now,
                          .made = s.now,
                          .by = SEAT_SERVER,
                          .body = {.act = ACTION_SEAT_INVITE,
                                   .has = F(role) | F(invite),
                                   .role = ROLE_COACH,
                                   .invite = {hash, HASH_BYTES}}};
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_INVALID);
    event.body = part(10, len, 0);
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_INVALID);
    CU_ASSERT_EQUAL(give(10, len, 0), REFUSAL_BAD_PACK); /* one is left out */
    CU_ASSERT_EQUAL(give(10, 20, 2), REFUSAL_BAD_PACK);  /* one too many */
    CU_ASSERT_EQUAL(give(10, 20, 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(give(20, len - 1, 0), REFUSAL_BAD_PACK); /* it is none when it is whole */
    CU_ASSERT_EQUAL(give(20, len, 0), REFUSAL_NONE);
    check_pack(&s.room);
    CU_ASSERT_EQUAL(sample_invite(&s, ROLE_COACH, 1), REFUSAL_NONE);
    end();
}

/* At the bound of all parts together, and one byte past it. */
static void test_too_long(void) {
    static char full[PACK_BODY_MAX];
    begin();
    struct body body = part(0, 1, PACK_PARTS_MAX - 1);
    body.pack = (struct span){full, PACK_BODY_MAX};
    for (int64_t left = PACK_PARTS_MAX - 1; left > 0; left--) {
        body.left = left;
        CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(s.room.brief_len, PACK_PANEL_MAX - PACK_BODY_MAX);
    body.has = F(pack);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body), REFUSAL_BAD_PACK); /* full, but no pack */
    end();
    begin();
    body = part(0, 1, PACK_PARTS_MAX);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body), REFUSAL_BAD_FIELD);
    end();
}

/* The candidate has nothing of it before the debrief, and all of it then. */
static void test_views(void) {
    static const enum action moves[] = {ACTION_CLOCK_START, ACTION_CLOCK_FINISH,
                                        ACTION_DEBRIEF_OPEN};
    struct room seen;
    begin();
    uint32_t len = (uint32_t)bodies[1].len;
    for (int64_t left = 3; left >= 0; left--) {
        uint32_t from = (uint32_t)(3 - left) * 5;
        CU_ASSERT_EQUAL_FATAL(give(from, left == 0 ? len : from + 5, left), REFUSAL_NONE);
    }
    seat_people();
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        CU_ASSERT_TRUE(sample_view(&s, 0, s.count, &seen));
        check_pack(&seen);
        room_free(&seen);
        CU_ASSERT_TRUE(sample_view(&s, 1, s.count, &seen));
        CU_ASSERT_FALSE(seen.pack->has_panel);
        CU_ASSERT_EQUAL(seen.brief_len, 0);
        room_free(&seen);
        CU_ASSERT_EQUAL_FATAL(sample_do(&s, 0, body_plain(moves[i])), REFUSAL_NONE);
    }
    CU_ASSERT_TRUE(sample_view(&s, 1, s.count, &seen));
    check_pack(&seen);
    room_free(&seen);
    end();
}

int main(void) {
    static CU_TestInfo tests[] = {{"three parts make a body", test_three_parts},
                                  {"nothing else between them", test_nothing_between},
                                  {"all together at their bound", test_too_long},
                                  {"what each seat has of them", test_views},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"brief", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
