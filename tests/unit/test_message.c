/* SPDX-License-Identifier: ISC */
/*
 * Purpose: every message survives its frame, at its bounds; one past each bound, cut off at every
 * byte, fields of a wrong type and unknown keys.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/frame.h"
#include "protocol/wire/message.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static const char room[] = "abcdefghij12";
static char letters[FRAME_PAYLOAD_MAX + 2];
static struct mp_writer w;
static struct mp_reader r;

static int set_up(void) {
    memset(letters, 'a', sizeof letters);
    mp_writer_init(&w);
    return mp_reader_init(&r) == MP_OK ? 0 : -1;
}

static int tear_down(void) {
    mp_writer_free(&w);
    mp_reader_free(&r);
    return 0;
}

enum type { TYPE_INT, TYPE_U32, TYPE_BOOL, TYPE_WHY, TYPE_TEXT, TYPE_SECRET, TYPE_ID, TYPE_BYTES };
enum { MAY, MUST };
enum { ROOM_NO, ROOM_YES, ROOM_MAYBE };

static const struct row {
    size_t offset;
    const char *key;
    int64_t min, max;
    enum message_kind kind;
    enum type type;
    int need;
} rows[] = {
#define FIELD_OF(kind, member, key, type, min, max, need) \
    {offsetof(struct message, member), key, min, max, MESSAGE_##kind, TYPE_##type, need},
#include "protocol/wire/message_fields.def"
#undef FIELD_OF
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static const int room_needs[MESSAGE_COUNT] = {
#define MESSAGE(name, wire, to, room, cost) [MESSAGE_##name] = (room),
#include "protocol/wire/messages.def"
#undef MESSAGE
};

static void set_field(struct message *message, const struct row *row, int64_t value) {
    void *at = (char *)message + row->offset;
    switch (row->type) {
    case TYPE_INT: *(int64_t *)at = value; break;
    case TYPE_U32: *(uint32_t *)at = (uint32_t)value; break;
    case TYPE_BOOL: *(bool *)at = value != 0; break;
    case TYPE_WHY: *(enum refusal *)at = value > 1 ? REFUSAL_INTERNAL : REFUSAL_STALE; break;
    case TYPE_TEXT:
    case TYPE_SECRET:
    case TYPE_ID:
    case TYPE_BYTES: *(struct span *)at = (struct span){letters, (uint32_t)value}; break;
    }
}

static bool same_field(const struct message *a, const struct message *b, const struct row *row) {
    const void *left = (const char *)a + row->offset;
    const void *right = (const char *)b + row->offset;
    const struct span *x = left;
    const struct span *y = right;
    switch (row->type) {
    case TYPE_INT: return *(const int64_t *)left == *(const int64_t *)right;
    case TYPE_U32: return *(const uint32_t *)left == *(const uint32_t *)right;
    case TYPE_BOOL: return *(const bool *)left == *(const bool *)right;
    case TYPE_WHY: return *(const enum refusal *)left == *(const enum refusal *)right;
    case TYPE_TEXT:
    case TYPE_SECRET:
    case TYPE_ID:
    case TYPE_BYTES: return x->len == y->len && memcmp(x->at, y->at, x->len) == 0;
    }
    return false;
}

/* Every field at its least or its greatest, but so that the whole fits a frame. */
static struct message message_of(enum message_kind kind, bool longest) {
    struct message message = {.kind = kind};
    if (room_needs[kind] != ROOM_NO) {
        message.room = span_of(room);
    }
    if (kind == MESSAGE_COMMAND) {
        message.command = (struct command){.id = longest ? UINT32_MAX : 1,
                                           .body = wire_body(ACTION_TALK_SAY, longest)};
    }
    if (kind == MESSAGE_EVENT) {
        message.event = (struct event){.pos = 1, .body = wire_body(ACTION_TALK_SAY, longest)};
    }
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].kind == kind) {
            int64_t value = longest ? rows[i].max : rows[i].min;
            bool frame = rows[i].type == TYPE_BYTES && value == FRAME_PAYLOAD_MAX;
            set_field(&message, &rows[i], frame ? PACK_BODY_MAX : value);
        }
    }
    return message;
}

/* Writes the message and reads its payload. */
static enum message_error trip(const struct message *message, struct message *back) {
    const uint8_t *payload;
    size_t len;
    size_t used;
    mp_writer_reset(&w);
    CU_ASSERT_TRUE_FATAL(message_write(&w, message));
    CU_ASSERT_EQUAL_FATAL(frame_next((const uint8_t *)w.data, w.len, &payload, &len, &used),
                          FRAME_WHOLE);
    CU_ASSERT_EQUAL(used, w.len);
    return message_read(&r, payload, len, back);
}

