/* SPDX-License-Identifier: ISC */
/*
 * Purpose: cohorts on a server with four workers, over a journal that fails and conflicts on
 * demand: everybody is paired once and only once, withdrawn links cut off everywhere, an idle lobby
 * asks for nothing, bounds hold, and nothing is left behind.
 */
#include "tests/support/test_main.h"

#include "server/cohort/parts.h"
#include "tests/support/group.h"

enum { CROWD = 24 };

/* ---- pairs ---- */

static void test_clock_set_back(void) {
    struct group group;
    group_open(&group);
    group.scene.now += HOUR;
    struct actor *ada = group_guest(&group, 1, 1);
    struct actor *ben = group_guest(&group, 2, 2);
    group.scene.now -= HOUR;
    CU_ASSERT_EQUAL(group_pair(&group, ada, ROLE_INTERVIEWER), REFUSAL_NONE);
    actor_await(ada, MESSAGE_QUEUE, 1);
    CU_ASSERT_EQUAL(group_pair(&group, ben, ROLE_CANDIDATE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(ben, MESSAGE_MATCHED, 1)->role, ROLE_CANDIDATE);
    actor_free(ada);
    actor_free(ben);
    group_close(&group);
}

static void test_both_get_one_room(void) {
    struct group group;
    group_open(&group);
    struct actor *ada = group_guest(&group, 1, 1);
    struct actor *ben = group_guest(&group, 2, 2);
    CU_ASSERT_EQUAL(group_pair(&group, ada, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(ada, MESSAGE_QUEUE, 1)->place, 1);
    CU_ASSERT_EQUAL(group_pair(&group, ben, ROLE_NONE), REFUSAL_NONE);
    const struct heard *one = actor_await(ada, MESSAGE_MATCHED, 1);
    const struct heard *other = actor_await(ben, MESSAGE_MATCHED, 1);
    CU_ASSERT_STRING_EQUAL(one->room, other->room);
    CU_ASSERT_EQUAL(one->role, ROLE_INTERVIEWER);
    CU_ASSERT_EQUAL(other->role, ROLE_CANDIDATE);
    memcpy(group.scene.room, one->room, sizeof group.scene.room);
    CU_ASSERT_EQUAL(actor_seat(ada, NULL, 0)->role, ROLE_INTERVIEWER);
    CU_ASSERT_EQUAL(actor_seat(ben, NULL, 0)->role, ROLE_CANDIDATE);
    CU_ASSERT_EQUAL(actor_await(group.coach, MESSAGE_LISTED, 1)->reset, false);
    while (group_fold(&group)->match_count > 0) { /* until both are known to have come */
        scene_turn(&group.scene);
    }
    CU_ASSERT_EQUAL(group_fold(&group)->room_count, 1);
    CU_ASSERT_EQUAL(actor_seat(group.coach, NULL, 0)->role, ROLE_COACH);
    actor_free(ada);
    actor_free(ben);
    group_close(&group);
}

static void test_who_does_not_appear(void) {
    struct group group;
    group_open(&group);
    struct actor *ada = group_guest(&group, 1, 1);
    struct actor *ben = group_guest(&group, 2, 2);
    CU_ASSERT_EQUAL(group_pair(&group, ada, ROLE_INTERVIEWER), REFUSAL_NONE);
    CU_ASSERT_EQUAL(group_pair(&group, ben, ROLE_CANDIDATE), REFUSAL_NONE);
    memcpy(group.scene.room, actor_await(ada, MESSAGE_MATCHED, 1)->room, sizeof group.scene.room);
    actor_await(ben, MESSAGE_MATCHED, 1);
    actor_seat(ada, NULL, 0);
    while (group_fold(&group)->match_count == 0 || !group_fold(&group)->matches[0].came[0]) {
        scene_turn(&group.scene);
    }
    scene_pass(&group.scene, LOBBY_APPEAR_MS - 1);
    CU_ASSERT_EQUAL(group_fold(&group)->match_count, 1);
    uint32_t told = actor_count(ada, MESSAGE_QUEUE);
    scene_pass(&group.scene, 1);
    const struct heard *freed = actor_await(ada, MESSAGE_QUEUE, told + 1);
    CU_ASSERT_EQUAL(freed->place, 1);
    CU_ASSERT_EQUAL(freed->seat, LOBBY_WHY_PARTNER);
    while (actor_last(ben, MESSAGE_QUEUE) == NULL || actor_last(ben, MESSAGE_QUEUE)->place != 0) {
        scene_turn(&group.scene);
    }
    CU_ASSERT_EQUAL(actor_last(ben, MESSAGE_QUEUE)->seat, LOBBY_WHY_MISSED);
    actor_free(ada);
    actor_free(ben);
    group_close(&group);
}

static void test_idle_lobby_asks_for_nothing(void) {
    struct group group;
    group_open(&group);
    struct actor *ada = group_guest(&group, 1, 1);
    struct actor *ben = group_guest(&group, 2, 2);
    while (!group_agree(&group)) {
        scene_turn(&group.scene);
    }
    CU_ASSERT_EQUAL(group.scene.wakes_wanted, 0);
    CU_ASSERT_EQUAL(group_pair(&group, ada, ROLE_CANDIDATE), REFUSAL_NONE);
    actor_await(ada, MESSAGE_QUEUE, 1);
    while (!group_agree(&group)) {
        scene_turn(&group.scene);
    }
    for (unsigned i = 0; i < 3; i++) { /* one moment only: when she has waited long enough */
        CU_ASSERT_EQUAL(group.scene.workers[i].desk.wake, 1000 + HOUR);
    }
    scene_pass(&group.scene, HOUR);
    const struct heard *expired = actor_await(ada, MESSAGE_QUEUE, 2);
    CU_ASSERT_EQUAL(expired->place, 0);
    CU_ASSERT_EQUAL(expired->seat, LOBBY_WHY_EXPIRED);
    while (!group_agree(&group)) {
        scene_turn(&group.scene);
    }
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        CU_ASSERT_EQUAL(group.scene.workers[i].desk.wake, -1);
    }
    actor_free(ada);
    actor_free(ben);
    group_close(&group);
}

/* Up to COHORT_TELL_EAGER who wait are told of each that comes; one more, and changes are
 * gathered. */
static void test_long_queue_is_told_in_turns(void) {
    enum { ALL = COHORT_TELL_EAGER + 1 };
    struct group group;
    struct actor *queue[ALL];
    group_open(&group);
    for (unsigned i = 0; i < ALL; i++) {
        queue[i] = group_guest(&group, i % SCENE_WORKERS, (uint8_t)(i + 1));
        CU_ASSERT_EQUAL(group_pair(&group, queue[i], ROLE_CANDIDATE), REFUSAL_NONE);
        CU_ASSERT_EQUAL(actor_await(queue[i], MESSAGE_QUEUE, 1)->place, i + 1);
        if (i + 1 < ALL) {
            actor_await(queue[0], MESSAGE_QUEUE, i + 1);
        }
    }
    while (!group_agree(&group)) {
        scene_turn(&group.scene);
    }
    CU_ASSERT_EQUAL(actor_count(queue[0], MESSAGE_QUEUE), ALL - 1);
    CU_ASSERT_EQUAL(actor_last(queue[0], MESSAGE_QUEUE)->session, ALL - 1);
    scene_pass(&group.scene, COHORT_TELL_MS);
    CU_ASSERT_EQUAL(actor_count(queue[0], MESSAGE_QUEUE), ALL);
    CU_ASSERT_EQUAL(actor_last(queue[0], MESSAGE_QUEUE)->session, ALL);
    for (unsigned i = 0; i < ALL; i++) {
        actor_free(queue[i]);
    }
    group_close(&group);
}

/* ---- faults ---- */

/* A small generator, so that a failing run can be had again. */
static uint32_t draw(uint32_t *seed, uint32_t below) {
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

static void fault(struct group *group, uint32_t *seed) {
    switch (draw(seed, 8)) {
    case 0: journal_memory_fail_next(group->scene.knobs, 1); break;
    case 1: journal_memory_conflict_next(group->scene.knobs, 2); break;
    case 2: journal_memory_fail_commits(group->scene.knobs, 1); break;
    default: break;
    }
}

/* Asks again whatever was refused or lost: as a client does. */
static void insist(struct group *group, struct actor *actor) {
    struct attendee *place = group_place(group, actor);
    if (place == NULL) {
        group_enter(group, actor, group->students);
    } else if (place->state == ATTENDEE_IN && place->jobs == 0 && place->asking == NULL) {
        const struct cohort_member *member = &place->cohort->cohort.members[place->member];
        if (place->session != member->session || member->state == LOBBY_IDLE) {
            CU_ASSERT_EQUAL(group_pair(group, actor, ROLE_NONE), REFUSAL_NONE);
        }
    }
}

static bool all_matched(struct actor *const crowd[CROWD]) {
    for (unsigned i = 0; i < CROWD; i++) {
        if (actor_last(crowd[i], MESSAGE_MATCHED) == NULL) {
            return false;
        }
    }
    return true;
}

static void check_crowd(struct actor *const crowd[CROWD]) {
    for (unsigned i = 0; i < CROWD; i++) {
        unsigned mine = 0;
        unsigned roles = 0;
        const char *room = actor_last(crowd[i], MESSAGE_MATCHED)->room;
        for (uint32_t j = 0; j < crowd[i]->count; j++) { /* never told of two rooms */
            CU_ASSERT(crowd[i]->heard[j].kind != MESSAGE_MATCHED ||
                      strcmp(crowd[i]->heard[j].room, room) == 0);
        }
        for (unsigned j = 0; j < CROWD; j++) {
            const struct heard *theirs = actor_last(crowd[j], MESSAGE_MATCHED);
            if (strcmp(theirs->room, room) == 0) {
                mine++;
                roles |= 1U << theirs->role;
            }
        }
        CU_ASSERT_EQUAL(mine, 2);
        CU_ASSERT_EQUAL(roles, 1U << ROLE_INTERVIEWER | 1U << ROLE_CANDIDATE);
    }
}

/* *retries rises by how often storage failed on the server's own account. Returns the run's
 * trace. */
static uint64_t run_crowd(uint32_t seed, unsigned *retries) {
    struct group group;
    struct actor *crowd[CROWD];
    group_open(&group);
    for (unsigned i = 0; i < CROWD; i++) {
        crowd[i] = actor_new(&group.scene, i % SCENE_WORKERS, (uint8_t)(i + 1));
        group_enter(&group, crowd[i], group.students);
    }
    for (unsigned turn = 0; !all_matched(crowd); turn++) {
        fault(&group, &seed);
        unsigned index = draw(&seed, CROWD);
        if (turn < 200 && draw(&seed, 6) == 0 &&
            actor_last(crowd[index], MESSAGE_MATCHED) == NULL) {
            actor_free(crowd[index]); /* the line is cut; it comes back on any worker */
            crowd[index] =
                actor_new(&group.scene, draw(&seed, SCENE_WORKERS), (uint8_t)(index + 1));
        }
        for (unsigned i = 0; i < CROWD; i++) {
            if (actor_last(crowd[i], MESSAGE_MATCHED) == NULL) {
                insist(&group, crowd[i]);
            }
        }
        group_retry(&group);
        scene_pass(&group.scene, 5);
        if (draw(&seed, 4) > 0) {
            scene_turn(&group.scene);
        } else {
            scene_turn_workers(&group.scene); /* the journal is slow to answer */
        }
    }
    check_crowd(crowd);
    while (!group_agree(&group)) {
        group_retry(&group);
        scene_turn(&group.scene);
    }
    CU_ASSERT_EQUAL(group_fold(&group)->waiting_count, 0);
    CU_ASSERT_EQUAL(group_fold(&group)->room_count, CROWD / 2);
    for (unsigned i = 0; i < CROWD; i++) {
        actor_free(crowd[i]);
    }
    journal_memory_fail_next(group.scene.knobs, 0);
    journal_memory_fail_commits(group.scene.knobs, 0);
    for (unsigned i = 0; i < 200; i++) {
        group_retry(&group);
        scene_turn(&group.scene);
    }
    *retries += group.scene.retries_wanted;
    CU_ASSERT_TRUE(stats_sum(group.scene.stats, STATS_conflicts) > 0);
    CU_ASSERT_TRUE(stats_sum(group.scene.stats, STATS_pairs) == CROWD / 2);
    uint64_t trace = group.scene.trace;
    group_close(&group);
    return trace;
}

static void test_crowd_over_failing_storage(void) {
    unsigned retries = 0;
    for (uint32_t seed = 1; seed <= 12; seed++) {
        run_crowd(seed, &retries);
    }
    CU_ASSERT_TRUE(retries > 0);
}

/* A run that fails can be had again: nothing in it is left to chance. */
static void test_crowd_runs_the_same_again(void) {
    unsigned retries = 0;
    uint64_t first = run_crowd(1, &retries);
    CU_ASSERT_EQUAL(run_crowd(1, &retries), first);
    CU_ASSERT_NOT_EQUAL(run_crowd(2, &retries), first);
}

static void test_storage_failure_is_told(void) {
    struct group group;
    group_open(&group);
    struct actor *ada = group_guest(&group, 1, 1);
    journal_memory_fail_next(group.scene.knobs, 1);
    CU_ASSERT_EQUAL(group_pair(&group, ada, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(ada, MESSAGE_REFUSED, 1)->why, REFUSAL_STORAGE);
    CU_ASSERT_EQUAL(actor_last(ada, MESSAGE_REFUSED)->id, 9);
    CU_ASSERT_EQUAL(group_pair(&group, ada, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(ada, MESSAGE_QUEUE, 1)->place, 1);
    /* That she has gone is owed until it can be stored. */
    journal_memory_fail_next(group.scene.knobs, 1);
    actor_free(ada);
    while (group.scene.retries_wanted == 0) {
        scene_turn(&group.scene);
    }
    CU_ASSERT_TRUE(group_fold(&group)->members[1].here);
    group_retry(&group);
    while (group_fold(&group)->members[1].here) {
        scene_turn(&group.scene);
    }
    group_close(&group);
}

/* ---- links ---- */

static void test_withdrawn_on_every_worker(void) {
    struct group group;
    group_open(&group);
    struct attendee *coach = group_place(&group, group.coach);
    const struct message link = {.link = {.id = 5, .role = COHORT_STUDENT}};
    CU_ASSERT_EQUAL(attendee_link(coach, &link), REFUSAL_NONE);
    const struct heard *linked = actor_await(group.coach, MESSAGE_LINKED, 1);
    CU_ASSERT_EQUAL(linked->n, 2);
    struct actor *out[SCENE_WORKERS];
    struct actor *in[SCENE_WORKERS];
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        out[i] = actor_new(&group.scene, i, (uint8_t)(10 + i));
        group_enter(&group, out[i], linked->secrets[0]);
        actor_await(out[i], MESSAGE_ENTERED, 1);
        in[i] = group_guest(&group, i, (uint8_t)(20 + i));
    }
    CU_ASSERT_EQUAL(attendee_withdraw(coach, 2, 6), REFUSAL_NONE);
    for (unsigned i = 0; i < SCENE_WORKERS; i++) {
        const struct heard *refused = actor_await(out[i], MESSAGE_REFUSED, 1);
        CU_ASSERT_EQUAL(refused->why, REFUSAL_WITHDRAWN);
        CU_ASSERT_EQUAL(refused->id, 0);
        CU_ASSERT_PTR_NULL(group_place(&group, out[i]));
        group_enter(&group, out[i], "");
        CU_ASSERT_EQUAL(actor_await(out[i], MESSAGE_REFUSED, 2)->why, REFUSAL_WITHDRAWN);
        CU_ASSERT_EQUAL(actor_count(in[i], MESSAGE_REFUSED), 0);
        CU_ASSERT_PTR_NOT_NULL(group_place(&group, in[i]));
        actor_free(out[i]);
        actor_free(in[i]);
    }
    CU_ASSERT_EQUAL(attendee_withdraw(coach, 3, 6), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(group.coach, MESSAGE_REFUSED, 1)->why, REFUSAL_NO_SUCH_LINK);
    group_close(&group);
}

static void test_strangers_learn_nothing(void) {
    struct group group;
    group_open(&group);
    struct actor *stranger = actor_new(&group.scene, 1, 66);
    static const char wrong[] = "AAAAAAAAAAAAAAAAAAAAAA";
    group_enter(&group, stranger, wrong);
    CU_ASSERT_EQUAL(actor_await(stranger, MESSAGE_REFUSED, 1)->why, REFUSAL_NO_SUCH_COHORT);
    group_enter(&group, stranger, "");
    CU_ASSERT_EQUAL(actor_await(stranger, MESSAGE_REFUSED, 2)->why, REFUSAL_NO_SUCH_COHORT);
    CU_ASSERT_EQUAL(group_pair(&group, stranger, ROLE_NONE), REFUSAL_NO_SUCH_COHORT);
    /* The cohort's id as a room's, while it is loaded on the same worker and while it is not. */
    struct actor *ada = group_guest(&group, 1, 1);
    memcpy(group.scene.room, group.id, sizeof group.id);
    actor_join(stranger, NULL, 0);
    CU_ASSERT_EQUAL(actor_await(stranger, MESSAGE_REFUSED, 3)->why, REFUSAL_NO_SUCH_ROOM);
    struct actor *other = actor_new(&group.scene, 3, 67);
    actor_join(other, group.students, 0);
    CU_ASSERT_EQUAL(actor_await(other, MESSAGE_REFUSED, 1)->why, REFUSAL_NO_SUCH_ROOM);
    /* And whoever is in hears of the cohort as before. */
    CU_ASSERT_EQUAL(group_pair(&group, ada, ROLE_NONE), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(ada, MESSAGE_QUEUE, 1)->place, 1);
    char cohort[ROOM_ID_BYTES + 1];
    memcpy(cohort, group.id, sizeof cohort);
    scene_host(&group.scene);
    memcpy(group.id, group.scene.room, sizeof group.id); /* a room's id as a cohort's */
    group_enter(&group, stranger, group.scene.secrets[0]);
    CU_ASSERT_EQUAL(actor_await(stranger, MESSAGE_REFUSED, 4)->why, REFUSAL_NO_SUCH_COHORT);
    memcpy(group.id, cohort, sizeof cohort);
    actor_free(ada);
    actor_free(other);
    actor_free(stranger);
    group_close(&group);
}

/* The answer to an append comes to a cohort that has broken meanwhile: who is entering is told so,
 * who is in is cut off, and whoever comes later finds it whole. */
static void test_broken_while_somebody_enters(void) {
    struct group group;
    group_open(&group);
    struct actor *ada = group_guest(&group, 1, 1);
    struct actor *ben = actor_new(&group.scene, 1, 2);
    struct actor *cy = actor_new(&group.scene, 1, 3);
    journal_memory_hold(group.scene.knobs);
    group_enter(&group, ben, group.students);
    scene_turn(&group.scene);
    struct cohort_replica *replica = group_place(&group, ada)->cohort;
    CU_ASSERT_TRUE_FATAL(replica->followed.in_flight);
    group_enter(&group, cy, group.students);
    followed_break(&replica->followed, REFUSAL_STORAGE, NULL);
    CU_ASSERT_EQUAL(ada->cut, REFUSAL_STORAGE);
    journal_memory_release(group.scene.knobs);
    CU_ASSERT_EQUAL(actor_await(ben, MESSAGE_REFUSED, 1)->why, REFUSAL_STORAGE);
    CU_ASSERT_EQUAL(actor_await(cy, MESSAGE_REFUSED, 1)->why, REFUSAL_STORAGE);
    CU_ASSERT_EQUAL(actor_count(ben, MESSAGE_ENTERED), 0);
    group_enter(&group, cy, group.students); /* in the turn in which the broken one goes */
    CU_ASSERT_EQUAL(actor_await(cy, MESSAGE_ENTERED, 1)->role, ROLE_CANDIDATE);
    actor_free(ada);
    actor_free(ben);
    actor_free(cy);
    group_close(&group);
}

/* ---- bounds ---- */

static void test_bounds_of_a_connection(void) {
    struct group group;
    group_open(&group);
    struct actor *ada = group_guest(&group, 1, 1);
    struct attendee *place = group_place(&group, ada);
    journal_memory_hold(group.scene.knobs);
    CU_ASSERT_EQUAL(group_pair(&group, ada, ROLE_NONE), REFUSAL_NONE); /* asks for its past first */
    while (place->jobs == 0) {
        scene_turn(&group.scene);
    }
    for (unsigned i = 1; i < COHORT_PENDING_MAX; i++) {
        CU_ASSERT_EQUAL(attendee_unpair(place, 100 + i), REFUSAL_NONE);
    }
    CU_ASSERT_EQUAL(attendee_unpair(place, 99), REFUSAL_TOO_FAST);
    CU_ASSERT_EQUAL(group_pair(&group, ada, ROLE_NONE), REFUSAL_TOO_FAST);
    CU_ASSERT_EQUAL(group_offer(&group, ada), REFUSAL_TOO_FAST);
    journal_memory_release(group.scene.knobs);
    actor_await(ada, MESSAGE_REFUSED, COHORT_PENDING_MAX - 2); /* not waiting, but for the first */
    /* As many cohorts as a connection may be in; these do not exist, but take their place until
     * that is known. */
    struct actor *ben = actor_new(&group.scene, 2, 2);
    struct enter_request request = {.secret = span_of(group.students), .id = 1};
    char id[ROOM_ID_BYTES + 1] = "nosuchcohort";
    for (unsigned i = 0; i < CONN_COHORTS_MAX; i++) {
        id[0] = (char)('a' + i);
        request.cohort = span_of(id);
        CU_ASSERT_EQUAL(cohort_enter(&ben->rooms->cohorts, &ben->peer, &request), REFUSAL_NONE);
    }
    id[0] = 'z';
    request.cohort = span_of(id);
    CU_ASSERT_EQUAL(cohort_enter(&ben->rooms->cohorts, &ben->peer, &request), REFUSAL_TOO_MANY);
    actor_await(ben, MESSAGE_REFUSED, CONN_COHORTS_MAX);
    CU_ASSERT_EQUAL(cohort_enter(&ben->rooms->cohorts, &ben->peer, &request), REFUSAL_NONE);
    CU_ASSERT_EQUAL(actor_await(ben, MESSAGE_REFUSED, CONN_COHORTS_MAX + 1)->why,
                    REFUSAL_NO_SUCH_COHORT);
    actor_free(ada);
    actor_free(ben);
    group_close(&group);
}

static void test_gone_while_entering(void) {
    struct group group;
    group_open(&group);
    journal_memory_hold(group.scene.knobs);
    struct actor *ada = actor_new(&group.scene, 1, 1);
    group_enter(&group, ada, group.students);
    struct actor *ben = actor_new(&group.scene, 2, 2);
    group_enter(&group, ben, group.students);
    while (!group_place(&group, ada)->cohort->followed.in_flight) {
        scene_turn(&group.scene);
    }
    actor_free(ada);
    journal_memory_release(group.scene.knobs);
    CU_ASSERT_EQUAL(actor_await(ben, MESSAGE_ENTERED, 1)->role, ROLE_CANDIDATE);
    actor_free(ben);
    group_close(&group);
}

static CU_TestInfo tests[] = {
    {"two who wait get one room", test_both_get_one_room},
    {"who does not appear frees the other", test_who_does_not_appear},
    {"an idle lobby asks for no wake-up", test_idle_lobby_asks_for_nothing},
    {"a long queue is told of changes in turns", test_long_queue_is_told_in_turns},
    {"a crowd over failing storage: one match each", test_crowd_over_failing_storage},
    {"the same crowd again runs the same", test_crowd_runs_the_same_again},
    {"what cannot be stored is told, or owed", test_storage_failure_is_told},
    {"a clock that was set back pairs all the same", test_clock_set_back},
    {"a withdrawn link cuts off on every worker", test_withdrawn_on_every_worker},
    {"strangers learn nothing", test_strangers_learn_nothing},
    {"one that breaks while somebody enters", test_broken_while_somebody_enters},
    {"bounds of a connection", test_bounds_of_a_connection},
    {"who goes while entering leaves nothing", test_gone_while_entering},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"cohort replica", NULL, NULL, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
