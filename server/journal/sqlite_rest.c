/* SPDX-License-Identifier: ISC */
/*
 * sqlite_rest.c: the SQLite store's side of the file where rooms rest: runs on their way into it,
 * the table that tells where each is, and reading them. In older journals events are rows of the
 * table `event`; they stay there, before all that is in runs.
 *
 * Invariants: what the table names is synced; a run is read only by what the table says, and each
 * event by its own checksum.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/why.h"
#include "server/journal/octets.h"
#include "server/journal/sqlite_parts.h"
#include "server/journal/sum.h"

enum { RUN_NUMBERS = 5 };

#define say(error, ...) why_not((error), JOURNAL_ERROR_BYTES, __VA_ARGS__)

/* ---- writing ---- */

void sqlite_rest_forget(struct rest_list *list) {
    free(list->runs);
    free(list->bytes);
    *list = (struct rest_list){0};
}

/* Another run, empty. NULL: no memory. */
static struct rest_run *run_new(struct rest_list *list) {
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        struct rest_run *runs = reallocarray(list->runs, capacity, sizeof *runs);
        if (runs == NULL) {
            return NULL;
        }
        list->runs = runs;
        list->capacity = capacity;
    }
    return &list->runs[list->count++];
}

static bool place_for_bytes(struct rest_list *list, size_t more) {
    if (more <= list->room - list->len) {
        return true;
    }
    size_t room = list->room * 2 > list->len + more ? list->room * 2 : list->len + more;
    uint8_t *bytes = realloc(list->bytes, room);
    if (bytes != NULL) {
        list->bytes = bytes;
        list->room = room;
    }
    return bytes != NULL;
}

/* The run that takes the room's next event. NULL: no memory. */
static struct rest_run *run_for(const struct sqlite_store *store, struct rest_list *list,
                                int64_t number, uint32_t pos) {
    struct rest_run *last = list->count > list->written ? &list->runs[list->count - 1] : NULL;
    if (last != NULL && last->number == number && last->upto + 1 == pos &&
        last->size < REST_RUN_BYTES) {
        return last;
    }
    last = run_new(list);
    if (last != NULL) {
        *last = (struct rest_run){
            .number = number, .first = pos, .place = store->rest.end + (int64_t)list->len};
    }
    return last;
}

bool sqlite_rest_add(const struct sqlite_store *store, struct rest_list *list, int64_t number,
                     uint32_t pos, const uint8_t *bytes, uint32_t len) {
    bool place = place_for_bytes(list, (size_t)REST_EVENT_HEAD + len);
    struct rest_run *run = place ? run_for(store, list, number, pos) : NULL;
    if (run == NULL) {
        return false;
    }
    uint8_t *to = list->bytes + list->len;
    octets_put(to, len, 4);
    octets_put(to + 4, sum_event(sqlite_row_of(number, pos), bytes, len), 8);
    if (len > 0) {
        memcpy(to + REST_EVENT_HEAD, bytes, len);
    }
    run->upto = pos;
    run->tail = REST_EVENT_HEAD + len;
    run->size += run->tail;
    list->len += run->tail;
    return true;
}

void sqlite_rest_drop(struct rest_list *list) {
    list->count = list->written;
    list->len = 0;
}

bool sqlite_rest_write(struct sqlite_store *store, struct rest_list *list) {
    if (list->len > 0 && !rest_append(&store->rest, list->bytes, list->len)) {
        sqlite_rest_drop(list);
        return false;
    }
    list->written = list->count;
    list->len = 0;
    return true;
}

/* ---- the table ---- */

static int64_t sum_of(const struct rest_run *run) {
    int64_t numbers[RUN_NUMBERS] = {sqlite_row_of(run->number, run->first), run->upto, run->place,
                                    run->size, run->tail};
    return (int64_t)sum_numbers(numbers, RUN_NUMBERS);
}

static bool index_one(struct sqlite_store *store, const struct rest_run *run) {
    sqlite3_stmt *row = store->statements[ST_RUN], *head = store->statements[ST_HEAD];
    sqlite3_bind_int64(row, 1, sqlite_row_of(run->number, run->first));
    sqlite3_bind_int64(row, 2, run->upto);
    sqlite3_bind_int64(row, 3, run->place);
    sqlite3_bind_int64(row, 4, run->size);
    sqlite3_bind_int64(row, 5, run->tail);
    sqlite3_bind_int64(row, 6, sum_of(run));
    sqlite3_bind_int64(head, 1, run->number);
    sqlite3_bind_int64(head, 2, run->upto);
    return sqlite_step_done(row) && sqlite_step_done(head) && sqlite3_changes(store->db) == 1;
}

