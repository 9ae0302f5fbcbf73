/* SPDX-License-Identifier: ISC */
/*
 * Purpose: bodies and events: a round trip of every action at both ends of its bounds, one past
 * each bound, the golden files of each stored version, and that what is sent hides what it must.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/event.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static const char room[] = "abcdefghij12";
static struct mp_writer w;
static struct mp_reader r;

static int set_up(void) {
    mp_writer_init(&w);
    return mp_reader_init(&r) == MP_OK ? 0 : -1;
}

static int tear_down(void) {
    mp_writer_free(&w);
    mp_reader_free(&r);
    return 0;
}

static struct event event_of(enum action act, bool longest) {
    return (struct event){.pos = longest ? UINT32_MAX : 1,
                          .at = longest ? TIME_MAX_MS : 0,
                          .by = longest ? SEAT_SERVER : 0,
                          .id = longest ? UINT32_MAX : 0,
                          .made = 0,
                          .body = wire_body(act, longest)};
}

static void test_stored_round_trip(void) {
    for (int act = ACTION_NONE + 1; act < ACTION_COUNT; act++) {
        for (int longest = 0; longest <= 1; longest++) {
            struct event event = event_of((enum action)act, longest);
            struct event back = {0};
            mp_writer_reset(&w);
            event_write_stored(&w, &event);
            CU_ASSERT_TRUE(event_read_stored(&r, w.data, w.len, &back));
            CU_ASSERT_TRUE(wire_same_body(&event.body, &back.body, true));
            CU_ASSERT_TRUE(back.pos == event.pos && back.at == event.at && back.by == event.by &&
                           back.id == event.id && back.made == event.made);
        }
    }
}

/* Numbers as they are, texts by what they say; whether it is in `has` or not. */
static bool same_field(const struct body *a, const struct body *b, enum field field) {
    const struct field_row *row = field_row(field);
    struct span one, other;
    if (row->type == FIELD_NUM) {
        return memcmp((const char *)a + row->offset, (const char *)b + row->offset,
                      sizeof(int64_t)) == 0;
    }
    memcpy(&one, (const char *)a + row->offset, sizeof one);
    memcpy(&other, (const char *)b + row->offset, sizeof other);
    return one.len == other.len && (one.len == 0 || memcmp(one.at, other.at, one.len) == 0);
}

/* A copy is what reading back gives, also where the body holds what its action has not; and it
 * borrows nothing. */
static void test_copy_is_what_is_read_back(void) {
    for (int act = ACTION_NONE + 1; act < ACTION_COUNT; act++) {
        struct event event = event_of((enum action)act, true);
        struct event back = {0};
        struct body copy;
        const struct action_row *row = action_row((enum action)act);
        enum field foreign = FIELD_seat;
        while (((row->required | row->optional) & FIELD_BIT(foreign)) != 0) {
            foreign = (enum field)((foreign + 1) % FIELD_COUNT);
        }
        event.body.has |= field_row(foreign)->type == FIELD_NUM ? FIELD_BIT(foreign) : 0;
        event.body.seat = row->required & F(seat) ? event.body.seat : 3;
        mp_writer_reset(&w);
        event_write_stored(&w, &event);
        CU_ASSERT_TRUE_FATAL(event_read_stored(&r, w.data, w.len, &back));
        char *memory = malloc(body_bytes(&event.body) + 1);
        CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
        body_copy(&copy, &event.body, memory);
        CU_ASSERT_TRUE(copy.act == back.body.act && copy.has == back.body.has);
        for (enum field field = 0; field < FIELD_COUNT; field++) {
            CU_ASSERT_TRUE(same_field(&copy, &back.body, field));
        }
        free(memory);
    }
}

static bool read_sent(struct event *out) {
    return mp_reader_parse(&r, w.data, w.len) == MP_OK && event_read_sent(&r, &r.root, out);
}

/* Also of 16 pairs and more, as the server's own longest ones would be: then n stands elsewhere. */
static void test_sent_round_trip(void) {
    int long_ones = 0;
    for (int act = ACTION_NONE + 1; act < ACTION_COUNT; act++) {
        if (action_row((enum action)act)->when == S_COHORT) {
            continue; /* never sent */
        }
        for (int own = 0; own <= 1; own++) {
            struct event event = event_of((enum action)act, true);
            struct event back = {0};
            mp_writer_reset(&w);
            event_write_sent(&w, &event, room, own);
            long_ones += (unsigned char)w.data[0] == 0xde;
            event_patch_n(w.data, w.len, 0x01020304);
            CU_ASSERT_TRUE_FATAL(read_sent(&back));
            CU_ASSERT_EQUAL(back.pos, 0x01020304);
            CU_ASSERT_EQUAL(back.id, own ? event.id : 0);
            CU_ASSERT_EQUAL(back.made, event.made);
            CU_ASSERT_TRUE(wire_same_body(&event.body, &back.body, false));
        }
    }
    CU_ASSERT_TRUE(long_ones > 0);
}

