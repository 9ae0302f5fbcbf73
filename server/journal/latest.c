/* SPDX-License-Identifier: ISC */
/*
 * latest.c: the latest moment that any log in a journal's files tells of, read before the journal
 * is opened.
 *
 * A connection of its own, which only reads and leaves the write-ahead log to the journal. Whatever
 * goes wrong here goes wrong there too, and is told there.
 */
#include <sqlite3.h>
#include <stdlib.h>

#include "protocol/wire/event.h"
#include "server/journal/commits.h"
#include "server/journal/fresh.h"
#include "server/journal/journal.h"
#include "server/journal/octets.h"
#include "server/journal/sqlite_parts.h"
#include "server/journal/sum.h"

enum { LAST_EVENT_MAX = 16 * 1024 * 1024 }; /* bytes; what claims more is damaged */

/* Each log's last event: within a log no event is earlier than the one before it. */
static const char last_sql[] =
    "SELECT (SELECT body FROM event WHERE at > number << 32 AND at <= (number << 32 | 4294967295)"
    " ORDER BY at DESC LIMIT 1) FROM room";

/* The same of those whose last event is in a run: where its record lies, and its row id. */
static const char last_run_sql[] =
    "SELECT max(at), place + size - tail, tail, at >> 32 << 32 | upto FROM run GROUP BY at >> 32";

static sqlite3 *open_file(const char *path) {
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return NULL;
    }
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return db;
}

static int64_t at_of(struct mp_reader *reader, const void *bytes, size_t len) {
    struct event event;
    bool good = bytes != NULL && event_read_stored(reader, bytes, len, &event);
    return good ? event.at : 0;
}

static int64_t later(int64_t one, int64_t other) {
    return one > other ? one : other;
}

/* Of all events of a commit that was not moved yet. */
static int64_t latest_of_commit(struct mp_reader *reader, const void *bytes, size_t len) {
    struct fresh_record record;
    int64_t latest = 0;
    size_t at = 0;
    while (bytes != NULL && fresh_record_next(bytes, len, &at, &record)) {
        latest = later(latest, at_of(reader, record.event.bytes, record.event.len));
    }
    return latest;
}

/* Zero if there is no such table: a new file, or one of an older schema. */
static int64_t latest_of(sqlite3 *db, struct mp_reader *reader, const char *sql,
                         int64_t (*of)(struct mp_reader *, const void *, size_t)) {
    sqlite3_stmt *statement = NULL;
    int64_t latest = 0;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK) {
        while (sqlite3_step(statement) == SQLITE_ROW) {
            const void *bytes = sqlite3_column_blob(statement, 0);
            size_t len = (size_t)sqlite3_column_bytes(statement, 0);
            latest = later(latest, of(reader, bytes, len));
        }
    }
    sqlite3_finalize(statement);
    return latest;
}

struct latest {
    struct mp_reader *reader;
    int64_t at;
};

static bool look_at_batch(void *ctx, int64_t sequence, const uint8_t *bytes, size_t len) {
    struct latest *latest = ctx;
    (void)sequence;
    latest->at = later(latest->at, latest_of_commit(latest->reader, bytes, len));
    return true;
}

static int64_t latest_of_log(sqlite3 *db, struct mp_reader *reader, const char *path) {
    struct commits commits;
    struct latest latest = {.reader = reader};
    int64_t number = 0;
    commits_init(&commits, path);
    if (sqlite_log_number(db, &number) && number != 0 && commits_open(&commits) == COMMITS_GOOD) {
        (void)!commits_read(&commits, (uint64_t)number, look_at_batch, &latest);
    }
    commits_close(&commits);
    return latest.at;
}

static int64_t latest_at(const struct rest *rest, struct mp_reader *reader, int64_t place,
                         int64_t size, int64_t row) {
    bool good = place >= REST_HEAD && size >= REST_EVENT_HEAD && size <= LAST_EVENT_MAX;
    uint8_t *bytes = good ? malloc((size_t)size) : NULL;
    int64_t at = 0;
    if (bytes != NULL && rest_read(rest, place, bytes, (size_t)size)) {
        const uint8_t *event = bytes + REST_EVENT_HEAD;
        size_t len = (size_t)size - REST_EVENT_HEAD;
        bool sound = octets_get(bytes + 4, 8) == sum_event(row, event, len);
        at = sound ? at_of(reader, event, len) : 0;
    }
    free(bytes);
    return at;
}

/* Of the file in which rooms rest. What is damaged there is told when its room is read; no clock
 * is set by it. */
static int64_t latest_of_runs(sqlite3 *db, struct mp_reader *reader, const char *path) {
    struct rest rest;
    sqlite3_stmt *runs = NULL;
    int64_t latest = 0;
    rest_init(&rest, path);
    if (rest_look(&rest) == REST_GOOD &&
        sqlite3_prepare_v2(db, last_run_sql, -1, &runs, NULL) == SQLITE_OK) {
        while (sqlite3_step(runs) == SQLITE_ROW) {
            latest = later(latest,
                           latest_at(&rest, reader, sqlite3_column_int64(runs, 1),
                                     sqlite3_column_int64(runs, 2), sqlite3_column_int64(runs, 3)));
        }
    }
    sqlite3_finalize(runs);
    rest_close(&rest);
    return latest;
}

int64_t journal_sqlite_latest(const char *path) {
    struct mp_reader reader;
    int64_t latest = 0;
    sqlite3 *db = open_file(path);
    if (db != NULL && mp_reader_init(&reader) == MP_OK) {
        latest = later(latest_of(db, &reader, last_sql, at_of),
                       latest_of(db, &reader, "SELECT body FROM fresh", latest_of_commit));
        latest = later(latest, latest_of_log(db, &reader, path));
        latest = later(latest, latest_of_runs(db, &reader, path));
        mp_reader_free(&reader);
    }
    sqlite3_close(db);
    return latest;
}
