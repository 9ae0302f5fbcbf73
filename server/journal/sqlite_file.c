/* SPDX-License-Identifier: ISC */
/*
 * sqlite_file.c: the SQLite store's file: its lock, its tables, what older servers wrote, and
 * opening it anew after a failure.
 *
 * Invariant: an older file is taken over in one transaction, so whoever is killed in the midst of
 * it begins again with the whole old one.
 */
#include "server/journal/sqlite_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "protocol/text/why.h"
#include "server/journal/sqlite_log.h"
#include "server/journal/sum.h"

enum {
    JOURNAL_SCHEMA = 5,
    /* "Spar", so that another program's database is not taken for ours */
    APPLICATION_ID = 0x53706172,
    WAL_HEAD = 32,           /* bytes, and */
    WAL_PAGE = 4096 + 24,    /* of each page in the write-ahead log */
    MOVED_BETWEEN_WORDS = 64 /* rooms */
};

static const char read_sql[] =
    "SELECT at, body, sum FROM event WHERE at > ?1 AND at <= ?2 ORDER BY at";
static const char add_run_sql[] =
    "INSERT INTO run (at, upto, place, size, tail, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char runs_sql[] = "SELECT at, upto, place, size, tail, sum FROM run"
                               " WHERE at > ?1 AND at <= ?2 AND upto > ?3 ORDER BY at";
/* A room's number rises in the order of creation, so newest first is the member index's own
 * order. */
static const char rooms_of_sql[] =
    "SELECT id, room, member.sum FROM member JOIN room ON number = room WHERE key = ?1"
    " ORDER BY room DESC LIMIT ?2";
const char sqlite_head_sql[] =
    "UPDATE room SET head = ?2, sum = spar_room(number, id, ?2) WHERE number = ?1";

static const char *const statement_sql[ST_COUNT] = {
    [ST_BEGIN] = "BEGIN IMMEDIATE",
    [ST_COMMIT] = "COMMIT",
    [ST_ROLLBACK] = "ROLLBACK",
    [ST_FIND] = "SELECT number, head, sum FROM room WHERE id = ?1",
    [ST_LAST] = "SELECT coalesce(max(number), 0) FROM room",
    [ST_CREATE] = "INSERT INTO room (number, id, head, sum) VALUES (?1, ?2, 0, ?3)",
    [ST_KEEP] = "INSERT INTO fresh (seq, body, sum) VALUES (?1, ?2, ?3)",
    [ST_ENROL] = "INSERT OR IGNORE INTO member (key, room, sum) VALUES (?1, ?2, ?3)",
    [ST_READ] = read_sql,
    [ST_ROOMS_OF] = rooms_of_sql,
    [ST_LOAD] = "SELECT seq, body, sum FROM fresh ORDER BY seq",
    [ST_RUN] = add_run_sql,
    [ST_RUNS] = runs_sql,
    [ST_REST_END] = "INSERT OR REPLACE INTO meta (name, value, sum) VALUES ('rest_end', ?1, ?2)",
    [ST_HEAD] = sqlite_head_sql,
    [ST_CLEAR] = "DELETE FROM fresh WHERE seq <= ?1",
    [ST_LOG] = "INSERT OR REPLACE INTO meta (name, value, sum) VALUES ('commits', ?1, ?2)",
    [ST_RESTS] = "SELECT head FROM room WHERE number = ?1",
};

/* Tables as version 2 had them, and what has come since: so there is one way to the newest. */
static const char schema_2_sql[] =
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

/* Version 2 had no checksums and nothing fresh. A sum that is missing is a wrong one. Version 3 had
 * no log in front of the database: all that was fresh was in the table. Version 4 had no file
 * beside it: all that was at rest was in the table `event`. */
static const char from_version_2_sql[] =
    "ALTER TABLE meta ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE room ADD COLUMN head INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE room ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE event ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE member ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE fresh (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, sum INTEGER NOT NULL);"
    "UPDATE meta SET sum = spar_meta(name, value);"
    "UPDATE member SET sum = spar_member(key, room);";

static const char from_version_4_sql[] =
    "CREATE TABLE run (at INTEGER PRIMARY KEY, upto INTEGER NOT NULL, place INTEGER NOT NULL,"
    " size INTEGER NOT NULL, tail INTEGER NOT NULL, sum INTEGER NOT NULL);";

