/* SPDX-License-Identifier: ISC */
/*
 * pg_schema.c: the tables, made and brought up to date by the first server that comes, under a lock
 * for which the others wait.
 *
 * Events lie in partitions by the number of their room, so that old rooms are dropped a partition
 * at a time. Nothing here is ever changed but by a new version with a step of its own.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "protocol/text/why.h"
#include "server/journal/pg_parts.h"
#include "server/journal/shared.h"

/* One transaction, as is all that is sent in one piece. The lock's number means nothing but that it
 * is ours. */
#define LOCK "SELECT pg_advisory_xact_lock(7447001);"
#define MAKE                                                                              \
    "CREATE SCHEMA IF NOT EXISTS spar;"                                                   \
    "CREATE TABLE IF NOT EXISTS spar.meta (name text PRIMARY KEY, value text NOT NULL);"  \
    "CREATE SEQUENCE IF NOT EXISTS spar.boot;"                                            \
    "CREATE TABLE IF NOT EXISTS spar.node (boot bigint PRIMARY KEY, name text NOT NULL,"  \
    " beat timestamptz NOT NULL, sent bigint NOT NULL);"                                  \
    "ALTER TABLE spar.node ADD COLUMN IF NOT EXISTS address text NOT NULL DEFAULT '',"    \
    " ADD COLUMN IF NOT EXISTS app text NOT NULL DEFAULT '',"                             \
    " ADD COLUMN IF NOT EXISTS form integer NOT NULL DEFAULT 1,"                          \
    " ADD COLUMN IF NOT EXISTS connections bigint NOT NULL DEFAULT 0,"                    \
    " ADD COLUMN IF NOT EXISTS rooms bigint NOT NULL DEFAULT 0,"                          \
    " ADD COLUMN IF NOT EXISTS behind bigint NOT NULL DEFAULT 0,"                         \
    " ADD COLUMN IF NOT EXISTS drains boolean NOT NULL DEFAULT false,"                    \
    " ADD COLUMN IF NOT EXISTS ahead bigint NOT NULL DEFAULT 0;"                          \
    "CREATE TABLE IF NOT EXISTS spar.room"                                                \
    " (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text NOT NULL UNIQUE);" \
    "CREATE TABLE IF NOT EXISTS spar.event (room bigint NOT NULL, pos integer NOT NULL,"  \
    " count integer NOT NULL, body bytea NOT NULL, PRIMARY KEY (room, pos))"              \
    " PARTITION BY RANGE (room);"                                                         \
    "CREATE TABLE IF NOT EXISTS spar.member (key bytea NOT NULL, room bigint NOT NULL,"   \
    " PRIMARY KEY (key, room));"                                                          \
    "INSERT INTO spar.meta VALUES ('version', '1') ON CONFLICT DO NOTHING;"               \
    "INSERT INTO spar.meta VALUES ('epoch',"                                              \
    " floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint::text) ON CONFLICT DO NOTHING"

static const char make[] = LOCK MAKE;
static const char make_anew[] =
    LOCK "DROP TABLE IF EXISTS spar.event, spar.member, spar.room, spar.node, spar.meta;"
         "DROP SEQUENCE IF EXISTS spar.boot;" MAKE ";"
         "INSERT INTO spar.meta VALUES ('moving', '1')";

static bool read_meta(struct pg_link *link, const char *name, int64_t *value) {
    struct pg_params params = {.count = 0};
    pg_add_text(&params, name);
    PGresult *result = pg_run(link, "SELECT value::bigint FROM spar.meta WHERE name = $1", &params);
    bool good = result != NULL && PQntuples(result) == 1;
    if (good) {
        *value = pg_number(result, 0, 0);
    }
    PQclear(result);
    return good;
}

/* Neither a part of a journal, nor one that has another future now. */
static bool is_at_home(struct pg_link *link, char why[PG_WHY_MAX]) {
    struct pg_params params = {.count = 0};
    PGresult *result =
        pg_run(link, "SELECT 1 FROM spar.meta WHERE name IN ('moving', 'moved')", &params);
    bool known = result != NULL;
    bool home = known && PQntuples(result) == 0;
    PQclear(result);
    if (!known) {
        return why_not(why, PG_WHY_MAX, "The journal's database does not answer: %s.",
                       pg_link_why(link));
    }
    return home || why_not(why, PG_WHY_MAX,
                           "This database holds a journal that was moved to a folder, or a move "
                           "into it that has not ended; run 'spard move' to its end, or name the "
                           "folder with --data.");
}

/* Another server may be making them, or a disk be slow; nobody takes this one for dead yet. */
static bool made(struct pg_link *link) {
    enum { MAKE_MS = 60000 };
    pg_link_be_patient(link, MAKE_MS);
    bool good = pg_run_all(link, make);
    pg_link_be_patient(link, PG_ANSWER_MS);
    return good;
}

bool pg_schema_open(struct pg_link *link, int64_t *epoch, char why[PG_WHY_MAX]) {
    int64_t version;
    if (!made(link) || !read_meta(link, "version", &version) || !read_meta(link, "epoch", epoch)) {
        return why_not(why, PG_WHY_MAX,
                       "The journal's tables cannot be made or read: %s; the user must own its "
                       "database, or its schema spar.",
                       pg_link_why(link));
    }
    if (version > PG_VERSION) {
        return why_not(why, PG_WHY_MAX,
                       "The journal's tables are of version %" PRId64 ", and this spard knows "
                       "version %d; start one as new as the others.",
                       version, PG_VERSION);
    }
    return is_at_home(link, why);
}

