/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what is written on a room's screen: several lines, pastes, the bound, a line that was
 * left and is gone on with; what is sent of it, and how it looks (tests/golden/writing-NAME.txt).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/control.h"
#include "tests/support/golden.h"
#include "tests/support/played_pack.h"
#include "tests/support/played_screen.h"
#include "tests/support/test_main.h"

enum { START = 60000, MINUTE = 60000 };

static struct played played;
static struct screen screen;
static struct paint paint;

static void look(void) {
    played_look(&screen, &paint, START + 10 * MINUTE);
}

static void sit_down(uint8_t seat, int width, int height) {
    played_open(&played, 0);
    played_act(&played, PLAYED_ANA, START, ACTION_CLOCK_START);
    played_sit_down(&played, seat, &screen, &paint, width, height);
    look();
}

static void press(const char *keys) {
    for (; *keys; keys++) {
        control_key(&screen, (unsigned char)*keys);
    }
}

static void paste(const char *text) {
    for (; *text; text++) {
        control_paste(&screen, (unsigned char)*text);
    }
}

static void expect(const char *name) {
    char file[64];
    look();
    snprintf(file, sizeof file, "writing-%s", name);
    golden_expect(file, &paint);
}

static bool shows(const char *words) {
    look();
    char *picture = paint_dump(&paint);
    bool found = picture && strstr(picture, words);
    free(picture);
    return found;
}

static const struct body *sent(void) {
    CU_ASSERT_FATAL(played.sent_count > 0);
    return &played.sent[played.sent_count - 1];
}

static void test_several_lines(void) {
    sit_down(PLAYED_ANA, 80, 24);
    press("oThe late events:\nbuffers them for an hour");
    control_key(&screen, CODE_ALT + '\r');
    press("then drops them, which is said");
    expect("note-80x24");
    press("\r");
    CU_ASSERT_EQUAL(sent()->act, ACTION_NOTE_MINE);
    CU_ASSERT(span_equal(sent()->text,
                         "The late events:\nbuffers them for an hour\nthen drops them, "
                         "which is said"));
    played_stand_up(&played, &paint);
}

/* Each pasted line end is kept, and none of it is a key. */
static void test_paste(void) {
    sit_down(PLAYED_BEN, 120, 40);
    paste("tno line yet");
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    CU_ASSERT(shows("Pasted text is no key"));
    press("t");
    paste("SELECT *\r\nFROM clicks\r\nWHERE late\x1b\x03;\r\n");
    CU_ASSERT_EQUAL(screen.writing, WRITE_TALK);
    expect("paste-120x40");
    press("\r");
    CU_ASSERT(span_equal(sent()->text, "SELECT *\nFROM clicks\nWHERE late;"));
    played_stand_up(&played, &paint);
}

static void test_too_long(void) {
    sit_down(PLAYED_ANA, 80, 24);
    press("w");
    for (int i = 0; i < 580; i++) {
        char word[8];
        snprintf(word, sizeof word, "%04u ", (unsigned)i % 10000U);
        paste(word);
    }
    expect("too-long-80x24");
    press("\r"); /* not sent, and not gone */
    CU_ASSERT_EQUAL(played.sent_count, 0);
    CU_ASSERT_EQUAL(screen.writing, WRITE_WHISPER);
    for (int i = 0; i < 900; i++) {
        control_key(&screen, CODE_BACKSPACE);
    }
    CU_ASSERT_FALSE(shows("too long"));
    press("\r");
    CU_ASSERT_EQUAL(sent()->text.len, TEXT_MAX_BYTES - 1); /* the blank at its end is left out */
    played_stand_up(&played, &paint);
}

/* Esc takes nothing away for good. */
static void test_left_and_gone_on_with(void) {
    sit_down(PLAYED_ANA, 80, 24);
    press("tall of this");
    control_key(&screen, CODE_ESCAPE);
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    CU_ASSERT(shows("Nothing was sent; t goes on with it, t and Ctrl-X throw it away."));
    press("t!\r");
    CU_ASSERT(span_equal(sent()->text, "all of this!"));
    press("tx");
    control_key(&screen, CODE_ESCAPE);
    press("oy\r"); /* another line is another line */
    CU_ASSERT(span_equal(sent()->text, "y"));
    press("tz\r");
    CU_ASSERT(span_equal(sent()->text, "xz"));
    press("tw\r");
    CU_ASSERT(span_equal(sent()->text, "w"));
    played_stand_up(&played, &paint);
}

