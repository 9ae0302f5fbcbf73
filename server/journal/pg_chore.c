/* SPDX-License-Identifier: ISC */
/*
 * pg_chore.c: what an operator asks of a journal in PostgreSQL: a look at every checksum, and
 * removal for good.
 *
 * Removal is done where this server is the only one: another would go on with what it holds of a
 * log, and write behind what is not there any more. The lock of a move keeps others from starting
 * meanwhile. The database's dead rows are vacuumed at the end; what free space, its log and its
 * copies hold of them is said.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/random.h"
#include "protocol/text/base64url.h"
#include "server/journal/pg_chore.h"
#include "server/journal/run.h"
#include "server/journal/shared.h"

enum {
    SLICE_EVENTS = 2000, /* but for the last log's */
    SLICE_LOGS = 100,
    VACUUM_MS = 60 * 1000
};

enum journal_said pg_chore_failed(const struct postgres *pg, char *line) {
    sentence(line, "The database did not do it: %s. Begin again.", pg_link_why(pg->link));
    return JOURNAL_NOT_DONE;
}

/* ---- one log ---- */

struct reading {
    struct pg_chore *chore;
    bool (*visit)(struct pg_chore *chore, uint32_t pos, const uint8_t *bytes, uint32_t len);
};

static bool read_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    const struct reading *reading = arg;
    struct pg_chore *chore = reading->chore;
    if (pos != chore->last + 1 ||
        (reading->visit != NULL && !reading->visit(chore, pos, bytes, len))) {
        return false;
    }
    chore->last = pos;
    chore->events++;
    return true;
}

/* Some runs of the log that it is at. False: the database does not answer. */
static bool read_some(const struct postgres *pg, struct reading *reading, bool *good, bool *more) {
    struct pg_chore *chore = reading->chore;
    PGresult *result = pg_runs_behind(pg->link, chore->at, chore->last);
    int runs = result != NULL ? PQntuples(result) : 0;
    for (int i = 0; i < runs && *good; i++) {
        struct run_row row = pg_run_row(result, i, chore->at);
        *good = run_read(&row, 0, UINT32_MAX, read_event, reading) == RUN_WHOLE;
    }
    *more = *good && runs == PG_RUNS_AT_ONCE;
    PQclear(result);
    return result != NULL;
}

/* *good: every event is there and right, up to the last one. False: the database does not answer.
 */
static bool read_log(const struct postgres *pg, struct reading *reading, bool *good) {
    bool more = true;
    *good = true;
    reading->chore->last = 0;
    while (more) {
        if (!read_some(pg, reading, good, &more)) {
            return false;
        }
    }
    return true;
}

bool pg_chore_next(const struct postgres *pg, struct pg_chore *chore, bool *found) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, chore->at);
    PGresult *result = pg_run(
        pg->link, "SELECT number, id FROM spar.room WHERE number > $1 ORDER BY number LIMIT 1",
        &params);
    *found = result != NULL && PQntuples(result) == 1;
    if (*found) {
        chore->at = pg_number(result, 0, 0);
        snprintf(chore->id, sizeof chore->id, "%.*s", PQgetlength(result, 0, 1),
                 PQgetvalue(result, 0, 1));
        chore->logs++;
    }
    PQclear(result);
    return result != NULL;
}

/* ---- a look at every checksum ---- */

static void name_damaged(struct pg_chore *chore) {
    size_t len = strlen(chore->names);
    if (chore->damaged++ < DAMAGED_NAMED) {
        snprintf(chore->names + len, sizeof chore->names - len, "%s%.12s is good up to event %u",
                 len > 0 ? ", " : "", chore->id, (unsigned)chore->last);
    }
}

static enum journal_said look_end(const struct pg_chore *chore, char *line) {
    if (chore->damaged == 0) {
        sentence(line, "%" PRId64 " logs with %" PRId64 " events: every checksum is right.",
                 chore->logs, chore->events);
        return JOURNAL_DONE;
    }
    sentence(line,
             "Damaged: %" PRId64 " of %" PRId64
             " logs. %s%s Put back a copy of the database, or go "
             "on without them.",
             chore->damaged, chore->logs, chore->names,
             chore->damaged > DAMAGED_NAMED ? ", and more." : ".");
    return JOURNAL_NOT_DONE;
}

