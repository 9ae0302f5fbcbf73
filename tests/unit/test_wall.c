/* SPDX-License-Identifier: ISC */
/*
 * Purpose: rooms of the wall stand in the order of their need and stay still otherwise; keys and
 * clicks do what they say; the pictures are tests/golden/wall-NAME.txt.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "client/batch/wall_json.h"
#include "client/screen/keys.h"
#include "client/screen/wall_screen.h"
#include "tests/support/golden.h"
#include "tests/support/test_main.h"
#include "tests/support/wall_scene.h"

static struct wall_scene scene;

/* The numbers of the rooms as they stand, with blanks between them. */
static const char *order(void) {
    static char text[256];
    text[0] = '\0';
    for (int i = 0; i < scene.screen.shown_count; i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%u", i > 0 ? " " : "",
                 scene.screen.shown[i]->number);
    }
    return text;
}

static void picture(const char *name, int width, int height, const char *keys) {
    wall_scene_open(&scene, width, height);
    wall_scene_evening(&scene);
    wall_scene_look(&scene);
    wall_scene_press(&scene, keys);
    wall_scene_look(&scene);
    golden_expect(name, &scene.paint);
    wall_scene_close(&scene);
}

static void test_pictures(void) {
    picture("wall-80x24", 80, 24, "");
    picture("wall-120x40", 120, 40, "jjm");
    picture("wall-200x50", 200, 50, "");
    picture("wall-40x12", 40, 12, "");
    picture("wall-help-80x24", 80, 24, "?");
    picture("wall-whisper-80x24", 80, 24, "jwAsk who owns the schema.");
}

static void test_ascii(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_evening(&scene);
    scene.paint.ascii = true;
    wall_scene_look(&scene);
    golden_expect("wall-ascii-80x24", &scene.paint);
    wall_scene_close(&scene);
}

/* Nothing was heard within the last ping: the connection is not called live, also on a wall that
 * has no rooms yet. */
static void test_silent(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_look(&scene);
    scene.screen.state.heard_at = scene.screen.mono - MODEL_SILENT_MS;
    scene.screen.touched = scene.screen.mono - WALL_HOLD_MS;
    wall_screen_draw(&scene.screen, &scene.paint);
    golden_expect("wall-heard-80x24", &scene.paint);
    CU_ASSERT_EQUAL(wall_screen_next_change(&scene.screen), 1);
    scene.screen.mono += 14000;
    wall_screen_draw(&scene.screen, &scene.paint);
    golden_expect("wall-silent-80x24", &scene.paint);
    CU_ASSERT_EQUAL(wall_screen_next_change(&scene.screen), 1000);
    scene.screen.state.live = 0;
    CU_ASSERT_EQUAL(wall_screen_next_change(&scene.screen), -1);
    wall_scene_close(&scene);
}

/* Every column of every row is covered: with names of any kind the parts behind them stand where
 * they should. */
static void test_straight(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_evening(&scene);
    wall_scene_look(&scene);
    int clock_at = -1;
    for (int row = 0; row < scene.screen.row_count; row++) {
        const struct cell *cells =
            &scene.paint.cells[(size_t)scene.screen.rows[row].y * (size_t)scene.paint.width];
        int columns = 0;
        for (int x = 0; x < scene.paint.width; x++) {
            columns += cells[x].width;
            if (cells[x].text[0] == L'\x25d0') { /* the sign of "prompted" */
                clock_at = clock_at < 0 ? x : clock_at;
                CU_ASSERT_EQUAL(x, clock_at);
            }
        }
        CU_ASSERT_EQUAL(columns, scene.paint.width);
    }
    CU_ASSERT_TRUE(clock_at > 0);
    wall_scene_close(&scene);
}

enum { MORE = 4 /* columns of "; +1" */ };

/* An alarm alone is told in full; beside another reason by its first sentence. What is not shown is
 * counted. */
