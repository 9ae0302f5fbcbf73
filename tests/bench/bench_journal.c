/* SPDX-License-Identifier: ISC */
/*
 * Purpose: how many events a second the SQLite journal takes, and how long each waits for its
 * confirmation.
 *
 *     bench_journal [FOLDER [SECONDS]]     FOLDER: on the disk to measure; default: the temporary
 * folder
 *
 * For each number of appends under way at once (each in a room of its own, the next posted when the
 * one before is confirmed) it prints events a second, events in a commit, bytes that the process
 * has written to the disk for each event (as /proc/self/io has it, whole pages, moving the events
 * to where they rest included), and the waiting's median, 99th percentile and maximum. Beside it
 * stands a floor, measured by turns on the same disk: the same bytes appended to a file and synced,
 * as many to a sync as the journal had in a commit.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/journal/journal.h"

enum { ROOMS_MAX = 1000, BODY_BYTES = 180, SAMPLES_MAX = 4000000 };

struct bench {
    struct journal *journal;
    int listener;
    unsigned run; /* part of the rooms' names, so that each run has new ones */
    double until;
    double posted_at[ROOMS_MAX];
    float *waits; /* ms */
    size_t wait_count;
    unsigned under_way;
    pthread_mutex_t lock;
    pthread_cond_t ended;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void append(struct bench *bench, unsigned room, uint32_t expected) {
    static const uint8_t body[BODY_BYTES] = "an event of ordinary length";
    char name[32];
    snprintf(name, sizeof name, "b%03u%08u", bench->run % 1000, room % 100000000);
    struct journal_entry entry = {.bytes = body, .len = sizeof body};
    struct journal_append append = {
        .room = name, .expected = expected, .entries = &entry, .count = 1, .token = room};
    bench->posted_at[room] = now();
    if (!journal_post_append(bench->journal, bench->listener, &append)) {
        abort();
    }
}

static void end_one(struct bench *bench) {
    pthread_mutex_lock(&bench->lock);
    if (--bench->under_way == 0) {
        pthread_cond_signal(&bench->ended);
    }
    pthread_mutex_unlock(&bench->lock);
}

static void on_appended(void *ctx, uint64_t token, enum journal_outcome outcome, uint32_t head) {
    struct bench *bench = ctx;
    double time = now();
    if (outcome != JOURNAL_COMMITTED) {
        fprintf(stderr, "An append was not kept: is the disk full?\n");
        exit(EXIT_FAILURE);
    }
    if (bench->wait_count < SAMPLES_MAX) {
        bench->waits[bench->wait_count++] = (float)((time - bench->posted_at[token]) * 1000);
    }
    if (time < bench->until) {
        append(bench, (unsigned)token, head);
    } else {
        end_one(bench);
    }
}

static void on_events(void *ctx, struct journal_batch *batch) {
    (void)ctx;
    (void)batch;
}

static void on_history(void *ctx, uint64_t token, bool exists, struct journal_batch *batch) {
    (void)ctx;
    (void)token;
    (void)exists;
    (void)batch;
}

static void on_rooms(void *ctx, uint64_t token, const char *ids, uint32_t count) {
    (void)ctx;
    (void)token;
    (void)ids;
    (void)count;
}

