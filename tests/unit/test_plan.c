/* SPDX-License-Identifier: ISC */
/*
 * Purpose: one moment. In a room of the second rules the clock, the alarms and the wall name the
 * same planned moment: minutes saved go on, minutes overrun are owed, the reserve pays first, and a
 * plan that is stretched takes every alarm with it. A room of the first rules keeps its numbers.
 */
#include <string.h>

#include "protocol/room/attention.h"
#include "protocol/room/insight.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

#define MINUTE INT64_C(60000)

enum { CLARIFY, SCOPE, DESIGN, DEFEND, OPERATE };
/* Plans of the sample, and the one with a reserve. */
enum { EVEN, DEEP, SPARE };
/* Alarms of this test's pack. */
enum { DESIGN_ENDS, DEFEND_LATE, ENDING, OVER, HALF, ALARMS };

static struct sample s;
static int64_t start;

static struct pack *plan_pack(void) {
    static const struct pack_alarm alarms[ALARMS] = {
        {"design-ends", "Design ends.", ALARM_ENDING, DESIGN, 180000},
        {"defend-late", "Defend is late.", ALARM_LATE, DEFEND, 60000},
        {"ending", "One minute.", ALARM_ENDING, -1, 60000},
        {"over", "Over.", ALARM_OVER, -1, 0},
        {"half", "Half.", ALARM_MINUTE, -1, 22 * 60000},
    };
    static const uint32_t minutes[SAMPLE_PHASES] = {5, 3, 15, 10, 7};
    struct pack *pack = sample_pack();
    struct pack_plan *plan = &pack->plans[pack->plan_count++];
    *plan = (struct pack_plan){.id = "spare", .title = "Spare", .spare_ms = 5 * 60000};
    for (int i = 0; i < SAMPLE_PHASES; i++) {
        plan->budget_ms[i] = minutes[i] * 60000;
    }
    pack->format = 2;
    memcpy(pack->alarms, alarms, sizeof alarms);
    pack->alarm_count = ALARMS;
    return pack;
}

static void open_room(int64_t rules, int64_t plan, int64_t extra) {
    struct pack *pack = plan_pack();
    sample_open_as(&s, pack,
                   (struct body){.has = F(rules) | (extra ? F(extra) : 0),
                                 .rules = rules,
                                 .plan = plan,
                                 .extra = extra});
    pack_unref(pack);
}

static void begin(int64_t plan, int64_t extra) {
    open_room(2, plan, extra);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    start = s.now;
}

static void at(int64_t ms, struct body body) {
    s.now = start + ms;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body), REFUSAL_NONE);
}

static void jump(int64_t ms, int phase) {
    at(ms, body_phase(ACTION_CLOCK_JUMP, phase));
}

static struct clock_reading read_at(int64_t ms) {
    return clock_read(&s.room, start + ms);
}

static unsigned due(int64_t ms) {
    uint8_t list[PACK_ALARMS_MAX];
    unsigned bits = 0;
    uint8_t count = insight_alarms(&s.room, start + ms, list);
    for (uint8_t i = 0; i < count; i++) {
        bits |= 1U << list[i];
    }
    return bits;
}

/* Whether the wall has a reason that is the clock's. */
static bool raised(int64_t ms) {
    struct attention list[ATTENTION_MAX];
    uint8_t count = attention_of(&s.room, start + ms, list);
    for (uint8_t i = 0; i < count; i++) {
        if (list[i].kind != ATTENTION_SILENT) {
            return true;
        }
    }
    return false;
}

/* Whoever enters each phase at its planned moment hears no alarm but those that a phase nears its
 * end, and nobody is raised on the wall: in every plan, stretched or not. */
