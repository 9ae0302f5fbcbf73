/* SPDX-License-Identifier: ISC */
/*
 * sqlite.c: the store in one SQLite file, WAL, synchronous=FULL, one connection.
 *
 * Invariants: the database is locked by us alone (a lock file against a second server, exclusive
 * locking mode against anything else that would write or checkpoint); a commit that returned true
 * is synced; after a failure that may have left the file and the page cache apart, nothing is
 * confirmed before the file was opened anew and its write-ahead log was carried over into the
 * database and synced; and nothing while another file, or none, is where the first one was: who
 * starts the server again would find nothing of it.
 *
 * An event's key is its row id, room number * 2^32 + position. A key of columns would put whole
 * events into the inner pages of the tree, and each append would read the packs of the rooms that
 * it passes on its way down.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "protocol/text/why.h"
#include "server/journal/core.h"

enum {
    JOURNAL_SCHEMA = 2,
    JOURNAL_ERROR_BYTES = 256,
    /* "Spar", so that another program's database is not taken for ours */
    APPLICATION_ID = 0x53706172,
    /* A checkpoint writes each page once, however often the log holds it: few large ones are
       cheaper. */
    WAL_PAGES_IDLE = 4000, /* checkpointed when nothing is queued: 16 MiB */
    WAL_PAGES_MAX = 16000  /* checkpointed even under load: 64 MiB */
};

enum statement {
    ST_BEGIN,
    ST_COMMIT,
    ST_ROLLBACK,
    ST_FIND,
    ST_HEAD,
    ST_CREATE,
    ST_APPEND,
    ST_ENROL,
    ST_READ,
    ST_ROOMS_OF,
    ST_COUNT
};

static const char read_sql[] = "SELECT at, body FROM event WHERE at > ?1 AND at <= ?2 ORDER BY at";
static const char head_sql[] =
    "SELECT at FROM event WHERE at > ?1 AND at <= ?2 ORDER BY at DESC LIMIT 1";
/* A room's number rises in the order of creation, so newest first is the member index's own
 * order. */
static const char rooms_of_sql[] = "SELECT id FROM member JOIN room ON number = room WHERE key = ?1"
                                   " ORDER BY room DESC LIMIT ?2";

static const char *const statement_sql[ST_COUNT] = {
    [ST_BEGIN] = "BEGIN IMMEDIATE",
    [ST_COMMIT] = "COMMIT",
    [ST_ROLLBACK] = "ROLLBACK",
    [ST_FIND] = "SELECT number FROM room WHERE id = ?1",
    [ST_HEAD] = head_sql,
    [ST_CREATE] = "INSERT INTO room (id) VALUES (?1)",
    [ST_APPEND] = "INSERT INTO event (at, body) VALUES (?1, ?2)",
    [ST_ENROL] = "INSERT OR IGNORE INTO member (key, room) VALUES (?1, ?2)",
    [ST_READ] = read_sql,
    [ST_ROOMS_OF] = rooms_of_sql,
};

