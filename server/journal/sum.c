/* SPDX-License-Identifier: ISC */
/*
 * sum.c: what of a row its checksum covers: all of it, and its place.
 */
#include "server/journal/sum.h"

#include <string.h>
#include <xxhash.h>

#include "protocol/limits.h"
#include "server/journal/octets.h"

uint64_t sum_bytes(uint64_t sum, const void *bytes, size_t len) {
    return XXH3_64bits_withSeed(bytes, len, sum);
}

/* The same on every machine. */
static uint64_t sum_number(uint64_t sum, int64_t number) {
    uint8_t bytes[8];
    octets_put(bytes, (uint64_t)number, sizeof bytes);
    return sum_bytes(sum, bytes, sizeof bytes);
}

uint64_t sum_event(int64_t at, const void *bytes, size_t len) {
    return sum_bytes(sum_number(SUM_BEGIN, at), bytes, len);
}

uint64_t sum_room(int64_t number, const char *id, uint32_t head) {
    return sum_number(sum_bytes(sum_number(SUM_BEGIN, number), id, ROOM_ID_BYTES), head);
}

uint64_t sum_member(const uint8_t *key, int64_t number) {
    return sum_number(sum_bytes(SUM_BEGIN, key, HASH_BYTES), number);
}

uint64_t sum_numbers(const int64_t *numbers, size_t count) {
    uint64_t sum = SUM_BEGIN;
    for (size_t i = 0; i < count; i++) {
        sum = sum_number(sum, numbers[i]);
    }
    return sum;
}

uint64_t sum_meta(const char *name, int64_t value) {
    return sum_number(sum_bytes(SUM_BEGIN, name, strlen(name)), value);
}
