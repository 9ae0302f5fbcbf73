/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the browser's core, compiled natively: JSON both ways, a stream in pieces, commands, a
 * recording.
 */
#include "client/web/wasm/core.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/room/digest.h"
#include "tests/support/interview.h"
#include "tests/support/recorded.h"
#include "tests/support/test_main.h"

static struct web *web;

static void setup(void) {
    web = web_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(web);
}

static void teardown(void) {
    mp_reader_free(&web->reader);
    mp_reader_free(&web->own);
    mp_writer_free(&web->in);
    mp_writer_free(&web->out);
    mp_writer_free(&web->scratch);
    free(web);
}

static bool says(const char *part) {
    return web_out_len(web) > 0 && memmem(web_out(web), web_out_len(web), part, strlen(part));
}

/* JSON text to MessagePack and back. */
static bool round_trip(const char *json, const char *expected) {
    struct mp_writer mp = {0};
    struct mp_writer out = {0};
    struct mp_reader reader;
    bool good = mp_reader_init(&reader) == MP_OK && json_read(&mp, span_of(json)) &&
                mp_reader_parse(&reader, mp.data, mp.len) == MP_OK;
    if (good) {
        json_object(&out, NULL, &reader.root);
        good = out.len == strlen(expected) && memcmp(out.data, expected, out.len) == 0;
    }
    mp_writer_free(&mp);
    mp_writer_free(&out);
    mp_reader_free(&reader);
    return good;
}

static void test_json_round_trip(void) {
    static const char *const same[] = {
        "{\"m\":\"x\",\"n\":[1,-2,true,false,null,{}]}",
        "[[],{\"a\":{\"b\":[0]}}]",
        "9007199254740991",
        "-9007199254740991",
        "\"a\\\"b\\\\c/\"",
        "{\"key\":{\"bytes\":\"00ff7f\"},\"none\":{\"bytes\":\"\"}}",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        CU_ASSERT_TRUE(round_trip(same[i], same[i]));
    }
    CU_ASSERT_TRUE(round_trip(" { \"a\" : [ 1 , 2 ] } \n", "{\"a\":[1,2]}"));
    CU_ASSERT_TRUE(round_trip("\"\\u00e4\\ud83d\\ude00\"", "\"\xc3\xa4\xf0\x9f\x98\x80\""));
    CU_ASSERT_TRUE(round_trip("\"\\ud83d x\\udc00\"", "\"? x?\""));
    CU_ASSERT_TRUE(round_trip("\"a\\u202eb\\u0007c\\nd\"", "\"abc\\u000ad\""));
}

static void test_json_refused(void) {
    static const char *const bad[] = {
        "",
        "{",
        "[1,]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "1.5",
        "1e3",
        "-",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "tru",
        "[1 2]",
        "nullx",
        "\"a\nb\"",
        "[[[[[[[]",
        "[[[[[[]]]]",
        "{\"bytes\":\"0g\"}",
        "99999999999999999999",
        "{\"bytes\":\"000\"}",
        "{\"bytes\":\"00\",\"a\":1}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mp_writer mp = {0};
        CU_ASSERT_FALSE(json_read(&mp, span_of(bad[i])));
        mp_writer_free(&mp);
    }
    CU_ASSERT_TRUE(round_trip("[[[[[1]]]]]", "[[[[[1]]]]]")); /* at the bound */
    CU_ASSERT_FALSE(round_trip("[[[[[[1]]]]]]", "[[[[[[1]]]]]]"));
    struct mp_writer mp = {0};
    CU_ASSERT_FALSE(json_read(&mp, (struct span){"\"\\\0\"", 4}));
    mp_writer_free(&mp);
}

static void test_stream_in_pieces(void) {
    struct mp_writer frames = {0};
    struct message message = {.kind = MESSAGE_PONG, .pong = {.t = 3, .now = 9}};
    CU_ASSERT_TRUE(message_write(&frames, &message));
    CU_ASSERT_TRUE(message_write(&frames, &message));
    int got = 0;
    for (size_t i = 0; i < frames.len; i++) {
        CU_ASSERT_TRUE(web_feed(web, frames.data + i, 1));
        while (web_next(web) == 1) {
            CU_ASSERT_TRUE(says("{\"m\":\"pong\",\"t\":3,\"now\":9}"));
            CU_ASSERT_EQUAL(web_frame_len(web), frames.len / 2);
            CU_ASSERT_EQUAL(memcmp(web_frame(web), frames.data, frames.len / 2), 0);
            got++;
        }
    }
    CU_ASSERT_EQUAL(got, 2);
    CU_ASSERT_EQUAL(web->in.len, web->taken);
    CU_ASSERT_TRUE(web_feed(web, "\0\0\0\1\xc1", 5));
    CU_ASSERT_EQUAL(web_next(web), -1);
    web_reset(web);
    CU_ASSERT_EQUAL(web_next(web), 0);
    mp_writer_free(&frames);
}

