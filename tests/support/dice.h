/* SPDX-License-Identifier: ISC */
/*
 * Purpose: random numbers of a property test: the same for the same seed, on every machine.
 */
#ifndef SPAR_TESTS_SUPPORT_DICE_H
#define SPAR_TESTS_SUPPORT_DICE_H

#include <stdint.h>

/* The next number; `state` begins as the seed. */
uint64_t dice_roll(uint64_t *state);
/* A number from the environment, or `fallback` where there is none: SPAR_PROPERTY_SEED and such. */
uint64_t dice_setting(const char *name, uint64_t fallback);

#endif