static enum journal_said look_slice(const struct postgres *pg, struct pg_chore *chore, char *line) {
    struct reading reading = {.chore = chore};
    int64_t until = chore->events + SLICE_EVENTS;
    bool found, good;
    for (int i = 0; i < SLICE_LOGS && chore->events < until; i++) {
        if (!pg_chore_next(pg, chore, &found)) {
            return pg_chore_failed(pg, line);
        }
        if (!found) {
            return look_end(chore, line);
        }
        if (!read_log(pg, &reading, &good)) {
            return pg_chore_failed(pg, line);
        }
        if (!good) {
            name_damaged(chore);
        }
    }
    sentence(line, "%" PRId64 " logs, %" PRId64 " events", chore->logs, chore->events);
    return JOURNAL_GOES_ON;
}

/* ---- removal ---- */

static bool alone(const struct postgres *pg, struct pg_chore *chore, char *line) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, pg->boot);
    pg_add_number(&params, SHARED_DEAD_MS);
    PGresult *result = pg_run(pg->link,
                              "SELECT pg_try_advisory_lock(" PG_MOVE_LOCK ")::int, (SELECT count(*)"
                              " FROM spar.node WHERE boot <> $1"
                              " AND " PG_LIVES("$2") ")",
                              &params);
    bool known = result != NULL && PQntuples(result) == 1;
    chore->locked = known && pg_number(result, 0, 0) == 1;
    bool others = !known || !chore->locked || pg_number(result, 0, 1) > 0;
    PQclear(result);
    if (!known) {
        pg_chore_failed(pg, line);
    } else if (others) {
        sentence(line, "Other servers run on this journal, or start on it; stop all but this one "
                       "while something is removed for good.");
    }
    return known && !others;
}

bool pg_chore_remove(const struct postgres *pg, int64_t number) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, number);
    PGresult *result = pg_run(pg->link,
                              "WITH members AS (DELETE FROM spar.member WHERE room = $1)"
                              " DELETE FROM spar.event WHERE room = $1",
                              &params);
    PQclear(result);
    return result != NULL;
}

static bool store_rewritten(struct pg_chore *chore, const struct event *event) {
    struct mp_writer w;
    mp_writer_init(&w);
    event_write_stored(&w, event);
    bool good = !w.failed && run_commit_event(&chore->rewriting, chore->id, chore->at, event->pos,
                                              (const uint8_t *)w.data, (uint32_t)w.len);
    mp_writer_free(&w);
    return good;
}

static bool rewrite_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct pg_chore *chore = arg;
    struct event event;
    if (!event_read_stored(&chore->reader, bytes, len, &event) || event.pos != pos) {
        return false;
    }
    if (!person_rewrite(&chore->person, &event)) {
        return run_commit_event(&chore->rewriting, chore->id, chore->at, pos, bytes, len);
    }
    return store_rewritten(chore, &event);
}

static bool rewrite_run(const struct postgres *pg, struct pg_chore *chore, const PGresult *result,
                        int i) {
    struct run_row row = pg_run_row(result, i, chore->at);
    struct pg_params params = {.count = 0};
    run_commit_clear(&chore->rewriting);
    if (run_read(&row, 0, UINT32_MAX, rewrite_event, chore) != RUN_WHOLE ||
        !run_commit_close(&chore->rewriting)) {
        return false;
    }
    const struct run *run = &chore->rewriting.runs[0];
    pg_add_number(&params, chore->at);
    pg_add_number(&params, row.pos);
    pg_add_bytes(&params, run->body, run->len);
    PGresult *done =
        pg_run(pg->link, "UPDATE spar.event SET body = $3 WHERE room = $1 AND pos = $2", &params);
    PQclear(done);
    return done != NULL;
}

static bool forget_member(const struct postgres *pg, const struct pg_chore *chore) {
    struct pg_params params = {.count = 0};
    pg_add_bytes(&params, chore->person.key, HASH_BYTES);
    pg_add_number(&params, chore->at);
    PGresult *result =
        pg_run(pg->link, "DELETE FROM spar.member WHERE key = $1 AND room = $2", &params);
    PQclear(result);
    return result != NULL;
}