static int compare_waits(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Events a second of plain appending, `group` to a sync. */
static double floor_rate(const char *folder, double group, double seconds) {
    char path[4096];
    static const uint8_t body[BODY_BYTES];
    snprintf(path, sizeof path, "%s/floor", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    size_t each = group < 1 ? 1 : (size_t)(group + 0.5), count = 0;
    uint8_t *block = malloc(each * sizeof body);
    if (fd < 0 || block == NULL) {
        exit(EXIT_FAILURE);
    }
    for (size_t i = 0; i < each; i++) {
        memcpy(block + i * sizeof body, body, sizeof body);
    }
    double start = now();
    for (; now() - start < seconds; count += each) {
        if (write(fd, block, each * sizeof body) < 0 || fdatasync(fd) != 0) {
            exit(EXIT_FAILURE);
        }
    }
    double rate = (double)count / (now() - start);
    close(fd);
    unlink(path);
    free(block);
    return rate;
}

/* Bytes that this process has written to the disk, or will; 0 where the system does not tell. */
static double disk_bytes(void) {
    char line[128];
    long long bytes = 0;
    FILE *io = fopen("/proc/self/io", "re");
    while (io != NULL && fgets(line, sizeof line, io) != NULL) {
        if (strncmp(line, "write_bytes: ", 13) == 0) {
            bytes = strtoll(line + 13, NULL, 10);
        }
    }
    if (io != NULL) {
        fclose(io);
    }
    return (double)bytes;
}

static void measure(struct bench *bench, const char *folder, unsigned rooms, double seconds) {
    struct journal_stats before = journal_stats_read(bench->journal);
    double start = now(), written = disk_bytes();
    bench->run++;
    bench->wait_count = 0;
    bench->until = start + seconds;
    bench->under_way = rooms;
    for (unsigned room = 0; room < rooms; room++) {
        append(bench, room, 0);
    }
    pthread_mutex_lock(&bench->lock);
    while (bench->under_way > 0) {
        pthread_cond_wait(&bench->ended, &bench->lock);
    }
    pthread_mutex_unlock(&bench->lock);
    double rate = (double)bench->wait_count / (now() - start);
    struct journal_stats after = journal_stats_read(bench->journal);
    double group =
        (double)(after.events - before.events) / (double)(after.commits - before.commits);
    size_t n = bench->wait_count;
    written = (disk_bytes() - written) / (double)(after.events - before.events);
    qsort(bench->waits, n, sizeof *bench->waits, compare_waits);
    double floor = floor_rate(folder, group, seconds / 2);
    printf("%8u %10.0f %9.1f %9.0f %9.2f %9.2f %9.2f %12.0f %7.2f\n", rooms, rate, group, written,
           (double)bench->waits[n / 2], (double)bench->waits[n * 99 / 100],
           (double)bench->waits[n - 1], floor, rate / floor);
}

static void run_all(struct bench *bench, const char *folder, double seconds) {
    static const unsigned rooms[] = {1, 10, 100, ROOMS_MAX};
    printf("%8s %10s %9s %9s %9s %9s %9s %12s %7s\n", "at once", "events/s", "a commit", "bytes",
           "p50 ms", "p99 ms", "max ms", "floor/s", "ratio");
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        measure(bench, folder, rooms[i], seconds);
    }
}

int main(int argc, char **argv) {
    static struct bench bench = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                 .ended = PTHREAD_COND_INITIALIZER};
    const char *parent = argc > 1 ? argv[1] : getenv("TMPDIR");
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 2;
    char folder[3000], path[3100], file[3200], error[256];
    snprintf(folder, sizeof folder, "%s/bench-journal-XXXXXX", parent != NULL ? parent : "/tmp");
    if (mkdtemp(folder) == NULL) {
        perror(folder);
        return EXIT_FAILURE;
    }
    snprintf(path, sizeof path, "%s/journal.db", folder);
    bench.waits = malloc(SAMPLES_MAX * sizeof *bench.waits);
    bench.journal = journal_sqlite_open(path, NULL, error);
    if (bench.waits == NULL || bench.journal == NULL) {
        fprintf(stderr, "%s\n", error);
        return EXIT_FAILURE;
    }
    struct journal_listener listener = {.ctx = &bench,
                                        .events = on_events,
                                        .appended = on_appended,
                                        .history = on_history,
                                        .rooms = on_rooms};
    bench.listener = journal_add_listener(bench.journal, &listener);
    run_all(&bench, folder, seconds);
    journal_close(bench.journal);
    free(bench.waits);
    static const char *const names[] = {"", ".lock", "-wal", "-shm", "-commits.0", "-commits.1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(file, sizeof file, "%s%s", path, names[i]);
        unlink(file);
    }
    return rmdir(folder) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
