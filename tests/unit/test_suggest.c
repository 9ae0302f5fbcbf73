/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what the rules suggest: each kind exactly when it holds, once, never set by itself;
 * taken or dropped it comes no more; and a pack's rules are checked.
 */
#include <string.h>

#include "protocol/room/clock.h"
#include "protocol/room/suggest.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

#define MINUTE INT64_C(60000)

static struct sample s;
static int64_t start;

static void begin(void) {
    struct pack *pack = sample_pack_two();
    sample_open_as(&s, pack, (struct body){.has = F(rules), .rules = 2});
    pack_unref(pack);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
    start = s.now;
}

static enum refusal at(int64_t ms, uint8_t seat, struct body body) {
    s.now = start + ms;
    return sample_do(&s, seat, body);
}

static void mark(int64_t ms, int item, enum mark value) {
    char id[16] = {'i', 't', 'e', 'm', '-', (char)('0' + item), 0};
    CU_ASSERT_EQUAL(at(ms, SAMPLE_HOST, body_mark(ACTION_MARK_SET, id, value)), REFUSAL_NONE);
}

static void jump(int64_t ms, int phase) {
    CU_ASSERT_EQUAL(at(ms, SAMPLE_HOST, body_phase(ACTION_CLOCK_JUMP, phase)), REFUSAL_NONE);
}

static unsigned due_in(const struct room *room, int64_t ms) {
    uint8_t list[PACK_SUGGESTS_MAX];
    unsigned bits = 0;
    uint8_t count = suggest_due(room, start + ms, list);
    for (uint8_t i = 0; i < count; i++) {
        bits |= 1U << list[i];
    }
    return bits;
}

static unsigned due(int64_t ms) {
    return due_in(&s.room, ms);
}

static void test_early(void) {
    begin();
    mark(MINUTE, 0, MARK_RAISED);
    mark(MINUTE, 1, MARK_RAISED);
    CU_ASSERT_EQUAL(due(MINUTE), 0);
    mark(2 * MINUTE, 4, MARK_RAISED);
    CU_ASSERT_EQUAL(due(2 * MINUTE), 1U << SUGGEST_EARLY);
    mark(3 * MINUTE, 2, MARK_PROMPTED); /* the third question came too late */
    CU_ASSERT_EQUAL(due(3 * MINUTE), 1U << SUGGEST_EARLY);
    mark(3 * MINUTE, 4, MARK_NOT_YET); /* a slip */
    CU_ASSERT_EQUAL(due(3 * MINUTE), 0);
    mark(4 * MINUTE, 4, MARK_RAISED);
    CU_ASSERT_EQUAL(due(4 * MINUTE), 0);
    sample_free(&s);
}

