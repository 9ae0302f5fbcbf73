/* SPDX-License-Identifier: ISC */
/*
 * Purpose: lines of a batch mode come whole, in order and counted, also the last one that lacks its
 * end; a pipe is not read further ahead than the bound; and what a line holds is an object or one
 * sentence.
 */
#include "client/batch/input.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test_main.h"

static int told;

static void note(void *ctx) {
    (void)ctx;
    told++;
}

static void expect_next(struct batch_input *input, const char *expected, uint32_t number) {
    size_t len = 0;
    char *line = batch_input_next(input, &len);
    if (expected == NULL) {
        CU_ASSERT_PTR_NULL(line);
    } else {
        CU_ASSERT_PTR_NOT_NULL_FATAL(line);
        CU_ASSERT_STRING_EQUAL(line, expected);
        CU_ASSERT_EQUAL(len, strlen(expected));
        CU_ASSERT_EQUAL(input->line, number);
    }
    free(line);
}

static void test_lines(void) {
    static const char text[] = "one\n\n  # no line\ntwo\r\nthr";
    struct batch_input input;
    CU_ASSERT_FATAL(batch_input_open(&input, note, NULL));
    batch_input_give(&input, text, strlen(text), false);
    expect_next(&input, "one", 1);
    expect_next(&input, "two\r", 4);
    expect_next(&input, NULL, 0);
    CU_ASSERT_FALSE(batch_input_is_over(&input));
    batch_input_give(&input, "ee", 2, true);
    CU_ASSERT_FALSE(batch_input_is_over(&input));
    expect_next(&input, "three", 5);
    expect_next(&input, NULL, 0);
    CU_ASSERT(batch_input_is_over(&input));
    batch_input_close(&input);
}

/* Editors on other systems put a byte order mark before the first line; elsewhere it is not one. */
static void test_byte_order_mark(void) {
    static const char text[] = "\xef\xbb\xbf{}\n\xef\xbb\xbf{}\n";
    struct batch_input input;
    CU_ASSERT_FATAL(batch_input_open(&input, note, NULL));
    batch_input_give(&input, text, strlen(text), true);
    expect_next(&input, "{}", 1);
    expect_next(&input, "\xef\xbb\xbf{}", 2);
    batch_input_close(&input);
}

static void test_end(void) {
    struct batch_input input;
    CU_ASSERT_FATAL(batch_input_open(&input, note, NULL));
    batch_input_give(&input, "one\ntwo\n", 8, false);
    expect_next(&input, "one", 1);
    batch_input_end(&input);
    expect_next(&input, NULL, 0);
    CU_ASSERT(batch_input_is_over(&input));
    batch_input_close(&input);
}

/* A line without an end is given out at one past the bound, not before. */
static void test_long_line(void) {
    static char text[BATCH_LINE_MAX + 1];
    struct batch_input input;
    char why[BATCH_WHY_MAX];
    size_t len;
    memset(text, 'x', sizeof text);
    CU_ASSERT_FATAL(batch_input_open(&input, note, NULL));
    batch_input_give(&input, text, BATCH_LINE_MAX, false);
    expect_next(&input, NULL, 0);
    batch_input_give(&input, text, 1, false);
    char *line = batch_input_next(&input, &len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    CU_ASSERT_EQUAL(len, BATCH_LINE_MAX + 1);
    CU_ASSERT_PTR_NULL(batch_line_object(line, len, "{}", why));
    CU_ASSERT_STRING_EQUAL(why, "The line is longer than 16384 bytes.");
    free(line);
    batch_input_close(&input);
}

static void test_objects(void) {
    char why[BATCH_WHY_MAX];
    json_t *json = batch_line_object("{\"a\":1}", 7, "{}", why);
    CU_ASSERT(json_is_object(json));
    json_decref(json);
    CU_ASSERT_PTR_NULL(batch_line_object("[1]", 3, "{\"x\":2}", why));
    CU_ASSERT_STRING_EQUAL(why, "Each line should be one JSON object, such as {\"x\":2}.");
    CU_ASSERT_PTR_NULL(batch_line_object("{\"a\":1,\"a\":2}", 13, "{}", why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why, "This is not JSON"));
}

/* Writes what the pipe takes; returns how much. */
static size_t fill(int fd) {
    static const char lines[] = "0123456\n0123456\n0123456\n0123456\n";
    size_t written = 0;
    ssize_t got;
    while ((got = write(fd, lines, sizeof lines - 1)) > 0) {
        written += (size_t)got;
    }
    return written;
}

static void test_reading_ahead(void) {
    struct event_base *base = event_base_new();
    struct batch_input input;
    size_t written = 0, len, lines = 0;
    int ends[2];
    CU_ASSERT_FATAL(base != NULL && pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0);
    CU_ASSERT_FATAL(batch_input_open(&input, note, NULL) &&
                    batch_input_start(&input, base, ends[0]));
    for (int i = 0; i < 8; i++) {
        written += fill(ends[1]);
        (void)event_base_loop(base, EVLOOP_NONBLOCK);
        CU_ASSERT(evbuffer_get_length(input.bytes) < (size_t)2 * BATCH_AHEAD_MAX);
    }
    CU_ASSERT(told > 0);
    CU_ASSERT(written > BATCH_AHEAD_MAX);
    close(ends[1]);
    while (!batch_input_is_over(&input)) {
        char *line = batch_input_next(&input, &len);
        lines += line != NULL;
        if (line == NULL) {
            CU_ASSERT_FATAL(event_base_loop(base, EVLOOP_ONCE) == 0);
        }
        free(line);
    }
    CU_ASSERT_EQUAL(lines * 8, written);
    batch_input_close(&input);
    close(ends[0]);
    event_base_free(base);
}

static CU_TestInfo tests[] = {
    {"lines, counted", test_lines},
    {"a byte order mark", test_byte_order_mark},
    {"the end by a line", test_end},
    {"a line past the bound", test_long_line},
    {"objects", test_objects},
    {"no further ahead than the bound", test_reading_ahead},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"batch_input", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
