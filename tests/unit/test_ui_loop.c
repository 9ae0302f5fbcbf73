/* SPDX-License-Identifier: ISC */
/*
 * Purpose: however often something changes, a screen is drawn no oftener than its gap allows, on a
 * clock that the test turns; and what changed last is drawn.
 */
#include "client/screen/ui_loop.h"

#include "client/screen/wall_ui.h"
#include "tests/support/test_main.h"

static int64_t now;
static int drawn, changes, drawn_changes;
static int64_t last_at, least_gap;

static int64_t read_clock(void) {
    return now;
}

static void ignore_input(void *ctx) {
    (void)ctx;
}

static void ignore_signal(void *ctx, int number) {
    (void)ctx, (void)number;
}

static int64_t note_drawing(void *ctx) {
    (void)ctx;
    if (drawn > 0 && now - last_at < least_gap) {
        least_gap = now - last_at;
    }
    drawn++;
    drawn_changes = changes;
    last_at = now;
    return -1;
}

static struct event_base *open_loop(struct ui_loop *loop, int64_t gap) {
    const struct ui_loop_handler handler = {ignore_input, ignore_signal, note_drawing, NULL};
    struct event_base *base = event_base_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(base);
    now = 1000000;
    drawn = changes = drawn_changes = 0;
    least_gap = INT64_MAX;
    CU_ASSERT_FATAL(ui_loop_open(loop, base, &handler, read_clock, gap));
    return base;
}

static void close_loop(struct ui_loop *loop, struct event_base *base) {
    ui_loop_close(loop);
    event_base_free(base);
}

static void change(struct ui_loop *loop, struct event_base *base) {
    changes++;
    ui_loop_changed(loop);
    (void)event_base_loop(base, EVLOOP_NONBLOCK);
}

static void test_the_walls_gap(void) {
    struct ui_loop loop;
    struct event_base *base = open_loop(&loop, WALL_REDRAW_MS);
    for (int ms = 0; ms < 3000; ms++, now++) {
        change(&loop, base);
    }
    CU_ASSERT(drawn >= 1);
    CU_ASSERT(drawn <= 3000 / WALL_REDRAW_MS);
    CU_ASSERT(least_gap >= WALL_REDRAW_MS);
    now += WALL_REDRAW_MS;
    while (drawn_changes < changes) { /* libevent's own clock is real: waits for its timer once */
        CU_ASSERT_FATAL(event_base_loop(base, EVLOOP_ONCE) == 0);
    }
    CU_ASSERT(least_gap >= WALL_REDRAW_MS);
    close_loop(&loop, base);
}

/* A timer that comes before its time, as clocks of two kinds may disagree, draws nothing yet. */
static void test_a_standing_clock(void) {
    struct ui_loop loop;
    struct event_base *base = open_loop(&loop, 5);
    for (int i = 0; i < 3; i++) {
        change(&loop, base);
        (void)event_base_loop(base, EVLOOP_ONCE | (i == 0 ? EVLOOP_NONBLOCK : 0));
    }
    CU_ASSERT_EQUAL(drawn, 1);
    CU_ASSERT_EQUAL(drawn_changes, 1);
    close_loop(&loop, base);
}

static void test_no_gap(void) {
    struct ui_loop loop;
    struct event_base *base = open_loop(&loop, 0);
    for (int i = 0; i < 20; i++) {
        ui_loop_changed(&loop);
        change(&loop, base);
    }
    CU_ASSERT_EQUAL(drawn, 20); /* one for each turn, not for each change */
    close_loop(&loop, base);
}

static void test_at_once(void) {
    struct ui_loop loop;
    struct event_base *base = open_loop(&loop, WALL_REDRAW_MS);
    ui_loop_draw(&loop);
    ui_loop_draw(&loop);
    CU_ASSERT_EQUAL(drawn, 2);
    change(&loop, base);
    CU_ASSERT_EQUAL(drawn, 2);
    close_loop(&loop, base);
}

static CU_TestInfo tests[] = {
    {"at most ten drawings of the wall a second", test_the_walls_gap},
    {"a timer before its time", test_a_standing_clock},
    {"one drawing a turn", test_no_gap},
    {"drawing at once", test_at_once},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"ui_loop", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
