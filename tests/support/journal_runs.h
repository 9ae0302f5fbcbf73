/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a journal whose rooms rest in its file of runs, and that file, for the tests of it.
 */
#ifndef SPAR_TESTS_SUPPORT_JOURNAL_RUNS_H
#define SPAR_TESTS_SUPPORT_JOURNAL_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "tests/support/journal_ear.h"
#include "tests/support/journal_place.h"

#define RUNS "-events" /* the end of its name */

enum {
    RESTED_EACH = 3, /* events of a run */
    RESTED = 2 * RESTED_EACH,
    RUNS_MAX = 64 * 1024 * 1024 /* bytes */
};

extern const char rested_a[], rested_b[]; /* the rooms */

/* A place with a journal that was opened and ended twice: each of two rooms has two runs of
 * "alpha-01" and so on, by those words. */
void place_rested(struct place *place, const char *a, const char *b);
/* Asserts that the room says so up to that event. index: of the line that is heard. */
void expect_words(struct ear *ear, unsigned index, const char *room, const char *word,
                  uint32_t upto);
/* Asserts that all of "alpha" and "gamma" is there, and that it goes on by one event. */
void check_rested(const struct place *place);

/* The file, and what was in it. */
struct runs {
    char path[TEMP_PATH_SIZE], aside[TEMP_PATH_SIZE];
    uint8_t *bytes; /* owned: runs_free */
    size_t len;
};

/* Without the file, the test ends here. */
struct runs runs_of(const struct place *place);
void runs_free(struct runs *runs);
/* What lies there now is another file, of which only its owner may read. */
void runs_replace(const struct runs *runs, const void *bytes, size_t len);
/* Asserts that it is one sentence that names the file and says what to do. */
void check_names_runs(const char *said);

#endif
