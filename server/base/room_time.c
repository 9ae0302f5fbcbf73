/* SPDX-License-Identifier: ISC */
/*
 * room_time.c: room time from the monotonic clock that counts the sleep of the machine too.
 * Immutable once started, so any thread may read it.
 */
#include "server/base/room_time.h"

#include <time.h>

static int64_t read_clock(clockid_t clock) {
    struct timespec moment;
    clock_gettime(clock, &moment);
    return (int64_t)moment.tv_sec * 1000 + moment.tv_nsec / 1000000;
}

struct room_time room_time_start(int64_t epoch, unsigned rate, int64_t latest) {
    int64_t past = read_clock(CLOCK_REALTIME) - epoch;
    /* A wall clock that was set back before the journal's birth must not give negative times. */
    int64_t start = epoch + (past > 0 ? past : 0) * (int64_t)rate;
    return (struct room_time){.start = start > latest ? start : latest,
                              .behind = latest > start ? latest - start : 0,
                              .monotonic = read_clock(CLOCK_BOOTTIME),
                              .rate = rate};
}

int64_t room_time_now(const void *time) {
    const struct room_time *room_time = time;
    return room_time->start + (read_clock(CLOCK_BOOTTIME) - room_time->monotonic) * room_time->rate;
}
