/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a box's name is completed in the terminal from those that this board has, and from no
 * others.
 */
#include <locale.h>

#include "client/screen/control.h"
#include "client/screen/keys.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

enum { START = 60000 };

static struct played played;
static struct screen screen;
static struct paint paint;

static void press(int code) {
    control_key(&screen, code);
    screen_follow(&screen);
    screen_draw(&screen, &paint);
}

static void type(const char *keys) {
    for (; *keys; keys++) {
        press((unsigned char)*keys);
    }
}

static void begin(void) {
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_sit_down(&played, PLAYED_BEN, &screen, &paint, 80, 24);
    screen.now = START + 60000;
    screen.mono = 5000;
    screen_follow(&screen);
    screen.tab = TAB_BOARD;
    screen_follow(&screen);
}

/* Right offers names of this board alone, at the end of a beginning, and never one that was
 * dropped. */
static void test_names_completed(void) {
    static const struct {
        const char *typed, *is;
    } rows[] = {{"Kaf", "Kafka streams"}, {"Kin", "Kin"},       {"Kafka streams", "Kafka streams"},
                {"rep", "rep"},           {"Flink", "Flink 2"}, {"Water", "Water"}};
    begin();
    type("Kafka streams\tKinesis\treplay\rFlink 2\rWatermarks\r");
    press(CODE_ESCAPE);
    press(CODE_LEFT);
    press(CODE_DELETE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        type(rows[i].typed);
        press(CODE_RIGHT);
        CU_ASSERT_STRING_EQUAL(screen.input.text, rows[i].is);
        press(CODE_ESCAPE);
    }
    type("Kaf");
    press(CODE_LEFT);
    press(CODE_RIGHT);
    CU_ASSERT_STRING_EQUAL(screen.input.text, "Kaf");
    press(CODE_RIGHT);
    type("\tPulsar\r");
    const struct board *shown = drawing_shown(&played.feed.model);
    const struct board_thing *last = &shown->things[shown->count - 1];
    CU_ASSERT_STRING_EQUAL(last->text, "Kafka streams \xe2\x89\xa0 Pulsar");
    played_stand_up(&played, &paint);
}

static CU_TestInfo tests[] = {{"names completed", test_names_completed}, CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"completion on the board", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    return test_main(suites);
}
