/* SPDX-License-Identifier: ISC */
/*
 * room_time.h: the one clock of all rooms: room time = epoch + real ms since the epoch * rate.
 *
 * The wall clock is read once, at the start; from then on the monotonic one counts, so a changed
 * wall clock moves nothing. The epoch is the journal's, so room time goes on across restarts. It
 * never goes back: where the wall clock was set back in between (or the rate lowered) it goes on
 * from the latest event, and clocks do not stand still. Where several servers share a journal, it
 * follows that one's clock by what room_time_ask brings (slew.h).
 */
#ifndef SPAR_SERVER_BASE_ROOM_TIME_H
#define SPAR_SERVER_BASE_ROOM_TIME_H

#include <stdint.h>

#include "server/base/slew.h"

struct room_clock; /* follows the journal's; its own lock */

struct room_time {
    int64_t start;            /* room time, ms, at `monotonic` */
    int64_t monotonic;        /* ms; with a clock: µs that it said */
    int64_t rate;             /* room ms per real ms */
    int64_t behind;           /* room ms that the wall clock lacked at the start */
    struct room_clock *clock; /* NULL: this machine's goes */
};

/* Reads both clocks. epoch: journal_epoch(), real ms. ahead: ms that the journal's clock is ahead
 * of this machine's (journal_postgres_open; 0: it is this machine's). latest: room time that has
 * been, so that it begins no earlier. */
struct room_time room_time_start(int64_t epoch, int64_t ahead, unsigned rate, int64_t latest);
/* From now on it goes by that clock. */
void room_time_follow(struct room_time *time, struct room_clock *clock);
/* ms of room time now. time: a struct room_time. Any thread. */
int64_t room_time_now(const void *time);

/* NULL: no memory. */
struct room_clock *room_clock_new(void) __attribute__((warn_unused_result));
/* ahead: ms that the journal's clock is ahead of this machine's. What was taken before counts for
 * nothing. */
void room_clock_start(struct room_clock *clock, int64_t ahead);
void room_clock_free(struct room_clock *clock); /* NULL is allowed */
/* The moment of this machine for a sample, µs. Any thread. */
int64_t room_clock_moment(void);
/* Any thread. True: see slew_take. off: µs that it was behind the journal's clock then. */
bool room_clock_take(struct room_clock *clock, const struct slew_sample *sample, int64_t *off);

#endif