/* Gives the room a message as if it had come from the server. */
static int give(struct web_room *room, const struct message *message) {
    struct mp_writer frame = {0};
    CU_ASSERT_TRUE_FATAL(message_write(&frame, message));
    CU_ASSERT_TRUE(web_feed(web, frame.data, (uint32_t)frame.len));
    mp_writer_free(&frame);
    CU_ASSERT_EQUAL_FATAL(web_next(web), 1);
    return web_room_take(web, room);
}

static uint32_t command(struct web_room *room, const char *json) {
    return web_room_command(web, room, json, (uint32_t)strlen(json), 5);
}

static void test_seat(void) {
    static const char join[] = "{\"room\":\"abcdefghijkl\",\"name\":\"Robin\"}";
    struct web_room *room = web_room_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(room);
    CU_ASSERT_EQUAL(command(room, "{\"do\":\"clock.start\"}"), 0);
    CU_ASSERT_EQUAL(web_room_join(web, room, "{}", 2), 0);
    CU_ASSERT_EQUAL(web_room_join(web, room, join, sizeof join - 1), 1);
    struct message joined = {.kind = MESSAGE_JOINED,
                             .room = span_of("abcdefghijkl"),
                             .joined = {.seat = 0, .role = ROLE_INTERVIEWER, .last_id = 2}};
    CU_ASSERT_EQUAL(give(room, &joined), WEB_CHANGED);
    CU_ASSERT_EQUAL(command(room, "{\"do\":\"fact.reveal\",\"fact\":\"no-such\"}"), 3);
    uint32_t sent = web_out_len(web);
    CU_ASSERT_TRUE(sent > 0);
    web_room_down(room);
    CU_ASSERT_EQUAL(command(room, "{\"do\":\"clock.start\"}"), 4);
    CU_ASSERT_EQUAL(web_out_len(web), 0);
    CU_ASSERT_EQUAL(give(room, &joined), WEB_CHANGED);
    CU_ASSERT_TRUE(web_out_len(web) > sent);
    struct message kept = {
        .kind = MESSAGE_KEPT, .room = span_of("abcdefghijkl"), .kept = {.id = 3, .n = 1}};
    CU_ASSERT_EQUAL(give(room, &kept), WEB_CHANGED);
    web_room_state(web, room);
    CU_ASSERT_TRUE(says("\"id\":3"));
    CU_ASSERT_TRUE(says("\"stage\":\"new\""));
    web_room_pack(web, room);
    CU_ASSERT_TRUE(says("null"));
    web_room_clock(web, room, 5);
    CU_ASSERT_TRUE(says("null"));
    web_room_summary(web, room, 5);
    CU_ASSERT_TRUE(says("null"));
    web_room_row(web, room, 5);
    CU_ASSERT_TRUE(says("\"attention\":[]"));
    web_room_free(room);
}

static void test_replay(void) {
    struct sample sample;
    size_t len;
    char digest[2 * HASH_BYTES + 3];
    interview_play(&sample, true);
    char *bytes = recorded_bytes(&sample, INTERVIEW_COACH, "abcdefghijkl", &len);
    struct web_replay *replay = web_replay_new(web, bytes, (uint32_t)len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(replay);
    struct web_room *room = web_replay_seek_event(replay, UINT32_MAX);
    CU_ASSERT_TRUE(web_room_digest(web, room));
    memcpy(digest, web_out(web), sizeof digest);
    web_room_state(web, room);
    CU_ASSERT_TRUE(says("\"role\":\"coach\""));
    web_room_lines(web, room, 0);
    CU_ASSERT_TRUE(says("\"kind\":\"whisper\""));
    web_room_pack(web, room);
    CU_ASSERT_TRUE(says("\"panel\":{"));
    web_room_summary(web, room, 1e12);
    CU_ASSERT_TRUE(says("\"agreement\":[{"));
    room = web_replay_seek(replay, 0);
    CU_ASSERT_TRUE(web_room_digest(web, room));
    CU_ASSERT_NOT_EQUAL(memcmp(digest, web_out(web), sizeof digest), 0);
    web_replay_about(web, replay);
    CU_ASSERT_TRUE(says("\"fault\":\"\""));
    web_replay_events(web, replay);
    CU_ASSERT_TRUE(says("\"do\":\"mark.set\""));
    web_replay_free(replay);
    CU_ASSERT_PTR_NULL(web_replay_new(web, calloc(1, 8), 8));
    sample_free(&sample);
}

static CU_TestInfo tests[] = {{"JSON goes both ways", test_json_round_trip},
                              {"what is no JSON is refused", test_json_refused},
                              {"a stream in pieces", test_stream_in_pieces},
                              {"a seat joins, sends and sends again", test_seat},
                              {"a recording", test_replay},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"web_core", NULL, NULL, setup, teardown, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
