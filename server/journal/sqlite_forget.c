/* SPDX-License-Identifier: ISC */
/*
 * sqlite_forget.c: removal for good: of a room, of what a key is part of, of what is kept no
 * longer.
 *
 * Invariants: what has been removed from a log is durable before anybody is told of it, and a log
 * is removed or rewritten whole or not at all, in one commit; its row stays, as a log without
 * events, so that its number and its id are given to no other. The same commit says that the file
 * has to be made anew, which only the making unsays: freed pages are overwritten at once, but what
 * moved from page to page may have left a copy behind, and runs that are named no more lie where
 * they lay.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certs/random.h"
#include "protocol/text/base64url.h"
#include "server/journal/person.h"
#include "server/journal/sqlite_parts.h"
#include "server/journal/sum.h"
#include "server/journal/term.h"

enum {
    FORGET_EVENTS = 2000, /* in a slice, but for the last log's */
    FORGET_LOGS = 200,    /* in a slice */
    KEY_CHARS = BASE64URL_LENGTH(HASH_BYTES),
    TEMP_BYTES = 64 * 1024 * 1024 /* a larger file is not made anew in memory */
};

struct forget {
    enum journal_chore kind;
    bool own_terms; /* looked at first: the rooms with a time of their own */
    struct person person;
    int64_t before, now; /* room time */
    int64_t at;          /* number of the last log that was looked at */
    int64_t logs, removed, rewritten, unread;
    struct mp_reader reader;
    const struct journal_changes *changes; /* of this slice */
    char room[ROOM_ID_BYTES + 1];
};

#define sentence(line, ...) snprintf((line), JOURNAL_LINE_MAX, __VA_ARGS__)

const uint8_t journal_own_term[HASH_BYTES] = "rooms with a time of their own";

/* ---- one log ---- */

static const char due_sql[] = "INSERT OR REPLACE INTO meta (name, value, sum)"
                              " VALUES ('forgotten', 1, spar_meta('forgotten', 1))";

static bool end_commit(struct sqlite_store *store, bool good) {
    good = good && sqlite_exec(store->db, due_sql) && sqlite_exec(store->db, "COMMIT");
    if (!good) {
        sqlite_doubt(store);
    }
    if (!good && sqlite3_get_autocommit(store->db) == 0) {
        (void)!sqlite_exec(store->db, "ROLLBACK");
    }
    return good;
}

static bool remove_log(struct sqlite_store *store, int64_t number, uint32_t head) {
    static const char events[] = "DELETE FROM event WHERE at > ?1 AND at <= ?2";
    static const char runs[] = "DELETE FROM run WHERE at > ?1 AND at <= ?2";
    static const char members[] = "DELETE FROM member WHERE room = ?1 AND ?2 = 0";
    return end_commit(store, sqlite_mark_less(store, head) &&
                                 sqlite_exec(store->db, "BEGIN IMMEDIATE") &&
                                 sqlite_exec_pair(store->db, events, sqlite_row_of(number, 0),
                                                  sqlite_row_of(number, UINT32_MAX)) &&
                                 sqlite_exec_pair(store->db, runs, sqlite_row_of(number, 0),
                                                  sqlite_row_of(number, UINT32_MAX)) &&
                                 sqlite_exec_pair(store->db, members, number, 0) &&
                                 sqlite_exec_pair(store->db, sqlite_head_sql, number, 0));
}

struct rewriting {
    struct sqlite_store *store;
    struct forget *forget;
    sqlite3_stmt *update;
    int64_t number;
    uint32_t runs_from; /* the first position that is in a run, not a row; 0: none is */
    struct rest_list list;
};

static bool update_row(struct rewriting *rewriting, uint32_t pos, const uint8_t *bytes,
                       uint32_t len) {
    int64_t at = sqlite_row_of(rewriting->number, pos);
    sqlite3_bind_int64(rewriting->update, 1, at);
    sqlite3_bind_blob(rewriting->update, 2, bytes, (int)len, SQLITE_STATIC);
    sqlite3_bind_int64(rewriting->update, 3, (int64_t)sum_event(at, bytes, len));
    return sqlite_step_done(rewriting->update);
}

static bool is_in_run(const struct rewriting *rewriting, uint32_t pos) {
    return rewriting->runs_from != 0 && pos >= rewriting->runs_from;
}

