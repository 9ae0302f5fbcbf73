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
#include "protocol/wire/hash.h"

/* False: out of memory. */
bool digest_room(const struct room *room, uint8_t out[HASH_BYTES])
    __attribute__((warn_unused_result));
void snapshot_write(struct mp_writer *w, const struct room *room);
/* Builds a state from a snapshot that a server sent; false: not a valid one (`room` is then
 * freed). */
bool snapshot_read(struct room *room, const void *bytes, size_t len)
    __attribute__((warn_unused_result));

#endif