static void test_on_plan(void) {
    static const int64_t extras[] = {0, 25, 50, 100};
    for (int run = 0; run < 12; run++) {
        int64_t ms = 0;
        begin(run % 3, extras[run / 3]);
        for (int phase = 0; phase < SAMPLE_PHASES; phase++) {
            int64_t end = ms + clock_budget(&s.room, (uint8_t)phase);
            for (; ms <= end; ms += 15000) {
                unsigned quiet = 1U << DESIGN_ENDS | 1U << ENDING | 1U << HALF;
                CU_ASSERT_EQUAL(due(ms) & ~quiet, 0);
                CU_ASSERT_FALSE(raised(ms) && !(due(ms) & 1U << HALF));
                CU_ASSERT_EQUAL(read_at(ms).carried, 0);
                CU_ASSERT_EQUAL(read_at(ms).phase_ends, end);
            }
            CU_ASSERT_TRUE(due(end) & 1U << ENDING);
            ms = end;
            if (phase + 1 < SAMPLE_PHASES) {
                jump(ms, phase + 1);
            }
        }
        sample_free(&s);
    }
}

static void test_saved_minutes_go_on(void) {
    begin(EVEN, 0);
    jump(4 * MINUTE, SCOPE);
    struct clock_reading reading = read_at(4 * MINUTE);
    CU_ASSERT_EQUAL(reading.carried, MINUTE);
    CU_ASSERT_EQUAL(reading.phase_left, 4 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_budget, 4 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_ends, 8 * MINUTE);
    CU_ASSERT_EQUAL(due(7 * MINUTE - 1), 0);
    CU_ASSERT_EQUAL(due(7 * MINUTE), 1U << ENDING);
    CU_ASSERT_EQUAL(due(8 * MINUTE), 1U << ENDING);
    CU_ASSERT_EQUAL(due(8 * MINUTE + 1), 1U << OVER);
    sample_free(&s);
}

/* A skipped phase has saved all its minutes; going back to one spends what is left of it. */
static void test_skipped_and_back(void) {
    begin(EVEN, 0);
    jump(4 * MINUTE, DESIGN);
    CU_ASSERT_EQUAL(read_at(4 * MINUTE).phase_ends, 23 * MINUTE);
    jump(10 * MINUTE, SCOPE);
    CU_ASSERT_EQUAL(read_at(10 * MINUTE).phase_left, 4 * MINUTE);
    jump(12 * MINUTE, DESIGN);
    CU_ASSERT_EQUAL(read_at(12 * MINUTE).carried, 2 * MINUTE);
    CU_ASSERT_EQUAL(read_at(12 * MINUTE).phase_ends, 23 * MINUTE);
    sample_free(&s);
}

static void test_overrun_is_owed(void) {
    begin(EVEN, 0);
    jump(7 * MINUTE, SCOPE);
    CU_ASSERT_EQUAL(read_at(7 * MINUTE).carried, -2 * MINUTE);
    CU_ASSERT_EQUAL(read_at(7 * MINUTE).phase_left, MINUTE);
    CU_ASSERT_EQUAL(read_at(9 * MINUTE).phase_over, MINUTE);
    jump(12 * MINUTE, DESIGN);
    CU_ASSERT_EQUAL(read_at(12 * MINUTE).carried, -4 * MINUTE);
    CU_ASSERT_EQUAL(read_at(12 * MINUTE).phase_ends, 23 * MINUTE);
    /* Minutes added move the planned moment of this phase and of all behind it. */
    at(12 * MINUTE, body_add(DESIGN, 2 * MINUTE));
    CU_ASSERT_EQUAL(read_at(12 * MINUTE).phase_ends, 25 * MINUTE);
    sample_free(&s);
}

