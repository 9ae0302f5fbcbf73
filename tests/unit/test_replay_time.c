/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the time of the interview in a replay: pauses left out, as the report counts it; going
 * to a time that is typed; playing again from the end. Pictures are tests/golden/screen-replay-*.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/keys.h"
#include "protocol/room/clock.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

#define START  INT64_C(60000)
#define MINUTE INT64_C(60000)
#define WHOLE  (16 * MINUTE + 40000)

static struct played played;
static struct screen screen;
static struct paint paint;

/* An interview with a pause of three minutes in its Scope and a finish taken back. */
static void begin(void) {
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_jump(&played, START + 5 * MINUTE, 1);
    played_act(&played, PLAYED_ANA, START + 6 * MINUTE, ACTION_CLOCK_PAUSE);
    played_act(&played, PLAYED_ANA, START + 9 * MINUTE, ACTION_CLOCK_RESUME);
    played_jump(&played, START + 10 * MINUTE, 2);
    played_act(&played, PLAYED_ANA, START + 13 * MINUTE, ACTION_CLOCK_FINISH);
    played_act(&played, PLAYED_ANA, START + 13 * MINUTE + 20000, ACTION_CLOCK_UNFINISH);
    played_act(&played, PLAYED_ANA, START + 20 * MINUTE, ACTION_CLOCK_FINISH);
    played_act(&played, PLAYED_ANA, START + 21 * MINUTE, ACTION_DEBRIEF_OPEN);
}

/* The screen of the recording at a moment. */
static void look(int64_t at) {
    uint32_t n = 0;
    played_recording(&played, PLAYED_ANA, PLAYED_EVENTS_MAX);
    while (n < played.feed.event_count && played.view[n].at <= at) {
        n++;
    }
    played_recording(&played, PLAYED_ANA, n);
    screen.now = at;
    screen_follow(&screen);
    screen_draw(&screen, &paint);
}

static void open_screen(int64_t at) {
    played_recording(&played, PLAYED_ANA, PLAYED_EVENTS_MAX);
    screen_init(&screen, &played.feed, NULL);
    CU_ASSERT_FATAL(paint_init(&paint, 80, 24));
    look(at);
}

static void shows(const char *text) {
    char *drawn = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(drawn);
    if (strstr(drawn, text) == NULL) {
        fprintf(stderr, "\nnot \"%s\" in:\n%s", text, drawn);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(drawn, text));
    free(drawn);
}

static void press(const char *keys) {
    for (; *keys; keys++) {
        control_key(&screen, *keys);
        screen_draw(&screen, &paint);
    }
}

static void test_clock(void) {
    static const struct {
        int64_t at, running;
        enum clock_when when;
    } cases[] = {{START - 1, 0, CLOCK_BEFORE},
                 {START, 0, CLOCK_DURING},
                 {START + 5 * MINUTE, 5 * MINUTE, CLOCK_DURING},
                 {START + 6 * MINUTE, 6 * MINUTE, CLOCK_DURING},
                 {START + 8 * MINUTE, 6 * MINUTE, CLOCK_DURING},
                 {START + 9 * MINUTE + 1, 6 * MINUTE + 1, CLOCK_DURING},
                 {START + 13 * MINUTE, 10 * MINUTE, CLOCK_AFTER},
                 {START + 13 * MINUTE + 19999, 10 * MINUTE, CLOCK_AFTER},
                 {START + 16 * MINUTE, 12 * MINUTE + 40000, CLOCK_DURING},
                 {START + 30 * MINUTE, WHOLE, CLOCK_AFTER}};
    begin();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum clock_when when;
        CU_ASSERT_EQUAL(clock_running_at(&played.room, cases[i].at, &when), cases[i].running);
        CU_ASSERT_EQUAL(when, cases[i].when);
    }
    CU_ASSERT_EQUAL(clock_moment_of(&played.room, 0), START);
    CU_ASSERT_EQUAL(clock_moment_of(&played.room, 6 * MINUTE), START + 6 * MINUTE);
    CU_ASSERT_EQUAL(clock_moment_of(&played.room, 6 * MINUTE + 1), START + 9 * MINUTE + 1);
    CU_ASSERT_EQUAL(clock_moment_of(&played.room, WHOLE), START + 20 * MINUTE);
    CU_ASSERT_EQUAL(clock_moment_of(&played.room, WHOLE + 1), -1);
    played_free(&played);
    played_open(&played, 0);
    CU_ASSERT_EQUAL(clock_moment_of(&played.room, 0), -1);
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    CU_ASSERT_EQUAL(clock_moment_of(&played.room, 90 * MINUTE), START + 90 * MINUTE);
    played_free(&played);
}

static void test_words(void) {
    begin();
    open_screen(START - 30000);
    shows("0:30 before the start, normal speed");
    look(START + 8 * MINUTE);
    shows("6:00 of 16:40, the clock paused");
    look(START + 10 * MINUTE + 30000);
    shows("7:30 of 16:40, normal speed");
    look(START + 13 * MINUTE + 10000);
    shows("0:10 after the finish at 16:40");
    look(START + 21 * MINUTE);
    shows("1:00 after the finish at 16:40");
    played_stand_up(&played, &paint);
}

static void test_typed(void) {
    begin();
    open_screen(START);
    press(":7:30\r");
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    CU_ASSERT_EQUAL(played.feed.model.offset, START + 10 * MINUTE + 30000);
    press(":5\r"); /* minutes */
    CU_ASSERT_EQUAL(played.feed.model.offset, START + 5 * MINUTE);
    press(":0:00\r");
    CU_ASSERT_EQUAL(played.feed.model.offset, START);
    press(":0:16:41\r");
    shows("The interview ran for 16:40; that time is not in it.");
    static const char *const bad[] = {"",        ":", "7:", "7:60", "1:2:3:4",
                                      "1:60:00", "x", "-1", "1 2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        press(":");
        press(bad[i]);
        press("\r");
        CU_ASSERT_EQUAL(screen.writing, WRITE_TIME);
        CU_ASSERT_STRING_EQUAL(screen.said, "Give a time like 12:05, minutes and seconds.");
        control_key(&screen, CODE_ESCAPE);
        CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    }
    CU_ASSERT_EQUAL(played.feed.model.offset, START);
    played_stand_up(&played, &paint);
}

static void test_again(void) {
    begin();
    open_screen(START + 21 * MINUTE);
    played.feed.speed_num = 0;
    look(START + 21 * MINUTE);
    played.feed.speed_num = 0;
    screen_draw(&screen, &paint);
    shows("Space again");
    press(" ");
    CU_ASSERT_EQUAL(played.feed.speed_num, 1);
    CU_ASSERT_EQUAL(played.feed.model.offset, played.feed.first_at);
    played_stand_up(&played, &paint);
}

static CU_TestInfo tests[] = {{"the clock's past, either way", test_clock},
                              {"what the bar says", test_words},
                              {"a time that is typed", test_typed},
                              {"again from the end", test_again},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"replay time", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
