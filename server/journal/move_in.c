/* SPDX-License-Identifier: ISC */
/*
 * move_in.c: from PostgreSQL into a journal's file.
 *
 * Invariant: the file has another name until it is whole and synced; whoever was killed before
 * begins with a new one, and behind it goes on with its name. The database is marked as moved last.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/folder.h"
#include "server/journal/move_parts.h"
#include "server/journal/run.h"

enum { ROOMS_AT_ONCE = 500, MEMBERS_AT_ONCE = 5000 };

enum insert { INSERT_ROOM, INSERT_EVENT, INSERT_MEMBER, INSERTS };

static const char *const insert_sql[INSERTS] = {
    [INSERT_ROOM] = "INSERT INTO room (number, id, head, sum)"
                    " VALUES (?1, ?2, ?3, spar_room(?1, ?2, ?3))",
    [INSERT_EVENT] = "INSERT INTO event (at, body, sum) VALUES (?1, ?2, spar_event(?1, ?2))",
    [INSERT_MEMBER] = "INSERT INTO member (key, room, sum) VALUES (?1, ?2, spar_member(?1, ?2))"};

struct in {
    const struct journal_move *move;
    struct pg_link *link;
    struct sqlite_store *store;
    sqlite3_stmt *inserts[INSERTS];
    char path[4096];
    int64_t number; /* of the room whose runs are read */
    uint32_t head;  /* its last event that was taken */
    int64_t open;   /* events since the last commit */
    struct move_count count;
    char *line;
};

static bool disk_failed(const struct in *in) {
    return move_why(in->line, "%.500s cannot be written (%s): free some space, and begin again.",
                    in->path, sqlite3_errmsg(in->store->db));
}

/* ---- rows ---- */

static bool take_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct in *in = arg;
    sqlite3_stmt *insert = in->inserts[INSERT_EVENT];
    const void *body = len > 0 ? (const void *)bytes : "";
    if (pos != in->head + 1) {
        return false;
    }
    in->head = pos;
    in->open++;
    in->count.events++;
    sqlite3_bind_int64(insert, 1, sqlite_row_of(in->number, pos));
    sqlite3_bind_blob(insert, 2, body, (int)len, SQLITE_STATIC);
    return sqlite_step_done(insert);
}

static bool take_run(struct in *in, const PGresult *result, int i) {
    struct run_row row = pg_run_row(result, i, in->number);
    uint32_t last = row.pos + row.count - 1;
    return run_read(&row, 0, UINT32_MAX, take_event, in) == RUN_WHOLE && in->head == last;
}

/* How many runs came; -1: failed. */
static int take_runs(struct in *in, const char *room) {
    PGresult *result = pg_runs_behind(in->link, in->number, in->head);
    if (result == NULL) {
        move_failed(in->link, in->line);
        return -1;
    }
    int runs = PQntuples(result);
    for (int i = 0; i < runs; i++) {
        if (!take_run(in, result, i)) {
            move_why(in->line,
                     "The log %.12s is damaged behind event %u, or the disk is full (%s); put back "
                     "a copy of the database, or forget it, and begin again.",
                     room, (unsigned)in->head, sqlite3_errmsg(in->store->db));
            runs = -1;
        }
    }
    PQclear(result);
    return runs;
}

static bool commit_if_due(struct in *in) {
    if (in->open < MOVE_EVENTS) {
        return true;
    }
    in->open = 0;
    move_tell(in->move, &in->count);
    return sqlite_exec(in->store->db, "COMMIT; BEGIN IMMEDIATE") || disk_failed(in);
}

