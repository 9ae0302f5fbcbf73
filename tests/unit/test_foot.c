/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the line of state at the bottom: every sentence can be read to its end at 80 by 24, also
 * while something is written, and goes by itself, by a key or for a newer one.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/pair_screen.h"
#include "client/screen/views.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

enum { ROWS = 24, SECOND = 1000, START = 60000, LONG = 2 * SCREEN_FOOT_MS };

static struct played played;
static struct screen screen;
static struct paint paint;

static void look(void) {
    control_pass(&screen);
    played_look(&screen, &paint, played.room.at + 1000);
}

static void begin(void) {
    played_open(&played, 0);
    played_to_design(&played);
    played.sent_count = 0;
    played_view(&played, PLAYED_ANA);
    screen_init(&screen, &played.feed, NULL);
    screen.mono = START;
    CU_ASSERT_FATAL(paint_init(&paint, 80, ROWS));
    look();
}

/* The picture as one line, with one blank between words. */
static char *one_line(void) {
    char *picture = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(picture);
    char *to = picture;
    for (const char *at = picture; *at; at++) {
        bool blank = *at == ' ' || *at == '\n';
        if (blank && to > picture && to[-1] != ' ') {
            *to++ = ' ';
        } else if (!blank) {
            *to++ = *at;
        }
    }
    *to = '\0';
    return picture;
}

static bool shows(const char *words) {
    char *picture = one_line();
    bool found = strstr(picture, words) != NULL;
    free(picture);
    return found;
}

static void expect_whole(const char *sentence) {
    look();
    if (!shows(sentence)) {
        fprintf(stderr, "cut: %s\n", sentence);
        CU_FAIL("a sentence cannot be read to its end");
    }
}

static void test_refusals(void) {
    begin();
    for (int why = 1; why < REFUSAL_COUNT; why++) {
        const char *sentence = refusal_sentence((enum refusal)why);
        model_say(&played.feed.model, true, "%s", sentence);
        expect_whole(sentence);
        control_key(&screen, 't');
        model_say(&played.feed.model, true, "%s", sentence);
        expect_whole(sentence); /* above what is being written */
        CU_ASSERT(shows("Say to everybody:"));
        control_key(&screen, CODE_ESCAPE);
    }
    played_stand_up(&played, &paint);
}

/* As long as it may be, of this screen and of the feed. */
static void test_longest(void) {
    char words[256] = "";
    begin();
    for (size_t len = 0; len + 14 < sizeof words; len = strlen(words)) {
        snprintf(words + len, sizeof words - len, "word%zu ", len);
    }
    words[strlen(words) - 1] = '.';
    model_say(&played.feed.model, false, "%s", words);
    expect_whole(words);
    words[sizeof screen.said - 1] = '\0';
    screen.mono += SECOND;
    CU_ASSERT_TRUE((size_t)snprintf(screen.said, sizeof screen.said, "%s", words) <
                   sizeof screen.said);
    screen.said_at = screen.mono;
    expect_whole(words);
    played_stand_up(&played, &paint);
}

/* Every question with its answers, of a name that is as long as a name may be. */
static void test_questions(void) {
    static const char *const answers[] = {"y yes n no", "Esc nobody", "Esc nothing", "Esc later"};
    begin();
    struct room *room = &played.feed.model.room;
    for (int i = 0; i < NAME_MAX_BYTES; i++) {
        room->seats[PLAYED_BEN].name[i] = i % 9 == 8 ? ' ' : 'n';
    }
    screen.asked_seat = PLAYED_BEN;
    for (int asking = ASK_NOTHING + 1; asking <= ASK_DEVICE; asking++) {
        screen.asking = (enum asking)asking;
        look();
        bool found = false;
        for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
            found = found || shows(answers[i]);
        }
        CU_ASSERT(found);
        CU_ASSERT(shows("?"));
        CU_ASSERT_FALSE(shows("… y yes") || shows("… m move") || shows("… i int"));
    }
    played_stand_up(&played, &paint);
}

static void test_goes(void) {
    begin();
    struct model *model = &played.feed.model;
    model_say(model, false, "Ben is back.");
    expect_whole("Ben is back.");
    CU_ASSERT(screen_next_change(&screen) <= screen.now + SCREEN_FOOT_MS);
    screen.mono += SCREEN_FOOT_MS - 1;
    expect_whole("Ben is back.");
    screen.mono += 1;
    look();
    CU_ASSERT_FALSE(shows("Ben is back."));
    model_say(model, true, "That was refused.");
    expect_whole("That was refused.");
    control_key(&screen, 'o'); /* it has not been in sight yet */
    control_key(&screen, CODE_ESCAPE);
    CU_ASSERT_STRING_EQUAL(model->message, "That was refused.");
    screen.mono += SCREEN_FOOT_LEAST_MS;
    look();
    screen.mono += SCREEN_FOOT_LEAST_MS;
    control_key(&screen, '\t');
    look();
    CU_ASSERT_FALSE(shows("That was refused."));
    played_stand_up(&played, &paint);
}