static bool note_end(struct sqlite_store *store) {
    sqlite3_stmt *end = store->statements[ST_REST_END];
    sqlite3_bind_int64(end, 1, store->rest.end);
    sqlite3_bind_int64(end, 2, (int64_t)sum_meta("rest_end", store->rest.end));
    return sqlite_step_done(end);
}

bool sqlite_rest_index(struct sqlite_store *store, struct rest_list *list, uint32_t most) {
    bool good = list->indexed == list->count || note_end(store);
    for (uint32_t done = 0; good && done < most && list->indexed < list->count; done++) {
        good = index_one(store, &list->runs[list->indexed++]);
    }
    return good;
}

static bool read_row(sqlite3_stmt *row, struct rest_run *run) {
    int64_t at = sqlite3_column_int64(row, 0);
    *run = (struct rest_run){.number = at >> 32,
                             .first = (uint32_t)at,
                             .upto = (uint32_t)sqlite3_column_int64(row, 1),
                             .place = sqlite3_column_int64(row, 2),
                             .size = (uint32_t)sqlite3_column_int64(row, 3),
                             .tail = (uint32_t)sqlite3_column_int64(row, 4)};
    return sqlite3_column_int64(row, 5) == sum_of(run);
}

/* ---- reading ---- */

/* False: an event is not as it was written, or the visitor stopped. */
static bool visit_run(struct sqlite_store *store, const struct rest_run *run, const uint8_t *bytes,
                      uint32_t after, journal_visit visit, void *arg) {
    size_t at = 0;
    for (uint32_t pos = run->first; pos <= run->upto; pos++) {
        uint32_t len = run->size - at >= REST_EVENT_HEAD ? (uint32_t)octets_get(bytes + at, 4) : 0;
        store->damaged =
            run->size - at < REST_EVENT_HEAD || len > run->size - at - REST_EVENT_HEAD ||
            octets_get(bytes + at + 4, 8) !=
                sum_event(sqlite_row_of(run->number, pos), bytes + at + REST_EVENT_HEAD, len);
        if (store->damaged ||
            (pos > after && !visit(arg, pos, bytes + at + REST_EVENT_HEAD, len))) {
            return false;
        }
        at += REST_EVENT_HEAD + (size_t)len;
    }
    return true;
}

static bool read_run(struct sqlite_store *store, const struct rest_run *run, uint32_t after,
                     journal_visit visit, void *arg) {
    uint8_t *bytes = malloc((size_t)run->size + 1);
    bool good = bytes != NULL && rest_read(&store->rest, run->place, bytes, run->size) &&
                visit_run(store, run, bytes, after, visit, arg);
    free(bytes);
    return good;
}

bool sqlite_rest_read(struct sqlite_store *store, int64_t number, uint32_t after, uint32_t upto,
                      journal_visit visit, void *arg) {
    sqlite3_stmt *runs = store->statements[ST_RUNS];
    struct rest_run run;
    int rc;
    sqlite3_bind_int64(runs, 1, sqlite_row_of(number, 0));
    sqlite3_bind_int64(runs, 2, sqlite_row_of(number, upto));
    sqlite3_bind_int64(runs, 3, after);
    while ((rc = sqlite3_step(runs)) == SQLITE_ROW) {
        store->damaged = !read_row(runs, &run);
        run.upto = run.upto < upto ? run.upto : upto;
        if (store->damaged || !read_run(store, &run, after, visit, arg)) {
            break;
        }
    }
    sqlite_note_damage(store, rc);
    sqlite3_reset(runs);
    return rc == SQLITE_DONE;
}

/* ---- what is removed ---- */

/* What is in no run, between two of them. */
struct gaps {
    struct sqlite_store *store;
    bool release; /* or wipe */
    int64_t at;   /* behind the last run */
};