/* Its author's frame is that of the others and the id. */
static void test_own_is_that_of_the_others(void) {
    struct mp_writer own;
    mp_writer_init(&own);
    for (int act = ACTION_NONE + 1; act < ACTION_COUNT; act++) {
        for (int longest = 0; longest <= 1; longest++) {
            struct event event = event_of((enum action)act, longest);
            mp_writer_reset(&w);
            event_write_sent(&w, &event, room, false);
            mp_writer_reset(&own);
            event_write_own(&own, w.data, w.len, event.id);
            mp_writer_reset(&w);
            event_write_sent(&w, &event, room, true);
            CU_ASSERT_TRUE(own.len == w.len && memcmp(own.data, w.data, w.len) == 0);
        }
    }
    mp_writer_free(&own);
}

static void test_n_has_a_constant_place(void) {
    struct event event = event_of(ACTION_CLOCK_PAUSE, false);
    struct event back = {0};
    event.pos = 1;
    mp_writer_reset(&w);
    mp_put_raw(&w, "before", 6); /* an event need not begin the buffer */
    event_write_sent(&w, &event, room, false);
    size_t len = w.len - 6;
    CU_ASSERT_EQUAL(event_n_at(w.data + 6, len), 12);
    CU_ASSERT_EQUAL(memcmp(w.data + 6 + 12, "\0\0\0\1", 4), 0);
    CU_ASSERT_EQUAL(event_n_at(w.data + 6, 16), 12);
    CU_ASSERT_EQUAL(event_n_at(w.data + 6, 15), 0); /* one byte too short */
    CU_ASSERT_EQUAL(event_n_at(w.data + 6, 0), 0);
    memmove(w.data, w.data + 6, len);
    w.len = len;
    event_patch_n(w.data, w.len, UINT32_MAX);
    CU_ASSERT_TRUE_FATAL(read_sent(&back));
    CU_ASSERT_EQUAL(back.pos, UINT32_MAX);
}

/* Neither the events between, nor who else sees it, may show in a frame: only n's value differs. */
static void test_length_hides_n(void) {
    struct event event = event_of(ACTION_TALK_SAY, false);
    mp_writer_reset(&w);
    event_write_sent(&w, &event, room, false);
    size_t len = w.len;
    event.pos = UINT32_MAX;
    mp_writer_reset(&w);
    event_write_sent(&w, &event, room, false);
    CU_ASSERT_EQUAL(w.len, len);
}

static void test_made_and_id_only_where_they_belong(void) {
    struct event event = event_of(ACTION_MARK_SET, true);
    event.made = event.at;
    mp_writer_reset(&w);
    event_write_sent(&w, &event, room, false);
    CU_ASSERT_EQUAL(mp_reader_parse(&r, w.data, w.len), MP_OK);
    CU_ASSERT_PTR_NULL(mp_find(&r.root, "made"));
    CU_ASSERT_PTR_NULL(mp_find(&r.root, "id"));
    event.made = 5;
    mp_writer_reset(&w);
    event_write_sent(&w, &event, room, true);
    CU_ASSERT_EQUAL(mp_reader_parse(&r, w.data, w.len), MP_OK);
    CU_ASSERT_PTR_NOT_NULL(mp_find(&r.root, "made"));
    CU_ASSERT_PTR_NOT_NULL(mp_find(&r.root, "id"));
}

static void test_secrets_stay(void) {
    struct event event = event_of(ACTION_SEAT_JOIN, true);
    mp_writer_reset(&w);
    event_write_sent(&w, &event, room, true);
    CU_ASSERT_EQUAL(mp_reader_parse(&r, w.data, w.len), MP_OK);
    CU_ASSERT_PTR_NULL(mp_find(&r.root, "key"));
    CU_ASSERT_PTR_NULL(mp_find(&r.root, "invite"));
    /* And one that a peer sends is not believed. */
    struct body body;
    mp_writer_reset(&w);
    mp_put_map(&w, body_keys(&event.body, true));
    body_write(&w, &event.body, true);
    CU_ASSERT_EQUAL(mp_reader_parse(&r, w.data, w.len), MP_OK);
    CU_ASSERT_EQUAL(body_read(&r, &r.root, false, &body), BODY_OK);
    CU_ASSERT_EQUAL(body.has & (F(key) | F(invite)), 0);
}

/* The body with one field changed; BODY_OK only if it is inside its bounds. */
static enum body_error read_with(struct body *body) {
    struct body back;
    mp_writer_reset(&w);
    mp_put_map(&w, body_keys(body, true));
    body_write(&w, body, true);
    CU_ASSERT_EQUAL(mp_reader_parse(&r, w.data, w.len), MP_OK);
    return body_read(&r, &r.root, true, &back);
}

