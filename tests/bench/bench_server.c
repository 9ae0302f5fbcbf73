/* SPDX-License-Identifier: ISC */
/*
 * bench_server.c: spard against the floor, by turns, in one run: each figure and its ratio.
 *
 * The server is pinned to processor 0, this generator to processor 1. Every round starts each
 * server afresh; minimum, median and maximum are over the rounds. Latency is from the moment a
 * command is handed to TLS until its event was read by each of the room's three members.
 *
 * usage: bench_server [ROUNDS]   (from a folder on the disk that is to be measured)
 *        bench_server --at RATE [SECONDS]   one load on each, to be looked at with perf meanwhile
 *        bench_server --window N [SECONDS]  as many commands as go, N of each room on their way:
 * what a delivery costs when there is always more to do; holds on a busy machine
 */
#include <libgen.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/target.h"

enum {
    ROOMS = 300,
    MEMBERS = 3,
    RATE = 600, /* commands a second */
    RUN_SECONDS = 5,
    STEP_SECONDS = 2,
    STEP_TRIES = 3,
    RATE_MAX = 200000,
    IDLE_SMALL = 1000,
    IDLE_LARGE = 5000,
    AT_ONCE = 128, /* handshakes under way at once */
    ROUNDS_MAX = 16,
    P99_LIMIT_MS = 50
};

enum figure {
    FIG_P50,
    FIG_P99,
    FIG_CPU,
    FIG_RATE,
    FIG_MEM_SMALL,
    FIG_MEM_LARGE,
    FIG_HANDSHAKE,
    FIG_BACK,
    FIG_COUNT
};

static const char *const figure_names[FIG_COUNT] = {
    "delivery p50, ms",          "delivery p99, ms",       "CPU s per 100,000 deliveries",
    "highest rate, commands/s",  "idle KiB each at 1,000", "idle KiB each at 5,000",
    "CPU ms per handshake+join", "900 cut all back, s",
};

/* Send times of one room's marks, in order: the k-th mark that a member reads is the k-th sent. */
struct times {
    int64_t *at;
    uint32_t count, cap;
};

struct load {
    struct times rooms[ROOMS];
    float *latency; /* ms */
    size_t count, cap;
    uint64_t sent;
};

struct bench {
    struct target target;
    struct pool pool;
    struct load *load;
};