static const char sum_events_sql[] =
    "UPDATE event SET sum = spar_event(at, body) WHERE at > ?1 AND at <= ?2";
static const char last_sql[] =
    "SELECT at & 4294967295 FROM event WHERE at > ?1 AND at <= ?2 ORDER BY at DESC LIMIT 1";

#define say(error, ...) why_not((error), JOURNAL_ERROR_BYTES, __VA_ARGS__)

/* ---- statements ---- */

static bool prepare_all(struct sqlite_store *store) {
    for (int i = 0; i < ST_COUNT; i++) {
        if (sqlite3_prepare_v3(store->db, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK) {
            return false;
        }
    }
    return true;
}

/* ---- the sums, for SQL ---- */

static void sql_event(sqlite3_context *out, int count, sqlite3_value **of) {
    (void)count;
    const void *bytes = sqlite3_value_blob(of[1]);
    size_t len = (size_t)sqlite3_value_bytes(of[1]);
    sqlite3_result_int64(out, (int64_t)sum_event(sqlite3_value_int64(of[0]), bytes, len));
}

/* What is no room's id or no key gets a sum that is wrong. */
static void sql_room(sqlite3_context *out, int count, sqlite3_value **of) {
    (void)count;
    const unsigned char *id = sqlite3_value_text(of[1]);
    if (id != NULL && sqlite3_value_bytes(of[1]) == ROOM_ID_BYTES) {
        sqlite3_result_int64(out, (int64_t)sum_room(sqlite3_value_int64(of[0]), (const char *)id,
                                                    (uint32_t)sqlite3_value_int64(of[2])));
    } else {
        sqlite3_result_int64(out, 0);
    }
}

static void sql_member(sqlite3_context *out, int count, sqlite3_value **of) {
    (void)count;
    const uint8_t *key = sqlite3_value_blob(of[0]);
    if (key != NULL && sqlite3_value_bytes(of[0]) == HASH_BYTES) {
        sqlite3_result_int64(out, (int64_t)sum_member(key, sqlite3_value_int64(of[1])));
    } else {
        sqlite3_result_int64(out, 0);
    }
}

static void sql_meta(sqlite3_context *out, int count, sqlite3_value **of) {
    (void)count;
    const unsigned char *name = sqlite3_value_text(of[0]);
    int64_t value = sqlite3_value_int64(of[1]);
    sqlite3_result_int64(out, name != NULL ? (int64_t)sum_meta((const char *)name, value) : 0);
}

static bool add_functions(sqlite3 *db) {
    static const struct {
        const char *name;
        int count;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } all[] = {{"spar_event", 2, sql_event},
               {"spar_room", 3, sql_room},
               {"spar_member", 2, sql_member},
               {"spar_meta", 2, sql_meta}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (sqlite3_create_function(db, all[i].name, all[i].count,
                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, all[i].function, NULL,
                                    NULL) != SQLITE_OK) {
            return false;
        }
    }
    return true;
}

/* ---- whether the files are in place ---- */

static bool is_marked(const char *path, const struct file_mark *mark, int64_t *size) {
    struct stat now;
    if (stat(path, &now) != 0 || now.st_dev != mark->device || now.st_ino != mark->inode) {
        return false;
    }
    *size = now.st_size;
    return true;
}

static bool log_path(const struct sqlite_store *store, char *path, size_t size) {
    int len = snprintf(path, size, "%s-wal", store->path);
    return len > 0 && (size_t)len < size;
}

static void mark_log(struct sqlite_store *store) {
    char path[4096];
    struct stat now;
    store->log = (struct file_mark){0};
    if (log_path(store, path, sizeof path) && stat(path, &now) == 0) {
        store->log = (struct file_mark){.device = now.st_dev, .inode = now.st_ino};
    }
}

static enum file_place look_at_log(struct sqlite_store *store) {
    char path[4096];
    int64_t size = 0;
    if (store->log.inode == 0) {
        mark_log(store);
    }
    if (!log_path(store, path, sizeof path) || !is_marked(path, &store->log, &size)) {
        return LOG_AWAY;
    }
    int64_t least = store->wal_pages > 0 ? WAL_HEAD + (int64_t)store->wal_pages * WAL_PAGE : 0;
    return size >= least ? FILES_IN_PLACE : FILES_AWAY;
}

enum file_place sqlite_file_look(struct sqlite_store *store) {
    int64_t size = 0;
    if (!is_marked(store->path, &store->file, &size) || size < store->least) {
        return FILES_AWAY;
    }
    store->least = size;
    if (!rest_in_place(&store->rest)) {
        return FILES_AWAY;
    }
    return store->db == NULL ? FILES_IN_PLACE : look_at_log(store);
}

/* ---- opening ---- */

static int on_wal(void *arg, sqlite3 *db, const char *name, int pages) {
    struct sqlite_store *store = arg;
    (void)db;
    (void)name;
    store->wal_pages = pages;
    return SQLITE_OK;
}

/* Closing carries SQLite's log over, which must not be done with one that was cut: what is left of
 * it is older than pages that would be carried over before the cut is met. */
static void carry_nothing_over(struct sqlite_store *store) {
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

void sqlite_file_end(struct sqlite_store *store) {
    if (!sqlite_rest_all(store)) {
        carry_nothing_over(store); /* nor upon a write or a sync that has just failed */
    }
}

void sqlite_file_close(struct sqlite_store *store) {
    if (store->db != NULL && sqlite_file_look(store) == FILES_AWAY) {
        carry_nothing_over(store);
    }
    if (store->chore != NULL) {
        store->end_chore(store);
    }
    for (int i = 0; i < ST_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    sqlite3_close(store->db);
    store->db = NULL;
    commits_close(&store->commits);
    rest_close(&store->rest);
}

/* Carries whatever the write-ahead log holds over into the database: pages of the log that a failed
 * sync left only in the page cache are thereby written and synced anew. */
bool sqlite_checkpoint_whole(struct sqlite_store *store) {
    return sqlite_checkpoint(store, SQLITE_CHECKPOINT_TRUNCATE);
}

/* A database that was made anew becomes shorter by it. */
bool sqlite_checkpoint(struct sqlite_store *store, int how) {
    store->wal_pages = 0;
    bool good = sqlite3_wal_checkpoint_v2(store->db, NULL, how, NULL, NULL) == SQLITE_OK;
    store->least = 0;
    (void)sqlite_file_look(store);
    return good;
}

static bool open_database(struct sqlite_store *store) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK) {
        return false;
    }
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_wal_hook(store->db, on_wal, store);
    return add_functions(store->db) &&
           sqlite_exec(store->db, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                                  "PRAGMA synchronous = FULL; PRAGMA cache_size = -2048;"
                                  "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;") &&
           sqlite_checkpoint_whole(store);
}

/* All goes to rest, and the log begins anew: what a failed sync left of it only in the page cache
 * is thereby written and synced again. Without space for the log, who only reads goes on. */
static bool begin_log(struct sqlite_store *store) {
    return sqlite_rest_all(store) && (sqlite_log_anew(store, false) || store->commits.full);
}

static bool load_all(struct sqlite_store *store) {
    int64_t number;
    return sqlite_log_number(store->db, &number) && sqlite_fresh_load(store, number);
}

bool sqlite_file_reopen(struct sqlite_store *store) {
    char error[JOURNAL_ERROR_BYTES]; /* who asks says it in other words */
    int64_t size = 0, missing = 0;
    sqlite_file_close(store);
    if (is_marked(store->path, &store->file, &size) && open_database(store) && prepare_all(store) &&
        sqlite_rest_open(store) && load_all(store) && sqlite_mark_missing(store, &missing) &&
        missing == 0 && sqlite_rest_cut(store, error) && begin_log(store)) {
        mark_log(store);
        store->doubted = false;
        return true;
    }
    sqlite_file_close(store);
    return false;
}

/* ---- the first opening ---- */

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
        store->file = (struct file_mark){.device = made_as.st_dev, .inode = made_as.st_ino};
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

/* The lock's file tells in which boot of the machine the journal was last open, and is told of this
 * one. False: in another, or it is not known. */
static bool is_same_boot(int lock_fd) {
    enum { BOOT_ID = 36 }; /* characters of a UUID */
    char now[BOOT_ID] = "", last[BOOT_ID] = "";
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    bool known = fd >= 0 && read(fd, now, sizeof now) == BOOT_ID;
    if (fd >= 0) {
        close(fd);
    }
    bool same = known && pread(lock_fd, last, sizeof last, 0) == BOOT_ID &&
                memcmp(now, last, sizeof now) == 0;
    if (known && !same) {
        (void)!pwrite(lock_fd, now, sizeof now, 0);
    }
    return same;
}

static int64_t real_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool set_version(struct sqlite_store *store) {
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", JOURNAL_SCHEMA);
    return sqlite_exec(store->db, sql);
}

/* A room's events and its own row, of a file without sums. */
static bool sum_one_room(struct sqlite_store *store, int64_t number) {
    int64_t first = sqlite_row_of(number, 0), last = sqlite_row_of(number, UINT32_MAX), head = 0;
    sqlite3_stmt *find = NULL;
    bool good = sqlite_exec_pair(store->db, sum_events_sql, first, last) &&
                sqlite3_prepare_v2(store->db, last_sql, -1, &find, NULL) == SQLITE_OK &&
                sqlite3_bind_int64(find, 1, first) == SQLITE_OK &&
                sqlite3_bind_int64(find, 2, last) == SQLITE_OK && sqlite_step_integer(find, &head);
    sqlite3_finalize(find);
    return good && sqlite_exec_pair(store->db, sqlite_head_sql, number, head);
}

static void say_moved(const struct sqlite_store *store, int64_t done, int64_t all) {
    if (store->watch != NULL && (done % MOVED_BETWEEN_WORDS == 0 || done == all)) {
        store->watch->moved(store->watch->ctx, done, all);
    }
}

static bool sum_all_rooms(struct sqlite_store *store) {
    int64_t all = 0;
    if (!sqlite_query_integer(store->db, "SELECT coalesce(max(number), 0) FROM room", &all)) {
        return false;
    }
    for (int64_t number = 1; number <= all; number++) {
        if (!sum_one_room(store, number)) {
            return false;
        }
        say_moved(store, number, all);
    }
    return true;
}

static bool from_version_4(struct sqlite_store *store) {
    return sqlite_exec(store->db, from_version_4_sql) && set_version(store);
}

static bool from_version_2(struct sqlite_store *store) {
    return sqlite_exec(store->db, from_version_2_sql) && sum_all_rooms(store) &&
           from_version_4(store);
}

static bool make_schema(struct sqlite_store *store) {
    char sql[256];
    snprintf(sql, sizeof sql,
             "INSERT INTO meta VALUES ('boot', 0), ('epoch', %" PRId64 ");"
             "PRAGMA application_id = %d;",
             real_ms(), APPLICATION_ID);
    return sqlite_exec(store->db, schema_2_sql) && sqlite_exec(store->db, sql) &&
           from_version_2(store);
}

/* Makes the tables of a new file, and an older version's anew; refuses one that is not ours or that
 * a newer server wrote. */
static bool check_schema(struct sqlite_store *store, char *error) {
    int64_t application = 0, version = 0, objects = 0;
    if (!sqlite_query_integer(store->db, "PRAGMA application_id", &application) ||
        !sqlite_query_integer(store->db, "PRAGMA user_version", &version) ||
        !sqlite_query_integer(store->db, "SELECT count(*) FROM sqlite_schema", &objects)) {
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
    if (version >= 3) {
        return from_version_4(store);
    }
    return (version > 1 || sqlite_exec(store->db, from_version_1_sql)) && from_version_2(store);
}

static bool check_meta(struct sqlite_store *store, char *error) {
    int64_t wrong = 0;
    if (!sqlite_query_integer(store->db,
                              "SELECT count(*) FROM meta WHERE sum IS NOT spar_meta(name, value)",
                              &wrong)) {
        return false;
    }
    return wrong == 0 ||
           say(error, "The journal %s is damaged: put back a copy of the data folder.",
               store->path);
}

/* 1: the table and its index fit. 0: they do not. -1: they cannot be read. */
static int fits(struct sqlite_store *store, const char *pragma) {
    sqlite3_stmt *check = NULL;
    int rc = sqlite3_prepare_v2(store->db, pragma, -1, &check, NULL);
    int fits = -1;
    if (rc == SQLITE_OK && sqlite3_step(check) == SQLITE_ROW) {
        fits = strcmp((const char *)sqlite3_column_text(check, 0), "ok") == 0;
    }
    sqlite3_finalize(check);
    return fits;
}

/* Whether each room is the one that was written: its row has its sum. */
static bool rooms_sound(struct sqlite_store *store) {
    int64_t wrong = 0;
    return sqlite_query_integer(
               store->db, "SELECT count(*) FROM room WHERE sum IS NOT spar_room(number, id, head)",
               &wrong) &&
           wrong == 0;
}

/* A room that its index lost would be a room that nobody ever opened. An index can be made again,
 * but not of names that are wrong themselves: nobody would find those rooms under their own. */
static bool check_small_tables(struct sqlite_store *store, char *error) {
    static const char room[] = "PRAGMA integrity_check(room)";
    static const char member[] = "PRAGMA integrity_check(member)";
    bool good = (fits(store, room) == 1 || (sqlite_exec(store->db, "REINDEX room") &&
                                            fits(store, room) == 1 && rooms_sound(store))) &&
                fits(store, member) == 1;
    return good || say(error, "The journal %s is damaged: put back a copy of the data folder.",
                       store->path);
}

static bool count_boot(struct sqlite_store *store, uint32_t *boot, int64_t *epoch) {
    int64_t count = 0;
    if (!sqlite_exec(store->db,
                     "UPDATE meta SET value = value + 1, sum = spar_meta(name, value + 1)"
                     " WHERE name = 'boot'") ||
        !sqlite_query_integer(store->db, "SELECT value FROM meta WHERE name = 'boot'", &count) ||
        !sqlite_query_integer(store->db, "SELECT value FROM meta WHERE name = 'epoch'", epoch)) {
        return false;
    }
    *boot = (uint32_t)count;
    return count > 0;
}

static bool load_fresh(struct sqlite_store *store, char *error) {
    int64_t missing = 0;
    if (!load_all(store)) {
        return say(error,
                   "The latest commits of the journal %s are missing, are damaged or cannot be "
                   "read (%s-commits.0, %s-commits.1): put back a copy of the data folder.",
                   store->path, store->path, store->path);
    }
    return sqlite_mark_missing(store, &missing) &&
           (missing == 0 ||
            say(error,
                "The journal %s lacks %" PRId64 " events that it has kept: put back its -wal file, "
                "or a copy of the data folder, or go on without them by removing its .lock file.",
                store->path, missing));
}

/* That it has begun is in the database itself before any event is counted: it stays known there if
 * the log goes. Also before anything is moved, so that what a kill leaves of that is this life's.
 */
static bool begin_life(struct sqlite_store *store) {
    bool good = sqlite_checkpoint_whole(store);
    if (good) {
        sqlite_mark_more(store, 0);
    }
    return good;
}

static bool set_up(struct sqlite_store *store, uint32_t *boot, int64_t *epoch, char *error) {
    if (!open_database(store) || !sqlite_exec(store->db, "BEGIN IMMEDIATE") ||
        !check_schema(store, error) || !check_meta(store, error) ||
        !check_small_tables(store, error) || !prepare_all(store) ||
        !sqlite_rest_begin(store, error) || !load_fresh(store, error) ||
        !sqlite_rest_cut(store, error) || !count_boot(store, boot, epoch) ||
        !sqlite_mark_begin(store) || !sqlite_exec(store->db, "COMMIT")) {
        return false;
    }
    mark_log(store);
    return begin_life(store) && sqlite_rest_all(store) && sqlite_log_anew(store, false) &&
           begin_life(store);
}

bool sqlite_file_open(struct sqlite_store *store, uint32_t *boot, int64_t *epoch, char *error) {
    if (!take_lock(store, error) || !make_file(store, error)) {
        return false;
    }
    if (!sqlite_log_is_sound(store->path, is_same_boot(store->lock_fd))) {
        return say(
            error,
            "The journal's log %s-wal is damaged, and with it the latest commits: put back a "
            "copy of the data folder.",
            store->path);
    }
    if (set_up(store, boot, epoch, error)) {
        return true;
    }
    store->commits.number = 0; /* what did not begin is not ended */
    if (error[0] != '\0') {
        return false;
    }
    if (store->commits.full || (store->db != NULL && sqlite3_errcode(store->db) == SQLITE_FULL)) {
        return say(error, "There is no room left for the journal %s: free some space on its disk.",
                   store->path);
    }
    return say(error, "The journal %s cannot be used (%s): check the disk, or restore a copy.",
               store->path, store->db != NULL ? sqlite3_errmsg(store->db) : "no memory");
}
