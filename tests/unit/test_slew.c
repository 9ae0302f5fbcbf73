/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a clock that follows another over a network: within half of a round trip and what drifts
 * between two answers, for two hours, whichever way it drifts and however one-sided the network is;
 * never back; after a jump of the other one it goes there slowly, and says so.
 */
#include "tests/support/test_main.h"

#include "server/base/slew.h"
#include "tests/support/dice.h"

enum {
    BEAT_US = 500000,
    STEP_US = 10000,          /* between two looks at the clock */
    HOURS_2 = 2 * 60 * 60 * 2 /* beats */
};

/* The other clock, by this machine's. */
struct world {
    int64_t now, offset; /* offset: once it was set */
    int ppm;             /* that it runs faster */
    int64_t there, back; /* ways of the network */
    struct slew slew;
    int64_t last;
    unsigned turned, backwards;
    int64_t worst;
};

static int64_t other_at(const struct world *world, int64_t at) {
    return at + world->offset + at / 1000 * world->ppm / 1000;
}

static struct world world_of(int ppm, int64_t there, int64_t back) {
    struct world world = {
        .now = 1000000, .offset = 77000000, .ppm = ppm, .there = there, .back = back};
    world.slew = slew_start(world.now, other_at(&world, world.now) + 3000, 50000);
    world.last = slew_now(&world.slew, world.now);
    return world;
}

static void look(struct world *world) {
    int64_t says = slew_now(&world->slew, world->now);
    world->backwards += says < world->last;
    world->last = says;
    int64_t off = says - other_at(world, world->now);
    off = off < 0 ? -off : off;
    world->worst = off > world->worst ? off : world->worst;
}

/* Time goes on by a beat, at whose end an answer is taken. */
static void beat(struct world *world) {
    int64_t end = world->now + BEAT_US;
    for (; world->now < end - world->there - world->back; world->now += STEP_US) {
        look(world);
    }
    struct slew_sample sample = {.sent = world->now};
    sample.said = other_at(world, world->now + world->there);
    sample.came = world->now + world->there + world->back;
    world->now = sample.came;
    world->turned += slew_take(&world->slew, &sample);
    look(world);
}

static void run(struct world *world, int beats) {
    for (int i = 0; i < beats; i++) {
        beat(world);
    }
}

static void follows(int ppm, int64_t there, int64_t back) {
    struct world world = world_of(ppm, there, back);
    run(&world, 60);
    world.worst = 0;
    run(&world, HOURS_2);
    /* Twice what drifts apart at 200 ppm from one answer to the next. */
    CU_ASSERT_TRUE(world.worst <= (there + back) / 2 + 215);
    CU_ASSERT_TRUE(slew_error(&world.slew, world.now) >= world.worst / 2);
    CU_ASSERT_EQUAL(world.backwards, 0);
    CU_ASSERT_EQUAL(world.turned, 0);
}

static void test_drift(void) {
    for (int ppm = -200; ppm <= 200; ppm += 200) {
        follows(ppm, 100, 100);
        follows(ppm, 4000, 4000);
        follows(ppm, 0, 6000); /* all of it one way: the worst that there is */
        follows(ppm, 6000, 0);
    }
}

/* Now and then a way takes long: such an answer places nothing, and moves nothing. */
static void test_late_answers(void) {
    struct world world = world_of(200, 200, 200);
    uint64_t dice = 7;
    run(&world, 60);
    world.worst = 0;
    for (int i = 0; i < HOURS_2; i++) {
        world.back = dice_roll(&dice) % 4 == 0 ? 200 + (int64_t)(dice_roll(&dice) % 300000) : 200;
        beat(&world);
    }
    CU_ASSERT_TRUE(world.worst < 1500);
    CU_ASSERT_EQUAL(world.backwards, 0);
}

/* Another database has become the primary, whose clock is another. */
static void jumps(int64_t by) {
    struct world world = world_of(0, 300, 300);
    run(&world, 60);
    world.offset += by;
    int64_t size = by < 0 ? -by : by;
    int64_t before = world.now, said = slew_now(&world.slew, world.now);
    beat(&world);
    CU_ASSERT_EQUAL(world.turned, 1);
    run(&world, 120);
    int64_t moved = slew_now(&world.slew, world.now) - said - (world.now - before);
    CU_ASSERT_TRUE(moved * (by < 0 ? -1 : 1) > 0);
    int64_t most = (int64_t)61 * SLEW_PPM; /* a minute, and a bit */
    CU_ASSERT_TRUE(moved <= most && moved >= -most);
    run(&world, (int)(size / SLEW_PPM * 2) + 4); /* half a second each */
    world.worst = 0;
    beat(&world);
    CU_ASSERT_TRUE(world.worst <= 1000);
    CU_ASSERT_EQUAL(world.turned, 2);
    CU_ASSERT_EQUAL(world.backwards, 0);
}

static void test_jump(void) {
    jumps((int64_t)3 * SLEW_FAR_US);
    jumps((int64_t)-3 * SLEW_FAR_US);
}

/* The way has become longer for good: its answers count again after a while. */
static void test_longer_way(void) {
    struct world world = world_of(200, 100, 100);
    run(&world, 60);
    world.there = world.back = 20000;
    run(&world, 400);
    world.worst = 0;
    run(&world, 400);
    CU_ASSERT_TRUE(world.worst <= 21000);
    CU_ASSERT_EQUAL(world.backwards, 0);
}

static CU_TestInfo tests[] = {{"either drifts", test_drift},
                              {"answers that come late", test_late_answers},
                              {"the other one is set", test_jump},
                              {"a longer way", test_longer_way},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"slew", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
