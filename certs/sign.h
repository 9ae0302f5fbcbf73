/* SPDX-License-Identifier: ISC */
/*
 * sign.h: signatures over a 32-byte digest, and the public key that checks them, as bytes that can
 * be stored in a recording.
 *
 * What is signed is `purpose`, one zero byte and the digest: a signature made for one purpose is
 * not good for another, and none can be mistaken for one of TLS. EC and RSA keys sign with SHA-256
 * over those bytes (RSA: PKCS #1 v1.5), Ed25519 and Ed448 sign the bytes themselves.
 */
#ifndef SPAR_CERTS_SIGN_H
#define SPAR_CERTS_SIGN_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SIGN_DIGEST_SIZE = 32,
    SIGN_PURPOSE_MAX = 64,      /* characters */
    SIGN_SIGNATURE_MAX = 1024,  /* bytes: RSA of 8192 bits; P-256 takes at most 72 */
    SIGN_PUBLIC_KEY_MAX = 1200, /* bytes of DER: RSA of 8192 bits; P-256 takes 91 */
};

struct signature {
    size_t size;
    uint8_t bytes[SIGN_SIGNATURE_MAX];
};

struct public_key {
    size_t size;
    uint8_t bytes[SIGN_PUBLIC_KEY_MAX]; /* DER SubjectPublicKeyInfo */
};

/* Signs. False if the purpose is too long or the key cannot sign. */
bool sign_digest(EVP_PKEY *key, const char *purpose, const uint8_t digest[SIGN_DIGEST_SIZE],
                 struct signature *signature) __attribute__((warn_unused_result));

/* Whether `size` bytes at `bytes` are `key`'s signature for this purpose and digest. */
bool sign_verify(EVP_PKEY *key, const char *purpose, const uint8_t digest[SIGN_DIGEST_SIZE],
                 const uint8_t *bytes, size_t size) __attribute__((warn_unused_result));

/*
 * Whether `raw` (r and s, SIGN_RAW_SIZE bytes, as WebCrypto gives them) is the signature of `size`
 * bytes at `bytes` by ECDSA over P-256 with SHA-256. `key` is the DER SubjectPublicKeyInfo, which
 * has to be in its one canonical form, so that one key has one hash.
 */
enum { SIGN_RAW_SIZE = 64 };
bool sign_verify_p256(const uint8_t *key, size_t key_size, const uint8_t *bytes, size_t size,
                      const uint8_t raw[SIGN_RAW_SIZE]) __attribute__((warn_unused_result));

/* The public half of `key` as bytes. False if it is larger than SIGN_PUBLIC_KEY_MAX. */
bool sign_key_export(const EVP_PKEY *key, struct public_key *out)
    __attribute__((warn_unused_result));

/*
 * Reads a public key that a peer or a file gave. NULL if the bytes are not exactly one key. The
 * caller frees it with EVP_PKEY_free.
 */
EVP_PKEY *sign_key_import(const uint8_t *bytes, size_t size) __attribute__((warn_unused_result));

#endif
