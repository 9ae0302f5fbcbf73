/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the log in front of the database by itself: its two files by turns, their sizes, what is
 * void, and what of them is damaged, missing or merely torn.
 */
#include "tests/support/test_main.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/journal/commits.h"
#include "tests/support/journal_place.h"

enum { LINE = 256, LARGE = 200 * 1024 };

/* What was read: "SEQUENCE=first bytes", in order. */
struct read {
    char line[LINE];
};

static bool note(void *ctx, int64_t sequence, const uint8_t *bytes, size_t len) {
    struct read *read = ctx;
    size_t at = strlen(read->line);
    snprintf(read->line + at, LINE - at, "%s%d=%.*s", at > 0 ? " " : "", (int)sequence,
             len < 8 ? (int)len : 8, (const char *)bytes);
    return true;
}

static void begin(struct place *place, struct commits *commits) {
    place_make(place);
    commits_init(commits, place->path);
    CU_ASSERT_EQUAL(commits_open(commits), COMMITS_GOOD);
    CU_ASSERT_FATAL(commits_change(commits));
    CU_ASSERT_EQUAL(commits->number, 1);
}

static void again(struct commits *commits) {
    commits_close(commits);
    CU_ASSERT_EQUAL(commits_open(commits), COMMITS_GOOD);
}

static void add(struct commits *commits, int64_t sequence, const char *text) {
    CU_ASSERT(commits_append(commits, sequence, text, strlen(text)));
}

static void expect_read(struct commits *commits, uint64_t from, enum commits_state state,
                        const char *line) {
    struct read read = {""};
    CU_ASSERT_EQUAL(commits_read(commits, from, note, &read), state);
    CU_ASSERT_STRING_EQUAL(read.line, line);
}

static void end(struct place *place, struct commits *commits) {
    commits_close(commits);
    place_remove(place);
}

static int64_t size_of(const struct place *place, const char *which) {
    char path[TEMP_PATH_SIZE];
    struct stat now = {0};
    CU_ASSERT_EQUAL(stat(place_beside(place, which, path), &now), 0);
    return now.st_size;
}