static void write_bytes(size_t count) {
    press("w");
    for (size_t i = 0; i < count; i++) {
        press("x");
    }
}

/* At the bound a text goes out; one byte past it, it can be thrown away at once, and comes back no
 * more, not even after it was left. */
static void test_throwing_away(void) {
    sit_down(PLAYED_ANA, 80, 24);
    write_bytes(TEXT_MAX_BYTES);
    CU_ASSERT(shows(" 0 bytes left"));
    press("\r");
    CU_ASSERT_EQUAL(sent()->text.len, TEXT_MAX_BYTES);
    write_bytes(TEXT_MAX_BYTES + 1);
    CU_ASSERT(shows("1 byte too long to send; Ctrl-X drops it"));
    CU_ASSERT(shows("Ctrl-X throw away"));
    press("\r");
    CU_ASSERT_EQUAL(screen.writing, WRITE_WHISPER);
    control_key(&screen, CODE_ESCAPE);
    press("w");
    CU_ASSERT_EQUAL(screen.input.len, TEXT_MAX_BYTES + 1);
    control_key(&screen, CODE_THROW);
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    CU_ASSERT(shows("Thrown away."));
    press("w");
    CU_ASSERT_EQUAL(screen.input.len, 0);
    CU_ASSERT_EQUAL(played.sent_count, 1);
    played_stand_up(&played, &paint);
}

/* A narrow line has place for the text's beginning before it has for the key. */
static void test_words_when_narrow(void) {
    sit_down(PLAYED_ANA, 40, 12);
    press("*");
    for (int i = 0; i <= ROOM_CALL_MAX_BYTES; i++) {
        press("x");
    }
    CU_ASSERT_FALSE(shows("Ctrl-X drops it"));
    CU_ASSERT(shows("1 byte too long to send"));
    played_stand_up(&played, &paint);
}

/* A line of one line has its own bound, and says so. */
static void test_bounds_of_others(void) {
    sit_down(PLAYED_ANA, 80, 24);
    press("*");
    for (int i = 0; i <= ROOM_CALL_MAX_BYTES; i++) {
        press("x");
    }
    CU_ASSERT(shows("1 byte too long to send"));
    press("\r");
    CU_ASSERT_EQUAL(played.sent_count, 0);
    control_key(&screen, CODE_BACKSPACE);
    press("\n");
    CU_ASSERT_EQUAL(sent()->call.len, ROOM_CALL_MAX_BYTES);
    played_stand_up(&played, &paint);
}

/* While something is written or asked no key of the room is named, since none is one. */
static void test_line_of_keys(void) {
    sit_down(PLAYED_ANA, 80, 24);
    CU_ASSERT(shows("n next"));
    press("t");
    CU_ASSERT_FALSE(shows("n next"));
    CU_ASSERT(shows("Enter send  Alt-Enter new line  Esc leave"));
    control_key(&screen, CODE_ESCAPE);
    press("q");
    CU_ASSERT_FALSE(shows("n next"));
    CU_ASSERT(shows("Any other key goes back."));
    played_stand_up(&played, &paint);
}

