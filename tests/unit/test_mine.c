/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what a cohort's log has of a member goes to it as fast as it reads, once for each time
 * it asks, and to nobody who has gone or is cut off meanwhile.
 */
#include "tests/support/test_main.h"

#include "server/handle/handle.h"
#include "server/request/request.h"
#include "tests/support/group.h"

enum { OWN = 5 /* entered, waits, is matched, the room opens, came */ };

/* A pair that has met; the first of them asks. */
struct met {
    struct group group;
    struct actor *pair[2];
};

static void met_open(struct met *met) {
    group_open(&met->group);
    group_seat_pair(&met->group, met->pair);
}

static void met_close(struct met *met) {
    for (int i = 0; i < 2; i++) {
        if (met->pair[i] != NULL) {
            actor_free(met->pair[i]);
        }
    }
    group_close(&met->group);
}

static enum refusal ask(struct met *met, uint32_t id) {
    struct actor *asker = met->pair[0];
    return request_mine(&asker->rooms->requests, &asker->peer, span_of(met->group.id), id);
}

/* It has place for one message, and for nothing more. */
static void stop_reading(struct actor *actor) {
    actor->swallow = true;
    actor->backlog = PEER_BACKLOG_MAX - 1;
}

/* The first of the pair asks, and has read one message of the answer. */
static void ask_slowly(struct met *met, uint32_t id) {
    stop_reading(met->pair[0]);
    CU_ASSERT_EQUAL(ask(met, id), REFUSAL_NONE);
    actor_await(met->pair[0], MESSAGE_OWN, 1);
}

static void read_on(struct actor *actor) {
    actor->swallow = false;
    actor->backlog = 0;
    handle_peer_drained(&actor->peer);
}

static void test_slow_reader(void) {
    struct met met;
    met_open(&met);
    ask_slowly(&met, 7);
    for (int i = 0; i < 4; i++) {
        scene_turn(&met.group.scene);
    }
    CU_ASSERT_EQUAL(actor_count(met.pair[0], MESSAGE_OWN), 1);
    read_on(met.pair[0]);
    const struct heard *end = actor_await(met.pair[0], MESSAGE_END, 1);
    CU_ASSERT_EQUAL(end->id, 7);
    CU_ASSERT_EQUAL(end->n, OWN);
    CU_ASSERT_EQUAL(actor_count(met.pair[0], MESSAGE_OWN), OWN);
    met_close(&met);
}

static void test_many(void) {
    struct met met;
    met_open(&met);
    for (uint32_t id = 1; id <= REQUESTS_MAX; id++) {
        CU_ASSERT_EQUAL(ask(&met, id), REFUSAL_NONE);
        CU_ASSERT(met.pair[0]->rooms->requests.logs_held <= LOGS_HELD_MAX);
    }
    CU_ASSERT_EQUAL(met.pair[0]->rooms->requests.logs_held, LOGS_HELD_MAX);
    CU_ASSERT_EQUAL(ask(&met, REQUESTS_MAX + 1), REFUSAL_TOO_FAST);
    actor_await(met.pair[0], MESSAGE_END, REQUESTS_MAX);
    CU_ASSERT_EQUAL(actor_count(met.pair[0], MESSAGE_OWN), REQUESTS_MAX * OWN);
    CU_ASSERT_EQUAL(actor_count(met.pair[1], MESSAGE_OWN), 0);
    CU_ASSERT_EQUAL(met.pair[0]->rooms->requests.logs_held, 0);
    met_close(&met);
}

/* While the log is read; the scene's end checks that nothing is left. */
static void test_gone(void) {
    struct met met;
    met_open(&met);
    CU_ASSERT_EQUAL(ask(&met, 1), REFUSAL_NONE);
    actor_free(met.pair[0]);
    met.pair[0] = NULL;
    met_close(&met);
}

/* Who is cut off from the cohort while it is on its way gets no more of it. */
static void test_withdrawn(void) {
    struct met met;
    met_open(&met);
    ask_slowly(&met, 7);
    CU_ASSERT_EQUAL(attendee_withdraw(group_place(&met.group, met.group.coach), 0, 6),
                    REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(met.pair[0], MESSAGE_REFUSED, 1)->why, REFUSAL_WITHDRAWN);
    uint32_t told = actor_count(met.pair[0], MESSAGE_REFUSED);
    read_on(met.pair[0]);
    while (actor_last(met.pair[0], MESSAGE_REFUSED)->id != 7) {
        actor_await(met.pair[0], MESSAGE_REFUSED, ++told);
    }
    CU_ASSERT_EQUAL(actor_last(met.pair[0], MESSAGE_REFUSED)->why, REFUSAL_NO_SUCH_COHORT);
    CU_ASSERT_EQUAL(actor_count(met.pair[0], MESSAGE_OWN), 1);
    met_close(&met);
}

static CU_TestInfo tests[] = {
    {"as fast as it is read", test_slow_reader},
    {"as often as it is asked for", test_many},
    {"leaving", test_gone},
    {"a link that is withdrawn cuts it off", test_withdrawn},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"mine", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
