/* SPDX-License-Identifier: ISC */
/*
 * Purpose: commands that wait together are appended together, and that changes nothing of what each
 * of them means: on a conflict in the middle of it all, when a run cannot be stored, and with
 * members on two workers.
 */
#include "tests/support/test_main.h"

#include "tests/support/sample.h"
#include "tests/support/scene.h"

#include "protocol/room/digest.h"
#include "protocol/room/view.h"
#include "server/base/seat.h"
#include "server/room/round_trip.h"

struct cast {
    struct scene scene;
    struct actor *one, *two; /* interviewers on different workers */
    struct actor *candidate; /* with the second */
    uint32_t one_n;          /* what the first has seen when all are seated */
};

/* The second interviewer's link is made by the first. */
static void cast_open(struct cast *cast) {
    scene_open(&cast->scene);
    scene_host(&cast->scene);
    cast->one = actor_new(&cast->scene, 0, 1);
    cast->two = actor_new(&cast->scene, 1, 2);
    cast->candidate = actor_new(&cast->scene, 1, 3);
    actor_seat(cast->one, cast->scene.secrets[0], 0);
    member_invite(member_find(&cast->one->peer, span_of(cast->scene.room)), ROLE_INTERVIEWER);
    const struct heard *invited = actor_await(cast->one, MESSAGE_INVITED, 1);
    actor_seat(cast->two, invited->secrets[0], 0);
    uint32_t n = actor_seat(cast->candidate, cast->scene.secrets[1], 0)->n;
    actor_await_n(cast->candidate, n);
    actor_do(cast->two, 1, body_plain(ACTION_CLOCK_START));
    actor_await_n(cast->candidate, n + 1);
    cast->one_n = view_count(&scene_replica(&cast->scene, 1)->room, 0);
    actor_await_n(cast->one, cast->one_n);
}

static void cast_close(struct cast *cast) {
    actor_free(cast->one);
    actor_free(cast->two);
    actor_free(cast->candidate);
    scene_close(&cast->scene);
}

/* Round trips are told once a second, a few of them at once, and not to somebody who reads slowly.
 */
static void test_trips_are_few(void) {
    struct cast cast;
    cast_open(&cast);
    uint32_t before = actor_count(cast.one, MESSAGE_TRIP);
    for (int64_t ms = 1; ms <= 100; ms++) {
        round_trip_ping(&cast.candidate->peer, ms);
    }
    CU_ASSERT_EQUAL(actor_count(cast.one, MESSAGE_TRIP), before + TRIP_BURST);
    cast.scene.now += TRIP_EVERY_MS;
    round_trip_ping(&cast.candidate->peer, 101);
    CU_ASSERT_EQUAL(actor_count(cast.one, MESSAGE_TRIP), before + TRIP_BURST + 1);
    cast.scene.now += TRIP_EVERY_MS;
    cast.one->swallow = true;
    cast.one->backlog = TRIP_BACKLOG_MAX;
    round_trip_ping(&cast.candidate->peer, 102);
    CU_ASSERT_EQUAL(actor_count(cast.one, MESSAGE_TRIP), before + TRIP_BURST + 1);
    cast.one->backlog = 0;
    cast_close(&cast);
}

static void heard(struct call *call, enum journal_outcome outcome, uint32_t head) {
    (void)call;
    (void)head;
    CU_ASSERT_EQUAL(outcome, JOURNAL_COMMITTED);
}

/* As from the first worker, which the second has not heard of yet. */
static void append_elsewhere(struct cast *cast, struct body body, struct call *call) {
    struct desk *desk = &cast->scene.workers[0].desk;
    const struct room *room = &scene_replica(&cast->scene, 0)->room;
    struct command command = {.seat = SEAT_SERVER, .body = body};
    struct event event;
    CU_ASSERT_EQUAL_FATAL(room_decide(room, &command, cast->scene.now, &event), REFUSAL_NONE);
    mp_writer_reset(&desk->stored);
    event_write_stored(&desk->stored, &event);
    *call = (struct call){.appended = heard};
    const struct desk_run run = {.ends = &desk->stored.len, .count = 1};
    desk_append(desk, cast->scene.room, room->pos, &run, call);
}

