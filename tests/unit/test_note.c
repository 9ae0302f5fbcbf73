/* SPDX-License-Identifier: ISC */
/*
 * Purpose: an own note can be changed and struck, on record: by its author alone, for the readers
 * of the note alone, and every view of the log agrees on what is left of it.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/view.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static struct body change(enum action act, int64_t line, const char *text) {
    struct body body = {.act = act, .has = F(line), .line = line};
    if (text) {
        body.has |= F(text);
        body.text = span_of(text);
    }
    return body;
}

static enum refusal act(uint8_t seat, struct body body) {
    s.now += 1000;
    return sample_do(&s, seat, body);
}

static void write(uint8_t seat, enum action as, const char *text) {
    CU_ASSERT_EQUAL(act(seat, body_text(as, text)), REFUSAL_NONE);
}

static void running(void) {
    sample_open_rules(&s, 0, 2);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), REFUSAL_NONE);
}

static void test_changed_struck_and_back(void) {
    running();
    write(SAMPLE_HOST, ACTION_NOTE_ALL, "frist");
    write(SAMPLE_HOST, ACTION_NOTE_ALL, "second");
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_ALL_SET, 0, "first\nof two")),
                    REFUSAL_NONE);
    const struct room_line *line = &s.room.lines[0];
    CU_ASSERT_STRING_EQUAL(line->text, "first\nof two");
    CU_ASSERT_EQUAL(line->changes, 1);
    CU_ASSERT_EQUAL(line->changed_at, s.now);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_ALL_SET, 0, NULL)), REFUSAL_NONE);
    CU_ASSERT_TRUE(line->struck);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_ALL_SET, 0, NULL)), REFUSAL_SAME);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_ALL_SET, 0, "first\nof two")),
                    REFUSAL_NONE);
    CU_ASSERT_FALSE(line->struck);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_ALL_SET, 0, "first\nof two")),
                    REFUSAL_SAME);
    CU_ASSERT_EQUAL(line->changes, 3);
    CU_ASSERT_STRING_EQUAL(s.room.lines[1].text, "second");
    CU_ASSERT_EQUAL(s.room.lines[1].changes, 0);
    sample_free(&s);
}

/* Each audience has its own count, and nobody counts another's. */
static void test_which_note(void) {
    running();
    write(SAMPLE_HOST, ACTION_NOTE_MINE, "mine");
    write(SAMPLE_HOST, ACTION_NOTE_PANEL, "panel");
    write(SAMPLE_SECOND, ACTION_NOTE_PANEL, "the second's");
    write(SAMPLE_HOST, ACTION_TALK_WHISPER, "whispered");
    write(SAMPLE_HOST, ACTION_NOTE_PANEL, "panel too");
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_PANEL_SET, 1, "that one")), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(s.room.lines[4].text, "that one");
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_PANEL_SET, 2, "x")), REFUSAL_NO_SUCH_NOTE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_ALL_SET, 0, "x")), REFUSAL_NO_SUCH_NOTE);
    CU_ASSERT_EQUAL(act(SAMPLE_COACH, change(ACTION_NOTE_PANEL_SET, 0, "x")), REFUSAL_NO_SUCH_NOTE);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, change(ACTION_NOTE_MINE_SET, 0, "x")),
                    REFUSAL_NO_SUCH_NOTE);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, change(ACTION_NOTE_PANEL_SET, 0, "x")),
                    REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_MINE_SET, ROOM_NOTES_MAX - 1, "x")),
                    REFUSAL_NO_SUCH_NOTE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_MINE_SET, ROOM_NOTES_MAX, "x")),
                    REFUSAL_BAD_FIELD);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_MINE_SET, 0, "")), REFUSAL_BAD_FIELD);
    sample_free(&s);
}

static void test_bound(void) {
    static char text[TEXT_MAX_BYTES + 2];
    running();
    write(SAMPLE_HOST, ACTION_NOTE_MINE, "short");
    memset(text, 'x', TEXT_MAX_BYTES + 1);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_MINE_SET, 0, text)), REFUSAL_BAD_FIELD);
    text[TEXT_MAX_BYTES] = '\0';
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_MINE_SET, 0, text)), REFUSAL_NONE);
    sample_free(&s);
}