bool pg_schema_make_anew(struct pg_link *link) {
    return pg_run_all(link, make_anew);
}

static bool agree(struct pg_link *link, const struct journal_fact *fact, bool *same) {
    struct pg_params params = {.count = 0};
    pg_add_text(&params, fact->name);
    pg_add_text(&params, fact->value);
    PGresult *kept =
        pg_run(link, "INSERT INTO spar.meta VALUES ($1, $2) ON CONFLICT DO NOTHING", &params);
    PGresult *result =
        kept != NULL
            ? pg_run(link, "SELECT 1 FROM spar.meta WHERE name = $1 AND value = $2", &params)
            : NULL;
    *same = result != NULL && PQntuples(result) == 1;
    PQclear(kept);
    PQclear(result);
    return result != NULL;
}

bool pg_schema_agree(struct pg_link *link, const struct journal_fact *facts, size_t count,
                     char why[PG_WHY_MAX]) {
    for (size_t i = 0; i < count; i++) {
        bool same;
        if (!agree(link, &facts[i], &same)) {
            return why_not(why, PG_WHY_MAX, "The journal's database does not answer: %s.",
                           pg_link_why(link));
        }
        if (!same) {
            return why_not(why, PG_WHY_MAX,
                           "This server differs from the others on its journal: %s", facts[i].what);
        }
    }
    return true;
}

static int64_t wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool clock_ahead(struct pg_link *link, int64_t *ahead) {
    enum { LOOKS = 5 };
    int64_t least = INT64_MAX;
    for (int i = 0; i < LOOKS; i++) {
        struct pg_params params = {.count = 0};
        int64_t before = wall_ms();
        PGresult *result = pg_run(
            link, "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint", &params);
        int64_t took = wall_ms() - before;
        if (result == NULL) {
            return false;
        }
        if (took < least) {
            least = took;
            *ahead = pg_number(result, 0, 0) - (before + took / 2);
        }
        PQclear(result);
    }
    return true;
}

/* Of a database that began a moment ago the servers that are there have perhaps not said yet how
 * their clock stands to its: it may have been set meanwhile. *told: it is known. */
static bool others_told(struct pg_link *link, int64_t *ahead, bool *told) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, SHARED_DEAD_MS);
    pg_add_number(&params, SHARED_GRACE_MS);
    PGresult *result = pg_run(
        link,
        "WITH times AS (SELECT clock_timestamp() AS now, pg_postmaster_start_time() AS began,"
        " interval '1 ms' AS ms)"
        " SELECT ahead / 1000, (beat BETWEEN began AND now OR now > began + $2 * ms)::int::bigint,"
        " (beat BETWEEN now - $1 * ms AND now)::int::bigint FROM spar.node, times WHERE NOT drains"
        " ORDER BY 3 DESC, 2 DESC, boot LIMIT 1",
        &params);
    bool good = result != NULL;
    bool any = good && PQntuples(result) == 1;
    *told = !any || pg_number(result, 0, 1) != 0;
    *ahead = any && pg_number(result, 0, 2) != 0 ? pg_number(result, 0, 0) : 0;
    PQclear(result);
    return good;
}

/* A clock that was set is reached slowly (slew.h): who comes meanwhile goes by the rooms of those
 * who are there, not by the clock. */
static bool others_ahead(struct pg_link *link, int64_t *ahead) {
    int64_t until = pg_now() + SHARED_GRACE_MS;
    bool told;
    bool good = others_told(link, ahead, &told);
    bool waited = false;
    while (good && (!told || waited) && pg_now() < until) {
        waited = !told; /* and looks once more: it is the beat behind the first that says so */
        (void)!poll(NULL, 0, PG_AGAIN_MS);
        good = others_told(link, ahead, &told);
    }
    return good;
}

bool pg_clock_ahead(struct pg_link *link, int64_t *ahead) {
    int64_t others;
    bool good = clock_ahead(link, ahead) && others_ahead(link, &others);
    *ahead += good ? others : 0;
    return good;
}

bool pg_schema_partition(struct pg_link *link, int64_t index) {
    char statement[256];
    snprintf(statement, sizeof statement,
             "SELECT pg_advisory_xact_lock(7447001);"
             "CREATE TABLE IF NOT EXISTS spar.event_%" PRId64
             " PARTITION OF spar.event FOR VALUES FROM (%" PRId64 ") TO (%" PRId64 ")",
             index, index * PG_PARTITION_ROOMS, (index + 1) * PG_PARTITION_ROOMS);
    return pg_run_all(link, statement);
}

struct run_row pg_run_row(const PGresult *result, int row, int64_t room) {
    return (struct run_row){.room = room,
                            .pos = (uint32_t)pg_number(result, row, 0),
                            .count = (uint32_t)pg_number(result, row, 1),
                            .body = (const uint8_t *)PQgetvalue(result, row, 2),
                            .len = (size_t)PQgetlength(result, row, 2)};
}

PGresult *pg_runs_behind(struct pg_link *link, int64_t room, uint32_t after) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, room);
    pg_add_number(&params, after);
    pg_add_number(&params, PG_RUNS_AT_ONCE);
    return pg_run(link,
                  "SELECT pos, count, body FROM spar.event"
                  " WHERE room = $1 AND pos > $2 ORDER BY pos LIMIT $3",
                  &params);
}