static void link_elsewhere(struct cast *cast, const struct seat_secret *secret, struct call *call) {
    append_elsewhere(cast,
                     (struct body){.act = ACTION_SEAT_INVITE,
                                   .has = F(role) | F(invite),
                                   .role = ROLE_COACH,
                                   .invite = {(const char *)secret->hash, HASH_BYTES}},
                     call);
}

/* Whoever opens a link at once is let in by any worker; a secret of nobody's opens nothing. */
static void test_a_new_link(void) {
    struct cast cast;
    struct call call;
    struct seat_secret secret;
    cast_open(&cast);
    struct actor *coach = actor_new(&cast.scene, 1, 4);
    CU_ASSERT_TRUE_FATAL(seat_secret_make(&secret));
    actor_join(coach, secret.text, 0);
    CU_ASSERT_EQUAL(actor_await(coach, MESSAGE_REFUSED, 1)->why, REFUSAL_NO_SUCH_ROOM);
    link_elsewhere(&cast, &secret, &call);
    CU_ASSERT_EQUAL(actor_seat(coach, secret.text, 0)->role, ROLE_COACH);
    CU_ASSERT_EQUAL(actor_count(coach, MESSAGE_REFUSED), 1);
    actor_free(coach);
    cast_close(&cast);
}

static bool is_busy(const struct replica *replica) {
    return replica->followed.in_flight || !STAILQ_EMPTY(&replica->followed.jobs);
}

/* A fold ahead that is left when nothing is under way is the room's fold. */
static bool ahead_is_right(const struct replica *replica, const uint8_t digest[HASH_BYTES]) {
    uint8_t ahead[HASH_BYTES];
    return replica->ahead == NULL ||
           (digest_room(replica->ahead, ahead) && memcmp(ahead, digest, HASH_BYTES) == 0);
}

/* Turns until nothing is under way; then both workers hold the same room. */
static void settle(struct cast *cast) {
    struct replica *a = scene_replica(&cast->scene, 0);
    struct replica *b = scene_replica(&cast->scene, 1);
    uint8_t one[HASH_BYTES];
    uint8_t other[HASH_BYTES];
    while (a->room.pos != b->room.pos || is_busy(a) || is_busy(b)) {
        scene_turn(&cast->scene);
    }
    CU_ASSERT_TRUE(digest_room(&a->room, one) && digest_room(&b->room, other));
    CU_ASSERT_EQUAL(memcmp(one, other, HASH_BYTES), 0);
    CU_ASSERT_TRUE(ahead_is_right(a, one));
    CU_ASSERT_TRUE(ahead_is_right(b, one));
}

enum { OTHER_BOOT = 2 };

/* A coach whose connection another node has. */
static void sit_at_other_node(struct cast *cast, const struct seat_secret *secret) {
    struct call calls[2];
    uint8_t key[HASH_BYTES];
    memset(key, 9, sizeof key);
    link_elsewhere(cast, secret, &calls[0]);
    scene_turn(&cast->scene);
    scene_turn(&cast->scene);
    append_elsewhere(cast,
                     (struct body){.act = ACTION_SEAT_JOIN,
                                   .has = F(name) | F(key) | F(boot) | F(invite),
                                   .name = span_of("Elsewhere"),
                                   .key = {(const char *)key, HASH_BYTES},
                                   .boot = OTHER_BOOT,
                                   .invite = {(const char *)secret->hash, HASH_BYTES}},
                     &calls[1]);
    scene_turn(&cast->scene);
    scene_turn(&cast->scene);
}

static bool sits(const struct cast *cast, uint8_t seat) {
    return scene_replica((struct scene *)&cast->scene, 0)->room.seats[seat].here;
}

