/* SPDX-License-Identifier: ISC */
/*
 * Purpose: which rules a room lives by is read from its own opening; and what a newer server's
 * rooms hold that this build does not know is counted and skipped.
 */
#include "protocol/room/room.h"
#include "protocol/room/view.h"
#include "tests/support/sample.h"
#include "tests/support/test_main.h"

static struct sample s;

static void test_rules(void) {
    sample_open(&s, 0);
    struct body open = s.events[0].body;
    CU_ASSERT_EQUAL(s.room.rules, 1); /* it says nothing of rules */
    CU_ASSERT_EQUAL(room_version(&s.room), 1);
    for (int64_t rules = 1; rules <= ROOM_RULES + 1; rules++) {
        struct sample fresh;
        sample_new(&fresh);
        open.has |= F(rules);
        open.rules = rules;
        struct event event = {.pos = 1, .at = 1, .made = 1, .by = SEAT_SERVER, .body = open};
        bool known = rules <= ROOM_RULES;
        CU_ASSERT_EQUAL(sample_do(&fresh, SEAT_SERVER, open),
                        known ? REFUSAL_NONE : REFUSAL_BAD_FIELD);
        CU_ASSERT_EQUAL(fresh.room.rules, known ? rules : 0);
        CU_ASSERT_EQUAL(room_version(&fresh.room), fresh.room.rules == 2 ? 2 : 1);
        if (!known) {
            CU_ASSERT_EQUAL(room_apply(&fresh.room, &event, NULL, NULL), APPLY_INVALID);
        }
        sample_free(&fresh);
    }
    sample_free(&s);
}

static void test_unknown_actions(void) {
    sample_open(&s, 0);
    (void)sample_do(&s, SAMPLE_HOST, body_plain(ACTION_CLOCK_START));
    struct room seen;
    CU_ASSERT_TRUE(sample_view(&s, SAMPLE_HOST, s.count, &seen));
    uint32_t n = seen.pos;
    struct event event = {.pos = n + 1,
                          .at = seen.at + 5,
                          .by = SAMPLE_HOST,
                          .id = seen.seats[SAMPLE_HOST].last_id + 1};
    CU_ASSERT_EQUAL(room_apply(&seen, &event, NULL, NULL), APPLY_OK);
    CU_ASSERT_EQUAL(seen.pos, n + 1);
    CU_ASSERT_EQUAL(seen.at, event.at);
    CU_ASSERT_EQUAL(view_count(&seen, SAMPLE_HOST), n + 1);
    CU_ASSERT_EQUAL(seen.seats[SAMPLE_HOST].last_id, event.id);
    CU_ASSERT_EQUAL(seen.seats[SAMPLE_HOST].last_n, n + 1);
    /* What follows is numbered behind it and folded as ever. */
    struct event next = {.pos = n + 2,
                         .at = event.at,
                         .made = event.at,
                         .by = SAMPLE_HOST,
                         .id = event.id + 1,
                         .body = body_plain(ACTION_CLOCK_PAUSE)};
    CU_ASSERT_EQUAL(room_apply(&seen, &next, NULL, NULL), APPLY_OK);
    CU_ASSERT_EQUAL(seen.stage, STAGE_PAUSED);
    CU_ASSERT_EQUAL(seen.seats[SAMPLE_HOST].last_n, n + 2);
    room_free(&seen);
    /* A log begins with room.open, whatever else there may be one day. */
    room_init(&seen);
    event.pos = 1;
    CU_ASSERT_EQUAL(room_apply(&seen, &event, NULL, NULL), APPLY_INVALID);
    room_free(&seen);
    sample_free(&s);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"which rules a room has", test_rules},
        {"an unknown action is counted and skipped", test_unknown_actions},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"rules", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
