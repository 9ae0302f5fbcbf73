/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the link to a call elsewhere: who gives it, what is one, and that nothing else is kept.
 */
#include <string.h>

#include "protocol/room/digest.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static enum refusal give(uint8_t seat, const char *link) {
    struct body body = {.act = ACTION_ROOM_CALL};
    if (link[0] != '\0') {
        body.has = F(call);
        body.call = span_of(link);
    }
    return sample_do(&s, seat, body);
}

static void test_given_and_taken(void) {
    sample_open(&s, 0);
    s.room.rules = 2;
    CU_ASSERT_EQUAL(give(SAMPLE_CANDIDATE, "https://meet.example/a"), REFUSAL_NOT_ALLOWED);
    CU_ASSERT_EQUAL(give(SAMPLE_HOST, ""), REFUSAL_SAME);
    CU_ASSERT_EQUAL(give(SAMPLE_HOST, "https://meet.example/a?b=c#d"), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(s.room.call, "https://meet.example/a?b=c#d");
    CU_ASSERT_EQUAL(give(SAMPLE_COACH, "https://meet.example/a?b=c#d"), REFUSAL_SAME);
    CU_ASSERT_EQUAL(give(SAMPLE_COACH, "https://[2001:db8::1]:8443"), REFUSAL_NONE);
    struct room copy;
    CU_ASSERT_TRUE(room_copy(&copy, &s.room));
    CU_ASSERT_STRING_EQUAL(copy.call, "https://[2001:db8::1]:8443");
    CU_ASSERT_TRUE(sample_same(&copy, &s.room));
    room_free(&copy);
    CU_ASSERT_EQUAL(give(SAMPLE_HOST, ""), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(s.room.call, "");
    sample_free(&s);
}

static void test_what_is_a_link(void) {
    static const char *const bad[] = {
        "http://meet.example/",
        "https://",
        "https:///a",
        "https://?a",
        "HTTPS://a",
        "javascript:alert(1)",
        "https://a b",
        "https://a\n",
        "https://a\\b",
        "https://me@evil.example",
        "https://a:b@c/",
        "https://\xc3\xa4.example/",
        " https://a",
        "https://a\x7f",
    };
    sample_open(&s, 0);
    s.room.rules = 2;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CU_ASSERT_EQUAL(give(SAMPLE_HOST, bad[i]), REFUSAL_BAD_LINK);
    }
    CU_ASSERT_EQUAL(give(SAMPLE_HOST, "https://a/@b"), REFUSAL_NONE);
    char link[ROOM_CALL_MAX_BYTES + 2];
    memset(link, 'a', sizeof link);
    memcpy(link, "https://", 8);
    link[ROOM_CALL_MAX_BYTES + 1] = '\0';
    CU_ASSERT_EQUAL(give(SAMPLE_HOST, link), REFUSAL_BAD_FIELD);
    link[ROOM_CALL_MAX_BYTES] = '\0';
    CU_ASSERT_EQUAL(give(SAMPLE_HOST, link), REFUSAL_NONE);
    CU_ASSERT_STRING_EQUAL(s.room.call, link);
    sample_free(&s);
}

/* A log that says otherwise is damaged; a room of the older rules knows no call. */
static void test_fold(void) {
    struct event event = {.body = {.act = ACTION_ROOM_CALL, .has = F(call)}};
    sample_open(&s, 0);
    s.room.rules = 2;
    event.pos = s.room.pos + 1;
    event.at = event.made = s.room.at + 1;
    event.by = SAMPLE_HOST;
    event.id = s.room.seats[SAMPLE_HOST].last_id + 1;
    event.body.call = span_of("http://a");
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_INVALID);
    event.body.call = span_of("https://a");
    s.room.rules = 1;
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_INVALID);
    CU_ASSERT_EQUAL(give(SAMPLE_HOST, "https://a"), REFUSAL_UNKNOWN_ACTION);
    s.room.rules = 2;
    CU_ASSERT_EQUAL(room_apply(&s.room, &event, NULL, NULL), APPLY_OK);
    sample_free(&s);
}

static CU_TestInfo tests[] = {{"given and taken away by the panel", test_given_and_taken},
                              {"what is a link", test_what_is_a_link},
                              {"what a log may say", test_fold},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"call", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
