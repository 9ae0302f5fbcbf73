/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the file in which rooms rest: by itself, what is found of a wrong one, and what is left
 * of what was removed; and in a journal, that a full disk and a failed sync there lose nothing, and
 * heal.
 */
#include "tests/support/test_main.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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
    /* What nobody was told of stays until it is cut off; then the next thing goes to its place. */
    rest_close(&rest);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, REST_HEAD + 3), REST_GOOD);
    CU_ASSERT_EQUAL(rest.end, REST_HEAD + 8);
    CU_ASSERT_EQUAL(size_of(&place), REST_HEAD + 8);
    CU_ASSERT(rest_cut(&rest, REST_HEAD + 3));
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
    rest.error = ENOSPC; /* as a disk may also say it then */
    CU_ASSERT_FALSE(rest_is_full(&rest));
    CU_ASSERT_FALSE(rest_sync(&rest)); /* what a failed sync has left is not known */
    CU_ASSERT_FALSE(rest_append(&rest, "more", 4));
    CU_ASSERT_FALSE(rest_wipe(&rest, REST_HEAD, REST_HEAD + 3));
    rest_close(&rest);
    CU_ASSERT_EQUAL(rest_open(&rest, identity, REST_HEAD + 3), REST_GOOD);
    CU_ASSERT(rest_cut(&rest, REST_HEAD + 3));
    add(&rest, "two");
    expect_bytes(&rest, REST_HEAD, "onetwo");
    end(&place, &rest);
}

/* Nothing of what found place only in part stays behind the end, where no removal would find it. */
static void test_part(void) {
    enum { BOUND = 5000, LARGE = 3 * BOUND };
    static char text[LARGE];
    struct place place;
    struct rest rest;
    struct rlimit before, bound;
    begin(&place, &rest);
    add(&rest, "one");
    memset(text, 'x', sizeof text);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    bound = (struct rlimit){.rlim_cur = BOUND, .rlim_max = before.rlim_max};
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &bound), 0);
    CU_ASSERT_FALSE(rest_append(&rest, text, sizeof text));
    CU_ASSERT(rest_is_full(&rest));
    CU_ASSERT_EQUAL(rest.end, REST_HEAD + 3);
    CU_ASSERT_EQUAL(size_of(&place), REST_HEAD + 3);
    setrlimit(RLIMIT_FSIZE, &before);
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

