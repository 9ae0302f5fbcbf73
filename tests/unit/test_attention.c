/* SPDX-License-Identifier: ISC */
/*
 * Purpose: each reason for which a room needs its coach appears exactly when it should and goes
 * again; the worst stand first; the answer changes only at the moments that are announced.
 */
#include <stdio.h>
#include <string.h>

#include "protocol/room/attention.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

#define MINUTE INT64_C(60000)

/* The sample's alarms: phase 3 unreached after 20 minutes, its minute 23, minute 22 of the
 * interview. */
enum { DESIGN = 2, DEFEND = 3 };

static struct sample s;
static int64_t start;

static void open_room(void) {
    sample_open(&s, 0);
}

static void begin(void) {
    open_room();
    CU_ASSERT_EQUAL_FATAL(sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START)), 0);
    start = s.now;
}

static void do_at(int64_t moment, uint8_t seat, struct body body) {
    s.now = moment;
    CU_ASSERT_EQUAL_FATAL(sample_do(&s, seat, body), REFUSAL_NONE);
}

/* The names of the reasons at a moment, in their order, with blanks between them. */
static const char *reasons(int64_t now) {
    static char text[ATTENTION_MAX * 12];
    struct attention list[ATTENTION_MAX];
    uint8_t count = attention_of(&s.room, now, list);
    size_t len = 0;
    text[0] = '\0';
    for (uint8_t i = 0; i < count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i > 0 ? " " : "",
                                attention_name(list[i].kind));
    }
    return text;
}

static struct attention first(int64_t now) {
    struct attention list[ATTENTION_MAX] = {{0}};
    (void)attention_of(&s.room, now, list);
    return list[0];
}

static struct body hand(int on, int seat) {
    struct body body = {.act = ACTION_HAND_SET, .has = F(on), .on = on};
    if (seat >= 0) {
        body.has |= F(seat);
        body.seat = seat;
    }
    return body;
}

static void leave(uint8_t seat, int64_t moment) {
    s.now = moment;
    CU_ASSERT_EQUAL_FATAL(sample_do(&s, SEAT_SERVER, body_gone(seat, s.room.seats[seat].session)),
                          REFUSAL_NONE);
}

static void test_hands(void) {
    open_room();
    CU_ASSERT_STRING_EQUAL(reasons(s.now), "");
    do_at(s.now + 1000, SAMPLE_CANDIDATE, hand(1, -1));
    do_at(s.now + 1000, SAMPLE_HOST, hand(1, -1));
    CU_ASSERT_STRING_EQUAL(reasons(s.now), "hand hand");
    CU_ASSERT_EQUAL(first(s.now).seat, SAMPLE_CANDIDATE);
    CU_ASSERT_EQUAL(first(s.now).since, s.now - 1000);
    do_at(s.now + 1000, SAMPLE_COACH, hand(0, SAMPLE_CANDIDATE));
    CU_ASSERT_STRING_EQUAL(reasons(s.now), "hand");
    CU_ASSERT_EQUAL(first(s.now).seat, SAMPLE_HOST);
    sample_free(&s);
}

static void test_gone(void) {
    open_room();
    leave(SAMPLE_CANDIDATE, s.now + 1000);
    int64_t gone = s.now;
    CU_ASSERT_STRING_EQUAL(reasons(gone + ATTENTION_GONE_MS - 1), "");
    CU_ASSERT_STRING_EQUAL(reasons(gone + ATTENTION_GONE_MS), "gone");
    CU_ASSERT_EQUAL(first(gone + ATTENTION_GONE_MS).since, gone);
    CU_ASSERT_EQUAL(first(gone + ATTENTION_GONE_MS).seat, SAMPLE_CANDIDATE);
    CU_ASSERT_EQUAL(attention_next(&s.room, gone), gone + ATTENTION_GONE_MS);
    CU_ASSERT_EQUAL(attention_next(&s.room, gone + ATTENTION_GONE_MS), -1);
    /* A coach may come and go. */
    leave(SAMPLE_COACH, gone + 1000);
    CU_ASSERT_STRING_EQUAL(reasons(gone + MINUTE), "gone");
    sample_free(&s);
}

