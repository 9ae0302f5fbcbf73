/* SPDX-License-Identifier: ISC */
/*
 * dice.c: splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
 * 2014).
 */
#include "tests/support/dice.h"

#include <stdlib.h>

uint64_t dice_roll(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint64_t dice_setting(const char *name, uint64_t fallback) {
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 10) : fallback;
}
