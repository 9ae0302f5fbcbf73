/*
 * moment.h: the client's clocks: a monotonic one for all that moves, so that a changed wall clock moves nothing, and
 * the wall's for what is written down.
 */
#ifndef SPAR_CLIENT_MOMENT_H
#define SPAR_CLIENT_MOMENT_H

#include <stdint.h>

/* Since some moment in the past, never running backwards. Any thread. */
int64_t moment_us(void);
int64_t moment_ms(void);
/* Real ms since 1970, for the head of a file. Any thread. */
int64_t moment_of_wall_ms(void);

#endif
