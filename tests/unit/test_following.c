/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the life of a followed log, by a kind that is as small as can be: a tally, which folds
 * how many letters its events hold. Everything is decided at the end of a loop turn; what storage
 * does not take is owed in order; what breaks, rests or wakes does so for whoever holds it.
 */
#include "tests/support/test_main.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/scene.h"

enum { TALLIES_RESTING_MAX = 2, STEPS_MAX = 16 };

struct tally {
    struct followed followed; /* first */
    uint32_t pos;
    char said[STEPS_MAX + 1]; /* the letters that were folded */
    char committed[STEPS_MAX + 1], refused[STEPS_MAX + 1];
    enum refusal why; /* of the last that was refused */
    unsigned opened, kept, dropped, broke, woke, decided;
    bool held, steps; /* steps: wants to append '*' of its own, once nothing is owed */
};

struct tally_job {
    struct followed_job job; /* first */
    char letter;
};

/* What the tallies of a test have in common, as following.means. */
struct tally_means {
    unsigned freed, retired;
    bool fits;
};

static struct tally *tally_of(const struct followed *followed) {
    return (struct tally *)(void *)(uintptr_t)followed;
}

static struct tally_means *means_of(const struct followed *followed) {
    return followed->following->means;
}

static void push(char *letters, char letter) {
    size_t len = strlen(letters);
    CU_ASSERT_FATAL(len < STEPS_MAX);
    letters[len] = letter;
}

/* ---- the kind ---- */

static struct followed *make(void) {
    struct tally *tally = calloc(1, sizeof *tally);
    return tally == NULL ? NULL : &tally->followed;
}

static bool fits(struct followed *followed, bool exists, struct journal_batch *batch) {
    (void)exists;
    (void)batch;
    return means_of(followed)->fits;
}

static uint32_t pos(const struct followed *followed) {
    return tally_of(followed)->pos;
}

static bool take(struct followed *followed, const struct event *event) {
    struct tally *tally = tally_of(followed);
    tally->pos = event->pos;
    push(tally->said, event->body.text.at[0]);
    return true;
}

static void opened(struct followed *followed, struct journal_batch *batch) {
    (void)batch;
    tally_of(followed)->opened++;
}

static void folded(struct followed *followed, struct journal_batch *batch) {
    (void)followed;
    (void)batch;
}

static void answered(struct followed *followed) {
    (void)followed;
}

static void append(struct tally *tally, char letter, uint32_t jobs) {
    struct mp_writer *w = &tally->followed.desk->stored;
    struct followed_flight flight = {
        .events = 1, .jobs = jobs, .ends = jobs, .act = ACTION_TALK_SAY};
    struct event event = {.pos = tally->pos + 1, .at = 1, .made = 1, .by = SEAT_SERVER};
    event.body = (struct body){.act = ACTION_TALK_SAY, .has = F(text), .text = {&letter, 1}};
    mp_writer_reset(w);
    event_write_stored(w, &event);
    CU_ASSERT_FALSE(w->failed);
    followed_append(&tally->followed, &flight, &w->len, NULL);
}

static bool decide(struct followed *followed) {
    struct tally *tally = tally_of(followed);
    const struct tally_job *job = (struct tally_job *)followed_first(followed);
    tally->decided++;
    if (tally->steps && !followed->owes) {
        append(tally, '*', 0);
        return true;
    }
    if (job == NULL) {
        return false;
    }
    append(tally, job->letter, 1);
    return true;
}

static void committed(struct followed *followed, struct followed_job *job) {
    push(tally_of(followed)->committed, ((struct tally_job *)job)->letter);
    free(job);
}

static void refused(struct followed *followed, struct followed_job *job, enum refusal why) {
    push(tally_of(followed)->refused, ((struct tally_job *)job)->letter);
    tally_of(followed)->why = why;
    free(job);
}

static void owing(struct followed *followed, struct followed_job *job) {
    (void)followed;
    CU_ASSERT_TRUE(job->servers_own);
}

static void kept(struct followed *followed) {
    tally_of(followed)->kept++;
    tally_of(followed)->steps = false;
}

static void dropped(struct followed *followed) {
    tally_of(followed)->dropped++;
}

static void broke(struct followed *followed) {
    tally_of(followed)->broke++;
}

static bool held(const struct followed *followed) {
    return tally_of(followed)->held;
}

static void woke(struct followed *followed) {
    tally_of(followed)->woke++;
}

static void retired(struct followed *followed) {
    means_of(followed)->retired++;
}

static void tally_free(struct followed *followed) {
    means_of(followed)->freed++;
    free(followed);
}

