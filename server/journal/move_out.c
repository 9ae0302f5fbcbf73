/* SPDX-License-Identifier: ISC */
/*
 * move_out.c: from a journal's file into PostgreSQL.
 *
 * Invariant: the database's mark `moving` stands until the transaction that ends the move, which
 * also says of which state of the file it is (`from`): who is killed behind it, and asks again,
 * hears that it was done.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/folder.h"
#include "server/journal/move_parts.h"
#include "server/journal/run.h"

enum { TYPE_BYTEA = 17, TYPE_INT8 = 20, TYPE_TEXT = 25, ARRAYS = 6, PATH_BYTES = 4096 };

struct out {
    const struct journal_move *move;
    char away[PATH_BYTES]; /* the file's name once all is in the database */
    bool gone;             /* it has that name already */
    struct sqlite_store *store;
    struct pg_link *link;
    struct run_commit commit; /* what is gathered */
    struct pg_array arrays[ARRAYS];
    const char *room; /* whose events are read */
    int64_t number, partition;
    int64_t gathered, bytes;
    struct move_count count;
    bool refused; /* the database did not take something */
    char *line;
};

/* ---- gathered rows ---- */

static void begin_arrays(struct out *out) {
    pg_array_begin(&out->arrays[0], TYPE_INT8);
    pg_array_begin(&out->arrays[1], TYPE_TEXT);
}

static bool add_runs(struct out *out, struct pg_params *params) {
    static const Oid types[ARRAYS] = {0, 0, TYPE_INT8, TYPE_INT8, TYPE_INT8, TYPE_BYTEA};
    bool good = run_commit_close(&out->commit);
    for (int i = 2; i < ARRAYS; i++) {
        pg_array_begin(&out->arrays[i], types[i]);
    }
    for (uint32_t i = 0; i < out->commit.count; i++) {
        const struct run *run = &out->commit.runs[i];
        pg_array_number(&out->arrays[2], run->room);
        pg_array_number(&out->arrays[3], run->pos);
        pg_array_number(&out->arrays[4], run->count);
        pg_array_bytes(&out->arrays[5], run->body, run->len);
    }
    for (int i = 0; i < ARRAYS; i++) {
        good = good && pg_add_array(params, &out->arrays[i]);
    }
    return good;
}

/* Rooms and runs that are gathered, in one commit. */
static bool flush_rows(struct out *out) {
    struct pg_params params = {.count = 0};
    bool good = add_runs(out, &params);
    PGresult *result =
        !good ? NULL
              : pg_run(out->link,
                       "WITH rooms AS (INSERT INTO spar.room (number, id) OVERRIDING SYSTEM VALUE"
                       " SELECT * FROM unnest($1::bigint[], $2::text[]))"
                       " INSERT INTO spar.event (room, pos, count, body) SELECT * FROM"
                       " unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[])",
                       &params);
    out->refused = out->refused || result == NULL;
    PQclear(result);
    run_commit_clear(&out->commit);
    begin_arrays(out);
    out->gathered = out->bytes = 0;
    move_tell(out->move, &out->count);
    return !out->refused;
}

static bool take_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct out *out = arg;
    out->gathered++;
    out->bytes += len;
    out->count.events++;
    return run_commit_event(&out->commit, out->room, out->number, pos, bytes, len) &&
           (out->gathered < MOVE_EVENTS && out->bytes < MOVE_BYTES ? true : flush_rows(out));
}

static bool take_room(struct out *out, const struct sqlite_row *row) {
    int64_t index = row->number / PG_PARTITION_ROOMS;
    int64_t before = out->count.events;
    if (index > out->partition) {
        out->refused = !pg_schema_partition(out->link, index);
        out->partition = index;
    }
    pg_array_number(&out->arrays[0], row->number);
    pg_array_text(&out->arrays[1], row->id);
    out->room = row->id;
    out->number = row->number;
    out->count.rooms++;
    out->gathered++;
    bool good = !out->refused && row->sound &&
                sqlite_read_events(out->store, row->number, 0, row->head, take_event, out) &&
                out->count.events - before == row->head;
    out->room = NULL; /* the row is the caller's */
    if (good) {
        return out->gathered < MOVE_EVENTS || flush_rows(out);
    }
    return out->refused ? move_failed(out->link, out->line)
                        : move_why(out->line,
                                   "The log %s cannot be read whole: 'spard check' tells more; "
                                   "forget it, or put back a copy of the folder, and begin again.",
                                   row->id);
}

