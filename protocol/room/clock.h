/* SPDX-License-Identifier: ISC */
/*
 * clock.h: phase-clock arithmetic. Nothing ticks: a reading is computed from the fold and a moment.
 */
#ifndef SPAR_PROTOCOL_ROOM_CLOCK_H
#define SPAR_PROTOCOL_ROOM_CLOCK_H

#include "protocol/room/room.h"

/*
 * All in ms. left is below 0 once the phase's time is used up; over is what neither the phase nor
 * the reserve has, and 0 before that. whole_elapsed is the running time of the interview (pauses
 * left out), whole_budget that of all phases and of the reserve.
 *
 * In a room of the second rules (clock_is_one) phase_budget is what the phase has until its planned
 * moment, phase_ends that moment as running time of the interview, and carried what it got from the
 * phases before it (below 0: what they owe it). reserve are the spare minutes of the plan. In
 * earlier rooms a phase has its budget, and carried and reserve are 0.
 */
struct clock_reading {
    uint8_t phase;
    bool running;
    int64_t phase_elapsed, phase_budget, phase_left, phase_over;
    int64_t whole_elapsed, whole_budget;
    int64_t carried, phase_ends;
    int64_t reserve, reserve_left;
};
struct clock_reading clock_read(const struct room *room, int64_t now);

/* Whether minutes saved go on to the next phase, a plan has a reserve and alarms follow the plan.
 */
static inline bool clock_is_one(const struct room *room) {
    return room->rules >= 2;
}
/* ms of the framework, stretched as this room's plan is (rounded down). */
int64_t clock_stretched(const struct room *room, int64_t ms);
/* The spare minutes of this room's plan, ms; 0: it has none. */
int64_t clock_reserve(const struct room *room);
/* What a phase may take: allowed and carried as in a reading, and what of the reserve it may use
 * besides. Of a phase that the clock has not come to: its budget. ms. */
struct clock_share {
    int64_t allowed, carried, reserve;
};
struct clock_share clock_share(const struct room *room, uint8_t phase, int64_t now);
/* What a phase took from others up to now: beyond what it was allowed and the reserve. ms, from 0.
 */
int64_t clock_phase_over(const struct room *room, uint8_t phase, int64_t now);
/* How much later than planned a phase begins if it begins now, the reserve spent first: the time
 * that the phases before it took too much. ms; below 0: it is not late. */
int64_t clock_late(const struct room *room, uint8_t phase, int64_t now);
/* The whole interview as planned, without what was added to phases or taken from them. ms. */
int64_t clock_planned(const struct room *room) __attribute__((warn_unused_result));
/* Time spent in a phase up to now, and its budget with what was added. ms. */
int64_t clock_spent(const struct room *room, uint8_t phase, int64_t now);
int64_t clock_budget(const struct room *room, uint8_t phase);
/* "12:05", "-0:30", "1:02:03" into out (at least 24 bytes for any ms; cut off if less). Whole
 * seconds, towards zero. */
void clock_text(char *out, size_t size, int64_t ms);
/* ms as whole seconds of ms, towards minus infinity: the difference that fits to two times shown
 * side by side, "4:50 of 5:00" for 290.6 s is 0:10 short and not 0:09. The least ms stay where they
 * are, towards zero. */
int64_t clock_whole(int64_t ms);

/* What a move does to the running of the clock. */
enum clock_runs { CLOCK_AS_BEFORE, CLOCK_RUNS, CLOCK_STANDS };
enum clock_runs clock_runs_after(const struct room_move *move);

/* Whether a moment is before the interview, in it or after it. */
enum clock_when { CLOCK_BEFORE, CLOCK_DURING, CLOCK_AFTER };
/* How long the interview had run at a moment of room time, pauses left out, as far as the room
 * knows its moves: ms. when may be NULL. */
int64_t clock_running_at(const struct room *room, int64_t at, enum clock_when *when);
/* The first moment at which it had run so long (ms, from 0); -1: it never did. */
int64_t clock_moment_of(const struct room *room, int64_t running);

/* Transitions used by room_apply, which has checked that they fit. at: ms of room time, above 0. A
 * finish clears a pause. */
void clock_start(struct room_clock *clock, int64_t at);
void clock_pause(struct room_clock *clock, int64_t at);
void clock_resume(struct room_clock *clock, int64_t at);
void clock_enter(struct room_clock *clock, uint8_t phase, int64_t at);
void clock_finish(struct room_clock *clock, int64_t at);
/* Takes the finish back: the clock runs on, or stands paused, as it did before; the time between
 * counts neither for the interview nor for the pause. */
void clock_unfinish(struct room_clock *clock, int64_t at);

#endif
