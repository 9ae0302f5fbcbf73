/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what a candidate has of a room of rules 2, and from when on: of the pack, of the own
 * sheet, of the answers to their commands; with packs that differ in all that is not open yet.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/view.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static uint32_t bit(enum pack_section section) {
    return UINT32_C(1) << section;
}

/* The sections that a seat's view has by now. */
static uint32_t sections_of(const struct sample *sample, uint8_t seat) {
    struct room seen;
    CU_ASSERT_TRUE_FATAL(sample_view(sample, seat, sample->count, &seen));
    uint32_t sections = seen.pack ? seen.pack->sections : 0;
    room_free(&seen);
    return sections;
}

static void expect(uint32_t sections) {
    static const uint32_t all = 1U << SECTION_OPEN | 1U << SECTION_GUIDE | 1U << SECTION_PROMPT |
                                1U << SECTION_TITLES | 1U << SECTION_RUBRIC | 1U << SECTION_PANEL;
    CU_ASSERT_EQUAL(sections_of(&s, SAMPLE_CANDIDATE), sections);
    CU_ASSERT_EQUAL(sections_of(&s, SAMPLE_HOST), all);
    CU_ASSERT_EQUAL(sections_of(&s, SAMPLE_COACH), all);
}

static enum refusal host(enum action act) {
    s.now += 1000;
    return sample_do(&s, SAMPLE_HOST, body_plain(act));
}

static void test_ordinary_room(void) {
    sample_open_rules(&s, 0, 2);
    uint32_t sections = bit(SECTION_OPEN);
    expect(sections);
    CU_ASSERT_EQUAL(host(ACTION_CLOCK_START), REFUSAL_NONE);
    expect(sections |= bit(SECTION_PROMPT));
    CU_ASSERT_EQUAL(room_sheet_due(&s.room), -1);
    CU_ASSERT_EQUAL(host(ACTION_SHEET_OPEN), REFUSAL_WRONG_STAGE);
    CU_ASSERT_EQUAL(host(ACTION_CLOCK_FINISH), REFUSAL_NONE);
    expect(sections);
    CU_ASSERT_EQUAL(room_sheet_due(&s.room), s.now + SHEET_OPENS_MS);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_CANDIDATE, body_plain(ACTION_SHEET_OPEN)),
                    REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(sample_do(&s, SEAT_SERVER, body_plain(ACTION_SHEET_OPEN)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(ACTION_SHEET_OPEN), REFUSAL_SAME);
    CU_ASSERT_EQUAL(room_sheet_due(&s.room), -1);
    expect(sections |= bit(SECTION_TITLES));
    CU_ASSERT_EQUAL(host(ACTION_DEBRIEF_OPEN), REFUSAL_NONE);
    expect(sections | bit(SECTION_GUIDE) | bit(SECTION_RUBRIC) | bit(SECTION_PANEL));
    sample_free(&s);
}

