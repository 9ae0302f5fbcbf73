/* SPDX-License-Identifier: ISC */
/*
 * random.c: random bytes, secrets and their hashes, all from OpenSSL.
 */
#include "certs/random.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "protocol/text/base64url.h"

_Static_assert(BASE64URL_LENGTH(RANDOM_SECRET_BYTES) == RANDOM_SECRET_LENGTH,
               "a secret's text has its length");

bool random_bytes(void *bytes, size_t size) {
    return size <= INT_MAX && RAND_bytes(bytes, (int)size) == 1;
}

bool random_secret(char text[RANDOM_SECRET_LENGTH + 1]) {
    uint8_t secret[RANDOM_SECRET_BYTES];
    bool good = random_bytes(secret, sizeof secret);
    if (good) {
        base64url_write(secret, sizeof secret, text);
    }
    OPENSSL_cleanse(secret, sizeof secret);
    return good;
}

bool random_secret_valid(const char *text, size_t length) {
    uint8_t secret[RANDOM_SECRET_BYTES];
    bool good = base64url_read(text, length, secret, sizeof secret);
    OPENSSL_cleanse(secret, sizeof secret);
    return good;
}

bool random_sha256(const void *bytes, size_t size, uint8_t hash[RANDOM_HASH_SIZE]) {
    return EVP_Digest(bytes, size, hash, NULL, EVP_sha256(), NULL) == 1;
}

bool random_hash_equal(const uint8_t a[RANDOM_HASH_SIZE], const uint8_t b[RANDOM_HASH_SIZE]) {
    return CRYPTO_memcmp(a, b, RANDOM_HASH_SIZE) == 0;
}