static void test_unprompted(void) {
    begin();
    mark(MINUTE, 6, MARK_RAISED);
    mark(MINUTE, 7, MARK_PROMPTED);
    mark(MINUTE, 8, MARK_RAISED);
    CU_ASSERT_EQUAL(due(MINUTE), 0);
    mark(2 * MINUTE, 7, MARK_RAISED);
    CU_ASSERT_EQUAL(due(2 * MINUTE), 1U << SUGGEST_UNPROMPTED);
    struct body body = suggest_take(s.room.pack, SUGGEST_UNPROMPTED);
    CU_ASSERT_EQUAL(at(2 * MINUTE, SAMPLE_COACH, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_panel_mark(&s.room, 9), MARK_RAISED);
    CU_ASSERT_EQUAL(room_sheet_of(&s.room, SEAT_SERVER)->marks[9].by, SAMPLE_COACH);
    CU_ASSERT_EQUAL(due(2 * MINUTE), 0);
    mark(3 * MINUTE, 9, MARK_NOT_YET);
    CU_ASSERT_EQUAL(due(3 * MINUTE), 0); /* each comes once */
    sample_free(&s);
}

static void test_open(void) {
    begin();
    mark(MINUTE, 0, MARK_RAISED);
    mark(MINUTE, 1, MARK_RAISED);
    mark(MINUTE, 2, MARK_RAISED);
    jump(5 * MINUTE, 1);
    jump(8 * MINUTE, 2);
    mark(12 * MINUTE, 4, MARK_RAISED);
    CU_ASSERT_EQUAL(due(20 * MINUTE - 1), 0);
    CU_ASSERT_EQUAL(suggest_next(&s.room, s.now), start + 20 * MINUTE);
    CU_ASSERT_EQUAL(due(20 * MINUTE), 1U << SUGGEST_OPEN);
    jump(21 * MINUTE, 3);
    CU_ASSERT_EQUAL(due(22 * MINUTE), 1U << SUGGEST_OPEN);
    mark(22 * MINUTE, 5, MARK_PROMPTED);
    CU_ASSERT_EQUAL(due(22 * MINUTE), 0);
    sample_free(&s);
}

static void test_steered(void) {
    begin();
    mark(MINUTE, 0, MARK_PROMPTED);
    CU_ASSERT_EQUAL(due(MINUTE), 0);
    mark(MINUTE, 1, MARK_PROMPTED);
    CU_ASSERT_EQUAL(due(MINUTE), 1U << SUGGEST_STEERED);
    sample_free(&s);
}

static void test_eaten(void) {
    begin();
    CU_ASSERT_EQUAL(suggest_next(&s.room, start), start + 7 * MINUTE);
    CU_ASSERT_EQUAL(due(7 * MINUTE - 1), 0);
    CU_ASSERT_EQUAL(due(7 * MINUTE), 1U << SUGGEST_EATEN);
    jump(6 * MINUTE, 1); /* a minute owed: the next one eats only what it takes beyond that */
    CU_ASSERT_EQUAL(due(10 * MINUTE - 1), 0);
    CU_ASSERT_EQUAL(due(10 * MINUTE), 1U << SUGGEST_EATEN);
    CU_ASSERT_EQUAL(at(10 * MINUTE, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(due(90 * MINUTE), 1U << SUGGEST_EATEN); /* still there to be taken */
    CU_ASSERT_EQUAL(at(11 * MINUTE, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(due(11 * MINUTE), 0);
    sample_free(&s);
}

/* Nothing is set by itself; a flag set by hand, taken, or withdrawn again is settled. */
static void test_settled(void) {
    begin();
    mark(MINUTE, 0, MARK_PROMPTED);
    mark(MINUTE, 1, MARK_PROMPTED);
    CU_ASSERT_EQUAL(s.room.flag_count, 0);
    struct body body = suggest_take(s.room.pack, SUGGEST_STEERED);
    CU_ASSERT_EQUAL(at(2 * MINUTE, SAMPLE_SECOND, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(s.room.flags[0].by, SAMPLE_SECOND);
    CU_ASSERT_EQUAL(due(2 * MINUTE), 0);
    body.on = 0;
    CU_ASSERT_EQUAL(at(3 * MINUTE, SAMPLE_HOST, body), REFUSAL_NONE);
    CU_ASSERT_EQUAL(due(3 * MINUTE), 0);
    sample_free(&s);
}

/* Dropping is the panel's, holds for all of it, and never reaches the candidate before the debrief.
 */
static void test_dropped(void) {
    struct room seen;
    begin();
    CU_ASSERT_EQUAL(due(8 * MINUTE), 1U << SUGGEST_EATEN);
    CU_ASSERT_EQUAL(at(8 * MINUTE, SAMPLE_CANDIDATE, body_drop("eaten")), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(at(8 * MINUTE, SAMPLE_COACH, body_drop("no")), REFUSAL_NO_SUCH_SUGGESTION);
    CU_ASSERT_EQUAL(at(8 * MINUTE, SAMPLE_COACH, body_drop("eaten")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(at(8 * MINUTE, SAMPLE_HOST, body_drop("eaten")), REFUSAL_SAME);
    CU_ASSERT_EQUAL(due(9 * MINUTE), 0);
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_SECOND, s.count, &seen));
    CU_ASSERT_EQUAL(due_in(&seen, 9 * MINUTE), 0);
    CU_ASSERT_EQUAL(seen.dropped, 1U << SUGGEST_EATEN);
    room_free(&seen);
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_EQUAL(seen.dropped, 0);
    CU_ASSERT_EQUAL(seen.pack->suggest_count, 0);
    room_free(&seen);
    CU_ASSERT_EQUAL(at(9 * MINUTE, SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(at(9 * MINUTE, SAMPLE_HOST, body_drop("open")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(at(9 * MINUTE, SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_EQUAL(seen.dropped, 1U << SUGGEST_EATEN | 1U << SUGGEST_OPEN);
    room_free(&seen);
    sample_free(&s);
}

/* What each kind needs, and that it refers to what there is. */
static void test_checked(void) {
    struct pack_fault fault;
    for (int kind = 0; kind < SAMPLE_SUGGESTS; kind++) {
        for (int what = 0; what < 6; what++) {
            struct pack *pack = sample_pack_two();
            struct pack_suggest *rule = &pack->suggests[kind];
            CU_ASSERT_TRUE(pack_check(pack, &fault));
            switch (what) {
            case 0: rule->least = !rule->least; break;
            case 1: rule->ms = rule->ms ? 0 : 1; break;
            case 2: rule->group = !rule->group; break;
            case 3: rule->flag = rule->mark = "item-0"; break;
            case 4: rule->flag = rule->mark = NULL; break;
            default: *(rule->flag ? &rule->flag : &rule->mark) = "unknown"; break;
            }
            CU_ASSERT_FALSE(pack_check(pack, &fault));
            CU_ASSERT_EQUAL(strncmp(fault.where, "suggest[", 8), 0);
            pack_unref(pack);
        }
    }
    struct pack *pack = sample_pack_two();
    pack->suggests[SUGGEST_OPEN].items[1] = "unknown";
    CU_ASSERT_FALSE(pack_check(pack, &fault));
    pack_unref(pack);
}

int main(void) {
    static CU_TestInfo tests[] = {{"marked early", test_early},
                                  {"three unprompted", test_unprompted},
                                  {"still open towards the end", test_open},
                                  {"steered", test_steered},
                                  {"time eaten", test_eaten},
                                  {"settled for good", test_settled},
                                  {"dropped by the panel", test_dropped},
                                  {"rules are checked", test_checked},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"suggest", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
