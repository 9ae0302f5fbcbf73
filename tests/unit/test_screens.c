/* SPDX-License-Identifier: ISC */
/*
 * Purpose: whole screens of rooms that the real core played, compared with
 * tests/golden/screen-NAME.txt. SPAR_UPDATE_GOLDEN=1 writes the files anew: look at the difference
 * before committing it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/views.h"
#include "protocol/wire/hash.h"
#include "tests/support/golden.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

enum { START = 60000, MINUTE = 60000 };

static struct played played;
static struct screen screen;
static struct paint paint;

static void look(int64_t now) {
    screen.mono = 5000;
    played_look(&screen, &paint, now);
}

static void sit_down(uint8_t seat, int width, int height) {
    played_sit_down(&played, seat, &screen, &paint, width, height);
}

/* Compares what has been drawn and takes everything down. */
static void expect(const char *name) {
    char file[64];
    snprintf(file, sizeof file, "screen-%s", name);
    golden_expect(file, &paint);
    played_stand_up(&played, &paint);
}

static void press(const char *keys) {
    for (; *keys; keys++) {
        control_key(&screen, *keys);
    }
}

static const struct ui_link links[] = {
    {ROLE_CANDIDATE, "https://spar.example.org:7450/k3x9q2m5t7va#candidate."
                     "AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"},
    {ROLE_COACH, "https://spar.example.org:7450/k3x9q2m5t7va#coach."
                 "CCCCCCCCCCCCCCCCCCCCCA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"},
};

static void test_waiting(void) {
    played_open(&played, MODE_GUIDED);
    played_leave(&played, PLAYED_BEN, 20000);
    sit_down(PLAYED_ANA, 80, 24);
    screen.links = links;
    screen.link_count = 2;
    look(30000);
    expect("waiting-80x24");
    /* The server says who came by which link. */
    played_open(&played, MODE_GUIDED);
    sit_down(PLAYED_ANA, 80, 24);
    screen.links = links;
    screen.link_count = 2;
    digest_bytes("CCCCCCCCCCCCCCCCCCCCCA", 22, played.feed.links.used[0]);
    played.feed.links.used_by[0] = PLAYED_CLEO;
    played.feed.links.used_count = 1;
    look(30000);
    expect("waiting-used-80x24");
    played.feed.links.used_count = 0;
    played_open(&played, 0);
    sit_down(PLAYED_BEN, 80, 24);
    look(30000);
    expect("waiting-candidate-80x24");
}

/* What an interviewer prepares with, before the start and for the panel alone. */
static void test_prepare(void) {
    played_open(&played, 0);
    sit_down(PLAYED_ANA, 80, 24);
    look(30000);
    CU_ASSERT_TRUE(screen_has_tab(&screen, TAB_PREPARE));
    screen.tab = TAB_PREPARE;
    look(30000);
    expect("prepare-80x24");
    played_open(&played, 0);
    sit_down(PLAYED_BEN, 80, 24);
    look(30000);
    CU_ASSERT_FALSE(screen_has_tab(&screen, TAB_PREPARE));
    played_stand_up(&played, &paint);
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 21 * MINUTE);
    CU_ASSERT_FALSE(screen_has_tab(&screen, TAB_PREPARE));
    played_stand_up(&played, &paint);
}

static void test_interviewer(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 21 * MINUTE + 30000);
    expect("interviewer-80x24");
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 120, 40);
    look(START + 21 * MINUTE + 30000);
    expect("interviewer-120x40");
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 200, 60);
    look(START + 21 * MINUTE + 30000);
    expect("interviewer-200x60");
}

/* Nothing was heard within the last ping: the connection is not called live. */
static void test_silent(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 21 * MINUTE + 30400);
    screen.mono = 1000000;
    played.feed.model.rate = 1;
    played.feed.model.heard_at = screen.mono - MODEL_SILENT_MS;
    CU_ASSERT_EQUAL(model_silent(&played.feed.model, screen.mono), 0);
    CU_ASSERT_EQUAL(model_silent(&played.feed.model, screen.mono + 1), MODEL_SILENT_MS + 1);
    CU_ASSERT_EQUAL(screen_next_change(&screen), screen.now + 1);
    screen.mono += 14000;
    screen_draw(&screen, &paint);
    CU_ASSERT(screen_next_change(&screen) <= screen.now + 1000);
    expect("silent-80x24");
}