static bool keep(struct rewriting *rewriting, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    return is_in_run(rewriting, pos) ? sqlite_rest_add(rewriting->store, &rewriting->list,
                                                       rewriting->number, pos, bytes, len)
                                     : update_row(rewriting, pos, bytes, len);
}

static bool store_rewritten(struct rewriting *rewriting, const struct event *event) {
    struct mp_writer w;
    mp_writer_init(&w);
    event_write_stored(&w, event);
    bool good = !w.failed && keep(rewriting, event->pos, (const uint8_t *)w.data, (uint32_t)w.len);
    mp_writer_free(&w);
    return good;
}

/* Runs are written anew as wholes, so of what is in them each event is kept again. */
static bool rewrite_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct rewriting *rewriting = arg;
    struct event event;
    if (!event_read_stored(&rewriting->forget->reader, bytes, len, &event) || event.pos != pos) {
        return false;
    }
    if (person_rewrite(&rewriting->forget->person, &event)) {
        return store_rewritten(rewriting, &event);
    }
    return !is_in_run(rewriting, pos) || keep(rewriting, pos, bytes, len);
}

static bool find_runs(struct rewriting *rewriting) {
    static const char sql[] = "SELECT coalesce(min(at), 0) FROM run WHERE at > ?1 AND at <= ?2";
    sqlite3_stmt *find = NULL;
    int64_t at = 0;
    bool good =
        sqlite3_prepare_v2(rewriting->store->db, sql, -1, &find, NULL) == SQLITE_OK &&
        sqlite3_bind_int64(find, 1, sqlite_row_of(rewriting->number, 0)) == SQLITE_OK &&
        sqlite3_bind_int64(find, 2, sqlite_row_of(rewriting->number, UINT32_MAX)) == SQLITE_OK &&
        sqlite_step_integer(find, &at);
    sqlite3_finalize(find);
    rewriting->runs_from = (uint32_t)at;
    return good;
}

/* The new runs take the place of the old ones in the table. */
static bool replace_runs(struct rewriting *rewriting) {
    static const char sql[] = "DELETE FROM run WHERE at > ?1 AND at <= ?2";
    struct sqlite_store *store = rewriting->store;
    return rewriting->runs_from == 0 ||
           (sqlite_rest_write(store, &rewriting->list) && rest_sync(&store->rest) &&
            sqlite_exec_pair(store->db, sql, sqlite_row_of(rewriting->number, 0),
                             sqlite_row_of(rewriting->number, UINT32_MAX)) &&
            sqlite_rest_index(store, &rewriting->list, UINT32_MAX));
}