/* That the last command is kept is said for a while, and from when it is. */
static void test_kept(void) {
    begin();
    control_key(&screen, 'a');
    screen.mono += LONG;
    look();
    CU_ASSERT(shows("on its way"));
    free(played.feed.model.pending[0].memory);
    played.feed.model.pending_count = 0;
    look();
    CU_ASSERT(shows("kept Sketch, left to right"));
    screen.mono += SCREEN_FOOT_MS - 1;
    look();
    CU_ASSERT(shows("kept Sketch, left to right"));
    CU_ASSERT_EQUAL(screen_foot_change(&screen), screen.now + played.feed.model.rate);
    screen.mono++;
    look();
    CU_ASSERT_FALSE(shows("kept"));
    CU_ASSERT_EQUAL(screen_foot_change(&screen), -1);
    played_stand_up(&played, &paint);
}

/* A newer sentence is not hidden by an older one, whoever says it. */
static void test_newer(void) {
    begin();
    model_say(&played.feed.model, false, "Of the room.");
    expect_whole("Of the room.");
    screen.mono += 1;
    control_paste(&screen, 'x');
    expect_whole("Pasted text is no key");
    screen.mono += 1;
    model_say(&played.feed.model, false, "Of the room again.");
    expect_whole("Of the room again.");
    played_stand_up(&played, &paint);
}

/* What is written hides a sentence, which waits; a question too. */
static void test_waits(void) {
    begin();
    control_key(&screen, 't');
    model_say(&played.feed.model, false, "Connected again.");
    look();
    screen.mono += LONG;
    look();
    control_key(&screen, 'x');
    control_key(&screen, CODE_ESCAPE);
    screen.mono += SCREEN_FOOT_MS + 1; /* what Esc has said goes first */
    look();
    screen.mono += SECOND;
    control_key(&screen, 'q');
    model_say(&played.feed.model, false, "Ben has left.");
    look();
    CU_ASSERT_FALSE(shows("Ben has left."));
    screen.mono += LONG;
    control_key(&screen, 'n');
    expect_whole("Ben has left.");
    played_stand_up(&played, &paint);
}

/* Why it has ended stays. */
static void test_ended(void) {
    begin();
    played.feed.model.connection = CONNECTION_ENDED;
    model_say(&played.feed.model, true, "Another connection has your seat.");
    expect_whole("Another connection has your seat.");
    screen.mono += LONG;
    control_key(&screen, '\t');
    expect_whole("Another connection has your seat.");
    played_stand_up(&played, &paint);
}

/* The queue's sentences too, and who is missing of an evening with many names. */
static void test_queue(void) {
    static struct pair_state state;
    static struct pair_screen pair;
    CU_ASSERT_FATAL(paint_init(&paint, 80, ROWS));
    state = (struct pair_state){.at = PAIR_WAITING,
                                .cohort = "Data",
                                .name = "Ben",
                                .place = 2,
                                .count = 4,
                                .rate = 1,
                                .names = "Ana, Ben, Cleo, Dora",
                                .wants_count = 4,
                                .wants = {.minutes = 60}};
    state.evening.start = 1764700000000;
    state.evening.minutes = 120;
    state.evening.coming = 40;
    snprintf(state.evening.missing, sizeof state.evening.missing, "Noor, Yuki");
    for (int i = 0; i < 40; i++) {
        size_t len = strlen(state.evening.names);
        snprintf(state.evening.names + len, sizeof state.evening.names - len, "%sPerson%d",
                 i ? ", " : "", i);
    }
    pair_screen_init(&pair, &state);
    pair_screen_draw(&pair, &paint);
    CU_ASSERT(shows("Not here yet: Noor, Yuki"));
    for (int why = 1; why < REFUSAL_COUNT; why++) {
        snprintf(state.message, sizeof state.message, "%s", refusal_sentence((enum refusal)why));
        pair_screen_draw(&pair, &paint);
        CU_ASSERT(shows(state.message));
    }
    paint_free(&paint);
}

static CU_TestInfo tests[] = {
    {"every refusal to its end", test_refusals},
    {"the longest sentence", test_longest},
    {"every question with its answers", test_questions},
    {"a sentence goes", test_goes},
    {"that it is kept", test_kept},
    {"a newer one comes first", test_newer},
    {"one that is hidden waits", test_waits},
    {"why it has ended stays", test_ended},
    {"the queue", test_queue},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"foot", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    return test_main(suites);
}
