/*
 * Purpose: what every journal promises (compare-and-append, order of events and outcomes, following
 * without gap or overlap, history, the member index), held against the memory journal with its knobs and against
 * the SQLite journal, whose system calls fail here on demand.
 */
#include "support/test_main.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/journal.h"
#include "server/journal_memory.h"
#include "server/keyhash.h"
#include "support/temp.h"

/* ---- a listener that records what it hears, as text lines, and can be waited for ---- */

enum { HEARD_MAX = 4096, LINE_BYTES = 96 };

struct ear {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct journal *journal;
    int id;
    unsigned count;
    char heard[HEARD_MAX][LINE_BYTES];
};

static void hear(struct ear *ear, const char *line) {
    pthread_mutex_lock(&ear->lock);
    if (ear->count < HEARD_MAX)
        snprintf(ear->heard[ear->count++], LINE_BYTES, "%s", line);
    pthread_cond_broadcast(&ear->more);
    pthread_mutex_unlock(&ear->lock);
}

/* "room 3=c 4=d" */
static void describe(char *line, const char *what, const struct journal_batch *batch) {
    int at = snprintf(line, LINE_BYTES, "%s", what);
    for (uint32_t i = 0; i < journal_batch_count(batch) && at < LINE_BYTES; i++) {
        struct journal_event event = journal_batch_at(batch, i);
        at += snprintf(line + at, (size_t)(LINE_BYTES - at), " %u=%.*s", event.pos,
                       event.len > 8 ? 8 : (int)event.len, (const char *)event.bytes);
    }
}

static void ear_events(void *ctx, struct journal_batch *batch) {
    char line[LINE_BYTES];
    describe(line, journal_batch_room(batch), batch);
    hear(ctx, line);
}

static void ear_appended(void *ctx, uint64_t token, enum journal_outcome outcome, uint32_t head) {
    static const char *const names[] = {"committed", "conflict", "failed"};
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "%u %s head %u", (unsigned)token, names[outcome], head);
    hear(ctx, line);
}

static void ear_history(void *ctx, uint64_t token, bool exists, struct journal_batch *batch) {
    char line[LINE_BYTES], what[32];
    snprintf(what, sizeof what, "%u %s", (unsigned)token,
             batch == NULL ? "unread"
             : exists      ? "history"
                           : "no room");
    if (batch != NULL)
        describe(line, what, batch);
    else
        snprintf(line, sizeof line, "%s", what);
    hear(ctx, line);
}

static void ear_rooms(void *ctx, uint64_t token, const char *ids, uint32_t count) {
    char line[LINE_BYTES];
    int at = snprintf(line, sizeof line, "%u rooms", (unsigned)token);
    for (uint32_t i = 0; i < count && at < LINE_BYTES; i++)
        at += snprintf(line + at, (size_t)(LINE_BYTES - at), " %.*s", ROOM_ID_BYTES,
                       ids + (size_t)i * ROOM_ID_BYTES);
    hear(ctx, line);
}

static struct ear *ear_new(struct journal *journal) {
    struct ear *ear = calloc(1, sizeof *ear);
    CU_ASSERT_PTR_NOT_NULL_FATAL(ear);
    pthread_mutex_init(&ear->lock, NULL);
    pthread_cond_init(&ear->more, NULL);
    ear->journal = journal;
    struct journal_listener listener = {ear, ear_events, ear_appended, ear_history, ear_rooms};
    ear->id = journal_add_listener(journal, &listener);
    return ear;
}

static void ear_free(struct ear *ear) {
    pthread_cond_destroy(&ear->more);
    pthread_mutex_destroy(&ear->lock);
    free(ear);
}

/* The line number `index` that was heard, waited for. */
static const char *heard(struct ear *ear, unsigned index) {
    pthread_mutex_lock(&ear->lock);
    while (ear->count <= index)
        pthread_cond_wait(&ear->more, &ear->lock);
    pthread_mutex_unlock(&ear->lock);
    return ear->heard[index];
}

static void expect(struct ear *ear, unsigned index, const char *line) {
    const char *got = heard(ear, index);
    if (strcmp(got, line) != 0)
        printf("\n    line %u: heard \"%s\", expected \"%s\"", index, got, line);
    CU_ASSERT_STRING_EQUAL(got, line);
}

static const char room_a[] = "aaaaaaaaaaaa", room_b[] = "bbbbbbbbbbbb", room_c[] = "cccccccccccc";

