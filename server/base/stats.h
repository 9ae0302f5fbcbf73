/* SPDX-License-Identifier: ISC */
/*
 * stats.h: what the server counts, for the operator.
 *
 * Each worker adds to counters of its own (no sharing of cache lines, no lock); reading sums them,
 * from any thread, without stopping anybody: a sum is exact only for what has settled. Gauges
 * are counters that also go down.
 */
#ifndef SPAR_SERVER_BASE_STATS_H
#define SPAR_SERVER_BASE_STATS_H

#include <stdbool.h>
#include <stdint.h>

struct log;
struct log_field;
struct stats;

enum stats_kind { STATS_COUNTER, STATS_GAUGE };

/* X(name, kind): one counter or gauge each; the log shows the same names. */
#define STATS_COUNTERS(X)                                                                        \
    X(accepted, COUNTER)    /* TCP connections taken */                                          \
    X(turned_away, COUNTER) /* refused because the server is full */                             \
    X(connections_open, GAUGE)                                                                   \
    X(handshakes, COUNTER)        /* TLS handshakes completed */                                 \
    X(handshakes_failed, COUNTER) /* TLS handshakes that failed or took too long */              \
    X(resumed, COUNTER)           /* joins that went on after events already known */            \
    X(rooms_loaded, GAUGE)        /* replicas, counted per worker */                             \
    X(rooms_resting, GAUGE)       /* of these, those that nobody is in now */                    \
    X(members, GAUGE)             /* members of rooms that are connected */                      \
    X(cohorts_loaded, GAUGE)      /* cohorts' replicas, counted per worker */                    \
    X(cohorts_resting, GAUGE)     /* of these, those that nobody needs now */                    \
    X(attendees, GAUGE)           /* people in a cohort, by connections */                       \
    X(pairs, COUNTER)             /* pairs made */                                               \
    X(pairs_freed, COUNTER)       /* of these, those in which somebody did not appear */         \
    X(messages_in, COUNTER)       /* well-formed messages read */                                \
    X(messages_bad, COUNTER)      /* messages or frames that broke the protocol */               \
    X(commands, COUNTER)          /* commands taken for deciding */                              \
    X(refused, COUNTER)           /* commands refused by name */                                 \
    X(conflicts, COUNTER)         /* commands decided again because another append came first */ \
    X(events_out, COUNTER)        /* events sent, counted per member */                          \
    X(bytes_in, COUNTER)          /* plain bytes read */                                         \
    X(bytes_out, COUNTER)         /* plain bytes written */                                      \
    X(requests, COUNTER)          /* HTTP requests answered, refusals among them */              \
    X(sockets, COUNTER)           /* WebSockets begun */                                         \
    X(cut_slow, COUNTER)          /* connections cut because the reader fell behind */           \
    X(cut_idle, COUNTER)          /* connections cut because nothing was heard */

enum stats_counter {
#define STATS_ENUM(name, kind) STATS_##name,
    STATS_COUNTERS(STATS_ENUM)
#undef STATS_ENUM
        STATS_COUNT
};

enum { STATS_MORE_MAX = 8 };

/* Counters for writers 0..writers-1. NULL: no memory. */
struct stats *stats_new(unsigned writers) __attribute__((warn_unused_result));
void stats_free(struct stats *stats); /* NULL is allowed */
/* Adds (a gauge also takes a negative amount). The thread of this writer only. */
void stats_add(struct stats *stats, unsigned writer, enum stats_counter counter, int64_t amount);
/* Sum over the writers. Any thread. */
int64_t stats_sum(const struct stats *stats, enum stats_counter counter);
const char *stats_name(enum stats_counter counter); /* as in STATS_COUNTERS */
bool stats_is_gauge(enum stats_counter counter);
/* Logs every counter, then up to STATS_MORE_MAX other fields, as one info line `stats`. */
void stats_log(const struct stats *stats, const struct log_field *more, unsigned more_count,
               struct log *log);

#endif
