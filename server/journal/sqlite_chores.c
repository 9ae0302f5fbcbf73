/* SPDX-License-Identifier: ISC */
/*
 * sqlite_chores.c: what an operator asks of the SQLite store: a whole copy of one moment, a look at
 * every checksum, and the removals of sqlite_forget.c.
 *
 * Invariant: a slice takes about as long as a commit, so that nobody who writes waits for a copy or
 * a look.
 */
#include "server/journal/sqlite_parts.h"

#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/file.h"
#include "server/base/folder.h"
#include "server/journal/core.h"
#include "server/journal/sum.h"

enum {
    COPY_PATH_MAX = 4096,
    COPY_PAGES = 256,               /* in a slice */
    COPY_BYTES = COPY_PAGES * 4096, /* of the file where rooms rest */
    LOOK_EVENTS = 2000,             /* and rooms in a slice, but for the last room's */
    DAMAGED_NAMED = 8,              /* rooms that the sentence names */
    DAMAGED_BYTES = 64 * (DAMAGED_NAMED + 1)
};

struct chore {
    enum journal_chore kind;
    sqlite3 *copy;
    sqlite3_backup *backup;
    int rest_copy;  /* of the file where rooms rest; -1: none yet */
    int64_t copied; /* bytes of it */
    struct forget *forget;
    int64_t room; /* the last one that was looked at */
    int64_t rooms, events, damaged;
    char names[DAMAGED_BYTES];
    char of[];
};

#define sentence(line, ...) snprintf((line), JOURNAL_LINE_MAX, __VA_ARGS__)

static void chore_end(struct sqlite_store *store) {
    struct chore *chore = store->chore;
    if (chore != NULL) {
        sqlite3_backup_finish(chore->backup);
        sqlite3_close(chore->copy);
        if (chore->rest_copy >= 0) {
            close(chore->rest_copy);
        }
        sqlite_forget_end(chore->forget);
        free(chore);
        store->chore = NULL;
    }
}

/* ---- a copy ---- */

static bool add(char path[COPY_PATH_MAX], const char *of, const char *end) {
    int len = snprintf(path, COPY_PATH_MAX, "%s%s", of, end);
    return len > 0 && len < COPY_PATH_MAX;
}

