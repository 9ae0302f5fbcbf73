/* SPDX-License-Identifier: ISC */
/*
 * Purpose: each audience against each role, before and after the debrief; the order in which the
 * debrief opens what was kept back; and what a seat is sent of an event.
 */
#include <string.h>

#include "protocol/room/view.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static enum refusal act(uint8_t seat, struct body body) {
    return sample_do(&s, seat, body);
}

/* A short interview in which every audience occurs. */
static void play(uint32_t mode) {
    sample_open(&s, mode);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_text(ACTION_NOTE_PANEL, "watch the clock")), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED)), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-1", 1)), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, body_text(ACTION_TALK_WHISPER, "slower")), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, body_text(ACTION_NOTE_MINE, "own")), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_fact("fact-0")), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, body_flag("flag-0", true)), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), 0);
}

static void test_audiences(void) {
    /* at once before the debrief, for: another interviewer, the candidate, a coach, the author */
    static const struct {
        enum audience audience;
        bool others_panel, candidate, author;
        bool opens;
    } rows[] = {{AUD_ALL, true, true, true, false},       {AUD_PANEL, true, false, true, true},
                {AUD_SHEET, true, false, true, true},     {AUD_WHISPER, true, false, true, false},
                {AUD_OWN, false, false, true, true},      {AUD_MINE, false, false, true, false},
                {AUD_SERVER, false, false, false, false}, {AUD_GUIDE, true, false, true, true},
                {AUD_PROMPT, true, false, true, true},    {AUD_TITLES, true, false, true, true}};
    sample_open(&s, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum audience audience = rows[i].audience;
        CU_ASSERT_EQUAL(view_sees(&s.room, SAMPLE_SECOND, audience, SAMPLE_HOST),
                        rows[i].others_panel);
        CU_ASSERT_EQUAL(view_sees(&s.room, SAMPLE_COACH, audience, SAMPLE_HOST),
                        rows[i].others_panel);
        CU_ASSERT_EQUAL(view_sees(&s.room, SAMPLE_CANDIDATE, audience, SAMPLE_HOST),
                        rows[i].candidate);
        CU_ASSERT_EQUAL(view_sees(&s.room, SAMPLE_HOST, audience, SAMPLE_HOST), rows[i].author);
        CU_ASSERT_EQUAL(audience_row(audience)->opens != MOMENT_NEVER, rows[i].opens);
        /* Nobody's seat sees what everybody sees, and no more. */
        CU_ASSERT_EQUAL(view_sees(&s.room, SAMPLE_SEATS, audience, SAMPLE_HOST),
                        audience == AUD_ALL);
    }
    sample_free(&s);
}

/* Actions of a seat's view, in order. */
static uint32_t acts_of(uint8_t seat, enum action acts[64], uint32_t from) {
    memset(acts, 0, 64 * sizeof *acts);
    uint32_t order[64];
    uint32_t n = view_order(&s.room, seat, s.events, s.count, order);
    for (uint32_t i = from; i < n; i++) {
        acts[i - from] = s.events[order[i]].body.act;
    }
    return n - from;
}

static void check_acts(uint8_t seat, uint32_t from, const enum action *wanted, uint32_t count) {
    enum action acts[64];
    CU_ASSERT_EQUAL_FATAL(acts_of(seat, acts, from), count);
    for (uint32_t i = 0; i < count; i++) {
        CU_ASSERT_EQUAL(acts[i], wanted[i]);
    }
}

static void test_the_debrief_opens_in_order(void) {
    static const enum action before[] = {ACTION_ROOM_OPEN,   ACTION_SEAT_JOIN, ACTION_SEAT_JOIN,
                                         ACTION_SEAT_JOIN,   ACTION_SEAT_JOIN, ACTION_CLOCK_START,
                                         ACTION_SELF_SET,    ACTION_NOTE_MINE, ACTION_FACT_REVEAL,
                                         ACTION_CLOCK_FINISH};
    static const enum action after[] = {ACTION_DEBRIEF_OPEN, ACTION_ROOM_BRIEF, ACTION_NOTE_PANEL,
                                        ACTION_MARK_SET,     ACTION_FLAG_SET,   ACTION_NOTE_PANEL,
                                        ACTION_ROOM_CLOSE};
    static const enum action coach[] = {ACTION_DEBRIEF_OPEN, ACTION_SELF_SET, ACTION_NOTE_PANEL,
                                        ACTION_ROOM_CLOSE};
    play(0);
    check_acts(SAMPLE_CANDIDATE, 0, before, 10);
    uint32_t coach_before = view_count(&s.room, SAMPLE_COACH);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), 0);
    CU_ASSERT_EQUAL(s.room.seats[SAMPLE_HOST].last_n, coach_before + 1);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, body_text(ACTION_NOTE_PANEL, "openly")), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_ROOM_CLOSE)), 0);
    check_acts(SAMPLE_CANDIDATE, 10, after, 7);
    check_acts(SAMPLE_COACH, coach_before, coach, 4);
    sample_free(&s);
}

