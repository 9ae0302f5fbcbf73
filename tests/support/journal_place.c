/* SPDX-License-Identifier: ISC */
/*
 * Purpose: makes and removes the place, and says why a journal does not open.
 */
#include "tests/support/journal_place.h"

#include <CUnit/CUnit.h>
#include <stdio.h>

void place_make(struct place *place) {
    temp_make(place->folder);
    temp_path(place->folder, "journal.db", place->path);
}

void place_remove(struct place *place) {
    temp_remove(place->folder);
}

struct journal *place_open(const struct place *place) {
    char error[256];
    struct journal *journal = journal_sqlite_open(place->path, NULL, error);
    if (journal == NULL) {
        printf("\n    %s", error);
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    return journal;
}
