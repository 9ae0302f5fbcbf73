/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a journal whose file is moved, removed or replaced under it. Nothing is confirmed that a
 * restart would not find; once the file is back, the journal goes on with it.
 */
#include "tests/support/test_main.h"

#include <stdio.h>

#include "server/journal/journal.h"
#include "tests/support/journal_ear.h"
#include "tests/support/temp.h"

static const char room[] = "aaaaaaaaaaaa";

struct place {
    char folder[TEMP_PATH_SIZE], path[TEMP_PATH_SIZE], aside[TEMP_PATH_SIZE];
    struct journal *journal;
    struct ear *ear;
};

static void place_open(struct place *place) {
    char error[256] = "";
    place->journal = journal_sqlite_open(place->path, NULL, error);
    CU_ASSERT_STRING_EQUAL(error, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(place->journal);
    place->ear = ear_new(place->journal);
}

static void place_close(struct place *place) {
    journal_close(place->journal);
    ear_free(place->ear);
}

/* A journal with one event. */
static void place_make(struct place *place) {
    temp_make(place->folder);
    temp_path(place->folder, "journal.db", place->path);
    temp_path(place->folder, "aside.db", place->aside);
    place_open(place);
    append(place->ear, room, 0, "a", 1);
    expect(place->ear, 0, "1 committed head 1");
}

/* After the file is back the refused event is not there, and the next one is. */
static void check_goes_on(struct place *place, unsigned heard_before) {
    CU_ASSERT_EQUAL(rename(place->aside, place->path), 0);
    append(place->ear, room, 1, "c", 8);
    expect(place->ear, heard_before, "8 committed head 2");
    place_close(place);
    place_open(place);
    ear_read(place->ear, room, 0, 9);
    expect(place->ear, 0, "9 history 1=a 2=c");
    place_close(place);
    temp_remove(place->folder);
}

static void test_moved(void) {
    struct place place;
    place_make(&place);
    CU_ASSERT_EQUAL(rename(place.path, place.aside), 0);
    append(place.ear, room, 1, "b", 2);
    expect(place.ear, 1, "2 failed head 1");
    append(place.ear, room, 1, "b", 3);
    expect(place.ear, 2, "3 failed head 1");
    ear_read(place.ear, room, 0, 4);
    expect(place.ear, 3, "4 history 1=a"); /* what is known may be read */
    check_goes_on(&place, 4);
}

/* Another file in its place is not written to, however often it is tried. */
static void test_replaced(void) {
    struct place place;
    place_make(&place);
    CU_ASSERT_EQUAL(rename(place.path, place.aside), 0);
    FILE *other = fopen(place.path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(other);
    append(place.ear, room, 1, "b", 2);
    expect(place.ear, 1, "2 failed head 1");
    append(place.ear, room, 1, "b", 3);
    expect(place.ear, 2, "3 failed head 1");
    CU_ASSERT_EQUAL(fseek(other, 0, SEEK_END), 0);
    CU_ASSERT_EQUAL(ftell(other), 0);
    fclose(other);
    check_goes_on(&place, 3);
}

int main(void) {
    static CU_TestInfo tests[] = {{"a journal that was moved", test_moved},
                                  {"another file in its place", test_replaced},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"journal moved", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
