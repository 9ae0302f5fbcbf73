/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a connection whose handshake's keys are forgotten goes on as before, both ways and
 * through an update of its keys, and its peer is still known by its key.
 */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>

#include "certs/alpn.h"
#include "server/net/tls.h"
#include "tests/support/temp.h"
#include "tests/support/test_main.h"

enum { STEPS_MAX = 16 };

struct line {
    char folder[TEMP_PATH_SIZE];
    struct tls *tls;
    SSL_CTX *client_tls;
    SSL *server, *client;
    uint8_t key[HASH_BYTES]; /* of the client */
};

static SSL_CTX *client_tls(uint8_t key[HASH_BYTES]) {
    struct certs_why why;
    struct pin pin;
    struct keypair *pair = keypair_make("client", NULL, 0, &why);
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    CU_ASSERT_FATAL(keypair_use(pair, tls, &why) &&
                    pin_of_certificate(keypair_certificate(pair), &pin) && alpn_offer(tls));
    memcpy(key, pin.bytes, HASH_BYTES);
    keypair_free(pair);
    return tls;
}

static void line_open(struct line *line) {
    struct certs_why why;
    BIO *one, *other;
    char path[TEMP_PATH_SIZE];
    temp_make(line->folder);
    line->tls = tls_load("", "", temp_path(line->folder, "server.pem", path), NULL, 0, true, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(line->tls);
    line->client_tls = client_tls(line->key);
    line->server = tls_connection(line->tls);
    line->client = SSL_new(line->client_tls);
    CU_ASSERT_FATAL(BIO_new_bio_pair(&one, 0, &other, 0) == 1);
    SSL_set_bio(line->server, one, one);
    SSL_set_bio(line->client, other, other);
    SSL_set_accept_state(line->server);
    SSL_set_connect_state(line->client);
    for (int i = 0; i < STEPS_MAX && !SSL_is_init_finished(line->server); i++) {
        (void)SSL_do_handshake(line->client);
        (void)SSL_do_handshake(line->server);
    }
    CU_ASSERT_FATAL(SSL_is_init_finished(line->server) && SSL_is_init_finished(line->client));
    ERR_clear_error();
}

static void line_close(struct line *line) {
    SSL_free(line->server);
    SSL_free(line->client);
    SSL_CTX_free(line->client_tls);
    tls_unref(line->tls);
    temp_remove(line->folder);
}

static bool says(SSL *from, SSL *to) {
    char heard[8] = "";
    return SSL_write(from, "hear me", 8) == 8 && SSL_read(to, heard, sizeof heard) == 8 &&
           strcmp(heard, "hear me") == 0;
}

static bool is_client(const struct line *line) {
    uint8_t key[HASH_BYTES];
    return tls_peer_key(line->server, key) && memcmp(key, line->key, HASH_BYTES) == 0;
}

static void test_goes_on(void) {
    struct line line;
    line_open(&line);
    CU_ASSERT(is_client(&line));
    tls_forget_keys(line.server);
    CU_ASSERT_EQUAL(ERR_peek_error(), 0);
    CU_ASSERT(is_client(&line));
    CU_ASSERT(says(line.client, line.server) && says(line.server, line.client));
    CU_ASSERT_EQUAL(SSL_key_update(line.client, SSL_KEY_UPDATE_REQUESTED), 1);
    CU_ASSERT(says(line.client, line.server) && says(line.server, line.client));
    tls_forget_keys(line.server); /* twice is fine */
    CU_ASSERT(says(line.client, line.server) && says(line.server, line.client));
    line_close(&line);
}

/* Without this, nothing would be gained. */
static void test_is_empty(void) {
    struct line line;
    EVP_PKEY *own = NULL, *others = NULL;
    line_open(&line);
    X509 *certificate = SSL_get0_peer_certificate(line.server);
    CU_ASSERT_PTR_NOT_NULL_FATAL(certificate);
    CU_ASSERT_TRUE_FATAL(SSL_get_tmp_key(line.server, &own) &&
                         SSL_get_peer_tmp_key(line.server, &others));
    CU_ASSERT(EVP_PKEY_get_bits(X509_get0_pubkey(certificate)) > 0);
    CU_ASSERT(X509_get_ext_count(certificate) > 0);
    tls_forget_keys(line.server);
    CU_ASSERT_EQUAL(EVP_PKEY_get_size(X509_get0_pubkey(certificate)), 0);
    CU_ASSERT_EQUAL(EVP_PKEY_get_size(own), 0);
    CU_ASSERT_EQUAL(EVP_PKEY_get_size(others), 0);
    CU_ASSERT_EQUAL(X509_get_ext_count(certificate), 0);
    CU_ASSERT_EQUAL(X509_NAME_entry_count(X509_get_subject_name(certificate)), 0);
    EVP_PKEY_free(own);
    EVP_PKEY_free(others);
    line_close(&line);
}

static CU_TestInfo tests[] = {
    {"a connection goes on without the keys of its handshake", test_goes_on},
    {"the keys and the certificate are empty", test_is_empty},
    CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"tls", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
int main(void) {
    return test_main(suites);
}