/* Who sits at a node that lives, or that has just started, is here until that node is dead. */
static void test_a_node_dies(void) {
    struct cast cast;
    struct seat_secret secret;
    cast_open(&cast);
    CU_ASSERT_TRUE_FATAL(seat_secret_make(&secret));
    uint32_t n = actor_count(cast.candidate, MESSAGE_EVENT);
    sit_at_other_node(&cast, &secret);
    uint8_t seat = scene_replica(&cast.scene, 0)->room.seat_count - 1;
    struct leases both = {.upto = OTHER_BOOT, .count = 2, .live = {1, OTHER_BOOT}};
    journal_memory_leases(cast.scene.knobs, &both);
    for (int i = 0; i < 4; i++) {
        scene_turn(&cast.scene);
    }
    CU_ASSERT_TRUE(sits(&cast, seat));
    CU_ASSERT_EQUAL(actor_count(cast.candidate, MESSAGE_EVENT), n + 1); /* joined */
    struct leases one = {.upto = OTHER_BOOT, .count = 1, .live = {1}};
    journal_memory_leases(cast.scene.knobs, &one);
    const struct heard *gone = actor_await(cast.candidate, MESSAGE_EVENT, n + 2);
    CU_ASSERT_EQUAL(gone->act, ACTION_SEAT_GONE);
    settle(&cast);
    CU_ASSERT_FALSE(sits(&cast, seat));
    CU_ASSERT_EQUAL(actor_count(cast.candidate, MESSAGE_EVENT), n + 2); /* once */
    CU_ASSERT_TRUE(sits(&cast, 0) && sits(&cast, 1) && sits(&cast, 2));
    cast_close(&cast);
}

/* From now on what is sent waits: one command is on its way and its commit is held. */
static void hold_first(struct cast *cast) {
    journal_memory_hold(cast->scene.knobs);
    actor_do(cast->one, 1, body_text(ACTION_TALK_SAY, "first"));
    scene_turn(&cast->scene); /* at the end of a turn the journal is woken */
    journal_memory_await_held(cast->scene.knobs);
}

/* That the actor was sent its events with these ids in this order, behind event `after`. */
static void expect_ids(const struct actor *actor, uint8_t seat, uint32_t after, const uint32_t *ids,
                       uint32_t count) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < actor->count; i++) {
        const struct heard *heard = &actor->heard[i];
        if (heard->kind == MESSAGE_EVENT && heard->n > after && heard->by == seat) {
            CU_ASSERT_TRUE(at < count && heard->id == ids[at]);
            at++;
        }
    }
    CU_ASSERT_EQUAL(at, count);
}