static void test_reasons_in_words(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_evening(&scene);
    wall_scene_look(&scene);
    bool found = false;
    for (uint32_t i = 0; i < scene.wall.count; i++) {
        const struct wall_room *room = scene.wall.rooms[i];
        struct wall_row row = room->row;
        char text[1024];
        if (row.count == 1 && row.reasons[0].kind == ATTENTION_UNREACHED) {
            found = true;
            wall_row_reasons(&row, &room->seat.feed.model, row.reasons[0].since, INT_MAX, text,
                             sizeof text);
            CU_ASSERT_STRING_EQUAL(
                text, "20 minutes gone and Defend has not begun. Cut the design short");
            row.reasons[row.count++] = (struct attention){
                .kind = ATTENTION_SILENT, .since = row.reasons[0].since - 61000, .alarm = -1};
            wall_row_reasons(&row, &room->seat.feed.model, row.reasons[0].since, INT_MAX, text,
                             sizeof text);
            CU_ASSERT_STRING_EQUAL(text,
                                   "20 minutes gone and Defend has not begun; no mark for 1:01");
            int width = (int)strlen(text);
            row.reasons[row.count++] = row.reasons[1];
            wall_row_reasons(&row, &room->seat.feed.model, row.reasons[0].since, width + MORE, text,
                             sizeof text);
            CU_ASSERT_STRING_EQUAL(
                text, "20 minutes gone and Defend has not begun; no mark for 1:01; +1");
            wall_row_reasons(&row, &room->seat.feed.model, row.reasons[0].since, width + MORE - 1,
                             text, sizeof text);
            CU_ASSERT_STRING_EQUAL(text, "20 minutes gone and Defend has not begun; +2");
        }
    }
    CU_ASSERT_TRUE(found);
    wall_scene_close(&scene);
}

static void test_order(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_evening(&scene);
    wall_scene_look(&scene);
    /* hand, gone, Design over, no Defend, Scope over, silent; then as they came; finished last. */
    CU_ASSERT_STRING_EQUAL(order(), "8 6 9 4 7 3 1 2 10 11 12 5");
    CU_ASSERT_EQUAL(wall_needs(&scene.wall), 6);
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(order(), "8 6 9 4 7 3 1 2 10 11 12 5");
    /* A muted room takes its place among those that need nobody. */
    wall_scene_press(&scene, "m");
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(order(), "6 9 4 7 3 1 2 8 10 11 12 5");
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room00080000");
    wall_scene_press(&scene, "m");
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(order(), "8 6 9 4 7 3 1 2 10 11 12 5");
    wall_scene_close(&scene);
}

/* The chosen room stays the chosen one, wherever it goes. */
static void test_choice(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *first = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    (void)wall_scene_room(&scene, WALL_PLAY_CALM, "Eva", "Ana");
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(order(), "1 2");
    CU_ASSERT_PTR_EQUAL(wall_screen_chosen(&scene.screen), first);
    (void)wall_scene_room(&scene, WALL_PLAY_HAND, "Ida", "Ana");
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(order(), "3 1 2");
    CU_ASSERT_PTR_EQUAL(wall_screen_chosen(&scene.screen), first);
    wall_scene_press(&scene, "j");
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room00020000");
    control_wall_key(&scene.screen, CODE_HOME);
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room00030000");
    wall_scene_press(&scene, "k");
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room00030000");
    control_wall_key(&scene.screen, CODE_END);
    wall_scene_press(&scene, "j");
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room00020000");
    /* It has ended: another is chosen. */
    wall_screen_chosen(&scene.screen)->ended = true;
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(order(), "3 1");
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room00030000");
    wall_scene_close(&scene);
}

static void test_hold(void) {
    wall_scene_open(&scene, 80, 24);
    (void)wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_look(&scene);
    CU_ASSERT_FALSE(wall_screen_holds(&scene.screen));
    wall_scene_press(&scene, "j");
    CU_ASSERT_TRUE(wall_screen_holds(&scene.screen));
    scene.screen.mono += WALL_HOLD_MS - 1;
    CU_ASSERT_TRUE(wall_screen_holds(&scene.screen));
    CU_ASSERT_EQUAL(wall_screen_next_change(&scene.screen), 1);
    scene.screen.mono++;
    CU_ASSERT_FALSE(wall_screen_holds(&scene.screen));
    wall_scene_close(&scene);
}

