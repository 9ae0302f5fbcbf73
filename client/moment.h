/*
 * moment.h: the client's only clock: monotonic, so that a changed wall clock moves nothing.
 */
#ifndef SPAR_CLIENT_MOMENT_H
#define SPAR_CLIENT_MOMENT_H

#include <stdint.h>

/* Since some moment in the past, never running backwards. Any thread. */
int64_t moment_us(void);
int64_t moment_ms(void);

#endif
