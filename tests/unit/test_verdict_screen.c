/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the pane of verdicts: what keys change in the draft, what is handed in, and how it looks
 * before and after it opens.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/views.h"
#include "protocol/room/view.h"
#include "tests/support/golden.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

static const int64_t end_of_it = INT64_C(60000) + INT64_C(50) * 60000;

static struct played played;
static struct screen screen;
static struct paint paint;

static void look(void) {
    screen.mono = 5000;
    played_look(&screen, &paint, end_of_it);
}

/* A debrief of rules 2 with two competencies; the played room is one of rules 1 without any. */
static void sit_down(uint8_t seat, int width, int height) {
    static const struct pack_competency competencies[] = {
        {"design", "Design under requirements", "Names tools.", "Some of it.",
         "Ties each tool to a requirement.", "And says what was rejected.", 2, 3, 4},
        {"failure", "Failure modes", "None.", "When asked.", "Three unasked.", "All.", 1, 3, 3}};
    played_open(&played, 0);
    played_to_design(&played);
    played_to_debrief(&played);
    played_view(&played, seat);
    struct room *room = &played.feed.model.room;
    room->rules = 2;
    memcpy(room->pack->competencies, competencies, sizeof competencies);
    room->pack->competency_count = 2;
    for (int i = 0; i < room->pack->item_count; i++) {
        room->pack->items[i].competency = competencies[i % 2].id;
    }
    played.feed.model.error_ms = 12;
    screen_init(&screen, &played.feed, NULL);
    CU_ASSERT_FATAL(paint_init(&paint, width, height));
    look();
    screen.tab = TAB_VERDICT;
    look();
}

static void stand_up(void) {
    played_stand_up(&played, &paint);
}

static void press(const char *keys) {
    for (; *keys; keys++) {
        control_key(&screen, *keys);
        look();
    }
}

/* An event of a rules 2 room, as the view gets it. */
static void happens(uint8_t by, struct body body) {
    struct room *room = &played.feed.model.room;
    struct event event = {
        .pos = room->pos + 1, .at = room->at, .by = by, .made = room->at, .body = body};
    CU_ASSERT_EQUAL_FATAL(room_apply(room, &event, NULL, NULL), APPLY_OK);
    look();
}

static void expect(const char *name) {
    golden_expect(name, &paint);
}

static void test_draft(void) {
    sit_down(PLAYED_ANA, 80, 24);
    press("aaacceeefff");
    CU_ASSERT_EQUAL(screen.draft.recommend, RECOMMEND_YES);
    CU_ASSERT_EQUAL(screen.draft.level, LEVEL_SENIOR);
    CU_ASSERT_EQUAL(screen.draft.scores[0], 3);
    CU_ASSERT_TRUE(screen.draft_changed);
    press("E"); /* the first moment at which something of it was marked, then the next, then none */
    int64_t first = screen.draft.moments[0];
    CU_ASSERT_TRUE(first > 0);
    press("E");
    CU_ASSERT_TRUE(screen.draft.moments[0] > first || screen.draft.moments[0] == 0);
    press("EEEEEEEEEEEE");
    screen.draft.moments[0] = first;
    press("h"); /* what the marks propose, to be edited */
    CU_ASSERT_EQUAL(screen.writing, WRITE_DRAFT);
    CU_ASSERT_TRUE(screen.input.len > 0);
    press("\x07g");
    press("Numbers first.\r");
    CU_ASSERT_STRING_EQUAL(screen.draft.texts[VERDICT_KEEP], "Numbers first.");
    CU_ASSERT_EQUAL(played.sent_count, 0); /* nothing leaves this machine */
    look();
    expect("verdict-80x24");
    stand_up();
}