/* Overtime of ten minutes and more, and of hours, beside the people of the room. */
static void test_long_over(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 8 * MINUTE + 28 * MINUTE);
    expect("over-10-80x24");
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 8 * MINUTE + 143 * MINUTE);
    expect("over-2h-80x24");
}

static void test_longest_phase(void) {
    played_open(&played, 0);
    played_to_design(&played);
    played_jump(&played, START + 22 * MINUTE, 3);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 23 * MINUTE);
    expect("defend-80x24");
}

/* The played pack under the second rules, with five minutes spare. */
static void open_plan(void) {
    static const struct pack_alarm alarms[] = {
        {"ends", "Design ends in three minutes. What is not drawn yet stays undrawn.", ALARM_ENDING,
         2, 180000},
        {"ending", "One minute left in this phase.", ALARM_ENDING, -1, 60000},
        {"over", "The time of this phase is used up.", ALARM_OVER, -1, 0},
        {"late", "Defend is a minute late. Leave Design now.", ALARM_LATE, 3, 60000},
    };
    struct pack *pack = played_pack();
    pack->plans[0].spare_ms = 2 * MINUTE;
    pack->format = 2;
    memcpy(pack->alarms, alarms, sizeof alarms);
    pack->alarm_count = sizeof alarms / sizeof *alarms;
    pack->suggests[0] = (struct pack_suggest){.id = "unhappy",
                                              .text = "Bad input has no path yet.",
                                              .kind = SUGGEST_OPEN,
                                              .phase = 2,
                                              .items = {"unhappy"},
                                              .item_count = 1,
                                              .ms = 3 * MINUTE,
                                              .flag = "happy-path"};
    pack->suggests[1] = pack->suggests[0];
    pack->suggests[1].id = "quality";
    pack->suggests[1].items[0] = "quality";
    pack->suggests[1].flag = "no-detection";
    pack->suggest_count = 2;
    played_open_as(&played, pack, (struct body){.has = F(rules), .rules = 2});
}

static void start_plan(void) {
    open_plan();
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_jump(&played, START + 4 * MINUTE, 1);
}

/* The clock, the bars and the alarms name one moment; the candidate is not told what is a rule. */
static void test_one_moment(void) {
    open_plan();
    played_do(&played, PLAYED_ANA, 20000,
              (struct body){.act = ACTION_CLOCK_PLAN, .has = F(plan) | F(extra), .extra = 25});
    sit_down(PLAYED_ANA, 80, 24);
    look(30000);
    expect("plan-lobby-80x24");
    start_plan();
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 5 * MINUTE);
    expect("plan-saved-80x24");
    start_plan();
    played_jump(&played, START + 8 * MINUTE, 2);
    sit_down(PLAYED_ANA, 120, 40);
    look(START + 24 * MINUTE);
    expect("plan-reserve-120x40");
    start_plan();
    played_jump(&played, START + 11 * MINUTE, 2);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 26 * MINUTE + 30000);
    expect("plan-late-80x24");
    start_plan();
    played_jump(&played, START + 11 * MINUTE, 2);
    sit_down(PLAYED_BEN, 80, 24);
    look(START + 26 * MINUTE + 30000);
    expect("plan-late-candidate-80x24");
}

/* What the rules suggest stands beside the alarms, for the panel alone, with the keys for it. */
static void test_suggested(void) {
    start_plan();
    played_jump(&played, START + 8 * MINUTE, 2);
    sit_down(PLAYED_CLEO, 80, 24);
    look(START + 21 * MINUTE);
    expect("suggested-80x24");
    start_plan();
    played_jump(&played, START + 8 * MINUTE, 2);
    sit_down(PLAYED_ANA, 120, 40);
    look(START + 21 * MINUTE);
    expect("suggested-120x40");
    start_plan();
    played_jump(&played, START + 8 * MINUTE, 2);
    sit_down(PLAYED_ANA, 120, 40);
    look(START + 21 * MINUTE);
    press(".,");
    CU_ASSERT_EQUAL(played.sent_count, 2);
    CU_ASSERT_EQUAL(played.sent[0].act, ACTION_FLAG_SET);
    CU_ASSERT_EQUAL(played.sent[1].act, ACTION_SUGGEST_DROP);
    played_stand_up(&played, &paint);
    start_plan();
    sit_down(PLAYED_BEN, 80, 24);
    look(START + 21 * MINUTE);
    press(".,");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    played_stand_up(&played, &paint);
}