static bool forget_member(struct sqlite_store *store, const uint8_t *key, int64_t number) {
    static const char sql[] = "DELETE FROM member WHERE key = ?1 AND room = ?2";
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_bind_blob(statement, 1, key, HASH_BYTES, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_bind_int64(statement, 2, number) == SQLITE_OK &&
                sqlite_step_done(statement);
    sqlite3_finalize(statement);
    return good;
}

static bool rewrite_log(struct sqlite_store *store, struct forget *forget,
                        const struct sqlite_row *row) {
    static const char sql[] = "UPDATE event SET body = ?2, sum = ?3 WHERE at = ?1";
    struct rewriting rewriting = {.store = store, .forget = forget, .number = row->number};
    person_again(&forget->person);
    bool good = sqlite_exec(store->db, "BEGIN IMMEDIATE") &&
                sqlite3_prepare_v2(store->db, sql, -1, &rewriting.update, NULL) == SQLITE_OK &&
                find_runs(&rewriting) &&
                sqlite_read_events(store, row->number, 0, row->head, rewrite_event, &rewriting) &&
                replace_runs(&rewriting);
    sqlite3_finalize(rewriting.update);
    sqlite_rest_forget(&rewriting.list);
    return end_commit(store, good && forget_member(store, forget->person.key, row->number));
}

/* ---- whether a log goes ---- */

static bool read_event(struct forget *forget, uint32_t pos, const uint8_t *bytes, uint32_t len,
                       struct event *event) {
    return event_read_stored(&forget->reader, bytes, len, event) && event->pos == pos;
}

static bool look_for_person(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct forget *forget = arg;
    struct event event;
    bool good = read_event(forget, pos, bytes, len, &event);
    if (good) {
        person_look(&forget->person, &event);
    }
    return good;
}

struct terms {
    struct forget *forget;
    struct term term;
};

static bool look_for_term(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct terms *terms = arg;
    struct event event;
    bool good = read_event(terms->forget, pos, bytes, len, &event);
    if (good) {
        term_look(&terms->term, &event);
    }
    return good;
}

/* False: the log cannot be read. */
static bool judge(struct sqlite_store *store, struct forget *forget, const struct sqlite_row *row,
                  enum person_part *part) {
    struct terms terms = {.forget = forget};
    if (forget->kind == JOURNAL_FORGET) {
        person_begin(&forget->person);
        bool good = row->sound &&
                    sqlite_read_events(store, row->number, 0, row->head, look_for_person, forget);
        *part = forget->person.part;
        return good;
    }
    uint32_t after = forget->own_terms ? 0 : row->head - 1;
    bool good = row->sound &&
                sqlite_read_events(store, row->number, after, row->head, look_for_term, &terms);
    bool over = forget->own_terms ? term_is_over(&terms.term, forget->now)
                                  : terms.term.last < forget->before;
    *part = over ? PERSON_WHOLE : PERSON_ABSENT;
    return good;
}

/* False: what is to go could not be removed. */
static bool take_log(struct sqlite_store *store, struct forget *forget,
                     const struct sqlite_row *row) {
    enum person_part part = PERSON_ABSENT;
    forget->logs++;
    if (row->head == 0) {
        return true;
    }
    if (!judge(store, forget, row, &part)) {
        forget->unread++;
        return true;
    }
    if (part == PERSON_ABSENT) {
        return true;
    }
    bool whole = part == PERSON_WHOLE;
    if (!sqlite_settle(store) ||
        !(whole ? remove_log(store, row->number, row->head) : rewrite_log(store, forget, row))) {
        return false;
    }
    forget->removed += whole;
    forget->rewritten += !whole;
    forget->changes->changed(forget->changes->arg, row->id, whole ? NULL : forget->person.key);
    return true;
}

/* ---- the file ---- */

bool sqlite_forget_is_due(struct sqlite_store *store) {
    int64_t due = 0;
    return sqlite_query_integer(store->db, "SELECT value FROM meta WHERE name = 'forgotten'",
                                &due) &&
           due != 0;
}

static int64_t file_bytes(struct sqlite_store *store) {
    int64_t pages = 0, size = 0;
    bool known = sqlite_query_integer(store->db, "PRAGMA page_count", &pages) &&
                 sqlite_query_integer(store->db, "PRAGMA page_size", &size);
    return known ? pages * size : 0;
}

/* Made anew, the database holds nothing in pages that are free, nor behind rows; both logs are
 * emptied, and what is in no run any more is overwritten. */
bool sqlite_forget_make_anew(struct sqlite_store *store) {
    bool large = file_bytes(store) > TEMP_BYTES;
    if (!sqlite_rest_all(store) || !sqlite_log_anew(store, true)) {
        sqlite_doubt(store);
        return false;
    }
    bool good = sqlite_exec(store->db, large ? "PRAGMA temp_store = FILE" : "SELECT 1") &&
                sqlite_exec(store->db, "VACUUM") && sqlite_rest_wipe(store) &&
                sqlite_exec(store->db, "UPDATE meta SET value = 0, sum = spar_meta(name, 0)"
                                       " WHERE name = 'forgotten'");
    good = sqlite_exec(store->db, "PRAGMA temp_store = MEMORY") && good &&
           sqlite_checkpoint_whole(store);
    if (!good) {
        sqlite_doubt(store);
    }
    return good;
}

/* ---- which log is next ---- */

bool sqlite_next_room(struct sqlite_store *store, int64_t after, struct sqlite_row *row,
                      bool *failed) {
    static const char sql[] =
        "SELECT number, id, head, sum IS spar_room(number, id, head) FROM room"
        " WHERE number > ?1 ORDER BY number LIMIT 1";
    sqlite3_stmt *next = NULL;
    bool found = false;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &next, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(next, 1, after);
        rc = sqlite3_step(next);
        found = rc == SQLITE_ROW;
    }
    if (found) {
        const char *id = (const char *)sqlite3_column_text(next, 1);
        row->number = sqlite3_column_int64(next, 0);
        row->head = sqlite_fresh_head(store, row->number, (uint32_t)sqlite3_column_int64(next, 2));
        row->sound = sqlite3_column_int(next, 3) == 1;
        snprintf(row->id, sizeof row->id, "%s", id != NULL ? id : "?");
    }
    *failed = !found && rc != SQLITE_DONE;
    sqlite3_finalize(next);
    return found;
}