/* Changes are taken from their author's share of the note's audience; the others go on. */
static void test_share(void) {
    running();
    write(SAMPLE_HOST, ACTION_NOTE_MINE, "0");
    enum refusal refusal = REFUSAL_NONE;
    uint32_t taken = 0;
    for (; refusal == REFUSAL_NONE; taken++) {
        refusal = act(SAMPLE_HOST, change(ACTION_NOTE_MINE_SET, 0, taken % 2 ? "a" : "b"));
    }
    CU_ASSERT_EQUAL(refusal, REFUSAL_SEAT_LIMIT);
    CU_ASSERT_EQUAL(taken, ROOM_SEAT_OWN_MAX); /* with the note itself, and the one refused */
    write(SAMPLE_HOST, ACTION_NOTE_PANEL, "goes on");
    write(SAMPLE_COACH, ACTION_NOTE_MINE, "goes on");
    sample_free(&s);
}

/* Whether the seat's view of the log so far holds a text, and what its fold says of a note. */
static bool view_has(uint8_t seat, const char *text) {
    uint32_t order[64];
    uint32_t n = view_order(&s.room, seat, s.events, s.count, order);
    bool found = false;
    for (uint32_t i = 0; i < n; i++) {
        const struct body *body = &s.events[order[i]].body;
        found = found || (body->has & F(text) && span_equal(body->text, text));
    }
    return found;
}

static uint32_t struck_in_view(uint8_t seat) {
    struct room seen;
    uint32_t count = 0;
    CU_ASSERT_TRUE_FATAL(sample_view(&s, seat, s.count, &seen));
    CU_ASSERT_EQUAL(seen.pos, view_count(&s.room, seat));
    for (uint32_t i = 0; i < seen.line_count; i++) {
        count += seen.lines[i].struck;
    }
    room_free(&seen);
    return count;
}

/* What the panel strikes or changes is not on the candidate's machine before the debrief, then both
 * the note and what became of it; what somebody wrote for themselves never. */
static void test_who_may_know(void) {
    running();
    write(SAMPLE_HOST, ACTION_NOTE_PANEL, "too slow");
    write(SAMPLE_HOST, ACTION_NOTE_MINE, "my own");
    uint32_t before = view_count(&s.room, SAMPLE_CANDIDATE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_PANEL_SET, 0, "unfair")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_PANEL_SET, 0, NULL)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_MINE_SET, 0, "mine anew")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_MINE_SET, 0, NULL)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(view_count(&s.room, SAMPLE_CANDIDATE), before);
    CU_ASSERT_FALSE(view_has(SAMPLE_CANDIDATE, "unfair") || view_has(SAMPLE_CANDIDATE, "too slow"));
    CU_ASSERT_EQUAL(struck_in_view(SAMPLE_CANDIDATE), 0);
    CU_ASSERT_EQUAL(struck_in_view(SAMPLE_COACH), 1);
    CU_ASSERT_EQUAL(struck_in_view(SAMPLE_HOST), 2);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_FALSE(view_has(SAMPLE_CANDIDATE, "unfair"));
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_DEBRIEF_OPEN)), REFUSAL_NONE);
    CU_ASSERT(view_has(SAMPLE_CANDIDATE, "unfair"));
    CU_ASSERT_EQUAL(struck_in_view(SAMPLE_CANDIDATE), 1);
    CU_ASSERT_FALSE(view_has(SAMPLE_CANDIDATE, "mine anew") || view_has(SAMPLE_COACH, "mine anew"));
    /* And afterwards, at once. */
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_PANEL_SET, 0, "fair")), REFUSAL_NONE);
    CU_ASSERT_EQUAL(struck_in_view(SAMPLE_CANDIDATE), 0);
    sample_free(&s);
}

