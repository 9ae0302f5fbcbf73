/* SPDX-License-Identifier: ISC */
/*
 * clock.c: the arithmetic of the phase clock.
 *
 * Invariants: spent[] holds completed stretches only; a stretch is open, from entered_at on,
 * exactly while the clock has started, is not paused and has not finished. A moment before
 * entered_at (a reader's clock that lags a little) counts as no time, never as negative time.
 */
#include "protocol/room/clock.h"

#include <stdio.h>

static bool clock_is_running(const struct room_clock *clock) {
    return clock->started_at && !clock->paused_at && !clock->finished_at;
}

/* ms of the open stretch. */
static int64_t open_stretch(const struct room_clock *clock, int64_t now) {
    return clock_is_running(clock) && now > clock->entered_at ? now - clock->entered_at : 0;
}

static int64_t whole_spent(const struct room_clock *clock) {
    int64_t sum = 0;
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        sum += clock->spent[i];
    }
    return sum;
}

static void close_stretch(struct room_clock *clock, int64_t at) {
    clock->spent[clock->phase] += open_stretch(clock, at);
}

int64_t clock_spent(const struct room *room, uint8_t phase, int64_t now) {
    const struct room_clock *clock = &room->clock;
    int64_t open = phase == clock->phase ? open_stretch(clock, now) : 0;
    return clock->spent[phase] + open;
}

int64_t clock_budget(const struct room *room, uint8_t phase) {
    return room->clock.budget[phase] + room->clock.added[phase];
}

int64_t clock_planned(const struct room *room) {
    int64_t sum = 0;
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        sum += room->clock.budget[i];
    }
    return sum;
}

struct clock_reading clock_read(const struct room *room, int64_t now) {
    const struct room_clock *clock = &room->clock;
    struct clock_reading reading = {
        .phase = clock->phase,
        .running = clock_is_running(clock),
        .phase_elapsed = clock_spent(room, clock->phase, now),
        .phase_budget = clock_budget(room, clock->phase),
        .whole_elapsed = whole_spent(clock) + open_stretch(clock, now),
    };
    reading.phase_left = reading.phase_budget - reading.phase_elapsed;
    reading.phase_over = reading.phase_left < 0 ? -reading.phase_left : 0;
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        reading.whole_budget += clock_budget(room, (uint8_t)i);
    }
    return reading;
}

void clock_text(char *out, size_t size, int64_t ms) {
    uint64_t seconds = (ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms) / 1000;
    const char *sign = ms < 0 && seconds ? "-" : "";
    unsigned minute = (unsigned)(seconds / 60 % 60);
    unsigned second = (unsigned)(seconds % 60);
    if (seconds < 3600) {
        snprintf(out, size, "%s%u:%02u", sign, minute, second);
    } else {
        snprintf(out, size, "%s%llu:%02u:%02u", sign, (unsigned long long)(seconds / 3600), minute,
                 second);
    }
}

int64_t clock_whole(int64_t ms) {
    int64_t zero = ms / 1000 * 1000;
    return ms < zero && zero >= INT64_MIN + 1000 ? zero - 1000 : zero;
}

void clock_start(struct room_clock *clock, int64_t at) {
    clock->phase = 0;
    clock->started_at = at;
    clock->entered_at = at;
    clock->reached[0] = 0;
}

void clock_pause(struct room_clock *clock, int64_t at) {
    close_stretch(clock, at);
    clock->paused_at = at;
}

void clock_resume(struct room_clock *clock, int64_t at) {
    clock->paused_at = 0;
    clock->entered_at = at;
}

void clock_enter(struct room_clock *clock, uint8_t phase, int64_t at) {
    close_stretch(clock, at);
    clock->phase = phase;
    clock->entered_at = at;
    if (clock->reached[phase] < 0) {
        clock->reached[phase] = whole_spent(clock);
    }
}

void clock_finish(struct room_clock *clock, int64_t at) {
    close_stretch(clock, at);
    clock->paused_at = 0;
    clock->finished_at = at;
}
