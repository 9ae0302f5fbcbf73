/* SPDX-License-Identifier: ISC */
/*
 * octets.h: numbers as they are on disk: the lowest byte first, on every machine.
 */
#ifndef SPAR_SERVER_JOURNAL_OCTETS_H
#define SPAR_SERVER_JOURNAL_OCTETS_H

#include <stdint.h>

/* bytes: at most 8. */
static inline void octets_put(uint8_t *to, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(value >> 8 * i);
    }
}

static inline uint64_t octets_get(const uint8_t *from, unsigned bytes) {
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++) {
        value |= (uint64_t)from[i] << 8 * i;
    }
    return value;
}

#endif
