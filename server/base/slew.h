/* SPDX-License-Identifier: ISC */
/*
 * slew.h: a clock that follows another one, asked over a network, without a jump. Pure.
 *
 * Each answer places the other clock within half of its round trip; of the answers the one counts
 * that places it best by now, older ones counting less by what two clocks may drift apart. What the
 * clock is off by then is made up by running up to SLEW_PPM faster or slower: as much as a kernel
 * does for a wall clock, and no more than 15 ms between two pings of a client, 30 s apart, which is
 * less than those tell it. So it never goes back, and after a jump of the other one of a second it
 * takes 33 minutes. All in µs; `at` are of a clock that nobody sets.
 */
#ifndef SPAR_SERVER_BASE_SLEW_H
#define SPAR_SERVER_BASE_SLEW_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SLEW_PPM = 500,       /* faster or slower at most */
    SLEW_DRIFT_PPM = 250, /* that the two are taken to drift apart */
    SLEW_FAR_US = 1000000 /* off by so much: somebody has set the other one */
};

struct slew {
    int64_t at, says; /* it says that at that moment */
    int64_t until;    /* and runs faster or slower until then */
    int ppm;
    int64_t off;             /* that it was behind the other one by the last answer that counted */
    int64_t bound, bound_at; /* the other was known within that at that moment */
};

/* Asked at `sent`, answered at `came`: it says `said`. */
struct slew_sample {
    int64_t sent, came, said;
};

/* Begins at what it says; bound: how far that may be off. */
struct slew slew_start(int64_t at, int64_t says, int64_t bound);
int64_t slew_now(const struct slew *slew, int64_t at);
/* Answers come in order. True: it was far off and had not been before, or the other way round. */
bool slew_take(struct slew *slew, const struct slew_sample *sample);
/* How far it may be off at that moment, as long as the other one is not set. */
int64_t slew_error(const struct slew *slew, int64_t at);

#endif
