/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the clock of all rooms never goes back: whatever the wall clock says when a server
 * starts, its time begins no earlier than the latest event in the journal, in whichever log that
 * is.
 */
#include "tests/support/test_main.h"

#include <string.h>

#include <stdlib.h>

#include "protocol/wire/event.h"
#include "server/base/room_time.h"
#include "server/journal/journal.h"
#include "tests/support/journal_ear.h"
#include "tests/support/sample.h"
#include "tests/support/temp.h"

enum { RATE = 1000 };
static const int64_t ahead = INT64_C(4000000000000); /* long after today, as real ms */

static void test_goes_on_from_the_latest(void) {
    struct room_time plain = room_time_start(0, 0, RATE, 0);
    CU_ASSERT_EQUAL(plain.behind, 0);
    struct room_time past =
        room_time_start(0, 0, RATE, 1); /* what has been long ago changes nothing */
    CU_ASSERT_EQUAL(past.behind, 0);
    CU_ASSERT_TRUE(past.start >= plain.start);
    struct room_time late = room_time_start(0, 0, RATE, ahead * RATE);
    CU_ASSERT_EQUAL(late.start, ahead * RATE);
    CU_ASSERT_TRUE(late.behind > 0);
    CU_ASSERT_TRUE(plain.start <= ahead * RATE - late.behind);
    /* It goes on from there at once, as fast as ever. */
    int64_t first = room_time_now(&late);
    CU_ASSERT_TRUE(first >= ahead * RATE);
    int64_t next = first;
    while (next == first) {
        next = room_time_now(&late);
    }
    CU_ASSERT_TRUE(next > first);
    CU_ASSERT_EQUAL((next - first) % RATE, 0);
}

/* Appends one event of that moment. */
static void put(struct ear *ear, const char *room, uint32_t expected, int64_t at) {
    struct mp_writer w;
    struct body body = body_text(ACTION_TALK_SAY, "Good morning");
    struct event event = {
        .pos = expected + 1, .at = at, .by = SEAT_SERVER, .made = at, .body = body};
    mp_writer_init(&w);
    event_write_stored(&w, &event);
    struct journal_entry entry = {.bytes = (const uint8_t *)w.data, .len = (uint32_t)w.len};
    struct journal_append append = {
        .room = room, .expected = expected, .entries = &entry, .count = 1, .token = 1};
    CU_ASSERT_TRUE_FATAL(journal_post_append(ear->journal, ear->id, &append));
    mp_writer_free(&w);
}

/* The moment 5000 becomes a later one, of which nobody knows. */
static void damage_moment(const char *folder) {
    static const uint8_t moment[] = {0xcd, 5000 >> 8, 5000 & 0xff};
    static uint8_t bytes[4096];
    char path[TEMP_PATH_SIZE];
    temp_path(folder, "journal.db-events", path);
    size_t len = temp_read(path, bytes, sizeof bytes);
    unsigned found = 0;
    for (size_t i = 0; i + sizeof moment <= len; i++) {
        if (memcmp(bytes + i, moment, sizeof moment) == 0) {
            bytes[i + 1] = 0xff;
            found++;
        }
    }
    CU_ASSERT(found > 0);
    temp_write(path, bytes, len);
}

static void test_the_latest_of_all_logs(void) {
    char folder[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE];
    char error[256];
    temp_make(folder);
    temp_path(folder, "journal.db", path);
    CU_ASSERT_EQUAL(journal_sqlite_latest(path), 0); /* there is no file */
    struct journal *journal = journal_sqlite_open(path, NULL, error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    struct ear *ear = ear_new(journal);
    put(ear, "aaaaaaaaaaaa", 0, 1000);
    put(ear, "bbbbbbbbbbbb", 0, 2000);
    put(ear, "bbbbbbbbbbbb", 1, 5000);
    put(ear, "cccccccccccc", 0, 3000);
    put(ear, "aaaaaaaaaaaa", 1, 4000);
    (void)heard(ear, 4);
    journal_close(journal);
    ear_free(ear);
    CU_ASSERT_EQUAL(journal_sqlite_latest(path), 5000);
    /* It is the journal's as before. */
    journal = journal_sqlite_open(path, NULL, error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    journal_close(journal);
    damage_moment(folder);
    CU_ASSERT_EQUAL(journal_sqlite_latest(path), 4000);
    temp_write(path, "no database", 11);
    CU_ASSERT_EQUAL(journal_sqlite_latest(path), 0);
    temp_remove(folder);
}

static CU_TestInfo tests[] = {{"it goes on from the latest event", test_goes_on_from_the_latest},
                              {"the latest of all logs is found", test_the_latest_of_all_logs},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"room time", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
