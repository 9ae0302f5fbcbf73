/* SPDX-License-Identifier: ISC */
/*
 * hash.h: SHA-256 of bytes, and what Spar derives from it.
 */
#ifndef SPAR_PROTOCOL_WIRE_HASH_H
#define SPAR_PROTOCOL_WIRE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "protocol/text/span.h"

void digest_bytes(const void *bytes, size_t len, uint8_t out[HASH_BYTES]); /* SHA-256 */
/* SHA-256 of the one, then the other. */
void digest_two(struct span one, struct span two, uint8_t out[HASH_BYTES]);
/* out = SHA-256(previous chain value, then the bytes): the chain of a recording; starts from
 * zeros. */
void digest_chain(const uint8_t previous[HASH_BYTES], const void *bytes, size_t len,
                  uint8_t out[HASH_BYTES]);

/* The hash of the invite of a seat that is kept for a key: SHA-256 of "spar-seat-1", a zero byte,
 * the room's id (ROOM_ID_BYTES) and the key's hash. No secret has it, so only that key opens the
 * seat. */
void digest_seat_for_key(const char *room, const uint8_t key[HASH_BYTES], uint8_t out[HASH_BYTES]);

/* The id of a room's second half follows from its own, so that whoever opens it, however often,
 * opens the same room: a letter of a..z0..9 for each of the first bytes of SHA-256 of
 * "spar-next-1", a zero byte and the room's id. */
void digest_next_room(const char *room, char next[ROOM_ID_BYTES + 1]);

#endif
