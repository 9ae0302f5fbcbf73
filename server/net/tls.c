/* SPDX-License-Identifier: ISC */
/*
 * tls.c: builds the TLS context. Cheap handshakes: no chain is built or checked for a client's
 * certificate; that the client holds its key is proved by TLS itself.
 *
 * OpenSSL keeps the peer's certificate and the keys of the exchange as long as the connection, a
 * tenth of its memory, and has no call that drops them. With no tickets, no renegotiation in TLS
 * 1.3 and no second certificate asked for, nothing reads them any more: so they are emptied where
 * they are.
 */
#include "server/net/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "certs/alpn.h"

struct tls {
    atomic_uint refs;
    SSL_CTX *context;
    struct keypair *pair;
    struct pin pin;
};

/* In the order of our liking. */
static const unsigned char wire_alpn[] = ALPN_SPAR_WIRE "\10" TLS_ALPN_HTTP;

static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                       const unsigned char *in, unsigned in_len, void *arg) {
    (void)arg;
    unsigned char *chosen = NULL;
    if (SSL_select_next_proto(&chosen, out_len, wire_alpn, sizeof wire_alpn - 1, in, in_len) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    if (*out_len == sizeof TLS_ALPN_HTTP - 1) {
        SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int accept_any(X509_STORE_CTX *store, void *arg) {
    (void)store;
    (void)arg;
    return 1;
}

static SSL_CTX *context_new(const struct keypair *pair, struct certs_why *why) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL || !SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) ||
        !SSL_CTX_set_num_tickets(context, 0) || !SSL_CTX_set_max_early_data(context, 0) ||
        !SSL_CTX_set1_groups_list(context, "X25519:P-256")) {
        certs_why_set(why, "OpenSSL cannot set up TLS 1.3; check its installation.");
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, accept_any, NULL);
    SSL_CTX_set_alpn_select_cb(context, choose_alpn, NULL);
    if (!keypair_use(pair, context, why)) {
        SSL_CTX_free(context);
        return NULL;
    }
    return context;
}

struct tls *tls_load(const char *cert_path, const char *key_path, const char *own_path,
                     const char *const *hosts, size_t host_count, bool may_make,
                     struct certs_why *why) {
    struct tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL) {
        certs_why_set(why, "There is no memory left; free some and try again.");
        return NULL;
    }
    atomic_init(&tls->refs, 1);
    if (cert_path[0] != '\0') {
        tls->pair = keypair_load(cert_path, key_path, why);
    } else if (may_make) {
        tls->pair = keypair_open(own_path, "spar server", hosts, host_count, NULL, why);
    } else {
        tls->pair = keypair_load(own_path, NULL, why);
    }
    tls->context = tls->pair == NULL ? NULL : context_new(tls->pair, why);
    if (tls->context == NULL) {
        tls_unref(tls);
        return NULL;
    }
    if (!pin_of_certificate(keypair_certificate(tls->pair), &tls->pin)) {
        certs_why_set(why, "OpenSSL cannot encode the certificate's key; use another one.");
        tls_unref(tls);
        return NULL;
    }
    return tls;
}

struct tls *tls_ref(struct tls *tls) {
    atomic_fetch_add_explicit(&tls->refs, 1, memory_order_relaxed);
    return tls;
}

void tls_unref(struct tls *tls) {
    if (tls == NULL || atomic_fetch_sub_explicit(&tls->refs, 1, memory_order_acq_rel) > 1) {
        return;
    }
    SSL_CTX_free(tls->context);
    keypair_free(tls->pair);
    free(tls);
}

SSL *tls_connection(const struct tls *tls) {
    return SSL_new(tls->context);
}

EVP_PKEY *tls_key(const struct tls *tls) {
    return keypair_key(tls->pair);
}

const struct pin *tls_pin(const struct tls *tls) {
    return &tls->pin;
}

bool tls_names(const SSL *ssl, const char *host) {
    X509 *certificate = SSL_get_certificate(ssl);
    return certificate != NULL && (X509_check_ip_asc(certificate, host, 0) == 1 ||
                                   X509_check_host(certificate, host, 0, 0, NULL) == 1);
}

bool tls_peer_key(const SSL *ssl, uint8_t key[HASH_BYTES]) {
    struct pin pin;
    if (!pin_of_certificate(SSL_get0_peer_certificate(ssl), &pin)) {
        return false;
    }
    memcpy(key, pin.bytes, HASH_BYTES);
    return true;
}

/* What EVP_PKEY_set_type makes of it is a key without anything in it, whatever the type. */
static void empty_key(EVP_PKEY *key) {
    if (key != NULL) {
        (void)EVP_PKEY_set_type(key, EVP_PKEY_EC);
    }
}

static void empty_name(X509_NAME *name) {
    for (int left = X509_NAME_entry_count(name); left > 0; left--) {
        X509_NAME_ENTRY_free(X509_NAME_delete_entry(name, left - 1));
    }
}

static void empty_certificate(X509 *certificate) {
    empty_key(X509_get0_pubkey(certificate));
    empty_name(X509_get_subject_name(certificate));
    empty_name(X509_get_issuer_name(certificate));
    for (int left = X509_get_ext_count(certificate); left > 0; left--) {
        X509_EXTENSION_free(X509_delete_ext(certificate, left - 1));
    }
}

void tls_forget_keys(SSL *ssl) {
    X509 *certificate = SSL_get0_peer_certificate(ssl);
    EVP_PKEY *own = NULL, *others = NULL;
    (void)SSL_get_tmp_key(ssl, &own);
    (void)SSL_get_peer_tmp_key(ssl, &others);
    empty_key(own);
    empty_key(others);
    EVP_PKEY_free(own);
    EVP_PKEY_free(others);
    if (certificate != NULL) {
        empty_certificate(certificate);
    }
}