static void test_late(void) {
    begin(DEEP, 0);
    jump(5 * MINUTE, SCOPE);
    jump(8 * MINUTE, DESIGN);
    CU_ASSERT_EQUAL(due(23 * MINUTE), 1U << DESIGN_ENDS);
    CU_ASSERT_EQUAL(due(26 * MINUTE + 1), 1U << OVER);
    CU_ASSERT_EQUAL(due(27 * MINUTE - 1), 1U << OVER);
    CU_ASSERT_EQUAL(due(27 * MINUTE), 1U << OVER | 1U << DEFEND_LATE);
    at(27 * MINUTE, body_add(DESIGN, 3 * MINUTE));
    CU_ASSERT_EQUAL(due(27 * MINUTE), 1U << DESIGN_ENDS);
    at(27 * MINUTE, body_add(SCOPE, -3 * MINUTE));
    CU_ASSERT_EQUAL(due(27 * MINUTE), 1U << OVER | 1U << DEFEND_LATE);
    jump(27 * MINUTE, DEFEND);
    CU_ASSERT_EQUAL(due(27 * MINUTE), 0);
    sample_free(&s);
}

/* A key pressed too often does not silence what is late for good. */
static void test_a_slip_of_the_key(void) {
    begin(EVEN, 0);
    jump(2 * MINUTE, OPERATE);
    jump(2 * MINUTE + 2000, CLARIFY);
    jump(5 * MINUTE, DESIGN);
    CU_ASSERT_EQUAL(due(24 * MINUTE + 1999), 1U << OVER);
    CU_ASSERT_EQUAL(due(24 * MINUTE + 2000), 1U << OVER | 1U << DEFEND_LATE);
    sample_free(&s);
}

static void test_reserve_pays_first(void) {
    begin(SPARE, 0);
    CU_ASSERT_EQUAL(clock_planned(&s.room), 45 * MINUTE);
    CU_ASSERT_EQUAL(read_at(0).whole_budget, 45 * MINUTE);
    CU_ASSERT_EQUAL(read_at(0).reserve_left, 5 * MINUTE);
    /* Two minutes over: the reserve has three, nothing is owed, and the wall is quiet. */
    struct clock_reading reading = read_at(7 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_left, -2 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_over, 0);
    CU_ASSERT_EQUAL(reading.reserve_left, 3 * MINUTE);
    CU_ASSERT_EQUAL(due(7 * MINUTE), 1U << OVER);
    CU_ASSERT_TRUE(insight_alarm_warns(&s.room.pack->alarms[OVER], &reading));
    CU_ASSERT_FALSE(raised(7 * MINUTE));
    jump(7 * MINUTE, SCOPE);
    reading = read_at(7 * MINUTE);
    CU_ASSERT_EQUAL(reading.carried, 0);
    CU_ASSERT_EQUAL(reading.phase_left, 3 * MINUTE);
    CU_ASSERT_EQUAL(reading.phase_ends, 10 * MINUTE);
    CU_ASSERT_EQUAL(reading.reserve_left, 3 * MINUTE);
    jump(9 * MINUTE, DESIGN); /* a minute saved refills it */
    CU_ASSERT_EQUAL(read_at(9 * MINUTE).reserve_left, 4 * MINUTE);
    CU_ASSERT_EQUAL(read_at(9 * MINUTE).phase_ends, 24 * MINUTE);
    CU_ASSERT_EQUAL(due(28 * MINUTE), 1U << OVER);
    CU_ASSERT_EQUAL(read_at(28 * MINUTE).reserve_left, 0);
    CU_ASSERT_FALSE(raised(28 * MINUTE));
    CU_ASSERT_TRUE(raised(28 * MINUTE + 1));
    reading = read_at(28 * MINUTE + 1);
    CU_ASSERT_FALSE(insight_alarm_warns(&s.room.pack->alarms[OVER], &reading));
    CU_ASSERT_EQUAL(due(29 * MINUTE - 1), 1U << OVER);
    CU_ASSERT_EQUAL(due(29 * MINUTE), 1U << OVER | 1U << DEFEND_LATE);
    jump(30 * MINUTE, DEFEND);
    CU_ASSERT_EQUAL(read_at(30 * MINUTE).carried, -2 * MINUTE);
    CU_ASSERT_EQUAL(read_at(30 * MINUTE).reserve_left, 0);
    CU_ASSERT_EQUAL(read_at(30 * MINUTE).phase_left, 8 * MINUTE);
    sample_free(&s);
}

