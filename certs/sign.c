/* SPDX-License-Identifier: ISC */
/*
 * sign.c: signatures over a purpose and a digest with OpenSSL's EVP.
 */
#include "certs/sign.h"

#include <openssl/ecdsa.h>
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

/* The public key, if it is one of P-256 with its point in full (RFC 5480, section 2.2) and the
 * bytes are what it is encoded as; else NULL. */
static EVP_PKEY *import_p256(const uint8_t *key, size_t key_size) {
    enum { P256_BYTES = 91, POINT_AT = 26, POINT_IN_FULL = 4 };
    char group[32] = "";
    struct public_key again;
    if (key_size != P256_BYTES || key[POINT_AT] != POINT_IN_FULL) {
        return NULL;
    }
    EVP_PKEY *pkey = sign_key_import(key, key_size);
    bool good = pkey != NULL && EVP_PKEY_get_base_id(pkey) == EVP_PKEY_EC &&
                EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) == 1 &&
                strcmp(group, SN_X9_62_prime256v1) == 0 && sign_key_export(pkey, &again) &&
                again.size == key_size && memcmp(again.bytes, key, key_size) == 0;
    if (!good) {
        EVP_PKEY_free(pkey);
        return NULL;
    }
    return pkey;
}

/* r and s as OpenSSL takes them; the length, 0: no memory. To be freed with OPENSSL_free. */
static int raw_to_der(const uint8_t raw[SIGN_RAW_SIZE], unsigned char **der) {
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, SIGN_RAW_SIZE / 2, NULL);
    BIGNUM *s = BN_bin2bn(raw + SIGN_RAW_SIZE / 2, SIGN_RAW_SIZE / 2, NULL);
    int len = 0;
    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s)) {
        r = s = NULL; /* the pair's now */
        len = i2d_ECDSA_SIG(pair, der);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return len > 0 ? len : 0;
}

bool sign_verify_p256(const uint8_t *key, size_t key_size, const uint8_t *bytes, size_t size,
                      const uint8_t raw[SIGN_RAW_SIZE]) {
    unsigned char *der = NULL;
    EVP_PKEY *pkey = import_p256(key, key_size);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int len = pkey != NULL ? raw_to_der(raw, &der) : 0;
    bool good = len > 0 && context != NULL &&
                EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, pkey) == 1 &&
                EVP_DigestVerify(context, der, (size_t)len, bytes, size) == 1;
    OPENSSL_free(der);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    ERR_clear_error();
    return good;
}
