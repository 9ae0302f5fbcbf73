/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the pairing screen, drawn from a state without a connection and compared with
 * tests/golden/pair-NAME.txt (SPAR_UPDATE_GOLDEN=1 writes them anew), its keys, and the words of
 * wishes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd/pair_options.h"
#include "client/pack/choice.h"
#include "client/screen/keys.h"
#include "client/screen/pair_screen.h"
#include "tests/support/test_main.h"

#define MINUTE INT64_C(60000)

static struct pair_state state;
static struct pair_screen screen;

/* Somebody who has waited four minutes and is second of four. */
static void begin(void) {
    struct pack *packs[COHORT_PACKS_MAX];
    int count = pack_choice_all(packs, COHORT_PACKS_MAX);
    CU_ASSERT_FATAL(count >= 4);
    state = (struct pair_state){.at = PAIR_WAITING,
                                .cohort = "Data evenings",
                                .name = "Ben Ortiz",
                                .place = 2,
                                .count = 4,
                                .names = "Ana, Ben Ortiz, Cleo, 田中さん",
                                .since = 1000,
                                .rate = 1,
                                .wants = {.level = LEVEL_SENIOR,
                                          .minutes = PAIR_MINUTES,
                                          .wait_ms = PAIR_WAIT_MS,
                                          .any_pack = true}};
    for (int i = 0; i < count; i++) {
        state.packs[state.pack_count++] = (struct pair_pack){.pack = packs[i], .index = i};
    }
    state.packs[3].index = PAIR_DECLINED;
    pair_screen_init(&screen, &state);
    screen.mono = 1000 + 4 * MINUTE + 12000;
}

static void end(void) {
    for (int i = 0; i < state.pack_count; i++) {
        pack_unref(state.packs[i].pack);
    }
}

static void press(const char *keys) {
    for (; *keys; keys++) {
        pair_screen_key(&screen, *keys);
    }
}

static void compare(const char *name, const char *drawn) {
    char path[4096];
    static char golden[1 << 16];
    const char *source = getenv("SPAR_SOURCE");
    snprintf(path, sizeof path, "%s/tests/golden/pair-%s.txt", source ? source : ".", name);
    FILE *file = fopen(path, getenv("SPAR_UPDATE_GOLDEN") ? "w+b" : "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    if (getenv("SPAR_UPDATE_GOLDEN")) {
        fputs(drawn, file);
        rewind(file);
    }
    golden[fread(golden, 1, sizeof golden - 1, file)] = '\0';
    fclose(file);
    if (strcmp(golden, drawn) != 0) {
        fprintf(stderr, "\n%s differs; drawn:\n%s", path, drawn);
    }
    CU_ASSERT_STRING_EQUAL(golden, drawn);
}

static void expect(const char *name, int width, int height) {
    struct paint paint;
    CU_ASSERT_FATAL(paint_init(&paint, width, height));
    pair_screen_draw(&screen, &paint);
    char *drawn = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(drawn);
    compare(name, drawn);
    free(drawn);
    paint_free(&paint);
}

/* The last partner, whom one need not meet again: a key that is there only while there was one. */
static void test_not_again(void) {
    begin();
    press("ny");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_NOTHING);
    snprintf(state.last_room, sizeof state.last_room, "abcdefghijkl");
    snprintf(state.last_partner, sizeof state.last_partner, "Ben\033[2J Ortiz");
    press("n");
    expect("avoid-80x24", 80, 24);
    press("q");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_NOTHING);
    CU_ASSERT_FALSE(screen.avoiding);
    press("ny");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_AVOID);
    screen.wish = PAIR_WISH_NOTHING;
    press("?");
    expect("avoid-help-80x24", 80, 24);
    press(" ");
    state.at = PAIR_MATCHED;
    press("ny");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_NOTHING);
    end();
}

static void test_screens(void) {
    begin();
    expect("waiting-80x24", 80, 24);
    expect("waiting-120x40", 120, 40);
    press("rl");
    press("2");
    CU_ASSERT(pair_screen_differs(&screen));
    expect("draft-80x24", 80, 24);
    end();
    begin();
    state.cut_off = true;
    state.retry_at = screen.mono + 2500;
    snprintf(state.message, sizeof state.message,
             "The connection to spar.example.org:7450 was lost.");
    state.message_bad = true;
    expect("cut-off-80x24", 80, 24);
    end();
    begin();
    state.at = PAIR_IDLE;
    state.place = 0;
    state.since = -1;
    snprintf(state.message, sizeof state.message, "%s", pair_why(LOBBY_WHY_EXPIRED));
    /* ESC [2J and U+202E inside, a combining diaeresis. */
    static const char override[] = {(char)0xe2, (char)0x80, (char)0xae, '\0'};
    snprintf(state.names, sizeof state.names, "Eve\033[2J%s, Zo\xcc\x88%s", override, "e");
    expect("idle-80x24", 80, 24);
    end();
}