/* Whole or not at all: in one transaction. */
static bool rewrite_log(const struct postgres *pg, struct pg_chore *chore) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, chore->at);
    if (!pg_run_all(pg->link, "BEGIN")) {
        return false;
    }
    PGresult *result = pg_run(
        pg->link, "SELECT pos, count, body FROM spar.event WHERE room = $1 ORDER BY pos", &params);
    bool good = result != NULL;
    person_again(&chore->person);
    for (int i = 0; good && i < PQntuples(result); i++) {
        good = rewrite_run(pg, chore, result, i);
    }
    PQclear(result);
    good = good && forget_member(pg, chore);
    return pg_run_all(pg->link, good ? "COMMIT" : "ROLLBACK") && good;
}

static bool look_for_person(struct pg_chore *chore, uint32_t pos, const uint8_t *bytes,
                            uint32_t len) {
    struct event event;
    bool good = event_read_stored(&chore->reader, bytes, len, &event) && event.pos == pos;
    if (good) {
        person_look(&chore->person, &event);
    }
    return good;
}

bool pg_chore_vacuum(const struct postgres *pg) {
    pg_link_be_patient(pg->link, VACUUM_MS);
    bool good = pg_run_all(pg->link, "VACUUM spar.event, spar.member");
    pg_link_be_patient(pg->link, PG_ANSWER_MS);
    return good;
}

const char pg_chore_kept_yet[] =
    "Free space in the database's files has the bytes until it is used again (VACUUM FULL takes "
    "them away), its log and its copies as long as they are kept, and so have recordings that "
    "people fetched, and journal.db.moved where a move has left one.";

static enum journal_said room_slice(struct postgres *pg, struct pg_chore *chore, char *line) {
    struct reading reading = {.chore = chore};
    struct pg_params params = {.count = 0};
    bool good;
    pg_add_text(&params, chore->room);
    PGresult *result = pg_run(pg->link, "SELECT number FROM spar.room WHERE id = $1", &params);
    bool found = result != NULL && PQntuples(result) == 1;
    chore->at = found ? pg_number(result, 0, 0) : 0;
    bool known = result != NULL;
    PQclear(result);
    if (known && !found) {
        sentence(line, "The journal has no room %.12s; 'spar sessions' tells their names.",
                 chore->room);
        return JOURNAL_NOT_DONE;
    }
    if (!known || !read_log(pg, &reading, &good) || !pg_chore_remove(pg, chore->at)) {
        return pg_chore_failed(pg, line);
    }
    chore->changes->changed(chore->changes->arg, chore->room, NULL);
    bool clean = pg_chore_vacuum(pg);
    sentence(line, "Room %.12s is forgotten, with %u events.%s %s", chore->room,
             (unsigned)chore->last,
             clean ? "" : " Its bytes are in dead rows until the database is vacuumed.",
             pg_chore_kept_yet);
    return JOURNAL_DONE;
}

/* False: the database does not answer. */
static bool take_log(const struct postgres *pg, struct pg_chore *chore) {
    struct reading reading = {.chore = chore, .visit = look_for_person};
    bool good;
    person_begin(&chore->person);
    if (!read_log(pg, &reading, &good)) {
        return false;
    }
    if (!good) {
        chore->damaged++;
        return true;
    }
    if (chore->person.part == PERSON_ABSENT) {
        return true;
    }
    bool whole = chore->person.part == PERSON_WHOLE;
    if (!(whole ? pg_chore_remove(pg, chore->at) : rewrite_log(pg, chore))) {
        return false;
    }
    chore->removed += whole;
    chore->rewritten += !whole;
    chore->changes->changed(chore->changes->arg, chore->id, whole ? NULL : chore->person.key);
    return true;
}

static enum journal_said person_end(const struct postgres *pg, const struct pg_chore *chore,
                                    char *line) {
    bool clean = pg_chore_vacuum(pg); /* also of one who was killed before it */
    if (chore->removed + chore->rewritten + chore->damaged == 0) {
        sentence(line,
                 "No log has that key. If it is the one that 'spar mine' tells its owner, it is "
                 "forgotten already.%s",
                 clean ? "" : " Its bytes are in dead rows until the database is vacuumed.");
        return JOURNAL_NOT_DONE;
    }
    sentence(line,
             "%" PRId64 " rooms are forgotten, and what the key was in %" PRId64
             " others and cohorts.%s%s %s",
             chore->removed, chore->rewritten,
             clean ? "" : " The bytes are in dead rows until the database is vacuumed.",
             chore->damaged > 0
                 ? " Some logs are damaged and could not be looked at: 'spard check' "
                   "names them, forget them by name."
                 : "",
             pg_chore_kept_yet);
    return chore->damaged > 0 ? JOURNAL_NOT_DONE : JOURNAL_DONE;
}

