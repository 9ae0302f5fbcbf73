/* SPDX-License-Identifier: ISC */
/*
 * bench_nodes.c: what three servers on one database cost beside one with the embedded journal, and
 * what the database does for each event when commits hold many, beside the bare insert of the same
 * rows.
 *
 * Talk: everybody in 300 rooms of three says something at random moments, 600 lines a second in
 * all; where there are three servers, the members of each room are at three of them. A line counts
 * once for each of the three who have it, its author among them. So two of a room speak at once as
 * often as chance has it. Conflicts are those that the servers count, in percent of the lines.
 *
 * Full commits: one server in a database, with so many rooms that always have a mark on its way
 * that its commits hold about 100 events, by its own count. Then each of those commits is read back
 * (the rows of one transaction) and inserted into a table of the same columns and key by one
 * prepared statement: the rows as arrays, and nothing else. The database's processor time is that
 * of all its processes.
 *
 * usage: bench_nodes URI PID [SECONDS]   (from a folder on the disk that is to be measured; the
 * database, whose schema spar is dropped each time, and its first process)
 */
#include <libgen.h>
#include <libpq-fe.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/journal/pg_link.h"
#include "tests/bench/crowd.h"

enum {
    ROOMS = 300,
    NODES = 3, /* one for each member of a room */
    RATE = 600,
    RUN_SECONDS = 5,
    WARM_SECONDS = 2,
    EVENTS_A_COMMIT = 100,
    AIMS = 3, /* runs of a second to find how many rooms give so many */
    TYPE_BYTEA = 17,
    TYPE_INT8 = 20,
    COLUMNS = 4
};

struct means {
    const char *bin, *info;
    pid_t database;
    int seconds;
};

struct counts {
    int64_t events, commits, conflicts;
};

static struct counts count(const struct target *const *nodes, int many) {
    struct counts sum = {0};
    for (int i = 0; i < many; i++) {
        sum.events += target_metric(nodes[i], "spar_journal_events_total");
        sum.commits += target_metric(nodes[i], "spar_journal_commits_total");
        sum.conflicts += target_metric(nodes[i], "spar_journal_conflicts_total");
    }
    return sum;
}

static struct counts since(struct counts before, const struct target *const *nodes, int many) {
    struct counts now = count(nodes, many);
    return (struct counts){.events = now.events - before.events,
                           .commits = now.commits - before.commits,
                           .conflicts = now.conflicts - before.conflicts};
}

/* ---- talk ---- */

struct talk {
    double p50, p99;
    double spard_us, database_us; /* of all servers, a line */
    struct counts counts;
    uint64_t lines;
};

static int64_t cpu_of(const struct target *const *nodes, int many) {
    int64_t sum = 0;
    for (int i = 0; i < many; i++) {
        sum += target_cpu(nodes[i]);
    }
    return sum;
}

static bool measure_talk(struct bench *bench, const struct target *const *nodes, int many,
                         const struct means *means, struct talk *talk) {
    struct load load;
    if (!load_init(&load, ROOMS)) {
        return false;
    }
    bench->load = &load;
    bool good = crowd_open(bench, ROOMS * MEMBERS);
    if (good) {
        crowd_start(bench);
        good = load_talk(bench, RATE, WARM_SECONDS) || load_drain(bench);
        struct counts before = count(nodes, many);
        int64_t cpu = cpu_of(nodes, many), database = target_cpu_of_family(means->database);
        good = good && load_talk(bench, RATE, means->seconds);
        cpu = cpu_of(nodes, many) - cpu;
        database = target_cpu_of_family(means->database) - database;
        *talk = (struct talk){.p50 = load_quantile(&load.waits, 0.5),
                              .p99 = load_quantile(&load.waits, 0.99),
                              .spard_us = (double)cpu / 1e3 / (double)load.sent,
                              .database_us = (double)database / 1e3 / (double)load.sent,
                              .counts = since(before, nodes, many),
                              .lines = load.sent};
    }
    if (!good) {
        fprintf(stderr, "bench: %u of %u came in, %zu of %llu deliveries came\n",
                bench->pool.joined, bench->pool.count, load.waits.count,
                (unsigned long long)load.sent * MEMBERS);
    }
    pool_free(&bench->pool);
    load_free(&load);
    return good;
}

static bool embedded(const struct means *means, struct talk *talk) {
    static struct bench bench;
    const struct target *nodes[] = {&bench.target};
    bench = (struct bench){.load = NULL};
    bool good = target_spar(&bench.target, means->bin, ROOMS, NULL) &&
                measure_talk(&bench, nodes, 1, means, talk);
    target_stop(&bench.target);
    return good;
}