static void test_commands(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_evening(&scene);
    wall_scene_look(&scene);
    wall_scene_press(&scene, "wAsk!\r");
    CU_ASSERT_EQUAL(scene.sent, 1);
    CU_ASSERT_EQUAL(scene.last.act, ACTION_TALK_WHISPER);
    CU_ASSERT_STRING_EQUAL(scene.last_text, "Ask!");
    wall_scene_press(&scene, "nfor me\r");
    CU_ASSERT_EQUAL(scene.last.act, ACTION_NOTE_MINE);
    wall_scene_press(&scene, "n\tfor us\r");
    CU_ASSERT_EQUAL(scene.last.act, ACTION_NOTE_PANEL);
    wall_scene_press(&scene, "n\tfor all\r");
    CU_ASSERT_EQUAL(scene.last.act, ACTION_NOTE_ALL);
    wall_scene_press(&scene, "w\r"); /* nothing written */
    wall_scene_press(&scene,
                     "wx\x1b!"); /* Escape is a code of its own in a terminal, so this writes */
    control_wall_key(&scene.screen, CODE_ESCAPE);
    CU_ASSERT_EQUAL(scene.sent, 4);
    /* The hand of room 8, the first; nobody has one up in the next. */
    wall_scene_press(&scene, "!");
    CU_ASSERT_EQUAL(scene.sent, 5);
    CU_ASSERT_EQUAL(scene.last.act, ACTION_HAND_SET);
    CU_ASSERT_EQUAL(scene.last.seat, PLAYED_BEN);
    CU_ASSERT_EQUAL(scene.last.on, 0);
    wall_scene_press(&scene, "jh");
    CU_ASSERT_EQUAL(scene.sent, 5);
    CU_ASSERT_PTR_NOT_NULL(strstr(scene.screen.said, "Nobody"));
    wall_scene_close(&scene);
}

/* A room is taken off this wall alone, and comes back with whoever does something there. */
static void test_off_the_wall(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *first = wall_scene_room(&scene, WALL_PLAY_HAND, "Ben", "Ana");
    (void)wall_scene_room(&scene, WALL_PLAY_CALM, "Ida", "Jon");
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(order(), "1 2");
    wall_scene_press(&scene, "x");
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(order(), "2");
    CU_ASSERT_EQUAL(scene.sent, 0);
    CU_ASSERT_EQUAL(wall_needs(&scene.wall), 0);
    struct message said = {.kind = MESSAGE_EVENT};
    said.event = (struct event){
        .pos = first->seat.feed.model.room.pos + 1,
        .at = first->seat.feed.model.room.at,
        .by = PLAYED_ANA,
        .body = {.act = ACTION_TALK_SAY, .has = F(text), .text = span_of("Back again")}};
    wall_message(first, &said);
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(order(), "1 2");
    wall_scene_close(&scene);
}

/* A coach of the cohort closes what others have left behind, after a question, and nothing else. */
static void test_closing(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    struct room *state = &room->seat.feed.model.room;
    wall_scene_look(&scene);
    wall_scene_press(&scene, "c");
    CU_ASSERT_FALSE(scene.screen.asking); /* none of a cohort's */
    memcpy(state->cohort, "abcdefghijkl", ROOM_ID_BYTES);
    wall_scene_press(&scene, "c");
    CU_ASSERT_FALSE(scene.screen.asking);
    CU_ASSERT_PTR_NOT_NULL(strstr(scene.screen.said, "Somebody is in that room"));
    state->seats[PLAYED_ANA].here = state->seats[PLAYED_BEN].here = false;
    wall_scene_press(&scene, "cn");
    CU_ASSERT_EQUAL(scene.sent, 0);
    CU_ASSERT_FALSE(scene.screen.quit);
    wall_scene_press(&scene, "cy");
    CU_ASSERT_EQUAL(scene.sent, 1);
    CU_ASSERT_EQUAL(scene.last.act, ACTION_ROOM_CLOSE);
    CU_ASSERT_FALSE(scene.screen.quit);
    wall_scene_press(&scene, "qn");
    CU_ASSERT_FALSE(scene.screen.quit);
    wall_scene_close(&scene);
}

