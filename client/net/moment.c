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

void moment_zone_words(int64_t ms, char out[MOMENT_ZONE_SIZE]) {
    time_t seconds = (time_t)(ms / 1000);
    struct tm local;
    if (localtime_r(&seconds, &local) == NULL ||
        strftime(out, MOMENT_ZONE_SIZE, "%a %Y-%m-%d %H:%M %Z", &local) == 0) {
        out[0] = '\0';
    }
}

/* The text read whole by one of strptime's formats, over the fields of *at. */
static bool read_as(const char *text, const char *format, struct tm *at) {
    const char *end = strptime(text, format, at);
    return end != NULL && *end == '\0';
}

bool moment_read(const char *text, int64_t *ms) {
    time_t now = time(NULL);
    struct tm today;
    if (localtime_r(&now, &today) == NULL) {
        return false;
    }
    today.tm_isdst = -1;
    today.tm_sec = 0;
    struct tm at = today;
    bool good = read_as(text, "%Y-%m-%d %H:%M", &at);
    if (!good) {
        at = today;
        good = read_as(text, "%H:%M", &at);
    }
    if (!good) {
        at = today;
        at.tm_hour = 23;
        at.tm_min = at.tm_sec = 59;
        good = read_as(text, "%Y-%m-%d", &at);
    }
    time_t moment = good ? mktime(&at) : -1;
    *ms = (int64_t)moment * 1000;
    return moment > 0;
}