static void change(enum action act, unsigned field, int64_t value, enum body_error expected) {
    const struct field_row *row = field_row((enum field)field);
    struct body body = wire_body(act, true);
    char *at = (char *)&body + row->offset;
    if (row->type == FIELD_NUM) {
        memcpy(at, &value, sizeof value);
    } else {
        struct span span;
        memcpy(&span, at, sizeof span);
        span.len = (uint32_t)value;
        memcpy(at, &span, sizeof span);
    }
    CU_ASSERT_EQUAL(read_with(&body), expected);
    if (expected == BODY_BAD_FIELD) {
        CU_ASSERT_STRING_EQUAL(r.field, row->key);
    }
}

static void test_every_bound(void) {
    for (int act = ACTION_NONE + 1; act < ACTION_COUNT; act++) {
        const struct action_row *row = action_row((enum action)act);
        for (unsigned field = 0; field < FIELD_COUNT; field++) {
            const struct field_row *bounds = field_row((enum field)field);
            if (!((row->required | row->optional) >> field & 1)) {
                continue;
            }
            change((enum action)act, field, bounds->min, BODY_OK);
            change((enum action)act, field, bounds->max, BODY_OK);
            change((enum action)act, field, bounds->max + 1, BODY_BAD_FIELD);
            if (bounds->type == FIELD_NUM || bounds->min > 0) {
                change((enum action)act, field, bounds->min - 1, BODY_BAD_FIELD);
            }
        }
    }
}

static void test_required_and_optional(void) {
    for (int act = ACTION_NONE + 1; act < ACTION_COUNT; act++) {
        const struct action_row *row = action_row((enum action)act);
        for (unsigned field = 0; field < FIELD_COUNT; field++) {
            struct body body = wire_body((enum action)act, false);
            bool named = body.has >> field & 1;
            body.has &= ~FIELD_BIT(field);
            if (named) {
                CU_ASSERT_EQUAL(read_with(&body),
                                row->required >> field & 1 ? BODY_BAD_FIELD : BODY_OK);
            }
        }
    }
}

static void test_unknown_actions_and_keys(void) {
    struct body body;
    mp_writer_reset(&w);
    mp_put_map(&w, 3);
    mp_put_str(&w, "new-in-2030");
    mp_put_int(&w, 1);
    mp_put_str(&w, "do");
    mp_put_str(&w, "clock.pause");
    mp_put_str(&w, "do"); /* the first counts */
    mp_put_str(&w, "clock.start");
    CU_ASSERT_EQUAL(mp_reader_parse(&r, w.data, w.len), MP_OK);
    CU_ASSERT_EQUAL(body_read(&r, &r.root, false, &body), BODY_OK);
    CU_ASSERT_EQUAL(body.act, ACTION_CLOCK_PAUSE);
    CU_ASSERT_EQUAL(mp_reader_parse(&r,
                                    "\x81\xa2"
                                    "do\xa3"
                                    "fly",
                                    8),
                    MP_OK);
    CU_ASSERT_EQUAL(body_read(&r, &r.root, false, &body), BODY_UNKNOWN_ACTION);
}

/* What a newer server sends has its number and its author; what it is, is not known. In a log it is
 * refused, since nobody knows who may see it. */
static void test_unknown_action_of_a_newer_server(void) {
    struct event event = event_of(ACTION_CLOCK_PAUSE, true);
    struct event back = {0};
    mp_writer_reset(&w);
    event_write_sent(&w, &event, room, true);
    memcpy(memmem(w.data, w.len, "clock.pause", 11), "clock.dance", 11);
    CU_ASSERT_TRUE(read_sent(&back));
    CU_ASSERT_EQUAL(back.body.act, ACTION_NONE);
    CU_ASSERT_EQUAL(back.body.has, 0);
    CU_ASSERT_TRUE(back.pos == event.pos && back.at == event.at && back.id == event.id);
    mp_writer_reset(&w);
    event_write_stored(&w, &event);
    memcpy(memmem(w.data, w.len, "clock.pause", 11), "clock.dance", 11);
    CU_ASSERT_FALSE(event_read_stored(&r, w.data, w.len, &back));
    CU_ASSERT_STRING_EQUAL(r.field, "do");
}

static void test_truncated_at_every_byte(void) {
    struct event event = event_of(ACTION_SEAT_JOIN, true);
    struct event back = {0};
    mp_writer_reset(&w);
    event_write_stored(&w, &event);
    for (size_t len = 0; len < w.len; len++) {
        char *copy = wire_copy(w.data, len);
        CU_ASSERT_FALSE(event_read_stored(&r, copy, len, &back));
        free(copy);
    }
}

