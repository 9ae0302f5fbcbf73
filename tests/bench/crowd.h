/* SPDX-License-Identifier: ISC */
/*
 * crowd.h: people who come into rooms of three, at most so many at once.
 */
#ifndef SPAR_BENCH_CROWD_H
#define SPAR_BENCH_CROWD_H

#include "tests/bench/load.h"

enum { SETTLE_MS = 500 }; /* until what was begun has come to everybody */

/* Prepares the rooms of so many members on the bench's target and has all come in; each to the node
 * of its role, where the bench has several. False: not everybody came. */
bool crowd_open(struct bench *bench, uint32_t members) __attribute__((warn_unused_result));
/* Connects everybody who is not in a room. False: not everybody came. */
bool crowd_come(struct pool *pool) __attribute__((warn_unused_result));
/* Starts every room's clock. */
void crowd_start(struct bench *bench);
/* Turns the loop for so long. */
void crowd_wait(struct pool *pool, int64_t ms);

#endif
