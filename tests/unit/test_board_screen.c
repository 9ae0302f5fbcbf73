/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the board's pane: drawn by keys alone, what each key sends, what the panel sees and
 * points at; pictures at both sizes.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/keys.h"
#include "tests/support/board_bodies.h"
#include "tests/support/golden.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_room.h"
#include "tests/support/test_main.h"

enum { START = 60000, FIRST = PLAYED_BEN * BOARD_IDS + 1 };

static struct played played;
static struct screen screen;
static struct paint paint;

static void look(void) {
    screen.now = START + 60000;
    screen.mono = 5000;
    screen_follow(&screen);
    screen_draw(&screen, &paint);
}

static void begin(void) {
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
}

static void sit_down(uint8_t seat, int width, int height) {
    played_view(&played, seat);
    screen_init(&screen, &played.feed, NULL);
    CU_ASSERT_FATAL(paint_init(&paint, width, height));
    look();
    screen.tab = TAB_BOARD;
    look();
}

static void leave(void) {
    paint_free(&paint);
    played_free(&played);
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

static const struct board *shown(void) {
    return drawing_shown(&played.feed.model);
}

/* A letter begins a box; Tab writes the signs; Enter goes on to the next with an arrow. */
static void test_drawn_by_keys(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    golden_expect("board-empty-80x24", &paint);
    type("Kafka\tKinesis\treplay\tR1\r");
    CU_ASSERT_EQUAL(screen.writing, WRITE_BOX);
    golden_expect("board-write-80x24", &paint);
    type("Flink\r");
    press(CODE_ESCAPE);
    CU_ASSERT_EQUAL(shown()->count, 3);
    CU_ASSERT_STRING_EQUAL(board_find(shown(), FIRST)->text,
                           "Kafka \xe2\x89\xa0 Kinesis: replay; R1");
    CU_ASSERT_EQUAL(board_find(shown(), FIRST + 2)->kind, BOARD_ARROW);
    type("+dashboards within 60 s\r+\tlater: cost\r");
    CU_ASSERT_EQUAL(board_find(shown(), FIRST + 3)->kind, BOARD_REQ);
    CU_ASSERT_EQUAL(board_find(shown(), FIRST + 4)->kind, BOARD_LINE);
    press(CODE_LEFT);
    golden_expect("board-choose-80x24", &paint);
    leave();
}

static void test_arrows_and_moves(void) {
    begin();
    sit_down(PLAYED_BEN, 120, 40);
    type("a\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press(' ');
    press(CODE_DOWN);
    CU_ASSERT_EQUAL(board_find(shown(), FIRST)->row, 1);
    press(' ');
    press(CODE_RIGHT);
    type("b\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press('>');
    CU_ASSERT_EQUAL(screen.board.from, FIRST + 1);
    press(CODE_LEFT);
    press('>');
    CU_ASSERT_EQUAL(shown()->count, 3);
    press(CODE_DELETE);
    CU_ASSERT_TRUE(board_find(shown(), FIRST)->dropped);
    leave();
}

/* An earlier line is found by Up; left empty it is dropped. */
static void test_earlier_lines(void) {
    begin();
    sit_down(PLAYED_BEN, 80, 24);
    type("+one\r+two\r+");
    press(CODE_UP);
    CU_ASSERT_STRING_EQUAL(screen.input.text, "two");
    press(CODE_UP);
    type("!\r");
    CU_ASSERT_STRING_EQUAL(board_find(shown(), FIRST)->text, "one!");
    type("+");
    press(CODE_UP);
    for (int i = 0; i < 3; i++) {
        press(CODE_BACKSPACE);
    }
    press('\r');
    CU_ASSERT_TRUE(board_find(shown(), FIRST + 1)->dropped);
    leave();
}

/* The panel sees what nothing answers, and points; the candidate's screen does not say it. */
static void test_panel(void) {
    begin();
    played_do(&played, PLAYED_BEN, START + 1000, body_worded(ACTION_REQ_ADD, FIRST, "50 MB/s"));
    played_do(&played, PLAYED_BEN, START + 2000, body_worded(ACTION_REQ_ADD, FIRST + 1, "60 s"));
    played_do(&played, PLAYED_BEN, START + 3000, body_box(FIRST + 2, 0, 0, "Kafka; R1"));
    played_do(&played, PLAYED_CLEO, START + 4000, body_thing(ACTION_POINT_SET, FIRST + 2));
    sit_down(PLAYED_ANA, 120, 40);
    golden_expect("board-panel-120x40", &paint);
    press('c');
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 1);
    CU_ASSERT_EQUAL(played.sent[0].act, ACTION_POINT_SET);
    CU_ASSERT_EQUAL(played.sent[0].thing, FIRST + 1);
    press('\r');
    CU_ASSERT_EQUAL(played.sent[1].thing, FIRST + 2);
    paint_free(&paint);
    sit_down(PLAYED_BEN, 80, 24);
    char *picture = paint_dump(&paint);
    CU_ASSERT_PTR_NULL(strstr(picture, "answers"));
    CU_ASSERT_PTR_NOT_NULL(strstr(picture, "*Cleo"));
    free(picture);
    leave();
}

static CU_TestInfo tests[] = {{"drawn by keys", test_drawn_by_keys},
                              {"arrows and moves", test_arrows_and_moves},
                              {"earlier lines", test_earlier_lines},
                              {"the panel", test_panel},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"board's pane", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    return test_main(suites);
}