static bool take_room(struct in *in, int64_t number, const char *id) {
    sqlite3_stmt *insert = in->inserts[INSERT_ROOM];
    int runs;
    in->number = number;
    in->head = 0;
    do {
        runs = take_runs(in, id);
        if (runs < 0 || !commit_if_due(in)) {
            return false;
        }
    } while (runs == PG_RUNS_AT_ONCE);
    in->count.rooms++;
    in->open++;
    sqlite3_bind_int64(insert, 1, number);
    sqlite3_bind_text(insert, 2, id, ROOM_ID_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(insert, 3, in->head);
    return sqlite_step_done(insert) || disk_failed(in);
}

/* How many rooms came; -1: failed. */
static int take_some_rooms(struct in *in, int64_t *after) {
    struct pg_params params = {.count = 0};
    pg_add_number(&params, *after);
    pg_add_number(&params, ROOMS_AT_ONCE);
    PGresult *result = pg_run(
        in->link, "SELECT number, id FROM spar.room WHERE number > $1 ORDER BY number LIMIT $2",
        &params);
    if (result == NULL) {
        move_failed(in->link, in->line);
        return -1;
    }
    int rooms = PQntuples(result);
    for (int i = 0; i < rooms; i++) {
        char id[ROOM_ID_BYTES + 1];
        *after = pg_number(result, i, 0);
        snprintf(id, sizeof id, "%.*s", PQgetlength(result, i, 1), PQgetvalue(result, i, 1));
        if (*after > INT32_MAX) {
            move_why(in->line, "The database has given more room numbers than a file can hold.");
        }
        if (*after > INT32_MAX || !take_room(in, *after, id)) {
            rooms = -1;
        }
    }
    PQclear(result);
    return rooms;
}

static bool take_rooms(struct in *in) {
    int64_t after = 0;
    int rooms;
    if (!move_number(in->link, "SELECT count(*) FROM spar.room", &in->count.all_rooms)) {
        return move_failed(in->link, in->line);
    }
    do {
        rooms = take_some_rooms(in, &after);
    } while (rooms == ROOMS_AT_ONCE);
    return rooms >= 0;
}

/* ---- members ---- */

static bool take_member(struct in *in, const PGresult *result, int i, uint8_t key[HASH_BYTES],
                        int64_t *room) {
    sqlite3_stmt *insert = in->inserts[INSERT_MEMBER];
    if (PQgetlength(result, i, 0) != HASH_BYTES) {
        return move_why(in->line, "A member's key in the database is no key.");
    }
    memcpy(key, PQgetvalue(result, i, 0), HASH_BYTES);
    *room = pg_number(result, i, 1);
    in->count.members++;
    in->open++;
    sqlite3_bind_blob(insert, 1, key, HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(insert, 2, *room);
    return (sqlite_step_done(insert) || disk_failed(in)) && commit_if_due(in);
}

static int take_some_members(struct in *in, uint8_t key[HASH_BYTES], int64_t *room) {
    struct pg_params params = {.count = 0};
    pg_add_bytes(&params, key, HASH_BYTES);
    pg_add_number(&params, *room);
    pg_add_number(&params, MEMBERS_AT_ONCE);
    PGresult *result = pg_run(in->link,
                              "SELECT key, room FROM spar.member WHERE (key, room) > ($1, $2)"
                              " ORDER BY key, room LIMIT $3",
                              &params);
    int members = result != NULL ? PQntuples(result) : -1;
    if (result == NULL) {
        move_failed(in->link, in->line);
    }
    for (int i = 0; i < members; i++) {
        if (!take_member(in, result, i, key, room)) {
            members = -1;
        }
    }
    PQclear(result);
    return members;
}

static bool take_members(struct in *in) {
    uint8_t key[HASH_BYTES] = {0};
    int64_t room = 0;
    int members;
    do {
        members = take_some_members(in, key, &room);
    } while (members == MEMBERS_AT_ONCE);
    return members >= 0;
}

/* ---- the two ends ---- */

static void remove_part(const struct in *in) {
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[sizeof in->path + 8];
        snprintf(path, sizeof path, "%s%s", in->path, ends[i]);
        unlink(path);
    }
    commits_remove(in->path);
    rest_remove(in->path);
}

static bool set_meta(struct in *in, int64_t epoch, int64_t boot) {
    static const char sql[] = "UPDATE meta SET value = iif(name = 'boot', ?2, ?1),"
                              " sum = spar_meta(name, iif(name = 'boot', ?2, ?1))"
                              " WHERE name IN ('boot', 'epoch')";
    return sqlite_exec_pair(in->store->db, sql, epoch, boot);
}

/* The events go last: by the name of its database a move that was killed between the two is known,
 * and no server starts without them. Of a database that has its name, only they may be left. */
static bool name_both(struct in *in) {
    char path[sizeof in->path];
    snprintf(path, sizeof path, "%s", in->move->path);
    const char *folder = dirname(path);
    bool named = access(in->move->path, F_OK) == 0;
    bool good = folder_sync(folder) && (named || rename(in->path, in->move->path) == 0) &&
                (rest_is_filled(in->move->path) || rest_rename(in->path, in->move->path)) &&
                folder_sync(folder);
    if (good) {
        remove_part(in);
    }
    return good || move_why(in->line,
                            "%.500s cannot be named %.300s: look at the folder, and begin "
                            "again.",
                            in->path, in->move->path);
}

static bool sync_file(const struct in *in) {
    int file = open(in->path, O_RDONLY | O_CLOEXEC);
    bool good = file >= 0 && fsync(file) == 0;
    if (file >= 0) {
        close(file);
    }
    return good || move_why(in->line, "%.800s cannot be written: %s.", in->path, strerror(errno));
}

static bool begin_store(struct in *in) {
    bool good = sqlite_exec(in->store->db, "PRAGMA synchronous = OFF; BEGIN IMMEDIATE");
    for (int i = 0; i < INSERTS && good; i++) {
        good = sqlite3_prepare_v2(in->store->db, insert_sql[i], -1, &in->inserts[i], NULL) ==
               SQLITE_OK;
    }
    return good || disk_failed(in);
}

static bool end_store(struct in *in, bool good, int64_t epoch, int64_t boot) {
    for (int i = 0; i < INSERTS; i++) {
        sqlite3_finalize(in->inserts[i]);
    }
    good = good && ((set_meta(in, epoch, boot) &&
                     sqlite_exec(in->store->db, "COMMIT; PRAGMA synchronous = FULL") &&
                     sqlite_rest_all(in->store) && sqlite_checkpoint_whole(in->store)) ||
                    disk_failed(in));
    sqlite_rows.close(in->store);
    return good;
}

static bool take_all(struct in *in, int64_t epoch, int64_t boot) {
    uint32_t first;
    int64_t now;
    remove_part(in);
    in->store = move_open(in->path, &first, &now, in->line);
    if (in->store == NULL) {
        return false;
    }
    bool good = begin_store(in) && take_rooms(in) && take_members(in);
    good = end_store(in, good, epoch, boot) && sync_file(in);
    if (!good) {
        remove_part(in);
    }
    return good;
}

/* The database's own state, and whether the file is of it already. */
static bool look(struct in *in, int64_t *epoch, int64_t *boot, bool *done) {
    int64_t version, moved, file_epoch, file_boot;
    if (!move_number(in->link,
                     "SELECT coalesce(max(value::bigint), 0) FROM spar.meta"
                     " WHERE name = 'version'",
                     &version) ||
        !move_number(in->link, "SELECT value::bigint FROM spar.meta WHERE name = 'epoch'", epoch) ||
        !move_number(in->link, "SELECT last_value FROM spar.boot", boot) ||
        !move_number(in->link, "SELECT count(*) FROM spar.meta WHERE name IN ('moving', 'moved')",
                     &moved)) {
        return move_failed(in->link, in->line);
    }
    if (version > PG_VERSION) {
        return move_why(in->line, "The journal's tables are newer than this spard.");
    }
    if (access(in->move->path, F_OK) == 0) {
        *done = move_look(in->move->path, &file_epoch, &file_boot) && file_epoch == *epoch &&
                file_boot == *boot;
        return *done ||
               move_why(in->line, "%.800s is there already; name another folder.", in->move->path);
    }
    if (rest_is_filled(in->move->path)) {
        return move_why(in->line,
                        "%.800s-events is there, with events of another journal: put it away, or "
                        "name another folder.",
                        in->move->path);
    }
    return moved == 0 || move_why(in->line, "That database holds a part of a journal, or one that "
                                            "was moved to a folder already.");
}

static bool put_away(struct in *in) {
    if (!pg_run_all(in->link,
                    "INSERT INTO spar.meta VALUES ('moved', '1') ON CONFLICT DO NOTHING")) {
        return move_why(in->line,
                        "All is in %.400s, but the database could not be marked: %.300s. "
                        "Ask once more, before a server goes on with it.",
                        in->move->path, pg_link_why(in->link));
    }
    static const char last[] = "no server starts on the database any more";
    if (in->count.rooms == 0) {
        snprintf(in->line, JOURNAL_LINE_MAX, "All is in %.700s; %s.", in->move->path, last);
    } else {
        snprintf(in->line, JOURNAL_LINE_MAX,
                 "%" PRId64 " logs with %" PRId64 " events are in %.700s; %s.", in->count.rooms,
                 in->count.events, in->move->path, last);
    }
    return true;
}

bool journal_move_in(const struct journal_move *move, char *line) {
    struct in in = {.move = move, .line = line};
    char why[PG_WHY_MAX];
    int64_t epoch = 0, boot = 0;
    bool done = false;
    int len = snprintf(in.path, sizeof in.path - 8, "%s.moving", move->path);
    if (len < 0 || (size_t)len >= sizeof in.path - 8) {
        return move_why(line, "That folder's path is too long.");
    }
    in.link = move_reach(move, line);
    bool good = in.link != NULL && look(&in, &epoch, &boot, &done) && move_is_idle(in.link, line);
    if (good && !pg_schema_agree(in.link, move->facts, move->fact_count, why)) {
        good = move_why(line, "%s", why);
    }
    good = good && (done || take_all(&in, epoch, boot)) && name_both(&in) && put_away(&in);
    move_leave(in.link);
    return good;
}
