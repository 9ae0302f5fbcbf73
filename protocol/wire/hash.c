/* SPDX-License-Identifier: ISC */
/*
 * hash.c: SHA-256 and the chain of a recording, over libmd.
 */
#include "protocol/wire/hash.h"

#include <sha2.h>

void digest_bytes(const void *bytes, size_t len, uint8_t out[HASH_BYTES]) {
    SHA2_CTX ctx;
    SHA256Init(&ctx);
    SHA256Update(&ctx, bytes, len);
    SHA256Final(out, &ctx);
}

void digest_two(struct span one, struct span two, uint8_t out[HASH_BYTES]) {
    SHA2_CTX ctx;
    SHA256Init(&ctx);
    SHA256Update(&ctx, (const uint8_t *)one.at, one.len);
    SHA256Update(&ctx, (const uint8_t *)two.at, two.len);
    SHA256Final(out, &ctx);
}

void digest_chain(const uint8_t previous[HASH_BYTES], const void *bytes, size_t len,
                  uint8_t out[HASH_BYTES]) {
    SHA2_CTX ctx;
    SHA256Init(&ctx);
    SHA256Update(&ctx, previous, HASH_BYTES);
    SHA256Update(&ctx, bytes, len);
    SHA256Final(out, &ctx);
}

void digest_seat_for_key(const char *room, const uint8_t key[HASH_BYTES], uint8_t out[HASH_BYTES]) {
    static const char purpose[] = "spar-seat-1"; /* its zero byte is hashed too */
    SHA2_CTX ctx;
    SHA256Init(&ctx);
    SHA256Update(&ctx, (const uint8_t *)purpose, sizeof purpose);
    SHA256Update(&ctx, (const uint8_t *)room, ROOM_ID_BYTES);
    SHA256Update(&ctx, key, HASH_BYTES);
    SHA256Final(out, &ctx);
}

void digest_next_room(const char *room, char next[ROOM_ID_BYTES + 1]) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char purpose[] = "spar-next-1"; /* with its zero byte */
    uint8_t hash[HASH_BYTES];
    digest_two((struct span){purpose, sizeof purpose}, (struct span){room, ROOM_ID_BYTES}, hash);
    for (int i = 0; i < ROOM_ID_BYTES; i++) {
        next[i] = letters[hash[i] % (sizeof letters - 1)];
    }
    next[ROOM_ID_BYTES] = '\0';
}