/* Who has line breaks in a name takes no more lines of the list than anybody else. */
static void test_broken_names(void) {
    struct paint paint;
    begin();
    snprintf(state.names, sizeof state.names, "Ana, Mal\n\n\nlory\xe2\x80\xa8, Ben");
    CU_ASSERT_FATAL(paint_init(&paint, 80, 24));
    pair_screen_draw(&screen, &paint);
    char *drawn = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL(strstr(drawn, "Ana, Mal   lory , Ben"));
    free(drawn);
    paint_free(&paint);
    end();
}

static void test_small(void) {
    begin();
    for (int width = 1; width < 90; width += 7) {
        for (int height = 1; height < 30; height += 3) {
            struct paint paint;
            CU_ASSERT_FATAL(paint_init(&paint, width, height));
            pair_screen_draw(&screen, &paint);
            paint_free(&paint);
        }
    }
    /* Wherever the cursor stands, its line is in sight. */
    for (int row = 0; row < PAIR_ROW_PACKS + state.pack_count; row++) {
        struct paint paint;
        CU_ASSERT_FATAL(paint_init(&paint, 60, 14));
        pair_screen_draw(&screen, &paint);
        char *drawn = paint_dump(&paint);
        CU_ASSERT_PTR_NOT_NULL(strstr(drawn, "›"));
        free(drawn);
        paint_free(&paint);
        pair_screen_key(&screen, CODE_DOWN);
    }
    end();
}

static void test_keys(void) {
    begin();
    press("rrr");
    CU_ASSERT_FALSE(pair_screen_differs(&screen));
    press("r");
    CU_ASSERT_EQUAL(screen.wants.role, ROLE_INTERVIEWER);
    pair_screen_key(&screen, CODE_LEFT);
    pair_screen_key(&screen, CODE_LEFT);
    CU_ASSERT_EQUAL(screen.wants.role, ROLE_CANDIDATE);
    press("m");
    CU_ASSERT_EQUAL(screen.wants.minutes, 60);
    press("mmm");
    CU_ASSERT_EQUAL(screen.wants.minutes, 30);
    press("w");
    CU_ASSERT_EQUAL(screen.wants.wait_ms, 60 * MINUTE);
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_NOTHING);
    press("\r");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_WAIT);
    end();
}

/* A place in the queue is given up only by a clear yes; the page of help takes one key to close. */
static void test_leaving(void) {
    begin();
    press("qn");
    pair_screen_key(&screen, CODE_ESCAPE);
    pair_screen_key(&screen, CODE_ESCAPE);
    press("qr?q");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_NOTHING);
    CU_ASSERT_FALSE(pair_screen_differs(&screen));
    press("qy");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_LEAVE);
    state.at = PAIR_IDLE;
    screen.wish = PAIR_WISH_NOTHING;
    press("q");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_LEAVE);
    end();
}

static void test_packs(void) {
    begin();
    press("2");
    CU_ASSERT_FALSE(screen.wants.any_pack);
    CU_ASSERT_EQUAL(screen.chosen, 2);
    press("14");
    CU_ASSERT_EQUAL(screen.chosen, 3); /* the fourth was declined by the server */
    press("12");
    CU_ASSERT(screen.wants.any_pack);
    /* Nothing has changed: Enter has nothing to ask for. */
    press("\r");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_NOTHING);
    state.at = PAIR_IDLE;
    press("\r");
    CU_ASSERT_EQUAL(screen.wish, PAIR_WISH_WAIT);
    end();
}

