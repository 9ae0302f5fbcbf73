/* SPDX-License-Identifier: ISC */
/*
 * Purpose: recordings: a whole one, cut off at every byte, each byte changed, records left out,
 * doubled or swapped, and the file of version 1 that every later version must read.
 */
#include "protocol/wire/recording.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/wire/frame.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static const char room[] = "abcdefghij12";
static const struct span key = {"the server's key", 16};
static const struct span sign = {"its signature", 13};
static const struct recording head = {.version = SPAR_RECORDING_VERSION,
                                      .room = "abcdefghij12",
                                      .seat = 1,
                                      .role = ROLE_CANDIDATE,
                                      .key = {"the server's key", 16}};
enum { EVENTS = 5, FRAMES = EVENTS + 2 };

/* A recording of EVENTS events by seat 1, and where its frames begin; [FRAMES] is its end. */
struct made {
    struct mp_writer file;
    size_t frame[FRAMES + 1];
};

static void put_record(struct made *made, uint32_t n, uint8_t chain[HASH_BYTES]) {
    char text[] = "line 0";
    text[5] = (char)('0' + n);
    struct event event = {.pos = n,
                          .at = INT64_C(1000) * n,
                          .by = 1,
                          .id = n,
                          .made = INT64_C(1000) * n,
                          .body = {ACTION_TALK_SAY, F(text), .text = span_of(text)}};
    struct mp_writer sent;
    mp_writer_init(&sent);
    event_write_sent(&sent, &event, room, true);
    struct message message = {.kind = MESSAGE_RECORD, .room = span_of(room)};
    message.record.n = n;
    message.record.event = (struct span){sent.data, (uint32_t)sent.len};
    message.record.chain = (struct span){(const char *)chain, HASH_BYTES};
    CU_ASSERT_TRUE_FATAL(message_write(&made->file, &message));
    uint8_t before[HASH_BYTES];
    memcpy(before, chain, HASH_BYTES);
    digest_chain(before, sent.data, sent.len, chain);
    mp_writer_free(&sent);
}

static struct made make(void) {
    struct made made;
    uint8_t chain[HASH_BYTES] = {0};
    mp_writer_init(&made.file);
    made.frame[0] = 0;
    CU_ASSERT_TRUE_FATAL(recording_write_head(&made.file, &head, 9000));
    for (uint32_t n = 1; n <= EVENTS; n++) {
        made.frame[n] = made.file.len;
        put_record(&made, n, chain);
    }
    made.frame[FRAMES - 1] = made.file.len;
    struct message end = {.kind = MESSAGE_END, .room = span_of(room)};
    end.end.id = 1;
    end.end.count = EVENTS;
    end.end.chain = (struct span){(const char *)chain, HASH_BYTES};
    end.end.sign = sign;
    end.end.key = key;
    end.end.v = head.version;
    end.end.seat = head.seat;
    end.end.role = head.role;
    CU_ASSERT_TRUE_FATAL(message_write(&made.file, &end));
    made.frame[FRAMES] = made.file.len;
    return made;
}

static enum recording_fault parse(struct recording *rec, const char *bytes, size_t len) {
    return recording_parse(rec, wire_copy(bytes, len), len);
}

static void test_whole(void) {
    struct made made = make();
    struct recording rec;
    CU_ASSERT_EQUAL(parse(&rec, made.file.data, made.file.len), RECORDING_OK);
    CU_ASSERT_STRING_EQUAL(rec.room, room);
    CU_ASSERT_EQUAL(rec.seat, 1);
    CU_ASSERT_EQUAL(rec.role, ROLE_CANDIDATE);
    CU_ASSERT_EQUAL_FATAL(rec.count, EVENTS);
    CU_ASSERT_TRUE(span_equal(rec.events[4].body.text, "line 5"));
    CU_ASSERT_EQUAL(rec.events[4].pos, 5);
    CU_ASSERT_TRUE(span_equal(rec.sign, "its signature"));
    CU_ASSERT_TRUE(span_equal(rec.key, "the server's key"));
    recording_free(&rec);
    mp_writer_free(&made.file);
}