static void test_round_trip(void) {
    for (int kind = MESSAGE_UNKNOWN + 1; kind < MESSAGE_COUNT; kind++) {
        for (int longest = 0; longest <= 1; longest++) {
            struct message message = message_of((enum message_kind)kind, longest);
            struct message back;
            CU_ASSERT_EQUAL(trip(&message, &back), MSG_OK);
            CU_ASSERT_EQUAL(back.kind, message.kind);
            CU_ASSERT_EQUAL(back.room.len, message.room.len);
            for (size_t i = 0; i < ROWS; i++) {
                CU_ASSERT_TRUE(rows[i].kind != (enum message_kind)kind ||
                               same_field(&message, &back, &rows[i]));
            }
        }
    }
}

/* A cohort's actions are never sent. */
static void test_commands_round_trip(void) {
    for (int act = ACTION_NONE + 1; act < ACTION_COUNT; act++) {
        if (action_row((enum action)act)->when == S_COHORT) {
            continue;
        }
        struct message message = {.kind = MESSAGE_COMMAND, .room = span_of(room)};
        struct message back;
        message.command = (struct command){
            .id = 7, .made = TIME_MAX_MS, .body = wire_body((enum action)act, true)};
        CU_ASSERT_EQUAL(trip(&message, &back), MSG_OK);
        CU_ASSERT_EQUAL(back.command.id, 7);
        CU_ASSERT_EQUAL(back.command.made, TIME_MAX_MS);
        CU_ASSERT_TRUE(wire_same_body(&message.command.body, &back.command.body, false));
    }
}

/* One past a bound is refused, and the field is named. */
static void refuse(const struct row *row, int64_t value) {
    struct message message = message_of(row->kind, false);
    struct message back;
    set_field(&message, row, value);
    CU_ASSERT_EQUAL(trip(&message, &back), MSG_BAD_MESSAGE);
    CU_ASSERT_TRUE(r.field && strcmp(r.field, row->key) == 0);
}

static void test_every_bound(void) {
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        bool spans = row->type == TYPE_TEXT || row->type == TYPE_SECRET || row->type == TYPE_ID ||
                     row->type == TYPE_BYTES;
        if (row->type == TYPE_INT || (spans && row->max < FRAME_PAYLOAD_MAX)) {
            refuse(row, row->max + 1);
        }
        if (row->need == MUST && (row->type == TYPE_INT || (spans && row->min > 0))) {
            refuse(row, row->min - 1);
        }
        if ((row->type == TYPE_SECRET || row->type == TYPE_ID) && row->min == 0) {
            refuse(row, 1);
        }
    }
}

static void test_required(void) {
    for (int kind = MESSAGE_UNKNOWN + 1; kind < MESSAGE_COUNT; kind++) {
        bool needs = kind == MESSAGE_COMMAND || kind == MESSAGE_EVENT;
        for (size_t i = 0; i < ROWS; i++) {
            needs |= rows[i].kind == (enum message_kind)kind && rows[i].need == MUST;
        }
        mp_writer_reset(&w);
        mp_put_map(&w, 2);
        mp_put_str(&w, "m");
        mp_put_str(&w, message_name((enum message_kind)kind));
        mp_put_str(&w, "room");
        mp_put_str(&w, room);
        struct message back;
        CU_ASSERT_EQUAL(message_read(&r, w.data, w.len, &back), needs ? MSG_BAD_MESSAGE : MSG_OK);
        CU_ASSERT_EQUAL(back.kind, (enum message_kind)kind);
    }
}