static void test_time(void) {
    begin();
    CU_ASSERT_EQUAL(pair_screen_waited(&screen), 4 * MINUTE + 12000);
    CU_ASSERT_EQUAL(pair_screen_next_change(&screen), 1000);
    state.rate = 60;
    CU_ASSERT_EQUAL(pair_screen_waited(&screen), 60 * (4 * MINUTE + 12000));
    CU_ASSERT_EQUAL(pair_screen_next_change(&screen), 40);
    state.at = PAIR_IDLE;
    state.since = -1;
    CU_ASSERT_EQUAL(pair_screen_waited(&screen), 0);
    CU_ASSERT_EQUAL(pair_screen_next_change(&screen), -1);
    end();
}

static void test_words(void) {
    struct pair_wants wants = {.minutes = 45};
    char why[PAIR_OPTIONS_WHY_MAX];
    CU_ASSERT(pair_options_role("candidate", &wants, why) && wants.role == ROLE_CANDIDATE);
    CU_ASSERT(pair_options_role("either", &wants, why) && wants.role == ROLE_NONE);
    CU_ASSERT_FALSE(pair_options_role("coach", &wants, why));
    CU_ASSERT(pair_options_level("staff", &wants, why) && wants.level == LEVEL_STAFF);
    CU_ASSERT_FALSE(pair_options_level("junior", &wants, why));
    CU_ASSERT(pair_options_minutes(NULL, &wants, why) && wants.minutes == 45);
    CU_ASSERT(pair_options_minutes("240", &wants, why) && wants.minutes == COHORT_MINUTES_MAX);
    CU_ASSERT_FALSE(pair_options_minutes("241", &wants, why));
    CU_ASSERT_FALSE(pair_options_minutes("0", &wants, why));
    CU_ASSERT_FALSE(pair_options_minutes("4x", &wants, why));
    CU_ASSERT(pair_options_minutes("any", &wants, why) && wants.minutes == 0);
    CU_ASSERT(pair_options_wait("1440", &wants, why) && wants.wait_ms == COHORT_WAIT_MAX_MS);
    CU_ASSERT_FALSE(pair_options_wait("1441", &wants, why));
    CU_ASSERT_FALSE(pair_options_wait("", &wants, why));
}

static bool read_json(const char *text, struct pair_wants *wants, uint64_t *chosen) {
    char why[PAIR_OPTIONS_WHY_MAX] = "";
    json_t *json = json_loads(text, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    bool good = pair_options_json(json, &state, wants, chosen, why);
    CU_ASSERT_EQUAL(good, why[0] == '\0');
    json_decref(json);
    return good;
}

static void test_json(void) {
    struct pair_wants wants;
    uint64_t chosen;
    begin();
    CU_ASSERT(read_json("{}", &wants, &chosen));
    CU_ASSERT_EQUAL(wants.level, LEVEL_SENIOR);
    CU_ASSERT(wants.any_pack);
    CU_ASSERT(read_json("{\"role\":\"interviewer\",\"minutes\":30,\"wait\":5}", &wants, &chosen));
    CU_ASSERT_EQUAL(wants.role, ROLE_INTERVIEWER);
    CU_ASSERT_EQUAL(wants.minutes, 30);
    CU_ASSERT_EQUAL(wants.wait_ms, 5 * MINUTE);
    CU_ASSERT(read_json("{\"packs\":[\"click-stream\"]}", &wants, &chosen));
    CU_ASSERT_FALSE(wants.any_pack);
    CU_ASSERT_EQUAL(chosen & (chosen - 1), 0);
    CU_ASSERT_NOT_EQUAL(chosen, 0);
    CU_ASSERT(read_json("{\"packs\":\"any\"}", &wants, &chosen) && wants.any_pack);
    CU_ASSERT_FALSE(read_json("{\"packs\":[]}", &wants, &chosen));
    CU_ASSERT_FALSE(read_json("{\"packs\":[\"nothing\"]}", &wants, &chosen));
    CU_ASSERT_FALSE(read_json("{\"minutes\":true}", &wants, &chosen));
    CU_ASSERT_FALSE(read_json("{\"colour\":1}", &wants, &chosen));
    end();
}

static CU_TestInfo tests[] = {{"the screens", test_screens},
                              {"not again with this person", test_not_again},
                              {"line breaks in names", test_broken_names},
                              {"any size, the cursor in sight", test_small},
                              {"keys change a draft", test_keys},
                              {"a place is given up only by a yes", test_leaving},
                              {"prompts are chosen", test_packs},
                              {"waiting counts on the room's clock", test_time},
                              {"words of wishes, at their bounds and past them", test_words},
                              {"wishes as JSON", test_json},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"pair", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
