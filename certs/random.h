/* SPDX-License-Identifier: ISC */
/*
 * random.h: random bytes, the secret of an invite, and the hash under which a secret is stored.
 * All functions may be called from any thread.
 */
#ifndef SPAR_CERTS_RANDOM_H
#define SPAR_CERTS_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RANDOM_SECRET_BYTES = 16,  /* 128 bits */
    RANDOM_SECRET_LENGTH = 22, /* characters as base64url, without the end of the string */
    RANDOM_HASH_SIZE = 32,
};

/* Fills `size` bytes from OpenSSL's generator. False if the system has no randomness to give. */
bool random_bytes(void *bytes, size_t size) __attribute__((warn_unused_result));

/* Draws a secret and writes it as base64url text. False as random_bytes. */
bool random_secret(char text[RANDOM_SECRET_LENGTH + 1]) __attribute__((warn_unused_result));

/* Whether `length` characters at `text` have the form of a secret: 16 bytes as strict base64url. */
bool random_secret_valid(const char *text, size_t length) __attribute__((warn_unused_result));

/*
 * SHA-256 of `size` bytes. A secret of 128 random bits needs no salt and no slow hash: there is
 * nothing to guess from. False if OpenSSL fails (no memory).
 */
bool random_sha256(const void *bytes, size_t size, uint8_t hash[RANDOM_HASH_SIZE])
    __attribute__((warn_unused_result));

/* Whether two hashes agree, in a time that does not depend on where they differ. */
bool random_hash_equal(const uint8_t a[RANDOM_HASH_SIZE], const uint8_t b[RANDOM_HASH_SIZE])
    __attribute__((warn_unused_result));

#endif