static bool take_rooms(struct out *out) {
    struct sqlite_row row = {.number = 0};
    bool failed = false;
    if (!sqlite_query_integer(out->store->db, "SELECT count(*) FROM room", &out->count.all_rooms)) {
        return move_why(out->line, "The journal cannot be read: look at the disk.");
    }
    begin_arrays(out);
    while (sqlite_next_room(out->store, row.number, &row, &failed)) {
        if (!take_room(out, &row)) {
            return false;
        }
    }
    if (failed) {
        return move_why(out->line, "The journal cannot be read: look at the disk.");
    }
    return flush_rows(out) || move_failed(out->link, out->line);
}

/* ---- members ---- */

static bool flush_members(struct out *out) {
    struct pg_params params = {.count = 0};
    bool good = pg_add_array(&params, &out->arrays[0]) && pg_add_array(&params, &out->arrays[1]);
    PGresult *result = !good ? NULL
                             : pg_run(out->link,
                                      "INSERT INTO spar.member (key, room)"
                                      " SELECT * FROM unnest($1::bytea[], $2::bigint[])",
                                      &params);
    good = result != NULL;
    PQclear(result);
    pg_array_begin(&out->arrays[0], TYPE_BYTEA);
    pg_array_begin(&out->arrays[1], TYPE_INT8);
    return good || move_failed(out->link, out->line);
}

static bool take_members(struct out *out) {
    static const char sql[] =
        "SELECT key, room, sum IS spar_member(key, room) FROM member ORDER BY key, room";
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(out->store->db, sql, -1, &all, NULL);
    bool good = rc == SQLITE_OK;
    pg_array_begin(&out->arrays[0], TYPE_BYTEA);
    pg_array_begin(&out->arrays[1], TYPE_INT8);
    while (good && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        if (sqlite3_column_int(all, 2) != 1) {
            rc = SQLITE_CORRUPT;
            break;
        }
        const uint8_t *key = sqlite3_column_blob(all, 0);
        size_t len = (size_t)sqlite3_column_bytes(all, 0);
        pg_array_bytes(&out->arrays[0], key, len);
        out->count.terms += len == HASH_BYTES && memcmp(key, journal_own_term, len) == 0;
        pg_array_number(&out->arrays[1], sqlite3_column_int64(all, 1));
        out->count.members++;
        good = out->count.members % MOVE_EVENTS != 0 || flush_members(out);
    }
    sqlite3_finalize(all);
    if (good && rc != SQLITE_DONE) {
        return move_why(out->line, "The journal is damaged: 'spard check' tells more.");
    }
    return good && flush_members(out);
}

/* ---- the two ends ---- */

static bool is_there_already(struct pg_link *link, int64_t epoch, int64_t boot) {
    struct pg_params params = {.count = 0};
    char from[64];
    snprintf(from, sizeof from, "%" PRId64 ".%" PRId64, epoch, boot);
    pg_add_text(&params, from);
    PGresult *result =
        pg_run(link, "SELECT 1 FROM spar.meta WHERE name = 'from' AND value = $1", &params);
    bool there = result != NULL && PQntuples(result) == 1;
    PQclear(result);
    return there;
}

/* A move that was killed behind its last step has come to its end: who asks again is told so. */
static bool is_put_away(struct out *out) {
    int64_t epoch, boot;
    return (move_look(out->away, &epoch, &boot) && is_there_already(out->link, epoch, boot)) ||
           move_why(out->line, "There is no %.900s that can be read.", out->move->path);
}

/* What may be written over: nothing, tables without a room, and what a move left unfinished. */
static bool make_place(struct out *out, bool *done) {
    int64_t tables, moving, rooms, epoch, boot;
    if (!move_number(out->link, "SELECT (to_regclass('spar.meta') IS NOT NULL)::int", &tables) ||
        (tables != 0 &&
         (!move_number(out->link, "SELECT count(*) FROM spar.meta WHERE name = 'moving'",
                       &moving) ||
          !move_number(out->link, "SELECT count(*) FROM (SELECT 1 FROM spar.room LIMIT 1) AS one",
                       &rooms)))) {
        return move_failed(out->link, out->line);
    }
    bool empty = tables == 0 || moving != 0;
    if (out->gone || (!empty && rooms > 0 && move_look(out->move->path, &epoch, &boot) &&
                      is_there_already(out->link, epoch, boot))) {
        *done = true;
        return !out->gone || is_put_away(out);
    }
    if (!empty && rooms > 0) {
        return move_why(out->line, "That database holds rooms already; name another, or drop its "
                                   "schema spar if nobody needs them.");
    }
    if (!empty && !move_is_idle(out->link, out->line)) {
        return false;
    }
    return true;
}

