/* SPDX-License-Identifier: ISC */
/*
 * sign.c: signatures over a purpose and a digest with OpenSSL's EVP.
 */
#include "certs/sign.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

enum { STATEMENT_MAX = SIGN_PURPOSE_MAX + 1 + SIGN_DIGEST_SIZE };

/* Writes purpose, zero, digest, and returns how many bytes that is; 0 if the purpose is too
 * long. */
static size_t write_statement(const char *purpose, const uint8_t *digest,
                              uint8_t statement[STATEMENT_MAX]) {
    size_t length = strnlen(purpose, SIGN_PURPOSE_MAX + 1);
    if (length > SIGN_PURPOSE_MAX) {
        return 0;
    }
    memcpy(statement, purpose, length);
    statement[length] = 0;
    memcpy(statement + length + 1, digest, SIGN_DIGEST_SIZE);
    return length + 1 + SIGN_DIGEST_SIZE;
}

/* Ed25519 and Ed448 hash by themselves and refuse to be given a hash. */
static const EVP_MD *hash_for(const EVP_PKEY *key) {
    int type = EVP_PKEY_get_base_id(key);
    return type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448 ? NULL : EVP_sha256();
}

bool sign_digest(EVP_PKEY *key, const char *purpose, const uint8_t digest[SIGN_DIGEST_SIZE],
                 struct signature *signature) {
    uint8_t statement[STATEMENT_MAX];
    size_t size = write_statement(purpose, digest, statement);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    signature->size = sizeof signature->bytes;
    bool good = context && size > 0 &&
                EVP_DigestSignInit(context, NULL, hash_for(key), NULL, key) == 1 &&
                EVP_DigestSign(context, signature->bytes, &signature->size, statement, size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    if (!good) {
        signature->size = 0;
    }
    return good;
}

bool sign_verify(EVP_PKEY *key, const char *purpose, const uint8_t digest[SIGN_DIGEST_SIZE],
                 const uint8_t *bytes, size_t size) {
    uint8_t statement[STATEMENT_MAX];
    size_t statement_size = write_statement(purpose, digest, statement);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && statement_size > 0 && size <= SIGN_SIGNATURE_MAX &&
                EVP_DigestVerifyInit(context, NULL, hash_for(key), NULL, key) == 1 &&
                EVP_DigestVerify(context, bytes, size, statement, statement_size) == 1;
    EVP_MD_CTX_free(context);
    /* A wrong signature leaves entries that the next TLS call on this thread would trip over. */
    ERR_clear_error();
    return good;
}

bool sign_key_export(const EVP_PKEY *key, struct public_key *out) {
    unsigned char *der = NULL;
    int size = i2d_PUBKEY(key, &der);
    bool good = size > 0 && (size_t)size <= sizeof out->bytes;
    if (good) {
        memcpy(out->bytes, der, (size_t)size);
    }
    out->size = good ? (size_t)size : 0;
    OPENSSL_free(der);
    return good;
}

EVP_PKEY *sign_key_import(const uint8_t *bytes, size_t size) {
    if (size > SIGN_PUBLIC_KEY_MAX) {
        return NULL;
    }
    const unsigned char *at = bytes;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)size);
    if (key && at != bytes + size) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    ERR_clear_error();
    return key;
}
