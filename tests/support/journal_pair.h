/* SPDX-License-Identifier: ISC */
/*
 * Purpose: two writers of one room who never wait for an answer: each always has two appends on
 * their way, the second upon the first, and goes on from what it has folded when it is told of a
 * conflict.
 *
 * Each event names the one before it as its writer knew it. So whether a chain was kept to is in
 * the log itself.
 */
#ifndef SPAR_TESTS_SUPPORT_JOURNAL_PAIR_H
#define SPAR_TESTS_SUPPORT_JOURNAL_PAIR_H

#include <stdint.h>

#include "server/journal/journal.h"

struct pair;

/* Has them write until at least `events` are kept, then lets them land and reads the log. Aborts
 * without memory. */
struct pair *pair_run(struct journal *journal, const char *room, uint32_t events);
/* Events in the log, and those of them that name another before them than there is. */
uint32_t pair_kept(const struct pair *pair);
uint32_t pair_wrong(const struct pair *pair);
void pair_free(struct pair *pair);

#endif
