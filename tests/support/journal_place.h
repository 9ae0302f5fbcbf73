/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a place on disk for the SQLite journal of a test.
 */
#ifndef SPAR_TESTS_SUPPORT_JOURNAL_PLACE_H
#define SPAR_TESTS_SUPPORT_JOURNAL_PLACE_H

#include <stdbool.h>

#include "server/journal/journal.h"
#include "tests/support/temp.h"

struct place {
    char folder[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE]; /* the journal's, which is not there yet */
};

void place_make(struct place *place);
/* The path of a file beside the journal, by the end that its name has: "-wal". Returns `path`. */
char *place_beside(const struct place *place, const char *end, char path[TEMP_PATH_SIZE]);
/* A place with the journal's files as they are now, as if its machine had stopped. Only while
 * the journal has nothing to do. */
void place_copy(const struct place *from, struct place *to);
/* Whether those words are in any of its files, as they lie there. Only while the journal has
 * nothing to do: what is in one may come to rest in another. */
bool place_holds(const struct place *place, const char *words);
/* Removes it with all that is in it. */
void place_remove(struct place *place);
/* Opens the journal there; without it the test ends here. */
struct journal *place_open(const struct place *place);

#endif