static void test_filter(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_evening(&scene);
    wall_scene_look(&scene);
    wall_scene_press(&scene, "/fati");
    CU_ASSERT_STRING_EQUAL(order(), "6");
    wall_scene_press(&scene, "\r");
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room00060000");
    control_wall_key(&scene.screen, CODE_ESCAPE);
    CU_ASSERT_EQUAL(scene.screen.shown_count, 12);
    wall_scene_press(&scene, "/OVER ITS BUDGET");
    CU_ASSERT_STRING_EQUAL(order(), "9 7");
    control_wall_key(&scene.screen, CODE_ESCAPE);
    wall_scene_press(&scene, "/");
    control_wall_key(&scene.screen, 0x5c0f); /* a character of the name in room 4 */
    CU_ASSERT_STRING_EQUAL(order(), "4");
    wall_scene_press(&scene, "zz");
    CU_ASSERT_STRING_EQUAL(order(), "");
    wall_scene_press(&scene, "\rw");
    CU_ASSERT_EQUAL(scene.screen.writing, WALL_WRITE_NOTHING);
    wall_scene_look(&scene);
    wall_scene_close(&scene);
}

static void test_clicks_and_pages(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_evening(&scene);
    wall_scene_look(&scene);
    CU_ASSERT_EQUAL(scene.screen.row_count, 10);
    control_wall_click(&scene.screen, 10, 7); /* the third row */
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room00090000");
    CU_ASSERT_PTR_NULL(scene.screen.enter);
    control_wall_click(&scene.screen, 10, 6);
    CU_ASSERT_PTR_EQUAL(scene.screen.enter, wall_screen_chosen(&scene.screen));
    scene.screen.enter = NULL;
    control_wall_click(&scene.screen, 10, 0);
    CU_ASSERT_PTR_NULL(scene.screen.enter);
    control_wall_key(&scene.screen, CODE_PAGE_DOWN);
    wall_scene_look(&scene);
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room00050000");
    CU_ASSERT_EQUAL(scene.screen.top, 2);
    control_wall_wheel(&scene.screen, -1);
    wall_scene_look(&scene);
    CU_ASSERT_EQUAL(scene.screen.top, 1);
    control_wall_wheel(&scene.screen, 100);
    wall_scene_look(&scene);
    CU_ASSERT_EQUAL(scene.screen.top, 2);
    wall_scene_press(&scene, "\r");
    CU_ASSERT_PTR_EQUAL(scene.screen.enter, wall_screen_chosen(&scene.screen));
    wall_scene_close(&scene);
}

static void test_quit(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_press(&scene, "qn");
    CU_ASSERT_FALSE(scene.screen.quit);
    wall_scene_press(&scene, "qy");
    CU_ASSERT_TRUE(scene.screen.quit);
    wall_scene_close(&scene);
}

/* Every size is drawn without leaving the picture, with and without rooms. */
static void test_sizes(void) {
    for (int width = 1; width < 230; width += 7) {
        for (int height = 1; height < 40; height += 3) {
            wall_scene_open(&scene, width, height);
            wall_scene_look(&scene);
            wall_scene_room(&scene, WALL_PLAY_HAND, "Ben", "Ana");
            wall_scene_look(&scene);
            wall_scene_press(&scene, "/x");
            wall_scene_look(&scene);
            wall_scene_press(&scene, "\r?");
            wall_scene_look(&scene);
            wall_scene_close(&scene);
        }
    }
}

