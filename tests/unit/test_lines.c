/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what people write, shared by the copies of a room: each copy keeps what it had and adds
 * what it adds, whatever the others do and in whatever order they end; and a copy costs the same
 * however long the room is.
 */
#include "tests/support/test_main.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/sample.h"

static void say(struct sample *s, unsigned lines) {
    char text[32];
    for (unsigned i = 0; i < lines; i++) {
        snprintf(text, sizeof text, "line %u", s->room.line_count);
        CU_ASSERT_EQUAL_FATAL(
            sample_do(s, (uint8_t)(i % SAMPLE_SEATS), body_text(ACTION_TALK_SAY, text)),
            REFUSAL_NONE);
    }
}

static void copy(struct room *to, const struct room *from) {
    CU_ASSERT_TRUE_FATAL(room_copy(to, from));
}

static void take(struct room *room, const struct sample *s, uint32_t index) {
    CU_ASSERT_EQUAL_FATAL(room_apply(room, &s->events[index], NULL, NULL), APPLY_OK);
}

/* That it holds the lines 0 … count - 1, as they were said. */
static void expect_lines(const struct room *room, uint32_t count) {
    char text[32];
    CU_ASSERT_EQUAL_FATAL(room->line_count, count);
    for (uint32_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "line %u", i);
        CU_ASSERT_STRING_EQUAL(room->lines[i].text, text);
    }
}

/* The one goes on in the other's memory, the other in its own; and each in turn is ahead. */
static void test_each_goes_on(void) {
    struct sample s;
    struct room early, ahead;
    sample_open(&s, 0);
    say(&s, 20);
    copy(&early, &s.room);
    uint32_t next = s.count;
    say(&s, 30);
    copy(&ahead, &s.room);
    for (uint32_t i = next; i < s.count; i++) { /* the same lines: taken over where they are */
        take(&early, &s, i);
        CU_ASSERT_PTR_EQUAL(early.lines[0].text, s.room.lines[0].text);
    }
    expect_lines(&early, 50);
    CU_ASSERT_TRUE(sample_same(&early, &s.room));
    room_free(&s.room);
    expect_lines(&ahead, 50);
    s.room = ahead;
    next = s.count;
    say(&s, 1);
    expect_lines(&early, 50);
    take(&early, &s, next);
    expect_lines(&early, 51);
    expect_lines(&s.room, 51);
    room_free(&early);
    expect_lines(&s.room, 51);
    sample_free(&s);
}

/* Another line in the same place. */
static void test_they_part(void) {
    struct sample s, other;
    sample_open(&s, 0);
    sample_open(&other, 0);
    say(&s, 3);
    say(&other, 3);
    struct room parted;
    copy(&parted, &s.room);
    say(&s, 1);
    uint32_t next = other.count;
    CU_ASSERT_EQUAL(sample_do(&other, SAMPLE_HOST, body_text(ACTION_TALK_SAY, "another")),
                    REFUSAL_NONE);
    take(&parted, &other, next);
    CU_ASSERT_STRING_EQUAL(parted.lines[3].text, "another");
    CU_ASSERT_STRING_EQUAL(s.room.lines[3].text, "line 3");
    CU_ASSERT_PTR_NOT_EQUAL(parted.lines, s.room.lines);
    CU_ASSERT_PTR_EQUAL(parted.lines[2].text, s.room.lines[2].text);
    say(&s, 20);
    room_free(&parted);
    expect_lines(&s.room, 24);
    sample_free(&s);
    sample_free(&other);
}

/* Who changes a line, or strikes it, changes it for nobody else. */
static void test_a_change(void) {
    struct sample s;
    struct room before, last;
    sample_open(&s, 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_text(ACTION_NOTE_ALL, "first")), 0);
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, body_text(ACTION_NOTE_ALL, "second")), 0);
    copy(&before, &s.room);
    struct body change = {.act = ACTION_NOTE_ALL_SET,
                          .has = F(line) | F(text),
                          .line = 1,
                          .text = span_of("changed")};
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, change), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(s.room.lines[1].text, "changed");
    CU_ASSERT_STRING_EQUAL(before.lines[1].text, "second");
    CU_ASSERT_PTR_EQUAL(before.lines[0].text, s.room.lines[0].text);
    copy(&last, &s.room);
    change = (struct body){.act = ACTION_NOTE_ALL_SET, .has = F(line), .line = 0};
    CU_ASSERT_EQUAL(sample_do(&s, SAMPLE_HOST, change), REFUSAL_NONE);
    CU_ASSERT_TRUE(s.room.lines[0].struck);
    CU_ASSERT_FALSE(last.lines[0].struck);
    CU_ASSERT_STRING_EQUAL(last.lines[1].text, "changed");
    room_free(&before);
    room_free(&last);
    CU_ASSERT_STRING_EQUAL(s.room.lines[1].text, "changed");
    sample_free(&s);
}

/* Bytes that so many copies take. */
static size_t weigh(const struct room *room) {
    enum { COPIES = 200 };
    static struct room copies[COPIES];
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < COPIES; i++) {
        copy(&copies[i], room);
    }
    size_t bytes = mallinfo2().uordblks - before;
    for (int i = 0; i < COPIES; i++) {
        room_free(&copies[i]);
    }
    return bytes;
}

static void test_a_long_room_costs_no_more(void) {
    struct sample s;
    sample_open(&s, 0);
    say(&s, 4);
    size_t short_room = weigh(&s.room);
    say(&s, 600);
    CU_ASSERT(weigh(&s.room) <= short_room + short_room / 10);
    sample_free(&s);
}

static CU_TestInfo tests[] = {
    {"each copy goes on", test_each_goes_on},
    {"they part", test_they_part},
    {"a change is of one room", test_a_change},
    {"a copy of a long room costs no more", test_a_long_room_costs_no_more},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"lines", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
