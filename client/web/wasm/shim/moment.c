/* SPDX-License-Identifier: ISC */
/*
 * moment.c: client/net/moment.h where there is no clock: the page gives every moment as an
 * argument.
 */
#include <stdint.h>
#include <sys/time.h>

int64_t moment_ms(void);
struct timeval moment_interval(int64_t ms);

int64_t moment_ms(void) {
    return 0;
}

struct timeval moment_interval(int64_t ms) {
    return (struct timeval){.tv_sec = (time_t)(ms / 1000)};
}