/* A quarter more time: every planned moment and every alarm moves along. */
static void test_stretched(void) {
    begin(SPARE, 25);
    CU_ASSERT_EQUAL(clock_planned(&s.room), 45 * MINUTE * 5 / 4);
    CU_ASSERT_EQUAL(read_at(0).phase_left, 375000);
    CU_ASSERT_EQUAL(due(375000 - 75001), 0);
    CU_ASSERT_EQUAL(due(375000 - 75000), 1U << ENDING);
    jump(5 * MINUTE, DESIGN);
    int64_t end = 23 * MINUTE * 5 / 4;
    CU_ASSERT_EQUAL(read_at(6 * MINUTE).phase_ends, end);
    CU_ASSERT_EQUAL(due(end - 225001) & 1U << DESIGN_ENDS, 0);
    CU_ASSERT_EQUAL(due(end - 225000) & 1U << DESIGN_ENDS, 1U << DESIGN_ENDS);
    int64_t late = end + 375000 + 75000;
    CU_ASSERT_EQUAL(due(late - 1), 1U << OVER);
    CU_ASSERT_EQUAL(due(late), 1U << OVER | 1U << DEFEND_LATE);
    CU_ASSERT_EQUAL(due(22 * MINUTE) & 1U << HALF, 0);
    CU_ASSERT_EQUAL(due(1650000) & 1U << HALF, 1U << HALF);
    sample_free(&s);
}

static enum refusal plan(int64_t index, int64_t extra) {
    struct body body = body_plan(index);
    body.has |= extra >= 0 ? F(extra) : 0;
    body.extra = extra;
    return sample_do(&s, SAMPLE_HOST, body);
}

/* Another plan keeps the extra time; it can be given and taken back in the lobby, within its bound.
 */
static void test_extra_and_plans(void) {
    open_room(2, EVEN, 25);
    CU_ASSERT_EQUAL(plan(EVEN, -1), REFUSAL_SAME);
    CU_ASSERT_EQUAL(plan(DEEP, -1), REFUSAL_NONE);
    CU_ASSERT_EQUAL(clock_budget(&s.room, DESIGN), 18 * MINUTE * 5 / 4);
    CU_ASSERT_EQUAL(plan(DEEP, 25), REFUSAL_SAME);
    CU_ASSERT_EQUAL(plan(DEEP, 0), REFUSAL_NONE);
    CU_ASSERT_EQUAL(clock_budget(&s.room, DESIGN), 18 * MINUTE);
    CU_ASSERT_EQUAL(plan(DEEP, PLAN_EXTRA_MAX), REFUSAL_NONE);
    CU_ASSERT_EQUAL(plan(DEEP, PLAN_EXTRA_MAX + 1), REFUSAL_BAD_FIELD);
    struct room twin;
    CU_ASSERT_TRUE(sample_replay(&s, s.count, &twin));
    CU_ASSERT_EQUAL(twin.clock.extra, PLAN_EXTRA_MAX);
    CU_ASSERT_TRUE(sample_same(&s.room, &twin));
    room_free(&twin);
    sample_free(&s);
    open_room(1, EVEN, 0);
    CU_ASSERT_EQUAL(plan(EVEN, 25), REFUSAL_BAD_FIELD);
    sample_free(&s);
}

/* What a phase gets when stretched stays within the bound of a phase. */
static void test_extra_at_the_bound(void) {
    static const uint8_t most[20] = {0, 0x6d, 0xdd, 0}; /* 7 200 000 ms: two hours */
    static const uint8_t more[20] = {0, 0x6d, 0xdd, 1};
    struct body body = {.act = ACTION_CLOCK_PLAN,
                        .has = F(plan) | F(budgets) | F(extra),
                        .plan = 3,
                        .budgets = {(const char *)more, 20},
                        .extra = 100};
    open_room(2, EVEN, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body), REFUSAL_OUT_OF_BOUNDS);
    body.budgets.at = (const char *)most;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(clock_budget(&s.room, CLARIFY), PHASE_BUDGET_MAX_MS);
    CU_ASSERT_EQUAL(clock_reserve(&s.room), 0);
    sample_free(&s);
}

