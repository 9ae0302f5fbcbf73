/* SPDX-License-Identifier: ISC */
/*
 * server_clock.h: what a client knows of the server's clock, and how long it waits before it calls
 * again.
 *
 * Pure. A sample is one round trip: sent and received on this machine's monotonic clock, the
 * server's answer in between. The sample of the lowest round trip among the last CLOCK_SAMPLES
 * gives the offset, taking the answer for the middle of it, so it is wrong by half of it at most
 * (D. Mills, RFC 5905, section 8).
 */
#ifndef SPAR_CLIENT_NET_SERVER_CLOCK_H
#define SPAR_CLIENT_NET_SERVER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"

struct server_clock_sample {
    int64_t sent_us, round_us; /* monotonic */
    int64_t now;               /* the server's, ms of room time */
};

struct server_clock {
    struct server_clock_sample samples[CLOCK_SAMPLES]; /* a ring */
    uint32_t taken;                                    /* samples so far */
    int64_t rate;                                      /* ms of room time in one real ms */
};

/* Room time = (monotonic ms - base) * rate + offset, wrong by error_ms at most (room ms, rounded
 * up). */
struct server_clock_reading {
    int64_t base, offset, error_ms;
};

void server_clock_reset(struct server_clock *clock, int64_t rate);
/* Adds a sample; times in µs, now in room ms. One that was received before it was sent is
 * ignored; one that contradicts those before it takes their place, as after a jump of this
 * machine's clock. */
void server_clock_add(struct server_clock *clock, int64_t sent_us, int64_t received_us,
                      int64_t now);
/* False while there is no sample. */
bool server_clock_read(const struct server_clock *clock, struct server_clock_reading *out)
    __attribute__((warn_unused_result));

enum { BACKOFF_FIRST_MS = 250, BACKOFF_MAX_MS = 10000 };
/* ms to wait before try number `attempt` (0: the first after a loss): doubling from 0.25 s to 10 s,
 * of which `random` (0..65535) takes away up to half, so that a server's clients don't come all at
 * once. */
int64_t connection_backoff_ms(uint32_t attempt, uint16_t random);

#endif
