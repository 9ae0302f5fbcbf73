/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a line that is written on the wall: it keeps its room, what was left is gone on with
 * there, and what goes wrong meanwhile is said above it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/keys.h"
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

/* The line stays with the room for which it was begun. */
static void test_line_keeps_its_room(void) {
    open_wall(80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    look();
    press("whalf");
    (void)wall_scene_room(&scene, WALL_PLAY_HAND, "Ida", "Ana");
    look();
    press(" done\r");
    CU_ASSERT_EQUAL(room->seat.feed.model.pending_count, 1);
    press("wlate");
    room->ended = true;
    look();
    press("\r");
    CU_ASSERT_EQUAL(scene.sent, 1);
    CU_ASSERT_TRUE(screen.said_bad);
    close_wall();
}

/* Esc takes nothing away for good: the key that began a line goes on with it, in its room. */
static void test_line_left(void) {
    open_wall(80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    struct wall_room *other = wall_scene_room(&scene, WALL_PLAY_CALM, "Ida", "Eva");
    look();
    press("whalf");
    control_wall_key(&screen, CODE_ESCAPE);
    CU_ASSERT_EQUAL(screen.writing, WALL_WRITE_NOTHING);
    CU_ASSERT_STRING_EQUAL(
        screen.said,
        "Nothing was sent; w in this room goes on with it, w and Ctrl-X throw it away.");
    press("/Ida\r");
    look();
    press("wfor Ida\r");
    CU_ASSERT_EQUAL(other->seat.feed.model.pending_count, 1);
    control_wall_key(&screen, CODE_ESCAPE); /* the filter away */
    look();
    press("gn"); /* a note is no whisper */
    CU_ASSERT_EQUAL(screen.input.len, 0);
    control_wall_key(&screen, CODE_ESCAPE);
    CU_ASSERT_STRING_EQUAL(screen.said, "Nothing was sent.");
    press("w and half");
    CU_ASSERT_STRING_EQUAL(screen.input.text, "half and half");
    press("\r");
    CU_ASSERT_EQUAL(room->seat.feed.model.pending_count, 1);
    press("w");
    CU_ASSERT_EQUAL(screen.input.len, 0);
    close_wall();
}

/* A line that was left in each of several rooms, and what a note was for. */
static void test_lines_left(void) {
    open_wall(80, 24);
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ida", "Eva");
    look();
    press("gwone");
    control_wall_key(&screen, CODE_ESCAPE);
    press("n\tfor the panel");
    control_wall_key(&screen, CODE_ESCAPE);
    press("Gwtwo");
    control_wall_key(&screen, CODE_ESCAPE);
    press("n\tfor all");
    CU_ASSERT_EQUAL(screen.note_to, ACTION_NOTE_ALL);
    control_wall_key(&screen, CODE_ESCAPE);
    press("gw");
    CU_ASSERT_STRING_EQUAL(screen.input.text, "one");
    press("\rn");
    CU_ASSERT_STRING_EQUAL(screen.input.text, "for the panel");
    CU_ASSERT_EQUAL(screen.note_to, ACTION_NOTE_PANEL);
    press("\rGw");
    CU_ASSERT_STRING_EQUAL(screen.input.text, "two");
    press("\rn");
    CU_ASSERT_STRING_EQUAL(screen.input.text, "for all");
    CU_ASSERT_EQUAL(screen.note_to, ACTION_NOTE_ALL);
    close_wall();
}

/* More than there is place for: the oldest goes, unless a room is gone. */
static void test_lines_many(void) {
    struct wall_room *rooms[WALL_KEPT_LINES + 1];
    open_wall(80, 24);
    for (int i = 0; i <= WALL_KEPT_LINES; i++) {
        rooms[i] = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    }
    look();
    for (int i = 0; i <= WALL_KEPT_LINES; i++) {
        snprintf(screen.chosen, sizeof screen.chosen, "%s", rooms[i]->seat.invite.room);
        press("wmine");
        control_wall_key(&screen, CODE_ESCAPE);
    }
    int kept = 0;
    for (int i = WALL_KEPT_LINES; i >= 0; i--) {
        snprintf(screen.chosen, sizeof screen.chosen, "%s", rooms[i]->seat.invite.room);
        press("w");
        kept += strcmp(screen.input.text, "mine") == 0;
        CU_ASSERT_EQUAL(kept, i == 0 ? WALL_KEPT_LINES : WALL_KEPT_LINES + 1 - i);
        control_wall_key(&screen, CODE_THROW);
    }
    close_wall();
}

static bool foot_shows(const char *words) {
    look();
    char *picture = paint_dump(&paint);
    bool found = picture && strstr(picture, words);
    free(picture);
    return found;
}

/* A sentence at the foot has as many rows as it needs, and a question its answers. */
static void test_foot(void) {
    open_wall(40, 24);
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    look();
    press("whalf");
    control_wall_key(&screen, CODE_ESCAPE);
    CU_ASSERT(foot_shows("Nothing was sent; w in this room"));
    CU_ASSERT(foot_shows("away."));
    press("q");
    CU_ASSERT(foot_shows("Leave the wall? The rooms go on."));
    CU_ASSERT(foot_shows("y yes  n no"));
    CU_ASSERT(foot_shows("Any other key goes back."));
    close_wall();
}

/* A fault is not hidden by the line that is being written. */
static void test_fault_above(void) {
    open_wall(80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    look();
    press("whalf");
    room->ended = true;
    look();
    press("\r");
    CU_ASSERT_EQUAL(screen.writing, WALL_WRITE_WHISPER);
    CU_ASSERT(foot_shows("That room has ended meanwhile; nothing was sent."));
    CU_ASSERT(foot_shows("half"));
    control_wall_key(&screen, CODE_ESCAPE);
    screen.state.why = "The connection was cut off.";
    wall_screen_draw(&screen, &paint);
    close_wall();
}

/* What somebody else brings about stands long enough to be read, whatever is typed. */
static void test_told(void) {
    open_wall(80, 24);
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    look();
    press("whalf");
    wall_screen_tell(&screen, false, "Kim asks to be let in.");
    press(" done");
    wall_screen_foot_follow(&screen);
    CU_ASSERT(foot_shows("Kim asks to be let in."));
    CU_ASSERT(foot_shows("half done"));
    screen.mono += WALL_TOLD_LEAST_MS - 1;
    press("!");
    CU_ASSERT(foot_shows("Kim asks to be let in."));
    screen.mono = WALL_SCENE_NOW + WALL_TOLD_LEAST_MS;
    press("!");
    CU_ASSERT_FALSE(foot_shows("Kim asks to be let in."));
    control_wall_key(&screen, CODE_THROW);
    wall_screen_tell(&screen, true, "The link was withdrawn.");
    screen.asking = true; /* a question is in its place */
    wall_screen_foot_follow(&screen);
    CU_ASSERT_FALSE(foot_shows("The link was withdrawn."));
    screen.asking = false;
    screen.mono += WALL_TOLD_MS;
    wall_screen_foot_follow(&screen);
    CU_ASSERT(foot_shows("The link was withdrawn."));
    screen.mono = screen.told_at + WALL_TOLD_MS - 1;
    CU_ASSERT_EQUAL(wall_screen_next_change(&screen), 1);
    screen.mono++;
    wall_screen_foot_follow(&screen);
    CU_ASSERT_FALSE(foot_shows("The link was withdrawn."));
    close_wall();
}

/* That a command is kept is said for a while. */
static void test_kept(void) {
    open_wall(80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    look();
    press("wAsk\r");
    wall_screen_foot_follow(&screen);
    CU_ASSERT(foot_shows("on its way"));
    screen.mono += WALL_TOLD_MS;
    wall_screen_foot_follow(&screen);
    free(room->seat.feed.model.pending[0].memory);
    room->seat.feed.model.pending_count = 0;
    CU_ASSERT(foot_shows("kept  Whisper"));
    screen.mono = screen.kept_at + WALL_TOLD_MS - 1;
    CU_ASSERT_EQUAL(wall_screen_next_change(&screen), 1);
    screen.mono++;
    wall_screen_foot_follow(&screen);
    CU_ASSERT_FALSE(foot_shows("kept"));
    close_wall();
}

/* Without a room in sight no key of one is named; and why there is none is said as it is. */
static void test_no_room(void) {
    open_wall(80, 24);
    CU_ASSERT(foot_shows("No room is open now."));
    CU_ASSERT_FALSE(foot_shows("whisper"));
    CU_ASSERT(foot_shows("? help"));
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    CU_ASSERT(foot_shows("w whisper"));
    press("x");
    CU_ASSERT(foot_shows("You have taken every room off this wall"));
    CU_ASSERT_FALSE(foot_shows("No room is open now."));
    CU_ASSERT_FALSE(foot_shows("w whisper"));
    close_wall();
}

static CU_TestInfo tests[] = {
    {"a line keeps its room", test_line_keeps_its_room},
    {"a line that was left", test_line_left},
    {"lines that were left", test_lines_left},
    {"more than there is place for", test_lines_many},
    {"the foot", test_foot},
    {"a fault above the line", test_fault_above},
    {"what was told", test_told},
    {"that it is kept", test_kept},
    {"no room in sight", test_no_room},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"wall_line", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
