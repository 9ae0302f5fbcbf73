/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the SQLite journal's file: what is refused, what older servers wrote, and damage, which
 * is found and never served.
 */
#include "tests/support/test_main.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/journal/journal.h"
#include "server/journal/sqlite_parts.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_place.h"
#include "tests/support/temp.h"

static const char room_a[] = "aaaaaaaaaaaa", room_b[] = "bbbbbbbbbbbb";

/* ---- the SQLite journal's file ---- */

static void test_reopen(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    uint32_t boot = journal_boot(journal);
    int64_t epoch = journal_epoch(journal);
    append(ear, room_a, 0, "a", 1);
    journal_close(journal);
    ear_free(ear);

    struct stat status;
    CU_ASSERT_EQUAL(stat(place.path, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
    journal = place_open(&place);
    ear = ear_new(journal);
    CU_ASSERT_EQUAL(journal_boot(journal), boot + 1);
    CU_ASSERT_EQUAL(journal_epoch(journal), epoch);
    CU_ASSERT(epoch > 0);
    append(ear, room_a, 0, "late", 2);
    expect(ear, 0, "2 conflict head 1");
    append(ear, room_a, 1, "b", 3);
    expect(ear, 1, "3 committed head 2");
    ear_read(ear, room_a, 0, 4);
    expect(ear, 2, "4 history 1=a 2=b");
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* Opening fails with one sentence that holds `words`. */
static void expect_refused(const char *path, const char *words) {
    char error[256] = "";
    CU_ASSERT_PTR_NULL(journal_sqlite_open(path, NULL, error));
    if (strstr(error, words) == NULL) {
        printf("\n    said \"%s\", expected \"%s\"", error, words);
    }
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
    struct journal *journal = place_open(&place);
    expect_refused(place.path, "Another server");
    journal_close(journal);
    sql(&place, "PRAGMA user_version = 6");
    expect_refused(place.path, "newer server");
    sql(&place, "PRAGMA application_id = 7");
    expect_refused(place.path, "not a journal of Spar");
    FILE *file = fopen(place.path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (int i = 0; i < 1000; i++) {
        fputs("this is no database\n", file);
    }
    fclose(file);
    expect_refused(place.path, "cannot be used");
    place_remove(&place);
    expect_refused("/dev/null/journal.db", "cannot be");
}

/* ---- files of older versions ---- */

/* A copy of the file that a server of that version left: an interview and a cohort. */
static void place_version(struct place *place, int version) {
    static uint8_t bytes[65536];
    place_make(place);
    char from[512];
    const char *source = getenv("SPAR_SOURCE");
    snprintf(from, sizeof from, "%s/tests/unit/files/journal_v%d.db", source ? source : ".",
             version);
    size_t len = temp_read(from, bytes, sizeof bytes);
    temp_write(place->path, bytes, len);
}

/* Its rooms, as it would be read by hand: id, events, bytes of all of them. */
static const struct {
    const char *id;
    uint32_t events;
    size_t bytes;
} version_2_rooms[] = {{"ea8vslvi662p", 55, 5912}, {"kxl9wszfh3ez", 4, 422}};

struct told {
    int64_t done, all;
};

static void on_moved(void *ctx, int64_t done, int64_t all) {
    struct told *told = ctx;
    CU_ASSERT(done > told->done);
    *told = (struct told){done, all};
}

/* rooms: so many were moved. */
static void check_version_2(struct place *place, int64_t rooms) {
    char error[256] = "", line[LINE_BYTES];
    struct told told = {0};
    struct journal_watch watch = {.ctx = &told, .moved = on_moved};
    struct journal *journal = journal_sqlite_open(place->path, &watch, error);
    CU_ASSERT_STRING_EQUAL(error, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    CU_ASSERT_EQUAL(told.done, told.all);
    CU_ASSERT_EQUAL(told.all, rooms);
    struct ear *ear = ear_new(journal);
    for (unsigned i = 0; i < 2; i++) {
        const char *id = version_2_rooms[i].id;
        ear_read(ear, id, version_2_rooms[i].events, 1);
        expect(ear, 2 * i, "1 history");
        append(ear, id, version_2_rooms[i].events, "more", 2);
        snprintf(line, sizeof line, "2 committed head %u", (unsigned)version_2_rooms[i].events + 1);
        expect(ear, 2 * i + 1, line);
    }
    journal_close(journal);
    ear_free(ear);
}

static void test_version_2(void) {
    struct place place;
    place_version(&place, 2);
    check_version_2(&place, 2);
    place_remove(&place);
}

/* Version 3 had no log in front of the database: two more rooms are fresh, by turns, in a table. */
static void test_version_3(void) {
    struct place place;
    place_version(&place, 3);
    check_version_2(&place, 0);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    append(ear, "room00000000", 3, "more", 1);
    expect(ear, 0, "1 committed head 4");
    append(ear, "room00000001", 2, "late", 2);
    expect(ear, 1, "2 conflict head 3");
    ear_read(ear, "room00000001", 3, 3);
    expect(ear, 2, "3 history");
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* Version 1 had a key of two columns. */
static void test_version_1(void) {
    struct place place;
    place_version(&place, 2);
    sql(&place, "CREATE TABLE old (room INTEGER NOT NULL, pos INTEGER NOT NULL, body BLOB NOT NULL,"
                " PRIMARY KEY (room, pos)) WITHOUT ROWID;"
                "INSERT INTO old SELECT at >> 32, at & 4294967295, body FROM event;"
                "DROP TABLE event; ALTER TABLE old RENAME TO event; PRAGMA user_version = 1");
    check_version_2(&place, 2);
    place_remove(&place);
}

/* ---- damage ---- */

static void expect_damaged(const struct place *place, const char *room) {
    struct journal *journal = place_open(place);
    struct ear *ear = ear_new(journal);
    ear_read(ear, room, 0, 1);
    expect(ear, 0, "1 damaged");
    append(ear, room_b, 1, "fine", 2); /* others do not notice */
    expect(ear, 1, "2 committed head 2");
    journal_close(journal);
    ear_free(ear);
}

static void make_two_rooms(struct place *place) {
    place_make(place);
    struct journal *journal = place_open(place);
    struct ear *ear = ear_new(journal);
    append(ear, room_a, 0, "a", 1);
    append(ear, room_a, 1, "b", 2);
    append(ear, room_b, 0, "x", 3);
    expect(ear, 2, "3 committed head 1");
    journal_close(journal);
    ear_free(ear);
}

/* The same rooms, whose server was killed before anything came to rest. */
static void make_killed(struct place *place, struct place *killed) {
    place_make(place);
    struct journal *journal = place_open(place);
    struct ear *ear = ear_new(journal);
    append(ear, room_a, 0, "a", 1);
    append(ear, room_a, 1, "b", 2);
    expect(ear, 1, "2 committed head 2");
    append(ear, room_b, 0, "x", 3);
    append(ear, room_b, 1, "y", 4);
    expect(ear, 3, "4 committed head 2");
    place_copy(place, killed);
    journal_close(journal);
    ear_free(ear);
}

/* One after the other in each kind of row, where SQLite itself would notice nothing. */
static void test_flips(void) {
    static const char *const flips[] = {"UPDATE room SET head = head + 1 WHERE number = 1",
                                        "UPDATE room SET sum = sum + 1 WHERE number = 1",
                                        "UPDATE run SET upto = upto + 1 WHERE at >> 32 = 1",
                                        "UPDATE run SET upto = upto - 1 WHERE at >> 32 = 1",
                                        "UPDATE run SET place = place + 1 WHERE at >> 32 = 1",
                                        "UPDATE run SET size = 1 << 31 WHERE at >> 32 = 1",
                                        "UPDATE run SET tail = 0 WHERE at >> 32 = 1",
                                        "UPDATE run SET sum = sum + 1 WHERE at >> 32 = 1"};
    struct place place, killed;
    for (size_t i = 0; i < sizeof flips / sizeof flips[0]; i++) {
        make_two_rooms(&place);
        sql(&place, flips[i]);
        expect_damaged(&place, room_a);
        place_remove(&place);
    }
    make_killed(&place, &killed);
    sql(&killed, "UPDATE fresh SET body = substr(body, 1, 16) || 'z' || substr(body, 18)");
    expect_refused(killed.path, "damaged");
    place_remove(&killed);
    place_remove(&place);
    make_two_rooms(&place);
    sql(&place, "UPDATE meta SET value = value + 1 WHERE name = 'epoch'");
    expect_refused(place.path, "damaged");
    place_remove(&place);
}

/* A room whose name is wrong is not found under its own, and would be taken for one that was never
 * opened: wherever the name lies, the start is refused, or finds the room by what else tells it. */
static void test_flipped_name(void) {
    static uint8_t bytes[65536];
    struct place place, flipped;
    unsigned found = 0;
    make_two_rooms(&place);
    size_t len = temp_read(place.path, bytes, sizeof bytes);
    for (uint8_t *at = bytes; (at = memmem(at, len - (size_t)(at - bytes), room_a, 12)); at++) {
        char error[256] = "";
        place_copy(&place, &flipped);
        at[found % 12] ^= 1;
        temp_write(flipped.path, bytes, len);
        at[found % 12] ^= 1;
        found++;
        struct journal *journal = journal_sqlite_open(flipped.path, NULL, error);
        if (journal != NULL) {
            struct ear *ear = ear_new(journal);
            ear_read(ear, room_a, 0, 1);
            expect(ear, 0, "1 history 1=a 2=b");
            journal_close(journal);
            ear_free(ear);
        } else {
            CU_ASSERT_PTR_NOT_NULL(strstr(error, "damaged: put back a copy"));
        }
        place_remove(&flipped);
    }
    CU_ASSERT(found >= 2); /* in its row, and in the index of names */
    place_remove(&place);
}

/* size: that a file of the log is cut to; -1: it is removed. */
static void log_goes(const char *end, off_t size) {
    struct place place, killed;
    char log[TEMP_PATH_SIZE];
    make_two_rooms(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    append(ear, room_a, 2, "c", 1);
    expect(ear, 0, "1 committed head 3");
    place_beside(&place, end, log);
    CU_ASSERT_EQUAL(size < 0 ? unlink(log) : truncate(log, size), 0);
    append(ear, room_a, 3, "d", 2);
    expect(ear, 1, "2 committed head 4");
    append(ear, room_a, 4, "e", 3);
    expect(ear, 2, "3 committed head 5");
    place_copy(&place, &killed);
    journal_close(journal);
    ear_free(ear);
    journal = place_open(&killed);
    ear = ear_new(journal);
    ear_read(ear, room_a, 0, 3);
    expect(ear, 0, "3 history 1=a 2=b 3=c 4=d 5=e");
    journal_close(journal);
    ear_free(ear);
    place_remove(&killed);
    place_remove(&place);
}

/* What a removed log held is carried over by who has it open; nothing confirmed is lost. */
static void test_log_removed(void) {
    log_goes("-wal", -1);
    log_goes("-commits.0", -1);
    log_goes("-commits.0", 0);
    log_goes("-commits.0", 600);
}

/* One that is away, or shorter than it was, when the server starts. */
static void test_log_missing(void) {
    static const off_t sizes[] = {-1, 0, 511, 512, 600, 1024 * 1024 - 1};
    struct place place, killed;
    char log[TEMP_PATH_SIZE];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        make_killed(&place, &killed);
        place_beside(&killed, "-commits.0", log);
        CU_ASSERT_EQUAL(sizes[i] < 0 ? unlink(log) : truncate(log, sizes[i]), 0);
        expect_refused(killed.path, sizes[i] < 0 ? "missing" : "damaged");
        place_remove(&killed);
        place_remove(&place);
    }
}

/* What was read is dropped, and is read again. Each answer that is awaited gives the journal's
 * thread a turn. */
static void test_ease(void) {
    enum { EVENTS = 20, TURNS_MAX = 1000, LARGE_BYTES = 30000 };
    static char text[LARGE_BYTES + 1];
    struct place place;
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    memset(text, 'l', LARGE_BYTES);
    for (uint32_t i = 0; i < EVENTS; i++) {
        append(ear, room_a, i, i + 1 < EVENTS ? text : "last", 1);
    }
    heard(ear, EVENTS - 1);
    int64_t before = sqlite3_memory_used();
    unsigned turns = 0;
    journal_ease(journal);
    while (sqlite3_memory_used() > before - LARGE_BYTES && turns < TURNS_MAX) {
        ear_read(ear, room_b, 0, 2);
        heard(ear, EVENTS + turns++);
    }
    CU_ASSERT(turns < TURNS_MAX);
    ear_read(ear, room_a, EVENTS - 1, 3);
    expect(ear, EVENTS + turns, "3 history 20=last");
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* Of SQLite's log, which holds a new room, nothing is confirmed once it was cut, nor carried over.
 */
static void test_log_cut(void) {
    struct place place;
    char log[TEMP_PATH_SIZE];
    make_two_rooms(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    append(ear, "cccccccccccc", 0, "c", 1);
    expect(ear, 0, "1 committed head 1");
    place_beside(&place, "-wal", log);
    CU_ASSERT_EQUAL(truncate(log, 100), 0);
    append(ear, room_a, 2, "d", 2);
    expect(ear, 1, "2 failed head 2");
    append(ear, room_b, 1, "y", 3);
    expect(ear, 2, "3 failed head 1");
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

int main(void) {
    static CU_TestInfo files[] = {{"reopening", test_reopen},
                                  {"files that are refused", test_refusals},
                                  {"a file of version 1", test_version_1},
                                  {"a file of version 2", test_version_2},
                                  {"a file of version 3", test_version_3},
                                  {"flipped bits", test_flips},
                                  {"a room's name flipped", test_flipped_name},
                                  {"a log removed under it", test_log_removed},
                                  {"the log missing", test_log_missing},
                                  {"SQLite's log cut under it", test_log_cut},
                                  {"memory that is given back", test_ease},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"journal file", NULL, NULL, NULL, NULL, files},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
