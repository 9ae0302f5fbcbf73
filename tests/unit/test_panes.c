/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what the help says to whom, and that every pane has a key, however many there are.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/keys.h"
#include "tests/support/board_bodies.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_room.h"
#include "tests/support/test_main.h"

enum { START = 60000, MINUTE = 60000 };

static struct played played;
static struct screen screen;
static struct paint paint;

static void sit_down(uint8_t seat, enum screen_tab tab) {
    played_view(&played, seat);
    screen_init(&screen, &played.feed, NULL);
    screen.now = played.room.at + 1000;
    screen_follow(&screen);
    screen.tab = tab;
    screen_follow(&screen);
}

static bool pane_says(const char *words) {
    char *picture = paint_dump(&paint);
    bool says = picture && strstr(picture, words);
    free(picture);
    return says;
}

/* To a candidate the help speaks of nobody whom their notes cannot reach, and of no answers. */
static void test_help_by_role(void) {
    CU_ASSERT_FATAL(paint_init(&paint, 120, 60));
    for (int seat = PLAYED_ANA; seat <= PLAYED_BEN; seat++) {
        bool panel = seat == PLAYED_ANA;
        played_open_as(&played, played_pack(),
                       (struct body){.has = F(rules) | F(mode), .rules = 2, .mode = MODE_TRAINING});
        played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
        sit_down((uint8_t)seat, TAB_RUBRIC);
        screen.help = true;
        screen_draw(&screen, &paint);
        CU_ASSERT_EQUAL(pane_says("the panel, everybody"), panel);
        CU_ASSERT_EQUAL(pane_says("what a strong answer holds"), panel);
        CU_ASSERT(pane_says("All about the line with the cursor"));
        sit_down((uint8_t)seat, TAB_TALK);
        control_key(&screen, '\r');
        CU_ASSERT_FALSE(screen.detail);
        played_free(&played);
    }
    paint_free(&paint);
}

/* A long name is cut before the stage is, which nothing else says. */
static void test_long_name(void) {
    static const char name[] = "A rather long name of somebody";
    CU_ASSERT_FATAL(paint_init(&paint, 80, 24));
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_act(&played, PLAYED_ANA, START + 1, ACTION_CLOCK_PAUSE);
    sit_down(PLAYED_ANA, TAB_RUBRIC);
    memcpy(played.feed.model.room.seats[PLAYED_ANA].name, name, sizeof name);
    screen_draw(&screen, &paint);
    CU_ASSERT(pane_says("A rather long name"));
    CU_ASSERT(pane_says(" paused "));
    played_free(&played);
    paint_free(&paint);
}

/* With a board there are nine panes in the debrief: each has its key, and Tab leads from the one
 * that opens by itself to the verdict. */
static void test_ninth_pane(void) {
    CU_ASSERT_FATAL(paint_init(&paint, 80, 24));
    for (int seat = PLAYED_ANA; seat <= PLAYED_BEN; seat++) {
        played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
        played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
        played_do(&played, PLAYED_BEN, START + 1,
                  body_box(PLAYED_BEN * BOARD_IDS + 1, 0, 0, "Kafka"));
        played_act(&played, PLAYED_ANA, START + MINUTE, ACTION_CLOCK_FINISH);
        played_act(&played, PLAYED_ANA, START + 2 * MINUTE, ACTION_DEBRIEF_OPEN);
        sit_down((uint8_t)seat, TAB_DEBRIEF);
        control_key(&screen, '\t');
        CU_ASSERT_EQUAL(screen.tab, TAB_VERDICT);
        control_key(&screen, CODE_F1 + 7);
        CU_ASSERT_EQUAL(screen.tab, TAB_DEBRIEF);
        control_key(&screen, CODE_F1 + 8);
        CU_ASSERT_EQUAL(screen.tab, TAB_VERDICT);
        played_free(&played);
    }
    paint_free(&paint);
}

static CU_TestInfo tests[] = {
    {"the help by role", test_help_by_role},
    {"nine panes", test_ninth_pane},
    {"a long name beside the stage", test_long_name},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"panes", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    return test_main(suites);
}