static void flip(const struct place *place, const char *which, int64_t at) {
    char path[TEMP_PATH_SIZE];
    FILE *file = fopen(place_beside(place, which, path), "r+b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fseek(file, at, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, at, SEEK_SET);
    fputc(byte ^ 4, file);
    fclose(file);
}

static void test_in_order(void) {
    struct place place;
    struct commits commits;
    begin(&place, &commits);
    CU_ASSERT_EQUAL(size_of(&place, "-commits.0"), COMMITS_FIRST_BYTES);
    add(&commits, 1, "one");
    add(&commits, 2, "two, which is longer");
    add(&commits, 9, "3");
    CU_ASSERT(commits_sound(&commits, false));
    again(&commits);
    expect_read(&commits, 1, COMMITS_GOOD, "1=one 2=two, whi 9=3");
    expect_read(&commits, 2, COMMITS_MISSING, "");
    end(&place, &commits);
}

/* The next file goes on from the one before, and nothing of an earlier use comes back. */
static void test_by_turns(void) {
    struct place place;
    struct commits commits;
    begin(&place, &commits);
    add(&commits, 1, "one");
    add(&commits, 2, "two");
    CU_ASSERT(commits_change(&commits));
    add(&commits, 3, "three");
    CU_ASSERT(commits_sound(&commits, true));
    again(&commits);
    expect_read(&commits, 1, COMMITS_GOOD, "1=one 2=two 3=three");
    expect_read(&commits, 2, COMMITS_GOOD, "3=three");
    commits.active = 1;
    commits.number = 2;
    commits.at = COMMITS_HEAD + 32;
    CU_ASSERT(commits_change(&commits));
    add(&commits, 4, "4");
    again(&commits);
    expect_read(&commits, 1, COMMITS_MISSING, "");
    expect_read(&commits, 2, COMMITS_GOOD, "3=three 4=4");
    expect_read(&commits, 3, COMMITS_GOOD, "4=4");
    end(&place, &commits);
}

/* A file is as large as the one before was full, by doubling. */
static void test_sizes(void) {
    static char text[LARGE + 1];
    struct place place;
    struct commits commits;
    memset(text, 'l', LARGE);
    begin(&place, &commits);
    for (int i = 1; i <= 6; i++) {
        add(&commits, i, text);
    }
    CU_ASSERT(size_of(&place, "-commits.0") > COMMITS_FIRST_BYTES);
    CU_ASSERT(commits_change(&commits));
    CU_ASSERT_EQUAL(size_of(&place, "-commits.1"), (int64_t)COMMITS_FIRST_BYTES * 2);
    CU_ASSERT(commits_change(&commits));
    CU_ASSERT(commits_change(&commits));
    CU_ASSERT_EQUAL(size_of(&place, "-commits.1"), (int64_t)COMMITS_FIRST_BYTES * 2);
    end(&place, &commits);
}

/* What is not whole at the end is a torn commit; with a whole one behind it, it is damage. */
static void test_flips(void) {
    struct place place;
    struct commits commits;
    int64_t second = COMMITS_HEAD + COMMITS_BATCH_HEAD + COMMITS_ALIGN;
    for (int64_t at = 0; at < COMMITS_BATCH_HEAD + 3; at++) {
        begin(&place, &commits);
        add(&commits, 1, "one");
        add(&commits, 2, "two");
        commits_close(&commits);
        flip(&place, "-commits.0", second + at);
        CU_ASSERT_EQUAL(commits_open(&commits), COMMITS_GOOD);
        expect_read(&commits, 1, COMMITS_GOOD, "1=one");
        CU_ASSERT(!commits_sound(&commits, false) || commits.number == 0);
        commits_close(&commits);
        flip(&place, "-commits.0", second + at);
        flip(&place, "-commits.0", COMMITS_HEAD + at);
        CU_ASSERT_EQUAL(commits_open(&commits), COMMITS_GOOD);
        expect_read(&commits, 1, COMMITS_DAMAGED, "");
        end(&place, &commits);
    }
}

/* Also the word that another file follows, and each byte of a head. */
static void test_flipped_ends(void) {
    struct place place;
    struct commits commits;
    int64_t word = COMMITS_HEAD + COMMITS_BATCH_HEAD + COMMITS_ALIGN;
    begin(&place, &commits);
    add(&commits, 1, "one");
    CU_ASSERT(commits_change(&commits));
    add(&commits, 2, "two");
    for (int64_t at = 0; at < COMMITS_BATCH_HEAD; at++) {
        flip(&place, "-commits.0", word + at);
        again(&commits);
        expect_read(&commits, 1, COMMITS_DAMAGED, "1=one");
        flip(&place, "-commits.0", word + at);
    }
    for (int64_t at = 0; at < COMMITS_HEAD; at++) {
        flip(&place, "-commits.1", at);
        commits_close(&commits);
        CU_ASSERT_EQUAL(commits_open(&commits), COMMITS_DAMAGED);
        flip(&place, "-commits.1", at);
    }
    again(&commits);
    expect_read(&commits, 1, COMMITS_GOOD, "1=one 2=two");
    end(&place, &commits);
}

/* The file is looked at while it is written to. */
static void test_sound(void) {
    struct place place;
    struct commits commits;
    char path[TEMP_PATH_SIZE];
    begin(&place, &commits);
    add(&commits, 1, "one");
    CU_ASSERT(commits_in_place(&commits));
    flip(&place, "-commits.0", COMMITS_HEAD + COMMITS_BATCH_HEAD);
    CU_ASSERT(!commits_sound(&commits, false));
    flip(&place, "-commits.0", COMMITS_HEAD + COMMITS_BATCH_HEAD);
    CU_ASSERT(commits_change(&commits));
    flip(&place, "-commits.0", COMMITS_HEAD + COMMITS_BATCH_HEAD);
    CU_ASSERT(commits_sound(&commits, false));
    CU_ASSERT(!commits_sound(&commits, true));
    CU_ASSERT_EQUAL(truncate(place_beside(&place, "-commits.1", path), COMMITS_FIRST_BYTES - 1), 0);
    CU_ASSERT(!commits_in_place(&commits));
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT(!commits_in_place(&commits));
    end(&place, &commits);
}

static bool holds(const struct place *place, const char *which, const char *words) {
    static char bytes[2 * COMMITS_FIRST_BYTES];
    char path[TEMP_PATH_SIZE];
    size_t len = temp_read(place_beside(place, which, path), bytes, sizeof bytes);
    return memmem(bytes, len, words, strlen(words)) != NULL;
}

static void test_wipe(void) {
    struct place place;
    struct commits commits;
    begin(&place, &commits);
    add(&commits, 1, "planted");
    CU_ASSERT(commits_change(&commits));
    add(&commits, 2, "planted");
    CU_ASSERT(holds(&place, "-commits.0", "planted") && holds(&place, "-commits.1", "planted"));
    CU_ASSERT(commits_wipe(&commits));
    CU_ASSERT(!commits_append(&commits, 3, "x", 1)); /* none is active */
    CU_ASSERT(commits_change(&commits));
    CU_ASSERT(!holds(&place, "-commits.0", "planted") && !holds(&place, "-commits.1", "planted"));
    add(&commits, 3, "three");
    uint64_t number = commits.number;
    again(&commits);
    expect_read(&commits, number, COMMITS_GOOD, "3=three");
    end(&place, &commits);
}

int main(void) {
    static CU_TestInfo tests[] = {{"in order", test_in_order},
                                  {"two files by turns", test_by_turns},
                                  {"how large they are", test_sizes},
                                  {"flipped bits", test_flips},
                                  {"flipped bits of heads and ends", test_flipped_ends},
                                  {"looked at while in use", test_sound},
                                  {"overwritten", test_wipe},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"commits", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
