/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the WebSocket's codec: any split of any frames gives the same stream; every breach has
 * its code.
 */
#include "server/web/websocket.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/dice.h"
#include "tests/support/test_main.h"

enum { STREAM = 200000, FRAMES = 4 * STREAM };

/* Appends a client's frame. */
static size_t put_frame(uint8_t *out, unsigned first, const uint8_t *payload, size_t len,
                        const uint8_t mask[4]) {
    uint8_t head[WEBSOCKET_OWN_HEAD_MAX];
    size_t at = websocket_head(head, WEBSOCKET_BINARY, len);
    head[0] = (uint8_t)first;
    head[1] |= 0x80;
    memcpy(out, head, at);
    memcpy(out + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < len; i++) {
        out[at + i] = payload[i] ^ mask[i & 3];
    }
    return at + len;
}

/* Reads frames in pieces of up to `most` bytes; the stream in `out`. 0, or the code that ended it.
 */
static unsigned read_all(const uint8_t *frames, size_t len, size_t most, uint64_t *dice,
                         uint8_t *out, size_t *got, unsigned *pings) {
    struct websocket ws = {0};
    *got = 0;
    for (size_t at = 0; at < len;) {
        size_t part = most == 0 ? len - at : 1 + dice_roll(dice) % most;
        part = part > len - at ? len - at : part;
        uint8_t *copy = malloc(part);
        memcpy(copy, frames + at, part);
        for (size_t used = 0; used < part;) {
            struct websocket_piece piece;
            used += websocket_read(&ws, copy + used, part - used, out + *got, STREAM + 1 - *got,
                                   &piece);
            if (piece.what == WEBSOCKET_BAD) {
                free(copy);
                return piece.code;
            }
            *got += piece.what == WEBSOCKET_DATA ? piece.len : 0;
            *pings += piece.what == WEBSOCKET_HEARD_PING && piece.len == 3 &&
                      memcmp(piece.control, "abc", 3) == 0;
        }
        at += part;
        free(copy);
    }
    return 0;
}

static void test_stream(void) {
    uint64_t dice = 7;
    uint8_t *stream = malloc(STREAM);
    uint8_t *frames = malloc(FRAMES);
    uint8_t *out = malloc(STREAM + 1);
    for (int round = 0; round < 300; round++) {
        size_t len = 0;
        size_t at = 0;
        unsigned sent = 0;
        unsigned pings = 0;
        bool open = false;
        while (at < STREAM / 10) {
            static const uint32_t sizes[] = {0, 1, 125, 126, 127, 300, 9000};
            size_t part = sizes[dice_roll(&dice) % 7];
            uint8_t mask[4] = {(uint8_t)dice_roll(&dice), 1, 2, (uint8_t)dice_roll(&dice)};
            for (size_t i = 0; i < part; i++) {
                stream[at + i] = (uint8_t)dice_roll(&dice);
            }
            bool fin = dice_roll(&dice) % 2 == 0;
            unsigned first = (fin ? 0x80U : 0U) | (open ? 0U : 2U);
            len += put_frame(frames + len, first, stream + at, part, mask);
            open = !fin;
            at += part;
            if (dice_roll(&dice) % 3 == 0) {
                len += put_frame(frames + len, 0x89, (const uint8_t *)"abc", 3, mask);
                sent++;
            }
        }
        size_t got;
        CU_ASSERT_EQUAL(read_all(frames, len, round % 2 ? 20 : 0, &dice, out, &got, &pings), 0);
        CU_ASSERT_EQUAL(got, at);
        CU_ASSERT_EQUAL(memcmp(out, stream, at), 0);
        CU_ASSERT_EQUAL(pings, sent);
    }
    free(stream);
    free(frames);
    free(out);
}

static unsigned code_of(const void *bytes, size_t len) {
    uint8_t *out = malloc(STREAM + 1);
    size_t got;
    unsigned pings = 0;
    unsigned code = read_all(bytes, len, 0, NULL, out, &got, &pings);
    free(out);
    return code;
}

static void test_breaches(void) {
    CU_ASSERT_EQUAL(code_of("\x82\x00", 2), WEBSOCKET_PROTOCOL_ERROR); /* no mask */
    CU_ASSERT_EQUAL(code_of("\xc2\x80", 2), WEBSOCKET_PROTOCOL_ERROR); /* a reserved bit */
    CU_ASSERT_EQUAL(code_of("\x81\x80", 2), WEBSOCKET_UNACCEPTABLE);   /* text */
    CU_ASSERT_EQUAL(code_of("\x83\x80", 2), WEBSOCKET_PROTOCOL_ERROR); /* unknown */
    CU_ASSERT_EQUAL(code_of("\x8b\x80", 2), WEBSOCKET_PROTOCOL_ERROR);
    CU_ASSERT_EQUAL(code_of("\x80\x80", 2), WEBSOCKET_PROTOCOL_ERROR); /* goes on with nothing */
    CU_ASSERT_EQUAL(code_of("\x02\x80....\x82\x80", 8), WEBSOCKET_PROTOCOL_ERROR);
    CU_ASSERT_EQUAL(code_of("\x09\x80", 2), WEBSOCKET_PROTOCOL_ERROR); /* a ping in pieces */
    CU_ASSERT_EQUAL(code_of("\x89\xfe", 2), WEBSOCKET_PROTOCOL_ERROR); /* a long one */
    CU_ASSERT_EQUAL(code_of("\x82\xfe\0\x7d....", 8), WEBSOCKET_PROTOCOL_ERROR);
    CU_ASSERT_EQUAL(code_of("\x82\xff\0\0\0\0\0\0\xff\xff....", 14), WEBSOCKET_PROTOCOL_ERROR);
    CU_ASSERT_EQUAL(code_of("\x82\xff\x80\0\0\0\0\0\0\0....", 14), WEBSOCKET_TOO_BIG);
    CU_ASSERT_EQUAL(code_of("\x82\xff\0\0\0\0\0\x10\0\0....", 14), 0); /* WEBSOCKET_FRAME_MAX */
    CU_ASSERT_EQUAL(code_of("\x82\xff\0\0\0\0\0\x10\0\1....", 14), WEBSOCKET_TOO_BIG);
}

static void test_no_room(void) {
    struct websocket ws = {0};
    struct websocket_piece piece;
    uint8_t out[2];
    static const uint8_t frame[] = {0x82, 0x83, 0, 0, 0, 0, 'x', 'y', 'z'};
    size_t used = websocket_read(&ws, frame, sizeof frame, out, 0, &piece);
    CU_ASSERT_EQUAL(piece.what, WEBSOCKET_MORE);
    CU_ASSERT_EQUAL(used, 6);
    used += websocket_read(&ws, frame + used, sizeof frame - used, out, 2, &piece);
    CU_ASSERT_EQUAL(piece.len, 2);
    CU_ASSERT_EQUAL(memcmp(out, "xy", 2), 0);
    used += websocket_read(&ws, frame + used, sizeof frame - used, out, 2, &piece);
    CU_ASSERT_EQUAL(piece.len, 1);
    CU_ASSERT_EQUAL(used, sizeof frame);
}

static CU_TestInfo tests[] = {{"frames in any pieces are one stream", test_stream},
                              {"every breach has its code", test_breaches},
                              {"no room for data", test_no_room},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"websocket", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
