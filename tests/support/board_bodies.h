/* SPDX-License-Identifier: ISC */
/*
 * Purpose: bodies of the board's commands, for tests. They borrow their texts.
 */
#ifndef SPAR_TESTS_SUPPORT_BOARD_BODIES_H
#define SPAR_TESTS_SUPPORT_BOARD_BODIES_H

#include "protocol/wire/action.h"

struct body body_thing(enum action act, int64_t thing);
struct body body_worded(enum action act, int64_t thing, const char *text);
struct body body_at(enum action act, int64_t thing, int64_t col, int64_t row);
struct body body_box(int64_t thing, int64_t col, int64_t row, const char *text);
struct body body_arrow(int64_t thing, int64_t from, int64_t to, const char *label);
struct body body_frame(int64_t thing, int64_t col, int64_t row, int64_t cols, int64_t rows,
                       const char *text);

#endif
