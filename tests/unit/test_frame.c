/* SPDX-License-Identifier: ISC */
/*
 * Purpose: frames in a stream: whole, partial at every byte, empty, at the bound and one past it.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/limits.h"
#include "protocol/wire/frame.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static const uint8_t *payload;
static size_t payload_len, used;

static void test_whole(void) {
    static const uint8_t bytes[] = {0, 0, 0, 2, 'h', 'i', 0, 0};
    CU_ASSERT_EQUAL(frame_next(bytes, sizeof bytes, &payload, &payload_len, &used), FRAME_WHOLE);
    CU_ASSERT_EQUAL(used, 6);
    CU_ASSERT_EQUAL(payload_len, 2);
    CU_ASSERT_PTR_EQUAL(payload, bytes + 4);
}

static void test_partial(void) {
    static const uint8_t bytes[] = {0, 0, 0, 2, 'h'};
    for (size_t len = 0; len < 4; len++) {
        CU_ASSERT_EQUAL(frame_next(bytes, len, &payload, &payload_len, &used), FRAME_PARTIAL);
        CU_ASSERT_EQUAL(used, FRAME_HEADER_BYTES);
    }
    for (size_t len = 4; len < 6; len++) {
        CU_ASSERT_EQUAL(frame_next(bytes, len, &payload, &payload_len, &used), FRAME_PARTIAL);
        CU_ASSERT_EQUAL(used, 6);
    }
}

static void test_bounds(void) {
    uint8_t *bytes = wire_need(calloc(1, FRAME_HEADER_BYTES + FRAME_PAYLOAD_MAX));
    CU_ASSERT_EQUAL(frame_next(bytes, 4, &payload, &payload_len, &used), FRAME_EMPTY);
    frame_header(bytes, FRAME_PAYLOAD_MAX);
    CU_ASSERT_EQUAL(
        frame_next(bytes, FRAME_HEADER_BYTES + FRAME_PAYLOAD_MAX, &payload, &payload_len, &used),
        FRAME_WHOLE);
    CU_ASSERT_EQUAL(payload_len, FRAME_PAYLOAD_MAX);
    frame_header(bytes, FRAME_PAYLOAD_MAX + 1);
    CU_ASSERT_EQUAL(frame_next(bytes, 4, &payload, &payload_len, &used), FRAME_TOO_LARGE);
    memset(bytes, 0xff, 4);
    CU_ASSERT_EQUAL(frame_next(bytes, 4, &payload, &payload_len, &used), FRAME_TOO_LARGE);
    free(bytes);
}

static CU_TestInfo tests[] = {{"a whole frame", test_whole},
                              {"a partial frame says what it needs", test_partial},
                              {"empty, the largest and one past it", test_bounds},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"frame", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