/* Who has the seat next can change neither what is there of the one before, nor count it. */
static void test_seat_that_changed_hands(void) {
    running();
    write(SAMPLE_CANDIDATE, ACTION_NOTE_MINE, "private");
    write(SAMPLE_CANDIDATE, ACTION_NOTE_ALL, "before");
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, change(ACTION_NOTE_MINE_SET, 0, "secret")), REFUSAL_NONE);
    static const char link[HASH_BYTES + 1] = "a link of thirty two bytes, here";
    struct body move = {.act = ACTION_SEAT_MOVE,
                        .has = F(seat) | F(invite),
                        .seat = SAMPLE_CANDIDATE,
                        .invite = {link, HASH_BYTES}};
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, move), REFUSAL_NONE);
    struct body join = {.act = ACTION_SEAT_JOIN,
                        .has = F(key) | F(invite) | F(name),
                        .key = {"another key of thirty two bytes!", HASH_BYTES},
                        .invite = {link, HASH_BYTES},
                        .name = span_of("New")};
    struct command command = {.seat = SEAT_SERVER, .body = join};
    CU_ASSERT_EQUAL(sample_command(&s, &command), REFUSAL_NONE);
    s.ids[SAMPLE_CANDIDATE] = 0;
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, change(ACTION_NOTE_ALL_SET, 0, "x")),
                    REFUSAL_NO_SUCH_NOTE);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, change(ACTION_NOTE_MINE_SET, 0, "x")),
                    REFUSAL_NO_SUCH_NOTE);
    write(SAMPLE_CANDIDATE, ACTION_NOTE_MINE, "new");
    write(SAMPLE_CANDIDATE, ACTION_NOTE_ALL, "after");
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, change(ACTION_NOTE_MINE_SET, 0, NULL)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_CANDIDATE, change(ACTION_NOTE_ALL_SET, 1, NULL)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(struck_in_view(SAMPLE_CANDIDATE), 2);
    CU_ASSERT_EQUAL(struck_in_view(SAMPLE_HOST), 1);
    struct room seen;
    enum action as;
    int64_t number;
    CU_ASSERT_TRUE_FATAL(sample_view(&s, SAMPLE_CANDIDATE, s.count, &seen));
    CU_ASSERT_EQUAL_FATAL(seen.line_count, 3);
    CU_ASSERT_FALSE(room_note_own(&seen, SAMPLE_CANDIDATE, 0, &as, &number)); /* "before" */
    CU_ASSERT_TRUE(room_note_own(&seen, SAMPLE_CANDIDATE, 1, &as, &number));
    CU_ASSERT_EQUAL(as, ACTION_NOTE_MINE_SET);
    CU_ASSERT_EQUAL(number, 0);
    CU_ASSERT_TRUE(room_note_own(&seen, SAMPLE_CANDIDATE, 2, &as, &number));
    CU_ASSERT_EQUAL(number, 1);
    room_free(&seen);
    sample_free(&s);
}

/* The fold of the whole log and its copy say the same; another version is another state. */
static void test_state(void) {
    struct room copy, again;
    running();
    write(SAMPLE_HOST, ACTION_NOTE_ALL, "one");
    CU_ASSERT_TRUE_FATAL(room_copy(&copy, &s.room));
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_ALL_SET, 0, NULL)), REFUSAL_NONE);
    CU_ASSERT_FALSE(sample_same(&copy, &s.room));
    room_free(&copy);
    CU_ASSERT_TRUE_FATAL(room_copy(&copy, &s.room));
    CU_ASSERT_TRUE_FATAL(sample_replay(&s, s.count, &again));
    CU_ASSERT_TRUE(sample_same(&copy, &s.room));
    CU_ASSERT_TRUE(sample_same(&again, &s.room));
    room_free(&copy);
    room_free(&again);
    /* Nobody changes anything in a room that is closed. */
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_CLOCK_FINISH)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, body_plain(ACTION_ROOM_CLOSE)), REFUSAL_NONE);
    CU_ASSERT_EQUAL(act(SAMPLE_HOST, change(ACTION_NOTE_ALL_SET, 0, "late")), REFUSAL_WRONG_STAGE);
    sample_free(&s);
}

static CU_TestInfo tests[] = {
    {"changed, struck and brought back", test_changed_struck_and_back},
    {"which note it is", test_which_note},
    {"the bound of a text", test_bound},
    {"changes have a share", test_share},
    {"who may know of it", test_who_may_know},
    {"a seat that changed hands", test_seat_that_changed_hands},
    {"the state", test_state},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"note", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
