/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the file of runs, where rooms rest: without it, or with another, nothing is begun or
 * confirmed, and both are said by its name; a bit of it that is wrong is found and never served.
 */
#include "tests/support/test_main.h"

#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/journal/journal.h"
#include "tests/support/journal_ear.h"
#include "tests/support/journal_place.h"
#include "tests/support/journal_runs.h"

/* ---- the file itself ---- */

/* A byte less than what was used: zeros behind it may lie there for what comes. */
static off_t one_less(const struct runs *runs) {
    size_t used = runs->len;
    while (used > 0 && runs->bytes[used - 1] == 0) {
        used--;
    }
    CU_ASSERT_FATAL(used > 0);
    return (off_t)used - 1;
}

static off_t size_of(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : -1;
}

enum harm { REMOVED, EMPTIED, CUT, ANOTHERS, HARMS };

static void put_anothers(const struct runs *runs) {
    struct place other;
    place_rested(&other, "delta", "omega");
    struct runs others = runs_of(&other);
    runs_replace(runs, others.bytes, others.len);
    free(others.bytes);
    place_remove(&other);
}

static void harm(const struct runs *runs, enum harm how) {
    switch (how) {
    case REMOVED: CU_ASSERT_EQUAL(unlink(runs->path), 0); break;
    case EMPTIED: CU_ASSERT_EQUAL(truncate(runs->path, 0), 0); break;
    case CUT: CU_ASSERT_EQUAL(truncate(runs->path, one_less(runs)), 0); break;
    case ANOTHERS: put_anothers(runs); break;
    default: break;
    }
}

/* A start that is refused changes nothing, however often it is tried. */
static void test_harmed_at_rest(void) {
    for (enum harm how = REMOVED; how < HARMS; how++) {
        struct place place;
        place_rested(&place, "alpha", "gamma");
        struct runs runs = runs_of(&place);
        harm(&runs, how);
        off_t size = size_of(runs.path);
        for (int i = 0; i < 2; i++) {
            char error[256] = "";
            CU_ASSERT_PTR_NULL_FATAL(journal_sqlite_open(place.path, NULL, error));
            check_names_runs(error);
            CU_ASSERT_EQUAL(size_of(runs.path), size);
        }
        runs_replace(&runs, runs.bytes, runs.len);
        check_rested(&place);
        runs_free(&runs);
        place_remove(&place);
    }
}

/* ---- under an open journal ---- */

/* What the operator is told of trouble. */
struct operator{
    sem_t told;
    char why[256];
};

static void on_trouble(void *ctx, const char *why) {
    struct operator* operator= ctx;
    snprintf(operator->why, sizeof operator->why, "%s", why);
    sem_post(&operator->told);
}

static void operator_listen(struct operator* operator, struct journal * journal) {
    const struct journal_listener listener = {.ctx = operator, .trouble = on_trouble };
    CU_ASSERT_EQUAL_FATAL(sem_init(&operator->told, 0, 0), 0);
    CU_ASSERT(journal_add_listener(journal, &listener) >= 0);
}

/* The file goes aside, or loses bytes where it is. */
static void harm_open(const struct runs *runs, enum harm how) {
    if (how == REMOVED || how == ANOTHERS) {
        CU_ASSERT_EQUAL(rename(runs->path, runs->aside), 0);
    }
    if (how != REMOVED) {
        harm(runs, how);
    }
}

static void put_back(const struct runs *runs, enum harm how) {
    if (how == REMOVED || how == ANOTHERS) {
        CU_ASSERT_EQUAL(rename(runs->aside, runs->path), 0);
    } else {
        temp_write(runs->path, runs->bytes, runs->len);
    }
}

