/* SPDX-License-Identifier: ISC */
/*
 * seat.h: what a seat is claimed with: the secrets of links, the hashes that the journal keeps of
 * them, the fingerprint of a client's key, and the ids of rooms. Pure but for the system's
 * randomness; any thread.
 */
#ifndef SPAR_SERVER_BASE_SEAT_H
#define SPAR_SERVER_BASE_SEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "certs/random.h"
#include "protocol/wire/action.h"

/* A link's secret as text, and the hash under which it is stored. */
struct seat_secret {
    char text[RANDOM_SECRET_LENGTH + 1];
    uint8_t hash[HASH_BYTES];
};

/* Draws a new secret. False: the system gives no randomness. */
bool seat_secret_make(struct seat_secret *secret) __attribute__((warn_unused_result));
/* The hash of a secret that a peer sent. False: not of the form of a secret. */
bool seat_secret_hash(struct span text, uint8_t hash[HASH_BYTES])
    __attribute__((warn_unused_result));
/* Draws a room's id, NUL-terminated. False as above. */
bool seat_room_id(char id[ROOM_ID_BYTES + 1]) __attribute__((warn_unused_result));
/* Whether a peer's text has the form of a room's id. */
bool seat_room_id_valid(struct span id) __attribute__((warn_unused_result));

#endif
