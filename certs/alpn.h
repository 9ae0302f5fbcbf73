/* SPDX-License-Identifier: ISC */
/*
 * alpn.h: the name of Spar's protocol in the TLS handshake (RFC 7301).
 */
#ifndef SPAR_CERTS_ALPN_H
#define SPAR_CERTS_ALPN_H

#include <openssl/ssl.h>
#include <stdbool.h>

#define ALPN_SPAR      "spar/1"
#define ALPN_SPAR_WIRE "\6" ALPN_SPAR /* as it stands in a list: its length first */

/* A client offers spar/1 and nothing else. False: OpenSSL refused. */
bool alpn_offer(SSL_CTX *context) __attribute__((warn_unused_result));
/* Whether both sides agreed on spar/1. */
bool alpn_is_spar(const SSL *ssl);

#endif
