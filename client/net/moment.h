/* SPDX-License-Identifier: ISC */
/*
 * moment.h: the client's clocks: a monotonic one for all that moves, so that a changed wall clock
 * moves nothing, and the wall's for what is written down.
 */
#ifndef SPAR_CLIENT_NET_MOMENT_H
#define SPAR_CLIENT_NET_MOMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/time.h>

/* Since some moment in the past, never running backwards; the time that the machine slept counts.
 * Any thread. */
int64_t moment_us(void);
int64_t moment_ms(void);
/* So many ms as timers of the event loop take them. */
struct timeval moment_interval(int64_t ms);
/* Real ms since 1970, for the head of a file. Any thread. */
int64_t moment_of_wall_ms(void);
enum { MOMENT_WORDS_SIZE = 32 };
/* "2026-11-23 10:00" in the person's own time zone, of real ms since 1970; "" if there is no such
 * day. */
void moment_words(int64_t ms, char out[MOMENT_WORDS_SIZE]);
enum { MOMENT_ZONE_SIZE = 48 };
/* "Mon 2026-11-23 10:00 CET": the same with its day and the name of the zone. */
void moment_zone_words(int64_t ms, char out[MOMENT_ZONE_SIZE]);
/* Reads "2026-11-23 10:00", "2026-11-23" (the end of that day) or "10:00" (today), in the person's
 * own time zone, into real ms since 1970. False: none of these. */
bool moment_read(const char *text, int64_t *ms) __attribute__((warn_unused_result));

#endif
