/* SPDX-License-Identifier: ISC */
/*
 * Purpose: keys, pins, signatures and secrets: what is made can be used, what is damaged is refused
 * with a sentence, and each text has one spelling.
 */
#include <ctype.h>
#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/keypair.h"
#include "certs/pin.h"
#include "certs/random.h"
#include "certs/sign.h"
#include "protocol/text/base64url.h"
#include "tests/support/temp.h"
#include "tests/support/test_main.h"

static char folder[TEMP_PATH_SIZE];

static int set_up(void) {
    temp_make(folder);
    return 0;
}

static int tear_down(void) {
    temp_remove(folder);
    return 0;
}

static struct keypair *make(void) {
    struct certs_why why = {""};
    struct keypair *pair = keypair_make("spar test", NULL, 0, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    return pair;
}

static struct pin pin_of(const struct keypair *pair) {
    struct pin pin = {{0}};
    CU_ASSERT_TRUE_FATAL(pin_of_certificate(keypair_certificate(pair), &pin));
    return pin;
}

/* A pair of another kind than we make: what a public certificate authority may give. */
static void write_rsa(const char *certificate_path, const char *key_path, unsigned bits) {
    EVP_PKEY *key = EVP_RSA_gen(bits);
    X509 *certificate = X509_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(key);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    CU_ASSERT_TRUE_FATAL(X509_sign(certificate, key, EVP_sha256()) > 0);
    FILE *file = fopen(certificate_path, "w");
    PEM_write_X509(file, certificate);
    fclose(file);
    file = fopen(key_path, "w");
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
    chmod(key_path, 0600);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

enum { ANY_BYTES = 96 };

/* RFC 4648, section 10, in the other alphabet and without padding. */
static void test_base64url_vectors(void) {
    static const struct {
        const char *bytes;
        const char *text;
    } vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},           {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"\xfb\xff\xfe", "-__-"}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        char text[BASE64URL_LENGTH(ANY_BYTES) + 1];
        uint8_t bytes[ANY_BYTES];
        size_t size = strlen(vectors[i].bytes);
        base64url_write((const uint8_t *)vectors[i].bytes, size, text);
        CU_ASSERT_STRING_EQUAL(text, vectors[i].text);
        CU_ASSERT_TRUE(base64url_read(text, strlen(text), bytes, size));
        CU_ASSERT_EQUAL(memcmp(bytes, vectors[i].bytes, size), 0);
    }
}

static void test_base64url_one_spelling(void) {
    uint8_t bytes[2] = {7, 7};
    CU_ASSERT_TRUE(base64url_read("Zm8", 3, bytes, 2));
    /* Set bits past the end, padding, the standard alphabet, a space, a wrong length. */
    static const char *const wrong[] = {"Zm9",  "Zm8=", "Zm+", "Zm/", "Zm ",
                                        " Zm8", "Z",    "",    "Zm8A"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bytes[0] = 7;
        CU_ASSERT_FALSE(base64url_read(wrong[i], strlen(wrong[i]), bytes, 2));
        CU_ASSERT_EQUAL(bytes[0], 7);
    }
    CU_ASSERT_FALSE(base64url_read("Zm\0", 3, bytes, 2));
}

/* Of each length, there and back; and as OpenSSL writes it, but for the alphabet and the padding.
 */
static void test_base64url_any(void) {
    uint8_t bytes[ANY_BYTES];
    uint8_t again[ANY_BYTES];
    CU_ASSERT_TRUE_FATAL(random_bytes(bytes, sizeof bytes));
    for (size_t size = 0; size <= ANY_BYTES; size++) {
        char text[BASE64URL_LENGTH(ANY_BYTES) + 1];
        char padded[BASE64URL_LENGTH(ANY_BYTES) + 4];
        base64url_write(bytes, size, text);
        CU_ASSERT_EQUAL(strlen(text), BASE64URL_LENGTH(size));
        CU_ASSERT_TRUE(base64url_read(text, strlen(text), again, size));
        CU_ASSERT_EQUAL(memcmp(bytes, again, size), 0);
        CU_ASSERT_FALSE(base64url_read(text, strlen(text), again, size + 1));
        EVP_EncodeBlock((unsigned char *)padded, bytes, (int)size);
        for (size_t i = 0; i < strlen(text); i++) {
            char c = padded[i];
            CU_ASSERT_EQUAL(text[i], (char)(c == '+' ? '-' : c == '/' ? '_' : c));
        }
    }
}

