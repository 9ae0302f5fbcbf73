/* SPDX-License-Identifier: ISC */
/*
 * Purpose: words of the board and lines of the worksheet that were left by Esc: the same key in the
 * same place goes on with them, Ctrl-X throws them away, and nothing else comes back.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/keys.h"
#include "tests/support/board_bodies.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

enum { START = 60000, FIRST = PLAYED_BEN * BOARD_IDS + 1 };

static struct played played;
static struct screen screen;
static struct paint paint;

static void look(void) {
    screen.mono = 5000;
    played_look(&screen, &paint, START + 60000);
}

static void sit_down(void) {
    played_sit_down(&played, PLAYED_BEN, &screen, &paint, 80, 24);
    look();
    screen.tab = TAB_BOARD;
    look();
}

static void begin(void) {
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    sit_down();
}

static void press(int code) {
    control_key(&screen, code);
    look();
}

static void type(const char *keys) {
    for (; *keys; keys++) {
        press((unsigned char)*keys);
    }
}

static const char *text_of(uint32_t thing) {
    const struct board_thing *found = board_find(drawing_shown(&played.feed.model), thing);
    return found ? found->text : "none";
}

/* A letter begins other words; only where something was left it comes back, and once. */
static void test_new_box(void) {
    begin();
    type("Kafka");
    press(CODE_ESCAPE);
    CU_ASSERT(played_shows(
        &paint, "Enter in this place goes on with the text, Ctrl-X then throws it away."));
    press(CODE_RIGHT);
    press('\r');
    CU_ASSERT_EQUAL(screen.input.len, 0);
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press('"'); /* free words are no box */
    CU_ASSERT_EQUAL(screen.input.len, 0);
    press(CODE_ESCAPE);
    type("F");
    CU_ASSERT_STRING_EQUAL(screen.input.text, "F");
    press(CODE_BACKSPACE);
    press(CODE_ESCAPE);
    press('\r');
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Kafka");
    type("; R1\r");
    CU_ASSERT_STRING_EQUAL(text_of(FIRST), "Kafka; R1");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press(CODE_DELETE);
    press('\r');
    CU_ASSERT_EQUAL(screen.input.len, 0);
    played_stand_up(&played, &paint);
}