static void harm_and_write(struct ear *ear, const struct runs *runs, enum harm how) {
    struct operator operator= {.why = ""};
    operator_listen(&operator, ear->journal);
    append(ear, rested_a, RESTED, "alpha-07", 1);
    expect(ear, 0, "1 committed head 7");
    harm_open(runs, how);
    append(ear, rested_a, RESTED + 1, "lost", 2);
    expect(ear, 1, "2 failed head 7");
    sem_wait(&operator.told);
    check_names_runs(operator.why);
    append(ear, rested_b, RESTED, "lost", 3);
    expect(ear, 2, "3 failed head 6");
    put_back(runs, how);
    append(ear, rested_a, RESTED + 1, "alpha-08", 4);
    expect(ear, 3, "4 committed head 8");
    sem_wait(&operator.told);
    CU_ASSERT_STRING_EQUAL(operator.why, "");
    expect_words(ear, 4, rested_a, "alpha", RESTED + 2);
    sem_destroy(&operator.told);
}

/* Nothing is confirmed that a restart would not find; with the file in its place it goes on. */
static void test_harmed_while_open(void) {
    for (enum harm how = REMOVED; how < HARMS; how++) {
        struct place place;
        place_rested(&place, "alpha", "gamma");
        struct journal *journal = place_open(&place);
        struct ear *ear = ear_new(journal);
        struct runs runs = runs_of(&place);
        harm_and_write(ear, &runs, how);
        journal_close(journal);
        ear_free(ear);
        journal = place_open(&place);
        ear = ear_new(journal);
        expect_words(ear, 0, rested_a, "alpha", RESTED + 2);
        expect_words(ear, 1, rested_b, "gamma", RESTED);
        journal_close(journal);
        ear_free(ear);
        runs_free(&runs);
        place_remove(&place);
    }
}

/* The end is no moment either at which another file would be begun. */
static void test_ended_without_it(void) {
    struct place place;
    char error[256] = "";
    place_rested(&place, "alpha", "gamma");
    struct journal *journal = place_open(&place);
    struct ear *ear = ear_new(journal);
    append(ear, rested_a, RESTED, "alpha-07", 1);
    expect(ear, 0, "1 committed head 7");
    struct runs runs = runs_of(&place);
    harm_open(&runs, REMOVED);
    journal_close(journal);
    ear_free(ear);
    CU_ASSERT_PTR_NULL_FATAL(journal_sqlite_open(place.path, NULL, error));
    check_names_runs(error);
    put_back(&runs, REMOVED);
    journal = place_open(&place);
    ear = ear_new(journal);
    expect_words(ear, 0, rested_a, "alpha", RESTED + 1);
    journal_close(journal);
    ear_free(ear);
    runs_free(&runs);
    place_remove(&place);
}

/* ---- a bit that is wrong ---- */

/* The room's lines, as far as they are good: its last good event. The others of its own run may be
 * refused with it, but none before. */
static void expect_damaged(struct ear *ear, unsigned index, uint32_t at, uint32_t *good) {
    char line[LINE_BYTES];
    int len = snprintf(line, sizeof line, "9 damaged");
    ear_read(ear, rested_a, 0, 9);
    const char *said = heard(ear, index);
    CU_ASSERT_EQUAL(strncmp(said, line, (size_t)len), 0);
    for (*good = 0; *good < RESTED; (*good)++) {
        char more[32];
        unsigned pos = (unsigned)*good + 1;
        int of = snprintf(more, sizeof more, " %u=alpha-%02u", pos, pos);
        if (strncmp(said + len, more, (size_t)of) != 0) {
            break;
        }
        len += of;
    }
    CU_ASSERT_EQUAL(said[len], '\0'); /* nothing else is served */
    CU_ASSERT(*good < at);
    CU_ASSERT(*good >= (at - 1) / RESTED_EACH * RESTED_EACH);
}

/* Of that event of the first room a bit is flipped. */
static void flip_word(const struct place *place, uint32_t at, int bit) {
    char word[16];
    struct runs runs = runs_of(place);
    snprintf(word, sizeof word, "alpha-%02u", (unsigned)at);
    uint8_t *found = memmem(runs.bytes, runs.len, word, strlen(word));
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    found[6] ^= (uint8_t)(1 << bit);
    temp_write(runs.path, runs.bytes, runs.len);
    runs_free(&runs);
}

