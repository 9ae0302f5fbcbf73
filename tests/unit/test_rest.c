/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the file in which rooms rest: by itself, what is found of a wrong one, and what is left
 * of what was removed; and in a journal, that a full disk and a failed sync there lose nothing, and
 * heal.
 */
#include "tests/support/test_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/journal/rest.h"
#include "server/journal/sqlite_parts.h"
#include "tests/support/failing_disk.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_place.h"

/* ---- the file ---- */

static int64_t begin(struct place *place, struct rest *rest) {
    int64_t identity = 0;
    place_make(place);
    rest_init(rest, place->path);
    CU_ASSERT_EQUAL_FATAL(rest_make(rest, &identity), REST_GOOD);
    CU_ASSERT(identity > 0);
    CU_ASSERT_EQUAL(rest->end, REST_HEAD);
    return identity;
}

static void end(struct place *place, struct rest *rest) {
    rest_close(rest);
    place_remove(place);
}

static void add(struct rest *rest, const char *text) {
    CU_ASSERT(rest_append(rest, text, strlen(text)));
    CU_ASSERT(rest->dirty);
    CU_ASSERT(rest_sync(rest));
    CU_ASSERT_FALSE(rest->dirty);
}

static void expect_bytes(const struct rest *rest, int64_t place, const char *text) {
    char bytes[64] = "";
    size_t len = strlen(text);
    CU_ASSERT(rest_read(rest, place, bytes, len));
    CU_ASSERT_EQUAL(memcmp(bytes, text, len), 0);
}

static int64_t size_of(const struct place *place) {
    char path[TEMP_PATH_SIZE];
    struct stat status = {0};
    CU_ASSERT_EQUAL(stat(place_beside(place, "-events", path), &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
    return status.st_size;
}

static void test_open(void) {
    struct place place;
    struct rest rest;
    char byte;
    int64_t identity = begin(&place, &rest);
    add(&rest, "one");
    add(&rest, "three");
    CU_ASSERT_EQUAL(rest.end, REST_HEAD + 8);
    rest_close(&rest);
    rest_init(&rest, place.path);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, REST_HEAD + 8), REST_GOOD);
    expect_bytes(&rest, REST_HEAD, "onethree");
    CU_ASSERT_FALSE(rest_read(&rest, REST_HEAD + 8, &byte, 1));
    CU_ASSERT_EQUAL(size_of(&place), REST_HEAD + 8);
    /* What nobody was told of goes; and the next thing goes to its place. */
    rest_close(&rest);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, REST_HEAD + 3), REST_GOOD);
    CU_ASSERT_EQUAL(size_of(&place), REST_HEAD + 3);
    add(&rest, "two");
    expect_bytes(&rest, REST_HEAD, "onetwo");
    end(&place, &rest);
}

static void test_wrong(void) {
    struct place place;
    struct rest rest;
    char path[TEMP_PATH_SIZE];
    int64_t identity = begin(&place, &rest), other = 0;
    add(&rest, "one");
    place_beside(&place, "-events", path);
    CU_ASSERT(rest_in_place(&rest));
    rest_close(&rest);
    CU_ASSERT(rest_in_place(&rest)); /* as it was opened before */
    CU_ASSERT_EQUAL(rest_open(&rest, identity + 2, REST_HEAD + 3), REST_FOREIGN);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, REST_HEAD + 4), REST_MISSING);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, REST_HEAD + 3), REST_GOOD);
    CU_ASSERT_EQUAL(truncate(path, REST_HEAD + 2), 0);
    CU_ASSERT_FALSE(rest_in_place(&rest));
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_FALSE(rest_in_place(&rest));
    rest_close(&rest);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, REST_HEAD), REST_MISSING);
    temp_write(path, "SparRest", 8);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, 8), REST_MISSING); /* not the file that it was */
    rest_init(&rest, place.path);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, 8), REST_MISSING);
    CU_ASSERT_EQUAL(rest_make(&rest, &other), REST_GOOD); /* nothing was in it */
    CU_ASSERT_NOT_EQUAL(other, identity);
    add(&rest, "x");
    rest_close(&rest);
    CU_ASSERT_EQUAL(rest_make(&rest, &identity), REST_FOREIGN);
    end(&place, &rest);
}

static void test_wipe(void) {
    enum { LARGE = 300 * 1024 };
    struct place place;
    struct rest rest;
    struct stat status;
    char path[TEMP_PATH_SIZE];
    static char text[LARGE], bytes[LARGE];
    begin(&place, &rest);
    memset(text, 'x', sizeof text);
    CU_ASSERT(rest_append(&rest, text, sizeof text));
    CU_ASSERT(rest_sync(&rest));
    add(&rest, "behind");
    int64_t from = REST_HEAD + 5, upto = REST_HEAD + LARGE;
    CU_ASSERT(rest_wipe(&rest, from, upto));
    CU_ASSERT(rest.dirty);
    CU_ASSERT(rest_sync(&rest));
    rest_release(&rest, from, upto);
    CU_ASSERT(rest_read(&rest, REST_HEAD, bytes, sizeof bytes));
    memset(text + 5, 0, sizeof text - 5);
    CU_ASSERT_EQUAL(memcmp(text, bytes, sizeof text), 0);
    expect_bytes(&rest, upto, "behind");
    CU_ASSERT_EQUAL(stat(place_beside(&place, "-events", path), &status), 0);
    CU_ASSERT(status.st_blocks * 512 < LARGE); /* given back */
    CU_ASSERT(rest_wipe(&rest, from, upto));   /* and a hole is not filled again */
    CU_ASSERT_EQUAL(stat(path, &status), 0);
    CU_ASSERT(status.st_blocks * 512 < LARGE);
    end(&place, &rest);
}