static void test_rooms(void) {
    static const struct {
        const char *room;
        enum message_error error;
    } cases[] = {{"abcdefghij12", MSG_OK},           {"abcdefghij1", MSG_BAD_MESSAGE},
                 {"abcdefghij123", MSG_BAD_MESSAGE}, {"ABCDEFGHIJ12", MSG_BAD_MESSAGE},
                 {"abcdefghij1/", MSG_BAD_MESSAGE},  {"", MSG_BAD_MESSAGE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct message message = {.kind = MESSAGE_JOIN, .room = span_of(cases[i].room)};
        struct message back;
        CU_ASSERT_EQUAL(trip(&message, &back), cases[i].error);
    }
}

static void test_truncated_at_every_byte(void) {
    for (int kind = MESSAGE_UNKNOWN + 1; kind < MESSAGE_COUNT; kind++) {
        struct message message = message_of((enum message_kind)kind, false);
        struct message back;
        mp_writer_reset(&w);
        CU_ASSERT_TRUE(message_write(&w, &message));
        for (size_t len = 0; len < w.len - FRAME_HEADER_BYTES; len++) {
            char *copy = wire_copy(w.data + FRAME_HEADER_BYTES, len);
            CU_ASSERT_EQUAL(message_read(&r, copy, len, &back), MSG_BAD_FRAME);
            free(copy);
        }
    }
}

#define READ(literal) message_read(&r, literal, sizeof(literal) - 1, &back)

static void test_odd_payloads(void) {
    struct message back;
    CU_ASSERT_EQUAL(READ("\xdd\x0a\x00\x00\x00"), MSG_BAD_FRAME);
    CU_ASSERT_EQUAL(READ("\xdf\x0f\xff\xff\xff"), MSG_BAD_FRAME);
    CU_ASSERT_EQUAL(READ("\x90"), MSG_BAD_FRAME);
    CU_ASSERT_EQUAL(READ("\x80"), MSG_BAD_MESSAGE);
    CU_ASSERT_EQUAL(READ("\x81\xa1m\x01"), MSG_BAD_MESSAGE);
    CU_ASSERT_EQUAL(READ("\x81\xa1m\xa3"
                         "fly"),
                    MSG_OK);
    CU_ASSERT_EQUAL(back.kind, MESSAGE_UNKNOWN);
    CU_ASSERT_EQUAL(READ("\x84\xa1m\xa5"
                         "hello\xa1v\x01\xa1z\x93\x01\x02\xc0\xa1v\xff"),
                    MSG_OK); /* an unknown key, and the first of two */
    CU_ASSERT_EQUAL(back.hello.version, 1);
}

/* So that the server can refuse it by its id. */
static void test_bad_commands_keep_their_id(void) {
    struct message back;
    CU_ASSERT_EQUAL(READ("\x84\xa1m\xa7"
                         "command\xa4room\xac"
                         "abcdefghij12\xa2id\x05\xa2"
                         "do\xa3"
                         "fly"),
                    MSG_OK);
    CU_ASSERT_EQUAL(back.command.id, 5);
    CU_ASSERT_EQUAL(back.command.body.act, ACTION_NONE);
    CU_ASSERT_EQUAL(READ("\x84\xa1m\xa7"
                         "command\xa4room\xac"
                         "abcdefghij12\xa2id\x05\xa2"
                         "do\xa8"
                         "talk.say"),
                    MSG_BAD_MESSAGE);
    CU_ASSERT_EQUAL(back.kind, MESSAGE_COMMAND);
    CU_ASSERT_EQUAL(back.command.id, 5);
    CU_ASSERT_EQUAL(back.room.len, ROOM_ID_BYTES);
    CU_ASSERT_STRING_EQUAL(r.field, "text");
}

static void test_too_large_appends_nothing(void) {
    struct message message = {.kind = MESSAGE_RECORD, .room = span_of(room)};
    message.record.n = 1;
    message.record.chain = (struct span){letters, HASH_BYTES};
    message.record.event = (struct span){letters, FRAME_PAYLOAD_MAX};
    mp_writer_reset(&w);
    mp_put_str(&w, "before");
    size_t len = w.len;
    CU_ASSERT_FALSE(message_write(&w, &message));
    CU_ASSERT_EQUAL(w.len, len);
    message.record.event.len -= 128;
    CU_ASSERT_TRUE(message_write(&w, &message));
}

static void test_directions(void) {
    CU_ASSERT_TRUE(message_to_server(MESSAGE_COMMAND) && !message_to_client(MESSAGE_COMMAND));
    CU_ASSERT_TRUE(!message_to_server(MESSAGE_EVENT) && message_to_client(MESSAGE_EVENT));
    CU_ASSERT_FALSE(message_to_server(MESSAGE_UNKNOWN) || message_to_client(MESSAGE_UNKNOWN));
    CU_ASSERT_STRING_EQUAL(message_name((enum message_kind)999), "unknown");
}

static CU_TestInfo tests[] = {
    {"every message survives its frame", test_round_trip},
    {"every command survives its frame", test_commands_round_trip},
    {"one past every bound is refused by name", test_every_bound},
    {"required fields", test_required},
    {"room ids", test_rooms},
    {"cut off at every byte", test_truncated_at_every_byte},
    {"bombs, no map, no name, unknown names and keys", test_odd_payloads},
    {"a bad command keeps its id", test_bad_commands_keep_their_id},
    {"what does not fit a frame leaves nothing behind", test_too_large_appends_nothing},
    {"directions", test_directions},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"message", set_up, tear_down, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
