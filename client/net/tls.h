/* SPDX-License-Identifier: ISC */
/*
 * tls.h: the client's side of TLS: 1.3 only, ALPN spar/1, its own key offered, and the server's key
 * checked against the link's pin inside the handshake, so before a byte of ours is sent that a
 * stranger could use.
 */
#ifndef SPAR_CLIENT_NET_TLS_H
#define SPAR_CLIENT_NET_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "certs/keypair.h"
#include "certs/pin.h"
#include "protocol/wire/invite.h"

enum tls_verdict { TLS_UNSEEN, TLS_TRUSTED, TLS_WRONG_PIN, TLS_UNTRUSTED };

/* What the verify callback compares with and leaves behind. Must outlive the SSL objects. */
struct tls_check {
    char host[INVITE_HOST_MAX + 1];
    bool has_pin; /* false: the machine's certificate authorities decide, and the name must match */
    struct pin pin;
    enum tls_verdict verdict;
    long verify_error; /* X509_V_ERR_…, for TLS_UNTRUSTED */
};

/* A context for connections by this key. NULL with `why` on failure; freed with SSL_CTX_free. */
SSL_CTX *tls_context(const struct keypair *identity, struct certs_why *why)
    __attribute__((warn_unused_result));
/* A connection that will be checked with `check`. NULL: out of memory. */
SSL *tls_new(SSL_CTX *context, struct tls_check *check) __attribute__((warn_unused_result));

#endif