/* The others' rooms are the first one's. */
static bool spread(const struct means *means, struct talk *talk) {
    static struct bench bench;
    static struct target more[NODES - 1];
    const struct target *nodes[] = {&bench.target, &more[0], &more[1]};
    bench = (struct bench){.load = NULL};
    bool good = target_spar(&bench.target, means->bin, ROOMS, means->info);
    int started = 1;
    for (; good && started < NODES; started++) {
        good = target_spar_more(&more[started - 1], means->bin, &bench.target, means->info);
        bench.ports[started] = more[started - 1].port;
    }
    good = good && measure_talk(&bench, nodes, NODES, means, talk);
    for (int i = started - 1; i > 0; i--) {
        target_stop(&more[i - 1]);
    }
    target_stop(&bench.target);
    return good;
}

static void say_talk(const char *where, const struct talk *talk) {
    printf("%s: p50 %.2f ms, p99 %.2f ms, %.2f events a commit, spard %.0f us a line", where,
           talk->p50, talk->p99, (double)talk->counts.events / (double)talk->counts.commits,
           talk->spard_us);
}

static bool compare_talk(const struct means *means) {
    struct talk one, three;
    if (!embedded(means, &one)) {
        return false;
    }
    say_talk("talk, embedded", &one);
    printf("\n");
    fflush(stdout);
    if (!spread(means, &three)) {
        return false;
    }
    say_talk("talk, three nodes", &three);
    printf(", database %.0f\n  p50 %.2f times the embedded, conflicts %.2f %% (%lld of %llu "
           "lines)\n",
           three.database_us, three.p50 / one.p50,
           100.0 * (double)three.counts.conflicts / (double)three.lines,
           (long long)three.counts.conflicts, (unsigned long long)three.lines);
    fflush(stdout);
    return true;
}

/* ---- full commits ---- */

static PGresult *ask(PGconn *conn, const char *statement) {
    PGresult *result = PQexec(conn, statement);
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK) {
        fprintf(stderr, "bench: %s", PQresultErrorMessage(result));
        exit(1);
    }
    return result;
}

static void tell(PGconn *conn, const char *statement) {
    PQclear(ask(conn, statement));
}

static int64_t transaction(PGconn *conn) {
    PGresult *result = ask(conn, "SELECT pg_current_xact_id()");
    int64_t id = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return id;
}

struct full {
    double us, ms, size; /* of the database, an event; of a commit; events in it */
    int64_t events, first, last;
    uint32_t rooms;
};

/* How many rooms give commits of that size. */
static bool aim(struct bench *bench, const struct target *node) {
    struct load *load = bench->load;
    bool good = true;
    for (int i = 0; good && i < AIMS; i++) {
        struct counts before = count(&node, 1);
        good = load_window(bench, 1, 1);
        struct counts now = since(before, &node, 1);
        double rooms =
            (double)load->room_count * EVENTS_A_COMMIT * (double)now.commits / (double)now.events;
        load->room_count = rooms > ROOMS ? ROOMS : rooms < 1 ? 1 : (uint32_t)rooms;
    }
    return good;
}

static bool measure_full(struct bench *bench, const struct means *means, PGconn *conn,
                         struct full *full) {
    struct load load;
    const struct target *node = &bench->target;
    if (!load_init(&load, ROOMS)) {
        return false;
    }
    bench->load = &load;
    bool good = crowd_open(bench, ROOMS * MEMBERS);
    if (good) {
        crowd_start(bench);
        good = aim(bench, node);
        full->rooms = load.room_count;
        full->first = transaction(conn);
        struct counts before = count(&node, 1);
        int64_t cpu = target_cpu_of_family(means->database), began = bench_ns();
        good = good && load_window(bench, 1, means->seconds);
        cpu = target_cpu_of_family(means->database) - cpu;
        struct counts now = since(before, &node, 1);
        full->last = transaction(conn);
        full->events = now.events;
        full->us = (double)cpu / 1e3 / (double)now.events;
        full->ms = (double)(bench_ns() - began) / 1e6 / (double)now.commits;
        full->size = (double)now.events / (double)now.commits;
    }
    load.room_count = ROOMS;
    pool_free(&bench->pool);
    load_free(&load);
    return good;
}

static const char rows_of_commits[] =
    "SELECT xmin::text::bigint, room, pos::bigint, count::bigint, body FROM spar.event"
    " WHERE xmin::text::bigint > $1 AND xmin::text::bigint < $2 ORDER BY 1, room, pos";

static PGresult *read_commits(PGconn *conn, const struct full *full) {
    static const int binary[PG_PARAMS_MAX] = {1, 1};
    struct pg_params params = {.count = 0};
    pg_add_number(&params, full->first);
    pg_add_number(&params, full->last);
    PGresult *rows = PQexecParams(conn, rows_of_commits, params.count, params.types, params.values,
                                  params.lengths, binary, 1);
    if (PQresultStatus(rows) != PGRES_TUPLES_OK) {
        fprintf(stderr, "bench: %s", PQresultErrorMessage(rows));
        exit(1);
    }
    return rows;
}

