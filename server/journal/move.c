/* SPDX-License-Identifier: ISC */
/*
 * move.c: what both directions of a move share: the way to the database, and a look at the file.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/journal/move_parts.h"
#include "server/journal/shared.h"

void move_tell(const struct journal_move *move, struct move_count *count) {
    char line[128];
    if (pg_now() - count->told < JOURNAL_TOLD_MS) {
        return;
    }
    count->told = pg_now();
    snprintf(line, sizeof line, "%" PRId64 " of %" PRId64 " logs, %" PRId64 " events", count->rooms,
             count->all_rooms, count->events);
    move->told(move->ctx, line);
}

bool move_failed(const struct pg_link *link, char *line) {
    return move_why(line, "The database did not do it: %s. Nothing is lost; begin again.",
                    pg_link_why(link));
}

bool move_number(struct pg_link *link, const char *statement, int64_t *number) {
    struct pg_params params = {.count = 0};
    PGresult *result = pg_run(link, statement, &params);
    bool good = result != NULL && PQntuples(result) == 1;
    *number = good ? pg_number(result, 0, 0) : 0;
    PQclear(result);
    return good;
}

struct pg_link *move_reach(const struct journal_move *move, char *line) {
    char why[PG_WHY_MAX];
    int64_t taken = 0;
    struct pg_link *link = pg_info_link(move->info, false, why);
    if (link != NULL && !pg_link_reach(link, 0)) {
        move_why(line,
                 "The database cannot be reached: %s; look whether it runs, and takes this "
                 "user.",
                 pg_link_why(link));
    } else if (link == NULL) {
        move_why(line, "%s", why);
    } else {
        pg_link_be_patient(link, MOVE_ANSWER_MS);
        if (!move_number(link, "SELECT pg_try_advisory_lock(" PG_MOVE_LOCK ")::int", &taken)) {
            move_failed(link, line);
        } else if (taken == 0) {
            move_why(line, "Another move of this database is under way, or a server starts on it.");
        } else {
            return link;
        }
    }
    pg_link_free(link);
    return NULL;
}

void move_leave(struct pg_link *link) {
    if (link != NULL) {
        (void)!pg_run_all(link, "SELECT pg_advisory_unlock(" PG_MOVE_LOCK ")");
    }
    pg_link_free(link);
}

bool move_is_idle(struct pg_link *link, char *line) {
    char statement[160];
    int64_t live;
    snprintf(statement, sizeof statement,
             "SELECT count(*) FROM spar.node"
             " WHERE " PG_LIVES("%d"),
             SHARED_DEAD_MS);
    if (!move_number(link, statement, &live)) {
        return move_failed(link, line);
    }
    return live == 0 ||
           move_why(line, "%" PRId64 " servers run on that database; stop them first.", live);
}

bool move_look(const char *path, int64_t *epoch, int64_t *boot) {
    sqlite3 *db = NULL;
    *epoch = *boot = 0;
    bool good = access(path, F_OK) == 0 &&
                sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL) ==
                    SQLITE_OK &&
                sqlite_query_integer(db, "SELECT value FROM meta WHERE name = 'epoch'", epoch) &&
                sqlite_query_integer(db, "SELECT value FROM meta WHERE name = 'boot'", boot);
    sqlite3_close(db);
    return good;
}

struct sqlite_store *move_open(const char *path, uint32_t *boot, int64_t *epoch, char *line) {
    struct sqlite_store *store = sqlite_store_new(path);
    line[0] = '\0';
    if (store == NULL) {
        move_why(line, "There is no memory for the journal.");
    } else if (!sqlite_file_open(store, boot, epoch, line)) {
        sqlite_rows.close(store);
        store = NULL;
    }
    return store;
}
