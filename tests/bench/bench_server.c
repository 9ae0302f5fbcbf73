/* SPDX-License-Identifier: ISC */
/*
 * bench_server.c: spard against the floor, by turns, in one run: each figure and its ratio.
 *
 * The server is pinned to processor 0, this generator to processor 1. Every round starts each
 * server afresh; minimum, median and maximum are over the rounds. Latency is from the moment a
 * command is handed to TLS until its event was read by each of the room's three members.
 *
 * usage: bench_server --journal URI PID   with the embedded journal, then with one in that
 * database, whose first process it is: one round of both, with the database's processor time
 *        bench_server [ROUNDS]   (from a folder on the disk that is to be measured)
 *        bench_server --at RATE [SECONDS]   one load on each, to be looked at with perf meanwhile,
 * and how long the server takes to answer a ping beside it
 *        bench_server --window N [SECONDS]  as many commands as go, N of each room on their way:
 * what a delivery costs when there is always more to do; holds on a busy machine
 *        bench_server --back TIMES          how long 900 cut connections take to be back, TIMES
 * times bench_server --idle N [SECONDS]    memory of N idle connections, held so long to be looked
 * at bench_server --many N [SECONDS]    how many rooms of three with one command a second each
 * spard holds with a p99 under 100 ms, from N rooms on, until memory or processor end it
 */
#include <libgen.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/crowd.h"