/* The next room that has a time of its own. */
static bool next_own(struct sqlite_store *store, int64_t after, struct sqlite_row *row,
                     bool *failed) {
    static const char sql[] =
        "SELECT room FROM member WHERE key = ?1 AND room > ?2 ORDER BY room LIMIT 1";
    sqlite3_stmt *next = NULL;
    int64_t number = 0;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &next, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_blob(next, 1, journal_own_term, HASH_BYTES, SQLITE_STATIC);
        sqlite3_bind_int64(next, 2, after);
        rc = sqlite3_step(next);
        number = rc == SQLITE_ROW ? sqlite3_column_int64(next, 0) : 0;
    }
    sqlite3_finalize(next);
    *failed = rc != SQLITE_ROW && rc != SQLITE_DONE;
    return number > 0 && sqlite_next_room(store, number - 1, row, failed);
}

/* False: there is no further one, or it cannot be found (*failed). */
static bool next_log(struct sqlite_store *store, struct forget *forget, struct sqlite_row *row,
                     bool *failed) {
    if (forget->own_terms) {
        if (next_own(store, forget->at, row, failed) || *failed) {
            return !*failed;
        }
        forget->own_terms = false;
        forget->at = 0;
    }
    bool all = forget->kind == JOURNAL_FORGET || forget->before >= 0;
    return all && sqlite_next_room(store, forget->at, row, failed);
}

/* ---- slices ---- */

static enum journal_said say_failed(struct sqlite_store *store, const struct forget *forget,
                                    char *line) {
    sentence(line,
             "The journal could not be gone through to its end (%s): %" PRId64
             " logs were removed. "
             "Look at the disk, and begin again.",
             sqlite_rest_why(store), forget->removed);
    return JOURNAL_NOT_DONE;
}

/* What a move has put away is not touched: no server goes on with it. */
static const char *but_moved(const struct sqlite_store *store) {
    char path[4096];
    int len = snprintf(path, sizeof path, "%s.moved", store->path);
    bool there = len > 0 && (size_t)len < sizeof path && access(path, F_OK) == 0;
    return there ? " but journal.db.moved and journal.db.moved-events, which a move has left "
                   "there: remove them"
                 : "";
}

static enum journal_said say_done(const struct sqlite_store *store, const struct forget *forget,
                                  char *line) {
    if (forget->kind == JOURNAL_KEEP) {
        sentence(line,
                 "%" PRId64 " logs were kept no longer; their bytes are in no file of the "
                 "data folder%s.",
                 forget->removed, but_moved(store));
        return JOURNAL_DONE;
    }
    if (forget->removed + forget->rewritten == 0 && forget->unread == 0) {
        sentence(line,
                 "No log has that key. If it is the one that 'spar mine' tells its owner, it is "
                 "forgotten already, and its bytes are in no file of the data folder%s.",
                 but_moved(store));
        return JOURNAL_NOT_DONE;
    }
    sentence(line,
             "%" PRId64 " rooms are forgotten, and what the key was in %" PRId64
             " others and cohorts; its bytes are in no file of the data folder%s. %s"
             "Copies of the folder, and recordings that people fetched, still have them.",
             forget->removed, forget->rewritten, but_moved(store),
             forget->unread > 0 ? "Some logs are damaged and could not be looked at: 'spard check' "
                                  "names them, forget them by name. "
                                : "");
    return forget->unread > 0 ? JOURNAL_NOT_DONE : JOURNAL_DONE;
}

