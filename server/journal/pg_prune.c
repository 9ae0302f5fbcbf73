/* SPDX-License-Identifier: ISC */
/*
 * pg_prune.c: removes rooms in which nothing has happened for long, if their recordings lie in a
 * folder, and the partitions that are empty then.
 *
 * A cohort's log has no recording and stays.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "server/journal/pg_chore.h"
#include "server/journal/term.h"

enum { LOGS_AT_ONCE = 100 };

struct ends {
    struct mp_reader *reader;
    struct event event; /* the last that was read; its texts are not good any more */
};

static bool read_one(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct ends *ends = arg;
    return event_read_stored(ends->reader, bytes, len, &ends->event) && ends->event.pos == pos;
}

/* The event of that run whose number is wanted, or its last one. False: not there, or damaged. */
static bool read_end(const struct postgres *pg, const char *statement, uint32_t upto,
                     struct ends *ends) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, pg->chore->at);
    PGresult *result = pg_run(pg->link, statement, &params);
    bool good = result != NULL && PQntuples(result) == 1;
    if (good) {
        struct run_row row = pg_run_row(result, 0, pg->chore->at);
        good = run_read(&row, 0, upto, read_one, ends) == RUN_WHOLE;
    }
    PQclear(result);
    return good;
}

static bool is_old_room(const struct postgres *pg) {
    struct ends ends = {.reader = &pg->chore->reader};
    bool last = read_end(pg,
                         "SELECT pos, count, body FROM spar.event WHERE room = $1"
                         " ORDER BY pos DESC LIMIT 1",
                         UINT32_MAX, &ends);
    return last && ends.event.at < pg->chore->before &&
           read_end(pg, "SELECT pos, count, body FROM spar.event WHERE room = $1 AND pos = 1", 1,
                    &ends) &&
           ends.event.body.act != ACTION_COHORT_OPEN;
}

static bool is_exported(const struct pg_chore *chore) {
    char path[PATH_MAX + ROOM_ID_BYTES + 16];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s.spar", chore->folder, chore->id);
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

static void name_kept(struct pg_chore *chore) {
    size_t len = strlen(chore->names);
    if (chore->damaged++ < DAMAGED_NAMED) {
        snprintf(chore->names + len, sizeof chore->names - len, "%s%.12s", len > 0 ? ", " : "",
                 chore->id);
    }
}

/* Only those that no new room comes to. */
static bool drop_partitions(const struct postgres *pg, int64_t last, int64_t *dropped) {
    for (int64_t i = 0; i < last / PG_PARTITION_ROOMS; i++) {
        struct pg_params none = {.count = 0};
        char statement[160];
        snprintf(statement, sizeof statement, "SELECT 1 FROM spar.event_%" PRId64 " LIMIT 1", i);
        PGresult *result = pg_run(pg->link, statement, &none);
        bool empty = result != NULL && PQntuples(result) == 0;
        bool away = result == NULL && pg_refused_with(pg->link, "42P01");
        PQclear(result);
        if (result == NULL && !away) {
            return false;
        }
        snprintf(statement, sizeof statement, "DROP TABLE spar.event_%" PRId64, i);
        if (empty && !pg_run_all(pg->link, statement)) {
            return false;
        }
        *dropped += empty;
    }
    return true;
}

static enum journal_said prune_end(const struct postgres *pg, char *line) {
    const struct pg_chore *chore = pg->chore;
    int64_t dropped = 0;
    if (!drop_partitions(pg, chore->at, &dropped)) {
        return pg_chore_failed(pg, line);
    }
    bool clean = chore->removed == 0 || pg_chore_vacuum(pg);
    int len = sentence(
        line, "%" PRId64 " rooms are removed, and %" PRId64 " empty partitions.%s %s",
        chore->removed, dropped, clean ? "" : " Vacuum the database to use their space again.",
        chore->removed > 0 ? pg_chore_kept_yet : "");
    if (chore->damaged > 0) {
        snprintf(line + len, JOURNAL_LINE_MAX - (size_t)len,
                 " %" PRId64 " as old are kept, since no recording of theirs is in the folder: "
                 "%s%s",
                 chore->damaged, chore->names,
                 chore->damaged > DAMAGED_NAMED ? ", and more." : ".");
    }
    return chore->damaged > 0 ? JOURNAL_NOT_DONE : JOURNAL_DONE;
}

enum journal_said pg_prune_slice(struct postgres *pg, char *line) {
    struct pg_chore *chore = pg->chore;
    bool found;
    for (int i = 0; i < LOGS_AT_ONCE; i++) {
        if (!pg_chore_next(pg, chore, &found)) {
            return pg_chore_failed(pg, line);
        }
        if (!found) {
            return prune_end(pg, line);
        }
        bool old = is_old_room(pg);
        if (!pg_link_is_up(pg->link)) {
            return pg_chore_failed(pg, line);
        }
        if (old && !is_exported(chore)) {
            name_kept(chore);
        } else if (old) {
            if (!pg_chore_remove(pg, chore->at)) {
                return pg_chore_failed(pg, line);
            }
            chore->removed++;
            chore->changes->changed(chore->changes->arg, chore->id, NULL);
        }
    }
    sentence(line, "%" PRId64 " logs looked at, %" PRId64 " removed", chore->logs, chore->removed);
    return JOURNAL_GOES_ON;
}

/* By the database's clock, as rooms go (room_time.h). */
static bool room_now(const struct postgres *pg, int64_t *now) {
    struct pg_params none = {.count = 0};
    PGresult *result = pg_run(
        pg->link,
        "WITH fact AS (SELECT (SELECT value::numeric FROM spar.meta WHERE name = 'epoch') AS epoch,"
        " coalesce((SELECT value::numeric FROM spar.meta WHERE name = 'rate'), 1) AS rate)"
        " SELECT floor(epoch + (extract(epoch FROM clock_timestamp()) * 1000 - epoch) * "
        "rate)::bigint"
        " FROM fact",
        &none);
    bool good = result != NULL && PQntuples(result) == 1;
    *now = good ? pg_number(result, 0, 0) : 0;
    PQclear(result);
    return good;
}

bool pg_prune_begin(struct postgres *pg, const char *of, char *line) {
    struct stat status;
    char *folder;
    int64_t hours = strtol(of, &folder, 10), now;
    if (hours < 1 || *folder != ' ' ||
        snprintf(pg->chore->folder, sizeof pg->chore->folder, "%s", folder + 1) >=
            (int)sizeof pg->chore->folder ||
        stat(pg->chore->folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        sentence(line, "Name the folder that the recordings are in, as ROOM.spar each.");
        return false;
    }
    if (!room_now(pg, &now)) {
        pg_chore_failed(pg, line);
        return false;
    }
    pg->chore->before = now - hours * 60 * 60 * 1000;
    return true;
}
