/* SPDX-License-Identifier: ISC */
/*
 * Purpose: taking a finish back: until something has opened, never after; the clock goes on as it
 * was, and the time between counts nowhere: not on the clock, not in the ledger, not in a report.
 */
#include "client/feed/remark.h"
#include "client/report/ledger.h"
#include "protocol/room/clock.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

#define MINUTE INT64_C(60000)

static struct sample s;

static void begin(void) {
    sample_open_rules(&s, 0, 2);
    s.now = 100 * MINUTE;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

static enum refusal after(int64_t ms, enum action act) {
    s.now += ms;
    return sample_do(&s, SAMPLE_HOST, body_plain(act));
}

/* What a server that starts anew and each seat make of the log. */
static void same_everywhere(void) {
    struct room other;
    CU_ASSERT_TRUE(sample_replay(&s, s.count, &other));
    CU_ASSERT_TRUE(sample_same(&s.room, &other));
    room_free(&other);
    for (int seat = 0; seat < SAMPLE_SEATS; seat++) {
        CU_ASSERT_TRUE(sample_view(&s, (uint8_t)seat, s.count, &other));
        CU_ASSERT_TRUE(sample_same_clock(&s.room, &other));
        CU_ASSERT_EQUAL(other.stage, s.room.stage);
        room_free(&other);
    }
}

static void test_goes_on(void) {
    begin();
    CU_ASSERT_EQUAL(after(2 * MINUTE, ACTION_CLOCK_FINISH), REFUSAL_NONE);
    CU_ASSERT_TRUE(room_may_unfinish(&s.room));
    CU_ASSERT_EQUAL(after(20000, ACTION_CLOCK_UNFINISH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.stage, STAGE_RUNNING);
    CU_ASSERT_EQUAL(room_sheet_due(&s.room), -1);
    struct clock_reading reading = clock_read(&s.room, s.now + MINUTE);
    CU_ASSERT_TRUE(reading.running);
    CU_ASSERT_EQUAL(reading.whole_elapsed, 3 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_left, 2 * MINUTE);
    CU_ASSERT_EQUAL(after(MINUTE, ACTION_CLOCK_UNFINISH), REFUSAL_WRONG_STAGE);
    same_everywhere();
    CU_ASSERT_EQUAL(after(0, ACTION_CLOCK_FINISH), REFUSAL_NONE); /* and again */
    CU_ASSERT_EQUAL(after(1000, ACTION_CLOCK_UNFINISH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(after(MINUTE, ACTION_CLOCK_FINISH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(clock_read(&s.room, s.now).whole_elapsed, 4 * MINUTE);
    CU_ASSERT_EQUAL(room_sheet_due(&s.room), s.now + SHEET_OPENS_MS);
    same_everywhere();
    sample_free(&s);
}

/* A clock that stood when it was finished stands again, and its pause is no longer for it. */
static void test_stands_again(void) {
    begin();
    CU_ASSERT_EQUAL(after(MINUTE, ACTION_CLOCK_PAUSE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(after(MINUTE, ACTION_CLOCK_FINISH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(after(20000, ACTION_CLOCK_UNFINISH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.stage, STAGE_PAUSED);
    CU_ASSERT_FALSE(clock_read(&s.room, s.now).running);
    CU_ASSERT_EQUAL(s.now - s.room.clock.paused_at, MINUTE);
    same_everywhere();
    CU_ASSERT_EQUAL(after(MINUTE, ACTION_CLOCK_RESUME), REFUSAL_NONE);
    CU_ASSERT_EQUAL(clock_read(&s.room, s.now + MINUTE).whole_elapsed, 2 * MINUTE);
    struct ledger_move moves[8];
    CU_ASSERT_EQUAL_FATAL(ledger_moves(&s.room, moves), 5);
    CU_ASSERT_EQUAL(moves[3].ms, 20000);
    CU_ASSERT_EQUAL(moves[4].ms, 2 * MINUTE); /* the pause, before and after */
    sample_free(&s);
}

static void finished(void) {
    begin();
    CU_ASSERT_EQUAL(after(MINUTE, ACTION_CLOCK_FINISH), REFUSAL_NONE);
}

static void is_too_late(void) {
    CU_ASSERT_FALSE(room_may_unfinish(&s.room));
    CU_ASSERT_EQUAL(after(0, ACTION_CLOCK_UNFINISH), REFUSAL_TOO_LATE);
    sample_free(&s);
}

static void test_too_late(void) {
    finished();
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_plain(ACTION_SHEET_OPEN)), REFUSAL_NONE);
    is_too_late();
    finished();
    CU_ASSERT_EQUAL(after(0, ACTION_DEBRIEF_OPEN), REFUSAL_NONE);
    is_too_late();
    finished();
    const struct body turn = {.act = ACTION_TURN_ASK, .has = F(on), .on = 1};
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, turn), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, turn), REFUSAL_NONE);
    struct body swap = {.act = ACTION_ROOM_SWAP,
                        .has = F(seat) | F(next),
                        .seat = SAMPLE_CANDIDATE,
                        .next = span_of("abcdefghij12")};
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, swap), REFUSAL_NONE);
    is_too_late();
    /* Clients of the first rules' rooms know no way back from a finish. */
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(after(0, ACTION_CLOCK_START), REFUSAL_NONE);
    CU_ASSERT_EQUAL(after(0, ACTION_CLOCK_FINISH), REFUSAL_NONE);
    is_too_late();
}

static void test_who(void) {
    finished();
    struct body back = body_plain(ACTION_CLOCK_UNFINISH);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, back), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_COACH, back), REFUSAL_NOT_ALLOWED);
    back.has = F(seen);
    back.seen = s.room.move_count - 1;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, back), REFUSAL_STALE);
    /* That the roles should be turned was said of an interview that was over. */
    const struct body turn = {.act = ACTION_TURN_ASK, .has = F(on), .on = 1};
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, turn), REFUSAL_NONE);
    back.seen = s.room.move_count;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_SECOND, back), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.events[s.count - 1].body.has, 0);
    CU_ASSERT_FALSE(s.room.turn.asked);
    sample_free(&s);
}