static bool gap(struct gaps *gaps, int64_t upto) {
    struct rest *rest = &gaps->store->rest;
    if (upto <= gaps->at) {
        return true;
    }
    if (gaps->release) {
        rest_release(rest, gaps->at, upto);
        return true;
    }
    return rest_wipe(rest, gaps->at, upto);
}

static bool all_gaps(struct sqlite_store *store, bool release) {
    static const char sql[] = "SELECT at, upto, place, size, tail, sum FROM run ORDER BY place";
    struct gaps gaps = {.store = store, .release = release, .at = REST_HEAD};
    sqlite3_stmt *runs = NULL;
    struct rest_run run;
    bool good = sqlite3_prepare_v2(store->db, sql, -1, &runs, NULL) == SQLITE_OK;
    int rc = SQLITE_DONE;
    while (good && (rc = sqlite3_step(runs)) == SQLITE_ROW) {
        good = read_row(runs, &run) && gap(&gaps, run.place);
        gaps.at = run.place + run.size > gaps.at ? run.place + run.size : gaps.at;
    }
    sqlite3_finalize(runs);
    return good && rc == SQLITE_DONE && gap(&gaps, store->rest.end);
}

bool sqlite_rest_wipe(struct sqlite_store *store) {
    return all_gaps(store, false) && rest_sync(&store->rest) && all_gaps(store, true);
}

const char *sqlite_rest_why(const struct sqlite_store *store) {
    int error = sqlite3_errcode(store->db);
    bool known = error != SQLITE_OK && error != SQLITE_ROW && error != SQLITE_DONE;
    return store->rest.error != 0 ? strerror(store->rest.error)
           : known                ? sqlite3_errmsg(store->db)
                                  : "a row of the table of runs is damaged";
}

/* ---- opening ---- */

static bool set_meta(struct sqlite_store *store, const char *name, int64_t value) {
    char sql[160];
    snprintf(sql, sizeof sql,
             "INSERT OR REPLACE INTO meta (name, value, sum)"
             " VALUES ('%s', %" PRId64 ", spar_meta('%s', %" PRId64 "))",
             name, value, name, value);
    return sqlite_exec(store->db, sql);
}

static bool known_end(struct sqlite_store *store, int64_t *end) {
    *end = 0;
    return sqlite_query_integer(store->db, "SELECT value FROM meta WHERE name = 'rest_end'", end) &&
           *end >= REST_HEAD;
}

/* first: for a database that has none yet it is made, within a commit. */
static enum rest_state open_known(struct sqlite_store *store, bool first) {
    int64_t identity = 0, end;
    rest_close(&store->rest);
    if (!sqlite_query_integer(store->db, "SELECT value FROM meta WHERE name = 'rest'", &identity)) {
        return REST_FAILED;
    }
    if (identity != 0 || !first) {
        return known_end(store, &end) ? rest_open(&store->rest, identity, end) : REST_FAILED;
    }
    enum rest_state state = rest_make(&store->rest, &identity);
    bool good = state == REST_GOOD && set_meta(store, "rest", identity) &&
                set_meta(store, "rest_end", REST_HEAD);
    return state == REST_GOOD && !good ? REST_FAILED : state;
}

bool sqlite_rest_open(struct sqlite_store *store) {
    return open_known(store, false) == REST_GOOD;
}

static bool say_unusable(const struct sqlite_store *store, char *error) {
    return say(error, "%s-events cannot be used (%s): check the disk and the folder's owner.",
               store->path, sqlite_rest_why(store));
}

bool sqlite_rest_cut(struct sqlite_store *store, char *error) {
    int64_t end;
    return !sqlite_mark_is_last(store) || (known_end(store, &end) && rest_cut(&store->rest, end)) ||
           say_unusable(store, error);
}

bool sqlite_rest_begin(struct sqlite_store *store, char *error) {
    switch (open_known(store, true)) {
    case REST_GOOD: return true;
    case REST_MISSING:
        return say(error,
                   "The file %s-events, in which the journal's rooms rest, is gone or was cut: put "
                   "it back, or a copy of the data folder.",
                   store->path);
    case REST_FOREIGN:
        return say(error,
                   "%s-events belongs to another journal: put back this one's, or a copy of the "
                   "data folder, or move it away if this journal is an older one without it.",
                   store->path);
    case REST_FAILED: break;
    }
    return say_unusable(store, error);
}
