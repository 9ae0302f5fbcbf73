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
static struct wall_screen screen;
static struct paint paint;

static void look(void) {
    wall_scene_look(&scene, &screen, &paint);
}

static void open_wall(int width, int height) {
    scene = (struct wall_scene){0};
    wall_screen_init(&screen, &scene.wall, "Cleo");
    CU_ASSERT_FATAL(paint_init(&paint, width, height));
}

static void close_wall(void) {
    paint_free(&paint);
    wall_scene_free(&scene);
}

static void press(const char *keys) {
    wall_scene_press(&screen, keys);
}

/* The numbers of the rooms as they stand, with blanks between them. */
static const char *order(void) {
    static char text[256];
    text[0] = '\0';
    for (int i = 0; i < screen.shown_count; i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%u", i > 0 ? " " : "",
                 screen.shown[i]->number);
    }
    return text;
}

static void picture(const char *name, int width, int height, const char *keys) {
    open_wall(width, height);
    wall_scene_evening(&scene);
    look();
    press(keys);
    look();
    golden_expect(name, &paint);
    close_wall();
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
    open_wall(80, 24);
    wall_scene_evening(&scene);
    paint.ascii = true;
    look();
    golden_expect("wall-ascii-80x24", &paint);
    close_wall();
}

/* Nothing was heard within the last ping: the connection is not called live, also on a wall that
 * has no rooms yet. */
static void test_silent(void) {
    open_wall(80, 24);
    look();
    screen.state.heard_at = screen.mono - MODEL_SILENT_MS;
    screen.touched = screen.mono - WALL_HOLD_MS;
    wall_screen_draw(&screen, &paint);
    golden_expect("wall-heard-80x24", &paint);
    CU_ASSERT_EQUAL(wall_screen_next_change(&screen), 1);
    screen.mono += 14000;
    wall_screen_draw(&screen, &paint);
    golden_expect("wall-silent-80x24", &paint);
    CU_ASSERT_EQUAL(wall_screen_next_change(&screen), 1000);
    screen.state.live = 0;
    CU_ASSERT_EQUAL(wall_screen_next_change(&screen), -1);
    close_wall();
}

/* Every column of every row is covered: with names of any kind the parts behind them stand where
 * they should. */
static void test_straight(void) {
    open_wall(80, 24);
    wall_scene_evening(&scene);
    look();
    int clock_at = -1;
    for (int row = 0; row < screen.row_count; row++) {
        const struct cell *cells = &paint.cells[(size_t)screen.rows[row].y * (size_t)paint.width];
        int columns = 0;
        for (int x = 0; x < paint.width; x++) {
            columns += cells[x].width;
            if (cells[x].text[0] == L'\x25d0') { /* the sign of "prompted" */
                clock_at = clock_at < 0 ? x : clock_at;
                CU_ASSERT_EQUAL(x, clock_at);
            }
        }
        CU_ASSERT_EQUAL(columns, paint.width);
    }
    CU_ASSERT_TRUE(clock_at > 0);
    close_wall();
}

enum { MORE = 4 /* columns of "; +1" */ };

/* An alarm alone is told in full; beside another reason by its first sentence. What is not shown is
 * counted. */
static void test_reasons_in_words(void) {
    open_wall(80, 24);
    wall_scene_evening(&scene);
    look();
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
    close_wall();
}

static void test_order(void) {
    open_wall(80, 24);
    wall_scene_evening(&scene);
    look();
    /* hand, gone, Design over, no Defend, Scope over, silent; then as they came; finished last. */
    CU_ASSERT_STRING_EQUAL(order(), "8 6 9 4 7 3 1 2 10 11 12 5");
    CU_ASSERT_EQUAL(wall_needs(&scene.wall), 6);
    look();
    CU_ASSERT_STRING_EQUAL(order(), "8 6 9 4 7 3 1 2 10 11 12 5");
    /* A muted room takes its place among those that need nobody. */
    press("m");
    look();
    CU_ASSERT_STRING_EQUAL(order(), "6 9 4 7 3 1 2 8 10 11 12 5");
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room00080000");
    press("m");
    look();
    CU_ASSERT_STRING_EQUAL(order(), "8 6 9 4 7 3 1 2 10 11 12 5");
    close_wall();
}

