/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any command upon a sample's room, for tests of what must hold for every log: random
 * authors, actions, ids, moments and malformed bodies; the same for the same seed.
 */
#ifndef SPAR_TESTS_SUPPORT_ANY_COMMAND_H
#define SPAR_TESTS_SUPPORT_ANY_COMMAND_H

#include "tests/support/dice.h"
#include "tests/support/sample.h"

/* Where a test's numbers come from. */
struct dice {
    uint64_t state; /* begins as the seed */
    /* what the last body borrows */
    char text[TEXT_MAX_BYTES + 8];
    char id[4][ID_MAX_BYTES];
    char key[HASH_BYTES], invite[HASH_BYTES];
    uint8_t budgets[4 * PACK_PHASES_MAX];
    char scores[VERDICT_SCORE_BYTES * PACK_COMPETENCIES_MAX + 1];
};

/* A number less than `bound`, which is not 0. */
uint32_t any_below(struct dice *dice, uint32_t bound);
/* Whether it comes, once in so many times. */
bool any_chance(struct dice *dice, uint32_t one_in);
/* The acts that end something come rarely, so that rooms live long enough to fill. */
enum action any_act(struct dice *dice);
/* Mostly somebody who may do it; any seat otherwise. */
uint8_t any_author(struct dice *dice, const struct room *room, enum action act);
/* Mostly a sound one. It borrows from `dice` until the next one. */
struct body any_body(struct dice *dice, const struct room *room, enum action act);
/* By somebody who mostly may do it, under an id that mostly is a new one. */
struct command any_command(struct dice *dice, struct sample *s);

#endif