static const char schema_sql[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE room (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);"
    "CREATE TABLE event (at INTEGER PRIMARY KEY, body BLOB NOT NULL);"
    "CREATE TABLE member (key BLOB NOT NULL, room INTEGER NOT NULL,"
    " PRIMARY KEY (key, room)) WITHOUT ROWID;";

/* Version 1 had PRIMARY KEY (room, pos). */
static const char from_version_1_sql[] =
    "ALTER TABLE event RENAME TO old_event;"
    "CREATE TABLE event (at INTEGER PRIMARY KEY, body BLOB NOT NULL);"
    "INSERT INTO event (at, body) SELECT room << 32 | pos, body FROM old_event ORDER BY room, pos;"
    "DROP TABLE old_event;";

struct sqlite_store {
    sqlite3 *db; /* NULL after a failure, until it could be opened again */
    sqlite3_stmt *statements[ST_COUNT];
    int lock_fd;
    dev_t device; /* of the file that was opened first, and */
    ino_t inode;
    bool away;     /* and so the round was not begun */
    int wal_pages; /* in the write-ahead log after the last commit */
    char path[];
};

/* ---- statements ---- */

static bool exec(sqlite3 *db, const char *sql) {
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* Runs a statement that gives no row. */
static bool step_done(sqlite3_stmt *statement) {
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return done;
}

static bool run_plain(struct sqlite_store *store, enum statement which) {
    return store->db != NULL && step_done(store->statements[which]);
}

/* One integer of a one-row answer; no row leaves *value. False: failed. */
static bool step_integer(sqlite3_stmt *statement, int64_t *value) {
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
        *value = sqlite3_column_int64(statement, 0);
    }
    sqlite3_reset(statement);
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

static bool query_integer(sqlite3 *db, const char *sql, int64_t *value) {
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
                step_integer(statement, value);
    sqlite3_finalize(statement);
    return good;
}

/* ---- opening ---- */

static int on_wal(void *arg, sqlite3 *db, const char *name, int pages) {
    struct sqlite_store *store = arg;
    (void)db;
    (void)name;
    store->wal_pages = pages;
    return SQLITE_OK;
}

static void close_database(struct sqlite_store *store) {
    for (int i = 0; i < ST_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    sqlite3_close(store->db);
    store->db = NULL;
}

static bool prepare_all(struct sqlite_store *store) {
    for (int i = 0; i < ST_COUNT; i++) {
        if (sqlite3_prepare_v3(store->db, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK) {
            return false;
        }
    }
    return true;
}

/* Carries whatever the write-ahead log holds over into the database: pages of the log that a failed
 * sync left only in the page cache are thereby written and synced anew. */
static bool checkpoint_whole(struct sqlite_store *store) {
    store->wal_pages = 0;
    return sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
           SQLITE_OK;
}

static bool open_database(struct sqlite_store *store) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK) {
        return false;
    }
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_wal_hook(store->db, on_wal, store);
    return exec(store->db, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                           "PRAGMA synchronous = FULL; PRAGMA cache_size = -2048;"
                           "PRAGMA temp_store = MEMORY;") &&
           checkpoint_whole(store);
}

static bool is_in_place(const struct sqlite_store *store) {
    struct stat now;
    return stat(store->path, &now) == 0 && now.st_dev == store->device &&
           now.st_ino == store->inode;
}

/* Opens again after a failure; false: later calls try again. */
static bool reopen(struct sqlite_store *store) {
    close_database(store);
    if (is_in_place(store) && open_database(store) && prepare_all(store)) {
        return true;
    }
    close_database(store);
    return false;
}

static bool usable(struct sqlite_store *store) {
    return store->db != NULL || reopen(store);
}

/* ---- the store's functions ---- */

static int64_t row_of(int64_t number, uint32_t pos) {
    return number << 32 | pos;
}

static bool sqlite_find(void *ctx, const char *room, int64_t *number, uint32_t *head) {
    struct sqlite_store *store = ctx;
    int64_t last = 0;
    *number = 0;
    *head = 0;
    if (!usable(store)) {
        return false;
    }
    sqlite3_stmt *find = store->statements[ST_FIND];
    sqlite3_bind_text(find, 1, room, ROOM_ID_BYTES, SQLITE_STATIC);
    if (!step_integer(find, number)) {
        return false;
    }
    if (*number == 0) {
        return true;
    }
    sqlite3_bind_int64(store->statements[ST_HEAD], 1, row_of(*number, 0));
    sqlite3_bind_int64(store->statements[ST_HEAD], 2, row_of(*number, UINT32_MAX));
    if (!step_integer(store->statements[ST_HEAD], &last)) {
        return false;
    }
    *head = (uint32_t)last; /* the lower half of the row id */
    return true;
}

static bool sqlite_begin(void *ctx) {
    struct sqlite_store *store = ctx;
    store->away = !is_in_place(store);
    return !store->away && usable(store) && run_plain(store, ST_BEGIN);
}

static bool sqlite_create(void *ctx, const char *room, int64_t *number) {
    struct sqlite_store *store = ctx;
    sqlite3_stmt *create = store->statements[ST_CREATE];
    sqlite3_bind_text(create, 1, room, ROOM_ID_BYTES, SQLITE_STATIC);
    if (!step_done(create)) {
        return false;
    }
    *number = sqlite3_last_insert_rowid(store->db);
    return true;
}

static bool sqlite_append(void *ctx, int64_t number, uint32_t pos, const uint8_t *bytes,
                          uint32_t len) {
    struct sqlite_store *store = ctx;
    sqlite3_stmt *append = store->statements[ST_APPEND];
    sqlite3_bind_int64(append, 1, row_of(number, pos));
    sqlite3_bind_blob(append, 2, len > 0 ? (const void *)bytes : "", (int)len, SQLITE_STATIC);
    return step_done(append);
}

static bool sqlite_enrol(void *ctx, const uint8_t *key, int64_t number) {
    struct sqlite_store *store = ctx;
    sqlite3_stmt *enrol = store->statements[ST_ENROL];
    sqlite3_bind_blob(enrol, 1, key, HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(enrol, 2, number);
    return step_done(enrol);
}

static bool sqlite_commit(void *ctx) {
    return run_plain(ctx, ST_COMMIT);
}

/* A full disk leaves the connection good once rolled back. Anything else may have come between what
 * was written and what is on disk: that connection never confirms again. */
static void sqlite_rollback(void *ctx) {
    struct sqlite_store *store = ctx;
    bool away = store->away;
    store->away = false;
    if (store->db == NULL || away) {
        return;
    }
    int error = sqlite3_extended_errcode(store->db);
    bool rolled_back = sqlite3_get_autocommit(store->db) != 0 || run_plain(store, ST_ROLLBACK);
    if (error != SQLITE_FULL || !rolled_back) {
        reopen(store);
    }
}

static bool sqlite_read(void *ctx, int64_t number, uint32_t after, uint32_t upto,
                        journal_visit visit, void *arg) {
    struct sqlite_store *store = ctx;
    if (!usable(store)) {
        return false;
    }
    sqlite3_stmt *read = store->statements[ST_READ];
    sqlite3_bind_int64(read, 1, row_of(number, after));
    sqlite3_bind_int64(read, 2, row_of(number, upto));
    int rc;
    while ((rc = sqlite3_step(read)) == SQLITE_ROW) {
        uint32_t pos = (uint32_t)sqlite3_column_int64(read, 0);
        const void *bytes = sqlite3_column_blob(read, 1);
        if (!visit(arg, pos, bytes, (uint32_t)sqlite3_column_bytes(read, 1))) {
            break;
        }
    }
    sqlite3_reset(read);
    return rc == SQLITE_DONE;
}

static bool sqlite_rooms_of(void *ctx, const uint8_t *key, uint32_t max, journal_visit_room visit,
                            void *arg) {
    struct sqlite_store *store = ctx;
    if (!usable(store)) {
        return false;
    }
    sqlite3_stmt *rooms = store->statements[ST_ROOMS_OF];
    sqlite3_bind_blob(rooms, 1, key, HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(rooms, 2, max);
    int rc;
    while ((rc = sqlite3_step(rooms)) == SQLITE_ROW) {
        if (!visit(arg, (const char *)sqlite3_column_text(rooms, 0))) {
            break;
        }
    }
    sqlite3_reset(rooms);
    return rc == SQLITE_DONE;
}

/* Checkpoints after the publishing, so that nobody waits for a sync of the database file but who
 * queues meanwhile. A checkpoint that fails leaves the log as it is; the next tries again. */
static void sqlite_tidy(void *ctx, bool idle) {
    struct sqlite_store *store = ctx;
    if (store->db == NULL || store->wal_pages < (idle ? WAL_PAGES_IDLE : WAL_PAGES_MAX)) {
        return;
    }
    store->wal_pages = 0;
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void sqlite_close(void *ctx) {
    struct sqlite_store *store = ctx;
    close_database(store);
    if (store->lock_fd >= 0) {
        close(store->lock_fd);
    }
    free(store);
}

/* ---- the first opening ---- */

#define say(error, ...) why_not((error), JOURNAL_ERROR_BYTES, __VA_ARGS__)

/* The database file, made by us so that nobody else may ever read it. */
static bool make_file(struct sqlite_store *store, char *error) {
    const char *path = store->path;
    struct stat made_as;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return say(error, "The journal %s cannot be opened (%s): check the data folder.", path,
                   strerror(errno));
    }
    bool made = fchmod(fd, 0600) == 0 && fstat(fd, &made_as) == 0;
    if (made) {
        store->device = made_as.st_dev;
        store->inode = made_as.st_ino;
    }
    close(fd);
    return made ||
           say(error, "The journal %s is not this user's: check the data folder's owner.", path);
}

static bool take_lock(struct sqlite_store *store, char *error) {
    char *path = NULL;
    if (asprintf(&path, "%s.lock", store->path) < 0) {
        return say(error, "There is no memory for the journal.");
    }
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int failure = errno;
    free(path);
    if (store->lock_fd < 0) {
        return say(error, "The journal's lock %s.lock cannot be made (%s): check the data folder.",
                   store->path, strerror(failure));
    }
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) == 0) {
        return true;
    }
    return say(error,
               "Another server uses the journal %s: stop it, or give this one its own --data.",
               store->path);
}

static int64_t real_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool set_version(struct sqlite_store *store) {
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", JOURNAL_SCHEMA);
    return exec(store->db, sql);
}

static bool make_schema(struct sqlite_store *store) {
    char sql[256];
    snprintf(sql, sizeof sql,
             "INSERT INTO meta VALUES ('boot', 0), ('epoch', %" PRId64 ");"
             "PRAGMA application_id = %d;",
             real_ms(), APPLICATION_ID);
    return exec(store->db, schema_sql) && exec(store->db, sql) && set_version(store);
}

/* Makes the tables of a new file, and an older version's anew; refuses one that is not ours or that
 * a newer server wrote. */
static bool check_schema(struct sqlite_store *store, char *error) {
    int64_t application = 0, version = 0, objects = 0;
    if (!query_integer(store->db, "PRAGMA application_id", &application) ||
        !query_integer(store->db, "PRAGMA user_version", &version) ||
        !query_integer(store->db, "SELECT count(*) FROM sqlite_schema", &objects)) {
        return false;
    }
    if (objects == 0 && application == 0) {
        return make_schema(store);
    }
    if (application != APPLICATION_ID) {
        return say(error, "%s is not a journal of Spar: give another --data folder.", store->path);
    }
    if (version > JOURNAL_SCHEMA) {
        return say(error,
                   "The journal %s has version %" PRId64 ", this server knows up to %d: run the "
                   "newer server.",
                   store->path, version, JOURNAL_SCHEMA);
    }
    if (version == JOURNAL_SCHEMA) {
        return true;
    }
    return exec(store->db, from_version_1_sql) && set_version(store);
}

static bool count_boot(struct sqlite_store *store, uint32_t *boot, int64_t *epoch) {
    int64_t count = 0;
    if (!exec(store->db, "UPDATE meta SET value = value + 1 WHERE name = 'boot'") ||
        !query_integer(store->db, "SELECT value FROM meta WHERE name = 'boot'", &count) ||
        !query_integer(store->db, "SELECT value FROM meta WHERE name = 'epoch'", epoch)) {
        return false;
    }
    *boot = (uint32_t)count;
    return count > 0;
}

/* error stays empty if the reason is SQLite's. */
static bool set_up(struct sqlite_store *store, uint32_t *boot, int64_t *epoch, char *error) {
    return open_database(store) && exec(store->db, "BEGIN IMMEDIATE") &&
           check_schema(store, error) && count_boot(store, boot, epoch) &&
           exec(store->db, "COMMIT") && prepare_all(store);
}

static bool open_store(struct sqlite_store *store, uint32_t *boot, int64_t *epoch, char *error) {
    if (!take_lock(store, error) || !make_file(store, error)) {
        return false;
    }
    if (set_up(store, boot, epoch, error)) {
        return true;
    }
    if (error[0] != '\0') {
        return false;
    }
    if (store->db != NULL && sqlite3_errcode(store->db) == SQLITE_FULL) {
        return say(error, "There is no room left for the journal %s: free some space on its disk.",
                   store->path);
    }
    return say(error, "The journal %s cannot be used (%s): check the disk, or restore a copy.",
               store->path, store->db != NULL ? sqlite3_errmsg(store->db) : "no memory");
}

struct journal *journal_sqlite_open(const char *path, char *error) {
    static const struct journal_store functions = {.find = sqlite_find,
                                                   .begin = sqlite_begin,
                                                   .create = sqlite_create,
                                                   .append = sqlite_append,
                                                   .enrol = sqlite_enrol,
                                                   .commit = sqlite_commit,
                                                   .rollback = sqlite_rollback,
                                                   .read = sqlite_read,
                                                   .rooms_of = sqlite_rooms_of,
                                                   .tidy = sqlite_tidy,
                                                   .close = sqlite_close};
    error[0] = '\0';
    size_t size = strlen(path) + 1;
    struct sqlite_store *store = calloc(1, sizeof *store + size);
    if (store == NULL) {
        say(error, "There is no memory for the journal.");
        return NULL;
    }
    memcpy(store->path, path, size);
    store->lock_fd = -1;
    uint32_t boot = 0;
    int64_t epoch = 0;
    struct journal *journal = NULL;
    if (open_store(store, &boot, &epoch, error)) {
        journal = journal_core_start(&functions, store, boot, epoch);
        if (journal == NULL) {
            say(error, "There is no memory or no thread for the journal.");
        }
    }
    if (journal == NULL) {
        sqlite_close(store);
    }
    return journal;
}