static void test_a_room_closed_without_debrief_keeps_it(void) {
    play(0);
    uint32_t before = view_count(&s.room, SAMPLE_CANDIDATE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_ROOM_CLOSE)), 0);
    CU_ASSERT_EQUAL(view_count(&s.room, SAMPLE_CANDIDATE), before + 1);
    sample_free(&s);
}

/* The candidate's fold lacks the panel part, and after the debrief has all that it may have. */
static void test_a_candidates_fold(void) {
    struct room seen;
    play(0);
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_FALSE(seen.pack->has_panel);
    CU_ASSERT_EQUAL(seen.facts, 0);
    CU_ASSERT_EQUAL(seen.reveal_count, 1);
    CU_ASSERT_STRING_EQUAL(seen.reveals[0].text, s.room.pack->facts[0].text);
    CU_ASSERT_PTR_NULL(room_sheet_of(&seen, SEAT_SERVER));
    CU_ASSERT_EQUAL(seen.pos, view_count(&seen, SAMPLE_CANDIDATE));
    CU_ASSERT_EQUAL(seen.seats[SAMPLE_HOST].last_id, 0);
    CU_ASSERT_EQUAL(seen.seats[SAMPLE_CANDIDATE].last_id, s.ids[SAMPLE_CANDIDATE]);
    CU_ASSERT_EQUAL(seen.seats[SAMPLE_CANDIDATE].last_n, s.room.seats[SAMPLE_CANDIDATE].last_n);
    CU_ASSERT_FALSE(seen.seats[SAMPLE_HOST].claimed);
    room_free(&seen);
    s.now = 9000;
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), 0);
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_TRUE(seen.pack->has_panel);
    CU_ASSERT_EQUAL(seen.facts, 1);
    CU_ASSERT_EQUAL(seen.at, 9000);
    CU_ASSERT_EQUAL(room_panel_mark(&seen, 0), MARK_RAISED);
    CU_ASSERT_EQUAL(room_sheet_of(&seen, SEAT_SERVER)->marks[0].at, 1000);
    CU_ASSERT_EQUAL(seen.flag_count, 1);
    CU_ASSERT_EQUAL(seen.line_count, 2); /* the panel's note and its own; never the whisper */
    CU_ASSERT_EQUAL(seen.pos, view_count(&s.room, SAMPLE_CANDIDATE));
    room_free(&seen);
    sample_free(&s);
}

static void test_what_a_seat_is_sent(void) {
    sample_open(&s, 0);
    const struct event *join = &s.events[3];
    CU_ASSERT_EQUAL(join->body.act, ACTION_SEAT_JOIN);
    CU_ASSERT_TRUE((join->body.has & F(key)) != 0);
    struct event seen = view_event(join, SAMPLE_COACH, 7);
    CU_ASSERT_EQUAL(seen.pos, 7);
    CU_ASSERT_EQUAL(seen.body.has & (F(key) | F(invite)), 0);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_text(ACTION_TALK_SAY, "hello")), 0);
    const struct event *say = &s.events[s.count - 1];
    CU_ASSERT_EQUAL(view_event(say, SAMPLE_HOST, 1).id, say->id);
    CU_ASSERT_EQUAL(view_event(say, SAMPLE_COACH, 1).id, 0);
    sample_free(&s);
}

static void test_a_training_room(void) {
    play(MODE_TRAINING);
    struct event mark = {.body = {.act = ACTION_MARK_SET}};
    struct event flag = {.body = {.act = ACTION_FLAG_SET}};
    CU_ASSERT_EQUAL(view_audience(&s.room, &mark), AUD_ALL);
    CU_ASSERT_EQUAL(view_audience(&s.room, &flag), AUD_PANEL);
    CU_ASSERT_EQUAL(view_count(&s.room, SAMPLE_CANDIDATE), 11);
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"audiences and roles", test_audiences},
        {"the debrief opens what was kept, in order", test_the_debrief_opens_in_order},
        {"a room closed without a debrief opens nothing",
         test_a_room_closed_without_debrief_keeps_it},
        {"a candidate's fold", test_a_candidates_fold},
        {"what a seat is sent", test_what_a_seat_is_sent},
        {"a training room", test_a_training_room},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"view", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