static void sit_at_recording(bool takes_marks) {
    played_recording(&played, PLAYED_CLEO, PLAYED_EVENTS_MAX);
    played.feed.takes_marks = takes_marks;
    screen_init(&screen, &played.feed, NULL);
    CU_ASSERT_FATAL(paint_init(&paint, 80, 24));
    look(START + 21 * MINUTE);
}

static bool picture_says(const char *words) {
    char *picture = paint_dump(&paint);
    bool says = picture && strstr(picture, words);
    free(picture);
    return says;
}

/* A recording shows what was suggested then, without keys; whoever marks it anew may take or drop
 * it, for themselves. */
static void test_suggested_in_a_recording(void) {
    start_plan();
    played_jump(&played, START + 8 * MINUTE, 2);
    sit_at_recording(false);
    CU_ASSERT_TRUE(
        picture_says("? Bad input has no path yet. Flag: Stayed on the happy path (+1)?"));
    press(".,");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    paint_free(&paint);
    sit_at_recording(true);
    CU_ASSERT_TRUE(
        picture_says(". , Bad input has no path yet. Flag: Stayed on the happy path (+1)?"));
    press(",");
    look(START + 21 * MINUTE);
    CU_ASSERT_EQUAL(played.sent_count, 0);
    CU_ASSERT_FALSE(picture_says("happy path"));
    press(".");
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 1);
    CU_ASSERT_TRUE(span_equal(played.sent[0].flag, "no-detection"));
    played_stand_up(&played, &paint);
}

/* One line holds the reason too, if it is wide enough: beside the board there is no second one. */
static void test_suggested_in_one_line(void) {
    static const char whole[] = "Bad input has no path yet. Flag: Stayed on the happy path (+1)?";
    start_plan();
    played_jump(&played, START + 8 * MINUTE, 2);
    played_jump(&played, START + 10 * MINUTE, 3);
    sit_down(PLAYED_ANA, 120, 40);
    look(START + 11 * MINUTE);
    CU_ASSERT_FALSE(picture_says(whole));
    view_alarms(&screen, area_part(paint_all(&paint), 0, 0, 60, 1), false);
    CU_ASSERT_FALSE(picture_says(whole));
    view_alarms(&screen, area_part(paint_all(&paint), 0, 0, 120, 1), false);
    CU_ASSERT_TRUE(picture_says(whole));
    paint_free(&paint);
    played_free(&played);
}

/* Beside the board, or in a small window: occasions are told apart, and the chosen fact is whole.
 */
static void test_facts_in_a_narrow_pane(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 48, 24);
    look(START + 20 * MINUTE);
    screen.tab = TAB_PROMPT;
    screen.cursor[TAB_PROMPT] = 1;
    look(START + 20 * MINUTE);
    CU_ASSERT_TRUE(picture_says("a ● about event volume\n"));
    CU_ASSERT_TRUE(picture_says("what real-time means\n"));
    CU_ASSERT_TRUE(picture_says("    The dashboards refresh every 60 seconds."));
    paint_free(&paint);
    played_free(&played);
}

/* Overtime, paused, cut off, and a mark that waits for the connection. */
static void test_trouble(void) {
    played_open(&played, 0);
    played_to_design(&played);
    played_act(&played, PLAYED_ANA, START + 24 * MINUTE, ACTION_CLOCK_PAUSE);
    sit_down(PLAYED_ANA, 80, 24);
    played.feed.model.connection = CONNECTION_WAITING;
    played.feed.model.retry_at = 7200;
    look(START + 25 * MINUTE);
    press("gA");
    look(START + 25 * MINUTE);
    expect("trouble-80x24");
}

