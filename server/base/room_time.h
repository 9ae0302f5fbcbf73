/* SPDX-License-Identifier: ISC */
/*
 * room_time.h: the one clock of all rooms: room time = epoch + real ms since the epoch * rate.
 *
 * The wall clock is read once, at the start; from then on the monotonic one counts, so a changed
 * wall clock moves nothing. The epoch is the journal's, so room time goes on across restarts. It
 * never goes back: where the wall clock was set back in between (or the rate lowered) it goes on
 * from the latest event, and clocks do not stand still.
 */
#ifndef SPAR_SERVER_BASE_ROOM_TIME_H
#define SPAR_SERVER_BASE_ROOM_TIME_H

#include <stdint.h>

struct room_time {
    int64_t start;     /* room time, ms, at `monotonic` */
    int64_t monotonic; /* ms */
    int64_t rate;      /* room ms per real ms */
    int64_t behind;    /* room ms that the wall clock lacked at the start */
};

/* Reads both clocks. epoch: journal_epoch(), real ms. latest: room time that has been, so that it
 * begins no earlier. */
struct room_time room_time_start(int64_t epoch, unsigned rate, int64_t latest);
/* ms of room time now. time: a struct room_time. Any thread. */
int64_t room_time_now(const void *time);

#endif
