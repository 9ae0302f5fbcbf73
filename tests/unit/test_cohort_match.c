/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a match that becomes whole, however late a worker tells its part of it: nobody who has
 * met a partner waits again by what was said or asked before.
 */
#include "tests/support/test_main.h"

#include "server/cohort/parts.h"
#include "tests/support/group.h"
#include "tests/support/sample.h"

enum { ADA_WORKER = 1, BEN_WORKER = 2, ADA = 1, BEN = 2 };

struct pair_of {
    struct group group;
    struct actor *ada, *ben;
};

static void open_pair(struct pair_of *pair, unsigned ada_worker) {
    group_open(&pair->group);
    pair->ada = group_guest(&pair->group, ada_worker, ADA);
    pair->ben = group_guest(&pair->group, BEN_WORKER, BEN);
}

static void close_pair(struct pair_of *pair) {
    actor_free(pair->ada);
    actor_free(pair->ben);
    group_close(&pair->group);
}

static bool decide_nothing(struct followed *followed) {
    (void)followed;
    return false;
}

/* Holds back what a worker has to do in the cohort, as where it is busy with something else. */
static struct cohort_replica *hold(struct pair_of *pair, struct actor *actor) {
    static struct followed_kind held;
    struct cohort_replica *replica = group_place(&pair->group, actor)->cohort;
    held = cohort_kind;
    held.decide = decide_nothing;
    replica->followed.following->kind = &held;
    return replica;
}

static void let_go(struct cohort_replica *replica) {
    replica->followed.following->kind = &cohort_kind;
    followed_touch(&replica->followed);
}

static void await_match(struct pair_of *pair) {
    struct scene *scene = &pair->group.scene;
    memcpy(scene->room, actor_await(pair->ada, MESSAGE_MATCHED, 1)->room, sizeof scene->room);
    actor_await(pair->ben, MESSAGE_MATCHED, 1);
}

/* Both join, and the interviewer closes the room. */
static void meet(struct pair_of *pair) {
    actor_seat(pair->ben, NULL, 0);
    uint32_t n = actor_seat(pair->ada, NULL, 0)->n;
    actor_do(pair->ada, 1, body_plain(ACTION_ROOM_CLOSE));
    actor_await_n(pair->ada, n + 1);
}

static void await_no_match(struct pair_of *pair) {
    while (group_fold(&pair->group)->match_count > 0) {
        scene_turn(&pair->group.scene);
    }
}

static void check_met(struct pair_of *pair) {
    while (!group_agree(&pair->group) || group_fold(&pair->group)->match_count > 0) {
        group_retry(&pair->group);
        scene_turn(&pair->group.scene);
    }
    CU_ASSERT_EQUAL(group_fold(&pair->group)->waiting_count, 0);
    CU_ASSERT_EQUAL(group_fold(&pair->group)->members[ADA].why, LOBBY_WHY_MET);
    CU_ASSERT_EQUAL(group_fold(&pair->group)->members[BEN].why, LOBBY_WHY_MET);
}