/* How many whole records are before the byte. */
static uint32_t records_before(const struct made *made, size_t len) {
    uint32_t count = 0;
    while (count < EVENTS && made->frame[count + 2] <= len) {
        count++;
    }
    return count;
}

static void test_cut_off_at_every_byte(void) {
    struct made made = make();
    for (size_t len = 0; len < made.file.len; len++) {
        struct recording rec;
        enum recording_fault fault = parse(&rec, made.file.data, len);
        CU_ASSERT_EQUAL(fault, len < made.frame[1] ? RECORDING_NOT_ONE : RECORDING_NO_END);
        CU_ASSERT_EQUAL(rec.count, records_before(&made, len));
        CU_ASSERT_EQUAL(rec.sign.len, 0);
        recording_free(&rec);
    }
    mp_writer_free(&made.file);
}

/* Whatever byte is changed: no event after the change is taken, and those before it stay. */
static void test_every_byte_changed(void) {
    struct made made = make();
    for (size_t at = made.frame[1]; at < made.frame[FRAMES - 1]; at++) {
        struct recording rec;
        made.file.data[at] ^= 0x20;
        enum recording_fault fault = parse(&rec, made.file.data, made.file.len);
        made.file.data[at] ^= 0x20;
        CU_ASSERT_TRUE(fault == RECORDING_DAMAGED || fault == RECORDING_NO_END);
        uint32_t before = records_before(&made, at);
        /* A change of the event's own bytes shows in the next chain value only. */
        CU_ASSERT_TRUE(rec.count == before || rec.count == before + 1);
        recording_free(&rec);
    }
    mp_writer_free(&made.file);
}

/* The recording with these frames, in this order. */
static void reorder(const struct made *made, const int *frames, int count, uint32_t events) {
    struct mp_writer w;
    struct recording rec;
    mp_writer_init(&w);
    for (int i = 0; i < count; i++) {
        size_t start = made->frame[frames[i]];
        mp_put_raw(&w, made->file.data + start, made->frame[frames[i] + 1] - start);
    }
    CU_ASSERT_EQUAL(parse(&rec, w.data, w.len), RECORDING_DAMAGED);
    CU_ASSERT_EQUAL(rec.count, events);
    recording_free(&rec);
    mp_writer_free(&w);
}

static void test_frames_out_of_order(void) {
    struct made made = make();
    reorder(&made, (int[]){0, 2, 3, 4, 5, 6}, 6, 0);
    reorder(&made, (int[]){0, 1, 2, 4, 5, 6}, 6, 2);
    reorder(&made, (int[]){0, 1, 1, 2, 3, 4, 5, 6}, 8, 1);
    reorder(&made, (int[]){0, 1, 3, 2, 4, 5, 6}, 7, 1);
    reorder(&made, (int[]){0, 1, 2, 3, 4, 6}, 6, 4);
    reorder(&made, (int[]){0, 1, 2, 3, 4, 5, 6, 6}, 8, 5);
    reorder(&made, (int[]){0, 0, 1, 2, 3, 4, 5, 6}, 8, 0);
    reorder(&made, (int[]){0, 6}, 2, 0);
    mp_writer_free(&made.file);
}

static void check_start(const char *bytes, size_t len, enum recording_fault expected) {
    struct recording rec;
    CU_ASSERT_EQUAL(parse(&rec, bytes, len), expected);
    CU_ASSERT_EQUAL(rec.count, 0);
    recording_free(&rec);
}

