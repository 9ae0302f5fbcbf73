/* SPDX-License-Identifier: ISC */
/*
 * Purpose: alarms are due exactly when they should be and change only at the moments that are
 * announced; time, marks and agreement are summed up right.
 */
#include <string.h>

#include "protocol/room/insight.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

#define MINUTE INT64_C(60000)

/* The sample's alarms. */
enum { UNREACHED, MINUTE_PHASE, MINUTE_PLAIN, ENDING, OVER };

static struct sample s;
static int64_t start;

static void begin(void) {
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), 0);
    start = s.now;
}

static void at(int64_t ms, struct body body) {
    s.now = start + ms;
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body), REFUSAL_NONE);
}

/* Due alarms as bits, `ms` after the start. */
static unsigned due(int64_t ms) {
    uint8_t list[PACK_ALARMS_MAX];
    unsigned bits = 0;
    uint8_t count = insight_alarms(&s.room, start + ms, list);
    for (uint8_t i = 0; i < count; i++) {
        bits |= 1U << list[i];
    }
    return bits;
}

static void test_ending_and_over(void) {
    begin();
    CU_ASSERT_EQUAL(due(4 * MINUTE - 1), 0);
    CU_ASSERT_EQUAL(due(4 * MINUTE), 1 << ENDING);
    CU_ASSERT_EQUAL(due(5 * MINUTE), 1 << ENDING);
    CU_ASSERT_EQUAL(due(5 * MINUTE + 1), 1 << OVER);
    at(5 * MINUTE, body_add(0, 2 * MINUTE));
    CU_ASSERT_EQUAL(due(5 * MINUTE + 1), 0);
    sample_free(&s);
}

static void test_minutes_of_an_unreached_phase(void) {
    begin();
    at(MINUTE, body_phase(ACTION_CLOCK_JUMP, 2));
    at(2 * MINUTE, body_add(2, 30 * MINUTE));
    CU_ASSERT_EQUAL(due(20 * MINUTE - 1), 0);
    CU_ASSERT_EQUAL(due(20 * MINUTE), 1 << UNREACHED);
    CU_ASSERT_EQUAL(due(22 * MINUTE), 1 << UNREACHED | 1 << MINUTE_PLAIN);
    CU_ASSERT_EQUAL(due(23 * MINUTE), 1 << UNREACHED | 1 << MINUTE_PHASE);
    at(24 * MINUTE, body_phase(ACTION_CLOCK_JUMP, 3));
    CU_ASSERT_EQUAL(due(24 * MINUTE), 0);
    at(25 * MINUTE, body_phase(ACTION_CLOCK_JUMP, 2));
    CU_ASSERT_EQUAL(due(26 * MINUTE), 0); /* it has been reached once */
    sample_free(&s);
}

static void test_silent_unless_running(void) {
    sample_open(&s, 0);
    start = s.now;
    CU_ASSERT_EQUAL(due(60 * MINUTE), 0);
    CU_ASSERT_EQUAL(insight_next_alarm(&s.room, start), -1);
    sample_free(&s);
    begin();
    at(6 * MINUTE, body_plain(ACTION_CLOCK_PAUSE));
    CU_ASSERT_EQUAL(due(60 * MINUTE), 0);
    CU_ASSERT_EQUAL(insight_next_alarm(&s.room, s.now), -1);
    at(30 * MINUTE, body_plain(ACTION_CLOCK_RESUME));
    CU_ASSERT_EQUAL(due(30 * MINUTE), 1 << OVER); /* 6 minutes have run, not 30 */
    sample_free(&s);
}

/* Between two announced moments nothing changes, and the announcements lead past every change. */
static void check_announcements(int64_t until) {
    int64_t now = s.now;
    unsigned changes = 0;
    for (;;) {
        int64_t next = insight_next_alarm(&s.room, now);
        int64_t end = next < 0 ? start + until : next;
        for (int64_t ms = now; ms < end; ms += 500) {
            CU_ASSERT_EQUAL(due(ms - start), due(now - start));
        }
        if (next < 0) {
            break;
        }
        CU_ASSERT_TRUE_FATAL(next > now);
        CU_ASSERT_EQUAL(due(next - 1 - start), due(now - start));
        changes += due(next - start) != due(now - start);
        now = next;
    }
    CU_ASSERT_TRUE(changes >= 4);
}

