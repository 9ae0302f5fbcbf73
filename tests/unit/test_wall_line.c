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

/* The line stays with the room for which it was begun. */
static void test_line_keeps_its_room(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_look(&scene);
    wall_scene_press(&scene, "whalf");
    (void)wall_scene_room(&scene, WALL_PLAY_HAND, "Ida", "Ana");
    wall_scene_look(&scene);
    wall_scene_press(&scene, " done\r");
    CU_ASSERT_EQUAL(room->seat.feed.model.pending_count, 1);
    wall_scene_press(&scene, "wlate");
    room->ended = true;
    wall_scene_look(&scene);
    wall_scene_press(&scene, "\r");
    CU_ASSERT_EQUAL(scene.sent, 1);
    CU_ASSERT_TRUE(scene.screen.said_bad);
    wall_scene_close(&scene);
}

/* Esc takes nothing away for good: the key that began a line goes on with it, in its room. */
static void test_line_left(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    struct wall_room *other = wall_scene_room(&scene, WALL_PLAY_CALM, "Ida", "Eva");
    wall_scene_look(&scene);
    wall_scene_press(&scene, "whalf");
    control_wall_key(&scene.screen, CODE_ESCAPE);
    CU_ASSERT_EQUAL(scene.screen.writing, WALL_WRITE_NOTHING);
    CU_ASSERT_STRING_EQUAL(
        scene.screen.said,
        "Nothing was sent; w in this room goes on with it, w and Ctrl-X throw it away.");
    wall_scene_press(&scene, "/Ida\r");
    wall_scene_look(&scene);
    wall_scene_press(&scene, "wfor Ida\r");
    CU_ASSERT_EQUAL(other->seat.feed.model.pending_count, 1);
    control_wall_key(&scene.screen, CODE_ESCAPE); /* the filter away */
    wall_scene_look(&scene);
    wall_scene_press(&scene, "gn"); /* a note is no whisper */
    CU_ASSERT_EQUAL(scene.screen.input.len, 0);
    control_wall_key(&scene.screen, CODE_ESCAPE);
    CU_ASSERT_STRING_EQUAL(scene.screen.said, "Nothing was sent.");
    wall_scene_press(&scene, "w and half");
    CU_ASSERT_STRING_EQUAL(scene.screen.input.text, "half and half");
    wall_scene_press(&scene, "\r");
    CU_ASSERT_EQUAL(room->seat.feed.model.pending_count, 1);
    wall_scene_press(&scene, "w");
    CU_ASSERT_EQUAL(scene.screen.input.len, 0);
    wall_scene_close(&scene);
}

/* A line that was left in each of several rooms, and what a note was for. */
static void test_lines_left(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ida", "Eva");
    wall_scene_look(&scene);
    wall_scene_press(&scene, "gwone");
    control_wall_key(&scene.screen, CODE_ESCAPE);
    wall_scene_press(&scene, "n\tfor the panel");
    control_wall_key(&scene.screen, CODE_ESCAPE);
    wall_scene_press(&scene, "Gwtwo");
    control_wall_key(&scene.screen, CODE_ESCAPE);
    wall_scene_press(&scene, "n\tfor all");
    CU_ASSERT_EQUAL(scene.screen.note_to, ACTION_NOTE_ALL);
    control_wall_key(&scene.screen, CODE_ESCAPE);
    wall_scene_press(&scene, "gw");
    CU_ASSERT_STRING_EQUAL(scene.screen.input.text, "one");
    wall_scene_press(&scene, "\rn");
    CU_ASSERT_STRING_EQUAL(scene.screen.input.text, "for the panel");
    CU_ASSERT_EQUAL(scene.screen.note_to, ACTION_NOTE_PANEL);
    wall_scene_press(&scene, "\rGw");
    CU_ASSERT_STRING_EQUAL(scene.screen.input.text, "two");
    wall_scene_press(&scene, "\rn");
    CU_ASSERT_STRING_EQUAL(scene.screen.input.text, "for all");
    CU_ASSERT_EQUAL(scene.screen.note_to, ACTION_NOTE_ALL);
    wall_scene_close(&scene);
}

