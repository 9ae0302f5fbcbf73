/* SPDX-License-Identifier: ISC */
/*
 * digest.h: the canonical hash of a state, to compare replicas, and the hashes that rooms need.
 *
 * The digest covers all that the state holds, hashes of keys and invites too: it is of a worker's
 * fold, or of a client's fold of its own view, and compared with one of the same kind.
 */
#ifndef SPAR_PROTOCOL_ROOM_DIGEST_H
#define SPAR_PROTOCOL_ROOM_DIGEST_H

#include "protocol/room/room.h"
#include "protocol/wire/hash.h"

/* False: out of memory. */
bool digest_room(const struct room *room, uint8_t out[HASH_BYTES])
    __attribute__((warn_unused_result));

#endif
