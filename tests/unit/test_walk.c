/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a long log is read a slice a loop turn: on a desk, by what members ask of their cohort,
 * and when it loads; others have turns between, what is written meanwhile is not lost, and who
 * stops or goes leaves nothing behind.
 */
#include "tests/support/test_main.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "server/follow/walk.h"
#include "server/journal/batch.h"
#include "server/request/request.h"
#include "tests/support/group.h"
#include "tests/support/sample.h"

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

static void done(struct walk *walk, struct journal_batch *batch, bool whole) {
    CU_ASSERT_TRUE(journal_batch_count(batch) >= walk->next);
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
    CU_ASSERT_EQUAL(actor_slices_to(cast.phone, 5), SLICES - 1); /* behind the first */
    CU_ASSERT_EQUAL(cast.phone->rooms->requests.logs_held, 0);
    actor_free(cast.phone);
    cast_close(&cast);
}

static void test_sessions(void) {
    struct cast cast;
    cast_open(&cast);
    ask_sessions(&cast);
    CU_ASSERT_EQUAL(actor_slices_to(cast.phone, 1), SLICES - 1);
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
        while (!actor_is_read(cast.phone)) {
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
    while (!actor_is_read(cast.phone)) {
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
    while (!actor_is_read(cast.phone)) {
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

/* ---- what loads ---- */

enum { LOAD_EVENTS = 50 };

/* Its log is to come, and will be folded in many slices. */
static struct cohort_replica *load(struct cast *cast, unsigned worker) {
    struct cohort_replica *replica =
        cohort_replica_get(&cast->group.scene.workers[worker].cohorts, cast->group.id);
    CU_ASSERT_EQUAL(replica->followed.state, FOLLOWED_LOADING);
    CU_ASSERT_EQUAL(replica->followed.folding.events, FOLLOWED_LOAD_EVENTS);
    replica->followed.folding.events = LOAD_EVENTS;
    return replica;
}

static void await_folding(struct cast *cast, const struct cohort_replica *replica) {
    while (!followed_is_folding(&replica->followed)) {
        scene_turn(&cast->group.scene);
    }
}

static void await_agreed(struct cast *cast) {
    while (!group_agree(&cast->group)) {
        scene_turn(&cast->group.scene);
    }
}

/* What others write meanwhile is folded behind it. */
static void test_load(void) {
    struct cast cast;
    cast_open(&cast);
    await_agreed(&cast);
    struct cohort_replica *replica = load(&cast, 3);
    struct actor *late = actor_new(&cast.group.scene, 3, 14);
    group_enter(&cast.group, late, cast.group.students);
    await_folding(&cast, replica);
    uint32_t before = replica->cohort.pos;
    CU_ASSERT_TRUE(before < SLICES * LOAD_EVENTS);
    CU_ASSERT_EQUAL(group_pair(&cast.group, cast.ben, ROLE_CANDIDATE), REFUSAL_NONE);
    while (STAILQ_EMPTY(&replica->followed.news)) {
        scene_turn(&cast.group.scene);
        CU_ASSERT_TRUE_FATAL(followed_is_folding(&replica->followed));
    }
    CU_ASSERT_EQUAL(actor_count(late, MESSAGE_ENTERED), 0);
    CU_ASSERT_TRUE(replica->cohort.pos > before);
    actor_await(late, MESSAGE_ENTERED, 1);
    CU_ASSERT_EQUAL(replica->cohort.waiting_count, 1);
    await_agreed(&cast);
    actor_free(late);
    actor_free(cast.phone);
    cast_close(&cast);
}

/* Who comes into a room meanwhile has all of it, in order. */
static void test_load_room(void) {
    struct scene scene;
    scene_open(&scene);
    scene_host(&scene);
    struct actor *ada = actor_new(&scene, 0, ADA);
    actor_seat(ada, scene.secrets[0], 0);
    for (uint32_t id = 1; id <= 40; id++) {
        actor_do(ada, id, body_text(ACTION_TALK_SAY, "Go on."));
    }
    while (scene_replica(&scene, 0)->room.line_count < 40) {
        scene_turn(&scene);
    }
    struct followed *followed = following_get(&scene.workers[3].rooms, scene.room);
    followed->folding.events = 4;
    struct actor *ben = actor_new(&scene, 3, BEN);
    actor_join(ben, scene.secrets[1], 0);
    while (!followed_is_folding(followed)) {
        scene_turn(&scene);
    }
    actor_do(ada, 41, body_text(ACTION_TALK_SAY, "Go on."));
    while (STAILQ_EMPTY(&followed->news)) {
        scene_turn(&scene);
        CU_ASSERT_TRUE_FATAL(followed_is_folding(followed));
    }
    CU_ASSERT_EQUAL(actor_count(ben, MESSAGE_JOINED), 0);
    actor_await_n(ben, actor_await(ben, MESSAGE_JOINED, 1)->n);
    CU_ASSERT_TRUE(actor_is_dense(ben, 1));
    CU_ASSERT_EQUAL(scene_replica(&scene, 3)->room.line_count, 41);
    actor_free(ada);
    actor_free(ben);
    scene_close(&scene);
}

/* Who is in it, or part of it, is forgotten in the middle. */
static void test_load_changed(void) {
    struct cast cast;
    cast_open(&cast);
    struct cohort_replica *replica = load(&cast, 3);
    struct actor *late = actor_new(&cast.group.scene, 3, 14);
    group_enter(&cast.group, late, cast.group.students);
    await_folding(&cast, replica);
    struct journal_batch *batch = journal_batch_new(cast.group.id);
    journal_batch_change(batch, NULL);
    rooms_events(&cast.group.scene.workers[3], batch);
    journal_batch_unref(batch);
    CU_ASSERT_EQUAL(replica->followed.state, FOLLOWED_LOADING);
    CU_ASSERT_EQUAL(actor_await(late, MESSAGE_REFUSED, 1)->why, REFUSAL_FORGOTTEN);
    actor_free(late);
    actor_free(cast.phone);
    cast_close(&cast);
}

/* A worker ends in the middle: nothing of it is left. */
static void test_load_end(void) {
    struct cast cast;
    cast_open(&cast);
    struct cohort_replica *replica = load(&cast, 3);
    await_folding(&cast, replica);
    struct journal_batch *batch = batch_of(1, 1);
    followed_events(&replica->followed, batch);
    journal_batch_unref(batch);
    followed_end(&replica->followed);
    CU_ASSERT_TRUE(TAILQ_EMPTY(&cast.group.scene.workers[3].desk.slices));
    actor_free(cast.phone);
    cast_close(&cast);
}

/* Asks for a recording of a room whose cohort is folded in very many turns. */
static struct actor *fetch(struct cast *cast, struct cohort_replica *replica) {
    struct actor *actor = actor_new(&cast->group.scene, 3, PHONE);
    struct message asked = {.kind = MESSAGE_FETCH,
                            .room = span_of(cast->group.scene.room),
                            .fetch = {.id = 6, .v = SPAR_RECORDING_VERSION}};
    replica->followed.folding.events = LOAD_EVENTS / 5;
    CU_ASSERT_EQUAL(request_fetch(&actor->rooms->requests, &actor->peer, &asked), REFUSAL_NONE);
    await_folding(cast, replica);
    return actor;
}

static void test_load_fetch(void) {
    struct cast cast;
    cast_open(&cast);
    EVP_PKEY *signer = EVP_EC_gen("P-256");
    CU_ASSERT_PTR_NOT_NULL_FATAL(signer);
    cast.group.scene.workers[3].requests.signer = signer;
    struct actor *actor = fetch(&cast, load(&cast, 3));
    while (actor_count(actor, MESSAGE_END) + actor_count(actor, MESSAGE_REFUSED) == 0) {
        scene_turn(&cast.group.scene);
    }
    CU_ASSERT_EQUAL(actor_count(actor, MESSAGE_REFUSED), 0);
    CU_ASSERT_TRUE(actor_count(actor, MESSAGE_RECORD) > 0);
    actor_free(actor);
    actor_free(cast.phone);
    cast_close(&cast);
    EVP_PKEY_free(signer);
}

/* Who asked for it goes meanwhile. */
static void test_load_fetch_gone(void) {
    struct cast cast;
    cast_open(&cast);
    struct cohort_replica *replica = load(&cast, 3);
    struct actor *actor = fetch(&cast, replica);
    for (int i = 0; i < 10; i++) { /* it waits by now */
        scene_turn(&cast.group.scene);
    }
    CU_ASSERT_TRUE(followed_is_folding(&replica->followed));
    const struct rooms *rooms = actor->rooms;
    actor_free(actor);
    while (!LIST_EMPTY(&rooms->requests.all)) {
        scene_turn(&cast.group.scene);
    }
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
        {"what is written while a log is folded", test_load},
        {"who comes into a room while its log is folded", test_load_room},
        {"somebody is forgotten while it is folded", test_load_changed},
        {"the worker ends while it is folded", test_load_end},
        {"a recording waits for the cohort's log", test_load_fetch},
        {"who waits for it goes", test_load_fetch_gone},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"walk", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
