/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the phase clock's arithmetic: pauses are left out, jumps back and forth add up, budgets
 * move within their bounds, and what a person reads is formatted as promised.
 */
#include <string.h>

#include "protocol/room/clock.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

#define MINUTE INT64_C(60000)

static struct sample s;

static void begin_rules(uint32_t rules) {
    sample_open_rules(&s, 0, rules);
    s.now = 100 * MINUTE;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

static void begin(void) {
    begin_rules(1);
}

static void after(int64_t ms, struct body body) {
    s.now += ms;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body), REFUSAL_NONE);
}

static void test_before_the_start(void) {
    sample_open(&s, 0);
    struct clock_reading reading = clock_read(&s.room, 50 * MINUTE);
    CU_ASSERT_FALSE(reading.running);
    CU_ASSERT_EQUAL(reading.whole_elapsed, 0);
    CU_ASSERT_EQUAL(reading.whole_budget, 45 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_left, 5 * MINUTE);
    sample_free(&s);
}

static void test_left_and_over(void) {
    begin();
    struct clock_reading reading = clock_read(&s.room, s.now + 2 * MINUTE);
    CU_ASSERT_TRUE(reading.running);
    CU_ASSERT_EQUAL(reading.phase_left, 3 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_over, 0);
    reading = clock_read(&s.room, s.now + 5 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_left, 0);
    CU_ASSERT_EQUAL(reading.phase_over, 0);
    reading = clock_read(&s.room, s.now + 6 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_left, -MINUTE);
    CU_ASSERT_EQUAL(reading.phase_over, MINUTE);
    /* A reader whose clock lags sees no negative time. */
    CU_ASSERT_EQUAL(clock_read(&s.room, s.now - MINUTE).phase_elapsed, 0);
    sample_free(&s);
}

static void test_pause_leaves_time_out(void) {
    begin();
    after(2 * MINUTE, body_plain(ACTION_CLOCK_PAUSE));
    CU_ASSERT_EQUAL(clock_read(&s.room, s.now + 9 * MINUTE).phase_elapsed, 2 * MINUTE);
    CU_ASSERT_FALSE(clock_read(&s.room, s.now).running);
    after(7 * MINUTE, body_plain(ACTION_CLOCK_RESUME));
    CU_ASSERT_EQUAL(clock_read(&s.room, s.now + MINUTE).phase_elapsed, 3 * MINUTE);
    CU_ASSERT_EQUAL(clock_read(&s.room, s.now + MINUTE).whole_elapsed, 3 * MINUTE);
    sample_free(&s);
}

static void test_jump_while_paused(void) {
    begin();
    after(2 * MINUTE, body_plain(ACTION_CLOCK_PAUSE));
    after(1 * MINUTE, body_phase(ACTION_CLOCK_JUMP, 2));
    CU_ASSERT_EQUAL(s.room.stage, STAGE_PAUSED);
    CU_ASSERT_EQUAL(clock_read(&s.room, s.now + MINUTE).phase_elapsed, 0);
    after(1 * MINUTE, body_plain(ACTION_CLOCK_RESUME));
    CU_ASSERT_EQUAL(clock_spent(&s.room, 2, s.now + MINUTE), MINUTE);
    CU_ASSERT_EQUAL(clock_spent(&s.room, 0, s.now + MINUTE), 2 * MINUTE);
    sample_free(&s);
}

static void test_jumps_add_up(void) {
    begin();
    after(4 * MINUTE, body_phase(ACTION_CLOCK_JUMP, 2));
    after(3 * MINUTE, body_phase(ACTION_CLOCK_JUMP, 0));
    after(2 * MINUTE, body_phase(ACTION_CLOCK_JUMP, 2));
    after(1 * MINUTE, body_plain(ACTION_CLOCK_FINISH));
    CU_ASSERT_EQUAL(clock_spent(&s.room, 0, s.now + 9), 6 * MINUTE);
    CU_ASSERT_EQUAL(clock_spent(&s.room, 2, s.now + 9), 4 * MINUTE);
    CU_ASSERT_EQUAL(clock_read(&s.room, s.now + 9).whole_elapsed, 10 * MINUTE);
    CU_ASSERT_EQUAL(s.room.clock.reached[2], 4 * MINUTE);
    CU_ASSERT_EQUAL(s.room.clock.reached[0], 0);
    CU_ASSERT_EQUAL(s.room.clock.reached[1], -1);
    sample_free(&s);
}

static void test_finish_while_paused(void) {
    begin();
    after(MINUTE, body_plain(ACTION_CLOCK_PAUSE));
    after(5 * MINUTE, body_plain(ACTION_CLOCK_FINISH));
    CU_ASSERT_EQUAL(s.room.stage, STAGE_FINISHED);
    CU_ASSERT_EQUAL(clock_read(&s.room, s.now + 5).whole_elapsed, MINUTE);
    sample_free(&s);
}

static enum refusal add(int64_t phase, int64_t ms) {
    return sample_do(&s, SAMPLE_HOST, body_add(phase, ms));
}