static void test_not_a_recording(void) {
    check_start("", 0, RECORDING_NOT_ONE);
    check_start("hello, this is text", 19, RECORDING_NOT_ONE);
    check_start("\0\0\0\0\0\0\0\0", 8, RECORDING_NOT_ONE);
    check_start("\0\0\0\5\xdd\x0a\0\0\0", 9, RECORDING_NOT_ONE);
    struct made made = make();
    check_start(made.file.data + made.frame[1], made.file.len - made.frame[1], RECORDING_NOT_ONE);
    char *version = wire_need(memmem(made.file.data, made.file.len, "\xa1v\x02", 3));
    version[2] = SPAR_RECORDING_VERSION + 1;
    check_start(made.file.data, made.file.len, RECORDING_TOO_NEW);
    mp_writer_free(&made.file);
    for (int fault = RECORDING_OK; fault <= RECORDING_NO_MEMORY; fault++) {
        CU_ASSERT_TRUE(strlen(recording_fault_text((enum recording_fault)fault)) > 10);
    }
}

/* The first bytes of SHA-256(32 zeros, "abc"), computed with another implementation. */
static void test_chain_and_signed_digest(void) {
    static const uint8_t chain_of_abc[] = {0x36, 0x5a, 0xa7, 0xd8};
    uint8_t zeros[HASH_BYTES] = {0};
    uint8_t chain[HASH_BYTES];
    uint8_t digest[HASH_BYTES];
    uint8_t joined[ROOM_ID_BYTES + 2 + HASH_BYTES];
    uint8_t expected[HASH_BYTES];
    digest_chain(zeros, "abc", 3, chain);
    CU_ASSERT_EQUAL(memcmp(chain, chain_of_abc, sizeof chain_of_abc), 0);
    struct recording rec = head;
    rec.version = 1;
    memcpy(rec.chain, chain, HASH_BYTES);
    recording_signed_digest(&rec, digest);
    memcpy(joined, room, ROOM_ID_BYTES);
    memcpy(joined + ROOM_ID_BYTES, chain, HASH_BYTES);
    digest_bytes(joined, ROOM_ID_BYTES + HASH_BYTES, expected);
    CU_ASSERT_EQUAL(memcmp(digest, expected, HASH_BYTES), 0);
    CU_ASSERT_STRING_EQUAL(recording_purpose(&rec), "spar-recording-1");
    rec.version = 2;
    recording_signed_digest(&rec, digest);
    joined[ROOM_ID_BYTES] = 1;
    joined[ROOM_ID_BYTES + 1] = ROLE_CANDIDATE;
    memcpy(joined + ROOM_ID_BYTES + 2, chain, HASH_BYTES);
    digest_bytes(joined, sizeof joined, expected);
    CU_ASSERT_EQUAL(memcmp(digest, expected, HASH_BYTES), 0);
    CU_ASSERT_STRING_EQUAL(recording_purpose(&rec), "spar-recording-2");
    rec.of = (struct span){(const char *)chain, HASH_BYTES};
    CU_ASSERT_STRING_EQUAL(recording_purpose(&rec), "spar-remarking-2");
}

/* A head that claims another seat, role or version than the signed end is found before any
 * signature is checked. */
static void test_changed_owner(void) {
    static const char *const places[] = {"\xa4seat\x01", "\xa4role\x02", "\xa1v\x02"};
    static const char values[] = {2, 3, 1};
    for (size_t i = 0; i < sizeof values; i++) {
        struct made made = make();
        struct recording rec;
        size_t len = strlen(places[i]);
        char *place = wire_need(memmem(made.file.data, made.frame[1], places[i], len));
        place[len - 1] = values[i];
        enum recording_fault fault = parse(&rec, made.file.data, made.file.len);
        /* As version 1 it parses, under another digest and purpose than those signed. */
        CU_ASSERT_EQUAL(fault, rec.version == 1 ? RECORDING_OK : RECORDING_DAMAGED);
        CU_ASSERT_EQUAL(rec.count, EVENTS);
        recording_free(&rec);
        mp_writer_free(&made.file);
    }
}