static void test_flipped_words(void) {
    for (uint32_t at = 1; at <= RESTED; at++) {
        struct place place;
        char words[64];
        uint32_t good;
        place_rested(&place, "alpha", "gamma");
        flip_word(&place, at, (int)at);
        struct journal *journal = place_open(&place);
        struct ear *ear = ear_new(journal);
        expect_damaged(ear, 0, at, &good);
        expect_words(ear, 1, rested_b, "gamma", RESTED); /* others do not notice */
        append(ear, rested_b, RESTED, "gamma-07", 2);
        expect(ear, 2, "2 committed head 7");
        ear_chore_of(ear, JOURNAL_CHECK, "", 3);
        CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 3), "3 not done: Damaged: 1 of 2 logs"));
        snprintf(words, sizeof words, "%s is good up to event %u", rested_a, (unsigned)good);
        CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 3), words));
        journal_close(journal);
        ear_free(ear);
        place_remove(&place);
    }
}

static bool line_is(const char *line, const char *begin, const char *word) {
    char whole[LINE_BYTES];
    int at = snprintf(whole, sizeof whole, "%s", begin);
    for (unsigned pos = 1; pos <= RESTED; pos++) {
        at += snprintf(whole + at, sizeof whole - (size_t)at, " %u=%s-%02u", pos, word, pos);
    }
    size_t len = strlen(line);
    return strcmp(whole, line) == 0 || (strncmp(line, "9 damaged", 9) == 0 &&
                                        strncmp(whole + strlen(begin), line + 9, len - 9) == 0);
}

/* Refused, or of each room all or what is good of it. Returns whether it was found. */
static bool found_or_same(const struct place *place) {
    char error[256];
    struct journal *journal = journal_sqlite_open(place->path, NULL, error);
    if (journal == NULL) {
        check_names_runs(error);
        return true;
    }
    struct ear *ear = ear_new(journal);
    ear_read(ear, rested_a, 0, 9);
    ear_read(ear, rested_b, 0, 9);
    CU_ASSERT(line_is(heard(ear, 0), "9 history", "alpha"));
    CU_ASSERT(line_is(heard(ear, 1), "9 history", "gamma"));
    bool found =
        strncmp(heard(ear, 0), "9 damaged", 9) == 0 || strncmp(heard(ear, 1), "9 damaged", 9) == 0;
    journal_close(journal);
    ear_free(ear);
    return found;
}

/* A bit of each byte of the file, one after the other; of a long one, of some of them. */
static void test_flipped_anywhere(void) {
    struct place rested, place;
    unsigned found = 0;
    place_rested(&rested, "alpha", "gamma");
    struct runs runs = runs_of(&rested);
    size_t used = (size_t)one_less(&runs) + 1, step = 1 + used / 512;
    for (size_t at = 0; at < used; at += step) {
        place_copy(&rested, &place);
        struct runs copy = runs_of(&place);
        copy.bytes[at] ^= (uint8_t)(1 << at % 8);
        temp_write(copy.path, copy.bytes, copy.len);
        free(copy.bytes);
        found += found_or_same(&place);
        place_remove(&place);
    }
    CU_ASSERT(found * step >= strlen("alpha-01") * 2 * RESTED);
    runs_free(&runs);
    place_remove(&rested);
}

int main(void) {
    static CU_TestInfo files[] = {{"harmed while it rests", test_harmed_at_rest},
                                  {"harmed while it is open", test_harmed_while_open},
                                  {"ended without it", test_ended_without_it},
                                  {"flipped words", test_flipped_words},
                                  {"flipped anywhere", test_flipped_anywhere},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"the file of runs", NULL, NULL, NULL, NULL, files},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