static void test_one_append(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    uint64_t commits = journal_stats_read(cast.scene.journal).commits;
    uint32_t seen = view_count(&scene_replica(&cast.scene, 1)->room, 2);
    hold_first(&cast);
    for (uint32_t id = 2; id <= 9; id++) {
        actor_do(cast.one, id, body_text(ACTION_TALK_SAY, "waits"));
    }
    journal_memory_release(cast.scene.knobs);
    actor_await_n(cast.candidate, seen + 9);
    settle(&cast);
    CU_ASSERT_EQUAL(journal_stats_read(cast.scene.journal).commits, commits + 2);
    static const uint32_t ids[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    expect_ids(cast.one, 0, cast.one_n, ids, 9);
    CU_ASSERT_TRUE(actor_is_dense(cast.one, 1));
    CU_ASSERT_TRUE(actor_is_dense(cast.candidate, 1));
    /* The fold ahead goes once the room is quiet again. */
    actor_do(cast.one, 10, body_text(ACTION_TALK_SAY, "alone"));
    settle(&cast);
    CU_ASSERT_PTR_NULL(scene_replica(&cast.scene, 0)->ahead);
    cast_close(&cast);
}

/* More than a run takes: the rest is a run of its own behind it. */
static void test_longest_run(void) {
    for (uint32_t more = 0; more < 2; more++) {
        struct cast cast;
        cast_open(&cast);
        settle(&cast);
        uint64_t commits = journal_stats_read(cast.scene.journal).commits;
        hold_first(&cast);
        for (uint32_t id = 2; id < 2 + JOURNAL_RUN_MAX + more; id++) {
            actor_do(cast.one, id, body_text(ACTION_NOTE_MINE, "waits"));
        }
        scene_turn_workers(&cast.scene);
        CU_ASSERT_EQUAL(scene_replica(&cast.scene, 0)->followed.in_flight, 2 + more);
        journal_memory_release(cast.scene.knobs);
        settle(&cast);
        CU_ASSERT_EQUAL(journal_stats_read(cast.scene.journal).commits, commits + 2);
        actor_await_n(cast.one, cast.one_n + 1 + JOURNAL_RUN_MAX + more);
        cast_close(&cast);
    }
}

/* Sends a command in each of several turns, while the first is held. */
static void send_by_turns(struct cast *cast, uint32_t first, uint32_t last) {
    for (uint32_t id = first; id <= last; id++) {
        actor_do(cast->one, id, body_text(ACTION_TALK_SAY, "upon it"));
        scene_turn_workers(&cast->scene);
    }
}

/* What comes while an append is on its way is appended behind it, and nobody is told of it before
 * it is kept; as many as may be in flight, and one more. */
static void test_upon_what_is_in_flight(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    const struct followed *followed = &scene_replica(&cast.scene, 0)->followed;
    uint64_t commits = journal_stats_read(cast.scene.journal).commits;
    hold_first(&cast);
    for (uint32_t id = 2; id <= FLIGHTS_MAX; id++) {
        send_by_turns(&cast, id, id);
        CU_ASSERT_EQUAL(followed->in_flight, id);
    }
    send_by_turns(&cast, FLIGHTS_MAX + 1, FLIGHTS_MAX + 1);
    CU_ASSERT_EQUAL(followed->in_flight, FLIGHTS_MAX);
    CU_ASSERT_EQUAL(view_count(&scene_replica(&cast.scene, 0)->room, 0), cast.one_n);
    journal_memory_release(cast.scene.knobs);
    settle(&cast);
    static const uint32_t ids[] = {1, 2, 3, 4, 5};
    _Static_assert(FLIGHTS_MAX + 1 == sizeof ids / sizeof *ids, "all that were sent");
    expect_ids(cast.one, 0, cast.one_n, ids, FLIGHTS_MAX + 1);
    CU_ASSERT_EQUAL(journal_stats_read(cast.scene.journal).commits, commits + 2);
    CU_ASSERT_EQUAL(stats_sum(cast.scene.stats, STATS_conflicts), 0);
    cast_close(&cast);
}

/* Of a chain that breaks in the middle all behind it is decided again, in its order. */
static void test_chain_breaks(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    int64_t before = stats_sum(cast.scene.stats, STATS_conflicts);
    hold_first(&cast);
    send_by_turns(&cast, 2, 4);
    journal_memory_conflict_next(cast.scene.knobs, 1);
    journal_memory_release(cast.scene.knobs);
    settle(&cast);
    static const uint32_t ids[] = {1, 2, 3, 4};
    expect_ids(cast.one, 0, cast.one_n, ids, 4);
    CU_ASSERT_EQUAL(stats_sum(cast.scene.stats, STATS_conflicts), before + 3);
    CU_ASSERT_EQUAL(actor_count(cast.one, MESSAGE_REFUSED), 0);
    cast_close(&cast);
}

/* What stood upon one that storage did not take is decided anew, and may be kept. */
static void test_chain_fails(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    hold_first(&cast);
    send_by_turns(&cast, 2, 4);
    journal_memory_fail_next(cast.scene.knobs, 1);
    journal_memory_release(cast.scene.knobs);
    settle(&cast);
    static const uint32_t ids[] = {1, 3, 4};
    expect_ids(cast.one, 0, cast.one_n, ids, 3);
    CU_ASSERT_EQUAL(actor_count(cast.one, MESSAGE_REFUSED), 1);
    CU_ASSERT_EQUAL(actor_await(cast.one, MESSAGE_REFUSED, 1)->why, REFUSAL_STORAGE);
    CU_ASSERT_EQUAL(actor_await(cast.one, MESSAGE_REFUSED, 1)->id, 2);
    cast_close(&cast);
}

/* A refusal is not told upon what may not be kept: it waits for the answer, and what comes behind
 * it too. */
static void test_refused_behind(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    const struct followed *followed = &scene_replica(&cast.scene, 0)->followed;
    hold_first(&cast);
    actor_do(cast.one, 2, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED));
    scene_turn_workers(&cast.scene);
    actor_do(cast.one, 3, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED));
    actor_do(cast.one, 4, body_text(ACTION_TALK_SAY, "behind it"));
    scene_turn_workers(&cast.scene);
    CU_ASSERT_EQUAL(followed->in_flight, 2);
    CU_ASSERT_EQUAL(actor_count(cast.one, MESSAGE_REFUSED), 0);
    journal_memory_fail_next(cast.scene.knobs, 1); /* of the mark, which so is new after all */
    journal_memory_release(cast.scene.knobs);
    settle(&cast);
    static const uint32_t ids[] = {1, 3, 4};
    expect_ids(cast.one, 0, cast.one_n, ids, 3);
    CU_ASSERT_EQUAL(actor_await(cast.one, MESSAGE_REFUSED, 1)->id, 2);
    CU_ASSERT_EQUAL(actor_count(cast.one, MESSAGE_REFUSED), 1);
    cast_close(&cast);
}

