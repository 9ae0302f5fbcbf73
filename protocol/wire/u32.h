/* SPDX-License-Identifier: ISC */
/*
 * u32.h: a number of four bytes, the first one the most significant, as the wire has it.
 */
#ifndef SPAR_PROTOCOL_WIRE_U32_H
#define SPAR_PROTOCOL_WIRE_U32_H

#include <stdint.h>

enum { U32_BYTES = 4 };

static inline uint32_t u32_get(const void *from) {
    const uint8_t *at = from;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline void u32_put(void *to, uint32_t number) {
    uint8_t *at = to;
    at[0] = (uint8_t)(number >> 24);
    at[1] = (uint8_t)(number >> 16);
    at[2] = (uint8_t)(number >> 8);
    at[3] = (uint8_t)number;
}

#endif