/* The chosen room stays the chosen one, wherever it goes. */
static void test_choice(void) {
    open_wall(80, 24);
    struct wall_room *first = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    (void)wall_scene_room(&scene, WALL_PLAY_CALM, "Eva", "Ana");
    look();
    CU_ASSERT_STRING_EQUAL(order(), "1 2");
    CU_ASSERT_PTR_EQUAL(wall_screen_chosen(&screen), first);
    (void)wall_scene_room(&scene, WALL_PLAY_HAND, "Ida", "Ana");
    look();
    CU_ASSERT_STRING_EQUAL(order(), "3 1 2");
    CU_ASSERT_PTR_EQUAL(wall_screen_chosen(&screen), first);
    press("j");
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room00020000");
    control_wall_key(&screen, CODE_HOME);
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room00030000");
    press("k");
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room00030000");
    control_wall_key(&screen, CODE_END);
    press("j");
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room00020000");
    /* It has ended: another is chosen. */
    wall_screen_chosen(&screen)->ended = true;
    look();
    CU_ASSERT_STRING_EQUAL(order(), "3 1");
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room00030000");
    close_wall();
}

static void test_hold(void) {
    open_wall(80, 24);
    (void)wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    look();
    CU_ASSERT_FALSE(wall_screen_holds(&screen));
    press("j");
    CU_ASSERT_TRUE(wall_screen_holds(&screen));
    screen.mono += WALL_HOLD_MS - 1;
    CU_ASSERT_TRUE(wall_screen_holds(&screen));
    CU_ASSERT_EQUAL(wall_screen_next_change(&screen), 1);
    screen.mono++;
    CU_ASSERT_FALSE(wall_screen_holds(&screen));
    close_wall();
}

static void test_commands(void) {
    open_wall(80, 24);
    wall_scene_evening(&scene);
    look();
    press("wAsk!\r");
    CU_ASSERT_EQUAL(scene.sent, 1);
    CU_ASSERT_EQUAL(scene.last.act, ACTION_TALK_WHISPER);
    CU_ASSERT_STRING_EQUAL(scene.last_text, "Ask!");
    press("nfor me\r");
    CU_ASSERT_EQUAL(scene.last.act, ACTION_NOTE_MINE);
    press("n\tfor us\r");
    CU_ASSERT_EQUAL(scene.last.act, ACTION_NOTE_PANEL);
    press("n\tfor all\r");
    CU_ASSERT_EQUAL(scene.last.act, ACTION_NOTE_ALL);
    press("w\r");     /* nothing written */
    press("wx\x1b!"); /* Escape is a code of its own in a terminal, so this writes */
    control_wall_key(&screen, CODE_ESCAPE);
    CU_ASSERT_EQUAL(scene.sent, 4);
    /* The hand of room 8, the first; nobody has one up in the next. */
    press("!");
    CU_ASSERT_EQUAL(scene.sent, 5);
    CU_ASSERT_EQUAL(scene.last.act, ACTION_HAND_SET);
    CU_ASSERT_EQUAL(scene.last.seat, PLAYED_BEN);
    CU_ASSERT_EQUAL(scene.last.on, 0);
    press("jh");
    CU_ASSERT_EQUAL(scene.sent, 5);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.said, "Nobody"));
    close_wall();
}

/* A room is taken off this wall alone, and comes back with whoever does something there. */
static void test_off_the_wall(void) {
    open_wall(80, 24);
    struct wall_room *first = wall_scene_room(&scene, WALL_PLAY_HAND, "Ben", "Ana");
    (void)wall_scene_room(&scene, WALL_PLAY_CALM, "Ida", "Jon");
    look();
    CU_ASSERT_STRING_EQUAL(order(), "1 2");
    press("x");
    look();
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
    look();
    CU_ASSERT_STRING_EQUAL(order(), "1 2");
    close_wall();
}

/* A coach of the cohort closes what others have left behind, after a question, and nothing else. */
static void test_closing(void) {
    open_wall(80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    struct room *state = &room->seat.feed.model.room;
    look();
    press("c");
    CU_ASSERT_FALSE(screen.asking); /* none of a cohort's */
    memcpy(state->cohort, "abcdefghijkl", ROOM_ID_BYTES);
    press("c");
    CU_ASSERT_FALSE(screen.asking);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.said, "Somebody is in that room"));
    state->seats[PLAYED_ANA].here = state->seats[PLAYED_BEN].here = false;
    press("cn");
    CU_ASSERT_EQUAL(scene.sent, 0);
    CU_ASSERT_FALSE(screen.quit);
    press("cy");
    CU_ASSERT_EQUAL(scene.sent, 1);
    CU_ASSERT_EQUAL(scene.last.act, ACTION_ROOM_CLOSE);
    CU_ASSERT_FALSE(screen.quit);
    press("qn");
    CU_ASSERT_FALSE(screen.quit);
    close_wall();
}

