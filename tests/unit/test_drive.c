/* SPDX-License-Identifier: ISC */
/*
 * Purpose: which of several interviewers drives the clock: nobody is forbidden anything before the
 * clock is handed over, the others' clock commands are refused afterwards, anybody takes it back,
 * and who has gone away holds nobody up.
 */
#include <string.h>

#include "protocol/room/room.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static enum refusal drive(uint8_t by, int64_t seat) {
    return sample_do(&s, by,
                     (struct body){.act = ACTION_CLOCK_DRIVE, .has = F(seat), .seat = seat});
}

static void test_before(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(s.room.driver, -1);
    CU_ASSERT_EQUAL(room_driver(&s.room), SAMPLE_HOST);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_SECOND, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_driver(&s.room), SAMPLE_SECOND); /* who moved it last */
    CU_ASSERT_FALSE(room_clock_is_anothers(&s.room, SAMPLE_HOST));
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_PAUSE)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_driver(&s.room), SAMPLE_HOST);
    sample_free(&s);
}

static void test_handed_over(void) {
    char text[DRIVE_TEXT_MAX];
    const struct body moves[] = {body_plain(ACTION_CLOCK_PAUSE), body_phase(ACTION_CLOCK_JUMP, 2),
                                 body_add(0, 60000), body_plain(ACTION_CLOCK_FINISH)};
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(drive(SAMPLE_CANDIDATE, SAMPLE_HOST), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(drive(SAMPLE_COACH, SAMPLE_HOST), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(drive(SAMPLE_HOST, SAMPLE_CANDIDATE), REFUSAL_NO_SUCH_SEAT);
    CU_ASSERT_EQUAL(drive(SAMPLE_HOST, SAMPLE_SEATS), REFUSAL_NO_SUCH_SEAT);
    CU_ASSERT_EQUAL(drive(SAMPLE_HOST, SAMPLE_SECOND), REFUSAL_NONE);
    CU_ASSERT_EQUAL(drive(SAMPLE_HOST, SAMPLE_SECOND), REFUSAL_SAME);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plan(1)), REFUSAL_NOT_DRIVING);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)),
                    REFUSAL_NOT_DRIVING);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_SECOND, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, moves[i]), REFUSAL_NOT_DRIVING);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(drive_text(&s.room, text), s.room.seats[SAMPLE_SECOND].name));
    /* Both stay interviewers; whoever wants it takes it. */
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_fact("fact-1")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(drive(SAMPLE_HOST, SAMPLE_HOST), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, moves[0]), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_SECOND, body_plain(ACTION_CLOCK_RESUME)),
                    REFUSAL_NOT_DRIVING);
    sample_free(&s);
}

static void test_gone(void) {
    char text[DRIVE_TEXT_MAX];
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(drive(SAMPLE_HOST, SAMPLE_SECOND), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_SECOND, 1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    CU_ASSERT_PTR_NULL(drive_text(&s.room, text));
    CU_ASSERT_EQUAL(room_driver(&s.room), SAMPLE_HOST);
    /* Back again, it is theirs; put out, it is nobody's. */
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_SECOND + 1, 0, "Second"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_PAUSE)),
                    REFUSAL_NOT_DRIVING);
    CU_ASSERT_EQUAL(
        sample_do(&s, SAMPLE_HOST,
                  (struct body){.act = ACTION_SEAT_OUT, .has = F(seat), .seat = SAMPLE_SECOND}),
        REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.driver, -1);
    CU_ASSERT_EQUAL(room_driver(&s.room), -1); /* one interviewer is left */
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_PAUSE)), REFUSAL_NONE);
    sample_free(&s);
}

static enum refusal late(uint8_t by, int64_t seat, int64_t seen, char text[STALE_TEXT_MAX]) {
    const struct body body = {
        .act = ACTION_CLOCK_DRIVE, .has = F(seat) | F(seen), .seat = seat, .seen = seen};
    const struct command command = {.seat = by, .body = body};
    if (room_stale_text(&s.room, &command, text, STALE_TEXT_MAX) == NULL) {
        *text = '\0';
    }
    return sample_do(&s, by, body);
}

/* The clock is not taken from somebody whom its author never saw drive. */
static void test_meant_for_another(void) {
    char text[STALE_TEXT_MAX];
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(drive(SAMPLE_HOST, SAMPLE_HOST), REFUSAL_NONE);
    CU_ASSERT_EQUAL(late(SAMPLE_SECOND, SAMPLE_SECOND, 0, text), REFUSAL_STALE);
    CU_ASSERT_STRING_EQUAL(text, "Host took the clock first; do it again if you still mean it.");
    CU_ASSERT_EQUAL(late(SAMPLE_SECOND, SAMPLE_SECOND, 1, text), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(text, "");
    CU_ASSERT_EQUAL(late(SAMPLE_HOST, SAMPLE_SECOND, 1, text), REFUSAL_SAME); /* as it was meant */
    CU_ASSERT_EQUAL(drive(SAMPLE_SECOND, SAMPLE_HOST), REFUSAL_NONE);
    CU_ASSERT_EQUAL(late(SAMPLE_SECOND, SAMPLE_SECOND, 0, text), REFUSAL_NONE); /* their own */
    CU_ASSERT_EQUAL(drive(SAMPLE_SECOND, SAMPLE_HOST), REFUSAL_NONE);
    const struct command take = {
        .seat = SAMPLE_COACH,
        .body = {.act = ACTION_CLOCK_DRIVE, .has = F(seat) | F(seen), .seat = SAMPLE_COACH}};
    CU_ASSERT_STRING_EQUAL(
        room_stale_text(&s.room, &take, text, sizeof text),
        "Second gave the clock to Host first; do it again if you still mean it.");
    /* Nor is it given to somebody new in the seat. */
    CU_ASSERT_EQUAL(
        sample_do(&s, SAMPLE_HOST,
                  (struct body){.act = ACTION_SEAT_OUT, .has = F(seat), .seat = SAMPLE_SECOND}),
        REFUSAL_NONE);
    CU_ASSERT_EQUAL(late(SAMPLE_HOST, SAMPLE_SECOND, 5, text), REFUSAL_NO_SUCH_SEAT);
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {{"before the clock is handed over all move it", test_before},
                                  {"afterwards one does, and any takes it", test_handed_over},
                                  {"who has gone holds nobody up", test_gone},
                                  {"it is taken from whom its author saw", test_meant_for_another},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"drive", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
