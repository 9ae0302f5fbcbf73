/* SPDX-License-Identifier: ISC */
/*
 * tls.h: the server's side of TLS: 1.3 only, ALPN "spar/1" or "http/1.1", no tickets, no early
 * data; a client certificate is asked for and any is accepted, since its key is the identity and
 * nobody vouches for it. A browser is asked for none: it would ask its user, and proves its key
 * later.
 *
 * A struct tls is immutable and counted: a reload makes a new one, and connections keep the one
 * that they began with. The count is atomic; everything may be called from any thread.
 */
#ifndef SPAR_SERVER_NET_TLS_H
#define SPAR_SERVER_NET_TLS_H

#include <openssl/types.h>

#include "certs/keypair.h"
#include "certs/pin.h"
#include "protocol/limits.h"

#define TLS_ALPN_HTTP "http/1.1"

struct tls;

/* cert_path "": the server's own key and certificate in `own_path`. If that is missing they are
 * made for the `host_count` names and addresses in `hosts`, but only where may_make says so. NULL
 * with *why. */
struct tls *tls_load(const char *cert_path, const char *key_path, const char *own_path,
                     const char *const *hosts, size_t host_count, bool may_make,
                     struct certs_why *why) __attribute__((warn_unused_result));
struct tls *tls_ref(struct tls *tls);
void tls_unref(struct tls *tls); /* NULL is fine */
/* A new server-side connection, or NULL: out of memory. */
SSL *tls_connection(const struct tls *tls) __attribute__((warn_unused_result));
/* The key that signs recordings; lives as long as tls. */
EVP_PKEY *tls_key(const struct tls *tls);
/* What links carry. */
const struct pin *tls_pin(const struct tls *tls);
/* Whether the certificate that this connection was shown names the host: a name, or an address
 * without brackets. */
bool tls_names(const SSL *ssl, const char *host);
/* SHA-256 of the public key of the certificate that the peer proved to hold. False: none. */
bool tls_peer_key(const SSL *ssl, uint8_t key[HASH_BYTES]) __attribute__((warn_unused_result));
/* The handshake is done, and nobody will ask for more of its keys than tls_peer_key: lets go of
 * them, and of what else the peer's certificate says. The connection goes on as before. */
void tls_forget_keys(SSL *ssl);

#endif
