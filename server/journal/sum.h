/* SPDX-License-Identifier: ISC */
/*
 * sum.h: checksums of stored rows, chained: the sum so far is the seed of the next part.
 *
 * XXH3 with 64 bits, of Debian's libxxhash: fast, fixed for good by its authors, and not in SQLite.
 * It finds what a disk or a cable did, not what somebody forged who can write the file.
 */
#ifndef SPAR_SERVER_JOURNAL_SUM_H
#define SPAR_SERVER_JOURNAL_SUM_H

#include <stddef.h>
#include <stdint.h>

enum { SUM_BEGIN = 0 }; /* the sum of nothing */

uint64_t sum_bytes(uint64_t sum, const void *bytes, size_t len);

/* Of the rows themselves. at: as in sqlite.c. key: HASH_BYTES. id: ROOM_ID_BYTES. */
uint64_t sum_event(int64_t at, const void *bytes, size_t len);
uint64_t sum_room(int64_t number, const char *id, uint32_t head);
uint64_t sum_member(const uint8_t *key, int64_t number);
/* numbers: of a row that holds nothing else. */
uint64_t sum_numbers(const int64_t *numbers, size_t count);
uint64_t sum_meta(const char *name, int64_t value);

#endif