static void test_bad_heads(void) {
    struct event event = event_of(ACTION_CLOCK_PAUSE, true);
    struct event back = {0};
    event.made = event.at;
    mp_writer_reset(&w);
    event.by = ROOM_SEATS_MAX;
    event_write_stored(&w, &event);
    CU_ASSERT_FALSE(event_read_stored(&r, w.data, w.len, &back));
    CU_ASSERT_STRING_EQUAL(r.field, "by");
    event = event_of(ACTION_CLOCK_PAUSE, false);
    event.made = event.at + 1;
    mp_writer_reset(&w);
    event_write_stored(&w, &event);
    CU_ASSERT_FALSE(event_read_stored(&r, w.data, w.len, &back));
    CU_ASSERT_STRING_EQUAL(r.field, "made");
    event = event_of(ACTION_CLOCK_PAUSE, false);
    mp_writer_reset(&w);
    event_write_stored(&w, &event);
    w.data[3] = SPAR_EVENT_VERSION + 1; /* {"v": … */
    CU_ASSERT_FALSE(event_read_stored(&r, w.data, w.len, &back));
    CU_ASSERT_STRING_EQUAL(r.field, "v");
}

/* Whether the file still gives this event; while 1 is the newest version, also the same bytes. */
static void check_golden(const char *name, const struct event *event) {
    struct event back = {0};
    size_t len;
    char *bytes = wire_file(name, &len);
    CU_ASSERT_TRUE(event_read_stored(&r, bytes, len, &back));
    CU_ASSERT_TRUE(wire_same_body(&event->body, &back.body, true));
    CU_ASSERT_TRUE(back.pos == event->pos && back.at == event->at && back.by == event->by &&
                   back.id == event->id && back.made == event->made);
    mp_writer_reset(&w);
    event_write_stored(&w, event);
    if (SPAR_EVENT_VERSION == 1) {
        CU_ASSERT_EQUAL_FATAL(w.len, len);
        CU_ASSERT_EQUAL(memcmp(w.data, bytes, len), 0);
    }
    free(bytes);
}

static void test_golden(void) {
    char key[HASH_BYTES];
    char invite[HASH_BYTES];
    for (int i = 0; i < HASH_BYTES; i++) {
        key[i] = (char)i;
        invite[i] = (char)(255 - i);
    }
    struct event join = {
        .pos = 4,
        .at = 1760000000123,
        .by = SEAT_SERVER,
        .made = 1760000000123,
        .body = {.act = ACTION_SEAT_JOIN,
                 .has = F(seat) | F(role) | F(name) | F(session) | F(boot) | F(key) | F(invite),
                 .seat = 1,
                 .role = ROLE_CANDIDATE,
                 .session = 3,
                 .boot = 9,
                 .name = span_of("Zo\xc3\xab"),
                 .key = {key, HASH_BYTES},
                 .invite = {invite, HASH_BYTES}}};
    check_golden("event_v1_seat_join.bin", &join);
    struct event mark = {.pos = 70000,
                         .at = 1760000500000,
                         .id = 12,
                         .made = 1760000499000,
                         .body = {.act = ACTION_MARK_SET,
                                  .has = F(item) | F(mark),
                                  .item = span_of("clarify-volume"),
                                  .mark = MARK_RAISED}};
    check_golden("event_v1_mark_set.bin", &mark);
    struct event match = {.pos = 99,
                          .at = 1760000600000,
                          .by = SEAT_SERVER,
                          .made = 1760000600000,
                          .body = {.act = ACTION_PAIR_MATCH,
                                   .has = F(member) | F(other) | F(target) | F(pick) | F(minutes),
                                   .member = 300,
                                   .other = COHORT_MEMBERS_MAX - 1,
                                   .target = span_of("abcdefghij12"),
                                   .pick = COHORT_PACKS_MAX - 1,
                                   .minutes = 45}};
    check_golden("event_v1_pair_match.bin", &match);
}

static CU_TestInfo tests[] = {
    {"every action survives storing", test_stored_round_trip},
    {"its author's is that of the others", test_own_is_that_of_the_others},
    {"a copy is what is read back", test_copy_is_what_is_read_back},
    {"every action survives sending", test_sent_round_trip},
    {"n has a constant place", test_n_has_a_constant_place},
    {"a frame's length says nothing about n", test_length_hides_n},
    {"made and id only where they belong", test_made_and_id_only_where_they_belong},
    {"secrets stay on the server", test_secrets_stay},
    {"every field at its bounds and one past them", test_every_bound},
    {"required and optional fields", test_required_and_optional},
    {"unknown actions, unknown and double keys", test_unknown_actions_and_keys},
    {"an action of a newer server", test_unknown_action_of_a_newer_server},
    {"cut off at every byte", test_truncated_at_every_byte},
    {"author, moment and version out of bounds", test_bad_heads},
    {"stored events of version 1", test_golden},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"event", set_up, tear_down, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
