/* SPDX-License-Identifier: ISC */
/*
 * clock.c: the arithmetic of the phase clock.
 *
 * Invariants: spent[] holds completed stretches only; a stretch is open, from entered_at on,
 * exactly while the clock has started, is not paused and has not finished. A moment before
 * entered_at (a reader's clock that lags a little) counts as no time, never as negative time.
 *
 * One moment: from the second rules on (room->rules) a phase has until its planned moment. What the
 * phases before it left over is its own too; what they took too much the plan's reserve pays first,
 * and the rest is owed. Earlier rooms count each phase by itself.
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

int64_t clock_stretched(const struct room *room, int64_t ms) {
    return ms * (100 + room->clock.extra) / 100;
}

int64_t clock_reserve(const struct room *room) {
    bool named = room->pack && room->plan < room->pack->plan_count;
    return named && clock_is_one(room)
               ? clock_stretched(room, room->pack->plans[room->plan].spare_ms)
               : 0;
}

int64_t clock_planned(const struct room *room) {
    int64_t sum = clock_reserve(room);
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        sum += room->clock.budget[i];
    }
    return sum;
}

/* What the phases before this one left over (below 0: took too much), ms. */
static int64_t balance_before(const struct room *room, uint8_t phase, int64_t now) {
    int64_t sum = 0;
    for (uint8_t i = 0; i < phase; i++) {
        sum += clock_budget(room, i) - clock_spent(room, i, now);
    }
    return sum;
}

struct clock_share clock_share(const struct room *room, uint8_t phase, int64_t now) {
    struct clock_share share = {.allowed = clock_budget(room, phase)};
    /* What a phase that lies ahead will be left with, nobody knows yet. */
    if (!clock_is_one(room) || phase > room->clock.phase) {
        return share;
    }
    int64_t balance = balance_before(room, phase, now);
    int64_t reserve = clock_reserve(room);
    int64_t paid = balance >= 0 ? 0 : -balance < reserve ? -balance : reserve;
    share.carried = balance + paid;
    share.allowed += share.carried;
    share.reserve = reserve - paid;
    return share;
}

int64_t clock_phase_over(const struct room *room, uint8_t phase, int64_t now) {
    struct clock_share share = clock_share(room, phase, now);
    int64_t over = clock_spent(room, phase, now) - share.allowed - share.reserve;
    return over > 0 ? over : 0;
}

int64_t clock_late(const struct room *room, uint8_t phase, int64_t now) {
    return -balance_before(room, phase, now) - clock_reserve(room);
}

struct clock_reading clock_read(const struct room *room, int64_t now) {
    const struct room_clock *clock = &room->clock;
    struct clock_share share = clock_share(room, clock->phase, now);
    struct clock_reading reading = {
        .phase = clock->phase,
        .running = clock_is_running(clock),
        .phase_elapsed = clock_spent(room, clock->phase, now),
        .phase_budget = share.allowed,
        .phase_over = clock_phase_over(room, clock->phase, now),
        .whole_elapsed = whole_spent(clock) + open_stretch(clock, now),
        .whole_budget = clock_reserve(room),
        .carried = share.carried,
        .reserve = clock_reserve(room),
    };
    int64_t left = share.allowed - reading.phase_elapsed;
    reading.phase_left = left;
    reading.phase_ends = reading.whole_elapsed + left;
    reading.reserve_left = left >= 0 ? share.reserve : share.reserve + left;
    reading.reserve_left = reading.reserve_left > 0 ? reading.reserve_left : 0;
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
    clock->held_at = clock->paused_at;
    clock->paused_at = 0;
    clock->finished_at = at;
}

void clock_unfinish(struct room_clock *clock, int64_t at) {
    int64_t between = at - clock->finished_at;
    clock->paused_at = clock->held_at ? clock->held_at + between : 0;
    clock->entered_at = at;
    clock->held_at = 0;
    clock->finished_at = 0;
}

enum clock_runs clock_runs_after(const struct room_move *move) {
    switch (move->act) {
    case ACTION_CLOCK_START:
    case ACTION_CLOCK_RESUME: return CLOCK_RUNS;
    case ACTION_CLOCK_UNFINISH: return move->ms ? CLOCK_STANDS : CLOCK_RUNS;
    case ACTION_CLOCK_PAUSE:
    case ACTION_CLOCK_FINISH: return CLOCK_STANDS;
    default: return CLOCK_AS_BEFORE;
    }
}

int64_t clock_running_at(const struct room *room, int64_t at, enum clock_when *when) {
    enum clock_when now = CLOCK_BEFORE;
    int64_t running = 0;
    int64_t open = -1; /* since when it runs; -1: it stands */
    for (uint16_t i = 0; i < room->move_count && room->moves[i].at <= at; i++) {
        const struct room_move *move = &room->moves[i];
        enum clock_runs runs = clock_runs_after(move);
        if (runs == CLOCK_AS_BEFORE) {
            continue;
        }
        running += open >= 0 ? move->at - open : 0;
        open = runs == CLOCK_RUNS ? move->at : -1;
        now = move->act == ACTION_CLOCK_FINISH ? CLOCK_AFTER : CLOCK_DURING;
    }
    if (when) {
        *when = now;
    }
    return running + (open >= 0 ? at - open : 0);
}

int64_t clock_moment_of(const struct room *room, int64_t running) {
    int64_t before = 0;
    int64_t open = -1;
    for (uint16_t i = 0; i < room->move_count; i++) {
        const struct room_move *move = &room->moves[i];
        enum clock_runs runs = clock_runs_after(move);
        if (runs == CLOCK_AS_BEFORE) {
            continue;
        }
        int64_t ran = open >= 0 ? move->at - open : 0;
        if (open >= 0 && before + ran >= running) {
            return open + running - before;
        }
        before += ran;
        open = runs == CLOCK_RUNS ? move->at : -1;
    }
    return open >= 0 ? open + running - before : -1;
}