static void test_budget_bounds(void) {
    begin();
    CU_ASSERT_EQUAL(add(0, -5 * MINUTE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(clock_budget(&s.room, 0), 0);
    CU_ASSERT_EQUAL(add(0, -1), REFUSAL_OUT_OF_BOUNDS);
    CU_ASSERT_EQUAL(add(0, 0), REFUSAL_SAME);
    CU_ASSERT_EQUAL(add(SAMPLE_PHASES, 1), REFUSAL_NO_SUCH_PHASE);
    CU_ASSERT_EQUAL(add(0, CLOCK_ADD_MAX_MS + 1), REFUSAL_BAD_FIELD);
    for (int i = 0; i < PHASE_BUDGET_MAX_MS / CLOCK_ADD_MAX_MS; i++) {
        CU_ASSERT_EQUAL(add(0, CLOCK_ADD_MAX_MS), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(clock_budget(&s.room, 0), PHASE_BUDGET_MAX_MS);
    CU_ASSERT_EQUAL(add(0, 1), REFUSAL_OUT_OF_BOUNDS);
    sample_free(&s);
}

static enum refusal plan_own(const uint8_t *bytes, uint32_t len) {
    struct body body = {.act = ACTION_CLOCK_PLAN,
                        .has = F(plan) | F(budgets),
                        .plan = s.room.pack->plan_count,
                        .budgets = {(const char *)bytes, len}};
    return sample_do(&s, SAMPLE_HOST, body);
}

static void test_plans(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plan(0)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(add(2, MINUTE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plan(1)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(clock_budget(&s.room, 2), 18 * MINUTE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plan(2)), REFUSAL_NO_SUCH_PHASE);
    static const uint8_t own[20] = {0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};
    static const uint8_t none[20] = {0};
    static const uint8_t huge[20] = {0x7f};
    CU_ASSERT_EQUAL(plan_own(own, 16), REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(plan_own(none, 20), REFUSAL_OUT_OF_BOUNDS);
    CU_ASSERT_EQUAL(plan_own(huge, 20), REFUSAL_OUT_OF_BOUNDS);
    CU_ASSERT_EQUAL(plan_own(own, 20), REFUSAL_NONE);
    CU_ASSERT_EQUAL(plan_own(own, 20), REFUSAL_SAME);
    CU_ASSERT_EQUAL(clock_budget(&s.room, 1), 256);
    CU_ASSERT_EQUAL(clock_budget(&s.room, 2), 65536);
    after(1, body_plain(ACTION_CLOCK_START));
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plan(1)), REFUSAL_WRONG_STAGE);
    sample_free(&s);
}

static void test_ledger_and_its_bound(void) {
    begin();
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_SECOND, body_add(3, -MINUTE)), REFUSAL_NONE);
    const struct room_move *move = &s.room.moves[1];
    CU_ASSERT_EQUAL(s.room.move_count, 2);
    CU_ASSERT_EQUAL(move->act, ACTION_CLOCK_ADD);
    CU_ASSERT_EQUAL(move->by, SAMPLE_SECOND);
    CU_ASSERT_EQUAL(move->phase, 3);
    CU_ASSERT_EQUAL(move->ms, -MINUTE);
    while (s.room.seats[SAMPLE_HOST].moves < ROOM_SEAT_MOVES_MAX) {
        after(1, body_phase(ACTION_CLOCK_JUMP, !s.room.clock.phase));
    }
    s.now++;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_PAUSE)), REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_SECOND, body_add(3, MINUTE)), REFUSAL_NONE);
    after(1, body_plain(ACTION_CLOCK_FINISH));
    CU_ASSERT_EQUAL(s.room.move_count, ROOM_SEAT_MOVES_MAX + 3);
    sample_free(&s);
}

static enum refusal seen(uint8_t seat, struct body body, int64_t moves) {
    body.has |= F(seen);
    body.seen = moves;
    s.now++;
    return sample_do(&s, seat, body);
}

/* Two interviewers press keys at once: the second one's are not carried out against what the first
 * has made of the clock. */
