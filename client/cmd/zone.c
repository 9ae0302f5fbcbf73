/* SPDX-License-Identifier: ISC */
/*
 * zone.c: the zone, from the C library.
 */
#include "client/cmd/zone.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct zone zone_at(int64_t ms) {
    time_t seconds = (time_t)(ms / 1000);
    struct zone zone = {.name = "UTC"};
    struct tm local;
    if (localtime_r(&seconds, &local) != NULL && strlen(local.tm_zone) < sizeof zone.name) {
        memcpy(zone.name, local.tm_zone, strlen(local.tm_zone) + 1);
        zone.minutes = (int)(local.tm_gmtoff / 60);
    }
    return zone;
}

struct zone zone_now(void) {
    return zone_at(moment_of_wall_ms());
}

void zone_row(int64_t ms, char out[MOMENT_ZONE_SIZE]) {
    char words[MOMENT_WORDS_SIZE];
    struct zone then = zone_at(ms);
    struct zone now = zone_now();
    bool same = strcmp(then.name, now.name) == 0 && then.minutes == now.minutes;
    moment_words(ms, words);
    snprintf(out, MOMENT_ZONE_SIZE, "%s%s%s", words, same ? "" : " ", same ? "" : then.name);
}
