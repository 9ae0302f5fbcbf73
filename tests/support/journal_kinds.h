/* SPDX-License-Identifier: ISC */
/*
 * Purpose: every journal that there is, for suites that each of them passes: how one is opened on
 * nothing, how its commits are made to fail, and what of an operator's it can do.
 *
 * A suite's setup holds it to one of them; its tests ask `journal_kind` for that one. Databases are
 * held only where SPAR_TEST_POSTGRES names one that is there for this test alone (see
 * tests/scenario/test_postgres.py).
 */
#ifndef SPAR_TESTS_SUPPORT_JOURNAL_KINDS_H
#define SPAR_TESTS_SUPPORT_JOURNAL_KINDS_H

#include <stdbool.h>

#include "server/journal/journal.h"

struct journal_kind {
    struct journal *(*open)(void);    /* on nothing */
    void (*closed)(void);             /* behind journal_close: what it lay in goes */
    void (*fail)(bool fails);         /* every commit from now on */
    struct journal *(*another)(void); /* over the same; NULL: there is no other */
    unsigned chores;                  /* those that it can do: bits by enum journal_chore */
};

/* Setups of suites; each returns 0. */
int journal_hold_memory(void);
int journal_hold_sqlite(void);
int journal_hold_shared(void);
int journal_hold_postgres(void);
/* The one that is held to them now. */
const struct journal_kind *journal_kind(void);
bool journal_kind_can(enum journal_chore chore);

/* One on nothing; without it the test ends here. The other closes it, and what it lay in goes. */
struct journal *journal_kind_open(void);
void journal_kind_close(struct journal *journal);

/* The database's connection string; NULL: none is named. */
const char *journal_postgres_info(void);
/* Opens the journal that is in it. NULL, with a sentence in `error`, JOURNAL_WHY_MAX bytes. */
struct journal *journal_postgres_again(char *error);
/* Has it run statements, without which the test ends here. */
void journal_postgres_do(const char *statements);

#endif
