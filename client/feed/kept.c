/* SPDX-License-Identifier: ISC */
/*
 * kept.c: see kept.h.
 */
#include "client/feed/kept.h"

#include <inttypes.h>
#include <stdio.h>

struct kept kept_of(int64_t hours, int64_t days, bool fleeting) {
    bool own = days > 0 && (hours == 0 || days * 24 < hours);
    return (struct kept){.hours = own ? days * 24 : hours, .fleeting = fleeting};
}

static void write_time(int64_t hours, char *out, size_t size) {
    bool days = hours % 24 == 0;
    int64_t count = days ? hours / 24 : hours;
    snprintf(out, size, "%" PRId64 " %s%s", count, days ? "day" : "hour", count == 1 ? "" : "s");
}

void kept_text(const struct kept *kept, char out[KEPT_TEXT_MAX]) {
    char time[32];
    char term[192] = "It is kept until whoever runs the server removes it.";
    if (kept->fleeting) {
        snprintf(term, sizeof term, "Nothing of it is kept once the room is over.");
    } else if (kept->hours > 0) {
        write_time(kept->hours, time, sizeof time);
        snprintf(term, sizeof term,
                 "It is removed when nothing more has happened there for %s, or before by whoever "
                 "runs the server.",
                 time);
    }
    snprintf(out, KEPT_TEXT_MAX,
             "What is said, marked and noted there is recorded. Everybody who sat there can read "
             "it, and so can whoever runs the server. %s",
             term);
}