static void test_filter(void) {
    open_wall(80, 24);
    wall_scene_evening(&scene);
    look();
    press("/fati");
    CU_ASSERT_STRING_EQUAL(order(), "6");
    press("\r");
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room00060000");
    control_wall_key(&screen, CODE_ESCAPE);
    CU_ASSERT_EQUAL(screen.shown_count, 12);
    press("/OVER ITS BUDGET");
    CU_ASSERT_STRING_EQUAL(order(), "9 7");
    control_wall_key(&screen, CODE_ESCAPE);
    press("/");
    control_wall_key(&screen, 0x5c0f); /* a character of the name in room 4 */
    CU_ASSERT_STRING_EQUAL(order(), "4");
    press("zz");
    CU_ASSERT_STRING_EQUAL(order(), "");
    press("\rw");
    CU_ASSERT_EQUAL(screen.writing, WALL_WRITE_NOTHING);
    look();
    close_wall();
}

static void test_clicks_and_pages(void) {
    open_wall(80, 24);
    wall_scene_evening(&scene);
    look();
    CU_ASSERT_EQUAL(screen.row_count, 10);
    control_wall_click(&screen, 10, 7); /* the third row */
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room00090000");
    CU_ASSERT_PTR_NULL(screen.enter);
    control_wall_click(&screen, 10, 6);
    CU_ASSERT_PTR_EQUAL(screen.enter, wall_screen_chosen(&screen));
    screen.enter = NULL;
    control_wall_click(&screen, 10, 0);
    CU_ASSERT_PTR_NULL(screen.enter);
    control_wall_key(&screen, CODE_PAGE_DOWN);
    look();
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room00050000");
    CU_ASSERT_EQUAL(screen.top, 2);
    control_wall_wheel(&screen, -1);
    look();
    CU_ASSERT_EQUAL(screen.top, 1);
    control_wall_wheel(&screen, 100);
    look();
    CU_ASSERT_EQUAL(screen.top, 2);
    press("\r");
    CU_ASSERT_PTR_EQUAL(screen.enter, wall_screen_chosen(&screen));
    close_wall();
}

static void test_quit(void) {
    open_wall(80, 24);
    press("qn");
    CU_ASSERT_FALSE(screen.quit);
    press("qy");
    CU_ASSERT_TRUE(screen.quit);
    close_wall();
}

/* Every size is drawn without leaving the picture, with and without rooms. */
static void test_sizes(void) {
    for (int width = 1; width < 230; width += 7) {
        for (int height = 1; height < 40; height += 3) {
            open_wall(width, height);
            look();
            wall_scene_room(&scene, WALL_PLAY_HAND, "Ben", "Ana");
            look();
            press("/x");
            look();
            press("\r?");
            look();
            close_wall();
        }
    }
}

static void test_done(void) {
    open_wall(80, 24);
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
    close_wall();
}

static void test_news(void) {
    open_wall(80, 24);
    struct wall_room *calm = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    look();
    CU_ASSERT_PTR_NULL(wall_news(&scene.wall));
    calm->open = true;
    struct wall_room *over = wall_scene_room(&scene, WALL_PLAY_OVER, "Eva", "Ana");
    struct wall_room *hand = wall_scene_room(&scene, WALL_PLAY_HAND, "Ida", "Ana");
    look();
    CU_ASSERT_PTR_EQUAL(wall_news(&scene.wall), hand); /* the worst of the new ones */
    CU_ASSERT_PTR_NULL(wall_news(&scene.wall));
    (void)over;
    close_wall();
}

static void test_json(void) {
    open_wall(80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_HAND, "Ben \"B\"", "Ana");
    look();
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
    close_wall();
}

static void test_full(void) {
    open_wall(80, 24);
    for (int i = 0; i < WALL_ROOMS_MAX; i++) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(wall_scene_room(&scene, WALL_PLAY_NONE, "", ""));
    }
    CU_ASSERT_PTR_NULL(wall_add(&scene.wall));
    look();
    control_wall_key(&screen, CODE_END);
    look();
    CU_ASSERT_EQUAL(screen.shown_count, WALL_ROOMS_MAX);
    CU_ASSERT_STRING_EQUAL(screen.chosen, "room10240000");
    CU_ASSERT_EQUAL(screen.top, WALL_ROOMS_MAX - 10);
    close_wall();
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
