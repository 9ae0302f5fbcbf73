/* SPDX-License-Identifier: ISC */
/*
 * Purpose: panes never overlap, never leave the screen, and have the room they need at 80x24.
 */
#include "client/screen/layout.h"

#include <string.h>

#include "tests/support/test_main.h"

enum { PANES = 12 };

static void list_panes(const struct layout *layout, struct rect out[PANES]) {
    const struct rect panes[PANES] = {layout->header, layout->clock,  layout->alarms,
                                      layout->phases, layout->people, layout->tabs,
                                      layout->pane,   layout->talk,   layout->replay,
                                      layout->status, layout->keys,   layout->side};
    memcpy(out, panes, sizeof panes);
}

static bool overlap(const struct rect *a, const struct rect *b) {
    return a->width > 0 && a->height > 0 && b->width > 0 && b->height > 0 &&
           a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

static bool holds(const struct rect *rect, int x, int y) {
    return x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

/* A rule may not cross a pane; returns how many do. */
static int crossed_rules(const struct layout *layout, const struct rect *panes, int width) {
    int crossed = 0;
    for (int i = 0; i < PANES; i++) {
        for (int r = 0; r < 4; r++) {
            int from = r == 2 ? layout->talk.x : 0;
            for (int x = from; layout->rules[r] >= 0 && x < width; x++) {
                crossed += holds(&panes[i], x, layout->rules[r]);
            }
        }
        for (int r = 0; r < 2; r++) {
            for (int y = layout->rules[0] + 1; layout->column_rule[r] >= 0 && y < layout->rules[1];
                 y++) {
                crossed += holds(&panes[i], layout->column_rule[r], y);
            }
        }
    }
    return crossed;
}

static struct layout compute(int width, int height, int phases, bool recording, int alarms) {
    const struct layout_needs needs = {.phases = phases, .recording = recording, .alarms = alarms};
    return layout_compute(width, height, &needs);
}

static struct layout with_board(int width, int height, enum layout_board board) {
    const struct layout_needs needs = {.phases = 5, .board = board};
    return layout_compute(width, height, &needs);
}

static int faults_of(int width, int height, const struct layout_needs *needs) {
    struct layout layout = layout_compute(width, height, needs);
    struct rect panes[PANES];
    list_panes(&layout, panes);
    int faults = crossed_rules(&layout, panes, width);
    for (int i = 0; i < PANES; i++) {
        const struct rect *a = &panes[i];
        faults += a->width < 0 || a->height < 0;
        faults += a->width > 0 && a->height > 0 &&
                  (a->x < 0 || a->y < 0 || a->x + a->width > width || a->y + a->height > height);
        for (int j = i + 1; j < PANES; j++) {
            faults += overlap(a, &panes[j]);
        }
    }
    return faults;
}

static int faults_at(int width, int height, int phases, bool recording, int alarms, bool writes) {
    int faults = 0;
    for (int board = LAYOUT_NO_BOARD; board <= LAYOUT_BOARD_WHOLE; board++) {
        const struct layout_needs needs = {.phases = phases,
                                           .recording = recording,
                                           .alarms = alarms,
                                           .writing = writes ? layout_writing_max(height) : 0,
                                           .board = (enum layout_board)board,
                                           .silent = writes};
        faults += faults_of(width, height, &needs);
    }
    return faults;
}

static void test_every_size(void) {
    int faults = 0;
    for (int width = LAYOUT_WIDTH_MIN; width <= 200; width += 3) {
        for (int height = LAYOUT_HEIGHT_MIN; height <= 70; height++) {
            for (int phases = 2; phases <= 8; phases += 3) {
                faults += faults_at(width, height, phases, false, 0, false);
                faults += faults_at(width, height, phases, true, 0, false);
                faults += faults_at(width, height, phases, false, 9, true);
                faults += faults_at(width, height, phases, true, 9, true);
            }
        }
    }
    CU_ASSERT_EQUAL(faults, 0);
}

static void test_least_size(void) {
    CU_ASSERT_EQUAL(compute(LAYOUT_WIDTH_MIN - 1, 24, 5, false, 0).shape, LAYOUT_TOO_SMALL);
    CU_ASSERT_EQUAL(compute(80, LAYOUT_HEIGHT_MIN - 1, 5, false, 0).shape, LAYOUT_TOO_SMALL);
    CU_ASSERT_EQUAL(compute(LAYOUT_WIDTH_MIN, LAYOUT_HEIGHT_MIN, 5, false, 0).shape, LAYOUT_STRIP);
}

static void test_common_sizes(void) {
    struct layout small = compute(80, 24, 5, false, 0);
    CU_ASSERT_EQUAL(small.shape, LAYOUT_STRIP);
    /* The longest list of the framework alone has 13 items; a longer one scrolls. */
    CU_ASSERT(small.pane.height >= 13);
    CU_ASSERT_EQUAL(small.clock.height, 3);
    CU_ASSERT_EQUAL(small.talk.height, 1);
    struct layout large = compute(120, 40, 5, false, 0);
    CU_ASSERT_EQUAL(large.shape, LAYOUT_COLUMNS);
    CU_ASSERT(large.pane.height >= 20);
    CU_ASSERT(large.phases.height >= 10);
    CU_ASSERT(large.people.height >= 3);
    /* The pane of all that was said needs no second place for its end. */
    const struct layout_needs talks = {.phases = 5, .talks = true};
    CU_ASSERT_EQUAL(layout_compute(80, 24, &talks).pane.height,
                    small.pane.height + small.talk.height);
    CU_ASSERT_EQUAL(layout_compute(120, 40, &talks).pane.height,
                    large.pane.height + large.talk.height + 1); /* and its rule */
    CU_ASSERT_EQUAL(compute(109, 40, 5, false, 0).shape, LAYOUT_STRIP);
    CU_ASSERT_EQUAL(compute(110, 29, 5, false, 0).shape, LAYOUT_STRIP);
    CU_ASSERT_EQUAL(compute(110, 30, 5, false, 0).shape, LAYOUT_COLUMNS);
}

/* Alarms get the lines that they need, and what is below keeps enough. */
static void test_alarms_get_their_lines(void) {
    struct layout small = compute(80, 24, 5, false, 3);
    CU_ASSERT_EQUAL(small.alarms.height, 3);
    CU_ASSERT(small.pane.height >= 10);
    CU_ASSERT_EQUAL(compute(80, 24, 5, false, 1).alarms.height, 1);
    CU_ASSERT_EQUAL(compute(40, 12, 5, false, 3).alarms.height, 1);
    struct layout large = compute(120, 40, 5, false, 8);
    CU_ASSERT_EQUAL(large.alarms.height, 8);
    CU_ASSERT(large.phases.height >= 10);
    CU_ASSERT(large.people.height >= 3);
    CU_ASSERT_EQUAL(compute(120, 40, 5, false, 2).alarms.height, 5);
}

/* What is being written has its lines from the pane, which stays the taller one. */
static void test_writing_gets_its_lines(void) {
    const struct layout_needs needs = {.phases = 5, .writing = layout_writing_max(24)};
    struct layout layout = layout_compute(80, 24, &needs);
    CU_ASSERT_EQUAL(layout.status.height, 6);
    CU_ASSERT(layout.pane.height > layout.status.height);
    CU_ASSERT_EQUAL(layout.keys.y, layout.status.y + 6);
    CU_ASSERT_EQUAL(compute(80, 24, 5, false, 0).status.height, 1);
}

/* A board alone takes the talk's place and the clock's; beside it the rubric keeps enough. */
static void test_board_has_room(void) {
    struct layout small = with_board(80, 24, LAYOUT_BOARD_WHOLE);
    CU_ASSERT(small.pane.height >= 15);
    CU_ASSERT(small.talk.height > 0);
    struct layout large = with_board(120, 40, LAYOUT_BOARD_WHOLE);
    CU_ASSERT_EQUAL(large.pane.width, 120);
    CU_ASSERT_EQUAL(large.talk.height, 2);
    struct layout beside = with_board(120, 40, LAYOUT_BOARD_SIDE);
    CU_ASSERT(beside.pane.width >= 44);
    CU_ASSERT(beside.side.width >= 72);
    struct layout narrow = with_board(119, 40, LAYOUT_BOARD_SIDE);
    CU_ASSERT_EQUAL(narrow.side.width, 0);
    CU_ASSERT_EQUAL(narrow.shape, LAYOUT_COLUMNS);
}

static void test_recording_has_replay_bar(void) {
    CU_ASSERT_EQUAL(compute(80, 24, 5, true, 0).replay.height, 2);
    CU_ASSERT_EQUAL(compute(80, 24, 5, false, 0).replay.height, 0);
}

static CU_TestInfo tests[] = {
    {"alarms get the lines that they need", test_alarms_get_their_lines},
    {"at every size panes keep apart and inside", test_every_size},
    {"there is a least size", test_least_size},
    {"80x24 and 120x40 have what they need", test_common_sizes},
    {"what is written gets its lines", test_writing_gets_its_lines},
    {"a board has the room that it needs", test_board_has_room},
    {"a recording has a replay bar", test_recording_has_replay_bar},
    CU_TEST_INFO_NULL,
};
static CU_SuiteInfo suites[] = {{"layout", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