static enum journal_said person_slice(const struct postgres *pg, struct pg_chore *chore,
                                      char *line) {
    int64_t until = chore->events + SLICE_EVENTS;
    bool found;
    for (int i = 0; i < SLICE_LOGS && chore->events < until; i++) {
        if (!pg_chore_next(pg, chore, &found) || (found && !take_log(pg, chore))) {
            return pg_chore_failed(pg, line);
        }
        if (!found) {
            return person_end(pg, chore, line);
        }
    }
    sentence(line, "%" PRId64 " logs looked at, %" PRId64 " removed", chore->logs, chore->removed);
    return JOURNAL_GOES_ON;
}

/* ---- beginning and end ---- */

void pg_chore_end(struct postgres *pg) {
    struct pg_chore *chore = pg->chore;
    if (chore == NULL) {
        return;
    }
    if (chore->locked && pg_link_is_up(pg->link)) {
        (void)!pg_run_all(pg->link, "SELECT pg_advisory_unlock(" PG_MOVE_LOCK ")");
    }
    run_commit_free(&chore->rewriting);
    mp_reader_free(&chore->reader);
    free(chore);
    pg->chore = NULL;
}

static bool read_what(struct pg_chore *chore, const char *of, char *line) {
    if (strlen(of) == ROOM_ID_BYTES) {
        memcpy(chore->room, of, ROOM_ID_BYTES);
        return true;
    }
    if (base64url_read(of, strlen(of), chore->person.key, HASH_BYTES) &&
        random_bytes(chore->person.salt, HASH_BYTES)) {
        return true;
    }
    sentence(line,
             "%.64s is neither a room's id (%d characters) nor a key (%d): 'spar sessions' tells "
             "the rooms, and 'spar mine' its owner the key.",
             of, ROOM_ID_BYTES, BASE64URL_LENGTH(HASH_BYTES));
    return false;
}

bool pg_chore_begin(void *ctx, enum journal_chore kind, const char *of, char *line) {
    struct postgres *pg = ctx;
    if (kind == JOURNAL_BACKUP) {
        sentence(line, "A journal in a database is copied by the database's own means: "
                       "pg_basebackup, or pg_dump of the schema spar. Keep server.pem and "
                       "host.secret of the data folder with it.");
        return false;
    }
    if (kind == JOURNAL_KEEP) {
        sentence(line, "A journal in a database keeps what is not forgotten.");
        return false;
    }
    pg->chore = calloc(1, sizeof *pg->chore);
    if (pg->chore == NULL || mp_reader_init(&pg->chore->reader) != MP_OK) {
        free(pg->chore);
        pg->chore = NULL;
        sentence(line, "There is no memory for that.");
        return false;
    }
    pg->chore->kind = kind;
    pg->chore->backend = pg_link_backend(pg->link);
    if (kind == JOURNAL_CHECK) {
        return true;
    }
    bool known =
        kind == JOURNAL_PRUNE ? pg_prune_begin(pg, of, line) : read_what(pg->chore, of, line);
    if (known && alone(pg, pg->chore, line)) {
        return true;
    }
    pg_chore_end(pg);
    return false;
}

/* Between two slices: others may have started since. */
static enum journal_said say_lost(struct pg_chore *chore, char *line) {
    chore->locked = false;
    sentence(line, "The connection to the database was lost on the way; begin again.");
    return JOURNAL_NOT_DONE;
}

enum journal_said pg_chore_slice(void *ctx, char *line, const struct journal_changes *changes) {
    struct postgres *pg = ctx;
    struct pg_chore *chore = pg->chore;
    chore->changes = changes;
    bool same = chore->backend == pg_link_backend(pg->link);
    enum journal_said said = !same                          ? say_lost(chore, line)
                             : chore->kind == JOURNAL_CHECK ? look_slice(pg, chore, line)
                             : chore->kind == JOURNAL_PRUNE ? pg_prune_slice(pg, line)
                             : chore->room[0] != '\0'       ? room_slice(pg, chore, line)
                                                            : person_slice(pg, chore, line);
    if (said != JOURNAL_GOES_ON) {
        pg_chore_end(pg);
    }
    return said;
}
