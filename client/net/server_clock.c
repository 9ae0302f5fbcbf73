/* SPDX-License-Identifier: ISC */
/*
 * server_clock.c: clock samples and back-off.
 */
#include "client/net/server_clock.h"

#include <stdlib.h>
#include <string.h>

/* Two clocks run apart by less than this (RFC 5905, section 7.2: MAXFREQ). */
enum { DRIFT_PPM = 500 };

void server_clock_reset(struct server_clock *clock, int64_t rate) {
    memset(clock, 0, sizeof *clock);
    clock->rate = rate;
}

static int64_t error_of(const struct server_clock *clock,
                        const struct server_clock_sample *sample) {
    return (sample->round_us * clock->rate + 1999) / 2000;
}

/* Whether a sample and what is known cannot both be right, whatever the line did: then this
 * machine's clock has jumped (it stood still with a machine that was paused, say), and of the time
 * before nothing can be used. */
static bool contradicts(const struct server_clock *clock,
                        const struct server_clock_sample *sample) {
    struct server_clock_reading known;
    if (!server_clock_read(clock, &known)) {
        return false;
    }
    int64_t passed_us = sample->sent_us + sample->round_us / 2 - known.base * 1000;
    int64_t expected = known.offset + passed_us * clock->rate / 1000;
    int64_t drift = llabs(passed_us) / 1000 * clock->rate * DRIFT_PPM / 1000000;
    int64_t rounding = 2 * clock->rate;
    return llabs(sample->now - expected) >
           known.error_ms + error_of(clock, sample) + drift + rounding;
}

void server_clock_add(struct server_clock *clock, int64_t sent_us, int64_t received_us,
                      int64_t now) {
    const struct server_clock_sample sample = {
        .sent_us = sent_us, .round_us = received_us - sent_us, .now = now};
    if (received_us < sent_us) {
        return;
    }
    if (contradicts(clock, &sample)) {
        clock->taken = 0;
    }
    clock->samples[clock->taken % CLOCK_SAMPLES] = sample;
    clock->taken++;
}

bool server_clock_read(const struct server_clock *clock, struct server_clock_reading *out) {
    if (clock->taken == 0) {
        return false;
    }
    uint32_t count = clock->taken < CLOCK_SAMPLES ? clock->taken : CLOCK_SAMPLES;
    const struct server_clock_sample *best = &clock->samples[0];
    for (uint32_t i = 1; i < count; i++) {
        if (clock->samples[i].round_us < best->round_us) {
            best = &clock->samples[i];
        }
    }
    int64_t middle_us = best->sent_us + best->round_us / 2;
    out->base = middle_us / 1000;
    /* The part of a millisecond that base leaves out has passed on the server too. */
    out->offset = best->now - (middle_us % 1000) * clock->rate / 1000;
    out->error_ms = error_of(clock, best);
    return true;
}

int64_t connection_backoff_ms(uint32_t attempt, uint16_t random) {
    int64_t wait = BACKOFF_MAX_MS;
    if (attempt < 6) {
        wait = (int64_t)BACKOFF_FIRST_MS << attempt;
    }
    if (wait > BACKOFF_MAX_MS) {
        wait = BACKOFF_MAX_MS;
    }
    return wait - wait * random / (2 * (int64_t)UINT16_MAX);
}
