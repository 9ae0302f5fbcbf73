/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the pairing screen, drawn from a state without a connection and compared with
 * tests/golden/pair-NAME.txt (SPAR_UPDATE_GOLDEN=1 writes them anew), its keys, and the words of
 * wishes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cmd/pair_json.h"
#include "client/cmd/pair_options.h"
#include "client/feed/model.h"
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
                                .wants_count = 4,
                                .wants_of = {{.role = ROLE_CANDIDATE, .minutes = 60},
                                             {.level = LEVEL_SENIOR, .minutes = PAIR_MINUTES},
                                             {.role = ROLE_INTERVIEWER, .level = LEVEL_STAFF},
                                             {.level = LEVEL_MID, .minutes = 30}},
                                .advice = {LOBBY_CHANGE_MINUTES, 60, 1},
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
    screen.mono = 1000 + 12000; /* a level keeps two apart for a while only */
    expect("waiting-120x40", 120, 40);
    screen.mono = 1000 + 4 * MINUTE + 12000;
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
static void shows(const char *text) {
    struct paint paint;
    CU_ASSERT_FATAL(paint_init(&paint, 80, 24));
    pair_screen_draw(&screen, &paint);
    char *drawn = paint_dump(&paint);
    CU_ASSERT_PTR_NOT_NULL(strstr(drawn, text));
    free(drawn);
    paint_free(&paint);
}

static void test_broken_names(void) {
    begin();
    snprintf(state.names, sizeof state.names, "Ana, Mal\n\n\nlory\xe2\x80\xa8, Ben");
    shows(" 2  Mal   lory          either role, senior, 45 minutes     you");
    state.wants_count = 0; /* of a server that tells names alone */
    shows("Ana, Mal   lory , Ben");
    end();
}

/* The longest that somebody can ask for still ends before what is said of it. */
static void test_long_wants(void) {
    begin();
    state.wants_of[1] = (struct lobby_wants){.role = ROLE_INTERVIEWER, .minutes = 45};
    shows("interviewer, any level, 45 minutes  you");
    state.wants_of[1].minutes = COHORT_MINUTES_MAX;
    shows("interviewer, any level, 240 minutes you");
    end();
}

/* A long queue keeps its place on the screen. */
static void test_long_queue(void) {
    begin();
    state.count = 7;
    state.wants_count = 7;
    snprintf(state.names, sizeof state.names, "Ana, Ben, Cleo, Dag, Eve, Finn, Gil");
    shows(" 4  Dag ");
    shows("and 3 more: Eve, Finn, Gil");
    end();
}

static void test_advice(void) {
    static const struct {
        struct lobby_advice advice;
        const char *words;
    } cases[] = {{{LOBBY_CHANGE_MINUTES, 60, 1}, "One more fits if you take 60 minutes  m"},
                 {{LOBBY_CHANGE_MINUTES, 0, 3}, "3 more fit if you take any length  m"},
                 {{LOBBY_CHANGE_PACKS, 7, 2}, "2 more fit if you take any prompt  a"},
                 {{LOBBY_CHANGE_ROLE, 0, 1}, "One more fits if you take either role  r"}};
    begin();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        state.advice = cases[i].advice;
        shows(cases[i].words);
    }
    char words[PAIR_ADVICE_SIZE];
    state.at = PAIR_IDLE;
    pair_advice(&state, words);
    CU_ASSERT_STRING_EQUAL(words, "");
    end();
}

/* Why one waits although somebody who fits is there. */
static void test_last(void) {
    begin();
    snprintf(state.last, sizeof state.last, "Cleo");
    shows("Cleo was your last partner: paired again once both have waited a minute");
    json_t *queue = pair_json_queue(&state);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(queue, "last")), "Cleo");
    json_decref(queue);
    char words[PAIR_LAST_SIZE];
    state.at = PAIR_MATCHED;
    pair_last(&state, words);
    CU_ASSERT_STRING_EQUAL(words, "");
    end();
}

static void expect_json(json_t *json, const char *text) {
    char *got = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    CU_ASSERT_PTR_NOT_NULL_FATAL(got);
    CU_ASSERT_STRING_EQUAL(got, text);
    free(got);
}

/* What would make one fit can be sent back as it came. */
static void test_batch_queue(void) {
    begin();
    json_t *queue = pair_json_queue(&state);
    expect_json(json_array_get(json_object_get(queue, "waiting"), 0),
                "{\"name\":\"Ana\",\"role\":\"candidate\",\"level\":\"any\",\"minutes\":60}");
    expect_json(json_array_get(json_object_get(queue, "waiting"), 2),
                "{\"name\":\"Cleo\",\"role\":\"interviewer\",\"level\":\"staff\","
                "\"minutes\":\"any\"}");
    json_t *fits = json_object_get(queue, "fits");
    expect_json(fits, "{\"more\":1,\"pair\":{\"minutes\":60}}");
    struct pair_wants wants;
    uint64_t chosen;
    char why[PAIR_OPTIONS_WHY_MAX];
    CU_ASSERT(pair_options_json(json_object_get(fits, "pair"), &state, &wants, &chosen, why));
    CU_ASSERT_EQUAL(wants.minutes, 60);
    json_decref(queue);
    state.advice = (struct lobby_advice){.change = LOBBY_CHANGE_NONE};
    queue = pair_json_queue(&state);
    expect_json(json_object_get(queue, "fits"), "null");
    json_decref(queue);
    state.evening = (struct pair_evening){.start = 1764700000000,
                                          .minutes = 120,
                                          .coming = 2,
                                          .mine = COHORT_COMES,
                                          .text = "Design",
                                          .names = "Ana, Cleo"};
    json_t *evening = pair_json_evening(&state.evening);
    expect_json(evening, "{\"start\":1764700000000,\"minutes\":120,\"text\":\"Design\","
                         "\"mine\":\"yes\",\"coming\":2,\"names\":\"Ana, Cleo\","
                         "\"missing\":\"\"}");
    json_decref(evening);
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

/* Nothing was heard within the last ping: the connection is not called live. */
static void test_silent(void) {
    begin();
    screen.mono = 1000000;
    state.heard_at = screen.mono - MODEL_SILENT_MS;
    state.at = PAIR_IDLE;
    state.since = -1;
    expect("heard-80x24", 80, 24);
    CU_ASSERT_EQUAL(pair_screen_next_change(&screen), 1);
    screen.mono += 14000;
    expect("silent-80x24", 80, 24);
    CU_ASSERT_EQUAL(pair_screen_next_change(&screen), 1000);
    state.cut_off = true;
    state.retry_at = screen.mono;
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
                              {"the longest wishes", test_long_wants},
                              {"a long queue", test_long_queue},
                              {"what would make one fit", test_advice},
                              {"the last partner", test_last},
                              {"the queue and the evening as JSON", test_batch_queue},
                              {"any size, the cursor in sight", test_small},
                              {"keys change a draft", test_keys},
                              {"a place is given up only by a yes", test_leaving},
                              {"prompts are chosen", test_packs},
                              {"waiting counts on the room's clock", test_time},
                              {"a connection that has fallen silent", test_silent},
                              {"words of wishes, at their bounds and past them", test_words},
                              {"wishes as JSON", test_json},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"pair", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