/* Taking it back is of the seat's own share of moves; the finish itself always fits. */
static void test_share(void) {
    begin();
    for (int i = 0; i < ROOM_SEAT_MOVES_MAX - 1; i++) {
        CU_ASSERT_EQUAL_FATAL(after(1000, ACTION_CLOCK_FINISH), REFUSAL_NONE);
        CU_ASSERT_EQUAL_FATAL(after(1000, ACTION_CLOCK_UNFINISH), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(after(1000, ACTION_CLOCK_FINISH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(after(1000, ACTION_CLOCK_UNFINISH), REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_SECOND, body_plain(ACTION_CLOCK_UNFINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(after(1000, ACTION_CLOCK_FINISH), REFUSAL_NONE);
    sample_free(&s);
}

/* The record's time: two minutes, twenty seconds that do not count, a minute. */
static void test_ledger(void) {
    begin();
    int64_t start = s.now;
    CU_ASSERT_EQUAL(after(2 * MINUTE, ACTION_CLOCK_FINISH), REFUSAL_NONE);
    int64_t over = s.now;
    CU_ASSERT_EQUAL(after(20000, ACTION_CLOCK_UNFINISH), REFUSAL_NONE);
    int64_t on = s.now;
    CU_ASSERT_EQUAL(after(MINUTE, ACTION_CLOCK_FINISH), REFUSAL_NONE);
    struct ledger_time time = ledger_time_at(&s.room, over + 5000);
    CU_ASSERT_EQUAL(time.when, LEDGER_AFTER);
    CU_ASSERT_EQUAL(time.clock, 2 * MINUTE);
    time = ledger_time_at(&s.room, on + 30000);
    CU_ASSERT_EQUAL(time.when, LEDGER_DURING);
    CU_ASSERT_EQUAL(time.clock, 2 * MINUTE + 30000);
    time = ledger_time_at(&s.room, s.now + 1);
    CU_ASSERT_EQUAL(time.when, LEDGER_AFTER);
    CU_ASSERT_EQUAL(time.clock, 3 * MINUTE);
    struct ledger_stretch stretches[8];
    CU_ASSERT_EQUAL_FATAL(ledger_stretches(&s.room, s.now, stretches), 2);
    CU_ASSERT_EQUAL(stretches[0].from, start);
    CU_ASSERT_EQUAL(stretches[0].to, over);
    CU_ASSERT_EQUAL(stretches[1].from, on);
    CU_ASSERT_EQUAL(stretches[1].to, s.now);
    CU_ASSERT_EQUAL(remark_moment(&s.room, MINUTE), start + MINUTE);
    CU_ASSERT_EQUAL(remark_moment(&s.room, 2 * MINUTE + 1000), on + 1000);
    sample_free(&s);
}

static CU_TestInfo tests[] = {{"the clock goes on", test_goes_on},
                              {"or stands again", test_stands_again},
                              {"not once something has opened", test_too_late},
                              {"who, and against which state", test_who},
                              {"the share of a seat", test_share},
                              {"the time between does not count", test_ledger},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"unfinish", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
