/* SPDX-License-Identifier: ISC */
/*
 * interval.h: ms as libevent takes them, and the monotonic clock in ms.
 */
#ifndef SPAR_SERVER_BASE_INTERVAL_H
#define SPAR_SERVER_BASE_INTERVAL_H

#include <stdint.h>
#include <sys/time.h>
#include <time.h>

static inline struct timeval interval_ms(long ms) {
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L};
}

/* ms of the clock that nobody sets. */
static inline int64_t interval_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