/* Counts with the cohorts', of which there are none here. */
static const struct followed_kind tally_kind = {.name = "tally",
                                                .broke_as = "tally.broken",
                                                .loaded = STATS_cohorts_loaded,
                                                .resting = STATS_cohorts_resting,
                                                .resting_max = TALLIES_RESTING_MAX,
                                                .none_such = REFUSAL_NO_SUCH_COHORT,
                                                .make = make,
                                                .fits = fits,
                                                .pos = pos,
                                                .take = take,
                                                .opened = opened,
                                                .folded = folded,
                                                .answered = answered,
                                                .decide = decide,
                                                .committed = committed,
                                                .refused = refused,
                                                .owing = owing,
                                                .kept = kept,
                                                .dropped = dropped,
                                                .broke = broke,
                                                .held = held,
                                                .woke = woke,
                                                .retired = retired,
                                                .free = tally_free};

/* ---- tallies at one worker, those of another kind beside them ---- */

struct bench {
    struct scene scene;
    struct tally_means means, others_means;
    struct following tallies, others;
};

static void bench_open(struct bench *bench, unsigned max) {
    scene_open(&bench->scene);
    struct desk *desk = &bench->scene.workers[0].desk;
    bench->means = bench->others_means = (struct tally_means){.fits = true};
    CU_ASSERT_TRUE_FATAL(following_init(&bench->tallies, desk, &tally_kind, max, &bench->means));
    CU_ASSERT_TRUE_FATAL(
        following_init(&bench->others, desk, &tally_kind, 0, &bench->others_means));
}

static void turns(struct bench *bench, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        scene_turn(&bench->scene);
    }
}

/* As at the end of a worker: first all is answered. */
static void bench_close(struct bench *bench) {
    turns(bench, 4);
    following_free(&bench->tallies);
    following_free(&bench->others);
    CU_ASSERT_EQUAL(stats_sum(bench->scene.stats, STATS_cohorts_loaded), 0);
    CU_ASSERT_EQUAL(stats_sum(bench->scene.stats, STATS_cohorts_resting), 0);
    scene_close(&bench->scene);
}

static void log_id(char letter, char id[ROOM_ID_BYTES + 1]) {
    memset(id, letter, ROOM_ID_BYTES);
    id[ROOM_ID_BYTES] = '\0';
}

static struct tally *get(struct following *following, char letter) {
    char id[ROOM_ID_BYTES + 1];
    log_id(letter, id);
    return (struct tally *)following_get(following, id);
}

static struct tally *find(const struct following *following, char letter) {
    char id[ROOM_ID_BYTES + 1];
    log_id(letter, id);
    return (struct tally *)following_find(following, id);
}

/* One that is loaded and held. */
static struct tally *hold(struct bench *bench, struct following *following, char letter) {
    struct tally *tally = get(following, letter);
    CU_ASSERT_PTR_NOT_NULL_FATAL(tally);
    tally->held = true;
    while (tally->followed.state == FOLLOWED_LOADING) {
        scene_turn(&bench->scene);
    }
    return tally;
}

static void let_go(struct tally *tally) {
    tally->held = false;
    followed_touch(&tally->followed);
}

static void ask(struct tally *tally, char letter, bool servers_own) {
    struct tally_job *job = calloc(1, sizeof *job);
    CU_ASSERT_PTR_NOT_NULL_FATAL(job);
    job->letter = letter;
    job->job.servers_own = servers_own;
    followed_add(&tally->followed, &job->job);
}

static void await_said(struct bench *bench, const struct tally *tally, const char *letters) {
    while (strcmp(tally->said, letters) != 0 || tally->followed.in_flight) {
        scene_turn(&bench->scene);
    }
}

/* ---- what is decided, and when ---- */

static void test_decided_at_the_end_of_the_turn(void) {
    struct bench bench;
    bench_open(&bench, 0);
    struct tally *tally = get(&bench.tallies, 'a');
    ask(tally, 'x', false);
    CU_ASSERT_EQUAL(tally->followed.state, FOLLOWED_LOADING);
    while (tally->followed.state == FOLLOWED_LOADING) {
        CU_ASSERT_EQUAL(tally->decided, 0);
        scene_turn(&bench.scene);
    }
    CU_ASSERT_EQUAL(tally->opened, 1);
    ask(tally, 'y', true);
    await_said(&bench, tally, "xy");
    unsigned decided = tally->decided;
    ask(tally, 'z', false);
    CU_ASSERT_EQUAL(tally->decided, decided); /* not inside the call */
    await_said(&bench, tally, "xyz");
    CU_ASSERT_STRING_EQUAL(tally->committed, "xyz");
    CU_ASSERT_STRING_EQUAL(tally->refused, "");
    CU_ASSERT_EQUAL(tally->kept, 0);
    bench_close(&bench);
    CU_ASSERT_EQUAL(bench.means.freed, 1);
}

