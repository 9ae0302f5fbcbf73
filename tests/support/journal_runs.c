/* SPDX-License-Identifier: ISC */
/*
 * Purpose: makes the journal, reads it again, and has its file at hand.
 */
#include "tests/support/journal_runs.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char rested_a[] = "aaaaaaaaaaaa", rested_b[] = "bbbbbbbbbbbb";

/* Three more of each of two rooms, by turns; "alpha-01" and so on. */
static void write_more(struct ear *ear, const char *a, const char *b, uint32_t from) {
    char text[16], line[LINE_BYTES];
    for (uint32_t i = 0; i < 2 * RESTED_EACH; i++) {
        uint32_t pos = from + i / 2 + 1;
        snprintf(text, sizeof text, "%s-%02u", i % 2 == 0 ? a : b, (unsigned)pos);
        append(ear, i % 2 == 0 ? rested_a : rested_b, pos - 1, text, 1);
        snprintf(line, sizeof line, "1 committed head %u", (unsigned)pos);
        expect(ear, i, line);
    }
}

/* All that was written before an opening, or before the end, is at rest behind it; so each of two
 * rooms has two runs. The words of another journal have the same lengths. */
void place_rested(struct place *place, const char *a, const char *b) {
    place_make(place);
    for (uint32_t from = 0; from < RESTED; from += RESTED_EACH) {
        struct journal *journal = place_open(place);
        struct ear *ear = ear_new(journal);
        write_more(ear, a, b, from);
        journal_close(journal);
        ear_free(ear);
    }
}

void expect_words(struct ear *ear, unsigned index, const char *room, const char *word,
                  uint32_t upto) {
    char line[LINE_BYTES];
    int at = snprintf(line, sizeof line, "9 history");
    for (uint32_t pos = 1; pos <= upto; pos++) {
        at += snprintf(line + at, sizeof line - (size_t)at, " %u=%s-%02u", (unsigned)pos, word,
                       (unsigned)pos);
    }
    ear_read(ear, room, 0, 9);
    expect(ear, index, line);
}

void check_rested(const struct place *place) {
    char line[LINE_BYTES];
    struct journal *journal = place_open(place);
    struct ear *ear = ear_new(journal);
    expect_words(ear, 0, rested_a, "alpha", RESTED);
    expect_words(ear, 1, rested_b, "gamma", RESTED);
    append(ear, rested_a, RESTED, "alpha-07", 2);
    snprintf(line, sizeof line, "2 committed head %u", RESTED + 1);
    expect(ear, 2, line);
    ear_chore_of(ear, JOURNAL_CHECK, "", 3);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard(ear, 3), "3 done: 2 logs with 13 events"));
    journal_close(journal);
    ear_free(ear);
}

struct runs runs_of(const struct place *place) {
    struct runs runs;
    place_beside(place, RUNS, runs.path);
    place_beside(place, ".aside", runs.aside);
    runs.bytes = malloc(RUNS_MAX);
    CU_ASSERT_PTR_NOT_NULL_FATAL(runs.bytes);
    CU_ASSERT_EQUAL_FATAL(access(runs.path, R_OK), 0);
    runs.len = temp_read(runs.path, runs.bytes, RUNS_MAX);
    return runs;
}

void runs_free(struct runs *runs) {
    free(runs->bytes);
    runs->bytes = NULL;
}

void runs_replace(const struct runs *runs, const void *bytes, size_t len) {
    (void)unlink(runs->path);
    temp_write(runs->path, bytes, len);
    CU_ASSERT_EQUAL(chmod(runs->path, 0600), 0);
}

void check_names_runs(const char *said) {
    bool good = strstr(said, "journal.db" RUNS) != NULL && strstr(said, "back") != NULL &&
                strchr(said, '\n') == NULL && said[0] != '\0' && said[strlen(said) - 1] == '.';
    if (!good) {
        printf("\n    said \"%s\"", said);
    }
    CU_ASSERT(good);
}