static void test_announced_moments(void) {
    begin();
    check_announcements(60 * MINUTE);
    at(7 * MINUTE, body_phase(ACTION_CLOCK_JUMP, 2));
    check_announcements(60 * MINUTE);
    sample_free(&s);
}

static void test_summary(void) {
    struct insight_summary sum;
    begin();
    at(4 * MINUTE, body_phase(ACTION_CLOCK_JUMP, 3));
    at(5 * MINUTE, body_add(3, -2 * MINUTE));
    at(7 * MINUTE, body_mark(ACTION_MARK_SET, "item-6", MARK_RAISED));
    at(7 * MINUTE, body_mark(ACTION_MARK_SET, "item-7", MARK_PROMPTED));
    at(7 * MINUTE, body_mark(ACTION_MARK_SET, "item-0", MARK_PROMPTED));
    at(7 * MINUTE, body_flag("flag-0", true));
    at(7 * MINUTE, body_flag("flag-1", true));
    at(7 * MINUTE, body_flag("flag-1", false));
    insight_summarise(&s.room, start + 10 * MINUTE, &sum);
    CU_ASSERT_EQUAL(sum.phases, SAMPLE_PHASES);
    CU_ASSERT_EQUAL(sum.planned, 45 * MINUTE);
    CU_ASSERT_EQUAL(sum.actual, 10 * MINUTE);
    CU_ASSERT_EQUAL(sum.failure_ms, 6 * MINUTE);
    CU_ASSERT_EQUAL(sum.failure_percent, 60);
    CU_ASSERT_EQUAL(sum.phase[3].planned, 12 * MINUTE);
    CU_ASSERT_EQUAL(sum.phase[3].budget, 10 * MINUTE);
    CU_ASSERT_EQUAL(sum.phase[3].actual, 6 * MINUTE);
    CU_ASSERT_EQUAL(sum.phase[3].items, 2);
    CU_ASSERT_EQUAL(sum.phase[3].raised, 1);
    CU_ASSERT_EQUAL(sum.phase[3].prompted, 1);
    CU_ASSERT_EQUAL(sum.raised, 1);
    CU_ASSERT_EQUAL(sum.prompted, 2);
    CU_ASSERT_EQUAL(sum.items, SAMPLE_ITEMS);
    CU_ASSERT_EQUAL(sum.flags, 1);
    sample_free(&s);
}

/* Enough of a group: what is left of it counts as nothing, neither missing nor there. */
static void test_enough(void) {
    struct insight_summary sum;
    struct pack *pack = sample_pack_two();
    pack->groups[pack->group_count++] = (struct pack_group){GROUP_FAILURE_MODE, 2};
    sample_open_as(&s, pack, (struct body){.has = F(rules), .rules = 2});
    pack_unref(pack);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), 0);
    start = s.now;
    at(1000, body_mark(ACTION_MARK_SET, "item-6", MARK_RAISED));
    insight_summarise(&s.room, s.now, &sum);
    CU_ASSERT_EQUAL(sum.items, SAMPLE_ITEMS);
    CU_ASSERT_FALSE(insight_is_spare(s.room.pack, room_sheet_of(&s.room, SEAT_SERVER), 8));
    at(2000, body_mark(ACTION_MARK_SET, "item-7", MARK_PROMPTED));
    insight_summarise(&s.room, s.now, &sum);
    CU_ASSERT_EQUAL(sum.items, SAMPLE_ITEMS - 1);
    CU_ASSERT_EQUAL(sum.phase[4].items, 1);
    CU_ASSERT_TRUE(insight_is_spare(s.room.pack, room_sheet_of(&s.room, SEAT_SERVER), 8));
    CU_ASSERT_FALSE(insight_is_spare(s.room.pack, room_sheet_of(&s.room, SEAT_SERVER), 9));
    at(3000, body_mark(ACTION_MARK_SET, "item-8", MARK_RAISED));
    insight_summarise(&s.room, s.now, &sum);
    CU_ASSERT_EQUAL(sum.items, SAMPLE_ITEMS);
    CU_ASSERT_EQUAL(sum.raised, 2);
    sample_free(&s);
}

