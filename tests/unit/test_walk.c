/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a long log is read a slice a loop turn, on a desk and by what members ask of their
 * cohort; others have turns between, and who stops or goes leaves nothing behind.
 */
#include "tests/support/test_main.h"

#include "server/follow/walk.h"
#include "server/journal/batch.h"
#include "server/request/request.h"
#include "tests/support/group.h"

/* ---- on a desk ---- */

enum { STEPS_MAX = 8 };

/* A desk of which nothing but turns is wanted. */
struct bench {
    struct desk desk;
    unsigned wanted;
};

/* What reads, and where each of its slices ended. */
struct reading {
    struct walk walk;
    uint32_t ends[STEPS_MAX], count, stop_at;
    unsigned done;
    bool whole;
};

static void turn_wanted(void *ctx) {
    ((struct bench *)ctx)->wanted++;
}

static void bench_open(struct bench *bench) {
    struct desk_means means = {.turn_wanted = turn_wanted, .ctx = bench};
    bench->wanted = 0;
    CU_ASSERT_TRUE_FATAL(desk_init(&bench->desk, &means));
}

static struct journal_batch *batch_of(uint32_t count, uint32_t len) {
    static const uint8_t bytes[WALK_BYTES];
    struct journal_batch *batch = journal_batch_new("aaaaaaaaaaaa");
    for (uint32_t i = 1; i <= count; i++) {
        CU_ASSERT_TRUE_FATAL(journal_batch_copy(batch, i, bytes, len));
    }
    return batch;
}

static bool take(struct walk *walk, uint32_t to) {
    struct reading *reading = walk->owner;
    CU_ASSERT_TRUE_FATAL(reading->count < STEPS_MAX && to >= walk->next);
    reading->ends[reading->count++] = to;
    return reading->stop_at == 0 || to < reading->stop_at;
}

static void done(struct walk *walk, bool whole) {
    struct reading *reading = walk->owner;
    reading->done++;
    reading->whole = whole;
}

static void begin(struct bench *bench, struct reading *reading, uint32_t count, uint32_t len) {
    struct journal_batch *batch = batch_of(count, len);
    reading->walk = (struct walk){.take = take, .done = done, .owner = reading};
    walk_begin(&reading->walk, &bench->desk, batch);
    journal_batch_unref(batch);
}

static void test_slices(void) {
    struct bench bench;
    struct reading reading = {.count = 0};
    bench_open(&bench);
    begin(&bench, &reading, WALK_EVENTS, 1); /* at the bound: at once */
    CU_ASSERT_EQUAL(reading.done, 1);
    CU_ASSERT_EQUAL(bench.wanted, 0);
    reading = (struct reading){.count = 0};
    begin(&bench, &reading, WALK_EVENTS + 1, 1);
    CU_ASSERT_EQUAL(reading.ends[0], WALK_EVENTS);
    CU_ASSERT_EQUAL(reading.done, 0);
    CU_ASSERT_EQUAL(bench.wanted, 1);
    desk_turn(&bench.desk);
    CU_ASSERT_EQUAL(reading.ends[1], WALK_EVENTS + 1);
    CU_ASSERT_TRUE(reading.done == 1 && reading.whole);
    CU_ASSERT_EQUAL(bench.wanted, 1);
    reading = (struct reading){.count = 0};
    begin(&bench, &reading, 5, WALK_BYTES / 2);
    CU_ASSERT_EQUAL(reading.ends[0], 2);
    walk_end(&reading.walk);
    reading = (struct reading){.count = 0};
    begin(&bench, &reading, 2, WALK_BYTES); /* one that fills a slice is one */
    desk_turn(&bench.desk);
    CU_ASSERT_TRUE(reading.done == 1 && reading.count == 2);
    reading = (struct reading){.count = 0};
    begin(&bench, &reading, 0, 0);
    CU_ASSERT_TRUE(reading.done == 1 && reading.whole && reading.ends[0] == 0);
    desk_free(&bench.desk);
}

static void test_by_turns(void) {
    struct bench bench;
    struct reading one = {.count = 0};
    struct reading other = {.stop_at = 2 * WALK_EVENTS};
    bench_open(&bench);
    begin(&bench, &one, 3 * WALK_EVENTS, 1);
    begin(&bench, &other, 4 * WALK_EVENTS, 1);
    desk_turn(&bench.desk);
    CU_ASSERT_TRUE(one.count == 2 && other.count == 1);
    desk_turn(&bench.desk);
    CU_ASSERT_TRUE(one.count == 2 && other.count == 2);
    CU_ASSERT_TRUE(other.done == 1 && !other.whole); /* it wanted no more */
    walk_end(&other.walk);
    walk_end(&one.walk);
    desk_turn(&bench.desk);
    CU_ASSERT_TRUE(one.count == 2 && one.done == 0 && other.done == 1);
    desk_free(&bench.desk);
}

/* ---- by what members ask ---- */

enum { ADA = 1, BEN, PHONE = 12, SLICES = 3 };

/* A cohort with a log of several slices, of which Ada's are few: she has moved to another key. */
struct cast {
    struct group group;
    struct actor *ben, *phone;
};

static void await_state(struct cast *cast, const struct cohort *cohort, enum lobby_state state) {
    uint16_t member = group_place(&cast->group, cast->ben)->member;
    while (cohort->members[member].state != state) {
        scene_turn(&cast->group.scene);
    }
    cast->ben->count = 0; /* it would hear too much */
}