static void test_over(void) {
    begin();
    CU_ASSERT_EQUAL(attention_main_phase(&s.room), DESIGN);
    do_at(start + 4 * MINUTE, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED));
    CU_ASSERT_STRING_EQUAL(reasons(start + 5 * MINUTE), "");
    CU_ASSERT_STRING_EQUAL(reasons(start + 5 * MINUTE + 1), "over");
    CU_ASSERT_EQUAL(first(start + 6 * MINUTE).since, start + 5 * MINUTE);
    do_at(start + 6 * MINUTE, SAMPLE_HOST, body_phase(ACTION_CLOCK_JUMP, DESIGN));
    CU_ASSERT_STRING_EQUAL(reasons(start + 7 * MINUTE), "");
    do_at(start + 18 * MINUTE, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-1", MARK_RAISED));
    CU_ASSERT_STRING_EQUAL(reasons(start + 21 * MINUTE + 1), "over-main unreached");
    /* More time ends it. */
    do_at(start + 21 * MINUTE + 1, SAMPLE_HOST, body_add(DESIGN, 5 * MINUTE));
    CU_ASSERT_STRING_EQUAL(reasons(s.now), "unreached");
    sample_free(&s);
}

static void test_alarms(void) {
    begin();
    do_at(start, SAMPLE_HOST, body_phase(ACTION_CLOCK_JUMP, DESIGN));
    do_at(start, SAMPLE_HOST, body_add(DESIGN, 30 * MINUTE));
    do_at(start + 19 * MINUTE, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-1", MARK_RAISED));
    CU_ASSERT_STRING_EQUAL(reasons(start + 20 * MINUTE - 1), "");
    CU_ASSERT_STRING_EQUAL(reasons(start + 20 * MINUTE), "unreached");
    CU_ASSERT_EQUAL(first(start + 21 * MINUTE).since, start + 20 * MINUTE);
    CU_ASSERT_STRING_EQUAL(reasons(start + 23 * MINUTE), "unreached minute");
    do_at(start + 23 * MINUTE + 1, SAMPLE_HOST, body_phase(ACTION_CLOCK_JUMP, DEFEND));
    CU_ASSERT_STRING_EQUAL(reasons(s.now), "");
    sample_free(&s);
}

static void test_silence(void) {
    begin();
    do_at(start, SAMPLE_HOST, body_add(0, 30 * MINUTE));
    CU_ASSERT_STRING_EQUAL(reasons(start + ATTENTION_SILENT_MS - 1), "");
    CU_ASSERT_STRING_EQUAL(reasons(start + ATTENTION_SILENT_MS), "silent");
    CU_ASSERT_EQUAL(first(start + ATTENTION_SILENT_MS).since, start);
    /* The candidate's own sheet says nothing about the panel; a mark of the panel does. */
    do_at(start + 6 * MINUTE, SAMPLE_CANDIDATE, body_mark(ACTION_SELF_SET, "item-0", MARK_RAISED));
    CU_ASSERT_STRING_EQUAL(reasons(s.now), "silent");
    do_at(start + 6 * MINUTE, SAMPLE_HOST, body_mark(ACTION_MARK_SET, "item-0", MARK_PROMPTED));
    CU_ASSERT_STRING_EQUAL(reasons(start + 11 * MINUTE - 1), "");
    CU_ASSERT_STRING_EQUAL(reasons(start + 11 * MINUTE), "silent");
    /* A pause is no silence, and starts the count anew. */
    do_at(start + 11 * MINUTE, SAMPLE_HOST, body_plain(ACTION_CLOCK_PAUSE));
    CU_ASSERT_STRING_EQUAL(reasons(start + 12 * MINUTE), "");
    do_at(start + 12 * MINUTE, SAMPLE_HOST, body_plain(ACTION_CLOCK_RESUME));
    CU_ASSERT_STRING_EQUAL(reasons(start + 17 * MINUTE - 1), "");
    CU_ASSERT_STRING_EQUAL(reasons(start + 17 * MINUTE), "silent");
    sample_free(&s);
}

static void test_after_the_end(void) {
    begin();
    leave(SAMPLE_HOST, start + 6 * MINUTE);
    CU_ASSERT_STRING_EQUAL(reasons(start + 7 * MINUTE), "gone over silent");
    do_at(start + 7 * MINUTE, SAMPLE_SECOND, body_plain(ACTION_CLOCK_FINISH));
    CU_ASSERT_STRING_EQUAL(reasons(start + 40 * MINUTE), "");
    CU_ASSERT_EQUAL(attention_next(&s.room, s.now), -1);
    do_at(start + 41 * MINUTE, SAMPLE_CANDIDATE, hand(1, -1));
    CU_ASSERT_STRING_EQUAL(reasons(s.now), "hand");
    do_at(start + 42 * MINUTE, SAMPLE_SECOND, body_plain(ACTION_ROOM_CLOSE));
    CU_ASSERT_STRING_EQUAL(reasons(s.now), "");
    sample_free(&s);
}

static void test_nothing_yet(void) {
    struct attention list[ATTENTION_MAX];
    struct room room;
    room_init(&room);
    CU_ASSERT_EQUAL(attention_of(&room, 0, list), 0);
    CU_ASSERT_EQUAL(attention_next(&room, 0), -1);
    CU_ASSERT_EQUAL(attention_main_phase(&room), -1);
    room_free(&room);
}

/* Everything at once fits, in the order of severity. */
static void test_all_at_once(void) {
    begin();
    do_at(start, SAMPLE_HOST, body_phase(ACTION_CLOCK_JUMP, DESIGN));
    do_at(start + 1000, SAMPLE_CANDIDATE, hand(1, -1));
    do_at(start + 2000, SAMPLE_SECOND, hand(1, -1));
    leave(SAMPLE_HOST, start + 3000);
    leave(SAMPLE_CANDIDATE, start + 4000);
    CU_ASSERT_STRING_EQUAL(reasons(start + 24 * MINUTE),
                           "hand hand gone gone over-main unreached minute silent");
    sample_free(&s);
}

/* Between two announced moments every millisecond gives the same reasons. */
static void test_next(void) {
    begin();
    leave(SAMPLE_CANDIDATE, start + 1000);
    int64_t now = s.now;
    unsigned changes = 0;
    char before[ATTENTION_MAX * 12];
    for (int64_t next; (next = attention_next(&s.room, now)) >= 0; now = next) {
        CU_ASSERT_TRUE_FATAL(next > now);
        snprintf(before, sizeof before, "%s", reasons(now));
        int64_t step = (next - now) / 50 + 1;
        for (int64_t moment = now; moment < next; moment += step) {
            CU_ASSERT_STRING_EQUAL(reasons(moment), before);
        }
        CU_ASSERT_STRING_EQUAL(reasons(next - 1), before);
        changes += strcmp(reasons(next), before) != 0;
    }
    CU_ASSERT_EQUAL(changes,
                    5); /* gone, silent with over a ms later, unreached, the minute with a phase */
    sample_free(&s);
}

static CU_TestInfo tests[] = {
    {"hands, the oldest first", test_hands},
    {"somebody gone for 20 s", test_gone},
    {"a phase over its budget, the longest above all", test_over},
    {"alarms of the pack", test_alarms},
    {"no mark for five minutes", test_silence},
    {"after the end only hands count", test_after_the_end},
    {"a room that has not opened", test_nothing_yet},
    {"everything at once", test_all_at_once},
    {"changes come when they were announced", test_next},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"attention", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