/* Between two announced moments nothing changes, for the alarms and for the wall. */
static void check_announced(void) {
    int64_t now = s.now - start;
    unsigned changes = 0;
    for (int64_t next; (next = insight_next_alarm(&s.room, start + now)) >= 0; now = next - start) {
        CU_ASSERT_TRUE_FATAL(next > start + now);
        CU_ASSERT_EQUAL(due(next - 1 - start), due(now));
        changes += due(next - start) != due(now);
    }
    CU_ASSERT_TRUE(changes >= 5);
    bool before = raised(s.now - start);
    for (int64_t ms = s.now - start; ms < 60 * MINUTE; ms += 500) {
        int64_t next = attention_next(&s.room, start + ms - 500);
        CU_ASSERT_TRUE(raised(ms) == before || (next > 0 && next <= start + ms));
        before = raised(ms);
    }
}

static void test_announced_moments(void) {
    for (int row = EVEN; row <= SPARE; row++) {
        begin(row, row == DEEP ? 50 : 0);
        jump(6 * MINUTE, DESIGN);
        check_announced();
        sample_free(&s);
    }
}

/* The same room under the first rules: each phase by itself, no reserve, and no other numbers. */
static void test_first_rules(void) {
    open_room(1, SPARE, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    start = s.now;
    CU_ASSERT_EQUAL(read_at(0).whole_budget, 40 * MINUTE);
    CU_ASSERT_EQUAL(clock_planned(&s.room), 40 * MINUTE);
    CU_ASSERT_EQUAL(read_at(6 * MINUTE).phase_over, MINUTE);
    jump(7 * MINUTE, SCOPE);
    CU_ASSERT_EQUAL(read_at(7 * MINUTE).phase_left, 3 * MINUTE);
    CU_ASSERT_EQUAL(read_at(7 * MINUTE).carried, 0);
    CU_ASSERT_TRUE(insight_alarm_is_for(&s.room, &s.room.pack->alarms[DESIGN_ENDS], false));
    sample_free(&s);
}

/* Before the debrief a candidate is shown those alarms that name neither a phase nor a rule. */
static void test_whose_alarms(void) {
    begin(EVEN, 0);
    const struct pack *pack = s.room.pack;
    for (int i = 0; i < ALARMS; i++) {
        CU_ASSERT_TRUE(insight_alarm_is_for(&s.room, &pack->alarms[i], true));
        CU_ASSERT_EQUAL(insight_alarm_is_for(&s.room, &pack->alarms[i], false),
                        i == ENDING || i == OVER);
    }
    at(MINUTE, body_plain(ACTION_CLOCK_FINISH));
    at(MINUTE, body_plain(ACTION_DEBRIEF_OPEN));
    for (int i = 0; i < ALARMS; i++) {
        CU_ASSERT_TRUE(insight_alarm_is_for(&s.room, &pack->alarms[i], false));
    }
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {{"nobody on plan is late", test_on_plan},
                                  {"minutes saved go to the next phase", test_saved_minutes_go_on},
                                  {"a phase skipped, and gone back to", test_skipped_and_back},
                                  {"minutes overrun are owed", test_overrun_is_owed},
                                  {"late against the plan of this room", test_late},
                                  {"a slip of the key silences nothing", test_a_slip_of_the_key},
                                  {"the reserve pays first", test_reserve_pays_first},
                                  {"a stretched plan takes its alarms along", test_stretched},
                                  {"extra time and other plans", test_extra_and_plans},
                                  {"extra time at the bound of a phase", test_extra_at_the_bound},
                                  {"changes come when they were announced", test_announced_moments},
                                  {"the first rules keep their numbers", test_first_rules},
                                  {"whose alarms", test_whose_alarms},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"plan", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
