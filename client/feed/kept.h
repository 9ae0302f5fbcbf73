/* SPDX-License-Identifier: ISC */
/*
 * kept.h: for how long a server keeps what is written in a room, as it is said to somebody before
 * they give a name.
 */
#ifndef SPAR_CLIENT_FEED_KEPT_H
#define SPAR_CLIENT_FEED_KEPT_H

#include <stdbool.h>
#include <stdint.h>

struct kept {
    int64_t hours; /* after the last that happened in it; 0: until somebody removes it */
    bool fleeting; /* nothing of it, once it is over */
};

enum { KEPT_TEXT_MAX = 320 };

/* hours: of the server's welcome; days, fleeting: the room's own time. The shorter one counts. */
struct kept kept_of(int64_t hours, int64_t days, bool fleeting);
/* Sentences: who can read what is written there, for how long, and who removes it. */
void kept_text(const struct kept *kept, char out[KEPT_TEXT_MAX]);

#endif