static void test_a_conflict_is_decided_again(void) {
    struct bench bench;
    bench_open(&bench, 0);
    struct tally *tally = hold(&bench, &bench.tallies, 'a');
    journal_memory_conflict_next(bench.scene.knobs, 2);
    ask(tally, 'x', false);
    ask(tally, 'y', false);
    await_said(&bench, tally, "xy");
    CU_ASSERT_STRING_EQUAL(tally->committed, "xy");
    CU_ASSERT_EQUAL(tally->dropped, 2);
    CU_ASSERT_EQUAL(stats_sum(bench.scene.stats, STATS_conflicts), 2);
    bench_close(&bench);
}

/* An event that nobody asked for comes from the kind's own step. */
static void test_a_step_of_its_own(void) {
    struct bench bench;
    bench_open(&bench, 0);
    struct tally *tally = hold(&bench, &bench.tallies, 'a');
    journal_memory_fail_next(bench.scene.knobs, 1);
    tally->steps = true;
    followed_touch(&tally->followed);
    while (!tally->followed.owes) {
        scene_turn(&bench.scene);
    }
    unsigned decided = tally->decided;
    turns(&bench, 3);
    CU_ASSERT_EQUAL(tally->decided, decided); /* it waits until storage is tried again */
    CU_ASSERT_EQUAL(tally->kept, 0);
    rooms_retry(&bench.scene.workers[0]);
    await_said(&bench, tally, "*");
    CU_ASSERT_EQUAL(tally->kept, 1);
    CU_ASSERT_FALSE(tally->followed.owes);
    bench_close(&bench);
}

/* ---- what storage does not take ---- */

static void test_owed_in_order(void) {
    struct bench bench;
    bench_open(&bench, 0);
    struct tally *tally = hold(&bench, &bench.tallies, 'a');
    journal_memory_fail_next(bench.scene.knobs, 2);
    ask(tally, 'A', true);
    ask(tally, 'x', false);
    ask(tally, 'B', true); /* waits behind what is owed already */
    ask(tally, 'y', false);
    await_said(&bench, tally, "y");
    CU_ASSERT_STRING_EQUAL(tally->refused, "x");
    CU_ASSERT_EQUAL(tally->why, REFUSAL_STORAGE);
    CU_ASSERT_TRUE(tally->followed.owes);
    let_go(tally);
    turns(&bench, 3);
    CU_ASSERT_FALSE(tally->followed.resting); /* who owes does not rest */
    journal_memory_hold(bench.scene.knobs);
    ask(tally, 'z', false);
    turns(&bench, 1); /* in flight */
    CU_ASSERT_TRUE(tally->followed.in_flight);
    ask(tally, 'v', false);
    rooms_retry(&bench.scene.workers[0]);
    CU_ASSERT_FALSE(tally->followed.owes);
    journal_memory_release(bench.scene.knobs);
    await_said(&bench, tally, "yzABv"); /* behind what flew, before what came since */
    CU_ASSERT_STRING_EQUAL(tally->committed, "yzABv");
    turns(&bench, 1);
    CU_ASSERT_TRUE(tally->followed.resting);
    bench_close(&bench);
}

/* ---- breaking ---- */

static void test_break_while_an_append_flies(void) {
    struct bench bench;
    bench_open(&bench, 0);
    struct tally *tally = hold(&bench, &bench.tallies, 'a');
    journal_memory_hold(bench.scene.knobs);
    ask(tally, 'x', false);
    turns(&bench, 1);
    CU_ASSERT_TRUE_FATAL(tally->followed.in_flight);
    ask(tally, 'y', false);
    ask(tally, 'Z', true);
    tally->held = false;
    followed_break(&tally->followed, REFUSAL_INTERNAL, NULL);
    CU_ASSERT_EQUAL(tally->broke, 1);
    CU_ASSERT_STRING_EQUAL(tally->refused, ""); /* not inside the call */
    scene_turn_workers(&bench.scene);
    CU_ASSERT_STRING_EQUAL(tally->refused, ""); /* nor before what flies has landed */
    CU_ASSERT_EQUAL(bench.means.retired, 0);
    journal_memory_release(bench.scene.knobs);
    while (bench.means.freed == 0) {
        CU_ASSERT_STRING_EQUAL(tally->committed, "");
        scene_turn(&bench.scene);
    }
    CU_ASSERT_PTR_NULL(find(&bench.tallies, 'a'));
    bench_close(&bench);
    CU_ASSERT_EQUAL(bench.means.retired, 1);
}