static void test_stale(void) {
    char text[CLOCK_STALE_MAX];
    begin();
    CU_ASSERT_EQUAL(seen(SAMPLE_SECOND, body_phase(ACTION_CLOCK_JUMP, 1), 1), REFUSAL_NONE);
    CU_ASSERT_FALSE(s.events[s.count - 1].body.has & F(seen));
    CU_ASSERT_EQUAL(seen(SAMPLE_HOST, body_phase(ACTION_CLOCK_JUMP, 2), 1), REFUSAL_STALE);
    CU_ASSERT_EQUAL(seen(SAMPLE_HOST, body_plain(ACTION_CLOCK_PAUSE), 1), REFUSAL_STALE);
    CU_ASSERT_EQUAL(seen(SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH), 3), REFUSAL_STALE);
    CU_ASSERT_STRING_EQUAL(clock_stale_text(&s.room, 1, text, sizeof text),
                           "Second went to another phase first; look at the clock, and do it again "
                           "if you still mean it.");
    CU_ASSERT_PTR_NULL(clock_stale_text(&s.room, 2, text, sizeof text));
    CU_ASSERT_PTR_NULL(clock_stale_text(&s.room, -1, text, sizeof text));
    /* More time for the phase on show is meant for it, for another one it is not. */
    CU_ASSERT_EQUAL(seen(SAMPLE_HOST, body_add(0, MINUTE), 1), REFUSAL_STALE);
    CU_ASSERT_EQUAL(seen(SAMPLE_HOST, body_add(1, MINUTE), 1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seen(SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH), 3), REFUSAL_NONE);
    CU_ASSERT_EQUAL(seen(SAMPLE_SECOND, body_plain(ACTION_DEBRIEF_OPEN), 3), REFUSAL_STALE);
    CU_ASSERT_EQUAL(seen(SAMPLE_SECOND, body_plain(ACTION_ROOM_CLOSE), 3), REFUSAL_STALE);
    CU_ASSERT_EQUAL(seen(SAMPLE_SECOND, body_plain(ACTION_DEBRIEF_OPEN), 4), REFUSAL_NONE);
    /* Clients of before say nothing. */
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_ROOM_CLOSE)), REFUSAL_NONE);
    /* Of a room that is over nobody hears that the clock was moved. */
    CU_ASSERT_EQUAL(seen(SAMPLE_SECOND, body_plain(ACTION_ROOM_CLOSE), 1), REFUSAL_WRONG_STAGE);
    sample_free(&s);
}

/* Every command that may say what its author saw: whatever stage another's move has brought the
 * room to, the answer is that somebody came first, not that the command does not fit. */
static void test_stale_in_every_stage(void) {
    static const enum action moves[] = {ACTION_CLOCK_PAUSE, ACTION_CLOCK_RESUME,
                                        ACTION_CLOCK_FINISH, ACTION_CLOCK_UNFINISH};
    uint32_t tried = 0;
    begin_rules(2);
    for (size_t m = 0; m < sizeof moves / sizeof *moves; m++) {
        after(1, body_plain(moves[m]));
        int64_t before = s.room.move_count - 1;
        for (int act = 0; act < ACTION_COUNT; act++) {
            struct body body = {.act = (enum action)act, .has = F(phase) | F(ms), .ms = MINUTE};
            body.phase = s.room.clock.phase + 1;
            if (action_row(body.act)->optional & F(seen) && !room_hands_over(body.act)) {
                tried++;
                CU_ASSERT_EQUAL(seen(SAMPLE_SECOND, body, before), REFUSAL_STALE);
            }
        }
    }
    CU_ASSERT_EQUAL(tried, 10 * (uint32_t)(sizeof moves / sizeof *moves));
    sample_free(&s);
}

static void test_text(void) {
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        {0, "0:00"},
        {999, "0:00"},
        {-999, "0:00"},
        {-30000, "-0:30"},
        {725000, "12:05"},
        {3599999, "59:59"},
        {3600000, "1:00:00"},
        {3723000, "1:02:03"},
        {-3723000, "-1:02:03"},
        {INT64_MIN, "-2562047788015:12:55"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[24];
        clock_text(text, sizeof text, rows[i].ms);
        CU_ASSERT_STRING_EQUAL(text, rows[i].text);
    }
}

/* Actual and budget are shown cut to seconds: the difference shown has to be that of the two
 * shown. */
static void test_whole_differences(void) {
    static const struct {
        int64_t ms, whole;
    } rows[] = {{0, 0},
                {999, 0},
                {1000, 1000},
                {1999, 1000},
                {-1, -1000},
                {-1000, -1000},
                {-1001, -2000},
                {-9400, -10000},
                {INT64_MAX, INT64_MAX / 1000 * 1000},
                {INT64_MIN, INT64_MIN / 1000 * 1000}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CU_ASSERT_EQUAL(clock_whole(rows[i].ms), rows[i].whole);
    }
    for (int64_t actual = 0; actual < 3000; actual++) {
        CU_ASSERT_EQUAL(clock_whole(actual - 2000), actual / 1000 * 1000 - 2000);
    }
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"a difference fits to the times that it is between", test_whole_differences},
        {"nothing runs before the start", test_before_the_start},
        {"left turns into over", test_left_and_over},
        {"a pause leaves time out", test_pause_leaves_time_out},
        {"a jump while paused stays paused", test_jump_while_paused},
        {"jumps back and forth add up", test_jumps_add_up},
        {"a paused clock can finish", test_finish_while_paused},
        {"a phase's budget stays in bounds", test_budget_bounds},
        {"plans, and one's own", test_plans},
        {"the ledger names the author and has a bound", test_ledger_and_its_bound},
        {"a move meant for another state is stale", test_stale},
        {"who is late hears who was first, in every stage", test_stale_in_every_stage},
        {"what a person reads", test_text},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"clock", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