/* The debrief opens what the own sheet would have opened. */
static void test_debrief_at_once(void) {
    sample_open_rules(&s, 0, 2);
    CU_ASSERT_EQUAL(host(ACTION_CLOCK_START), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(ACTION_CLOCK_FINISH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(ACTION_DEBRIEF_OPEN), REFUSAL_NONE);
    CU_ASSERT_EQUAL(sections_of(&s, SAMPLE_CANDIDATE), sections_of(&s, SAMPLE_HOST));
    sample_free(&s);
}

static void test_modes(void) {
    struct room seen;
    sample_open_rules(&s, MODE_GUIDED, 2);
    expect(bit(SECTION_OPEN) | bit(SECTION_GUIDE));
    CU_ASSERT_TRUE_FATAL(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_EQUAL(seen.pack->phases[0].openings, 1);
    CU_ASSERT_EQUAL(seen.pack->phases[0].heading_count, 1); /* a list, without items */
    CU_ASSERT_EQUAL(seen.pack->item_count, 0);
    room_free(&seen);
    sample_free(&s);
    sample_open_rules(&s, MODE_TRAINING, 2);
    expect(bit(SECTION_OPEN) | bit(SECTION_TITLES));
    CU_ASSERT_EQUAL(host(ACTION_CLOCK_START), REFUSAL_NONE);
    CU_ASSERT_EQUAL(
        sample_do(&s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-1", MARK_RAISED)),
        REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(ACTION_CLOCK_FINISH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_sheet_due(&s.room), -1);
    sample_free(&s);
}

/* Of the alarms only those that name neither a phase nor a rule. */
static void test_alarms(void) {
    struct room seen;
    sample_open_rules(&s, 0, 2);
    CU_ASSERT_TRUE_FATAL(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_EQUAL_FATAL(seen.pack->alarm_count, 2);
    CU_ASSERT_EQUAL(seen.pack->alarms[0].when, ALARM_ENDING);
    CU_ASSERT_EQUAL(seen.pack->alarms[1].when, ALARM_OVER);
    CU_ASSERT_STRING_EQUAL(seen.pack->prompt, "");
    CU_ASSERT_EQUAL(seen.pack->phases[0].openings + seen.pack->phases[0].heading_count, 0);
    room_free(&seen);
    sample_free(&s);
}

/* An old room keeps what it had: all titles, and a sheet that is filled in at any time. */
static void test_rules_1(void) {
    sample_open_rules(&s, 0, 1);
    CU_ASSERT_EQUAL(sections_of(&s, SAMPLE_CANDIDATE), bit(SECTION_PUBLIC));
    CU_ASSERT_EQUAL(host(ACTION_CLOCK_START), REFUSAL_NONE);
    CU_ASSERT_EQUAL(
        sample_do(&s, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-1", MARK_RAISED)),
        REFUSAL_NONE);
    CU_ASSERT_EQUAL(host(ACTION_CLOCK_FINISH), REFUSAL_NONE);
    CU_ASSERT_EQUAL(room_sheet_due(&s.room), -1);
    CU_ASSERT_EQUAL(host(ACTION_SHEET_OPEN), REFUSAL_SAME);
    sample_free(&s);
}

/* ---- two packs that differ in all that is not open ---- */

static void write_view(const struct sample *sample, struct mp_writer *w) {
    uint32_t *order = sample_array(sample->count, sizeof *order);
    uint32_t n = view_order(&sample->room, SAMPLE_CANDIDATE, sample->events, sample->count, order);
    mp_writer_init(w);
    for (uint32_t i = 0; i < n; i++) {
        const struct event *event = &sample->events[order[i]];
        size_t start = w->len;
        event_write_sent(w, event, "abcdefghijkl", event->by == SAMPLE_CANDIDATE);
        CU_ASSERT_FALSE_FATAL(w->failed);
        event_patch_n(w->data + start, w->len - start, i + 1);
    }
    free(order);
}

static void expect_alike(const struct sample *one, const struct sample *other) {
    struct mp_writer a;
    struct mp_writer b;
    write_view(one, &a);
    write_view(other, &b);
    CU_ASSERT_TRUE(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
    mp_writer_free(&a);
    mp_writer_free(&b);
}

/* Whatever a candidate may try: ids that the one pack has, or the other, or none. */
static void expect_same_answers(struct sample *one, struct sample *other) {
    const struct body tries[] = {body_mark(ACTION_SELF_SET, "item-0", MARK_RAISED),
                                 body_mark(ACTION_SELF_SET, "item-9", MARK_RAISED),
                                 body_mark(ACTION_SELF_SET, "another-one-9", MARK_RAISED),
                                 body_mark(ACTION_SELF_SET, "none", MARK_NOT_YET),
                                 body_mark(ACTION_MARK_SET, "item-9", MARK_RAISED),
                                 body_mark(ACTION_SEAL_SET, "item-9", MARK_RAISED),
                                 body_flag("flag-2", true),
                                 body_fact("more"),
                                 body_curveball("last"),
                                 body_phase(ACTION_CLOCK_JUMP, 4),
                                 body_text(ACTION_TALK_SAY, "hello"),
                                 body_plain(ACTION_SHEET_OPEN)};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        enum refusal refusal = sample_do(one, SAMPLE_CANDIDATE, tries[i]);
        CU_ASSERT_EQUAL(sample_do(other, SAMPLE_CANDIDATE, tries[i]), refusal);
        CU_ASSERT_TRUE(tries[i].act != ACTION_SELF_SET || refusal == REFUSAL_WRONG_STAGE);
    }
}

/* The same steps with the other pack, as far as it does not differ in what they open. */
static void play_both(enum moment moment, const enum action *steps, int count) {
    struct sample two[2];
    for (int i = 0; i < 2; i++) {
        struct pack *pack = i == 0 ? sample_pack() : sample_other_pack(moment);
        sample_open_as(&two[i], pack, (struct body){.has = F(rules), .rules = 2});
        pack_unref(pack);
    }
    for (int step = 0; step <= count; step++) {
        expect_alike(&two[0], &two[1]);
        expect_same_answers(&two[0], &two[1]);
        expect_alike(&two[0], &two[1]);
        for (int i = 0; step < count && i < 2; i++) {
            two[i].now += 500;
            CU_ASSERT_EQUAL(sample_do(&two[i], SAMPLE_HOST, body_plain(steps[step])), REFUSAL_NONE);
        }
    }
    sample_free(&two[0]);
    sample_free(&two[1]);
}

static void test_two_packs(void) {
    static const enum action steps[] = {ACTION_CLOCK_START, ACTION_CLOCK_PAUSE,
                                        ACTION_CLOCK_FINISH};
    play_both(MOMENT_NEVER, NULL, 0); /* before the start */
    play_both(MOMENT_START, steps, 3);
}

int main(void) {
    static CU_TestInfo tests[] = {{"an ordinary room", test_ordinary_room},
                                  {"a debrief without a sheet", test_debrief_at_once},
                                  {"guided and training rooms", test_modes},
                                  {"alarms", test_alarms},
                                  {"a room of rules 1", test_rules_1},
                                  {"two packs, byte for byte", test_two_packs},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"moments", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