/* What a command of the run makes so is so for the next: a repeated mark, and an id that was used
 * already. */
static void test_each_sees_those_before(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    hold_first(&cast);
    actor_do(cast.one, 2, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED));
    actor_do(cast.one, 3, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED));
    actor_do(cast.one, 3, body_text(ACTION_TALK_SAY, "three after all"));
    actor_do(cast.one, 3, body_text(ACTION_TALK_SAY, "again"));
    actor_do(cast.one, 4, body_text(ACTION_TALK_SAY, "four"));
    journal_memory_release(cast.scene.knobs);
    actor_await_n(cast.one, cast.one_n + 4);
    settle(&cast);
    static const uint32_t ids[] = {1, 2, 3, 4};
    expect_ids(cast.one, 0, cast.one_n, ids, 4);
    const struct heard *refused = actor_await(cast.one, MESSAGE_REFUSED, 1);
    CU_ASSERT_EQUAL(refused->why, REFUSAL_SAME);
    CU_ASSERT_EQUAL(refused->id, 3);
    CU_ASSERT_EQUAL(actor_await(cast.one, MESSAGE_KEPT, 1)->id, 3);
    CU_ASSERT_EQUAL(actor_count(cast.one, MESSAGE_REFUSED), 1);
    cast_close(&cast);
}

/* A run that is not stored is refused whole; and nobody was refused for the sake of what it would
 * have done. */
static void test_failed_run(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    uint32_t pos = scene_replica(&cast.scene, 0)->room.pos;
    hold_first(&cast);
    actor_do(cast.one, 2, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED));
    actor_do(cast.one, 3, body_text(ACTION_TALK_SAY, "lost too"));
    actor_do(cast.one, 4, body_mark(ACTION_MARK_SET, "item-0", MARK_RAISED));
    actor_do(cast.one, 5, body_text(ACTION_TALK_SAY, "kept"));
    journal_memory_fail_next(cast.scene.knobs, 1);
    journal_memory_release(cast.scene.knobs);
    settle(&cast);
    static const uint32_t ids[] = {1, 4, 5};
    actor_await_n(cast.one, cast.one_n + 3);
    expect_ids(cast.one, 0, cast.one_n, ids, 3);
    CU_ASSERT_EQUAL(actor_count(cast.one, MESSAGE_REFUSED), 2);
    CU_ASSERT_EQUAL(actor_await(cast.one, MESSAGE_REFUSED, 1)->id, 2);
    CU_ASSERT_EQUAL(actor_await(cast.one, MESSAGE_REFUSED, 2)->id, 3);
    CU_ASSERT_EQUAL(actor_await(cast.one, MESSAGE_REFUSED, 2)->why, REFUSAL_STORAGE);
    CU_ASSERT_EQUAL(scene_replica(&cast.scene, 0)->room.pos, pos + 3);
    cast_close(&cast);
}

/* Another worker's event comes first: the whole run is decided again behind it, against what it
 * changed. */