static const char *ended(struct ear *ear, enum journal_chore chore, const char *of, unsigned at) {
    ear_chore_of(ear, chore, of, 9);
    while (strncmp(heard(ear, at), "9 done", 6) != 0 &&
           strncmp(heard(ear, at), "9 not done", 10) != 0) {
        at++;
    }
    return heard(ear, at) + 2;
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

/* One round of one event. */
static bool round_of(struct sqlite_store *store, int64_t number, uint32_t pos, uint32_t len) {
    static uint8_t bytes[2 * FRESH_IDLE_BYTES];
    bool good = sqlite_rows.begin(store) &&
                sqlite_rows.append(store, room, number, pos, bytes, len) &&
                sqlite_rows.commit(store);
    if (!good) {
        sqlite_rows.rollback(store);
    }
    return good;
}

/* Once it has been full, a disk may fail in another way too: nothing is confirmed upon a log whose
 * sync failed. */
static void test_full_then_fails(void) {
    struct place place;
    char error[JOURNAL_ERROR_BYTES];
    uint32_t boot, head = 0;
    int64_t epoch, number = 0;
    place_make(&place);
    struct sqlite_store *store = sqlite_store_new(place.path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    CU_ASSERT_FATAL(sqlite_file_open(store, &boot, &epoch, error));
    CU_ASSERT(sqlite_rows.begin(store) && sqlite_rows.create(store, room, &number) &&
              sqlite_rows.commit(store));
    failing_disk_rest_full(true);
    CU_ASSERT(round_of(store, number, 1, 2 * FRESH_IDLE_BYTES));
    sqlite_tidy(store, true);
    CU_ASSERT(rest_is_full(&store->rest));
    failing_disk_syncs(1);
    CU_ASSERT_FALSE(round_of(store, number, 2, 10));
    CU_ASSERT_FALSE(round_of(store, number, 2, 20)); /* it cannot be opened anew */
    failing_disk_rest_full(false);
    CU_ASSERT(sqlite_rows.find(store, room, &number, &head));
    CU_ASSERT(head == 1 || head == 2); /* nobody knew whether the one was stored */
    CU_ASSERT(round_of(store, number, head + 1, 30));
    sqlite_rows.close(store);
    check_again(&place, head + 1);
    place_remove(&place);
}

/* A copy that finds no place for what is new says so, and does not go on for ever. */
static void test_copy_full(void) {
    struct place place;
    char path[TEMP_PATH_SIZE];
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    append(ear, room, 0, "new", 1);
    expect(ear, 0, "1 committed head 1");
    failing_disk_rest_full(true);
    const char *said = ended(ear, JOURNAL_BACKUP, place_beside(&place, "-copy", path), 1);
    CU_ASSERT_EQUAL(strncmp(said, "not done: The copy failed, since", 32), 0);
    said = ended(ear, JOURNAL_FORGET, room, 2);
    CU_ASSERT_STRING_EQUAL(said, "not done: Nothing was removed (No space left on device).");
    failing_disk_rest_full(false);
    append(ear, room, 1, "healed", 2);
    expect(ear, 3, "2 committed head 2");
    journal_close(journal);
    ear_free(ear);
    check_again(&place, 2);
    place_remove(&place);
}

/* ---- another database beside it ---- */

static void copy_database(const struct place *place, const char *from, const char *to) {
    static uint8_t bytes[8 * 1024 * 1024];
    char path[TEMP_PATH_SIZE], other[TEMP_PATH_SIZE];
    size_t len = temp_read(place_beside(place, from, path), bytes, sizeof bytes);
    temp_write(place_beside(place, to, other), bytes, len);
}

/* One life, in which so many events come. */
static void live(const struct place *place, uint32_t head, unsigned count) {
    char line[LINE_BYTES];
    struct journal *journal = place_open(place);
    struct ear *ear = ear_new(journal);
    snprintf(line, sizeof line, "1 committed head %u", (unsigned)fill(ear, head, count));
    expect(ear, count - 1, line);
    journal_close(journal);
    ear_free(ear);
}

/* Whoever puts an older one there, and starts on it, has not lost what came since. */
static void test_older_database(void) {
    struct place place;
    place_make(&place);
    live(&place, 0, 3);
    copy_database(&place, "", "-older");
    live(&place, 3, 4);
    copy_database(&place, "", "-newer");
    copy_database(&place, "-older", "");
    live(&place, 3, 2);
    check_again(&place, 5);
    copy_database(&place, "-newer", "");
    check_again(&place, 7);
    place_remove(&place);
}

/* Nor is anything cut off by a start that is refused: here since the log goes on behind it. */
static void test_refused(void) {
    enum { MOVES = 6 };
    struct place place;
    char error[256] = "";
    place_make(&place);
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    copy_database(&place, "", "-older");
    for (uint32_t i = 0; i < MOVES; i++) {
        CU_ASSERT(was_kept(ear, fill(ear, i * MOVED, MOVED)));
    }
    journal_close(journal);
    ear_free(ear);
    copy_database(&place, "", "-newer");
    copy_database(&place, "-older", "");
    CU_ASSERT_PTR_NULL_FATAL(journal_sqlite_open(place.path, NULL, error));
    CU_ASSERT_NOT_EQUAL(error[0], '\0');
    copy_database(&place, "-newer", "");
    check_again(&place, MOVES * MOVED);
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
                                  {"a part of what found no place", test_part},
                                  {"a journal without space there", test_full},
                                  {"a full disk that also fails", test_full_then_fails},
                                  {"a copy without space there", test_copy_full},
                                  {"an older database beside it", test_older_database},
                                  {"a start that is refused", test_refused},
                                  {"a journal whose syncs fail there", test_sync_fails},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"rest", set_up, tear_down, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
