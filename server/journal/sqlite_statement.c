/* SPDX-License-Identifier: ISC */
/*
 * sqlite_statement.c: runs SQL, for all of the SQLite store's files.
 */
#include "server/journal/sqlite_parts.h"

int64_t sqlite_row_of(int64_t number, uint32_t pos) {
    return number << 32 | pos;
}

bool sqlite_step_done(sqlite3_stmt *statement) {
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return done;
}

bool sqlite_run(struct sqlite_store *store, enum statement which) {
    return store->db != NULL && sqlite_step_done(store->statements[which]);
}

bool sqlite_exec(sqlite3 *db, const char *sql) {
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

bool sqlite_step_integer(sqlite3_stmt *statement, int64_t *value) {
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
        *value = sqlite3_column_int64(statement, 0);
    }
    sqlite3_reset(statement);
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool sqlite_query_integer(sqlite3 *db, const char *sql, int64_t *value) {
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite_step_integer(statement, value);
    sqlite3_finalize(statement);
    return good;
}

bool sqlite_exec_pair(sqlite3 *db, const char *sql, int64_t one, int64_t other) {
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_bind_int64(statement, 1, one) == SQLITE_OK &&
                sqlite3_bind_int64(statement, 2, other) == SQLITE_OK && sqlite_step_done(statement);
    sqlite3_finalize(statement);
    return good;
}

bool sqlite_log_number(sqlite3 *db, int64_t *number) {
    *number = 0;
    return sqlite_query_integer(db, "SELECT value FROM meta WHERE name = 'commits'", number);
}

void sqlite_note_damage(struct sqlite_store *store, int rc) {
    int kind = rc & 0xff;
    store->damaged = store->damaged || kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB;
}