/* Another box in the place: what was left there is of no use any more. */
static void test_place_taken(void) {
    begin();
    type("Kafka");
    press(CODE_ESCAPE);
    type("Flink\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press(CODE_DELETE);
    press('\r');
    CU_ASSERT_EQUAL(screen.input.len, 0);
    played_stand_up(&played, &paint);
}

/* Of a thing: left as it was on the board, gone on with in the line; unchanged, nothing is kept. */
static void test_changed(void) {
    begin();
    type("Kafka\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    type("\r; R2");
    press(CODE_ESCAPE);
    CU_ASSERT_STRING_EQUAL(text_of(FIRST), "Kafka");
    CU_ASSERT(played_shows(&paint, "Left; Enter on it goes on with the text"));
    press('\r');
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Kafka; R2");
    press(CODE_THROW);
    CU_ASSERT(played_shows(&paint, "Thrown away."));
    press('\r');
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Kafka");
    press(CODE_ESCAPE);
    CU_ASSERT(played_shows(&paint, "Left as it was."));
    played_stand_up(&played, &paint);
}

static void test_arrow_and_frame(void) {
    begin();
    type("a\rb\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press('/');
    CU_ASSERT_EQUAL_FATAL(screen_chosen(&screen)->kind, BOARD_ARROW);
    type("\rby key");
    press(CODE_ESCAPE);
    press(CODE_ESCAPE);
    press('/');
    press('\r');
    CU_ASSERT_STRING_EQUAL(screen.input.text, "by key");
    type("\r");
    press(CODE_ESCAPE);
    press(CODE_DOWN);
    type("#Region");
    press(CODE_ESCAPE);
    CU_ASSERT(played_shows(&paint, "# in this place goes on"));
    type("_");
    CU_ASSERT_EQUAL(screen.input.len, 0);
    press(CODE_ESCAPE);
    type("#");
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Region");
    played_stand_up(&played, &paint);
}

/* A new line is kept with its kind, also when an earlier one is changed meanwhile. */
static void test_worksheet(void) {
    begin();
    type("+one\r+\tcost");
    press(CODE_ESCAPE);
    CU_ASSERT(played_shows(&paint, "Left; + goes on with the text"));
    press('+');
    CU_ASSERT_STRING_EQUAL(screen.input.text, "cost");
    CU_ASSERT(played_shows(&paint, "Line (Tab): cost"));
    press(CODE_UP);
    CU_ASSERT_STRING_EQUAL(screen.input.text, "one");
    type(" more");
    press(CODE_ESCAPE);
    CU_ASSERT(played_shows(&paint, "Left; + and Up go on"));
    press('+');
    CU_ASSERT(played_shows(&paint, "Line (Tab): cost"));
    press(CODE_UP);
    CU_ASSERT_STRING_EQUAL(screen.input.text, "one more");
    press('\r');
    CU_ASSERT_STRING_EQUAL(text_of(FIRST), "one more");
    type("+\r");
    CU_ASSERT_STRING_EQUAL(text_of(FIRST + 1), "cost");
    played_stand_up(&played, &paint);
}

/* A name that the framework begins a line with is nothing of one's own. */
static void test_begun_by_the_framework(void) {
    struct pack *pack = played_pack();
    pack->format = 2;
    pack->slots[0] = "Load";
    pack->slot_count = 1;
    played_open_as(&played, pack, (struct body){.has = F(rules), .rules = 2, .mode = MODE_GUIDED});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    sit_down();
    press('+');
    press(CODE_ESCAPE);
    CU_ASSERT(played_shows(&paint, "Left as it was."));
    type("+50 MB/s");
    press(CODE_ESCAPE);
    press('+');
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Load: 50 MB/s");
    played_stand_up(&played, &paint);
}

/* A line to people and several of the board are kept side by side. */
static void test_side_by_side(void) {
    begin();
    screen.tab = TAB_TALK;
    type("thalf");
    press(CODE_ESCAPE);
    screen.tab = TAB_BOARD;
    look();
    type("Kafka");
    press(CODE_ESCAPE);
    press(CODE_RIGHT);
    type("Flink");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press('\r');
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Kafka");
    press(CODE_ESCAPE);
    screen.tab = TAB_TALK;
    look();
    type("t\r");
    CU_ASSERT_EQUAL_FATAL(played.feed.model.pending_count, 1);
    CU_ASSERT_EQUAL(played.feed.model.pending[0].command.body.act, ACTION_TALK_SAY);
    played_stand_up(&played, &paint);
}

/* In what is written a star is a sign: the head does not say then that it ends thinking unseen. */
static void test_unseen(void) {
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_do(&played, PLAYED_BEN, START + 50000,
              (struct body){.act = ACTION_BOARD_PRIVATE, .has = F(on), .on = 1});
    sit_down();
    CU_ASSERT(played_shows(&paint, "0 held, * shows it"));
    type("k");
    CU_ASSERT(played_shows(&paint, "0 held"));
    CU_ASSERT_FALSE(played_shows(&paint, "shows it"));
    played_stand_up(&played, &paint);
}

static CU_TestInfo tests[] = {
    {"a new box", test_new_box},
    {"a place that was taken", test_place_taken},
    {"changed words", test_changed},
    {"an arrow and a frame", test_arrow_and_frame},
    {"the worksheet", test_worksheet},
    {"begun by the framework", test_begun_by_the_framework},
    {"side by side", test_side_by_side},
    {"unseen", test_unseen},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"left on the board", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    return test_main(suites);
}
