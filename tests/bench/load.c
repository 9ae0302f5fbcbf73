/* SPDX-License-Identifier: ISC */
/*
 * load.c: see load.h.
 *
 * Invariant: what was sent is delivered to three, refused, or under way.
 */
#include "tests/bench/load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    LATE_S = 5,   /* what comes later than so long after a run has failed it */
    DRAIN_S = 60, /* and later than this does not come at all */
    PINGS = 200,  /* a second */
    SPARE = 2     /* marks of a room by which a rate's share may be off */
};

static const int64_t second = 1000000000; /* ns */
/* Of a rate: who sends less, as it has so much to read, has not tried it. */
static const double OFFERED = 0.97;

static struct load *load_of(struct pool *pool) {
    struct target *target = pool->ctx;
    struct bench *bench = (struct bench *)target;
    return bench->load;
}

static void times_add(struct times *times, int64_t at) {
    if (times->count == times->cap) {
        times->cap = times->cap * 2 + 64;
        times->at = realloc(times->at, times->cap * sizeof *times->at);
        if (times->at == NULL) {
            abort();
        }
    }
    times->at[times->count++] = at;
}

static void waits_add(struct waits *waits, int64_t since) {
    if (waits->count == waits->cap) {
        waits->cap = waits->cap * 2 + 4096;
        waits->at = realloc(waits->at, waits->cap * sizeof *waits->at);
        if (waits->at == NULL) {
            abort();
        }
    }
    waits->at[waits->count++] = (float)(bench_ns() - since) / 1e6F;
}

/* To the peer came what was sent to its room as number `number`. */
static void note_delivery(struct load *load, struct peer *peer, uint32_t number) {
    peer->marks++;
    waits_add(&load->waits, load->rooms[peer->room].at[number]);
}

static bool was_sent(const struct load *load, const struct peer *peer, uint32_t number) {
    return load != NULL && peer->room < load->room_count && number < load->rooms[peer->room].count;
}

static void on_delivered(struct pool *pool, struct peer *peer) {
    if (was_sent(load_of(pool), peer, peer->marks)) {
        note_delivery(load_of(pool), peer, peer->marks);
    }
}

static void on_said(struct pool *pool, struct peer *peer, uint32_t number) {
    if (was_sent(load_of(pool), peer, number)) {
        note_delivery(load_of(pool), peer, number);
    }
}

static void on_refused(struct pool *pool, struct peer *peer, const char *why) {
    struct load *load = load_of(pool);
    (void)peer;
    if (load == NULL) {
        fprintf(stderr, "bench: refused: %s\n", why);
        return;
    }
    load->why = load->refused == 0 ? why : load->why;
    load->refused++;
}

/* The last that it has sent was the ping. */
static void on_kept(struct pool *pool, struct peer *peer) {
    struct load *load = load_of(pool);
    if (load != NULL && load->pinging && peer->role != 0) {
        waits_add(&load->pings, peer->said);
    }
}

void load_listen(struct bench *bench) {
    bench->target.kept = on_kept;
    bench->target.delivered = on_delivered;
    bench->target.said = on_said;
    bench->target.refused = on_refused;
}