static void test_summary_of_nothing(void) {
    struct insight_summary sum;
    struct room fresh;
    room_init(&fresh);
    insight_summarise(&fresh, 1000, &sum);
    CU_ASSERT_EQUAL(sum.phases, 0);
    CU_ASSERT_EQUAL(sum.failure_percent, 0);
}

static void mark_both(const char *item, enum mark panel, enum mark self) {
    if (panel != MARK_NOT_YET) {
        CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_mark(ACTION_MARK_SET, item, panel)), 0);
    }
    if (self != MARK_NOT_YET) {
        CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, item, self)), 0);
    }
}

static void check_words(struct insight_agreement part, bool yourself, const char *wanted) {
    char words[INSIGHT_WORDS_SIZE];
    CU_ASSERT_STRING_EQUAL(insight_words(part, yourself, words), wanted);
}

static void test_agreement(void) {
    begin();
    struct insight_agreement none = insight_agree(&s.room, SEAT_SERVER, SAMPLE_CANDIDATE, -1);
    CU_ASSERT_EQUAL(none.counted, 0);
    check_words(none, false, "the same on all");
    mark_both("item-0", MARK_RAISED, MARK_RAISED);
    mark_both("item-1", MARK_RAISED, MARK_PROMPTED);
    mark_both("item-2", MARK_PROMPTED, MARK_PROMPTED);
    mark_both("item-3", MARK_NOT_YET, MARK_RAISED);
    struct insight_agreement all = insight_agree(&s.room, SEAT_SERVER, SAMPLE_CANDIDATE, -1);
    CU_ASSERT_EQUAL(all.counted, 4);
    CU_ASSERT_EQUAL(all.same, 2);
    /* By hand: po = 8/10; panel 7,1,2, candidate 6,2,2: pe = (42 + 2 + 4)/100; (.80 - .48)/(1 -
     * .48) */
    struct insight_table table = {{{0}}};
    insight_tabulate(&table, s.room.pack, room_sheet_of(&s.room, SEAT_SERVER),
                     room_sheet_of(&s.room, SAMPLE_CANDIDATE), -1);
    CU_ASSERT_DOUBLE_EQUAL(insight_kappa(&table), 0.32 / 0.52, 1e-9);
    /* item-1 raised and prompted: harder; item-3 not yet and raised: kinder */
    CU_ASSERT_EQUAL(all.kinder, 1);
    CU_ASSERT_EQUAL(all.harder, 1);
    CU_ASSERT_EQUAL(insight_percent(all), 50);
    check_words(all, true, "kinder to yourself on 1, harder on 1");
    check_words(all, false, "kinder on 1, harder on 1");
    struct insight_agreement first = insight_agree(&s.room, SEAT_SERVER, SAMPLE_CANDIDATE, 0);
    CU_ASSERT_EQUAL(first.counted, 2);
    CU_ASSERT_EQUAL(first.same, 1);
    check_words(first, true, "harder to yourself on 1");
    sample_free(&s);
}

/* Ten items, all as the letters say: n not yet, p prompted, r raised. */
static struct insight_table table_of(const char *left, const char *right, int phase) {
    struct room_mark marks[2][SAMPLE_ITEMS] = {{{0}}};
    struct room_sheet sheets[2] = {{.marks = marks[0]}, {.marks = marks[1]}};
    struct pack *pack = sample_pack();
    for (int i = 0; i < SAMPLE_ITEMS; i++) {
        marks[0][i].mark = left[i] == 'r' ? MARK_RAISED : left[i] == 'p' ? MARK_PROMPTED : 0;
        marks[1][i].mark = right[i] == 'r' ? MARK_RAISED : right[i] == 'p' ? MARK_PROMPTED : 0;
    }
    struct insight_table out = {{{0}}};
    insight_tabulate(&out, pack, &sheets[0], &sheets[1], phase);
    pack_unref(pack);
    return out;
}

