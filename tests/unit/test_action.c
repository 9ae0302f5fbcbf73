/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the tables of actions, fields and refusals: every row is found by its wire name, rows
 * are consistent with each other, and nothing else is found.
 */
#include <string.h>

#include "protocol/wire/action.h"
#include "protocol/wire/refusal.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

static void test_actions_are_found(void) {
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        const char *wire = action_row((enum action)i)->wire;
        CU_ASSERT_EQUAL(action_find(wire, strlen(wire)), (enum action)i);
        CU_ASSERT_EQUAL(action_find(wire, strlen(wire) - 1), ACTION_NONE);
    }
    CU_ASSERT_EQUAL(action_find("talk.say\0x", 10), ACTION_NONE);
    CU_ASSERT_EQUAL(action_find("", 0), ACTION_NONE);
}

static void test_rows_are_consistent(void) {
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        const struct action_row *row = action_row((enum action)i);
        CU_ASSERT_EQUAL(row->required & row->optional, 0);
        CU_ASSERT_TRUE(row->when != 0);
        CU_ASSERT_TRUE(strlen(row->wire) <= ID_MAX_BYTES);
    }
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct field_row *row = field_row((enum field)i);
        CU_ASSERT_TRUE(row->min <= row->max);
        CU_ASSERT_TRUE(row->offset < sizeof(struct body));
    }
}

/* The fields of the first word and of the second, at both ends of each. */
static void test_sets_of_fields(void) {
    static const int fields[] = {0, 1, 62, 63, 64, 65, FIELDS_MAX - 2, FIELDS_MAX - 1};
    enum { COUNT = sizeof fields / sizeof fields[0] };
    field_set all = 0;
    for (int i = COUNT - 1; i >= 0; i--) {
        CU_ASSERT_FALSE(all & FIELD_BIT(fields[i]));
        all |= FIELD_BIT(fields[i]);
        CU_ASSERT_EQUAL(field_first(FIELD_BIT(fields[i])), (enum field)fields[i]);
        CU_ASSERT_EQUAL(field_first(all), (enum field)fields[i]);
        CU_ASSERT_EQUAL(field_count(all), (uint32_t)(COUNT - i));
    }
    int walked = 0;
    for (field_set rest = all; rest; rest &= rest - 1) {
        CU_ASSERT_EQUAL(field_first(rest), (enum field)fields[walked++]);
    }
    CU_ASSERT_EQUAL(walked, COUNT);
    CU_ASSERT_EQUAL(field_count(~(field_set)0), FIELDS_MAX);
    CU_ASSERT_EQUAL(field_count(0), 0);
    CU_ASSERT_TRUE(FIELD_BIT(FIELDS_MAX - 1) << 1 == 0); /* one past: in no set */
}

/* A SECRET field that a sent event requires could not be read by the one who gets it. */
static void test_secrets_are_never_required_of_what_is_sent(void) {
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        const struct action_row *row = action_row((enum action)i);
        if (row->audience != AUD_SERVER) {
            CU_ASSERT_EQUAL(row->required & (F(key) | F(invite)), 0);
        }
    }
}

/* A body with every field at its least or greatest, and each one past that. */
static void test_bounds_of_bodies(void) {
    for (int act = ACTION_NONE + 1; act < ACTION_COUNT; act++) {
        for (int longest = 0; longest <= 1; longest++) {
            const struct body sound = wire_body((enum action)act, longest);
            CU_ASSERT_TRUE(body_is_sound(&sound, sound.has));
            for (int field = 0; field < FIELD_COUNT; field++) {
                const struct field_row *row = field_row((enum field)field);
                int64_t past = longest ? row->max + 1 : row->min - 1;
                struct body body = sound;
                char *at = (char *)&body + row->offset;
                if (!(sound.has >> field & 1) || past < INT32_MIN) {
                    continue;
                }
                if (row->type == FIELD_NUM) {
                    memcpy(at, &past, sizeof past);
                } else {
                    struct span span = {"", (uint32_t)(past < 0 ? 0 : past)};
                    memcpy(&span.at, at, sizeof span.at);
                    memcpy(at, &span, sizeof span);
                }
                CU_ASSERT_FALSE(body_is_sound(&body, 0));
                body = sound;
                body.has &= ~FIELD_BIT(field);
                CU_ASSERT_TRUE(body_is_sound(&body, 0));
                CU_ASSERT_FALSE(body_is_sound(&body, sound.has));
            }
        }
    }
}

