/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what is asked for twice before it reaches others, and that no key that is held, nor a
 * burst of one character, ever confirms it.
 */
#include <string.h>

#include "client/screen/control.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

static struct played played;
static struct screen screen;

static void look(void) {
    screen.now = played.room.at + 1000;
    screen_follow(&screen);
}

static void begin(void) {
    played_open(&played, 0);
    played_to_design(&played);
    played.sent_count = 0;
    played_view(&played, PLAYED_ANA);
    screen_init(&screen, &played.feed, NULL);
    look();
}

static void end(void) {
    played_free(&played);
}

/* Keys that come so many ms one after the other. */
static void press_each(const char *keys, int64_t ms) {
    for (; *keys; keys++) {
        control_key(&screen, *keys);
        screen.mono += ms;
        control_pass(&screen);
        look();
    }
}

/* As a person presses them: each by itself. */
static void press(const char *keys) {
    press_each(keys, 500);
}

/* A phase by its number is a choice until the same digit or Enter confirms it. */
static void test_phase_asks_twice(void) {
    begin();
    press("4");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.said, "4 again or Enter: to phase 4, "));
    press("54"); /* another digit chooses anew */
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press("o");
    control_key(&screen, CODE_ESCAPE);
    press("4"); /* so does any other key */
    CU_ASSERT_EQUAL(played.sent_count, 0);
    press("4");
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_CLOCK_JUMP);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->phase, 3);
    press("2\r");
    CU_ASSERT_EQUAL(played.sent_count, 2);
    CU_ASSERT_EQUAL(played_sent(&played, 1)->phase, 1);
    press("\r");
    CU_ASSERT_EQUAL(played.sent_count, 2);
    press("5");
    played.feed.model.room.move_count++; /* somebody else moves the clock */
    press("5");
    CU_ASSERT_EQUAL(played.sent_count, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.said, "moved meanwhile"));
    end();
}

/* One step is one key; the same step right after it would skip a phase, and asks. */
static void test_second_step_asks(void) {
    begin();
    press("n");
    CU_ASSERT_EQUAL(played.sent_count, 1);
    press("n");
    CU_ASSERT_EQUAL(played.sent_count, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.said, "n again or Enter"));
    press("b"); /* back is another step, and undoes a mistake at once */
    CU_ASSERT_EQUAL(played.sent_count, 2);
    screen.mono += 2000;
    press("b");
    CU_ASSERT_EQUAL(played.sent_count, 3);
    press("bb");
    CU_ASSERT_EQUAL(played.sent_count, 4);
    end();
}

/* A key that is held repeats after up to a second, and then fast: it never confirms. */
static void test_held_key(void) {
    static const char *const keys[] = {"e", "4", "n", "b"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        for (int64_t first = 0; first <= 900; first += 100) {
            begin();
            screen.tab = TAB_PROMPT;
            press_each(keys[i], first);
            for (int repeat = 0; repeat < 40; repeat++) {
                press_each(keys[i], repeat % 2 ? 30 : 92);
            }
            CU_ASSERT_EQUAL(played.sent_count, i < 2 ? 0 : 1);
            screen.mono += 5000;
            control_pass(&screen);
            CU_ASSERT_EQUAL(played.sent_count, i < 2 ? 0 : 1);
            CU_ASSERT_PTR_NOT_NULL(strstr(screen.said, "again or Enter"));
            press(keys[i]); /* and a press of its own does */
            CU_ASSERT_EQUAL(played.sent_count, i < 2 ? 1 : 2);
            end();
        }
    }
}

/* Twice, and another key at once: both count. */
static void test_twice_and_on(void) {
    begin();
    screen.tab = TAB_PROMPT;
    press("e");
    control_key(&screen, 'e');
    CU_ASSERT_EQUAL(played.sent_count, 0);
    CU_ASSERT_EQUAL(screen_next_change(&screen), screen.now + 150);
    control_key(&screen, 'p');
    CU_ASSERT_EQUAL(played.sent_count, 2);
    CU_ASSERT_EQUAL(played_sent(&played, 0)->act, ACTION_FACT_REVEAL);
    end();
}

static CU_TestInfo tests[] = {
    {"a phase by its number", test_phase_asks_twice},
    {"the same step again", test_second_step_asks},
    {"a key that is held", test_held_key},
    {"twice, and another key", test_twice_and_on},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"twice", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