/* The rows from `at` on that are of one transaction, as arrays. Returns the first behind them. */
static int take_commit(const PGresult *rows, int at, struct pg_array arrays[COLUMNS],
                       int64_t *events) {
    int64_t one = pg_number(rows, at, 0);
    for (int i = 0; i < COLUMNS; i++) {
        pg_array_begin(&arrays[i], i + 1 < COLUMNS ? TYPE_INT8 : TYPE_BYTEA);
    }
    for (; at < PQntuples(rows) && pg_number(rows, at, 0) == one; at++) {
        for (int i = 0; i + 1 < COLUMNS; i++) {
            pg_array_number(&arrays[i], pg_number(rows, at, i + 1));
        }
        pg_array_bytes(&arrays[COLUMNS - 1], PQgetvalue(rows, at, COLUMNS),
                       (size_t)PQgetlength(rows, at, COLUMNS));
        *events += pg_number(rows, at, COLUMNS - 1);
    }
    return at;
}

static void insert(PGconn *conn, struct pg_array arrays[COLUMNS]) {
    static const int binary[PG_PARAMS_MAX] = {1, 1, 1, 1};
    struct pg_params params = {.count = 0};
    for (int i = 0; i < COLUMNS; i++) {
        if (!pg_add_array(&params, &arrays[i])) {
            abort();
        }
    }
    PGresult *result =
        PQexecPrepared(conn, "bare", params.count, params.values, params.lengths, binary, 1);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        fprintf(stderr, "bench: %s", PQresultErrorMessage(result));
        exit(1);
    }
    PQclear(result);
}

static struct full insert_bare(PGconn *conn, const PGresult *rows, pid_t database) {
    struct pg_array arrays[COLUMNS] = {{.bytes = NULL}};
    struct full bare = {.events = 0};
    int64_t commits = 0, cpu = target_cpu_of_family(database), began = bench_ns();
    for (int at = 0; at < PQntuples(rows); commits++) {
        at = take_commit(rows, at, arrays, &bare.events);
        insert(conn, arrays);
    }
    cpu = target_cpu_of_family(database) - cpu;
    bare.us = (double)cpu / 1e3 / (double)bare.events;
    bare.ms = (double)(bench_ns() - began) / 1e6 / (double)commits;
    bare.size = (double)bare.events / (double)commits;
    for (int i = 0; i < COLUMNS; i++) {
        pg_array_free(&arrays[i]);
    }
    return bare;
}

static void say_full(const char *what, const struct full *full) {
    printf("%s: %.0f events a commit of %.2f ms, database %.1f us an event (%lld events)\n", what,
           full->size, full->ms, full->us, (long long)full->events);
}

static bool compare_full(const struct means *means, PGconn *conn) {
    static struct bench bench;
    struct full full = {.events = 0};
    bench = (struct bench){.load = NULL};
    bool good = target_spar(&bench.target, means->bin, ROOMS, means->info) &&
                measure_full(&bench, means, conn, &full);
    target_stop(&bench.target);
    if (!good) {
        return false;
    }
    printf("%u rooms that always have a mark on its way\n", full.rooms);
    say_full("full commits, spard", &full);
    tell(conn,
         "DROP TABLE IF EXISTS bare; CREATE TABLE bare (room bigint NOT NULL, pos integer NOT "
         "NULL, count integer NOT NULL, body bytea NOT NULL, PRIMARY KEY (room, pos))");
    PQclear(PQprepare(conn, "bare",
                      "INSERT INTO bare SELECT * FROM unnest($1::bigint[], $2::bigint[],"
                      " $3::bigint[], $4::bytea[])",
                      0, NULL));
    PGresult *rows = read_commits(conn, &full);
    struct full bare = insert_bare(conn, rows, means->database);
    PQclear(rows);
    say_full("full commits, the bare insert", &bare);
    printf("  %.2f times the bare insert\n", full.us / bare.us);
    return true;
}

int main(int argc, char **argv) {
    char self[PATH_MAX] = "";
    cpu_set_t set;
    signal(SIGPIPE, SIG_IGN);
    CPU_ZERO(&set);
    CPU_SET(1, &set);
    if (argc < 3 || sched_setaffinity(0, sizeof set, &set) != 0 ||
        readlink("/proc/self/exe", self, sizeof self - 1) < 0) {
        fprintf(stderr, "bench: needs two processors, a database and its first process\n");
        return 2;
    }
    struct means means = {.bin = dirname(self),
                          .info = argv[1],
                          .database = (pid_t)strtol(argv[2], NULL, 10),
                          .seconds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : RUN_SECONDS};
    PGconn *conn = PQconnectdb(means.info);
    if (PQstatus(conn) != CONNECTION_OK) {
        fprintf(stderr, "bench: %s", PQerrorMessage(conn));
        return 1;
    }
    tell(conn, "SET client_min_messages = warning");
    tell(conn, "DROP SCHEMA IF EXISTS spar CASCADE");
    bool good = compare_talk(&means);
    tell(conn, "DROP SCHEMA IF EXISTS spar CASCADE");
    good = good && compare_full(&means, conn);
    PQfinish(conn);
    return good ? 0 : 1;
}