static void test_conflict(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    int64_t before = stats_sum(cast.scene.stats, STATS_conflicts);
    hold_first(&cast);
    actor_do(cast.two, 2, body_mark(ACTION_MARK_SET, "item-1", MARK_RAISED));
    actor_do(cast.two, 3, body_text(ACTION_TALK_SAY, "from the other worker"));
    actor_do(cast.one, 2, body_text(ACTION_TALK_SAY, "two"));
    actor_do(cast.one, 3, body_mark(ACTION_MARK_SET, "item-1", MARK_RAISED));
    actor_do(cast.one, 4, body_text(ACTION_TALK_SAY, "four"));
    journal_memory_release(cast.scene.knobs);
    settle(&cast);
    CU_ASSERT_TRUE(stats_sum(cast.scene.stats, STATS_conflicts) > before);
    /* One of the two marks stands, the other is the same; nothing else is lost, doubled or out of
     * order. */
    uint32_t refused =
        actor_count(cast.one, MESSAGE_REFUSED) + actor_count(cast.two, MESSAGE_REFUSED);
    CU_ASSERT_EQUAL(refused, 1);
    actor_await_n(cast.one, cast.one_n + 5);
    CU_ASSERT_TRUE(actor_is_dense(cast.one, 1));
    CU_ASSERT_TRUE(actor_is_dense(cast.two, 1));
    CU_ASSERT_EQUAL(scene_replica(&cast.scene, 0)->room.line_count, 4);
    cast_close(&cast);
}

/* People who come back at the same moment share an append; who speaks at once is heard behind
 * it. */
static void test_joins(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    actor_free(cast.two);
    actor_free(cast.candidate);
    settle(&cast);
    uint64_t commits = journal_stats_read(cast.scene.journal).commits;
    hold_first(&cast);
    cast.two = actor_new(&cast.scene, 0, 2);
    cast.candidate = actor_new(&cast.scene, 0, 3);
    struct actor *newer = actor_new(&cast.scene, 0, 3);
    actor_join(cast.two, NULL, 0);
    actor_join(cast.candidate, NULL, 0);
    actor_join(newer, NULL, 0); /* takes the seat over before its older join is on disk */
    actor_do(cast.two, 2, body_text(ACTION_TALK_SAY, "at once"));
    journal_memory_release(cast.scene.knobs);
    CU_ASSERT_EQUAL(actor_await(cast.two, MESSAGE_JOINED, 1)->session, 2);
    CU_ASSERT_EQUAL(actor_await(newer, MESSAGE_JOINED, 1)->session, 3);
    actor_await_cut(cast.candidate);
    CU_ASSERT_EQUAL(cast.candidate->cut, REFUSAL_REPLACED);
    actor_free(cast.candidate);
    cast.candidate = newer;
    while (is_busy(scene_replica(&cast.scene, 0))) {
        scene_turn(&cast.scene);
    }
    CU_ASSERT_EQUAL(actor_count(cast.two, MESSAGE_REFUSED), 0);
    CU_ASSERT_EQUAL(scene_replica(&cast.scene, 0)->room.line_count, 2);
    CU_ASSERT_EQUAL(journal_stats_read(cast.scene.journal).commits, commits + 3);
    CU_ASSERT_TRUE(actor_is_dense(cast.two, 1));
    CU_ASSERT_TRUE(actor_is_dense(newer, 1));
    cast_close(&cast);
}

/* Nothing of a connection counts behind the join that takes its seat over, though it came in time
 * for the run. */
static void test_replaced(void) {
    struct cast cast;
    cast_open(&cast);
    settle(&cast);
    hold_first(&cast);
    struct actor *newer = actor_new(&cast.scene, 0, 1);
    actor_do(cast.one, 2, body_text(ACTION_TALK_SAY, "in time"));
    actor_join(newer, NULL, 0);
    actor_do(cast.one, 3, body_text(ACTION_TALK_SAY, "too late"));
    journal_memory_release(cast.scene.knobs);
    CU_ASSERT_EQUAL(actor_await(newer, MESSAGE_JOINED, 1)->id, 2);
    settle(&cast);
    CU_ASSERT_EQUAL(cast.one->cut, REFUSAL_REPLACED);
    CU_ASSERT_EQUAL(scene_replica(&cast.scene, 0)->room.line_count, 2);
    actor_free(cast.one);
    cast.one = newer;
    cast_close(&cast);
}

/* ---- anything at all ---- */