static void append_as(struct ear *ear, const char *room, uint32_t expected, const char *text,
                      uint64_t token, const uint8_t *member) {
    struct journal_append append = {.room = room,
                                    .expected = expected,
                                    .bytes = (const uint8_t *)text,
                                    .len = (uint32_t)strlen(text),
                                    .member = member,
                                    .token = token};
    journal_post_append(ear->journal, ear->id, &append);
}

static void append(struct ear *ear, const char *room, uint32_t expected, const char *text,
                   uint64_t token) {
    append_as(ear, room, expected, text, token, NULL);
}

/* ---- both journals ---- */

struct place {
    char folder[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE];
};

static void place_make(struct place *place) {
    temp_make(place->folder);
    temp_path(place->folder, "journal.db", place->path);
}

static void place_remove(struct place *place) {
    temp_remove(place->folder);
}

static struct journal *open_sqlite(const struct place *place) {
    char error[256];
    struct journal *journal = journal_sqlite_open(place->path, error);
    if (journal == NULL)
        printf("\n    %s", error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    return journal;
}

static void on_both(void (*check)(struct journal *journal)) {
    struct journal *journal = journal_memory_open(NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    check(journal);
    struct place place;
    place_make(&place);
    check(open_sqlite(&place));
    place_remove(&place);
}

static void check_compare(struct journal *journal) {
    struct ear *ear = ear_new(journal);
    append(ear, room_a, 0, "a", 1);
    append(ear, room_a, 1, "b", 2);
    append(ear, room_a, 1, "late", 3);
    append(ear, room_b, 1, "early", 4);
    append(ear, room_a, 2, "c", 5);
    /* Outcomes come in the order of posting; heads are those after the commit that decided. */
    CU_ASSERT_EQUAL(strncmp(heard(ear, 0), "1 committed", 11), 0);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 1), "2 committed", 11), 0);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 2), "3 conflict", 10), 0);
    expect(ear, 3, "4 conflict head 0");
    expect(ear, 4, "5 committed head 3");
    journal_post_read(journal, ear->id, room_a, 0, 6);
    expect(ear, 5, "6 history 1=a 2=b 3=c");
    journal_post_read(journal, ear->id, room_a, 2, 7);
    expect(ear, 6, "7 history 3=c");
    journal_post_read(journal, ear->id, room_a, 3, 8);
    expect(ear, 7, "8 history");
    journal_post_read(journal, ear->id, room_b, 0, 9);
    expect(ear, 8, "9 no room");
    struct journal_stats stats = journal_stats_read(journal);
    CU_ASSERT_EQUAL(stats.events, 3);
    CU_ASSERT_EQUAL(stats.conflicts, 2);
    CU_ASSERT_EQUAL(stats.failures, 0);
    journal_close(journal);
    ear_free(ear);
}

static void test_compare(void) {
    on_both(check_compare);
}

static void check_follow(struct journal *journal) {
    struct ear *one = ear_new(journal), *two = ear_new(journal);
    append(one, room_a, 0, "a", 1);
    expect(one, 0, "1 committed head 1");
    journal_post_follow(journal, one->id, room_a, 0, 2);
    expect(one, 1, "2 history 1=a");
    journal_post_follow(journal, two->id, room_b, 0, 3);
    expect(two, 0, "3 no room");
    append(two, room_a, 1, "b", 4);
    expect(two, 1, "4 committed head 2");
    expect(one, 2, "aaaaaaaaaaaa 2=b");
    /* Following what does not exist yet holds for when it does; events come before the outcome. */
    append(two, room_b, 0, "x", 5);
    expect(two, 2, "bbbbbbbbbbbb 1=x");
    expect(two, 3, "5 committed head 1");
    journal_post_unfollow(journal, one->id, room_a);
    append(one, room_a, 2, "c", 6);
    expect(one, 3, "6 committed head 3");
    journal_post_follow(journal, two->id, room_a, 1, 7);
    expect(two, 4, "7 history 2=b 3=c");
    append(one, room_a, 3, "", 8);
    expect(one, 4, "8 committed head 4");
    expect(two, 5, "aaaaaaaaaaaa 4=");
    journal_close(journal);
    ear_free(one);
    ear_free(two);
}

static void test_follow(void) {
    on_both(check_follow);
}

