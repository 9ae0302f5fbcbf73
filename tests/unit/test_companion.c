/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the fold of a seat's companions: a link is good once, for a short time and for one kind;
 * how many a seat may have; and that they end with the seat, at the bound and one past it.
 */
#include <string.h>

#include "protocol/room/digest.h"
#include "protocol/room/room.h"
#include "tests/support/companion_play.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

enum { PHONE = 90, OTHER_PHONE };

static const char *bytes_of(uint8_t value, char out[HASH_BYTES]) {
    memset(out, value, HASH_BYTES);
    return out;
}

static int seat_of(enum companion kind, uint8_t key) {
    char hash[HASH_BYTES];
    return room_companion_seat(&s.room, kind, (const uint8_t *)bytes_of(key, hash));
}

static void test_link(void) {
    sample_open_rules(&s, 0, ROOM_RULES);
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_SEATS, COMPANION_SCREEN, 201), REFUSAL_NO_SUCH_SEAT);
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_CANDIDATE, COMPANION_COUNT, 201), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_CANDIDATE, COMPANION_SCREEN, 201), REFUSAL_NONE);
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_CANDIDATE, COMPANION_SCREEN, 201), REFUSAL_SAME);
    CU_ASSERT_EQUAL(seat_of(COMPANION_SCREEN, PHONE), -1);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 202, PHONE), REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_VOICE, 201, PHONE), REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 201, PHONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seat_of(COMPANION_SCREEN, PHONE), SAMPLE_CANDIDATE);
    CU_ASSERT_EQUAL(seat_of(COMPANION_VOICE, PHONE), -1);
    CU_ASSERT_EQUAL(room_companions(&s.room, SAMPLE_CANDIDATE, COMPANION_SCREEN), 1);
    CU_ASSERT_EQUAL(room_companions(&s.room, SAMPLE_HOST, COMPANION_SCREEN), 0);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 201, OTHER_PHONE), REFUSAL_COMPANION_OVER);
    /* Nobody's command, and not in anybody's view. */
    struct body body = {
        .act = ACTION_COMPANION_END, .has = F(seat) | F(style), .seat = 1, .style = 1};
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body), REFUSAL_NOT_ALLOWED);
    struct room view;
    CU_ASSERT_TRUE_FATAL(sample_view(&s, SAMPLE_CANDIDATE, s.count, &view));
    CU_ASSERT_EQUAL(view.companion_count, 0);
    room_free(&view);
    sample_free(&s);
}

static void test_time(void) {
    sample_open_rules(&s, 0, ROOM_RULES);
    (void)companion_link(&s, SAMPLE_HOST, COMPANION_SCREEN, 201);
    int64_t made = s.now;
    s.now = made + COMPANION_LINK_MS + 1;
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 201, PHONE), REFUSAL_COMPANION_OVER);
    s.now = made + COMPANION_LINK_MS;
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 201, PHONE), REFUSAL_NONE);
    /* The newest link is the only open one; what was taken stays. */
    (void)companion_link(&s, SAMPLE_HOST, COMPANION_SCREEN, 202);
    (void)companion_link(&s, SAMPLE_HOST, COMPANION_SCREEN, 203);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 202, OTHER_PHONE), REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 203, OTHER_PHONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_companions(&s.room, SAMPLE_HOST, COMPANION_SCREEN), 2);
    sample_free(&s);
}

static void test_bounds(void) {
    sample_open_rules(&s, 0, ROOM_RULES);
    for (int i = 0; i < ROOM_SEAT_COMPANIONS_MAX; i++) {
        CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_HOST, COMPANION_SCREEN, (uint8_t)(100 + i)),
                        REFUSAL_NONE);
        CU_ASSERT_EQUAL(
            companion_take(&s, COMPANION_SCREEN, (uint8_t)(100 + i), (uint8_t)(PHONE + i)),
            REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_HOST, COMPANION_SCREEN, 110),
                    REFUSAL_COMPANIONS_FULL);
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_HOST, COMPANION_VOICE, 110), REFUSAL_COMPANIONS_FULL);
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_COACH, COMPANION_SCREEN, 111),
                    REFUSAL_NONE); /* its own */
    CU_ASSERT_EQUAL(companion_end(&s, SAMPLE_HOST, COMPANION_SCREEN), REFUSAL_NONE);
    CU_ASSERT_EQUAL(companion_end(&s, SAMPLE_HOST, COMPANION_SCREEN), REFUSAL_SAME);
    for (int i = ROOM_SEAT_COMPANIONS_MAX; i < ROOM_SEAT_COMPANION_LINKS_MAX; i++) {
        CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_HOST, COMPANION_VOICE, (uint8_t)(120 + i % 2)),
                        REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_HOST, COMPANION_VOICE, 130), REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_CANDIDATE, COMPANION_VOICE, 130), REFUSAL_NONE);
    sample_free(&s);
}