static int compare_float(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

double load_quantile(struct waits *waits, double q) {
    if (waits->count == 0) {
        return 1e9;
    }
    qsort(waits->at, waits->count, sizeof *waits->at, compare_float);
    return waits->at[(size_t)(q * (double)(waits->count - 1))];
}

bool load_init(struct load *load, uint32_t rooms) {
    *load = (struct load){.rooms = calloc(rooms, sizeof *load->rooms), .room_count = rooms};
    return load->rooms != NULL;
}

void load_free(struct load *load) {
    for (uint32_t i = 0; i < load->room_count; i++) {
        free(load->rooms[i].at);
    }
    free(load->rooms);
    free(load->waits.at);
    free(load->pings.at);
}

static void load_reset(struct load *load, struct pool *pool) {
    uint32_t most = 0;
    for (uint32_t i = 0; i < load->room_count; i++) {
        most = load->rooms[i].count > most ? load->rooms[i].count : most;
        load->rooms[i].count = 0;
    }
    for (uint32_t i = 0; i < pool->count; i++) {
        pool->peers[i].marks = 0;
    }
    load->spent += most;
    load->waits.count = load->pings.count = 0;
    load->sent = load->refused = 0;
    load->ping_due = bench_ns();
}

static bool is_whole(const struct load *load) {
    return load->waits.count == (load->sent - load->refused) * MEMBERS;
}

static void send_mark(struct bench *bench, uint32_t room) {
    struct load *load = bench->load;
    times_add(&load->rooms[room], bench_ns());
    bench->target.mark(&bench->pool, &bench->pool.peers[(size_t)room * MEMBERS]);
    load->sent++;
}

/* Whether all that was sent came, by then. */
static bool all_came(struct bench *bench, int64_t until) {
    const struct load *load = bench->load;
    struct pool *pool = &bench->pool;
    while (!is_whole(load) && pool->lost == 0 && bench_ns() < until) {
        pool_turn(pool, 1);
    }
    if (load->refused > 0) {
        fprintf(stderr, "bench: %s refused %llu of %llu commands: %s\n", bench->target.name,
                (unsigned long long)load->refused, (unsigned long long)load->sent, load->why);
    }
    if (pool->lost > 0) {
        fprintf(stderr, "bench: %s cut %u connections off\n", bench->target.name, pool->lost);
    }
    return is_whole(load) && load->refused == 0 && pool->lost == 0;
}

/* Whether what comes is so many seconds behind what was sent: it will not catch up. */
static bool is_behind(const struct load *load, uint32_t rate, int seconds, int64_t since) {
    return since > second * seconds * 3 / 2 &&
           load->sent > load->waits.count / MEMBERS + (uint64_t)rate * (uint64_t)seconds;
}

/* At random moments, so that they have nothing to do with those of the commands; by the next room's
 * second member. */
static void send_pings(struct bench *bench, int64_t now) {
    struct load *load = bench->load;
    while (load->pinging && load->ping_due <= now) {
        uint32_t room = (uint32_t)(load->pinged++ % load->room_count);
        load->ping_due += (int64_t)(-log(1 - erand48(load->random)) * 1e9 / PINGS);
        bench->target.keep(&bench->pool, &bench->pool.peers[(size_t)room * MEMBERS + 1]);
    }
}

bool load_run(struct bench *bench, uint32_t rate, int seconds) {
    struct pool *pool = &bench->pool;
    struct load *load = bench->load;
    load_reset(load, pool);
    int64_t start = bench_ns(), end = start + seconds * second;
    for (int64_t now = start; now < end; now = bench_ns()) {
        uint64_t due = (uint64_t)((double)(now - start) * rate / 1e9);
        for (int burst = 0; load->sent < due && burst < 64; burst++) {
            send_mark(bench, (uint32_t)(load->sent % load->room_count));
        }
        send_pings(bench, now);
        pool_turn(pool, 0);
        if (is_behind(load, rate, 1, now - start)) {
            return false;
        }
    }
    bool offered = (double)load->sent >= OFFERED * rate * seconds;
    return all_came(bench, end + LATE_S * second) && offered;
}

static void send_line(struct bench *bench, uint32_t room, uint32_t role) {
    struct load *load = bench->load;
    struct times *times = &load->rooms[room];
    times_add(times, bench_ns());
    bench->target.say(&bench->pool, &bench->pool.peers[(size_t)room * MEMBERS + role],
                      times->count - 1);
    load->sent++;
}

/* It does not wait busily, since several servers and a database need a processor, too: a line is
 * sent up to a millisecond late, and counts from then. */
bool load_talk(struct bench *bench, uint32_t rate, int seconds) {
    struct pool *pool = &bench->pool;
    struct load *load = bench->load;
    unsigned short random[3] = {1, 2, 3};
    load_reset(load, pool);
    int64_t start = bench_ns(), end = start + seconds * second, next = start;
    for (int64_t now = start; now < end; now = bench_ns()) {
        for (; next <= now; next += (int64_t)(-log(1 - erand48(random)) * 1e9 / rate)) {
            uint32_t who = (uint32_t)(erand48(random) * load->room_count * MEMBERS);
            send_line(bench, who / MEMBERS, who % MEMBERS);
        }
        pool_turn(pool, next - bench_ns() > second / 1000);
        if (is_behind(load, rate, LATE_S, now - start)) {
            return false;
        }
    }
    return all_came(bench, end + LATE_S * second);
}

/* Whether a room takes one more. */
static bool takes_more(const struct bench *bench, uint32_t room) {
    const struct load *load = bench->load;
    uint32_t most = bench->target.marks_max;
    return most == 0 || load->spent + load->rooms[room].count < most;
}

bool load_window(struct bench *bench, uint32_t window, int seconds) {
    struct pool *pool = &bench->pool;
    struct load *load = bench->load;
    bool more = true;
    load_reset(load, pool);
    int64_t end = bench_ns() + seconds * second;
    while (more && load->refused == 0 && bench_ns() < end) {
        for (uint32_t room = 0; more && room < load->room_count; room++) {
            const struct peer *peer = &pool->peers[(size_t)room * MEMBERS];
            while (more && load->rooms[room].count < peer->marks + window) {
                send_mark(bench, room);
                more = takes_more(bench, room);
            }
        }
        pool_turn(pool, 1);
    }
    return all_came(bench, bench_ns() + LATE_S * second);
}

bool load_drain(struct bench *bench) {
    const struct load *load = bench->load;
    int64_t until = bench_ns() + DRAIN_S * second;
    while (!is_whole(load) && bench->pool.lost == 0 && bench_ns() < until) {
        pool_turn(&bench->pool, 1);
    }
    return is_whole(load);
}

bool load_fits(const struct bench *bench, uint32_t rate, int seconds, uint32_t other) {
    const struct load *load = bench->load;
    uint64_t need = ((uint64_t)rate * (uint64_t)seconds + other) / load->room_count + SPARE;
    uint32_t most = bench->target.marks_max;
    return most == 0 || load->spent + load->rooms[0].count + need <= most;
}