enum {
    ROOMS = 300,
    RATE = 600, /* commands a second */
    RUN_SECONDS = 5,
    STEP_SECONDS = 2,
    STEP_TRIES = 3,
    BACK_TIMES = 5,
    RATE_MAX = 200000,
    IDLE_SMALL = 1000,
    IDLE_LARGE = 5000,
    IDLE_MS = 4000, /* after the last has come: then they are idle */
    ROUNDS_MAX = 16,
    P99_LIMIT_MS = 50,
    MANY_LIMIT_MS = 100,
    MANY_MAX = 6000 /* rooms: as many connections as target_spar lets in */
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

/* A room takes only so many marks: everybody goes to rooms that have none yet. */
static bool renew_rooms(struct bench *bench) {
    struct pool *pool = &bench->pool;
    struct load *load = bench->load;
    uint32_t rooms = load->room_count;
    load_free(load);
    if (!load_init(load, rooms)) {
        return false;
    }
    for (uint32_t i = 0; i < pool->count; i++) {
        pool_cut(pool, &pool->peers[i]);
        pool->peers[i].n = 0;
    }
    if (!bench->target.prepare(&bench->target, rooms) || !crowd_come(pool)) {
        return false;
    }
    crowd_start(bench);
    return true;
}

/* After a rate that was too high: what it left behind comes, and the moderate load goes again. */
static bool calm(struct bench *bench) {
    for (int i = 0; i < STEP_TRIES; i++) {
        if (!load_drain(bench)) {
            return false;
        }
        if (load_run(bench, RATE, 1)) {
            return true;
        }
    }
    return false;
}

/* A single stall of the disk fails a whole window, whatever the server does; a rate that is too
 * high fails every one. *sound: the figure is none any more. */
static bool holds_rate(struct bench *bench, double rate, bool *sound) {
    for (int i = 0; *sound && i < STEP_TRIES; i++) {
        *sound =
            load_fits(bench, (uint32_t)rate, STEP_SECONDS, RATE * STEP_TRIES) || renew_rooms(bench);
        if (*sound && load_run(bench, (uint32_t)rate, STEP_SECONDS) &&
            load_quantile(&bench->load->waits, 0.99) < P99_LIMIT_MS) {
            return true;
        }
        *sound = *sound && calm(bench);
    }
    return false;
}

/* 0: commands were refused, or the server no longer held the moderate load either. */
static double search_rate(struct bench *bench) {
    double good = RATE, bad = 0;
    bool sound = true;
    for (double rate = RATE * 2.0; rate < RATE_MAX;) {
        if (holds_rate(bench, rate, &sound)) {
            good = rate;
        } else {
            bad = rate;
        }
        if (!sound || (bad > 0 && bad / good < 1.1)) {
            break;
        }
        rate = bad > 0 ? (good + bad) / 2 : rate * 1.6;
    }
    return sound ? good : 0;
}

static double time_back(struct bench *bench) {
    struct pool *pool = &bench->pool;
    int64_t start = bench_ns();
    for (uint32_t i = 0; i < pool->count; i++) {
        pool_cut(pool, &pool->peers[i]);
    }
    pool->lost = 0;
    return crowd_come(pool) ? (double)(bench_ns() - start) / 1e9 : -1;
}

static int compare_double(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of some times: it is a second of processor, which no machine has twice alike. */
static double times_back(struct bench *bench) {
    double took[BACK_TIMES];
    for (int i = 0; i < BACK_TIMES; i++) {
        crowd_wait(&bench->pool, SETTLE_MS);
        took[i] = time_back(bench);
        if (took[i] < 0) {
            return -1;
        }
    }
    qsort(took, BACK_TIMES, sizeof took[0], compare_double);
    return took[BACK_TIMES / 2];
}

/* Delivery, CPU, the highest rate and coming back: 300 rooms of three. */
static bool measure_rooms(struct bench *bench, double *figures) {
    struct load load;
    if (!load_init(&load, ROOMS)) {
        return false;
    }
    bench->load = &load;
    bool ok = crowd_open(bench, ROOMS * MEMBERS);
    if (!ok) {
        fprintf(stderr, "bench: %s: only %u of %u came in\n", bench->target.name,
                bench->pool.joined, bench->pool.count);
    }
    if (ok) {
        crowd_start(bench);
        ok = calm(bench);
    }
    if (ok) {
        int64_t cpu = target_cpu(&bench->target);
        int64_t database = bench->database > 0 ? target_cpu_of_family(bench->database) : 0;
        ok = load_run(bench, RATE, RUN_SECONDS);
        cpu = target_cpu(&bench->target) - cpu;
        database = bench->database > 0 ? target_cpu_of_family(bench->database) - database : 0;
        bench->database_us = (double)database / 1e3 / (double)load.sent;
        if (!ok) {
            fprintf(stderr, "bench: %s: %zu of %llu deliveries came at the moderate load\n",
                    bench->target.name, load.waits.count, (unsigned long long)load.sent * MEMBERS);
        }
        figures[FIG_CPU] = (double)cpu / 1e9 * 100000 / (double)load.waits.count;
        figures[FIG_P50] = load_quantile(&load.waits, 0.50);
        figures[FIG_P99] = load_quantile(&load.waits, 0.99);
        figures[FIG_RATE] = ok ? search_rate(bench) : 0;
        ok = figures[FIG_RATE] > 0;
        figures[FIG_BACK] = times_back(bench);
    }
    pool_free(&bench->pool);
    target_stop(&bench->target);
    load_free(&load);
    bench->load = NULL;
    return ok;
}

/* Memory, and the processor time of coming in; they stay for `hold` seconds. */
static bool measure_idle(struct bench *bench, uint32_t members, int hold, double *kib,
                         double *cpu_ms) {
    int64_t memory = target_resident(&bench->target);
    load_listen(bench);
    bool ok = pool_init(&bench->pool, bench->target.port, members);
    bench->pool.ctx = &bench->target;
    bench->pool.on_up = bench->target.join;
    bench->pool.on_frame = bench->target.frame;
    bench->pool.on_quiet = bench->target.keep;
    ok = ok && bench->target.prepare(&bench->target, (members + MEMBERS - 1) / MEMBERS);
    int64_t cpu = target_cpu(&bench->target);
    ok = ok && crowd_come(&bench->pool);
    if (cpu_ms != NULL) {
        *cpu_ms = (double)(target_cpu(&bench->target) - cpu) / 1e6 / members;
    }
    if (!ok) {
        fprintf(stderr, "bench: %s: only %u of %u came in\n", bench->target.name,
                bench->pool.joined, members);
    }
    crowd_wait(&bench->pool, IDLE_MS);
    *kib = (double)(target_resident(&bench->target) - memory) / 1024 / members;
    if (hold > 0) {
        fprintf(stderr, "%s: all are in\n", bench->target.name);
    }
    crowd_wait(&bench->pool, (int64_t)hold * 1000);
    pool_free(&bench->pool);
    target_stop(&bench->target);
    return ok;
}

static bool start(struct bench *bench, bool spar, const char *bin, uint32_t rooms,
                  size_t *opening) {
    *bench = (struct bench){0};
    bool ok = spar ? target_spar(&bench->target, bin, rooms, NULL)
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
           measure_idle(&bench, IDLE_SMALL, 0, &figures[FIG_MEM_SMALL], NULL) &&
           start(&bench, spar, bin, IDLE_LARGE / MEMBERS + 1, opening) &&
           measure_idle(&bench, IDLE_LARGE, 0, &figures[FIG_MEM_LARGE], &figures[FIG_HANDSHAKE]);
}

/* One load, for a look from outside: what came, how late, and what it cost. */
static bool at_rate(bool spar, const char *bin, size_t *opening, uint32_t rate, uint32_t window,
                    int seconds) {
    static struct bench bench;
    struct load load;
    if (!start(&bench, spar, bin, ROOMS, opening) || !load_init(&load, ROOMS)) {
        return false;
    }
    bench.load = &load;
    load.pinging = spar;
    bool ok = crowd_open(&bench, ROOMS * MEMBERS);
    if (ok) {
        crowd_start(&bench);
    }
    fprintf(stderr, "%s: process %d\n", bench.target.name, (int)bench.target.pid);
    int64_t cpu = target_cpu(&bench.target), began = bench_ns();
    bool whole =
        ok && (window > 0 ? load_window(&bench, window, seconds) : load_run(&bench, rate, seconds));
    cpu = target_cpu(&bench.target) - cpu;
    printf("%-6s %zu of %llu deliveries%s, p50 %.3f ms, p99 %.3f ms, CPU s per 100,000 %.3f, "
           "%.0f commands/s\n",
           bench.target.name, load.waits.count, (unsigned long long)load.sent * MEMBERS,
           whole ? "" : " (not all, too late, or fewer were sent)", load_quantile(&load.waits, 0.5),
           load_quantile(&load.waits, 0.99), (double)cpu / 1e9 * 100000 / (double)load.waits.count,
           (double)load.sent * 1e9 / (double)(bench_ns() - began));
    if (load.pings.count > 0) {
        printf("%-6s %zu pings, p50 %.3f ms, p99 %.3f ms\n", bench.target.name, load.pings.count,
               load_quantile(&load.pings, 0.5), load_quantile(&load.pings, 0.99));
    }
    pool_free(&bench.pool);
    target_stop(&bench.target);
    load_free(&load);
    return ok;
}

static bool idle(bool spar, const char *bin, size_t *opening, uint32_t members, int hold) {
    static struct bench bench;
    double kib = 0, cpu = 0;
    if (!start(&bench, spar, bin, members / MEMBERS + 1, opening)) {
        return false;
    }
    fprintf(stderr, "%s: process %d\n", bench.target.name, (int)bench.target.pid);
    bool ok = measure_idle(&bench, members, hold, &kib, &cpu);
    printf("%-6s %u idle: %.2f KiB each; %.3f CPU ms per handshake+join\n", bench.target.name,
           members, kib, cpu);
    return ok;
}

/* Cut and back so many times, in one life of the server: nothing else was asked of it meanwhile. */
static bool backs(bool spar, const char *bin, size_t *opening, uint32_t times) {
    static struct bench bench;
    struct load load;
    if (!start(&bench, spar, bin, ROOMS, opening) || !load_init(&load, ROOMS)) {
        return false;
    }
    bench.load = &load;
    bool ok = crowd_open(&bench, ROOMS * MEMBERS);
    if (ok) {
        crowd_start(&bench);
        ok = calm(&bench);
    }
    for (uint32_t i = 0; ok && i < times; i++) {
        crowd_wait(&bench.pool, SETTLE_MS);
        int64_t cpu = target_cpu(&bench.target);
        double took = time_back(&bench);
        ok = took >= 0;
        printf("%-6s all back after %.3f s, %.3f CPU ms each\n", bench.target.name, took,
               (double)(target_cpu(&bench.target) - cpu) / 1e6 / bench.pool.count);
        fflush(stdout);
    }
    pool_free(&bench.pool);
    target_stop(&bench.target);
    load_free(&load);
    return ok;
}

/* One command a second in each of so many rooms. False: too late, or not everybody came in. */
static bool holds_rooms(const char *bin, uint32_t rooms, int seconds) {
    static struct bench bench;
    struct load load;
    size_t opening = 0;
    if (!start(&bench, true, bin, rooms, &opening) || !load_init(&load, rooms)) {
        return false;
    }
    bench.load = &load;
    bool in = crowd_open(&bench, rooms * MEMBERS);
    if (in) {
        crowd_start(&bench);
    }
    bool whole = in && load_run(&bench, rooms, 2) && load_run(&bench, rooms, seconds);
    double p99 = load_quantile(&load.waits, 0.99);
    printf("%5u rooms: p50 %.1f ms, p99 %.1f ms, %lld MiB%s\n", rooms,
           load_quantile(&load.waits, 0.5), p99,
           (long long)target_resident(&bench.target) / 1048576,
           !in      ? " (not everybody came in)"
           : !whole ? " (too late)"
                    : "");
    fflush(stdout);
    pool_free(&bench.pool);
    target_stop(&bench.target);
    load_free(&load);
    return whole && p99 < MANY_LIMIT_MS;
}

static void many(const char *bin, uint32_t rooms, int seconds) {
    uint32_t good = 0, bad = 0;
    while (rooms > good && rooms <= MANY_MAX && (bad == 0 || (bad - good) * 10 > good)) {
        if (holds_rooms(bin, rooms, seconds)) {
            good = rooms;
        } else {
            bad = rooms;
        }
        rooms = bad > 0 ? (good + bad) / 2 : rooms * 3 / 2;
    }
    printf("%u rooms of three at one command a second each: p99 under %d ms\n", good,
           MANY_LIMIT_MS);
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

/* One round with the journal of its own, or in a database. */
static bool round_on(const char *bin, const char *journal, pid_t database) {
    static struct bench bench;
    double figures[FIG_COUNT] = {0};
    bench = (struct bench){.database = journal != NULL ? database : 0};
    if (!target_spar(&bench.target, bin, ROOMS, journal)) {
        fprintf(stderr, "bench: spard does not start\n");
        return false;
    }
    bool good = measure_rooms(&bench, figures);
    printf("%s: p50 %.2f ms, p99 %.2f ms, highest %.0f commands/s, spard %.0f us an event, "
           "database %.0f\n",
           journal != NULL ? "database" : "embedded", figures[FIG_P50], figures[FIG_P99],
           figures[FIG_RATE], figures[FIG_CPU] / 100000 * MEMBERS * 1e6, bench.database_us);
    fflush(stdout);
    return good;
}

/* One of the options, on each. */
static bool look(const char *option, const char *bin, uint32_t amount, int seconds) {
    size_t opening = 0;
    uint32_t window = strcmp(option, "--window") == 0 ? amount : 0;
    if (strcmp(option, "--many") == 0) {
        many(bin, amount, seconds);
        return true;
    }
    if (strcmp(option, "--back") == 0) {
        return backs(true, bin, &opening, amount) && backs(false, bin, &opening, amount);
    }
    if (strcmp(option, "--idle") == 0) {
        return idle(true, bin, &opening, amount, seconds) &&
               idle(false, bin, &opening, amount, seconds);
    }
    return at_rate(true, bin, &opening, amount, window, seconds) &&
           at_rate(false, bin, &opening, amount, window, seconds);
}

static bool measure_all(const char *bin, int rounds) {
    static double spar[FIG_COUNT][ROUNDS_MAX], ground[FIG_COUNT][ROUNDS_MAX];
    size_t opening = 0;
    for (int round = 0; round < rounds; round++) {
        double a[FIG_COUNT] = {0}, b[FIG_COUNT] = {0};
        fprintf(stderr, "round %d of %d: spard\n", round + 1, rounds);
        if (!round_of(true, bin, &opening, a)) {
            return false;
        }
        fprintf(stderr, "round %d of %d: floor\n", round + 1, rounds);
        if (!round_of(false, bin, &opening, b)) {
            return false;
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
    return true;
}

int main(int argc, char **argv) {
    char self[PATH_MAX] = "";
    bool option = argc > 2 && argv[1][0] == '-';
    int seconds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : RUN_SECONDS;
    int rounds = argc > 1 && !option ? (int)strtol(argv[1], NULL, 10) : 3;
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
    if (option && strcmp(argv[1], "--journal") == 0) {
        pid_t database = argc > 3 ? (pid_t)strtol(argv[3], NULL, 10) : 0;
        return round_on(bin, NULL, 0) && round_on(bin, argv[2], database) ? 0 : 1;
    }
    bool good = option ? look(argv[1], bin, (uint32_t)strtoul(argv[2], NULL, 10), seconds)
                       : measure_all(bin, rounds);
    return good ? 0 : 1;
}