static void wait_often(struct cast *cast) {
    const struct cohort *cohort =
        &cohort_replica_find(&cast->ben->rooms->cohorts, cast->group.id)->cohort;
    while (cohort->pos <= (SLICES - 1) * WALK_EVENTS) {
        CU_ASSERT_EQUAL(group_pair(&cast->group, cast->ben, ROLE_CANDIDATE), REFUSAL_NONE);
        await_state(cast, cohort, LOBBY_WAITING);
        CU_ASSERT_EQUAL(attendee_unpair(group_place(&cast->group, cast->ben), 3), REFUSAL_NONE);
        await_state(cast, cohort, LOBBY_IDLE);
    }
}

static void cast_open(struct cast *cast) {
    struct group *group = &cast->group;
    group_open(group);
    struct actor *ada = group_guest(group, 1, ADA);
    cast->ben = group_guest(group, 2, BEN);
    scene_host_by(ada, group->id);
    actor_seat(ada, group->scene.secrets[0], 0);
    wait_often(cast);
    cast->phone = group_move(group, ada, 2, PHONE);
    actor_free(ada);
}

static void cast_close(struct cast *cast) {
    actor_free(cast->ben);
    group_close(&cast->group);
}

static bool is_read(const struct actor *actor) {
    return !TAILQ_EMPTY(&actor->rooms->desk.slices);
}

/* The turns in which its log is read, up to an answer of `count`. */
static unsigned slices_to(struct actor *actor, uint32_t count) {
    unsigned slices = 0;
    while (actor_count(actor, MESSAGE_END) == 0) {
        slices += is_read(actor);
        scene_turn(actor->scene);
    }
    CU_ASSERT_EQUAL(actor_await(actor, MESSAGE_END, 1)->n, count);
    return slices;
}

static void ask_mine(struct cast *cast) {
    CU_ASSERT_EQUAL(
        request_mine(&cast->phone->rooms->requests, &cast->phone->peer, span_of(cast->group.id), 4),
        REFUSAL_NONE);
}

static void ask_sessions(struct cast *cast) {
    struct message asked = {.kind = MESSAGE_SESSIONS, .sessions = {.id = 5}};
    CU_ASSERT_EQUAL(request_sessions(&cast->phone->rooms->requests, &cast->phone->peer, &asked),
                    REFUSAL_NONE);
}

static void test_mine(void) {
    struct cast cast;
    cast_open(&cast);
    ask_mine(&cast);
    /* She entered, opened a room, made a link to move by, and moved. */
    CU_ASSERT_EQUAL(slices_to(cast.phone, 5), SLICES - 1); /* behind the first */
    CU_ASSERT_EQUAL(cast.phone->rooms->requests.logs_held, 0);
    actor_free(cast.phone);
    cast_close(&cast);
}

static void test_sessions(void) {
    struct cast cast;
    cast_open(&cast);
    ask_sessions(&cast);
    CU_ASSERT_EQUAL(slices_to(cast.phone, 1), SLICES - 1);
    CU_ASSERT_STRING_EQUAL(actor_last(cast.phone, MESSAGE_SESSION)->room, cast.group.scene.room);
    actor_free(cast.phone);
    cast_close(&cast);
}

/* In the middle of both, one after the other. */
static void test_gone(void) {
    struct cast cast;
    cast_open(&cast);
    for (int i = 0; i < 2; i++) {
        if (i == 0) {
            ask_mine(&cast);
        } else {
            cast.phone = actor_new(&cast.group.scene, 2, PHONE);
            ask_sessions(&cast);
        }
        while (!is_read(cast.phone)) {
            scene_turn(&cast.group.scene);
        }
        const struct rooms *rooms = cast.phone->rooms;
        actor_free(cast.phone);
        while (!LIST_EMPTY(&rooms->requests.all)) {
            scene_turn(&cast.group.scene);
        }
        CU_ASSERT_TRUE(TAILQ_EMPTY(&rooms->desk.slices));
        CU_ASSERT_EQUAL(rooms->requests.logs_held, 0);
    }
    cast_close(&cast);
}

/* The server ends meanwhile. */
static void test_end(void) {
    struct cast cast;
    cast_open(&cast);
    ask_mine(&cast);
    while (!is_read(cast.phone)) {
        scene_turn(&cast.group.scene);
    }
    struct rooms *rooms = cast.phone->rooms;
    requests_free(&rooms->requests);
    CU_ASSERT_TRUE(TAILQ_EMPTY(&rooms->desk.slices));
    CU_ASSERT_EQUAL(cast.phone->peer.request_count, 0);
    actor_free(cast.phone);
    cast_close(&cast);
}

/* Who is cut off from the cohort meanwhile is given nothing. */
static void test_withdrawn(void) {
    struct cast cast;
    cast_open(&cast);
    ask_mine(&cast);
    while (!is_read(cast.phone)) {
        scene_turn(&cast.group.scene);
    }
    attendee_leave(group_place(&cast.group, cast.phone));
    while (!LIST_EMPTY(&cast.phone->rooms->requests.all)) {
        scene_turn(&cast.group.scene);
    }
    CU_ASSERT_EQUAL(actor_last(cast.phone, MESSAGE_REFUSED)->why, REFUSAL_NO_SUCH_COHORT);
    CU_ASSERT_EQUAL(actor_count(cast.phone, MESSAGE_OWN), 0);
    actor_free(cast.phone);
    cast_close(&cast);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"slices by events and bytes, at the bound and one past it", test_slices},
        {"two that are read take turns", test_by_turns},
        {"what is a member's", test_mine},
        {"the rooms of a member who has moved", test_sessions},
        {"who asks goes meanwhile", test_gone},
        {"the server ends meanwhile", test_end},
        {"who asks is out meanwhile", test_withdrawn},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"walk", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
