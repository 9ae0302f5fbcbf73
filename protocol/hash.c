/*
 * hash.c: SHA-256 and the chain of a recording, over libmd.
 */
#include <sha2.h>

#include "protocol/digest.h"

void digest_bytes(const void *bytes, size_t len, uint8_t out[HASH_BYTES]) {
    SHA2_CTX ctx;
    SHA256Init(&ctx);
    SHA256Update(&ctx, bytes, len);
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
