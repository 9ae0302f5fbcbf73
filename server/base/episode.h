/* SPDX-License-Identifier: ISC */
/*
 * episode.h: something that happens again and again, told to the operator at its start, once a
 * minute while it goes on, and at its end: never a line for each time.
 */
#ifndef SPAR_SERVER_BASE_EPISODE_H
#define SPAR_SERVER_BASE_EPISODE_H

#include <stdbool.h>
#include <stdint.h>

enum { EPISODE_EVERY_MS = 60 * 1000 };

struct episode {
    int64_t told;   /* ms, of the last line */
    uint64_t count; /* since then */
    bool on;
};

/* It has happened once more, at `now` (monotonic ms). How often since the last line, if it is time
 * for one; 0: not yet. */
uint64_t episode_again(struct episode *episode, int64_t now);
/* It is over. True: it had been going on, and *count is how often since the last line. */
bool episode_end(struct episode *episode, uint64_t *count);

#endif