static void test_end_told_by_another_worker(void) {
    struct pair_of pair;
    open_pair(&pair, ADA_WORKER);
    CU_ASSERT_EQUAL(group_pair(&pair.group, pair.ada, ROLE_INTERVIEWER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(group_pair(&pair.group, pair.ben, ROLE_CANDIDATE), REFUSAL_NONE);
    await_match(&pair);
    struct cohort_replica *slow = hold(&pair, pair.ben);
    meet(&pair);
    await_no_match(&pair);
    let_go(slow);
    check_met(&pair);
    close_pair(&pair);
}

static void test_end_waits_for_what_is_owed(void) {
    struct pair_of pair;
    open_pair(&pair, BEN_WORKER);
    CU_ASSERT_EQUAL(group_pair(&pair.group, pair.ada, ROLE_INTERVIEWER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(group_pair(&pair.group, pair.ben, ROLE_CANDIDATE), REFUSAL_NONE);
    await_match(&pair);
    struct cohort_replica *slow = hold(&pair, pair.ben);
    meet(&pair);
    /* That each has come is told when they join, and again with the end. */
    journal_memory_fail_next(pair.group.scene.knobs, 4);
    let_go(slow);
    check_met(&pair);
    close_pair(&pair);
}

static void await_jobs(struct pair_of *pair, struct cohort_replica *replica) {
    while (STAILQ_EMPTY(&replica->followed.jobs)) {
        scene_turn(&pair->group.scene);
    }
}

/* The match is made and whole before her worker looks at what Ada asked for last. */
static void meet_before(struct pair_of *pair, struct cohort_replica *slow) {
    CU_ASSERT_EQUAL(group_pair(&pair->group, pair->ben, ROLE_CANDIDATE), REFUSAL_NONE);
    await_match(pair);
    meet(pair);
    await_no_match(pair);
    let_go(slow);
    check_met(pair);
    /* What she asks for now is another partner. */
    uint32_t told = actor_count(pair->ada, MESSAGE_QUEUE);
    CU_ASSERT_EQUAL(group_pair(&pair->group, pair->ada, ROLE_INTERVIEWER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(pair->ada, MESSAGE_QUEUE, told + 1)->place, 1);
    close_pair(pair);
}

/* To know what fits somebody takes a look at every room that they were in, so it may last. */
static void test_changed_wants_that_come_late(void) {
    struct pair_of pair;
    open_pair(&pair, ADA_WORKER);
    CU_ASSERT_EQUAL(group_pair(&pair.group, pair.ada, ROLE_INTERVIEWER), REFUSAL_NONE);
    actor_await(pair.ada, MESSAGE_QUEUE, 1);
    struct cohort_replica *slow = hold(&pair, pair.ada);
    CU_ASSERT_EQUAL(group_pair(&pair.group, pair.ada, ROLE_NONE), REFUSAL_NONE);
    await_jobs(&pair, slow);
    meet_before(&pair, slow);
}

static void test_asking_twice_at_once(void) {
    struct pair_of pair;
    open_pair(&pair, ADA_WORKER);
    struct cohort_replica *slow = hold(&pair, pair.ada);
    CU_ASSERT_EQUAL(group_pair(&pair.group, pair.ada, ROLE_INTERVIEWER), REFUSAL_NONE);
    await_jobs(&pair, slow);
    let_go(slow);
    scene_turn_workers(&pair.group.scene);
    hold(&pair, pair.ada); /* the first is on its way */
    CU_ASSERT_EQUAL(group_pair(&pair.group, pair.ada, ROLE_INTERVIEWER), REFUSAL_NONE);
    pair.group.scene.now++;
    meet_before(&pair, slow);
}

/* Turns until the last word about the queue is this place. */
static void await_place(struct pair_of *pair, const struct actor *actor, uint32_t place) {
    const struct heard *last;
    while ((last = actor_last(actor, MESSAGE_QUEUE)) == NULL || last->place != place) {
        scene_turn(&pair->group.scene);
    }
}

static void test_unpair_by_another_connection(void) {
    struct pair_of pair;
    open_pair(&pair, ADA_WORKER);
    struct actor *again = group_guest(&pair.group, BEN_WORKER, ADA);
    for (uint32_t turn = 1; turn <= 2; turn++) {
        CU_ASSERT_EQUAL(group_pair(&pair.group, pair.ada, ROLE_NONE), REFUSAL_NONE);
        await_place(&pair, pair.ada, 1);
        CU_ASSERT_EQUAL(attendee_unpair(group_place(&pair.group, again), turn), REFUSAL_NONE);
        CU_ASSERT_EQUAL(actor_await(again, MESSAGE_QUEUE, turn)->seat, LOBBY_WHY_LEFT);
        await_place(&pair, pair.ada, 0);
    }
    CU_ASSERT_EQUAL(attendee_unpair(group_place(&pair.group, again), 3), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(again, MESSAGE_REFUSED, 1)->why, REFUSAL_NOT_WAITING);
    CU_ASSERT_EQUAL(actor_count(again, MESSAGE_QUEUE), 2);
    actor_free(again);
    close_pair(&pair);
}

static CU_TestInfo tests[] = {
    {"a room's end does not overtake who came", test_end_told_by_another_worker},
    {"a room's end waits for what is owed", test_end_waits_for_what_is_owed},
    {"changed wants that come late do not undo a match", test_changed_wants_that_come_late},
    {"asking twice at once does not either", test_asking_twice_at_once},
    {"leaving the queue by another connection", test_unpair_by_another_connection},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"cohort match", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
