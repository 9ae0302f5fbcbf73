/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the share that each seat has of a room's record: at the bound and one past it, with
 * somebody honest beside it who does not notice.
 */
#include <stdio.h>
#include <string.h>

#include "protocol/room/room.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static enum refusal host(struct body body) {
    return sample_do(&s, SAMPLE_HOST, body);
}

static void run_interview(uint32_t mode) {
    sample_open(&s, mode);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

static enum refusal raise_item(uint8_t seat, const char *item) {
    return sample_do(&s, seat, body_mark(ACTION_MARK_SET, item, MARK_RAISED));
}

/* Writes lines up to their bound; the next one is refused. */
static void fill_lines(uint8_t seat, enum action act, enum action other, uint32_t share) {
    for (uint32_t i = 0; i < share; i++) {
        CU_ASSERT_EQUAL(sample_do(&s, seat, body_text(i % 2 ? act : other, "x")), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(sample_do(&s, seat, body_text(act, "x")), REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(sample_do(&s, seat, body_text(other, "x")), REFUSAL_SEAT_LIMIT);
}

/* Each seat has its own share of each circle of readers. */
static void test_bound_of_lines(void) {
    sample_open(&s, 0);
    fill_lines(SAMPLE_HOST, ACTION_NOTE_MINE, ACTION_NOTE_MINE, ROOM_SEAT_NOTED_MAX);
    fill_lines(SAMPLE_COACH, ACTION_NOTE_PANEL, ACTION_TALK_WHISPER, ROOM_SEAT_TOLD_MAX);
    fill_lines(SAMPLE_CANDIDATE, ACTION_TALK_SAY, ACTION_NOTE_ALL, ROOM_SEAT_SAID_MAX);
    fill_lines(SAMPLE_CANDIDATE, ACTION_NOTE_MINE, ACTION_NOTE_MINE, ROOM_SEAT_NOTED_MAX);
    CU_ASSERT_EQUAL(s.room.line_count,
                    2 * ROOM_SEAT_NOTED_MAX + ROOM_SEAT_TOLD_MAX + ROOM_SEAT_SAID_MAX);
    CU_ASSERT_EQUAL(host(body_text(ACTION_TALK_SAY, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_text(ACTION_NOTE_PANEL, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, body_text(ACTION_NOTE_MINE, "x")), REFUSAL_NONE);
    sample_free(&s);
}

static enum refusal wave(uint8_t seat) {
    bool on = !s.room.seats[seat].hand;
    return sample_do(&s, seat, (struct body){.act = ACTION_HAND_SET, .has = F(on), .on = on});
}

/* A candidate who spends all that a seat may leaves the others theirs, the clock and the way out.
 */
static void test_bound_of_events_for_all(void) {
    run_interview(0);
    uint32_t done = s.room.seats[SAMPLE_CANDIDATE].all_count;
    for (; done < ROOM_SEAT_ALL_MAX; done++) {
        CU_ASSERT_EQUAL(wave(SAMPLE_CANDIDATE), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(wave(SAMPLE_CANDIDATE), REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_text(ACTION_TALK_SAY, "x")),
                    REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_text(ACTION_NOTE_MINE, "x")),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_text(ACTION_TALK_SAY, "x")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(raise_item(SAMPLE_HOST, "item-0"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(wave(SAMPLE_HOST), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_ROOM_CLOSE)), REFUSAL_NONE);
    sample_free(&s);
}

/* The interviewer's own clock, reveals and end do not rest on what the interviewer wrote. */
static void test_reserve_of_the_clock(void) {
    run_interview(0);
    s.room.seats[SAMPLE_HOST].all_count = ROOM_SEAT_ALL_MAX;
    CU_ASSERT_EQUAL(wave(SAMPLE_HOST), REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_CLOCK_PAUSE)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_CLOCK_RESUME)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    sample_free(&s);
}

static void test_bound_of_events_for_some(void) {
    run_interview(0);
    s.room.seats[SAMPLE_HOST].panel_count = ROOM_SEAT_PANEL_MAX - 1;
    CU_ASSERT_EQUAL(raise_item(SAMPLE_HOST, "item-0"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(raise_item(SAMPLE_HOST, "item-1"), REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(host(body_text(ACTION_TALK_WHISPER, "x")), REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, body_text(ACTION_TALK_WHISPER, "x")), REFUSAL_NONE);
    s.room.seats[SAMPLE_CANDIDATE].own_count[MOMENT_NEVER] =
        ROOM_SEAT_OWN_MAX - 1 - s.room.seats[SAMPLE_CANDIDATE].own_count[MOMENT_DEBRIEF];
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-0", 2)),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-0", 1)),
                    REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(host(body_text(ACTION_NOTE_MINE, "x")), REFUSAL_NONE);
    sample_free(&s);
}

/* Somebody who comes and goes all the time uses up the own way in and nobody else's. */
static void test_bound_of_joins(void) {
    run_interview(0);
    struct room_seat *seat = &s.room.seats[SAMPLE_CANDIDATE];
    while (seat->session < ROOM_SEAT_JOINS_MAX) {
        s.now += ROOM_JOIN_EVERY_MS;
        CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_CANDIDATE, seat->session)),
                        REFUSAL_NONE);
        CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_CANDIDATE + 1, 0, "Bob"), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(SAMPLE_CANDIDATE, seat->session)),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_CANDIDATE + 1, 0, "Bob"), REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_HOST + 1, 0, "Ada"), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_join(&s, 200, 200, "A stranger"), REFUSAL_NO_SUCH_ROOM);
    sample_free(&s);
}

/* A line that breaks all the time is let in again as often as is honest, then every 15 s. */
static void test_joins_are_slowed(void) {
    run_interview(0);
    struct room_seat *seat = &s.room.seats[SAMPLE_CANDIDATE];
    s.now += ROOM_JOIN_BURST * (int64_t)ROOM_JOIN_EVERY_MS;
    for (int i = 0; i < ROOM_JOIN_BURST; i++) {
        CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_CANDIDATE + 1, 0, "Bob"), REFUSAL_NONE);
    }
    uint32_t session = seat->session;
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_CANDIDATE + 1, 0, "Bob"), REFUSAL_TOO_FAST);
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_HOST + 1, 0, "Ada"), REFUSAL_NONE);
    s.now += ROOM_JOIN_EVERY_MS - 1;
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_CANDIDATE + 1, 0, "Bob"), REFUSAL_TOO_FAST);
    CU_ASSERT_EQUAL(seat->session, session);
    s.now++;
    CU_ASSERT_EQUAL(sample_join(&s, SAMPLE_CANDIDATE + 1, 0, "Bob"), REFUSAL_NONE);
    sample_free(&s);
}

/* A room that an older server kept may stand at the bound of all events. */
static void test_bound_of_a_room(void) {
    run_interview(0);
    s.room.pos = ROOM_EVENTS_LAST;
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_gone(2, 1)), REFUSAL_ROOM_LIMIT);
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {{"bound of lines", test_bound_of_lines},
                                  {"bound of events for everybody", test_bound_of_events_for_all},
                                  {"reserve of the clock", test_reserve_of_the_clock},
                                  {"bounds of events for some", test_bound_of_events_for_some},
                                  {"bound of joins", test_bound_of_joins},
                                  {"joins are slowed", test_joins_are_slowed},
                                  {"bound of a room", test_bound_of_a_room},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"share", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
