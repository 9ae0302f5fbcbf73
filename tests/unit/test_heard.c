/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what comes while another pane is in front leaves a count on its pane, and what is urgent
 * rings once: never for one's own, for what was there before, or in a recording.
 */
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

enum { START = 60000, MINUTE = 60000 };

static struct played played;
static struct screen screen;
static struct paint paint;
static int64_t now;

static bool shows(const char *words) {
    screen_draw(&screen, &paint);
    return played_shows(&paint, words);
}

/* What the seat has been sent by now; true: it rings. */
static bool look(uint8_t seat) {
    played_view(&played, seat);
    screen.now = now;
    screen.heard.ring = false;
    screen_follow(&screen);
    return screen.heard.ring;
}

static void say(uint8_t seat, enum action act, const char *text) {
    now += 1000;
    played_do(&played, seat, now, (struct body){.act = act, .has = F(text), .text = span_of(text)});
}

static void sit_down(uint8_t seat, int width, int height) {
    played_open(&played, 0);
    now = START;
    played_act(&played, PLAYED_ANA, now, ACTION_CLOCK_START);
    say(PLAYED_CLEO, ACTION_TALK_WHISPER, "before");
    CU_ASSERT_FATAL(paint_init(&paint, width, height));
    played_view(&played, seat);
    screen_init(&screen, &played.feed, NULL);
    CU_ASSERT_FALSE(look(seat));
}

static void test_whisper(void) {
    sit_down(PLAYED_ANA, 80, 24);
    CU_ASSERT(shows(" Notes & talk  Room"));
    say(PLAYED_CLEO, ACTION_TALK_WHISPER, "psst");
    CU_ASSERT(look(PLAYED_ANA));
    CU_ASSERT(shows(" Notes & talk +1 "));
    CU_ASSERT_FALSE(look(PLAYED_ANA));         /* once */
    say(PLAYED_BEN, ACTION_TALK_SAY, "aloud"); /* is heard without a bell */
    CU_ASSERT_FALSE(look(PLAYED_ANA));
    say(PLAYED_ANA, ACTION_TALK_WHISPER, "my own");
    CU_ASSERT_FALSE(look(PLAYED_ANA));
    CU_ASSERT_EQUAL(heard_unread(&screen), 2);
    screen.tab = TAB_TALK;
    look(PLAYED_ANA);
    CU_ASSERT_EQUAL(heard_unread(&screen), 0);
    say(PLAYED_CLEO, ACTION_TALK_WHISPER, "in front");
    CU_ASSERT_FALSE(look(PLAYED_ANA));
    screen.tab = TAB_RUBRIC;
    look(PLAYED_ANA);
    CU_ASSERT(shows(" Notes & talk  Room"));
    played_stand_up(&played, &paint);
}

/* Where the panes have no place side by side the count stands behind the open one. */
static void test_narrow(void) {
    sit_down(PLAYED_ANA, 44, 24);
    say(PLAYED_CLEO, ACTION_TALK_WHISPER, "psst");
    say(PLAYED_CLEO, ACTION_TALK_WHISPER, "psst!");
    CU_ASSERT(look(PLAYED_ANA));
    CU_ASSERT(shows("Notes & talk +2"));
    played_stand_up(&played, &paint);
}

static void test_candidate(void) {
    sit_down(PLAYED_BEN, 80, 24);
    say(PLAYED_CLEO, ACTION_TALK_WHISPER, "not for you");
    CU_ASSERT_FALSE(look(PLAYED_BEN));
    CU_ASSERT_EQUAL(heard_unread(&screen), 0);
    say(PLAYED_ANA, ACTION_TALK_SAY, "for you");
    CU_ASSERT_FALSE(look(PLAYED_BEN));
    CU_ASSERT_EQUAL(heard_unread(&screen), 1);
    played_stand_up(&played, &paint);
}

/* Minute by minute through an interview that stays in its first phase: each alarm rings once, and a
 * pause in between makes none of them new. */
static void test_alarms(void) {
    sit_down(PLAYED_ANA, 80, 24);
    int rings = 0, due = 0;
    uint32_t seen = 0;
    for (int minute = 1; minute < 50; minute++) {
        now = START + (int64_t)minute * MINUTE;
        bool rang = look(PLAYED_ANA);
        uint32_t fresh = screen.heard.alarms & ~seen;
        seen = screen.heard.alarms;
        due += fresh != 0;
        rings += rang;
        if (minute == 30) {
            played_act(&played, PLAYED_ANA, now, ACTION_CLOCK_PAUSE);
            CU_ASSERT_FALSE(look(PLAYED_ANA));
            played_act(&played, PLAYED_ANA, now, ACTION_CLOCK_RESUME);
            CU_ASSERT_FALSE(look(PLAYED_ANA));
        }
    }
    CU_ASSERT(rings > 0);
    CU_ASSERT_EQUAL(rings, due);
    played_stand_up(&played, &paint);
}

static void test_recording(void) {
    sit_down(PLAYED_ANA, 80, 24);
    say(PLAYED_CLEO, ACTION_TALK_WHISPER, "psst");
    played_recording(&played, PLAYED_ANA, PLAYED_EVENTS_MAX);
    screen_init(&screen, &played.feed, NULL);
    screen.now = now + (int64_t)40 * MINUTE;
    screen_follow(&screen);
    screen_follow(&screen);
    CU_ASSERT_FALSE(screen.heard.ring);
    CU_ASSERT_EQUAL(heard_unread(&screen), 0);
    played_stand_up(&played, &paint);
}

static CU_TestInfo tests[] = {
    {"a whisper", test_whisper},       {"a narrow window", test_narrow},
    {"the candidate", test_candidate}, {"alarms", test_alarms},
    {"a recording", test_recording},   CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"heard", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