/* Where chance alone explains everything, or nothing, or cannot be told from agreement. */
static void test_agreement_at_the_edges(void) {
    static const struct {
        const char *left, *right;
        int same, counted;
        double kappa;
    } rows[] = {
        {"rrrrrrrrrr", "rrrrrrrrrr", 10, 10, 1},         /* pe is 1: nothing else could be said */
        {"nnnnnnnnnn", "nnnnnnnnnn", 0, 0, 1},           /* likewise */
        {"rrrrrrrrrr", "nnnnnnnnnn", 0, 10, 0},          /* po 0, pe 0 */
        {"rrrrrrrrrr", "rrrrrnnnnn", 5, 10, 0},          /* po .5, pe 1 * .5 */
        {"rrrrrnnnnn", "nnnnnrrrrr", 0, 10, -1},         /* po 0, pe .5 */
        {"rrrrrppppp", "rrrrrppppp", 10, 10, 1},         /* po 1, pe .5 */
        {"rrpnnnnnnn", "rprnnnnnnn", 1, 3, 0.26 / 0.46}, /* po .8; pe .2*.2 + .1*.1 + .7*.7 = .54:
                                                          * .26 / .46 = .5652 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct insight_table table = table_of(rows[i].left, rows[i].right, -1);
        struct insight_agreement whole = insight_agreement_of(&table);
        CU_ASSERT_EQUAL(whole.same, rows[i].same);
        CU_ASSERT_EQUAL(whole.counted, rows[i].counted);
        CU_ASSERT_DOUBLE_EQUAL(insight_kappa(&table), rows[i].kappa, 1e-9);
        struct insight_table turned = table_of(rows[i].right, rows[i].left, -1);
        CU_ASSERT_DOUBLE_EQUAL(insight_kappa(&turned), rows[i].kappa, 1e-9);
        CU_ASSERT_EQUAL(insight_agreement_of(&turned).kinder, whole.harder);
    }
    struct insight_table nothing = {{{0}}};
    insight_tabulate(&nothing, NULL, NULL, NULL, -1);
    CU_ASSERT_EQUAL(insight_agreement_of(&nothing).counted, 0);
    CU_ASSERT_EQUAL(insight_percent(insight_agreement_of(&nothing)), 0);
    CU_ASSERT_DOUBLE_EQUAL(insight_kappa(&nothing), 1, 1e-9);
}

/* Two recordings that say nothing apart say something together: kappa is of their sum. */
static void test_kappa_of_a_set(void) {
    struct insight_table set = table_of("rrrrrrrrrr", "rrrrrrrrrr", -1);
    struct insight_table more = table_of("nnnnnnnnnn", "nnnnnnnnnr", -1);
    CU_ASSERT_DOUBLE_EQUAL(insight_kappa(&more), 0, 1e-9);
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
            set.cell[a][b] += more.cell[a][b];
        }
    }
    /* By hand: po 19/20; 10 and 10 raised of a, 11 of b: pe (.5 * .55 + .5 * .45) = .5; .45 / .5 */
    CU_ASSERT_DOUBLE_EQUAL(insight_kappa(&set), 0.9, 1e-9);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"a phase that ends, and overtime", test_ending_and_over},
        {"minutes of an unreached phase", test_minutes_of_an_unreached_phase},
        {"no alarm unless the clock runs", test_silent_unless_running},
        {"alarms change only at announced moments", test_announced_moments},
        {"the summary", test_summary},
        {"enough of a group", test_enough},
        {"a summary of nothing", test_summary_of_nothing},
        {"agreement of two sheets", test_agreement},
        {"agreement at the edges", test_agreement_at_the_edges},
        {"kappa of a set", test_kappa_of_a_set},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"insight", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
