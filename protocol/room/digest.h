/* SPDX-License-Identifier: ISC */
/*
 * digest.h: the canonical hash of a state, to compare replicas, and a state's snapshot.
 *
 * The snapshot is the canonical encoding, the digest its SHA-256: equal states have equal
 * snapshots. It holds all that the state holds, hashes of keys and invites too: send a seat only
 * the snapshot of the fold of its own view (view_order, view_event), and only if it fits a frame.
 */
#ifndef SPAR_PROTOCOL_ROOM_DIGEST_H
#define SPAR_PROTOCOL_ROOM_DIGEST_H

#include "protocol/room/room.h"

/* False: out of memory. */
bool digest_room(const struct room *room, uint8_t out[HASH_BYTES])
    __attribute__((warn_unused_result));
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

void snapshot_write(struct mp_writer *w, const struct room *room);
/* Builds a state from a snapshot that a server sent; false: not a valid one (`room` is then
 * freed). */
bool snapshot_read(struct room *room, const void *bytes, size_t len)
    __attribute__((warn_unused_result));

#endif
