/* SPDX-License-Identifier: ISC */
/*
 * server_clock.c: clock samples and back-off.
 */
#include "client/net/server_clock.h"

#include <string.h>

void server_clock_reset(struct server_clock *clock, int64_t rate) {
    memset(clock, 0, sizeof *clock);
    clock->rate = rate;
}

void server_clock_add(struct server_clock *clock, int64_t sent_us, int64_t received_us,
                      int64_t now) {
    if (received_us < sent_us) {
        return;
    }
    clock->samples[clock->taken % CLOCK_SAMPLES] = (struct server_clock_sample){
        .sent_us = sent_us, .round_us = received_us - sent_us, .now = now};
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
    out->error_ms = (best->round_us * clock->rate + 1999) / 2000;
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