static void test_panes(void) {
    static const struct {
        enum screen_tab tab;
        const char *name;
    } panes[] = {{TAB_PROMPT, "facts-80x24"},
                 {TAB_QUESTIONS, "questions-80x24"},
                 {TAB_FLAGS, "flags-80x24"},
                 {TAB_TALK, "talk-80x24"},
                 {TAB_ROOM, "room-80x24"}};
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
        played_open(&played, 0);
        played_to_design(&played);
        sit_down(PLAYED_ANA, 80, 24);
        look(START + 21 * MINUTE + 30000);
        screen.tab = panes[i].tab;
        screen.cursor[TAB_PROMPT] = 1;
        look(START + 21 * MINUTE + 30000);
        expect(panes[i].name);
    }
}

/* What does not fit below a list has the whole pane with Enter. */
static void test_flag_in_whole(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 21 * MINUTE);
    press("x");
    look(START + 21 * MINUTE);
    CU_ASSERT_TRUE(played_shows(&paint, "Stayed on the happy path")); /* the list */
    press("\r");
    look(START + 21 * MINUTE);
    CU_ASSERT_TRUE(played_shows(&paint, " Instead: "));
    CU_ASSERT_FALSE(played_shows(&paint, "Stayed on the happy path"));
    CU_ASSERT_TRUE(played_shows(&paint, played.feed.model.room.pack->flags[0].title));
    played_stand_up(&played, &paint);
}

static void test_last_phase(void) {
    played_open(&played, 0);
    played_to_design(&played);
    played_jump(&played, START + 22 * MINUTE, 3);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 23 * MINUTE);
    CU_ASSERT_TRUE(played_shows(&paint, " n next "));
    paint_free(&paint);
    played_jump(&played, START + 24 * MINUTE, 4);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 25 * MINUTE);
    CU_ASSERT_TRUE(played_shows(&paint, " n finish "));
    press("n");
    look(START + 25 * MINUTE);
    CU_ASSERT_TRUE(played_shows(&paint, "Finish the interview?"));
    played_stand_up(&played, &paint);
}

static void test_candidate(void) {
    played_open(&played, MODE_GUIDED);
    played_to_design(&played);
    sit_down(PLAYED_BEN, 80, 24);
    look(START + 21 * MINUTE + 30000);
    expect("candidate-80x24");
    played_open(&played, MODE_GUIDED);
    played_to_design(&played);
    sit_down(PLAYED_BEN, 120, 40);
    look(START + 21 * MINUTE + 30000);
    expect("candidate-120x40");
    played_open(&played, MODE_TRAINING);
    played_to_design(&played);
    sit_down(PLAYED_BEN, 80, 24);
    look(START + 21 * MINUTE + 30000);
    screen.tab = TAB_RUBRIC;
    screen.looked_at = 0;
    look(START + 21 * MINUTE + 30000);
    expect("candidate-sheet-80x24");
}

static void test_coach(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_CLEO, 80, 24);
    look(START + 9 * MINUTE);
    press("wAsk about late events");
    look(START + 21 * MINUTE);
    CU_ASSERT_EQUAL(screen.caret_y, 22);
    expect("coach-80x24");
}

static void test_debrief(void) {
    played_open(&played, 0);
    played_to_design(&played);
    played_to_debrief(&played);
    sit_down(PLAYED_BEN, 120, 60);
    look(START + 50 * MINUTE);
    expect("debrief-120x60");
    played_open(&played, 0);
    played_to_design(&played);
    played_to_debrief(&played);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 50 * MINUTE);
    expect("debrief-80x24");
}

/* The panel's sheet, the candidate's and those of three coaches: at 80 columns Left and Right turn
 * the pages. */