static void test_ids(void) {
    CU_ASSERT_TRUE(span_is_id(span_of("abcdefghij12")));
    CU_ASSERT_FALSE(span_is_id(span_of("abcdefghij1")));
    CU_ASSERT_FALSE(span_is_id(span_of("abcdefghij123")));
    CU_ASSERT_FALSE(span_is_id(span_of("abcdefghij1A")));
    CU_ASSERT_FALSE(span_is_id(span_of("abcdefghij1-")));
    CU_ASSERT_FALSE(span_is_id(span_of("")));
}

static void test_copies(void) {
    char out[5] = "....";
    span_copy(span_of("abcd"), out, sizeof out);
    CU_ASSERT_STRING_EQUAL(out, "abcd");
    span_copy(span_of("efghi"), out, sizeof out);
    CU_ASSERT_STRING_EQUAL(out, "efgh");
    span_copy((struct span){NULL, 0}, out, sizeof out);
    CU_ASSERT_STRING_EQUAL(out, "");
}

static void test_roles_and_names(void) {
    for (int role = ROLE_INTERVIEWER; role <= ROLE_COACH; role++) {
        const char *name = role_name((enum role)role);
        CU_ASSERT_EQUAL(role_find(name, strlen(name)), (enum role)role);
    }
    CU_ASSERT_EQUAL(role_find("none", 4), ROLE_NONE);
    CU_ASSERT_EQUAL(role_find("coac", 4), ROLE_NONE);
    CU_ASSERT_STRING_EQUAL(stage_name(STAGE_CLOSED), "closed");
    CU_ASSERT_STRING_EQUAL(stage_name((enum stage)99), "unknown");
    CU_ASSERT_STRING_EQUAL(mark_name(MARK_NOT_YET), "not yet");
    CU_ASSERT_STRING_EQUAL(mark_name((enum mark)3), "unknown");
}

/* For people the stage before the start has another name than on the wire, and no other has. */
static void test_stages_shown(void) {
    for (int stage = STAGE_NEW; stage <= STAGE_CLOSED; stage++) {
        const char *shown = stage_shown((enum stage)stage);
        CU_ASSERT_STRING_EQUAL(shown,
                               stage == STAGE_WAITING ? "waiting" : stage_name((enum stage)stage));
    }
    CU_ASSERT_STRING_EQUAL(stage_name(STAGE_WAITING), "lobby");
}

/* A kept body borrows from the memory alone; what it does not have is left alone. */
static void test_keep(void) {
    char frame[] = "abcdefgh";
    char memory[16];
    struct body body = {.has = F(name) | F(text) | F(item) | F(seat),
                        .name = {frame, 3},
                        .text = {frame + 3, 5},
                        .item = {frame, 0},
                        .flag = {frame, 8},
                        .seat = 4};
    CU_ASSERT_EQUAL_FATAL(body_bytes(&body), 8);
    body_keep(&body, memory);
    memset(frame, 'x', sizeof frame - 1);
    CU_ASSERT_TRUE(span_equal(body.name, "abc"));
    CU_ASSERT_TRUE(span_equal(body.text, "defgh"));
    CU_ASSERT_EQUAL(body.item.len, 0);
    CU_ASSERT_EQUAL(body.seat, 4);
    CU_ASSERT_PTR_EQUAL(body.flag.at, frame);
}

static void test_refusals_are_found(void) {
    for (int i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++) {
        const char *name = refusal_name((enum refusal)i);
        CU_ASSERT_EQUAL(refusal_find(name, strlen(name)), (enum refusal)i);
        CU_ASSERT_TRUE(strlen(refusal_sentence((enum refusal)i)) > 20);
    }
    CU_ASSERT_EQUAL(refusal_find("no-such-refusal", 15), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(refusal_name((enum refusal)9999), "none");
}

static CU_TestInfo tests[] = {
    {"every action is found by its wire name", test_actions_are_found},
    {"rows are consistent", test_rows_are_consistent},
    {"no sent event requires a secret", test_secrets_are_never_required_of_what_is_sent},
    {"sets of fields at both ends of each word", test_sets_of_fields},
    {"bodies at every bound and one past it", test_bounds_of_bodies},
    {"ids of rooms and cohorts", test_ids},
    {"roles, stages and marks have names", test_roles_and_names},
    {"stages have names for people", test_stages_shown},
    {"a body is kept", test_keep},
    {"every refusal is found and has a sentence", test_refusals_are_found},
    {"copies of texts", test_copies},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"action", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
