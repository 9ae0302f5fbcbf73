/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a place on disk for the SQLite journal of a test.
 */
#ifndef SPAR_TESTS_SUPPORT_JOURNAL_PLACE_H
#define SPAR_TESTS_SUPPORT_JOURNAL_PLACE_H

#include "server/journal/journal.h"
#include "tests/support/temp.h"

struct place {
    char folder[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE]; /* the journal's, which is not there yet */
};

void place_make(struct place *place);
/* Removes it with all that is in it. */
void place_remove(struct place *place);
/* Opens the journal there; without it the test ends here. */
struct journal *place_open(const struct place *place);

#endif
