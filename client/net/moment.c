/* SPDX-License-Identifier: ISC */
/*
 * moment.c: the two clocks, read; and a moment in words.
 */
#include "client/net/moment.h"

#include <time.h>

int64_t moment_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now); /* goes on while the lid is closed */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t moment_ms(void) {
    return moment_us() / 1000;
}

struct timeval moment_interval(int64_t ms) {
    return (struct timeval){.tv_sec = (time_t)(ms / 1000),
                            .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
}

int64_t moment_of_wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void moment_words(int64_t ms, char out[MOMENT_WORDS_SIZE]) {
    time_t seconds = (time_t)(ms / 1000);
    struct tm local;
    if (localtime_r(&seconds, &local) == NULL ||
        strftime(out, MOMENT_WORDS_SIZE, "%Y-%m-%d %H:%M", &local) == 0) {
        out[0] = '\0';
    }
}
