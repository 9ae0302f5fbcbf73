/* SPDX-License-Identifier: ISC */
/*
 * journal_memory.h: a journal in memory for tests, with knobs to delay, conflict and fail on
 * demand.
 *
 * The same queue, thread, comparing and publishing as the SQLite journal (server/journal/core.c)
 * over a store in RAM, so that what a test sees here is what the server does. The knobs are for any
 * thread; each takes effect on what the journal's thread has not begun yet, so a test that wants to
 * be exact holds first, posts, awaits, turns the knob and releases; or it sets up the gate, and
 * then says itself how much is taken at a time.
 */
#ifndef SPAR_SERVER_JOURNAL_MEMORY_H
#define SPAR_SERVER_JOURNAL_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "server/journal/journal.h"

struct journal_memory; /* the knobs; live until journal_close */

/* boot 1, epoch 0. `knobs` may be NULL. NULL: no memory or no thread. */
struct journal *journal_memory_open(struct journal_memory **knobs)
    __attribute__((warn_unused_result));

/* From now on each commit waits just before it takes effect: appended, but not yet committed. */
void journal_memory_hold(struct journal_memory *knobs);
/* Barrier: returns once the journal's thread stands in a held commit; with a gate, lets through
 * what was posted so far. */
void journal_memory_await_held(struct journal_memory *knobs);
/* Lets the held commit and those after it go on; with a gate, returns once the thread stands
 * there. */
void journal_memory_release(struct journal_memory *knobs);

/*
 * From now on the journal's thread takes nothing of itself: it stands at a gate. Before the start
 * of traffic, by the one thread that passes later; returns once the thread stands there.
 */
void journal_memory_gate(struct journal_memory *knobs);
/*
 * Lets the thread take all that was posted so far, as one, and returns once every answer to it was
 * given (to `events`, `appended`, `history`, `rooms`, and then `told`) and the thread stands at
 * the gate again. Or in a held commit: then it goes on to the gate when that is released,
 * and until then a call lets nothing through.
 */
void journal_memory_pass(struct journal_memory *knobs);
/* The thread goes its own pace again. Before journal_close, which would wait at the gate for
 * ever. */
void journal_memory_ungate(struct journal_memory *knobs);

/* With the next pass of the gate those servers live. */
void journal_memory_leases(struct journal_memory *knobs, const struct leases *leases);

/* The next `count` appends are answered FAILED each, without touching the store. */
void journal_memory_fail_next(struct journal_memory *knobs, unsigned count);
/* The next `count` appends are answered CONFLICT though nothing stands against them. */
void journal_memory_conflict_next(struct journal_memory *knobs, unsigned count);
/* The next `count` commits fail as a full disk does: every append of the batch is answered
 * FAILED. */
void journal_memory_fail_commits(struct journal_memory *knobs, unsigned count);

#endif
