/* SPDX-License-Identifier: ISC */
/*
 * bench_board.c: a board at its bounds: how long it takes to fold it from its events and to lay it
 * out.
 *
 * usage: bench_board   (best and median of ROUNDS, in microseconds)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/board/layout.h"

enum { ROUNDS = 200, ID = 65536 };

static int64_t ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void take(struct board *board, struct body body) {
    body.thing = board_next_id(board, 1);
    body.has |= F(thing);
    if (board_check(board, 1, &body) != REFUSAL_NONE || !board_take(board, 1, &body, 1)) {
        fprintf(stderr, "the board does not take it\n");
        exit(1);
    }
}

static void add_rest(struct board *board, unsigned most, struct body body) {
    for (unsigned i = 0; i < most; i++) {
        take(board, body);
    }
}

static void fill(struct board *board) {
    struct span text = span_of("Kafka \xe2\x89\xa0 Kinesis: replay; 50 MB/s; R1 R2 R3");
    for (int i = 0; i < BOARD_BOXES_MAX; i++) {
        take(board, (struct body){.act = ACTION_BOX_ADD,
                                  .has = F(col) | F(row) | F(text),
                                  .col = i % BOARD_COLS_MAX,
                                  .row = i / BOARD_COLS_MAX,
                                  .text = text});
    }
    for (int i = 0; i < BOARD_ARROWS_MAX; i++) {
        int from = i % BOARD_BOXES_MAX;
        int to = (from * 7 + 13 + i / BOARD_BOXES_MAX) % BOARD_BOXES_MAX;
        take(board, (struct body){.act = ACTION_ARROW_ADD,
                                  .has = F(from) | F(to) | F(text),
                                  .from = ID + 1 + from,
                                  .to = ID + 1 + (to == from ? (to + 2) % BOARD_BOXES_MAX : to),
                                  .text = span_of("R1")});
    }
    struct body area = {.act = ACTION_FRAME_ADD,
                        .has = F(col) | F(row) | F(cols) | F(rows) | F(text),
                        .cols = 3,
                        .rows = 2,
                        .text = span_of("EU")};
    add_rest(board, BOARD_FRAMES_MAX, area);
    area.act = ACTION_SPAN_ADD;
    add_rest(board, BOARD_SPANS_MAX, area);
    char points[BOARD_POINTS_MAX * BOARD_POINT_BYTES] = {0};
    add_rest(board, BOARD_STROKES_MAX,
             (struct body){
                 .act = ACTION_STROKE_ADD, .has = F(points), .points = {points, sizeof points}});
    add_rest(board, BOARD_REQS_MAX,
             (struct body){.act = ACTION_REQ_ADD, .has = F(text), .text = span_of("50 MB/s")});
    add_rest(board, BOARD_LINES_MAX,
             (struct body){.act = ACTION_SHEET_WRITE, .has = F(text), .text = span_of("later")});
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void say(const char *what, int64_t times[ROUNDS]) {
    qsort(times, ROUNDS, sizeof *times, compare);
    int64_t middle = times[ROUNDS / 2];
    printf("%-8s %8.1f %8.1f us\n", what, (double)times[0] / 1e3, (double)middle / 1e3);
}

int main(void) {
    static int64_t folds[ROUNDS], layouts[ROUNDS];
    static struct board_layout layout;
    for (int i = 0; i < ROUNDS; i++) {
        struct board board = {0};
        int64_t start = ns();
        fill(&board);
        int64_t filled = ns();
        layout_board(&board, &layout);
        layouts[i] = ns() - filled;
        folds[i] = filled - start;
        board_free(&board);
    }
    say("fold", folds);
    say("layout", layouts);
    return 0;
}