/* The file that this build's first version wrote. */
static void test_golden(void) {
    struct recording rec;
    size_t len;
    char *bytes = wire_file("recording_v1.spar", &len);
    CU_ASSERT_EQUAL(recording_parse(&rec, bytes, len), RECORDING_OK);
    CU_ASSERT_EQUAL_FATAL(rec.count, EVENTS);
    CU_ASSERT_EQUAL(rec.events[0].at, 1000);
    CU_ASSERT_TRUE(span_equal(rec.events[0].body.text, "line 1"));
    CU_ASSERT_STRING_EQUAL(rec.room, room);
    recording_free(&rec);
}

/* Files that were damaged on purpose, kept as they are. */
static void test_damaged_files(void) {
    static const struct {
        const char *name;
        enum recording_fault fault;
        uint32_t events;
    } files[] = {{"recording_cut.spar", RECORDING_NO_END, 3},
                 {"recording_bit.spar", RECORDING_DAMAGED, 3},
                 {"recording_trailing.spar", RECORDING_DAMAGED, 5}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct recording rec;
        size_t len;
        char *bytes = wire_file(files[i].name, &len);
        CU_ASSERT_EQUAL(recording_parse(&rec, bytes, len), files[i].fault);
        CU_ASSERT_EQUAL(rec.count, files[i].events);
        recording_free(&rec);
    }
}

/* What becomes of a re-marking's first frame whose two keys have these lengths. */
static enum recording_fault head_of(uint32_t of, uint32_t by) {
    static const char bytes[NAME_MAX_BYTES + 2] =
        "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";
    struct mp_writer w;
    struct recording rec;
    mp_writer_init(&w);
    mp_put_raw(&w, "\0\0\0\0", FRAME_HEADER_BYTES);
    mp_put_map(&w, 7);
    mp_put_str(&w, "m");
    mp_put_str(&w, "recording");
    mp_put_str(&w, "v");
    mp_put_int(&w, SPAR_RECORDING_VERSION);
    mp_put_str(&w, "room");
    mp_put_str(&w, room);
    mp_put_str(&w, "seat");
    mp_put_int(&w, 0);
    mp_put_str(&w, "role");
    mp_put_int(&w, ROLE_COACH);
    mp_put_str(&w, "of");
    mp_put_bytes(&w, (struct span){bytes, of});
    mp_put_str(&w, "by");
    mp_put_text(&w, (struct span){bytes, by});
    frame_header((uint8_t *)w.data, w.len - FRAME_HEADER_BYTES);
    enum recording_fault fault = parse(&rec, w.data, w.len);
    CU_ASSERT_TRUE(fault != RECORDING_NO_END || recording_is_remarking(&rec) == (of == HASH_BYTES));
    recording_free(&rec);
    mp_writer_free(&w);
    return fault;
}

static void test_remarking_head(void) {
    CU_ASSERT_EQUAL(head_of(HASH_BYTES, 1), RECORDING_NO_END); /* as far as it goes */
    CU_ASSERT_EQUAL(head_of(HASH_BYTES, NAME_MAX_BYTES), RECORDING_NO_END);
    CU_ASSERT_EQUAL(head_of(HASH_BYTES, NAME_MAX_BYTES + 1), RECORDING_NOT_ONE);
    CU_ASSERT_EQUAL(head_of(HASH_BYTES - 1, 1), RECORDING_NOT_ONE);
    CU_ASSERT_EQUAL(head_of(HASH_BYTES + 1, 1), RECORDING_NOT_ONE);
    CU_ASSERT_EQUAL(head_of(0, 1), RECORDING_NO_END); /* none */
}

static CU_TestInfo tests[] = {
    {"the head of a re-marking at its bounds", test_remarking_head},
    {"a whole recording", test_whole},
    {"cut off at every byte", test_cut_off_at_every_byte},
    {"every byte changed", test_every_byte_changed},
    {"frames missing, doubled, swapped, trailing", test_frames_out_of_order},
    {"not a recording, or of a newer version", test_not_a_recording},
    {"the chain and what is signed", test_chain_and_signed_digest},
    {"another seat, role or version in the head", test_changed_owner},
    {"a recording of version 1", test_golden},
    {"files damaged on purpose", test_damaged_files},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"recording", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
