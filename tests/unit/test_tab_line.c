/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the line of a room's panes has whole words at every width: each title, each count, what
 * a letter does, and the phase; what has no place is left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/key_use.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_room.h"
#include "tests/support/test_main.h"

enum { START = 60000, FROM = 40, TO = 130, LINE_SIZE = 1024 };

static struct played played;
static struct screen screen;
static struct paint paint;

static const char *const titles[] = {"My sealed sheet", "Sealed",       "My sheet",  "Rubric",
                                     "Prompt & facts",  "Prompt",       "Questions", "Flags",
                                     "Board",           "Notes & talk", "Talk",      "Room",
                                     "Prepare",         "Debrief",      "Verdict"};

/* Takes every whole `word` out of the line. */
static void take_out(char *line, const char *word) {
    size_t len = strlen(word);
    for (char *at = line; len > 0 && (at = strstr(at, word)) != NULL; at += len) {
        memset(at, ' ', len);
    }
}

/* The line of the panes, without what stands beside it behind a rule. */
static bool read_line(char *out) {
    char *picture = paint_dump(&paint);
    char *rest = NULL;
    bool found = false;
    for (char *line = strtok_r(picture, "\n", &rest); line && !found;
         line = strtok_r(NULL, "\n", &rest)) {
        char *open = strchr(line, '[');
        char *rule = NULL, *end = NULL;
        found = open != NULL;
        for (char *at = line; found && (at = strstr(at, "\xe2\x94\x82")) != NULL; at += 3) {
            rule = at < open ? at + 3 : rule;
            end = at > open && !end ? at : end;
        }
        if (found) {
            char *from = rule ? rule : line;
            snprintf(out, LINE_SIZE, "%.*s", end ? (int)(end - from) : LINE_SIZE - 1, from);
        }
    }
    free(picture);
    return found;
}

/* Takes out what may stand there; true if nothing is left. */
static bool has_whole_words(char *line) {
    const struct pack *pack = played.pack;
    const char *letter = key_use_letter(&screen);
    char word[PACK_PHASE_TITLE_MAX + 32];
    take_out(line, "looking at ");
    for (int i = 0; i < pack->phase_count; i++) {
        snprintf(word, sizeof word, "%d %s", i + 1, pack->phases[i].title);
        take_out(line, word);
        snprintf(word, sizeof word, "phase %d", i + 1);
        take_out(line, word);
        snprintf(word, sizeof word, "%d/%d", i + 1, pack->phase_count);
        take_out(line, word);
    }
    snprintf(word, sizeof word, "a-z %s", letter ? letter : "");
    take_out(line, letter ? word : "");
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        take_out(line, titles[i]);
    }
    take_out(line, "talk");
    for (int i = 1; i < 10; i++) {
        snprintf(word, sizeof word, "Tab: %d more", i);
        take_out(line, word);
        snprintf(word, sizeof word, "+%d", i);
        take_out(line, word);
    }
    return strspn(line, " []") == strlen(line);
}

static void expect_line(uint8_t seat, int width) {
    char line[LINE_SIZE], left[LINE_SIZE];
    screen_draw(&screen, &paint);
    CU_ASSERT_FATAL(read_line(line));
    snprintf(left, sizeof left, "%s", line);
    if (!has_whole_words(left)) {
        fprintf(stderr, "%d columns, seat %d: \"%s\"\n", width, seat, line);
        CU_FAIL("a word is cut");
    }
}

static void try_tabs(uint8_t seat, int width) {
    for (int tab = 0; tab < TAB_COUNT; tab++) {
        if (!screen_has_tab(&screen, (enum screen_tab)tab)) {
            continue;
        }
        for (int looked_at = -1; looked_at < 2; looked_at++) {
            screen.tab = (enum screen_tab)tab;
            screen.looked_at = looked_at;
            expect_line(seat, width);
        }
    }
}

/* `news`: somebody has said something meanwhile. */
static void try_seat(uint8_t seat, int width, int height, bool sealed, bool news) {
    CU_ASSERT_FATAL(paint_init(&paint, width, height));
    played_view(&played, seat);
    screen_init(&screen, &played.feed, NULL);
    screen.now = played.room.at + 1000;
    played.feed.model.sealed = sealed;
    screen_follow(&screen);
    if (news) {
        screen.heard.read = screen.heard.since = 0;
    }
    try_tabs(seat, width);
    paint_free(&paint);
}

static void try_all(void) {
    for (int width = FROM; width <= TO; width++) {
        for (int seat = PLAYED_ANA; seat <= PLAYED_CLEO; seat++) {
            try_seat((uint8_t)seat, width, 24, false, false);
            try_seat((uint8_t)seat, width, 40, seat == PLAYED_CLEO, true);
        }
    }
    played_free(&played);
}

static void begin(void) {
    played_open_as(&played, played_pack(), (struct body){.has = F(rules), .rules = 2});
    played_text(&played, PLAYED_ANA, 2000, ACTION_TALK_SAY, "Hello");
    played_text(&played, PLAYED_BEN, 2000, ACTION_TALK_SAY, "Hello");
}

static void test_lobby(void) {
    begin();
    try_all();
}

static void test_live(void) {
    begin();
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_jump(&played, START + 60000, 2);
    try_all();
}

static void test_debrief(void) {
    begin();
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_act(&played, PLAYED_ANA, START + 60000, ACTION_CLOCK_FINISH);
    played_act(&played, PLAYED_ANA, START + 120000, ACTION_DEBRIEF_OPEN);
    try_all();
}

/* Eight panes and a count fit a narrow screen by their short names; before, seven were "Tab: 7
 * more". */
static void test_short_names(void) {
    char line[LINE_SIZE];
    begin();
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_act(&played, PLAYED_ANA, START + 60000, ACTION_CLOCK_FINISH);
    played_act(&played, PLAYED_ANA, START + 120000, ACTION_DEBRIEF_OPEN);
    CU_ASSERT_FATAL(paint_init(&paint, 80, 24));
    played_view(&played, PLAYED_ANA);
    screen_init(&screen, &played.feed, NULL);
    screen.now = played.room.at + 1000;
    screen_follow(&screen);
    screen.heard.read = screen.heard.since = 0;
    screen.tab = TAB_VERDICT;
    screen_draw(&screen, &paint);
    CU_ASSERT_FATAL(read_line(line));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(line, " Rubric  Prompt  Questions  Flags  Talk +1  Room  Debrief [Verdict]"));
    paint_free(&paint);
    played_free(&played);
}

static CU_TestInfo tests[] = {
    {"the lobby", test_lobby},         {"an interview", test_live}, {"the debrief", test_debrief},
    {"short names", test_short_names}, CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"line of panes", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