static void test_what_waits_is_refused_by_a_break(void) {
    struct bench bench;
    bench_open(&bench, 0);
    struct tally *tally = hold(&bench, &bench.tallies, 'a');
    ask(tally, 'x', false);
    ask(tally, 'Y', true);
    followed_break(&tally->followed, REFUSAL_INTERNAL, NULL);
    scene_turn_workers(&bench.scene);
    CU_ASSERT_STRING_EQUAL(tally->refused, "xY");
    CU_ASSERT_EQUAL(tally->why, REFUSAL_INTERNAL);
    ask(tally, 'z', false); /* as long as it is held everything is refused */
    scene_turn_workers(&bench.scene);
    CU_ASSERT_STRING_EQUAL(tally->refused, "xYz");
    let_go(tally);
    scene_turn_workers(&bench.scene);
    CU_ASSERT_PTR_NULL(find(&bench.tallies, 'a'));
    bench_close(&bench);
}

static void test_none_such(void) {
    struct bench bench;
    bench_open(&bench, 0);
    bench.means.fits = false;
    struct tally *tally = get(&bench.tallies, 'a');
    tally->held = true;
    ask(tally, 'x', false);
    while (tally->refused[0] == '\0') {
        scene_turn(&bench.scene);
    }
    CU_ASSERT_EQUAL(tally->why, REFUSAL_NO_SUCH_COHORT);
    CU_ASSERT_EQUAL(tally->opened, 0);
    bench_close(&bench);
}

/* Who asks for a broken one in the same turn may be luckier; but not while somebody holds it. */
static void test_broken_and_asked_for_again(void) {
    struct bench bench;
    bench_open(&bench, 0);
    struct tally *tally = hold(&bench, &bench.tallies, 'a');
    followed_break(&tally->followed, REFUSAL_STORAGE, NULL);
    CU_ASSERT_PTR_EQUAL(get(&bench.tallies, 'a'), tally);
    tally->held = false;
    struct tally *again = get(&bench.tallies, 'a');
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    CU_ASSERT_PTR_NOT_EQUAL(again, tally);
    CU_ASSERT_EQUAL(again->followed.state, FOLLOWED_LOADING);
    CU_ASSERT_EQUAL(bench.means.retired, 1);
    CU_ASSERT_EQUAL(bench.means.freed, 0); /* it may still be in use further up the stack */
    ask(again, 'x', false);
    await_said(&bench, again, "x"); /* the log is followed */
    CU_ASSERT_EQUAL(bench.means.freed, 1);
    bench_close(&bench);
}

/* ---- rest ---- */

static void test_rest(void) {
    struct bench bench;
    bench_open(&bench, 0);
    struct tally *first = hold(&bench, &bench.tallies, 'a');
    struct tally *second = hold(&bench, &bench.tallies, 'b');
    struct tally *third = hold(&bench, &bench.tallies, 'c');
    followed_wake_at(&first->followed, bench.scene.now + 1000);
    let_go(first);
    CU_ASSERT_FALSE(first->followed.resting); /* not inside the call */
    scene_turn_workers(&bench.scene);
    CU_ASSERT_TRUE(first->followed.resting);
    CU_ASSERT_EQUAL(first->followed.wake, -1); /* who rests waits for nothing */
    let_go(second);
    scene_turn_workers(&bench.scene);
    CU_ASSERT_PTR_EQUAL(get(&bench.tallies, 'a'), first); /* which ends its rest */
    followed_touch(&first->followed);
    scene_turn_workers(&bench.scene);
    CU_ASSERT_EQUAL(bench.tallies.resting_count, TALLIES_RESTING_MAX);
    let_go(third);
    scene_turn_workers(&bench.scene);
    CU_ASSERT_PTR_NULL(find(&bench.tallies, 'b')); /* the one that has rested longest */
    CU_ASSERT_PTR_EQUAL(find(&bench.tallies, 'a'), first);
    bench_close(&bench);
    CU_ASSERT_EQUAL(bench.means.freed, 3);
}

static void test_only_so_many_in_use(void) {
    struct bench bench;
    bench_open(&bench, 2);
    struct tally *first = hold(&bench, &bench.tallies, 'a');
    hold(&bench, &bench.tallies, 'b');
    CU_ASSERT_PTR_NULL(get(&bench.tallies, 'c'));
    let_go(first);
    scene_turn_workers(&bench.scene);
    struct tally *third = hold(&bench, &bench.tallies, 'c'); /* for which the first goes */
    CU_ASSERT_PTR_NULL(find(&bench.tallies, 'a'));
    let_go(third);
    scene_turn_workers(&bench.scene);
    CU_ASSERT_PTR_EQUAL(get(&bench.tallies, 'c'), third);
    bench_close(&bench);
}

