/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a browser's signature: good for its key alone, and a key has one spelling.
 */
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <string.h>

#include "certs/sign.h"
#include "tests/support/test_main.h"

/* The DER of a signature as r and s of 32 bytes each, as a browser gives them. */
static void raw_of(const unsigned char *der, size_t len, uint8_t raw[SIGN_RAW_SIZE]) {
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    CU_ASSERT_EQUAL(BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, SIGN_RAW_SIZE / 2), 32);
    CU_ASSERT_EQUAL(BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + SIGN_RAW_SIZE / 2, 32), 32);
    ECDSA_SIG_free(pair);
}

static void test_signature_of_a_page(void) {
    static const uint8_t text[] = "what a page signs";
    struct public_key key;
    struct public_key compressed;
    unsigned char der[SIGN_SIGNATURE_MAX];
    uint8_t raw[SIGN_RAW_SIZE];
    size_t len = sizeof der;
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    EVP_PKEY *other = EVP_EC_gen("P-384");
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    CU_ASSERT_TRUE_FATAL(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, pair) == 1 &&
                         EVP_DigestSign(context, der, &len, text, sizeof text) == 1);
    raw_of(der, len, raw);
    CU_ASSERT_TRUE_FATAL(sign_key_export(pair, &key));
    CU_ASSERT_TRUE(sign_verify_p256(key.bytes, key.size, text, sizeof text, raw));
    CU_ASSERT_FALSE(sign_verify_p256(key.bytes, key.size, text, sizeof text - 1, raw));
    CU_ASSERT_FALSE(sign_verify_p256(key.bytes, key.size - 1, text, sizeof text, raw));
    CU_ASSERT_FALSE(sign_verify_p256(key.bytes, 0, text, sizeof text, raw));
    raw[63] ^= 1;
    CU_ASSERT_FALSE(sign_verify_p256(key.bytes, key.size, text, sizeof text, raw));
    raw[63] ^= 1;
    memset(raw, 0, SIGN_RAW_SIZE / 2);
    CU_ASSERT_FALSE(sign_verify_p256(key.bytes, key.size, text, sizeof text, raw));
    raw_of(der, len, raw);
    /* The same key, spelt otherwise, would be somebody else by its hash. */
    CU_ASSERT_TRUE(EVP_PKEY_set_utf8_string_param(pair, "point-format", "compressed"));
    CU_ASSERT_TRUE(sign_key_export(pair, &compressed));
    CU_ASSERT_TRUE(compressed.size < key.size);
    CU_ASSERT_FALSE(sign_verify_p256(compressed.bytes, compressed.size, text, sizeof text, raw));
    CU_ASSERT_TRUE(sign_key_export(other, &key));
    CU_ASSERT_FALSE(sign_verify_p256(key.bytes, key.size, text, sizeof text, raw));
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pair);
    EVP_PKEY_free(other);
}

static CU_TestInfo tests[] = {
    {"a page's signature is good for its key, spelt in one way", test_signature_of_a_page},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"sign_page", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
