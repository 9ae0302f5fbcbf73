/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the way of an event from the fresh commits to where rooms rest, cut at every slice of
 * it, and damage there.
 */
#include "tests/support/test_main.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/journal/journal.h"
#include "server/journal/sqlite_parts.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_place.h"
#include "tests/support/temp.h"

static const char room_a[] = "aaaaaaaaaaaa", room_b[] = "bbbbbbbbbbbb";

/* ---- fresh and at rest ---- */

static int64_t count_of(const struct place *place, const char *query) {
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;
    CU_ASSERT_EQUAL_FATAL(sqlite3_open(place->path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, query, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        value = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static const char at_rest[] = "SELECT coalesce(sum(upto - (at & 4294967295) + 1), 0) FROM run";

/* Bytes of the file in which rooms rest. */
static int64_t rest_bytes(const struct place *place) {
    char path[TEMP_PATH_SIZE];
    struct stat status = {0};
    CU_ASSERT_EQUAL(stat(place_beside(place, "-events", path), &status), 0);
    return status.st_size;
}

/* Enough large events that they are moved, in two rooms by turns; then a few that stay fresh. */
enum { LARGE_BYTES = 30000, LARGE_EVENTS = FRESH_MOVE_BYTES / LARGE_BYTES + 10, FEW = 5 };

/* A journal that has nothing to do meanwhile would begin to move less, and leave the rest. */
static void fill(struct ear *ear) {
    static char text[LARGE_BYTES + 1];
    memset(text, 'l', LARGE_BYTES);
    ear_hold(ear, true);
    for (uint32_t i = 0; i < LARGE_EVENTS; i++) {
        append(ear, i % 2 ? room_b : room_a, i / 2, text, 1);
    }
    ear_hold(ear, false);
    heard(ear, LARGE_EVENTS - 1);
    for (uint32_t i = 0; i < FEW; i++) {
        append(ear, room_a, LARGE_EVENTS / 2 + i, "few", 2);
    }
}

static void check_filled(struct ear *ear, unsigned before) {
    char line[LINE_BYTES];
    uint32_t last = LARGE_EVENTS / 2 + FEW;
    ear_read(ear, room_a, last - 2, 3);
    snprintf(line, sizeof line, "3 history %u=few %u=few", (unsigned)last - 1, (unsigned)last);
    expect(ear, before, line);
    append(ear, room_b, LARGE_EVENTS / 2 - 1, "late", 4);
    snprintf(line, sizeof line, "4 conflict head %u", (unsigned)LARGE_EVENTS / 2);
    expect(ear, before + 1, line);
}

/* So many commits, each of which moves a slice on; each is in its place behind those before it. */
static void few(struct ear *ear, unsigned before, uint32_t head, unsigned count) {
    char line[LINE_BYTES];
    for (unsigned i = 0; i < count; i++) {
        append(ear, room_a, head + i, "few", 5);
        snprintf(line, sizeof line, "5 committed head %u", (unsigned)head + i + 1);
        expect(ear, before + i, line);
    }
}

static void check_middle(struct ear *ear, unsigned before, const char *room) {
    char line[LINE_BYTES];
    uint32_t at = LARGE_EVENTS / 4;
    ear_read(ear, room, at - 1, 6);
    snprintf(line, sizeof line, "6 history %u=lll", (unsigned)at);
    CU_ASSERT_EQUAL(strncmp(heard(ear, before), line, strlen(line)), 0);
}

static struct journal *fill_anew(struct place *place, struct ear **ear) {
    place_make(place);
    struct journal *journal = place_open(place);
    *ear = ear_new(journal);
    fill(*ear);
    CU_ASSERT_EQUAL(strncmp(heard(*ear, LARGE_EVENTS + FEW - 1), "2 committed", 11), 0);
    check_filled(*ear, LARGE_EVENTS + FEW);
    return journal;
}

/* As much again in one room. */
static void fill_more(struct ear *ear, unsigned before) {
    static char text[LARGE_BYTES + 1];
    memset(text, 'm', LARGE_BYTES);
    ear_hold(ear, true);
    for (uint32_t i = 0; i < LARGE_EVENTS; i++) {
        append(ear, room_b, LARGE_EVENTS / 2 + i, text, 1);
    }
    ear_hold(ear, false);
    CU_ASSERT_EQUAL(strncmp(heard(ear, before + LARGE_EVENTS - 1), "1 committed", 11), 0);
}

/* Slices enough for the whole move. */
enum { SLICES = 40 };

static void test_moving(void) {
    struct place place;
    struct ear *ear;
    struct journal *journal = fill_anew(&place, &ear);
    few(ear, LARGE_EVENTS + FEW + 2, LARGE_EVENTS / 2 + FEW, SLICES);
    check_middle(ear, LARGE_EVENTS + FEW + 2 + SLICES, room_b);
    journal_close(journal);
    ear_free(ear);
    CU_ASSERT(count_of(&place, at_rest) >= LARGE_EVENTS - 10);
    place_remove(&place);
}

/* All is there after a kill, and it goes on. */
static void check_again(const struct place *place, uint32_t head) {
    char line[LINE_BYTES];
    struct journal *journal = place_open(place);
    struct ear *ear = ear_new(journal);
    check_middle(ear, 0, room_a);
    check_middle(ear, 1, room_b);
    append(ear, room_a, head, "again", 7);
    snprintf(line, sizeof line, "7 committed head %u", (unsigned)head + 1);
    expect(ear, 2, line);
    journal_close(journal);
    ear_free(ear);
}

static void test_moving_twice(void) {
    struct place place, killed;
    struct ear *ear;
    struct journal *journal = fill_anew(&place, &ear);
    unsigned before = LARGE_EVENTS + FEW + 2;
    uint32_t head = LARGE_EVENTS / 2 + FEW;
    few(ear, before, head, SLICES);
    fill_more(ear, before + SLICES);
    few(ear, before + SLICES + LARGE_EVENTS, head + SLICES, SLICES);
    check_middle(ear, before + 2 * SLICES + LARGE_EVENTS, room_b);
    place_copy(&place, &killed);
    journal_close(journal);
    ear_free(ear);
    CU_ASSERT(count_of(&killed, at_rest) >= 2 * LARGE_EVENTS - 10);
    check_again(&killed, head + 2 * SLICES);
    place_remove(&killed);
    place_remove(&place);
}

static const char rest_end[] = "SELECT value FROM meta WHERE name = 'rest_end'";

/* A server that is killed in the middle of a move, slice for slice. What it had written of it and
 * named to nobody is gone behind the next start. */
static void test_moving_cut(void) {
    struct place place, killed;
    struct ear *ear;
    struct journal *journal = fill_anew(&place, &ear);
    unsigned before = LARGE_EVENTS + FEW + 2, halves = 0;
    uint32_t head = LARGE_EVENTS / 2 + FEW;
    for (unsigned life = 0; life < SLICES; life++, head++) {
        few(ear, before + life, head, 1);
        if (life % 3 != 0) {
            continue;
        }
        place_copy(&place, &killed);
        halves += count_of(&killed, at_rest) == 0 && rest_bytes(&killed) > REST_HEAD;
        check_again(&killed, head + 1);
        CU_ASSERT_EQUAL(rest_bytes(&killed), count_of(&killed, rest_end));
        place_remove(&killed);
    }
    CU_ASSERT(halves > 0);
    journal_close(journal);
    ear_free(ear);
    CU_ASSERT(count_of(&place, at_rest) >= LARGE_EVENTS - 10);
    place_remove(&place);
}

/* Rooms enough that their runs are named in several slices. */
enum { MANY_ROOMS = 300, MANY_BYTES = FRESH_MOVE_BYTES / MANY_ROOMS };

static void fill_many(struct ear *ear) {
    static char text[MANY_BYTES + 1];
    memset(text, 'n', MANY_BYTES);
    ear_hold(ear, true);
    for (unsigned i = 0; i < MANY_ROOMS; i++) {
        char room[ROOM_ID_BYTES + 1];
        snprintf(room, sizeof room, "many%08u", i);
        append(ear, room, 0, text, 1);
    }
    ear_hold(ear, false);
    heard(ear, MANY_ROOMS - 1);
}

/* Killed while some of the runs are named and others are not. */
static void test_moving_many(void) {
    struct place place, killed;
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    unsigned halves = 0;
    fill_many(ear);
    append(ear, "many00000000", 1, "b", 2);
    heard(ear, MANY_ROOMS);
    for (uint32_t life = 0; life < SLICES; life++) {
        append(ear, "many00000000", 2 + life, "c", 3);
        heard(ear, MANY_ROOMS + 1 + life);
        place_copy(&place, &killed);
        int64_t rests = count_of(&killed, "SELECT count(*) FROM run");
        if (rests > 0 && rests < MANY_ROOMS - 1) {
            halves++;
            struct journal *again = place_open(&killed);
            struct ear *other = ear_new(again);
            for (unsigned i = 0; i < MANY_ROOMS; i++) {
                char room[ROOM_ID_BYTES + 1];
                snprintf(room, sizeof room, "many%08u", i);
                ear_read(other, room, 0, 1);
                CU_ASSERT_EQUAL(strncmp(heard(other, i), "1 history 1=nnn", 15), 0);
            }
            journal_close(again);
            ear_free(other);
            CU_ASSERT_EQUAL(count_of(&killed, "SELECT count(*) FROM run WHERE at & 4294967295 = 1"),
                            MANY_ROOMS);
        }
        place_remove(&killed);
    }
    CU_ASSERT(halves > 0);
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

/* Forgetting brings the move to its end first: nothing of the room is left in either table. */
static void test_moving_forgotten(void) {
    struct place place;
    struct ear *ear;
    struct journal *journal = fill_anew(&place, &ear);
    few(ear, LARGE_EVENTS + FEW + 2, LARGE_EVENTS / 2 + FEW, 4);
    ear_chore_of(ear, JOURNAL_FORGET, room_b, 7);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, LARGE_EVENTS + FEW + 6), "done"));
    journal_close(journal);
    ear_free(ear);
    CU_ASSERT_EQUAL(count_of(&place, "SELECT count(*) FROM fresh"), 0);
    CU_ASSERT_EQUAL(count_of(&place, "SELECT count(*) FROM run WHERE at > 2 << 32"), 0);
    CU_ASSERT_EQUAL(count_of(&place, at_rest), LARGE_EVENTS / 2 + FEW + 4);
    place_remove(&place);
}

/* ---- damage ---- */

static void flip_rest(const struct place *place, int64_t at) {
    char path[TEMP_PATH_SIZE];
    uint8_t byte = 0;
    int fd = open(place_beside(place, "-events", path), O_RDWR | O_CLOEXEC);
    CU_ASSERT_EQUAL(pread(fd, &byte, 1, at), 1);
    byte ^= 4;
    CU_ASSERT_EQUAL(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void test_flips_at_rest(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    fill(ear);
    heard(ear, LARGE_EVENTS + FEW - 1);
    journal_close(journal);
    ear_free(ear);
    int64_t at = count_of(&place, "SELECT place FROM run WHERE at = 1 << 32 | 1");
    int64_t events = 2; /* before it */
    flip_rest(&place, at + events * (LARGE_BYTES + REST_EVENT_HEAD) + REST_EVENT_HEAD + 99);
    journal = place_open(&place);
    ear = ear_new(journal);
    ear_read(ear, room_a, 1, 1);
    CU_ASSERT_EQUAL(strncmp(heard(ear, 0), "1 damaged 2=l", 13), 0); /* its last good event */
    check_filled(ear, 1); /* the other room, and what lies behind it */
    journal_close(journal);
    ear_free(ear);
    place_remove(&place);
}

int main(void) {
    static CU_TestInfo tests[] = {{"from fresh to rest", test_moving},
                                  {"a move behind another", test_moving_twice},
                                  {"a move that is cut", test_moving_cut},
                                  {"a move of many rooms, cut", test_moving_many},
                                  {"a move, and forgetting", test_moving_forgotten},
                                  {"flipped bits at rest", test_flips_at_rest},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"moves", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