static enum journal_said finish(struct sqlite_store *store, const struct forget *forget,
                                char *line) {
    if (sqlite_forget_is_due(store) && !sqlite_forget_make_anew(store)) {
        sentence(line,
                 "%" PRId64 " logs are removed, but their bytes are still in the file (%s): free "
                 "some space, and forget them again.",
                 forget->removed + forget->rewritten, sqlite_rest_why(store));
        return JOURNAL_NOT_DONE;
    }
    return say_done(store, forget, line);
}

static enum journal_said many_slice(struct sqlite_store *store, struct forget *forget, char *line) {
    struct sqlite_row row;
    bool failed = false;
    int64_t events = 0;
    for (int logs = 0; logs < FORGET_LOGS && events < FORGET_EVENTS; logs++) {
        if (!next_log(store, forget, &row, &failed)) {
            return failed ? say_failed(store, forget, line) : finish(store, forget, line);
        }
        forget->at = row.number;
        if (!take_log(store, forget, &row)) {
            return say_failed(store, forget, line);
        }
        events += row.head;
    }
    sentence(line, "%" PRId64 " logs looked at, %" PRId64 " removed", forget->logs,
             forget->removed);
    return JOURNAL_GOES_ON;
}

static enum journal_said room_slice(struct sqlite_store *store, const struct forget *forget,
                                    char *line) {
    int64_t number = 0;
    uint32_t head = 0;
    char count[16] = ""; /* not known any more if it was removed before, by one who was killed */
    if (!sqlite_find_room(store, forget->room, &number, &head) || number == 0) {
        sentence(
            line,
            "The journal has no room %.64s that can be read; 'spar sessions' tells their names.",
            forget->room);
        return JOURNAL_NOT_DONE;
    }
    if (head > 0) {
        snprintf(count, sizeof count, "%u ", (unsigned)head);
        if (!sqlite_settle(store) || !remove_log(store, number, head)) {
            sentence(line, "Nothing was removed (%s).", sqlite_rest_why(store));
            return JOURNAL_NOT_DONE;
        }
        forget->changes->changed(forget->changes->arg, forget->room, NULL);
    }
    if (!sqlite_forget_make_anew(store)) {
        sentence(line,
                 "The room is removed, but its bytes are still in the file (%s): free some "
                 "space, and forget it again.",
                 sqlite_rest_why(store));
        return JOURNAL_NOT_DONE;
    }
    sentence(line,
             "Room %.12s is forgotten: its %sevents are in no file of the data folder%s. Copies of "
             "the folder, and recordings that people fetched, still have them.",
             forget->room, count, but_moved(store));
    return JOURNAL_DONE;
}

enum journal_said sqlite_forget_slice(struct sqlite_store *store, struct forget *forget,
                                      const struct journal_changes *changes, char *line) {
    forget->changes = changes;
    return forget->room[0] != '\0' ? room_slice(store, forget, line)
                                   : many_slice(store, forget, line);
}

/* ---- beginning and end ---- */

static bool read_what(struct forget *forget, const char *of, char *line) {
    size_t len = strlen(of);
    bool good = false;
    if (forget->kind == JOURNAL_KEEP) {
        forget->own_terms = true;
        good = term_read(of, &forget->before, &forget->now);
    } else if (len == ROOM_ID_BYTES) {
        memcpy(forget->room, of, len);
        good = true;
    } else {
        good = base64url_read(of, len, forget->person.key, HASH_BYTES) &&
               random_bytes(forget->person.salt, HASH_BYTES);
    }
    if (!good) {
        sentence(
            line,
            "%.64s is neither a room's id (%d characters) nor a key (%d): 'spar sessions' tells "
            "the rooms, and 'spar mine' its owner the key.",
            of, ROOM_ID_BYTES, KEY_CHARS);
    }
    return good;
}

struct forget *sqlite_forget_begin(enum journal_chore kind, const char *of, char *line) {
    struct forget *forget = calloc(1, sizeof *forget);
    if (forget == NULL || mp_reader_init(&forget->reader) != MP_OK) {
        free(forget);
        sentence(line, "There is no memory for that.");
        return NULL;
    }
    forget->kind = kind;
    if (!read_what(forget, of, line)) {
        sqlite_forget_end(forget);
        return NULL;
    }
    return forget;
}

void sqlite_forget_end(struct forget *forget) {
    if (forget != NULL) {
        mp_reader_free(&forget->reader);
        free(forget);
    }
}