/* Own notes have letters in the pane of talk, the newest the first, and are written anew there. */
static void test_changing_a_note(void) {
    sit_down(PLAYED_ANA, 80, 24);
    played_text(&played, PLAYED_ANA, START + MINUTE, ACTION_NOTE_PANEL, "Asked first.");
    played_text(&played, PLAYED_CLEO, START + 2 * MINUTE, ACTION_NOTE_PANEL, "Not Ana's.");
    played_text(&played, PLAYED_ANA, START + 12 * MINUTE, ACTION_NOTE_MINE, "Ask about\nIceberg.");
    played_text(&played, PLAYED_ANA, START + 13 * MINUTE, ACTION_TALK_SAY, "Hello");
    played_view(&played, PLAYED_ANA);
    screen.tab = TAB_TALK;
    expect("own-notes-80x24");
    press("a");
    CU_ASSERT_EQUAL(screen.writing, WRITE_CHANGE);
    CU_ASSERT(shows("The note anew (empty: struck):"));
    press(" Or Delta?\r");
    CU_ASSERT_EQUAL(sent()->act, ACTION_NOTE_MINE_SET);
    CU_ASSERT_EQUAL(sent()->line, 0);
    CU_ASSERT(span_equal(sent()->text, "Ask about\nIceberg. Or Delta?"));
    press("c\x15\r");
    CU_ASSERT_EQUAL(sent()->act, ACTION_NOTE_PANEL_SET);
    CU_ASSERT_FALSE(sent()->has & F(text));
    uint32_t before = played.sent_count;
    press("e"); /* Cleo's has no letter */
    CU_ASSERT_EQUAL(screen.writing, WRITE_NOTHING);
    press("cx");
    control_key(&screen, CODE_ESCAPE);
    CU_ASSERT(shows("Left as it was; the same letter goes on with the text, Ctrl-X then"));
    CU_ASSERT_EQUAL(played.sent_count, before);
    played_stand_up(&played, &paint);
}

static void set_note(uint8_t seat, enum action act, const char *text) {
    struct body body = {.act = act, .has = F(line) | (text ? F(text) : 0)};
    body.text = span_of(text ? text : "");
    played_do(&played, seat, START + 14 * MINUTE, body);
}

/* The others see what is left of it, and that it is not as it was. */
static void test_changed_notes(void) {
    sit_down(PLAYED_CLEO, 80, 24);
    played_text(&played, PLAYED_ANA, START + MINUTE, ACTION_NOTE_PANEL, "Wrong person.");
    played_text(&played, PLAYED_ANA, START + 2 * MINUTE, ACTION_NOTE_ALL, "Lag is 5 s");
    set_note(PLAYED_ANA, ACTION_NOTE_PANEL_SET, NULL);
    set_note(PLAYED_ANA, ACTION_NOTE_ALL_SET, "Lag is 5 s:\nat the sink");
    played_view(&played, PLAYED_CLEO);
    screen.tab = TAB_TALK;
    expect("changed-notes-80x24");
    CU_ASSERT_FALSE(shows("Wrong person."));
    played_stand_up(&played, &paint);
}

/* Each question has words of its own, and those about a seat name its person. */
static void test_questions(void) {
    static const struct {
        enum asking asking;
        const char *words;
    } seats[] = {{ASK_SEAT, "Ben (candidate)?"},
                 {ASK_MOVE, "Move the seat of Ben?"},
                 {ASK_OUT, "Put Ben out?"},
                 {ASK_DEVICE, "Have your other device hang up?"}};
    char *pictures[ASK_DEVICE + 1] = {0};
    sit_down(PLAYED_ANA, 120, 40);
    screen.asked_seat = PLAYED_BEN;
    for (size_t i = 0; i < sizeof seats / sizeof seats[0]; i++) {
        screen.asking = seats[i].asking;
        CU_ASSERT(shows(seats[i].words));
    }
    for (int i = ASK_NOTHING; i <= ASK_DEVICE; i++) {
        screen.asking = (enum asking)i;
        look();
        pictures[i] = paint_dump(&paint);
        CU_ASSERT_PTR_NOT_NULL_FATAL(pictures[i]);
        for (int k = 0; k < i; k++) {
            CU_ASSERT_STRING_NOT_EQUAL(pictures[i], pictures[k]);
        }
    }
    for (int i = 0; i <= ASK_DEVICE; i++) {
        free(pictures[i]);
    }
    played_stand_up(&played, &paint);
}

static CU_TestInfo tests[] = {
    {"several lines", test_several_lines},
    {"a paste", test_paste},
    {"too long", test_too_long},
    {"left and gone on with", test_left_and_gone_on_with},
    {"throwing away", test_throwing_away},
    {"words when narrow", test_words_when_narrow},
    {"the bounds of others", test_bounds_of_others},
    {"the line of keys", test_line_of_keys},
    {"changing a note", test_changing_a_note},
    {"changed notes", test_changed_notes},
    {"questions", test_questions},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"writing", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