/* More than there is place for: the oldest goes, unless a room is gone. */
static void test_lines_many(void) {
    struct wall_room *rooms[WALL_KEPT_LINES + 1];
    wall_scene_open(&scene, 80, 24);
    for (int i = 0; i <= WALL_KEPT_LINES; i++) {
        rooms[i] = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    }
    wall_scene_look(&scene);
    for (int i = 0; i <= WALL_KEPT_LINES; i++) {
        snprintf(scene.screen.chosen, sizeof scene.screen.chosen, "%s", rooms[i]->seat.invite.room);
        wall_scene_press(&scene, "wmine");
        control_wall_key(&scene.screen, CODE_ESCAPE);
    }
    int kept = 0;
    for (int i = WALL_KEPT_LINES; i >= 0; i--) {
        snprintf(scene.screen.chosen, sizeof scene.screen.chosen, "%s", rooms[i]->seat.invite.room);
        wall_scene_press(&scene, "w");
        kept += strcmp(scene.screen.input.text, "mine") == 0;
        CU_ASSERT_EQUAL(kept, i == 0 ? WALL_KEPT_LINES : WALL_KEPT_LINES + 1 - i);
        control_wall_key(&scene.screen, CODE_THROW);
    }
    wall_scene_close(&scene);
}

static bool foot_shows(const char *words) {
    wall_scene_look(&scene);
    char *picture = paint_dump(&scene.paint);
    bool found = picture && strstr(picture, words);
    free(picture);
    return found;
}

/* A sentence at the foot has as many rows as it needs, and a question its answers. */
static void test_foot(void) {
    wall_scene_open(&scene, 40, 24);
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_look(&scene);
    wall_scene_press(&scene, "whalf");
    control_wall_key(&scene.screen, CODE_ESCAPE);
    CU_ASSERT(foot_shows("Nothing was sent; w in this room"));
    CU_ASSERT(foot_shows("away."));
    wall_scene_press(&scene, "q");
    CU_ASSERT(foot_shows("Leave the wall? The rooms go on."));
    CU_ASSERT(foot_shows("y yes  n no"));
    CU_ASSERT(foot_shows("Any other key goes back."));
    wall_scene_close(&scene);
}

/* A fault is not hidden by the line that is being written. */
static void test_fault_above(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_look(&scene);
    wall_scene_press(&scene, "whalf");
    room->ended = true;
    wall_scene_look(&scene);
    wall_scene_press(&scene, "\r");
    CU_ASSERT_EQUAL(scene.screen.writing, WALL_WRITE_WHISPER);
    CU_ASSERT(foot_shows("That room has ended meanwhile; nothing was sent."));
    CU_ASSERT(foot_shows("half"));
    control_wall_key(&scene.screen, CODE_ESCAPE);
    scene.screen.state.why = "The connection was cut off.";
    wall_screen_draw(&scene.screen, &scene.paint);
    wall_scene_close(&scene);
}