static void test_ends(void) {
    char hash[HASH_BYTES];
    sample_open_rules(&s, 0, ROOM_RULES);
    (void)companion_link(&s, SAMPLE_CANDIDATE, COMPANION_SCREEN, 201);
    (void)companion_take(&s, COMPANION_SCREEN, 201, PHONE);
    (void)companion_link(&s, SAMPLE_CANDIDATE, COMPANION_VOICE, 202);
    (void)companion_link(&s, SAMPLE_COACH, COMPANION_SCREEN, 203);
    (void)companion_take(&s, COMPANION_SCREEN, 203, OTHER_PHONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST,
                              (struct body){.act = ACTION_SEAT_MOVE,
                                            .has = F(seat) | F(invite),
                                            .seat = SAMPLE_CANDIDATE,
                                            .invite = {bytes_of(77, hash), HASH_BYTES}}),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(seat_of(COMPANION_SCREEN, PHONE), -1);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_VOICE, 202, PHONE), REFUSAL_NO_SUCH_ROOM);
    CU_ASSERT_EQUAL(companion_link(&s, SAMPLE_CANDIDATE, COMPANION_VOICE, 204),
                    REFUSAL_NO_SUCH_SEAT);
    CU_ASSERT_EQUAL(seat_of(COMPANION_SCREEN, OTHER_PHONE), SAMPLE_COACH);
    CU_ASSERT_EQUAL(
        sample_do(&s, SAMPLE_HOST,
                  (struct body){.act = ACTION_SEAT_OUT, .has = F(seat), .seat = SAMPLE_COACH}),
        REFUSAL_NONE);
    CU_ASSERT_EQUAL(seat_of(COMPANION_SCREEN, OTHER_PHONE), -1);
    CU_ASSERT_EQUAL(s.room.companion_count, 0);
    sample_free(&s);
}

/* One key, one seat: whoever scans the code of another seat leaves the first. */
static void test_one_seat(void) {
    sample_open_rules(&s, 0, ROOM_RULES);
    (void)companion_link(&s, SAMPLE_CANDIDATE, COMPANION_SCREEN, 201);
    (void)companion_take(&s, COMPANION_SCREEN, 201, PHONE);
    (void)companion_link(&s, SAMPLE_COACH, COMPANION_SCREEN, 202);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 202, PHONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seat_of(COMPANION_SCREEN, PHONE), SAMPLE_COACH);
    CU_ASSERT_EQUAL(room_companions(&s.room, SAMPLE_CANDIDATE, COMPANION_SCREEN), 0);
    /* The seat's own key reads, too, without any link; it has no voice by that. */
    CU_ASSERT_TRUE(room_companion_seat(&s.room, COMPANION_SCREEN, s.room.seats[0].key) == 0);
    CU_ASSERT_EQUAL(room_companion_seat(&s.room, COMPANION_VOICE, s.room.seats[0].key), -1);
    struct room again;
    CU_ASSERT_TRUE_FATAL(sample_replay(&s, s.count, &again));
    CU_ASSERT_TRUE(sample_same(&s.room, &again));
    (void)companion_end(&s, SAMPLE_COACH, COMPANION_SCREEN);
    CU_ASSERT_FALSE(sample_same(&s.room, &again));
    room_free(&again);
    sample_free(&s);
}

/* Who was put out reads on at nobody else's seat: not by what they had taken, by no link from
 * before and by none from after; with a seat again they may. */
static void test_put_out(void) {
    char hash[HASH_BYTES];
    sample_open_rules(&s, 0, ROOM_RULES);
    const uint8_t key = s.room.seats[SAMPLE_CANDIDATE].key[0];
    (void)companion_link(&s, SAMPLE_COACH, COMPANION_VOICE, 201);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_VOICE, 201, key), REFUSAL_NONE);
    (void)companion_link(&s, SAMPLE_COACH, COMPANION_SCREEN, 202);
    CU_ASSERT_EQUAL(
        sample_do(&s, SAMPLE_HOST,
                  (struct body){.act = ACTION_SEAT_OUT, .has = F(seat), .seat = SAMPLE_CANDIDATE}),
        REFUSAL_NONE);
    CU_ASSERT_EQUAL(seat_of(COMPANION_VOICE, key), -1);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 202, key), REFUSAL_PUT_OUT);
    (void)companion_link(&s, SAMPLE_COACH, COMPANION_SCREEN, 203);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 203, key), REFUSAL_PUT_OUT);
    CU_ASSERT_EQUAL(companion_take(&s, COMPANION_SCREEN, 203, OTHER_PHONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST,
                              (struct body){.act = ACTION_SEAT_MOVE,
                                            .has = F(seat) | F(invite),
                                            .seat = SAMPLE_CANDIDATE,
                                            .invite = {bytes_of(77, hash), HASH_BYTES}}),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, key, 77, "Ben"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seat_of(COMPANION_VOICE, key), SAMPLE_COACH);
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {{"a link is good once, for its kind", test_link},
                                  {"and for a short time", test_time},
                                  {"how many a seat may have", test_bounds},
                                  {"they end with the seat", test_ends},
                                  {"one key is one companion", test_one_seat},
                                  {"and of nobody where it was put out", test_put_out},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"companion", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