static void test_secrets(void) {
    char one[RANDOM_SECRET_LENGTH + 1] = "";
    char two[RANDOM_SECRET_LENGTH + 1] = "";
    CU_ASSERT_TRUE(random_secret(one));
    CU_ASSERT_TRUE(random_secret(two));
    CU_ASSERT_EQUAL(strlen(one), RANDOM_SECRET_LENGTH);
    CU_ASSERT_STRING_NOT_EQUAL(one, two);
    CU_ASSERT_TRUE(random_secret_valid(one, RANDOM_SECRET_LENGTH));
    CU_ASSERT_FALSE(random_secret_valid(one, RANDOM_SECRET_LENGTH - 1));
    one[3] = '!';
    CU_ASSERT_FALSE(random_secret_valid(one, RANDOM_SECRET_LENGTH));
}

/* FIPS 180-4's example for "abc". */
static void test_hash(void) {
    static const uint8_t expected[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
                                       0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
                                       0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
                                       0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    uint8_t hash[RANDOM_HASH_SIZE];
    CU_ASSERT_TRUE(random_sha256("abc", 3, hash));
    CU_ASSERT_TRUE(random_hash_equal(hash, expected));
    hash[31] ^= 1;
    CU_ASSERT_FALSE(random_hash_equal(hash, expected));
}

static void test_pin_text(void) {
    struct keypair *pair = make();
    struct pin pin = pin_of(pair);
    struct pin again = {{0}};
    struct pin of_key = {{0}};
    char text[PIN_LENGTH + 1];
    pin_write(&pin, text);
    CU_ASSERT_EQUAL(strlen(text), PIN_LENGTH);
    CU_ASSERT_TRUE(pin_read(text, PIN_LENGTH, &again));
    CU_ASSERT_TRUE(pin_equal(&pin, &again));
    CU_ASSERT_TRUE(pin_of_key(keypair_key(pair), &of_key));
    CU_ASSERT_TRUE(pin_equal(&pin, &of_key));
    CU_ASSERT_FALSE(pin_read(text, PIN_LENGTH - 1, &again));
    again.bytes[31] ^= 1;
    CU_ASSERT_FALSE(pin_equal(&pin, &again));
    CU_ASSERT_FALSE(pin_of_certificate(NULL, &again));
    CU_ASSERT_FALSE(pin_of_key(NULL, &again));
    keypair_free(pair);
}

static void test_pins_differ(void) {
    struct keypair *one = make();
    struct keypair *two = make();
    struct pin a = pin_of(one);
    struct pin b = pin_of(two);
    CU_ASSERT_FALSE(pin_equal(&a, &b));
    keypair_free(one);
    keypair_free(two);
}

static void test_certificate_content(void) {
    static const char *const hosts[] = {"spar.example", "192.0.2.7", "2001:db8::7"};
    struct keypair *pair = keypair_make("spard", hosts, 3, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    X509 *certificate = keypair_certificate(pair);
    CU_ASSERT_EQUAL(X509_check_host(certificate, "spar.example", 0, 0, NULL), 1);
    CU_ASSERT_EQUAL(X509_check_host(certificate, "other.example", 0, 0, NULL), 0);
    CU_ASSERT_EQUAL(X509_check_ip_asc(certificate, "192.0.2.7", 0), 1);
    CU_ASSERT_EQUAL(X509_check_ip_asc(certificate, "2001:db8::7", 0), 1);
    CU_ASSERT_EQUAL(X509_check_ip_asc(certificate, "192.0.2.8", 0), 0);
    CU_ASSERT_EQUAL(X509_check_ca(certificate), 0);
    CU_ASSERT_EQUAL(X509_verify(certificate, keypair_key(pair)), 1);
    CU_ASSERT_TRUE(X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0);
    const ASN1_TIME *end = X509_get0_notAfter(certificate);
    CU_ASSERT_EQUAL(memcmp(ASN1_STRING_get0_data(end), "99991231235959Z", 15), 0);
    keypair_free(pair);
}

/* A host's text must not be read as OpenSSL's configuration language. */
static void test_hosts_are_data(void) {
    static const char *const hosts[] = {"a,DNS:evil.example"};
    struct keypair *pair = keypair_make("spard", hosts, 1, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    CU_ASSERT_NOT_EQUAL(X509_check_host(keypair_certificate(pair), "evil.example", 0, 0, NULL), 1);
    keypair_free(pair);
}

static void test_name_bounds(void) {
    struct certs_why why = {""};
    char name[KEYPAIR_NAME_MAX + 2];
    memset(name, 'n', sizeof name);
    name[KEYPAIR_NAME_MAX + 1] = '\0';
    CU_ASSERT_PTR_NULL(keypair_make(name, NULL, 0, &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "64 characters"));
    name[KEYPAIR_NAME_MAX] = '\0';
    struct keypair *pair = keypair_make(name, NULL, 0, &why);
    CU_ASSERT_PTR_NOT_NULL(pair);
    keypair_free(pair);
    CU_ASSERT_PTR_NULL(keypair_make("", NULL, 0, &why));

    const char *hosts[KEYPAIR_HOSTS_MAX + 1];
    for (size_t i = 0; i <= KEYPAIR_HOSTS_MAX; i++) {
        hosts[i] = "h.example";
    }
    pair = keypair_make("n", hosts, KEYPAIR_HOSTS_MAX, &why);
    CU_ASSERT_PTR_NOT_NULL(pair);
    keypair_free(pair);
    CU_ASSERT_PTR_NULL(keypair_make("n", hosts, KEYPAIR_HOSTS_MAX + 1, &why));
}

static void test_save_and_load(void) {
    char alone[TEMP_PATH_SIZE];
    char path[TEMP_PATH_SIZE];
    struct certs_why why = {""};
    struct stat status;
    struct keypair *pair = make();
    CU_ASSERT_EQUAL_FATAL(mkdir(temp_path(folder, "alone", alone), 0700), 0);
    CU_ASSERT_TRUE_FATAL(keypair_save(pair, temp_path(alone, "pair.pem", path), &why));
    CU_ASSERT_EQUAL(stat(path, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
    struct keypair *loaded = keypair_load(path, NULL, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(loaded);
    struct pin before = pin_of(pair);
    struct pin after = pin_of(loaded);
    CU_ASSERT_TRUE(pin_equal(&before, &after));
    /* A second save goes over the first and leaves nothing else in the folder. */
    struct keypair *other = make();
    CU_ASSERT_TRUE(keypair_save(other, path, &why));
    keypair_free(loaded);
    loaded = keypair_load(path, NULL, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(loaded);
    before = pin_of(other);
    after = pin_of(loaded);
    CU_ASSERT_TRUE(pin_equal(&before, &after));
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_EQUAL(rmdir(alone), 0);
    keypair_free(loaded);
    keypair_free(pair);
    keypair_free(other);
}

static void test_save_fails(void) {
    char path[TEMP_PATH_SIZE];
    struct certs_why why = {""};
    struct keypair *pair = make();
    CU_ASSERT_FALSE(keypair_save(pair, temp_path(folder, "missing/pair.pem", path), &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, path));
    keypair_free(pair);
}

static void test_open_makes_once(void) {
    char path[TEMP_PATH_SIZE];
    struct certs_why why = {""};
    bool made = false;
    struct keypair *one =
        keypair_open(temp_path(folder, "once.pem", path), "me", NULL, 0, &made, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(one);
    CU_ASSERT_TRUE(made);
    struct keypair *two = keypair_open(path, "me", NULL, 0, &made, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(two);
    CU_ASSERT_FALSE(made);
    struct pin a = pin_of(one);
    struct pin b = pin_of(two);
    CU_ASSERT_TRUE(pin_equal(&a, &b));
    keypair_free(one);
    keypair_free(two);
}

enum { RACERS = 4 };

struct race {
    const char *path;
    pthread_barrier_t *start;
    struct keypair *pair;
    bool made;
};

static void *race_open(void *argument) {
    struct race *race = argument;
    pthread_barrier_wait(race->start);
    race->pair = keypair_open(race->path, "me", NULL, 0, &race->made, NULL);
    return NULL;
}

static void test_open_race(void) {
    char path[TEMP_PATH_SIZE];
    pthread_barrier_t start;
    pthread_t threads[RACERS];
    struct race races[RACERS];
    temp_path(folder, "race.pem", path);
    pthread_barrier_init(&start, NULL, RACERS);
    for (size_t i = 0; i < RACERS; i++) {
        races[i] = (struct race){path, &start, NULL, false};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, race_open, &races[i]), 0);
    }
    int makers = 0;
    for (size_t i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(races[i].pair);
        struct pin first = pin_of(races[0].pair);
        struct pin pin = pin_of(races[i].pair);
        CU_ASSERT_TRUE(pin_equal(&first, &pin));
        makers += races[i].made;
    }
    CU_ASSERT_EQUAL(makers, 1);
    for (size_t i = 0; i < RACERS; i++) {
        keypair_free(races[i].pair);
    }
    pthread_barrier_destroy(&start);
}

static void expect_refusal(const char *certificate_path, const char *key_path, const char *says) {
    struct certs_why why = {""};
    CU_ASSERT_PTR_NULL(keypair_load(certificate_path, key_path, &why));
    if (!strstr(why.text, says)) {
        printf("\n  expected \"%s\" in: %s\n", says, why.text);
        CU_FAIL("another sentence");
    }
}

static void test_load_refuses(void) {
    char path[TEMP_PATH_SIZE];
    char good[TEMP_PATH_SIZE];
    static char large[KEYPAIR_FILE_MAX + 1];
    struct keypair *pair = make();
    CU_ASSERT_TRUE_FATAL(keypair_save(pair, temp_path(folder, "good.pem", good), NULL));
    expect_refusal(temp_path(folder, "absent.pem", path), NULL, "cannot be opened");
    expect_refusal(folder, NULL, "is not a file");
    temp_write(temp_path(folder, "empty.pem", path), "", 0);
    expect_refusal(path, NULL, "holds no certificate");
    memset(large, '\n', sizeof large);
    temp_write(temp_path(folder, "large.pem", path), large, sizeof large);
    expect_refusal(path, NULL, "is larger than 65536 bytes");
    temp_write(path, large, sizeof large - 1);
    expect_refusal(path, NULL, "holds no certificate");
    expect_refusal(good, path, "every user of this machine");
    chmod(path, 0600);
    expect_refusal(good, path, "holds no private key");
    chmod(good, 0604);
    expect_refusal(good, NULL, "every user of this machine");
    keypair_free(pair);
}

static void test_load_refuses_foreign_key(void) {
    char one[TEMP_PATH_SIZE];
    char two[TEMP_PATH_SIZE];
    struct keypair *pair = make();
    struct keypair *other = make();
    CU_ASSERT_TRUE_FATAL(keypair_save(pair, temp_path(folder, "one.pem", one), NULL));
    CU_ASSERT_TRUE_FATAL(keypair_save(other, temp_path(folder, "two.pem", two), NULL));
    expect_refusal(one, two, "is not the key of the first certificate");
    keypair_free(pair);
    keypair_free(other);
}

static void test_load_refuses_passphrase(void) {
    char path[TEMP_PATH_SIZE];
    char good[TEMP_PATH_SIZE];
    struct keypair *pair = make();
    CU_ASSERT_TRUE_FATAL(keypair_save(pair, temp_path(folder, "plain.pem", good), NULL));
    FILE *file = fopen(temp_path(folder, "locked.pem", path), "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    PEM_write_PKCS8PrivateKey(file, keypair_key(pair), EVP_aes_128_cbc(), "word", 4, NULL, NULL);
    fclose(file);
    chmod(path, 0600);
    expect_refusal(good, path, "pass phrase");
    keypair_free(pair);
}

/* Every cut and every changed character is refused or gives the same pair; nothing crashes. */
static void test_load_damaged(void) {
    char path[TEMP_PATH_SIZE];
    char text[4096];
    struct keypair *pair = make();
    CU_ASSERT_TRUE_FATAL(keypair_save(pair, temp_path(folder, "damaged.pem", path), NULL));
    size_t size = temp_read(path, text, sizeof text);
    struct pin expected = pin_of(pair);
    int refused = 0;
    for (size_t i = 0; i < size; i += 3) {
        struct certs_why why = {""};
        char kept = text[i];
        text[i] = (char)(kept == 'A' ? 'B' : 'A');
        temp_write(path, text, i % 2 ? i : size);
        text[i] = kept;
        struct keypair *loaded = keypair_load(path, NULL, &why);
        if (loaded) {
            struct pin pin = pin_of(loaded);
            CU_ASSERT_TRUE(pin_equal(&pin, &expected));
        } else {
            CU_ASSERT_TRUE(isprint((unsigned char)why.text[0]) && strchr(why.text, '.'));
            refused++;
        }
        keypair_free(loaded);
    }
    CU_ASSERT_TRUE(refused > (int)size / 6);
    keypair_free(pair);
}

static void test_load_chain(void) {
    char leaf[TEMP_PATH_SIZE];
    char chain[TEMP_PATH_SIZE];
    char text[8192];
    struct certs_why why = {""};
    struct keypair *pair = make();
    struct keypair *issuer = make();
    CU_ASSERT_TRUE_FATAL(keypair_save(pair, temp_path(folder, "leaf.pem", leaf), NULL));
    CU_ASSERT_TRUE_FATAL(keypair_save(issuer, temp_path(folder, "chain.pem", chain), NULL));
    size_t size = temp_read(leaf, text, sizeof text);
    size += temp_read(chain, text + size, sizeof text - size);
    temp_write(chain, text, size);
    struct keypair *loaded = keypair_load(chain, leaf, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(loaded);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    STACK_OF(X509) *sent = NULL;
    CU_ASSERT_TRUE(keypair_use(loaded, context, &why));
    CU_ASSERT_EQUAL(SSL_CTX_get0_chain_certs(context, &sent), 1);
    CU_ASSERT_EQUAL(sk_X509_num(sent), 1);
    CU_ASSERT_EQUAL(X509_cmp(sk_X509_value(sent, 0), keypair_certificate(issuer)), 0);
    SSL_CTX_free(context);
    keypair_free(loaded);
    keypair_free(issuer);
    keypair_free(pair);
}

static void test_signature(void) {
    uint8_t digest[SIGN_DIGEST_SIZE];
    struct signature signature;
    struct public_key exported;
    struct keypair *pair = make();
    struct keypair *other = make();
    CU_ASSERT_TRUE_FATAL(random_bytes(digest, sizeof digest));
    CU_ASSERT_TRUE_FATAL(sign_digest(keypair_key(pair), "test", digest, &signature));
    CU_ASSERT_TRUE(sign_key_export(keypair_key(pair), &exported));
    EVP_PKEY *key = sign_key_import(exported.bytes, exported.size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(key);
    CU_ASSERT_TRUE(sign_verify(key, "test", digest, signature.bytes, signature.size));
    CU_ASSERT_FALSE(sign_verify(key, "tesu", digest, signature.bytes, signature.size));
    CU_ASSERT_FALSE(sign_verify(key, "test", digest, signature.bytes, signature.size - 1));
    CU_ASSERT_FALSE(sign_verify(key, "test", digest, signature.bytes, 0));
    CU_ASSERT_FALSE(
        sign_verify(keypair_key(other), "test", digest, signature.bytes, signature.size));
    digest[0] ^= 1;
    CU_ASSERT_FALSE(sign_verify(key, "test", digest, signature.bytes, signature.size));
    EVP_PKEY_free(key);
    keypair_free(other);
    keypair_free(pair);
}

static void test_signature_other_keys(void) {
    static const uint8_t digest[SIGN_DIGEST_SIZE] = {1, 2, 3};
    EVP_PKEY *keys[] = {EVP_RSA_gen(2048), EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct signature signature;
        CU_ASSERT_PTR_NOT_NULL_FATAL(keys[i]);
        CU_ASSERT_TRUE(sign_digest(keys[i], "test", digest, &signature));
        CU_ASSERT_TRUE(sign_verify(keys[i], "test", digest, signature.bytes, signature.size));
        CU_ASSERT_FALSE(sign_verify(keys[i], "else", digest, signature.bytes, signature.size));
        EVP_PKEY_free(keys[i]);
    }
}

static void test_signature_bounds(void) {
    static const uint8_t digest[SIGN_DIGEST_SIZE] = {0};
    char purpose[SIGN_PURPOSE_MAX + 2];
    struct signature signature;
    struct public_key exported;
    struct keypair *pair = make();
    memset(purpose, 'p', sizeof purpose);
    purpose[SIGN_PURPOSE_MAX + 1] = '\0';
    CU_ASSERT_FALSE(sign_digest(keypair_key(pair), purpose, digest, &signature));
    purpose[SIGN_PURPOSE_MAX] = '\0';
    CU_ASSERT_TRUE(sign_digest(keypair_key(pair), purpose, digest, &signature));
    CU_ASSERT_TRUE_FATAL(sign_key_export(keypair_key(pair), &exported));
    CU_ASSERT_PTR_NULL(sign_key_import(exported.bytes, exported.size - 1));
    exported.bytes[exported.size] = 0;
    CU_ASSERT_PTR_NULL(sign_key_import(exported.bytes, exported.size + 1));
    CU_ASSERT_PTR_NULL(sign_key_import(exported.bytes, 0));
    keypair_free(pair);
}

static void test_foreign_certificate(void) {
    char certificate_path[TEMP_PATH_SIZE];
    char key_path[TEMP_PATH_SIZE];
    struct certs_why why = {""};
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_security_level(context, 2);
    temp_path(folder, "rsa-cert.pem", certificate_path);
    temp_path(folder, "rsa-key.pem", key_path);
    write_rsa(certificate_path, key_path, 2048);
    struct keypair *pair = keypair_load(certificate_path, key_path, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    CU_ASSERT_TRUE(keypair_use(pair, context, &why));
    struct pin of_key;
    struct pin of_certificate = pin_of(pair);
    CU_ASSERT_TRUE(pin_of_key(keypair_key(pair), &of_key));
    CU_ASSERT_TRUE(pin_equal(&of_key, &of_certificate));
    keypair_free(pair);
    write_rsa(certificate_path, key_path, 1024);
    pair = keypair_load(certificate_path, key_path, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    CU_ASSERT_FALSE(keypair_use(pair, context, &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "2048 bits"));
    keypair_free(pair);
    SSL_CTX_free(context);
}

static CU_TestInfo text_tests[] = {
    {"base64url follows its vectors", test_base64url_vectors},
    {"base64url has one spelling", test_base64url_one_spelling},
    {"base64url of any length", test_base64url_any},
    {"secrets are drawn and checked", test_secrets},
    {"SHA-256 follows its example", test_hash},
    {"a pin as text and back", test_pin_text},
    {"pins of two keys differ", test_pins_differ},
    CU_TEST_INFO_NULL,
};

static CU_TestInfo key_tests[] = {
    {"what a certificate says", test_certificate_content},
    {"hosts are data, not syntax", test_hosts_are_data},
    {"names at their bounds", test_name_bounds},
    {"save and load", test_save_and_load},
    {"save that fails", test_save_fails},
    {"open makes a pair once", test_open_makes_once},
    {"two that open at once share one pair", test_open_race},
    {"load refuses what is no pair", test_load_refuses},
    {"load refuses a foreign key", test_load_refuses_foreign_key},
    {"load refuses a pass phrase", test_load_refuses_passphrase},
    {"load of damaged files", test_load_damaged},
    {"load keeps the chain", test_load_chain},
    {"a certificate from elsewhere", test_foreign_certificate},
    CU_TEST_INFO_NULL,
};

static CU_TestInfo sign_tests[] = {
    {"a signature is good for its key, purpose and digest", test_signature},
    {"RSA and Ed25519 sign too", test_signature_other_keys},
    {"purposes and keys at their bounds", test_signature_bounds},
    CU_TEST_INFO_NULL,
};

static CU_SuiteInfo suites[] = {
    {"text", NULL, NULL, NULL, NULL, text_tests},
    {"keys", set_up, tear_down, NULL, NULL, key_tests},
    {"signatures", NULL, NULL, NULL, NULL, sign_tests},
    CU_SUITE_INFO_NULL,
};

int main(void) {
    return test_main(suites);
}
