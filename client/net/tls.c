/* SPDX-License-Identifier: ISC */
/*
 * tls.c: the client's TLS context and the check of the server.
 */
#include "client/net/tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "certs/alpn.h"

/* Called by OpenSSL in place of its own chain check when the server's certificate has come, before
 * this side sends its certificate or any data. */
static int verify(X509_STORE_CTX *store, void *unused) {
    (void)unused;
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_check *check = SSL_get_app_data(ssl);
    if (check->has_pin) {
        struct pin pin;
        bool same = pin_of_certificate(X509_STORE_CTX_get0_cert(store), &pin) &&
                    pin_equal(&pin, &check->pin);
        check->verdict = same ? TLS_TRUSTED : TLS_WRONG_PIN;
        if (!same) {
            X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
        }
        return same;
    }
    int good = X509_verify_cert(store);
    check->verdict = good == 1 ? TLS_TRUSTED : TLS_UNTRUSTED;
    check->verify_error = X509_STORE_CTX_get_error(store);
    return good;
}

SSL_CTX *tls_context(const struct keypair *identity, struct certs_why *why) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL) {
        certs_why_set(why, "TLS could not be set up (out of memory).");
        return NULL;
    }
    bool good = SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 && alpn_offer(context);
    if (!good) {
        certs_why_set(why, "This machine's OpenSSL allows no TLS 1.3; update it.");
    }
    if (!good || !keypair_use(identity, context, why)) {
        SSL_CTX_free(context);
        return NULL;
    }
    /* Without any authority on the machine only links without a pin fail, each with its reason. */
    (void)SSL_CTX_set_default_verify_paths(context);
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, verify, NULL);
    ERR_clear_error();
    return context;
}

/* SNI is for names only (RFC 6066, section 3), and a certificate names addresses in another
 * field. */
static bool set_host(SSL *ssl, const struct tls_check *check) {
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(check->host);
    if (address != NULL) {
        ASN1_OCTET_STRING_free(address);
        return check->has_pin ||
               X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), check->host) == 1;
    }
    ERR_clear_error();
    return SSL_set_tlsext_host_name(ssl, check->host) == 1 &&
           (check->has_pin || SSL_set1_host(ssl, check->host) == 1);
}

SSL *tls_new(SSL_CTX *context, struct tls_check *check) {
    SSL *ssl = SSL_new(context);
    if (ssl == NULL) {
        return NULL;
    }
    check->verdict = TLS_UNSEEN;
    if (SSL_set_app_data(ssl, check) != 1 || !set_host(ssl, check)) {
        SSL_free(ssl);
        return NULL;
    }
    return ssl;
}