static bool count_there(struct out *out) {
    int64_t rooms, events, members;
    if (!move_number(out->link, "SELECT count(*) FROM spar.room", &rooms) ||
        !move_number(out->link, "SELECT coalesce(sum(count), 0)::bigint FROM spar.event",
                     &events) ||
        !move_number(out->link, "SELECT count(*) FROM spar.member", &members)) {
        return move_failed(out->link, out->line);
    }
    return (rooms == out->count.rooms && events == out->count.events &&
            members == out->count.members) ||
           move_why(out->line, "What arrived is not what was sent; begin again.");
}

static bool finish(struct out *out, int64_t epoch, uint32_t boot) {
    char end[1024];
    char why[PG_WHY_MAX];
    if (!pg_schema_agree(out->link, out->move->facts, out->move->fact_count, why)) {
        return move_why(out->line, "%s", why);
    }
    snprintf(end, sizeof end,
             "SET LOCAL synchronous_commit = on;"
             "UPDATE spar.meta SET value = '%" PRId64 "' WHERE name = 'epoch';"
             "SELECT setval('spar.boot', %" PRIu32 ");"
             "SELECT setval(pg_get_serial_sequence('spar.room', 'number'),"
             " coalesce(max(number), 1), max(number) IS NOT NULL) FROM spar.room;"
             "DELETE FROM spar.meta WHERE name = 'moving';"
             "INSERT INTO spar.meta VALUES ('from', '%" PRId64 ".%" PRIu32 "')",
             epoch, boot, epoch, boot);
    return pg_run_all(out->link, end) || move_failed(out->link, out->line);
}

static bool take_all(struct out *out) {
    uint32_t boot;
    int64_t epoch;
    out->store = move_open(out->move->path, &boot, &epoch, out->line);
    if (out->store == NULL) {
        return false;
    }
    bool good =
        (pg_schema_make_anew(out->link) && pg_run_all(out->link, "SET synchronous_commit = off")) ||
        move_failed(out->link, out->line);
    good = good && take_rooms(out) && take_members(out) && count_there(out) &&
           finish(out, epoch, boot);
    sqlite_rows.close(out->store);
    return good;
}

/* The database goes last: no server starts on one whose other file is away, and who was killed
 * before asks again and finds it. */
static bool rename_all(const struct out *out) {
    const char *path = out->move->path;
    if (!rest_rename(path, out->away)) {
        return false;
    }
    commits_rename(path, out->away);
    return rename(path, out->away) == 0;
}

/* Behind this no server goes on with the file. */
static bool put_away(const struct out *out) {
    const struct move_count *count = &out->count;
    char *line = out->line;
    char folder[PATH_BYTES];
    snprintf(folder, sizeof folder, "%s", out->move->path);
    if ((!out->gone && !rename_all(out)) || !folder_sync(dirname(folder))) {
        return move_why(line,
                        "All is in the database, but %.800s could not be renamed: put it away "
                        "before a server goes on with it.",
                        out->move->path);
    }
    if (count->rooms > 0) {
        int said = snprintf(line, JOURNAL_LINE_MAX,
                            "%" PRId64 " logs with %" PRId64 " events are in the database; the "
                            "journal's file is now %.600s.",
                            count->rooms, count->events, out->away);
        if (count->terms > 0) {
            snprintf(line + said, JOURNAL_LINE_MAX - (size_t)said,
                     " To %" PRId64 " of the rooms a host gave a time of their own, which no "
                     "database keeps: they stay until 'spard forget' removes them.",
                     count->terms);
        }
    } else {
        snprintf(line, JOURNAL_LINE_MAX,
                 "All is in the database; the journal's file is now %.800s.", out->away);
    }
    return true;
}

bool journal_move_out(const struct journal_move *move, char *line) {
    struct out out = {.move = move, .partition = -1, .line = line};
    bool done = false;
    int len = snprintf(out.away, sizeof out.away, "%s.moved", move->path);
    if (len < 0 || (size_t)len >= sizeof out.away) {
        return move_why(line, "That folder's path is too long.");
    }
    out.gone = access(move->path, F_OK) != 0;
    out.link = move_reach(move, line);
    bool good =
        out.link != NULL && make_place(&out, &done) && (done || take_all(&out)) && put_away(&out);
    for (int i = 0; i < ARRAYS; i++) {
        pg_array_free(&out.arrays[i]);
    }
    run_commit_free(&out.commit);
    move_leave(out.link);
    return good;
}
