/* SPDX-License-Identifier: ISC */
/*
 * stats.c: a row of counters for each writer, on cache lines of its own.
 */
#include "server/base/stats.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/log.h"

enum { CACHE_LINE = 64 };

struct stats_row {
    _Alignas(CACHE_LINE) _Atomic int64_t counts[STATS_COUNT];
};

struct stats {
    unsigned writers;
    struct stats_row *rows;
};

struct stats *stats_new(unsigned writers) {
    struct stats *stats = malloc(sizeof *stats);
    if (stats == NULL) {
        return NULL;
    }
    stats->writers = writers;
    size_t size = writers * sizeof *stats->rows;
    stats->rows = aligned_alloc(CACHE_LINE, size > 0 ? size : sizeof *stats->rows);
    if (stats->rows == NULL) {
        free(stats);
        return NULL;
    }
    for (unsigned w = 0; w < writers; w++) {
        for (unsigned c = 0; c < STATS_COUNT; c++) {
            atomic_init(&stats->rows[w].counts[c], 0);
        }
    }
    return stats;
}

void stats_free(struct stats *stats) {
    if (stats == NULL) {
        return;
    }
    free(stats->rows);
    free(stats);
}

/* A row has one writer, so a load and a store do what a locked addition would, for less. */
void stats_add(struct stats *stats, unsigned writer, enum stats_counter counter, int64_t amount) {
    _Atomic int64_t *count = &stats->rows[writer].counts[counter];
    int64_t before = atomic_load_explicit(count, memory_order_relaxed);
    atomic_store_explicit(count, before + amount, memory_order_relaxed);
}

int64_t stats_sum(const struct stats *stats, enum stats_counter counter) {
    int64_t sum = 0;
    for (unsigned w = 0; w < stats->writers; w++) {
        sum += atomic_load_explicit(&stats->rows[w].counts[counter], memory_order_relaxed);
    }
    return sum;
}

const char *stats_name(enum stats_counter counter) {
    static const char *const names[STATS_COUNT] = {
#define STATS_NAME(name, kind) #name,
        STATS_COUNTERS(STATS_NAME)
#undef STATS_NAME
    };
    return names[counter];
}

void stats_log(const struct stats *stats, const struct log_field *more, unsigned more_count,
               struct log *log) {
    struct log_field fields[STATS_COUNT + STATS_MORE_MAX + 1];
    unsigned n = 0;
    for (unsigned c = 0; c < STATS_COUNT; c++) {
        enum stats_counter counter = (enum stats_counter)c;
        fields[n++] = (struct log_field)LOG_I(stats_name(counter), stats_sum(stats, counter));
    }
    for (unsigned i = 0; i < more_count && i < STATS_MORE_MAX; i++) {
        fields[n++] = more[i];
    }
    fields[n] = (struct log_field){.kind = LOG_KIND_END};
    log_write(log, LOG_LEVEL_INFO, "stats", fields);
}

bool stats_is_gauge(enum stats_counter counter) {
    static const enum stats_kind kinds[STATS_COUNT] = {
#define STATS_KIND(name, kind) STATS_##kind,
        STATS_COUNTERS(STATS_KIND)
#undef STATS_KIND
    };
    return kinds[counter] == STATS_GAUGE;
}