/* Its texts have several lines, as notes have; Esc takes nothing away for good. */
static void test_lines(void) {
    sit_down(PLAYED_ANA, 80, 24);
    press("gAsked for numbers.\nDrew first.");
    CU_ASSERT_EQUAL(screen.writing, WRITE_DRAFT);
    expect("verdict-writing-80x24");
    control_key(&screen, CODE_ESCAPE);
    look();
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    CU_ASSERT_STRING_EQUAL(screen.draft.texts[VERDICT_KEEP], "");
    press("iAnother.\r");
    CU_ASSERT_STRING_EQUAL(screen.draft.texts[VERDICT_DRILL], "Another.");
    press("g Twice.\n\r");
    CU_ASSERT_STRING_EQUAL(screen.draft.texts[VERDICT_KEEP],
                           "Asked for numbers.\nDrew first. Twice.");
    look();
    expect("verdict-lines-80x24");
    stand_up();
}

static void test_hand_in(void) {
    sit_down(PLAYED_ANA, 120, 40);
    press("j");
    CU_ASSERT_EQUAL(screen.asking, ASK_NOTHING); /* not before the least has been said */
    press("aacccee");
    press("jy");
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 1);
    const struct body *body = &played.sent[0];
    CU_ASSERT_EQUAL(body->act, ACTION_VERDICT_GIVE);
    CU_ASSERT_EQUAL(body->recommend, RECOMMEND_NO);
    CU_ASSERT_EQUAL(body->level, LEVEL_STAFF);
    CU_ASSERT_EQUAL(body->scores.len, 2 * VERDICT_SCORE_BYTES);
    CU_ASSERT_FALSE(body->has & F(keep)); /* what was not said is not sent */
    look();
    struct verdict_row rows[VERDICT_ROWS_MAX];
    CU_ASSERT_EQUAL(views_verdict_rows(&screen, rows), 0); /* it is gone */
    stand_up();
}

static void test_rating(void) {
    sit_down(PLAYED_BEN, 80, 24);
    press("h");
    CU_ASSERT_EQUAL(screen.asking, ASK_NOTHING);
    press("aaaaff");
    CU_ASSERT_EQUAL(screen.draft.scores[RATING_PREPARED], 4);
    press("A"); /* evidence is the panel's */
    expect("verdict-rating-80x24");
    press("hy");
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 1);
    CU_ASSERT_EQUAL(played.sent[0].act, ACTION_RATING_GIVE);
    CU_ASSERT_EQUAL(played.sent[0].ratings.len, RATING_COUNT);
    stand_up();
}

/* Before it opens a seat sees who has handed in; then all. */
static void test_open(void) {
    static const char scores[] = "\3\0\0\xea\x60\2\0\0\0\0";
    struct body verdict = {.act = ACTION_VERDICT_GIVE,
                           .has = F(recommend) | F(level) | F(scores) | F(keep) | F(drill),
                           .recommend = RECOMMEND_YES,
                           .level = LEVEL_SENIOR,
                           .scores = {scores, 2 * VERDICT_SCORE_BYTES},
                           .keep = span_of("Asks for numbers, and comes back to them."),
                           .drill = span_of("Ten minutes of failure modes.")};
    struct body rating = {.act = ACTION_RATING_GIVE,
                          .has = F(ratings) | F(text),
                          .ratings = {"\4\3\0\2", RATING_COUNT},
                          .text = span_of("Thank you.")};
    struct body in = {.act = ACTION_VERDICT_IN, .has = F(seat), .seat = PLAYED_CLEO};
    sit_down(PLAYED_ANA, 120, 40);
    happens(SEAT_SERVER, in);
    expect("verdict-waiting-120x40");
    happens(SEAT_SERVER, (struct body){.act = ACTION_VERDICT_OPEN});
    happens(PLAYED_CLEO, verdict);
    happens(PLAYED_BEN, rating);
    expect("verdict-open-120x40");
    stand_up();
}

/* In a room of old rules there is no such pane. */
static void test_old_rules(void) {
    sit_down(PLAYED_ANA, 80, 24);
    played.feed.model.room.rules = 1;
    CU_ASSERT_FALSE(screen_has_tab(&screen, TAB_VERDICT));
    stand_up();
}

static CU_TestInfo tests[] = {{"the draft", test_draft},
                              {"texts of several lines", test_lines},
                              {"handing in", test_hand_in},
                              {"the candidate's rating", test_rating},
                              {"waiting and open", test_open},
                              {"old rules", test_old_rules},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"verdict screen", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    return test_main(suites);
}