/* A log that goes on elsewhere is not folded along for nobody. */
static void test_resting_one_retires_when_its_log_goes_on(void) {
    struct bench bench;
    bench_open(&bench, 0);
    let_go(hold(&bench, &bench.tallies, 'a'));
    scene_turn_workers(&bench.scene);
    ask(hold(&bench, &bench.others, 'a'), 'x', false);
    await_said(&bench, find(&bench.others, 'a'), "x");
    CU_ASSERT_PTR_NULL(find(&bench.tallies, 'a'));
    bench_close(&bench);
}

/* ---- one log as two kinds, many logs, moments ---- */

static void test_one_log_as_two_kinds(void) {
    struct bench bench;
    bench_open(&bench, 0);
    bench.means.fits = false;
    struct tally *stranger = get(&bench.tallies, 'a');
    struct tally *tally = hold(&bench, &bench.others, 'a');
    while (find(&bench.tallies, 'a') == stranger) { /* it is none of these, and goes */
        scene_turn(&bench.scene);
    }
    ask(tally, 'x', false);
    await_said(&bench, tally, "x"); /* and the other hears of its log as before */
    bench_close(&bench);
}

static void test_many(void) {
    enum { MANY = 200 };
    struct bench bench;
    bench_open(&bench, 0);
    struct tally *all[MANY];
    char id[ROOM_ID_BYTES + 1];
    log_id('-', id);
    for (unsigned i = 0; i < MANY; i++) {
        id[0] = (char)('a' + i % 26);
        id[1] = (char)('a' + i / 26);
        all[i] = (struct tally *)following_get(&bench.tallies, id);
        CU_ASSERT_PTR_NOT_NULL_FATAL(all[i]);
    }
    CU_ASSERT_EQUAL(bench.tallies.table.count, MANY);
    for (unsigned i = 0; i < MANY; i++) {
        id[0] = (char)('a' + i % 26);
        id[1] = (char)('a' + i / 26);
        CU_ASSERT_PTR_EQUAL(following_find(&bench.tallies, id), &all[i]->followed);
    }
    while (bench.tallies.table.count > TALLIES_RESTING_MAX) { /* nobody holds them */
        scene_turn(&bench.scene);
    }
    bench_close(&bench);
    CU_ASSERT_EQUAL(bench.means.freed, MANY);
}

static void test_moments(void) {
    struct bench bench;
    bench_open(&bench, 0);
    struct scene *scene = &bench.scene;
    struct tally *early = hold(&bench, &bench.tallies, 'a');
    struct tally *late = hold(&bench, &bench.others, 'b');
    followed_wake_at(&early->followed, scene->now + 10);
    followed_wake_at(&late->followed, scene->now + 20);
    followed_touch(&late->followed);
    scene_turn_workers(scene);
    CU_ASSERT_EQUAL(scene->workers[0].desk.wake, scene->now + 10);
    scene_pass(scene, 9);
    CU_ASSERT_EQUAL(early->woke, 0);
    scene_pass(scene, 1);
    CU_ASSERT_EQUAL(early->woke, 1);
    CU_ASSERT_EQUAL(late->woke, 0);
    CU_ASSERT_EQUAL(scene->workers[0].desk.wake, scene->now + 10);
    scene_pass(scene, 10);
    CU_ASSERT_EQUAL(early->woke, 1);
    CU_ASSERT_EQUAL(late->woke, 1);
    CU_ASSERT_EQUAL(scene->workers[0].desk.wake, -1);
    bench_close(&bench);
}

static CU_TestInfo tests[] = {
    {"all is decided at the end of the turn", test_decided_at_the_end_of_the_turn},
    {"a conflict is decided again", test_a_conflict_is_decided_again},
    {"a step of its own", test_a_step_of_its_own},
    {"what is owed keeps its order", test_owed_in_order},
    {"a break while an append flies", test_break_while_an_append_flies},
    {"what waits is refused by a break", test_what_waits_is_refused_by_a_break},
    {"a log of another kind", test_none_such},
    {"a broken one is asked for again", test_broken_and_asked_for_again},
    {"rest", test_rest},
    {"only so many are in use", test_only_so_many_in_use},
    {"one that rests goes when its log goes on", test_resting_one_retires_when_its_log_goes_on},
    {"one log as two kinds", test_one_log_as_two_kinds},
    {"many", test_many},
    {"moments", test_moments},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"following", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