static void check_members(struct journal *journal) {
    static const uint8_t key[HASH_BYTES] = {1}, other[HASH_BYTES] = {2};
    struct ear *ear = ear_new(journal);
    append_as(ear, room_b, 0, "o", 1, key);
    append_as(ear, room_a, 0, "o", 2, key);
    append_as(ear, room_a, 1, "again", 3, key);
    append_as(ear, room_c, 0, "o", 4, other);
    append_as(ear, room_c, 0, "conflict enrols nobody", 5, key);
    heard(ear, 4);
    journal_post_rooms_of(journal, ear->id, key, 6);
    expect(ear, 5, "6 rooms aaaaaaaaaaaa bbbbbbbbbbbb");
    journal_post_rooms_of(journal, ear->id, other, 7);
    expect(ear, 6, "7 rooms cccccccccccc");
    static const uint8_t nobody[HASH_BYTES] = {3};
    journal_post_rooms_of(journal, ear->id, nobody, 8);
    expect(ear, 7, "8 rooms");
    journal_close(journal);
    ear_free(ear);
}

static void test_members(void) {
    on_both(check_members);
}

/* Two appenders and a follower that comes in the middle: each position once, in order, at each ear. */
static void check_race(struct journal *journal) {
    enum { TURNS = 150 };
    struct ear *ears[2] = {ear_new(journal), ear_new(journal)};
    journal_post_follow(journal, ears[0]->id, room_a, 0, 1);
    unsigned next[2] = {1, 0};
    uint32_t seen[2] = {0, 0};
    char line[LINE_BYTES];
    heard(ears[0], 0);
    for (uint32_t i = 0; i < TURNS; i++) {
        append(ears[i % 2], room_a, i, "e", 100 + i);
        if (i == TURNS / 2)
            journal_post_follow(journal, ears[1]->id, room_a, 0, 2);
    }
    for (unsigned e = 0; e < 2; e++) {
        while (seen[e] < TURNS) {
            snprintf(line, sizeof line, "%s", heard(ears[e], next[e]++));
            char *at = strchr(line, ' ');
            if (strncmp(line, "2 history", 9) == 0)
                at = strchr(line + 2, ' ');
            else if (strncmp(line, room_a, ROOM_ID_BYTES) != 0)
                continue;
            /* Long batches are cut in the line: go by the first position and follow the rest. */
            if (at == NULL)
                continue;
            CU_ASSERT_EQUAL_FATAL((uint32_t)strtoul(at + 1, NULL, 10), seen[e] + 1);
            if (strlen(line) + 1 == LINE_BYTES)
                break;
            for (; at != NULL; at = strchr(at + 1, ' '))
                seen[e]++;
        }
    }
    journal_close(journal);
    ear_free(ears[0]);
    ear_free(ears[1]);
}

static void test_race(void) {
    on_both(check_race);
}

/* ---- the memory journal's knobs ---- */

static void test_group(void) {
    struct journal_memory *knobs;
    struct journal *journal = journal_memory_open(&knobs);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    struct ear *one = ear_new(journal), *two = ear_new(journal);
    journal_post_follow(journal, one->id, room_a, 0, 1);
    heard(one, 0);
    journal_memory_hold(knobs);
    append(one, room_b, 0, "first", 2);
    journal_memory_await_held(knobs);
    append(one, room_a, 0, "a", 3);
    append(two, room_a, 1, "b", 4);
    append(two, room_a, 1, "late", 5);
    append(one, room_a, 2, "c", 6);
    journal_post_follow(journal, two->id, room_a, 0, 7);
    CU_ASSERT_EQUAL(journal_stats_read(journal).commits, 0);
    CU_ASSERT_EQUAL(one->count, 1);
    journal_memory_release(knobs);
    expect(one, 1, "2 committed head 1");
    expect(one, 2, "aaaaaaaaaaaa 1=a 2=b 3=c");
    expect(one, 3, "3 committed head 3");
    expect(one, 4, "6 committed head 3");
    /* The follower came while the round was open: nothing is published yet, so its history is empty
     * and the round's events follow. */
    expect(two, 0, "7 no room");
    expect(two, 1, "aaaaaaaaaaaa 1=a 2=b 3=c");
    expect(two, 2, "4 committed head 3");
    expect(two, 3, "5 conflict head 3");
    CU_ASSERT_EQUAL(journal_stats_read(journal).commits, 2);
    journal_close(journal);
    ear_free(one);
    ear_free(two);
}