static struct load *load_of(struct pool *pool) {
    struct target *target = pool->ctx;
    struct bench *bench = (struct bench *)target; /* target is its first member */
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

static void on_delivered(struct pool *pool, struct peer *peer) {
    struct load *load = load_of(pool);
    if (load == NULL || peer->room >= ROOMS || peer->marks >= load->rooms[peer->room].count) {
        return;
    }
    int64_t sent = load->rooms[peer->room].at[peer->marks++];
    if (load->count == load->cap) {
        load->cap = load->cap * 2 + 4096;
        load->latency = realloc(load->latency, load->cap * sizeof *load->latency);
        if (load->latency == NULL) {
            abort();
        }
    }
    load->latency[load->count++] = (float)(bench_ns() - sent) / 1e6F;
}

static int compare_float(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double load_quantile(struct load *load, double q) {
    qsort(load->latency, load->count, sizeof *load->latency, compare_float);
    return load->count ? load->latency[(size_t)(q * (double)(load->count - 1))] : 1e9;
}

static void load_reset(struct load *load, struct pool *pool) {
    for (int i = 0; i < ROOMS; i++) {
        load->rooms[i].count = 0;
    }
    for (uint32_t i = 0; i < pool->count; i++) {
        pool->peers[i].marks = 0;
    }
    load->count = 0;
    load->sent = 0;
}

/* Sends at `rate` for `seconds`, then waits for what is under way. False: not everything came
 * within 5 s. */
static bool load_run(struct bench *bench, uint32_t rate, int seconds) {
    struct pool *pool = &bench->pool;
    struct load *load = bench->load;
    load_reset(load, pool);
    int64_t start = bench_ns(), end = start + (int64_t)seconds * 1000000000;
    for (int64_t now = start; now < end; now = bench_ns()) {
        uint64_t due = (uint64_t)((double)(now - start) * rate / 1e9);
        for (int burst = 0; load->sent < due && burst < 64; burst++, load->sent++) {
            uint32_t room = (uint32_t)(load->sent % ROOMS);
            times_add(&load->rooms[room], bench_ns());
            bench->target.mark(pool, &pool->peers[(size_t)room * MEMBERS]);
        }
        pool_turn(pool, 0);
        if (now - start > 1500000000 && load->sent > load->count / MEMBERS + rate) {
            return false; /* a second behind: it will not catch up */
        }
    }
    while (load->count < load->sent * MEMBERS && bench_ns() < end + 5000000000) {
        pool_turn(pool, 1);
    }
    return load->count == load->sent * MEMBERS;
}

/* Keeps `window` commands of each room on their way, then waits for them. False: not everything
 * came. */
static bool load_window(struct bench *bench, uint32_t window, int seconds) {
    struct pool *pool = &bench->pool;
    struct load *load = bench->load;
    load_reset(load, pool);
    int64_t end = bench_ns() + (int64_t)seconds * 1000000000;
    while (bench_ns() < end) {
        for (uint32_t room = 0; room < ROOMS; room++) {
            struct peer *peer = &pool->peers[(size_t)room * MEMBERS];
            for (; load->rooms[room].count < peer->marks + window; load->sent++) {
                times_add(&load->rooms[room], bench_ns());
                bench->target.mark(pool, peer);
            }
        }
        pool_turn(pool, 1);
    }
    while (load->count < load->sent * MEMBERS && bench_ns() < end + 5000000000) {
        pool_turn(pool, 1);
    }
    return load->count == load->sent * MEMBERS;
}

/* Connects everybody who is not in a room, at most AT_ONCE handshakes at a time. */
static bool everybody_in(struct pool *pool) {
    int64_t limit = bench_ns() + 120000000000;
    uint32_t next = 0;
    while (pool->joined < pool->count && bench_ns() < limit && pool->lost == 0) {
        while (next < pool->count && next < pool->joined + AT_ONCE) {
            pool_connect(pool, &pool->peers[next++]);
        }
        pool_turn(pool, 10);
    }
    return pool->joined == pool->count;
}

static void settle(struct pool *pool) {
    int64_t until = bench_ns() + 500000000;
    while (bench_ns() < until) {
        pool_turn(pool, 20);
    }
}

static bool bench_open(struct bench *bench, uint32_t members) {
    bench->target.delivered = on_delivered;
    if (!pool_init(&bench->pool, bench->target.port, members)) {
        return false;
    }
    bench->pool.ctx = &bench->target;
    bench->pool.on_up = bench->target.join;
    bench->pool.on_frame = bench->target.frame;
    return bench->target.prepare(&bench->target, (members + MEMBERS - 1) / MEMBERS) &&
           everybody_in(&bench->pool);
}

/* A single stall of the disk fails a whole window, whatever the server does; a rate that is too
 * high fails every one. */
static bool holds_rate(struct bench *bench, double rate) {
    for (int i = 0; i < STEP_TRIES; i++) {
        if (load_run(bench, (uint32_t)rate, STEP_SECONDS) &&
            load_quantile(bench->load, 0.99) < P99_LIMIT_MS) {
            return true;
        }
        if (!load_run(bench, RATE, 1)) {
            settle(&bench->pool);
        }
    }
    return false;
}

static double search_rate(struct bench *bench) {
    double good = RATE, bad = 0;
    for (double rate = RATE * 2.0; rate < RATE_MAX;) {
        if (holds_rate(bench, rate)) {
            good = rate;
        } else {
            bad = rate;
        }
        if (bad > 0 && bad / good < 1.1) {
            break;
        }
        rate = bad > 0 ? (good + bad) / 2 : rate * 1.6;
    }
    return good;
}

static double time_back(struct bench *bench) {
    struct pool *pool = &bench->pool;
    int64_t start = bench_ns();
    for (uint32_t i = 0; i < pool->count; i++) {
        pool_cut(pool, &pool->peers[i]);
    }
    pool->lost = 0;
    return everybody_in(pool) ? (double)(bench_ns() - start) / 1e9 : -1;
}

/* Delivery, CPU, the highest rate and coming back: 300 rooms of three. */
static bool measure_rooms(struct bench *bench, double *figures) {
    struct load load = {0};
    bench->load = &load;
    bool ok = bench_open(bench, ROOMS * MEMBERS);
    if (!ok) {
        fprintf(stderr, "bench: %s: only %u of %u came in\n", bench->target.name,
                bench->pool.joined, bench->pool.count);
    }
    for (uint32_t i = 0; ok && i < ROOMS; i++) {
        bench->target.start(&bench->pool, &bench->pool.peers[(size_t)i * MEMBERS]);
    }
    if (ok) {
        settle(&bench->pool);
        load_run(bench, RATE, 1);
        int64_t cpu = target_cpu(&bench->target);
        ok = load_run(bench, RATE, RUN_SECONDS);
        cpu = target_cpu(&bench->target) - cpu;
        if (!ok) {
            fprintf(stderr, "bench: %s: %zu of %llu deliveries came at the moderate load\n",
                    bench->target.name, load.count, (unsigned long long)load.sent * MEMBERS);
        }
        figures[FIG_CPU] = (double)cpu / 1e9 * 100000 / (double)load.count;
        figures[FIG_P50] = load_quantile(&load, 0.50);
        figures[FIG_P99] = load_quantile(&load, 0.99);
        figures[FIG_RATE] = search_rate(bench);
        settle(&bench->pool);
        figures[FIG_BACK] = time_back(bench);
    }
    pool_free(&bench->pool);
    target_stop(&bench->target);
    for (int i = 0; i < ROOMS; i++) {
        free(load.rooms[i].at);
    }
    free(load.latency);
    bench->load = NULL;
    return ok;
}

/* Memory, and the processor time of coming in. */
static bool measure_idle(struct bench *bench, uint32_t members, double *kib, double *cpu_ms) {
    int64_t memory = target_resident(&bench->target);
    bench->target.delivered = on_delivered;
    bool ok = pool_init(&bench->pool, bench->target.port, members);
    bench->pool.ctx = &bench->target;
    bench->pool.on_up = bench->target.join;
    bench->pool.on_frame = bench->target.frame;
    ok = ok && bench->target.prepare(&bench->target, (members + MEMBERS - 1) / MEMBERS);
    int64_t cpu = target_cpu(&bench->target);
    ok = ok && everybody_in(&bench->pool);
    if (cpu_ms != NULL) {
        *cpu_ms = (double)(target_cpu(&bench->target) - cpu) / 1e6 / members;
    }
    if (!ok) {
        fprintf(stderr, "bench: %s: only %u of %u came in\n", bench->target.name,
                bench->pool.joined, members);
    }
    settle(&bench->pool);
    *kib = (double)(target_resident(&bench->target) - memory) / 1024 / members;
    pool_free(&bench->pool);
    target_stop(&bench->target);
    return ok;
}

static bool start(struct bench *bench, bool spar, const char *bin, uint32_t rooms,
                  size_t *opening) {
    *bench = (struct bench){0};
    bool ok = spar ? target_spar(&bench->target, bin, rooms)
                   : target_floor(&bench->target, bin, *opening);
    if (spar) {
        *opening = bench->target.opening_bytes;
    }
    if (!ok) {
        fprintf(stderr, "bench: %s does not start\n", spar ? "spard" : "the floor");
    }
    return ok;
}

static bool round_of(bool spar, const char *bin, size_t *opening, double *figures) {
    static struct bench bench;
    return start(&bench, spar, bin, ROOMS, opening) && measure_rooms(&bench, figures) &&
           start(&bench, spar, bin, IDLE_SMALL / MEMBERS + 1, opening) &&
           measure_idle(&bench, IDLE_SMALL, &figures[FIG_MEM_SMALL], NULL) &&
           start(&bench, spar, bin, IDLE_LARGE / MEMBERS + 1, opening) &&
           measure_idle(&bench, IDLE_LARGE, &figures[FIG_MEM_LARGE], &figures[FIG_HANDSHAKE]);
}

/* One load, for a look from outside: what came, how late, and what it cost. */
static bool at_rate(bool spar, const char *bin, size_t *opening, uint32_t rate, uint32_t window,
                    int seconds) {
    static struct bench bench;
    struct load load = {0};
    if (!start(&bench, spar, bin, ROOMS, opening)) {
        return false;
    }
    bench.load = &load;
    bool ok = bench_open(&bench, ROOMS * MEMBERS);
    for (uint32_t i = 0; ok && i < ROOMS; i++) {
        bench.target.start(&bench.pool, &bench.pool.peers[(size_t)i * MEMBERS]);
    }
    settle(&bench.pool);
    fprintf(stderr, "%s: process %d\n", bench.target.name, (int)bench.target.pid);
    int64_t cpu = target_cpu(&bench.target);
    bool whole =
        ok && (window > 0 ? load_window(&bench, window, seconds) : load_run(&bench, rate, seconds));
    cpu = target_cpu(&bench.target) - cpu;
    printf("%-6s %zu of %llu deliveries%s, p50 %.3f ms, p99 %.3f ms, CPU s per 100,000 %.3f\n",
           bench.target.name, load.count, (unsigned long long)load.sent * MEMBERS,
           whole ? "" : " (too late)", load_quantile(&load, 0.5), load_quantile(&load, 0.99),
           (double)cpu / 1e9 * 100000 / (double)load.count);
    pool_free(&bench.pool);
    target_stop(&bench.target);
    for (int i = 0; i < ROOMS; i++) {
        free(load.rooms[i].at);
    }
    free(load.latency);
    return ok;
}

static int compare_double(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_row(const char *name, double *spar, double *ground, int rounds) {
    double ratio[ROUNDS_MAX];
    for (int i = 0; i < rounds; i++) {
        ratio[i] = spar[i] / ground[i];
    }
    qsort(spar, (size_t)rounds, sizeof *spar, compare_double);
    qsort(ground, (size_t)rounds, sizeof *ground, compare_double);
    qsort(ratio, (size_t)rounds, sizeof *ratio, compare_double);
    int mid = rounds / 2, last = rounds - 1;
    printf("%-29s %9.3f %9.3f %9.3f | %9.3f %9.3f %9.3f | %5.2f %5.2f %5.2f\n", name, spar[0],
           spar[mid], spar[last], ground[0], ground[mid], ground[last], ratio[0], ratio[mid],
           ratio[last]);
}

int main(int argc, char **argv) {
    static double spar[FIG_COUNT][ROUNDS_MAX], ground[FIG_COUNT][ROUNDS_MAX];
    char self[PATH_MAX] = "";
    bool at = argc > 2 && strcmp(argv[1], "--at") == 0;
    bool windows = argc > 2 && strcmp(argv[1], "--window") == 0;
    uint32_t amount = at || windows ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    int seconds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : RUN_SECONDS;
    int rounds = argc > 1 && !at && !windows ? (int)strtol(argv[1], NULL, 10) : 3;
    cpu_set_t set;
    signal(SIGPIPE, SIG_IGN);
    CPU_ZERO(&set);
    CPU_SET(1, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0 || rounds < 1 || rounds > ROUNDS_MAX ||
        readlink("/proc/self/exe", self, sizeof self - 1) < 0) {
        fprintf(stderr, "bench: needs two processors and 1 to %d rounds\n", ROUNDS_MAX);
        return 2;
    }
    const char *bin = dirname(self);
    size_t opening = 0;
    if (at || windows) {
        return at_rate(true, bin, &opening, amount, windows ? amount : 0, seconds) &&
                       at_rate(false, bin, &opening, amount, windows ? amount : 0, seconds)
                   ? 0
                   : 1;
    }
    for (int round = 0; round < rounds; round++) {
        double a[FIG_COUNT] = {0}, b[FIG_COUNT] = {0};
        fprintf(stderr, "round %d of %d: spard\n", round + 1, rounds);
        if (!round_of(true, bin, &opening, a)) {
            return 1;
        }
        fprintf(stderr, "round %d of %d: floor\n", round + 1, rounds);
        if (!round_of(false, bin, &opening, b)) {
            return 1;
        }
        for (int i = 0; i < FIG_COUNT; i++) {
            spar[i][round] = a[i];
            ground[i][round] = b[i];
        }
    }
    printf("%-29s %9s %9s %9s | %9s %9s %9s | %5s %5s %5s\n", "", "spard min", "median", "max",
           "floor min", "median", "max", "ratio", "med", "max");
    for (int i = 0; i < FIG_COUNT; i++) {
        print_row(figure_names[i], spar[i], ground[i], rounds);
    }
    return 0;
}