static void test_done(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_FINISHED, "Ben", "Ana");
    struct room_seat *seats = room->seat.feed.model.room.seats;
    CU_ASSERT_FALSE(wall_is_done(room, WALL_SCENE_NOW + ROOM_ABANDONED_MS));
    seats[PLAYED_ANA].here = seats[PLAYED_BEN].here = false;
    seats[PLAYED_ANA].since = WALL_SCENE_NOW;
    CU_ASSERT_FALSE(wall_is_done(room, WALL_SCENE_NOW + WALL_EMPTY_MS - 1));
    CU_ASSERT_TRUE(wall_is_done(room, WALL_SCENE_NOW + WALL_EMPTY_MS));
    room->seat.feed.model.room.stage = STAGE_RUNNING;
    CU_ASSERT_FALSE(wall_is_done(room, WALL_SCENE_NOW + ROOM_ABANDONED_MS - 1));
    CU_ASSERT_TRUE(wall_is_done(room, WALL_SCENE_NOW + ROOM_ABANDONED_MS));
    seats[PLAYED_BEN].here = true;
    CU_ASSERT_FALSE(wall_is_done(room, WALL_SCENE_NOW + ROOM_ABANDONED_MS));
    seats[PLAYED_BEN].here = false;
    memcpy(room->seat.feed.model.room.cohort, "abcdefghijkl", ROOM_ID_BYTES);
    CU_ASSERT_FALSE(
        wall_is_done(room, WALL_SCENE_NOW + ROOM_ABANDONED_MS)); /* the server's to say */
    wall_scene_close(&scene);
}

static void test_news(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *calm = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_look(&scene);
    CU_ASSERT_PTR_NULL(wall_news(&scene.wall));
    calm->open = true;
    struct wall_room *over = wall_scene_room(&scene, WALL_PLAY_OVER, "Eva", "Ana");
    struct wall_room *hand = wall_scene_room(&scene, WALL_PLAY_HAND, "Ida", "Ana");
    wall_scene_look(&scene);
    CU_ASSERT_PTR_EQUAL(wall_news(&scene.wall), hand); /* the worst of the new ones */
    CU_ASSERT_PTR_NULL(wall_news(&scene.wall));
    (void)over;
    wall_scene_close(&scene);
}

static void test_json(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_HAND, "Ben \"B\"", "Ana");
    wall_scene_look(&scene);
    json_t *row = wall_json(room);
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    wall_json_times(row, room, WALL_SCENE_NOW);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(row, "room")), "room00010000");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(json_object_get(row, "names"), 0)),
                           "Ben \"B\"");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(row, "stage")), "running");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(row, "marks"), "raised")),
                    3);
    const json_t *reason = json_array_get(json_object_get(row, "attention"), 0);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(reason, "why")), "hand");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(reason, "for_ms")), 20000);
    const json_t *ben = json_array_get(json_object_get(row, "people"), 1);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(ben, "trip_ms")), 41);
    CU_ASSERT_TRUE(json_is_true(json_object_get(ben, "hand")));
    json_decref(row);
    wall_scene_close(&scene);
}

static void test_full(void) {
    wall_scene_open(&scene, 80, 24);
    for (int i = 0; i < WALL_ROOMS_MAX; i++) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(wall_scene_room(&scene, WALL_PLAY_NONE, "", ""));
    }
    CU_ASSERT_PTR_NULL(wall_add(&scene.wall));
    wall_scene_look(&scene);
    control_wall_key(&scene.screen, CODE_END);
    wall_scene_look(&scene);
    CU_ASSERT_EQUAL(scene.screen.shown_count, WALL_ROOMS_MAX);
    CU_ASSERT_STRING_EQUAL(scene.screen.chosen, "room10240000");
    CU_ASSERT_EQUAL(scene.screen.top, WALL_ROOMS_MAX - 10);
    wall_scene_close(&scene);
}

static CU_TestInfo tests[] = {
    {"pictures", test_pictures},
    {"ASCII only", test_ascii},
    {"a connection that has fallen silent", test_silent},
    {"lines stay straight", test_straight},
    {"reasons in words", test_reasons_in_words},
    {"order", test_order},
    {"the choice stays", test_choice},
    {"nothing moves under a finger", test_hold},
    {"off the wall", test_off_the_wall},
    {"closing what was left behind", test_closing},
    {"commands", test_commands},
    {"filter", test_filter},
    {"clicks and pages", test_clicks_and_pages},
    {"quitting asks", test_quit},
    {"any size", test_sizes},
    {"rooms of no use go", test_done},
    {"news for who is inside a room", test_news},
    {"JSON", test_json},
    {"a full wall", test_full},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"wall", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
