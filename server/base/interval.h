/* SPDX-License-Identifier: ISC */
/*
 * interval.h: ms as libevent takes them.
 */
#ifndef SPAR_SERVER_BASE_INTERVAL_H
#define SPAR_SERVER_BASE_INTERVAL_H

#include <sys/time.h>

static inline struct timeval interval_ms(long ms) {
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L};
}

#endif
