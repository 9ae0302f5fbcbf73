/* SPDX-License-Identifier: ISC */
/*
 * Purpose: bodies of the board's commands.
 */
#include "tests/support/board_bodies.h"

struct body body_thing(enum action act, int64_t thing) {
    return (struct body){.act = act, .has = F(thing), .thing = thing};
}

struct body body_worded(enum action act, int64_t thing, const char *text) {
    struct body body = body_thing(act, thing);
    body.has |= F(text);
    body.text = span_of(text);
    return body;
}

struct body body_at(enum action act, int64_t thing, int64_t col, int64_t row) {
    struct body body = body_thing(act, thing);
    body.has |= F(col) | F(row);
    body.col = col;
    body.row = row;
    return body;
}

struct body body_box(int64_t thing, int64_t col, int64_t row, const char *text) {
    struct body body = body_at(ACTION_BOX_ADD, thing, col, row);
    body.has |= F(text);
    body.text = span_of(text);
    return body;
}

struct body body_arrow(int64_t thing, int64_t from, int64_t to, const char *label) {
    struct body body = body_worded(ACTION_ARROW_ADD, thing, label);
    body.has |= F(from) | F(to);
    body.from = from;
    body.to = to;
    return body;
}

struct body body_frame(int64_t thing, int64_t col, int64_t row, int64_t cols, int64_t rows,
                       const char *text) {
    struct body body = body_box(thing, col, row, text);
    body.act = ACTION_FRAME_ADD;
    body.has |= F(cols) | F(rows);
    body.cols = cols;
    body.rows = rows;
    return body;
}