static void test_knobs(void) {
    struct journal_memory *knobs;
    struct journal *journal = journal_memory_open(&knobs);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    struct ear *ear = ear_new(journal);
    journal_post_follow(journal, ear->id, room_a, 0, 1);
    heard(ear, 0);
    journal_memory_fail_next(knobs, 1);
    append(ear, room_a, 0, "a", 2);
    expect(ear, 1, "2 failed head 0");
    journal_memory_conflict_next(knobs, 1);
    append(ear, room_a, 0, "a", 3);
    expect(ear, 2, "3 conflict head 0");
    journal_memory_fail_commits(knobs, 1);
    append(ear, room_a, 0, "a", 4);
    expect(ear, 3, "4 failed head 0");
    append(ear, room_a, 0, "b", 5);
    expect(ear, 4, "aaaaaaaaaaaa 1=b");
    expect(ear, 5, "5 committed head 1");
    CU_ASSERT_EQUAL(journal_stats_read(journal).failures, 2);
    journal_close(journal);
    ear_free(ear);
}

static void test_close_finishes(void) {
    struct journal *journal = journal_memory_open(NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    struct ear *ear = ear_new(journal);
    for (uint32_t i = 0; i < 1500; i++)
        append(ear, room_a, i, "e", i);
    journal_close(journal);
    CU_ASSERT_EQUAL(ear->count, 1500);
    CU_ASSERT_STRING_EQUAL(ear->heard[1499], "1499 committed head 1500");
    ear_free(ear);
}

/* More rooms than are remembered: forgotten heads are read again, and are right. */
static void test_forgotten_heads(void) {
    enum { ROOMS = 5000 };
    struct place place;
    place_make(&place);
    struct journal *journal = open_sqlite(&place);
    struct ear *ear = ear_new(journal);
    char room[32];
    append(ear, room_a, 0, "a", 1);
    append(ear, room_a, 1, "b", 2);
    for (uint32_t i = 0; i < ROOMS; i++) {
        snprintf(room, sizeof room, "r%011u", i);
        journal_post_unfollow(journal, ear->id, room);
        journal_post_read(journal, ear->id, room, 0, 10);
        if (i % 1000 == 0)
            heard(ear, 2 + i);
        if (2 + i + 10 > HEARD_MAX - 8)
            break;
    }
    append(ear, room_a, 2, "c", 3);
    append(ear, room_a, 2, "late", 4);
    journal_close(journal);
    CU_ASSERT_EQUAL(strncmp(ear->heard[ear->count - 2], "3 committed head 3", 18), 0);
    CU_ASSERT_EQUAL(strncmp(ear->heard[ear->count - 1], "4 conflict head 3", 17), 0);
    ear_free(ear);
    place_remove(&place);
}

/* ---- the SQLite journal's file ---- */

static void test_reopen(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = open_sqlite(&place);
    struct ear *ear = ear_new(journal);
    uint32_t boot = journal_boot(journal);
    int64_t epoch = journal_epoch(journal);
    append(ear, room_a, 0, "a", 1);
    journal_close(journal);
    ear_free(ear);

    struct stat status;
    CU_ASSERT_EQUAL(stat(place.path, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
    journal = open_sqlite(&place);
    ear = ear_new(journal);
    CU_ASSERT_EQUAL(journal_boot(journal), boot + 1);
    CU_ASSERT_EQUAL(journal_epoch(journal), epoch);
    CU_ASSERT(epoch > 0);
    append(ear, room_a, 0, "late", 2);
    expect(ear, 0, "2 conflict head 1");
    append(ear, room_a, 1, "b", 3);
    expect(ear, 1, "3 committed head 2");
    journal_post_read(journal, ear->id, room_a, 0, 4);
    expect(ear, 2, "4 history 1=a 2=b");
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* Opening fails with one sentence that holds `words`. */
static void expect_refused(const char *path, const char *words) {
    char error[256] = "";
    CU_ASSERT_PTR_NULL(journal_sqlite_open(path, error));
    if (strstr(error, words) == NULL)
        printf("\n    said \"%s\", expected \"%s\"", error, words);
    CU_ASSERT_PTR_NOT_NULL(strstr(error, words));
    CU_ASSERT_PTR_NULL(strchr(error, '\n'));
}

static void sql(const struct place *place, const char *text) {
    sqlite3 *db = NULL;
    CU_ASSERT_EQUAL_FATAL(sqlite3_open(place->path, &db), SQLITE_OK);
    CU_ASSERT_EQUAL(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void test_refusals(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = open_sqlite(&place);
    expect_refused(place.path, "Another server");
    journal_close(journal);
    sql(&place, "PRAGMA user_version = 2");
    expect_refused(place.path, "newer server");
    sql(&place, "PRAGMA application_id = 7");
    expect_refused(place.path, "not a journal of Spar");
    FILE *file = fopen(place.path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (int i = 0; i < 1000; i++)
        fputs("this is no database\n", file);
    fclose(file);
    expect_refused(place.path, "cannot be used");
    place_remove(&place);
    expect_refused("/nonexistent/journal.db", "cannot be");
}

/* ---- a file system that fails on demand: SQLite's own, with a shim over each file ---- */

struct shim {
    atomic_int fail_syncs; /* so many syncs of the write-ahead log fail */
    atomic_bool full;      /* writing to the log says that the disk is full */
};

struct shim_file {
    sqlite3_file file;
    sqlite3_io_methods methods;
    const sqlite3_io_methods *real;
    struct shim *shim; /* NULL: not the write-ahead log */
};

static sqlite3_vfs shim_vfs;
static sqlite3_vfs *real_vfs;
static struct shim shim;

static sqlite3_file *inner(sqlite3_file *file) {
    return (sqlite3_file *)((struct shim_file *)file + 1);
}

static int shim_close(sqlite3_file *file) {
    return inner(file)->pMethods->xClose(inner(file));
}
static int shim_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at) {
    return inner(file)->pMethods->xRead(inner(file), to, n, at);
}
static int shim_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at) {
    const struct shim_file *self = (struct shim_file *)file;
    if (self->shim != NULL && atomic_load(&self->shim->full))
        return SQLITE_FULL;
    return inner(file)->pMethods->xWrite(inner(file), from, n, at);
}
static int shim_truncate(sqlite3_file *file, sqlite3_int64 size) {
    return inner(file)->pMethods->xTruncate(inner(file), size);
}
static int shim_sync(sqlite3_file *file, int flags) {
    const struct shim_file *self = (struct shim_file *)file;
    if (self->shim != NULL && atomic_load(&self->shim->fail_syncs) > 0) {
        atomic_fetch_sub(&self->shim->fail_syncs, 1);
        return SQLITE_IOERR_FSYNC;
    }
    return inner(file)->pMethods->xSync(inner(file), flags);
}
static int shim_size(sqlite3_file *file, sqlite3_int64 *size) {
    return inner(file)->pMethods->xFileSize(inner(file), size);
}
static int shim_lock(sqlite3_file *file, int lock) {
    return inner(file)->pMethods->xLock(inner(file), lock);
}
static int shim_unlock(sqlite3_file *file, int lock) {
    return inner(file)->pMethods->xUnlock(inner(file), lock);
}
static int shim_reserved(sqlite3_file *file, int *out) {
    return inner(file)->pMethods->xCheckReservedLock(inner(file), out);
}
static int shim_control(sqlite3_file *file, int op, void *arg) {
    return inner(file)->pMethods->xFileControl(inner(file), op, arg);
}
static int shim_sector(sqlite3_file *file) {
    return inner(file)->pMethods->xSectorSize(inner(file));
}
static int shim_device(sqlite3_file *file) {
    return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}

/* Version 1 methods: no shared memory, as exclusive locking needs none. */
static const sqlite3_io_methods shim_methods = {.iVersion = 1,
                                                .xClose = shim_close,
                                                .xRead = shim_read,
                                                .xWrite = shim_write,
                                                .xTruncate = shim_truncate,
                                                .xSync = shim_sync,
                                                .xFileSize = shim_size,
                                                .xLock = shim_lock,
                                                .xUnlock = shim_unlock,
                                                .xCheckReservedLock = shim_reserved,
                                                .xFileControl = shim_control,
                                                .xSectorSize = shim_sector,
                                                .xDeviceCharacteristics = shim_device};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    struct shim_file *self = (struct shim_file *)file;
    (void)vfs;
    self->shim = (flags & SQLITE_OPEN_WAL) ? &shim : NULL;
    int rc = real_vfs->xOpen(real_vfs, name, inner(file), flags, out);
    file->pMethods = rc == SQLITE_OK ? &shim_methods : NULL;
    return rc;
}

static struct journal *open_shimmed(const struct place *place) {
    real_vfs = sqlite3_vfs_find(NULL);
    shim_vfs = *real_vfs;
    shim_vfs.zName = "spar-test-shim";
    shim_vfs.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    shim_vfs.xOpen = shim_open;
    atomic_store(&shim.fail_syncs, 0);
    atomic_store(&shim.full, false);
    sqlite3_vfs_register(&shim_vfs, 1);
    return open_sqlite(place);
}

static void close_shimmed(struct journal *journal) {
    journal_close(journal);
    sqlite3_vfs_unregister(&shim_vfs);
    sqlite3_vfs_register(real_vfs, 1);
}

static void test_disk_full(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = open_shimmed(&place);
    struct ear *ear = ear_new(journal);
    journal_post_follow(journal, ear->id, room_a, 0, 1);
    heard(ear, 0);
    append(ear, room_a, 0, "a", 2);
    expect(ear, 2, "2 committed head 1");
    atomic_store(&shim.full, true);
    append(ear, room_a, 1, "b", 3);
    expect(ear, 3, "3 failed head 1");
    append(ear, room_b, 0, "x", 4);
    expect(ear, 4, "4 failed head 0");
    /* Reading goes on, and so does appending once there is room. */
    journal_post_read(journal, ear->id, room_a, 0, 5);
    expect(ear, 5, "5 history 1=a");
    atomic_store(&shim.full, false);
    append(ear, room_a, 1, "c", 6);
    expect(ear, 6, "aaaaaaaaaaaa 2=c");
    expect(ear, 7, "6 committed head 2");
    CU_ASSERT_EQUAL(journal_stats_read(journal).failures, 2);
    close_shimmed(journal);
    ear_free(ear);
    place_remove(&place);
}

/* After a failed sync the row may be there or not, but what was said of it holds: FAILED and never seen,
 * or confirmed, published once and read again after a restart. */
static void test_failed_sync(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = open_shimmed(&place);
    struct ear *ear = ear_new(journal);
    journal_post_follow(journal, ear->id, room_a, 0, 1);
    heard(ear, 0);
    append(ear, room_a, 0, "a", 2);
    expect(ear, 2, "2 committed head 1");
    /* Every sync fails for a while: nothing may be confirmed. */
    atomic_store(&shim.fail_syncs, 1000);
    append(ear, room_a, 1, "b", 3);
    expect(ear, 3, "3 failed head 1");
    append(ear, room_a, 1, "c", 4);
    expect(ear, 4, "4 failed head 1");
    atomic_store(&shim.fail_syncs, 0);
    /* The disk is well again; whichever of b and c is there was then told. */
    append(ear, room_a, 1, "d", 5);
    const char *next = heard(ear, 5);
    if (strncmp(next, room_a, ROOM_ID_BYTES) == 0 && strcmp(next, "aaaaaaaaaaaa 2=d") != 0)
        expect(ear, 6, "5 conflict head 2");
    else
        expect(ear, 6, "5 committed head 2");
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "9 history%s", next + ROOM_ID_BYTES);
    close_shimmed(journal);
    ear_free(ear);
    journal = open_sqlite(&place);
    ear = ear_new(journal);
    journal_post_read(journal, ear->id, room_a, 1, 9);
    expect(ear, 0, line);
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* ---- the keyed hash ---- */

/* Known answers of SipHash-2-4 for the key 00 01 … 0f and the inputs 00 01 … of these lengths. */
static void test_keyhash(void) {
    static const struct {
        size_t len;
        uint64_t hash;
    } known[] = {{0, UINT64_C(0x726fdb47dd0e0e31)},
                 {8, UINT64_C(0x93f5f5799a932462)},
                 {15, UINT64_C(0xa129ca6149be45e5)}};
    struct keyhash key = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    uint8_t input[16];
    for (unsigned i = 0; i < sizeof input; i++)
        input[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CU_ASSERT_EQUAL(keyhash64(&key, input, known[i].len), known[i].hash);
}

int main(void) {
    static CU_TestInfo both[] = {{"compare and append", test_compare},
                                 {"follow", test_follow},
                                 {"the member index", test_members},
                                 {"two appenders and a late follower", test_race},
                                 CU_TEST_INFO_NULL};
    static CU_TestInfo memory[] = {{"what queues during a commit shares the next", test_group},
                                   {"fail, conflict and failing commits", test_knobs},
                                   {"closing finishes what was posted", test_close_finishes},
                                   CU_TEST_INFO_NULL};
    static CU_TestInfo sqlite[] = {{"reopening", test_reopen},
                                   {"files that are refused", test_refusals},
                                   {"heads that were forgotten", test_forgotten_heads},
                                   {"a full disk", test_disk_full},
                                   {"a failed sync", test_failed_sync},
                                   {"the keyed hash", test_keyhash},
                                   CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"both journals", NULL, NULL, NULL, NULL, both},
                                    {"memory", NULL, NULL, NULL, NULL, memory},
                                    {"sqlite", NULL, NULL, NULL, NULL, sqlite},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
