/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the screens of two interviewers, of whom one drives the clock: what P is called to each
 * and does, and that the keys of the clock are named to nobody whose keys they are not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/key_use.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

enum { START = 60000, MINUTE = 60000, SECOND = PLAYED_CLEO + 1 };

static struct played played;
static struct screen screen;
static struct paint paint;

/* Ana and Eva; `handed`: Ana has given the clock to Eva. */
static void open_room(bool running, bool handed) {
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_interviewer(&played, 2000, "Eva");
    if (running) {
        played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
        played_jump(&played, START + MINUTE, 1);
    }
    if (handed) {
        played_do(&played, PLAYED_ANA, START + 2 * MINUTE,
                  (struct body){.act = ACTION_CLOCK_DRIVE, .has = F(seat), .seat = SECOND});
    }
}

static void look(void) {
    played_look(&screen, &paint, played.room.at + 1000);
}

static void sit_down(uint8_t seat) {
    played.sent_count = 0;
    played.feed = (struct feed){.model = played.feed.model};
    played_view(&played, seat);
    screen_init(&screen, &played.feed, NULL);
    look();
    screen.tab = TAB_ROOM;
    look();
}

static bool shows(const char *words) {
    look();
    return played_shows(&paint, words);
}

/* By the line of keys, or by the help. */
static bool is_named(const char *key, bool help) {
    int at = 0;
    const struct key_row *row;
    while ((row = keys_next(screen_where(&screen), ROLE_INTERVIEWER, &at)) != NULL) {
        char buffer[KEY_CAPTION_SIZE];
        const char *says = help ? key_use_help(&screen, row) : key_use_label(&screen, row);
        if (says && strcmp(key_use_caption(&screen, row, buffer), key) == 0) {
            return true;
        }
    }
    return false;
}

static const struct clock_key {
    const char *caption;
    int code;
    bool in_line, lobby, live;
} keys[] = {{"n", 'n', true, true, true},   {"+-", '+', true, true, true},
            {"+-", '-', true, true, true},  {"p", 'p', true, false, true},
            {"b", 'b', true, false, true},  {"1-5", '3', false, false, true},
            {"N", 'N', false, false, true}, {"%", '%', false, true, false}};

/* Of who may not move the clock a key of it does nothing but say who drives. */
static void expect_key(uint8_t seat, const struct clock_key *key, bool may) {
    sit_down(seat);
    if (is_named(key->caption, true) != may ||
        (key->in_line && is_named(key->caption, false) != may)) {
        fprintf(stderr, "%s for seat %d\n", key->caption, seat);
        CU_FAIL("a key of the clock is named to the wrong interviewer");
    }
    control_key(&screen, key->code);
    bool acts = played.sent_count > 0 || screen.asking != ASK_NOTHING ||
                screen.twice.armed.kind != CHOSEN_NOTHING;
    CU_ASSERT_EQUAL(acts, may);
    CU_ASSERT_EQUAL(shows("drives the clock; P takes it over."), !may);
}

static void expect_keys(uint8_t seat, bool running, bool may) {
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (running ? keys[i].live : keys[i].lobby) {
            expect_key(seat, &keys[i], may);
        }
    }
    sit_down(seat);
    CU_ASSERT_EQUAL(!running && may, shows("choose by number, + and - change"));
}

/* `words` stand in the line of keys, others not; what P asks and sends then. */
static void expect_drive(uint8_t seat, const char *words, const char *others, const char *asks,
                         uint8_t to) {
    sit_down(seat);
    CU_ASSERT(shows(words));
    CU_ASSERT_FALSE(shows(others));
    control_key(&screen, 'P');
    CU_ASSERT(shows(asks));
    control_key(&screen, 'y');
    CU_ASSERT_EQUAL_FATAL(played.sent_count, 1);
    CU_ASSERT_EQUAL(played.sent[0].act, ACTION_CLOCK_DRIVE);
    CU_ASSERT_EQUAL(played.sent[0].seat, to);
}

static void expect_both(bool running, bool handed) {
    open_room(running, handed);
    uint8_t driver = handed ? SECOND : PLAYED_ANA;
    uint8_t other = handed ? PLAYED_ANA : SECOND;
    expect_drive(driver, "P hand over", "P take the clock",
                 handed ? "Hand the clock to Ana?" : "Hand the clock to Eva?", other);
    expect_drive(other, "P take the clock", "P hand over",
                 handed ? "Take the clock over from Eva?" : "Take the clock over from Ana?", other);
    expect_keys(driver, running, true);
    expect_keys(other, running, !handed); /* before it is handed over nobody is forbidden it */
    played_free(&played);
}

static void test_two(void) {
    CU_ASSERT_FATAL(paint_init(&paint, 160, 60));
    for (int i = 0; i < 4; i++) {
        expect_both(i & 1, i & 2);
    }
    paint_free(&paint);
}

/* There is nobody to hand it to. */
static void test_alone(void) {
    CU_ASSERT_FATAL(paint_init(&paint, 160, 60));
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    sit_down(PLAYED_ANA);
    CU_ASSERT_FALSE(is_named("P", false));
    CU_ASSERT_FALSE(is_named("P", true));
    CU_ASSERT(is_named("n", false));
    played_free(&played);
    paint_free(&paint);
}

static CU_TestInfo tests[] = {
    {"two interviewers", test_two},
    {"one alone", test_alone},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"two drivers", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