static uint32_t draw(uint32_t *seed, uint32_t below) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static struct body random_body(uint32_t *seed) {
    switch (draw(seed, 5)) {
    case 0: return body_mark(ACTION_MARK_SET, "item-0", (enum mark)(1 + draw(seed, 2)));
    case 1: return body_mark(ACTION_MARK_SET, "item-1", (enum mark)(1 + draw(seed, 2)));
    case 2: return body_text(ACTION_TALK_SAY, "said");
    case 3: return body_text(ACTION_NOTE_PANEL, "noted");
    default: return body_plain(draw(seed, 2) ? ACTION_CLOCK_PAUSE : ACTION_CLOCK_RESUME);
    }
}

static void random_fault(struct cast *cast, uint32_t *seed) {
    switch (draw(seed, 6)) {
    case 0: journal_memory_conflict_next(cast->scene.knobs, 1 + draw(seed, 2)); break;
    case 1: journal_memory_fail_next(cast->scene.knobs, 1); break;
    case 2: journal_memory_fail_commits(cast->scene.knobs, 1); break;
    case 3: journal_memory_hold(cast->scene.knobs); break;
    case 4: journal_memory_release(cast->scene.knobs); break;
    default: break;
    }
}

/* That every id of 1..last was answered exactly once, by its event, a refusal or `kept`. */
static void expect_answered(const struct actor *actor, uint8_t seat, uint32_t last) {
    static uint8_t answers[ACTOR_HEARD_MAX];
    memset(answers, 0, sizeof answers);
    for (uint32_t i = 0; i < actor->count; i++) {
        const struct heard *heard = &actor->heard[i];
        bool own = heard->kind == MESSAGE_EVENT && heard->by == seat && heard->id > 0;
        if (own || heard->kind == MESSAGE_REFUSED || heard->kind == MESSAGE_KEPT) {
            CU_ASSERT_TRUE_FATAL(heard->id > 0 && heard->id <= last);
            answers[heard->id]++;
        }
    }
    for (uint32_t id = 1; id <= last; id++) {
        CU_ASSERT_EQUAL(answers[id], 1);
    }
}

static void check_random(uint32_t seed) {
    struct cast cast;
    uint32_t last[2] = {0, 1}; /* ids used by the two */
    cast_open(&cast);
    settle(&cast);
    for (int i = 0; i < 150; i++) {
        uint32_t who = draw(&seed, 2);
        cast.scene.now += draw(&seed, 20);
        actor_do(who == 0 ? cast.one : cast.two, ++last[who], random_body(&seed));
        if (draw(&seed, 8) == 0) {
            random_fault(&cast, &seed);
        }
        switch (draw(&seed, 8)) {
        case 0: scene_turn_workers(&cast.scene); break; /* the journal is slow to answer */
        case 1: scene_turn(&cast.scene); break;
        default: break;
        }
    }
    journal_memory_release(cast.scene.knobs);
    settle(&cast);
    uint32_t n = view_count(&scene_replica(&cast.scene, 0)->room, 0);
    actor_await_n(cast.one, n);
    actor_await_n(cast.two, n);
    expect_answered(cast.one, 0, last[0]);
    expect_answered(cast.two, 1, last[1]);
    CU_ASSERT_TRUE(actor_is_dense(cast.one, 1));
    CU_ASSERT_TRUE(actor_is_dense(cast.two, 1));
    CU_ASSERT_TRUE(actor_is_dense(cast.candidate, 1));
    cast_close(&cast);
}

static void test_random(void) {
    for (uint32_t seed = 1; seed <= 40; seed++) {
        check_random(seed);
    }
}

int main(void) {
    static CU_TestInfo tests[] = {{"round trips are told now and then", test_trips_are_few},
                                  {"a link of this moment", test_a_new_link},
                                  {"who sat at a node that has died", test_a_node_dies},
                                  {"what waits together is one append", test_one_append},
                                  {"the longest run and one more", test_longest_run},
                                  {"upon what is in flight", test_upon_what_is_in_flight},
                                  {"a chain breaks", test_chain_breaks},
                                  {"a chain fails", test_chain_fails},
                                  {"a refusal behind what is in flight", test_refused_behind},
                                  {"each sees those before it", test_each_sees_those_before},
                                  {"a run that is not stored", test_failed_run},
                                  {"a run that comes second", test_conflict},
                                  {"joins in a run", test_joins},
                                  {"who is replaced acts no more", test_replaced},
                                  {"random commands and faults on two workers", test_random},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"replica runs", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