/* What somebody else brings about stands long enough to be read, whatever is typed. */
static void test_told(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_look(&scene);
    wall_scene_press(&scene, "whalf");
    wall_screen_tell(&scene.screen, false, "Kim asks to be let in.");
    wall_scene_press(&scene, " done");
    wall_screen_foot_follow(&scene.screen);
    CU_ASSERT(foot_shows("Kim asks to be let in."));
    CU_ASSERT(foot_shows("half done"));
    scene.screen.mono += WALL_TOLD_LEAST_MS - 1;
    wall_scene_press(&scene, "!");
    CU_ASSERT(foot_shows("Kim asks to be let in."));
    scene.screen.mono = WALL_SCENE_NOW + WALL_TOLD_LEAST_MS;
    wall_scene_press(&scene, "!");
    CU_ASSERT_FALSE(foot_shows("Kim asks to be let in."));
    control_wall_key(&scene.screen, CODE_THROW);
    wall_screen_tell(&scene.screen, true, "The link was withdrawn.");
    scene.screen.asking = true; /* a question is in its place */
    wall_screen_foot_follow(&scene.screen);
    CU_ASSERT_FALSE(foot_shows("The link was withdrawn."));
    scene.screen.asking = false;
    scene.screen.mono += WALL_TOLD_MS;
    wall_screen_foot_follow(&scene.screen);
    CU_ASSERT(foot_shows("The link was withdrawn."));
    scene.screen.mono = scene.screen.told_at + WALL_TOLD_MS - 1;
    CU_ASSERT_EQUAL(wall_screen_next_change(&scene.screen), 1);
    scene.screen.mono++;
    wall_screen_foot_follow(&scene.screen);
    CU_ASSERT_FALSE(foot_shows("The link was withdrawn."));
    wall_scene_close(&scene);
}

/* That a command is kept is said for a while. */
static void test_kept(void) {
    wall_scene_open(&scene, 80, 24);
    struct wall_room *room = wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_look(&scene);
    wall_scene_press(&scene, "wAsk\r");
    wall_screen_foot_follow(&scene.screen);
    CU_ASSERT(foot_shows("on its way"));
    scene.screen.mono += WALL_TOLD_MS;
    wall_screen_foot_follow(&scene.screen);
    free(room->seat.feed.model.pending[0].memory);
    room->seat.feed.model.pending_count = 0;
    CU_ASSERT(foot_shows("kept  Whisper"));
    scene.screen.mono = scene.screen.kept_at + WALL_TOLD_MS - 1;
    CU_ASSERT_EQUAL(wall_screen_next_change(&scene.screen), 1);
    scene.screen.mono++;
    wall_screen_foot_follow(&scene.screen);
    CU_ASSERT_FALSE(foot_shows("kept"));
    wall_scene_close(&scene);
}

/* Without a room in sight no key of one is named; and why there is none is said as it is. */
static void test_no_room(void) {
    wall_scene_open(&scene, 80, 24);
    CU_ASSERT(foot_shows("No room is open now."));
    CU_ASSERT_FALSE(foot_shows("whisper"));
    CU_ASSERT(foot_shows("? help"));
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    CU_ASSERT(foot_shows("w whisper"));
    wall_scene_press(&scene, "x");
    CU_ASSERT(foot_shows("You have taken every room off this wall"));
    CU_ASSERT_FALSE(foot_shows("No room is open now."));
    CU_ASSERT_FALSE(foot_shows("w whisper"));
    wall_scene_close(&scene);
}

/* Why no room matches, where the one that does was taken off the wall; Esc shows the others, if
 * there are any. */
static void test_no_match(void) {
    wall_scene_open(&scene, 80, 24);
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ben", "Ana");
    wall_scene_room(&scene, WALL_PLAY_CALM, "Ida", "Eva");
    wall_scene_look(&scene);
    wall_scene_press(&scene, "/Nobody\r");
    CU_ASSERT(foot_shows("No room matches the filter; Esc shows all."));
    wall_scene_press(&scene, "/Ida\rx");
    CU_ASSERT(foot_shows("You have taken what matches the filter off this wall; Esc shows the"));
    control_wall_key(&scene.screen, CODE_ESCAPE);
    CU_ASSERT_EQUAL(scene.screen.shown_count, 1);
    wall_scene_press(&scene, "x/Nobody\r");
    CU_ASSERT(foot_shows("You have taken every room off this wall"));
    CU_ASSERT_FALSE(foot_shows("Esc shows"));
    wall_scene_close(&scene);
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
    {"no room by a filter", test_no_match},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"wall_line", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