static void test_failures(void) {
    struct place place;
    struct rest rest;
    int64_t identity = begin(&place, &rest);
    failing_disk_rest_full(true);
    CU_ASSERT_FALSE(rest_append(&rest, "one", 3));
    CU_ASSERT(rest_is_full(&rest));
    CU_ASSERT_EQUAL(rest.end, REST_HEAD);
    failing_disk_rest_full(false);
    add(&rest, "one");
    CU_ASSERT_FALSE(rest_is_full(&rest));
    failing_disk_rest_syncs(1);
    CU_ASSERT(rest_append(&rest, "two", 3));
    CU_ASSERT_FALSE(rest_sync(&rest));
    CU_ASSERT_FALSE(rest_sync(&rest)); /* what a failed sync has left is not known */
    CU_ASSERT_FALSE(rest_append(&rest, "more", 4));
    CU_ASSERT_FALSE(rest_wipe(&rest, REST_HEAD, REST_HEAD + 3));
    rest_close(&rest);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, REST_HEAD + 3), REST_GOOD);
    add(&rest, "two");
    expect_bytes(&rest, REST_HEAD, "onetwo");
    end(&place, &rest);
}

/* ---- in a journal ---- */

static const char room[] = "aaaaaaaaaaaa";
enum { LARGE_BYTES = 30000, MOVED = FRESH_MOVE_BYTES / LARGE_BYTES + 2 };

static uint32_t fill(struct ear *ear, uint32_t head, unsigned count) {
    static char text[LARGE_BYTES + 1];
    memset(text, 'l', LARGE_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        append(ear, room, head + i, text, 1);
    }
    return head + count;
}

static bool was_kept(struct ear *ear, uint32_t head) {
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "1 committed head %u", (unsigned)head);
    return strcmp(heard(ear, head - 1), line) == 0;
}

/* All of it is there in another life, and one more. */
static void check_again(const struct place *place, uint32_t head) {
    char line[LINE_BYTES];
    struct journal *journal = place_open(place);
    struct ear *ear = ear_new(journal);
    append(ear, room, head, "again", 2);
    snprintf(line, sizeof line, "2 committed head %u", (unsigned)head + 1);
    expect(ear, 0, line);
    ear_chore_of(ear, JOURNAL_CHECK, "", 3);
    unsigned at = 1;
    while (strncmp(heard(ear, at), "3 goes on", 9) == 0) {
        at++;
    }
    snprintf(line, sizeof line, "3 done: 1 logs with %u events", (unsigned)head + 1);
    CU_ASSERT_EQUAL(strncmp(heard(ear, at), line, strlen(line)), 0);
    journal_close(journal);
    ear_free(ear);
}

/* What is new finds no place to rest, and is kept in the log up to its bound; then there is space
 * again. */
static void test_full(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    failing_disk_rest_full(true);
    uint32_t head = fill(ear, 0, FRESH_MAX_BYTES / LARGE_BYTES + 2), kept = head;
    heard(ear, head - 1); /* what came at once may go beyond the bound */
    while (!was_kept(ear, kept)) {
        kept--;
    }
    append(ear, room, kept, "too much", 2);
    CU_ASSERT_EQUAL(strncmp(heard(ear, head), "2 failed", 8), 0);
    failing_disk_rest_full(false);
    append(ear, room, kept, "healed", 3);
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "3 committed head %u", (unsigned)kept + 1);
    expect(ear, head + 1, line);
    journal_close(journal);
    ear_free(ear);
    check_again(&place, kept + 1);
    place_remove(&place);
}

/* Nothing that was confirmed hangs on the file before it is synced. */
static void test_sync_fails(void) {
    struct place place;
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    failing_disk_rest_syncs(3);
    uint32_t head = fill(ear, 0, 4 * MOVED);
    CU_ASSERT(was_kept(ear, head));
    journal_close(journal);
    ear_free(ear);
    failing_disk_rest_syncs(0);
    check_again(&place, head);
    place_remove(&place);
}

static int set_up(void) {
    failing_disk_install();
    return 0;
}

static int tear_down(void) {
    failing_disk_remove();
    return 0;
}

int main(void) {
    static CU_TestInfo tests[] = {{"opened again", test_open},
                                  {"a wrong one", test_wrong},
                                  {"what is removed", test_wipe},
                                  {"a disk that fails", test_failures},
                                  {"a journal without space there", test_full},
                                  {"a journal whose syncs fail there", test_sync_fails},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"rest", set_up, tear_down, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