static void test_debrief_sheets(void) {
    int64_t at = START + 21 * MINUTE + 40000;
    played_open(&played, 0);
    played_to_design(&played);
    played_coach(&played, at, "Dana \033[31mof the long name");
    played_coach(&played, at, "東京の先生");
    played_seal(&played, PLAYED_CLEO, at, "volume", MARK_RAISED);
    played_seal(&played, PLAYED_CLEO, at, "latency", MARK_PROMPTED);
    played_seal(&played, 3, at, "volume", MARK_RAISED);
    played_seal(&played, 4, at, "schema", MARK_PROMPTED);
    played_to_debrief(&played);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 50 * MINUTE);
    screen.top[TAB_DEBRIEF] = 3;
    control_key(&screen, CODE_RIGHT);
    look(START + 50 * MINUTE);
    char *turned = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(turned);
    CU_ASSERT_EQUAL(screen.sheet, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(turned, "2-4 of 4"));
    free(turned);
    for (int i = 0; i < 9; i++) {
        control_key(&screen, CODE_RIGHT);
        look(START + 50 * MINUTE);
    }
    CU_ASSERT_EQUAL(screen.sheet, 1); /* no further than the last */
    for (int i = 0; i < 9; i++) {
        control_key(&screen, CODE_LEFT);
        look(START + 50 * MINUTE);
    }
    CU_ASSERT_EQUAL(screen.sheet, 0);
    expect("debrief-sheets-80x24");
}

/* "planned" is the plan as chosen, everywhere; with what was added it is "given". */
static void test_planned_and_given(void) {
    played_open(&played, 0);
    played_to_design(&played);
    played_do(&played, PLAYED_ANA, START + 21 * MINUTE + 40000,
              (struct body){.act = ACTION_CLOCK_ADD,
                            .has = F(phase) | F(ms),
                            .phase = 2,
                            .ms = (int64_t)2 * MINUTE});
    played_to_debrief(&played);
    sit_down(PLAYED_ANA, 80, 24);
    look(START + 50 * MINUTE);
    char *drawn = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(drawn);
    CU_ASSERT_PTR_NOT_NULL(strstr(drawn, "spent of 47:00 given"));
    CU_ASSERT_PTR_NOT_NULL(strstr(drawn, " 45:00 planned "));
    CU_ASSERT_PTR_NOT_NULL(strstr(drawn, "46:00 of 45:00 planned; "));
    free(drawn);
    played_stand_up(&played, &paint);
}

static void test_replay(void) {
    played_open(&played, 0);
    played_to_design(&played);
    played_to_debrief(&played);
    played_recording(&played, PLAYED_ANA, PLAYED_EVENTS_MAX);
    uint32_t n = 0;
    while (n < played.feed.event_count && played.view[n].at <= START + 12 * MINUTE) {
        n++;
    }
    played_recording(&played, PLAYED_ANA, n);
    screen_init(&screen, &played.feed, NULL);
    CU_ASSERT_FATAL(paint_init(&paint, 80, 24));
    look(START + 12 * MINUTE);
    expect("replay-80x24");
}

static void test_help(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 80, 24);
    press("?");
    look(START + 21 * MINUTE);
    expect("help-80x24");
}

static void test_other_sizes_and_ascii(void) {
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 40, 12);
    look(START + 21 * MINUTE);
    expect("interviewer-40x12");
    played_open(&played, 0);
    played_to_design(&played);
    sit_down(PLAYED_ANA, 120, 40);
    paint.ascii = true;
    look(START + 21 * MINUTE + 30000);
    expect("ascii-120x40");
}

static CU_TestInfo tests[] = {
    {"waiting for the start", test_waiting},
    {"preparing", test_prepare},
    {"interviewer in Design, an alarm due", test_interviewer},
    {"one planned moment", test_one_moment},
    {"what is suggested", test_suggested},
    {"what was suggested, in a recording", test_suggested_in_a_recording},
    {"what is suggested, in one line", test_suggested_in_one_line},
    {"facts in a narrow pane", test_facts_in_a_narrow_pane},
    {"the longest phase fits 80x24", test_longest_phase},
    {"overtime, paused and cut off", test_trouble},
    {"overtime of many minutes", test_long_over},
    {"a silent connection", test_silent},
    {"the panel's other panes", test_panes},
    {"a flag in whole", test_flag_in_whole},
    {"the last phase is finished, not left for a next one", test_last_phase},
    {"candidate", test_candidate},
    {"coach, whispering", test_coach},
    {"debrief", test_debrief},
    {"debrief with many sheets", test_debrief_sheets},
    {"planned and given", test_planned_and_given},
    {"replay", test_replay},
    {"help", test_help},
    {"the least size, and ASCII only", test_other_sizes_and_ascii},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"screens", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
