/* SPDX-License-Identifier: ISC */
/*
 * seat.c: secrets, hashes, fingerprints and room ids. A secret itself is never kept: only sent
 * once, in a link.
 */
#include "server/base/seat.h"

_Static_assert((int)RANDOM_SECRET_BYTES == (int)SECRET_BYTES &&
                   (int)RANDOM_SECRET_LENGTH == (int)SECRET_CHARS,
               "a secret of certs/ is one of the protocol");

bool seat_secret_make(struct seat_secret *secret) {
    return random_secret(secret->text) &&
           random_sha256(secret->text, RANDOM_SECRET_LENGTH, secret->hash);
}

bool seat_secret_hash(struct span text, uint8_t hash[HASH_BYTES]) {
    return random_secret_valid(text.at, text.len) && random_sha256(text.at, text.len, hash);
}

bool seat_room_id(char id[ROOM_ID_BYTES + 1]) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    enum { LETTERS = sizeof letters - 1, FAIR = 256 - 256 % LETTERS };
    unsigned filled = 0;
    while (filled < ROOM_ID_BYTES) {
        uint8_t draw[2 * ROOM_ID_BYTES];
        if (!random_bytes(draw, sizeof draw)) {
            return false;
        }
        for (unsigned i = 0; i < sizeof draw && filled < ROOM_ID_BYTES; i++) {
            if (draw[i] < FAIR) {
                id[filled++] = letters[draw[i] % LETTERS];
            }
        }
    }
    id[ROOM_ID_BYTES] = '\0';
    return true;
}

bool seat_room_id_valid(struct span id) {
    if (id.len != ROOM_ID_BYTES) {
        return false;
    }
    for (uint32_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
            return false;
        }
    }
    return true;
}
