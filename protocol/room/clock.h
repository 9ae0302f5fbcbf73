/* SPDX-License-Identifier: ISC */
/*
 * clock.h: phase-clock arithmetic. Nothing ticks: a reading is computed from the fold and a moment.
 */
#ifndef SPAR_PROTOCOL_ROOM_CLOCK_H
#define SPAR_PROTOCOL_ROOM_CLOCK_H

#include "protocol/room/room.h"

/* All in ms. left is negative in overtime; over is 0 unless in overtime. whole_elapsed is the
 * running time of the interview (pauses left out), whole_budget that of all phases. */
struct clock_reading {
    uint8_t phase;
    bool running;
    int64_t phase_elapsed, phase_budget, phase_left, phase_over;
    int64_t whole_elapsed, whole_budget;
};
struct clock_reading clock_read(const struct room *room, int64_t now);
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

/* Transitions used by room_apply, which has checked that they fit. at: ms of room time, above 0. A
 * finish clears a pause. */
void clock_start(struct room_clock *clock, int64_t at);
void clock_pause(struct room_clock *clock, int64_t at);
void clock_resume(struct room_clock *clock, int64_t at);
void clock_enter(struct room_clock *clock, uint8_t phase, int64_t at);
void clock_finish(struct room_clock *clock, int64_t at);

#endif