/* Both files of it. Who asks may have made the unfinished one. */
static bool make_files(struct chore *chore, char unfinished[COPY_PATH_MAX]) {
    char events[COPY_PATH_MAX];
    if (!add(unfinished, chore->of, JOURNAL_UNFINISHED) || !add(events, chore->of, "-events") ||
        access(chore->of, F_OK) == 0) {
        return false;
    }
    int fd = open(unfinished, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return false;
    }
    close(fd);
    chore->rest_copy = open(events, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    return chore->rest_copy >= 0;
}

static bool copy_begin(struct sqlite_store *store, struct chore *chore, char *line) {
    char unfinished[COPY_PATH_MAX];
    if (!make_files(chore, unfinished) ||
        sqlite3_open_v2(unfinished, &chore->copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK) {
        sentence(line, "%.600s cannot be made; give an empty folder that this user may write to.",
                 chore->of);
        return false;
    }
    chore->backup = sqlite3_backup_init(chore->copy, "main", store->db, "main");
    bool begun = chore->backup != NULL && sqlite3_backup_step(chore->backup, 0) == SQLITE_OK;
    if (!begun) {
        sentence(line, "The copy cannot be begun (%s).", sqlite3_errmsg(chore->copy));
    }
    return begun;
}

/* The next part of what lies before `upto`. What is blank stays a hole. */
static bool copy_events(const struct sqlite_store *store, struct chore *chore, uint8_t *bytes,
                        int64_t upto) {
    int64_t left = upto - chore->copied;
    size_t len = left < COPY_BYTES ? (size_t)left : COPY_BYTES;
    bool good = rest_read(&store->rest, chore->copied, bytes, len) &&
                (file_is_blank(bytes, len) ||
                 pwrite(chore->rest_copy, bytes, len, chore->copied) == (ssize_t)len);
    /* Begun now, so that the sync at the end holds nobody up. */
    (void)sync_file_range(chore->rest_copy, chore->copied, (off_t)len, SYNC_FILE_RANGE_WRITE);
    chore->copied += (int64_t)len;
    return good;
}

/* Parts, all of them if `all`. The file only grows meanwhile. */
static bool copy_some_events(const struct sqlite_store *store, struct chore *chore, bool all) {
    uint8_t *bytes = malloc(COPY_BYTES);
    bool good = bytes != NULL;
    int64_t upto = store->rest.end;
    do {
        good = good && copy_events(store, chore, bytes, upto);
    } while (good && all && chore->copied < upto);
    free(bytes);
    return good &&
           (!all || (ftruncate(chore->rest_copy, upto) == 0 && fsync(chore->rest_copy) == 0));
}

/* What is left of it, with all at rest: a copy needs no log. */
static int copy_rest(struct sqlite_store *store, struct chore *chore) {
    int rc = copy_some_events(store, chore, true) ? sqlite3_backup_step(chore->backup, -1)
                                                  : SQLITE_IOERR_WRITE;
    if (!sqlite_log_anew(store, false)) {
        sqlite_doubt(store);
    }
    return rc;
}

/* Of all that the folder holds, the server's key too. */
static bool sync_names(const struct chore *chore) {
    char path[COPY_PATH_MAX];
    return add(path, chore->of, "") && folder_sync(dirname(path));
}

/* It is a journal by its name only now that all of it is on disk. */
static bool copy_end(struct chore *chore) {
    char unfinished[COPY_PATH_MAX];
    bool good = sqlite_mark_drop(chore->copy) && sqlite3_close(chore->copy) == SQLITE_OK;
    chore->copy = good ? NULL : chore->copy;
    return good && add(unfinished, chore->of, JOURNAL_UNFINISHED) && sync_names(chore) &&
           rename(unfinished, chore->of) == 0 && sync_names(chore);
}

static enum journal_said not_at_rest(struct sqlite_store *store, char *line) {
    sentence(line,
             "The copy failed, since the journal itself cannot be written (%s); begin again "
             "with an empty folder once it can.",
             sqlite_rest_why(store));
    sqlite_doubt(store);
    return JOURNAL_NOT_DONE;
}

static enum journal_said copy_failed(int rc, char *line) {
    sentence(line, "The copy failed (%s); free some space there and begin with an empty folder.",
             sqlite3_errstr(rc));
    return JOURNAL_NOT_DONE;
}

/* What this connection writes meanwhile goes to the copy too: it is whole of the moment at which it
 * ends. */
static enum journal_said copy_slice(struct sqlite_store *store, struct chore *chore, char *line) {
    if (chore->copied + COPY_BYTES < store->rest.end) {
        sentence(line, "%" PRId64 " of %" PRId64 " MiB of events", chore->copied >> 20,
                 store->rest.end >> 20);
        return copy_some_events(store, chore, false) ? JOURNAL_GOES_ON
                                                     : copy_failed(SQLITE_IOERR_WRITE, line);
    }
    bool last = sqlite3_backup_remaining(chore->backup) <= COPY_PAGES;
    if (last && !sqlite_rest_all(store)) {
        return not_at_rest(store, line);
    }
    int rc = last ? copy_rest(store, chore) : sqlite3_backup_step(chore->backup, COPY_PAGES);
    int all = sqlite3_backup_pagecount(chore->backup);
    if (rc == SQLITE_OK) {
        sentence(line, "%d of %d pages", all - sqlite3_backup_remaining(chore->backup), all);
        return JOURNAL_GOES_ON;
    }
    int finished = sqlite3_backup_finish(chore->backup);
    chore->backup = NULL;
    if (rc == SQLITE_DONE && finished == SQLITE_OK && copy_end(chore)) {
        sentence(line, "%d pages are copied.", all);
        return JOURNAL_DONE;
    }
    return copy_failed(rc == SQLITE_DONE ? sqlite3_errcode(chore->copy) : rc, line);
}

/* ---- a look at every checksum ---- */

static void name_damaged(struct chore *chore, const char *room, uint32_t good) {
    size_t len = strlen(chore->names);
    if (chore->damaged++ < DAMAGED_NAMED) {
        snprintf(chore->names + len, sizeof chore->names - len, "%s%.12s is good up to event %u",
                 len > 0 ? ", " : "", room, (unsigned)good);
    }
}

struct seen {
    uint32_t last;
};

static bool see_event(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    struct seen *seen = arg;
    (void)bytes;
    (void)len;
    if (pos != seen->last + 1) {
        return false;
    }
    seen->last = pos;
    return true;
}

/* False: there is no further room, or the rooms cannot be read (*failed). */
static bool look_at_room(struct sqlite_store *store, struct chore *chore, bool *failed) {
    struct sqlite_row row;
    struct seen seen = {0};
    if (!sqlite_next_room(store, chore->room, &row, failed)) {
        return false;
    }
    bool good = row.sound && sqlite_read_events(store, row.number, 0, row.head, see_event, &seen) &&
                seen.last == row.head;
    chore->room = row.number;
    chore->rooms++;
    chore->events += seen.last;
    if (!good) {
        name_damaged(chore, row.id, seen.last);
    }
    return true;
}

/* Rows of member and meta that have not their sums, and one for the log if its files are not what
 * was written; -1: they cannot be read. */
static int64_t wrong_rows(struct sqlite_store *store) {
    static const char sql[] =
        "SELECT (SELECT count(*) FROM member WHERE sum IS NOT spar_member(key, room))"
        " + (SELECT count(*) FROM meta WHERE sum IS NOT spar_meta(name, value))"
        " + (SELECT count(*) FROM event WHERE at > "
        "(SELECT coalesce(max(number), 0) << 32 | 4294967295 FROM room))"
        " + (SELECT count(*) FROM run WHERE at > "
        "(SELECT coalesce(max(number), 0) << 32 | 4294967295 FROM room))";
    sqlite3_stmt *count = NULL;
    int64_t wrong = -1;
    if (sqlite3_prepare_v2(store->db, sql, -1, &count, NULL) == SQLITE_OK &&
        sqlite3_step(count) == SQLITE_ROW) {
        wrong = sqlite3_column_int64(count, 0);
    }
    sqlite3_finalize(count);
    return wrong < 0 || commits_sound(&store->commits, store->moving.rooms != NULL) ? wrong
                                                                                    : wrong + 1;
}

static enum journal_said look_end(struct sqlite_store *store, struct chore *chore, bool failed,
                                  char *line) {
    int64_t wrong = failed ? -1 : wrong_rows(store);
    if (wrong == 0 && chore->damaged == 0) {
        sentence(line, "%" PRId64 " logs with %" PRId64 " events: every checksum is right.",
                 chore->rooms, chore->events);
        return JOURNAL_DONE;
    }
    if (wrong < 0) {
        sentence(line, "The journal cannot be read to its end (%s): put back a copy of the folder.",
                 sqlite3_errmsg(store->db));
    } else {
        sentence(line,
                 "Damaged: %" PRId64 " of %" PRId64 " logs, and %" PRId64 " other rows. %s%s Put "
                 "back a copy of the folder, or go on without them.",
                 chore->damaged, chore->rooms, wrong, chore->names,
                 chore->damaged > DAMAGED_NAMED ? ", and more."
                 : chore->damaged > 0           ? "."
                                                : "");
    }
    return JOURNAL_NOT_DONE;
}

static enum journal_said look_slice(struct sqlite_store *store, struct chore *chore, char *line) {
    int64_t until = chore->events + chore->rooms + LOOK_EVENTS;
    bool failed = false;
    while (chore->events + chore->rooms < until) {
        if (!look_at_room(store, chore, &failed)) {
            return look_end(store, chore, failed, line);
        }
    }
    sentence(line, "%" PRId64 " logs, %" PRId64 " events", chore->rooms, chore->events);
    return JOURNAL_GOES_ON;
}

/* ---- the store's functions ---- */

bool sqlite_chore_begin(void *ctx, enum journal_chore kind, const char *of, char *line) {
    struct sqlite_store *store = ctx;
    size_t size = strlen(of) + 1;
    struct chore *chore = calloc(1, sizeof *chore + size);
    if (chore == NULL || store->db == NULL) {
        free(chore);
        sentence(line, "The journal cannot be used now; look at the server's log.");
        return false;
    }
    chore->kind = kind;
    chore->rest_copy = -1;
    memcpy(chore->of, of, size);
    store->chore = chore;
    store->end_chore = chore_end;
    bool good = true;
    switch (kind) {
    case JOURNAL_CHECK: break;
    case JOURNAL_BACKUP: good = copy_begin(store, chore, line); break;
    case JOURNAL_PRUNE:
        sentence(line, "A journal in a folder removes what is old by itself: see --keep.");
        good = false;
        break;
    case JOURNAL_FORGET:
    case JOURNAL_KEEP:
        chore->forget = sqlite_forget_begin(kind, chore->of, line);
        good = chore->forget != NULL;
        break;
    }
    if (!good) {
        chore_end(store);
    }
    return good;
}

enum journal_said sqlite_chore_slice(void *ctx, char *line, const struct journal_changes *changes) {
    struct sqlite_store *store = ctx;
    struct chore *chore = store->chore;
    enum journal_said said = JOURNAL_NOT_DONE;
    store->rest.error = 0; /* of before */
    if (chore == NULL || store->db == NULL) {
        sentence(line, "The journal had to be opened anew; begin again.");
        return said;
    }
    switch (chore->kind) {
    case JOURNAL_CHECK: said = look_slice(store, chore, line); break;
    case JOURNAL_BACKUP: said = copy_slice(store, chore, line); break;
    case JOURNAL_PRUNE: break;
    case JOURNAL_FORGET:
    case JOURNAL_KEEP: said = sqlite_forget_slice(store, chore->forget, changes, line); break;
    }
    if (said != JOURNAL_GOES_ON) {
        chore_end(store);
    }
    return said;
}
