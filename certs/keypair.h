/* SPDX-License-Identifier: ISC */
/*
 * keypair.h: a private key with its certificate: made (P-256, self-signed), loaded from PEM files
 * and kept in one. Server and client use the same; for a person see certs/README.md.
 *
 * Invariants: the certificate always belongs to the key; a key file is written whole or not at all
 * and is readable by its owner only; no function ever asks for a pass phrase.
 */
#ifndef SPAR_CERTS_KEYPAIR_H
#define SPAR_CERTS_KEYPAIR_H

#include <openssl/ssl.h>
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "certs/why.h"

enum {
    KEYPAIR_FILE_MAX = 64 * 1024, /* bytes of a PEM file; a larger one is refused unread */
    KEYPAIR_NAME_MAX = 64,        /* characters of a common name (RFC 5280, ub-common-name) */
    KEYPAIR_HOSTS_MAX = 16,       /* addresses that one certificate names */
};

struct keypair;

/*
 * Makes a new P-256 key and a certificate over it that is signed by itself and has no end date
 * (RFC 5280, section 4.1.2.5): whoever checks it compares its pin, so a date would only be a day on
 * which every link breaks. `hosts` are the `host_count` DNS names and IP addresses to name in it
 * (NULL and 0: none). NULL with `why` on a bad name or if OpenSSL fails. Free with keypair_free.
 */
struct keypair *keypair_make(const char *name, const char *const *hosts, size_t host_count,
                             struct certs_why *why) __attribute__((warn_unused_result));

/*
 * Loads a certificate, the chain that follows it in its file, and the private key. `key_path` NULL:
 * the key is in the same file. Refused: a missing, foreign, too large or unreadable file, a pass
 * phrase, a key that is not the certificate's, a key file that every user of the machine may read.
 */
struct keypair *keypair_load(const char *certificate_path, const char *key_path,
                             struct certs_why *why) __attribute__((warn_unused_result));

/*
 * Writes key and certificates into the one PEM file `path`, mode 0600: a temporary file beside it
 * is synced and renamed over it, so that a crash leaves the old file or the new one.
 */
bool keypair_save(const struct keypair *pair, const char *path, struct certs_why *why)
    __attribute__((warn_unused_result));

/*
 * Loads `path`, or makes and saves a pair there if the file does not exist. Two processes that do
 * it at once end with the same pair: the second finds the first one's file and loads it. `made`
 * (may be NULL) says whether it is new.
 */
struct keypair *keypair_open(const char *path, const char *name, const char *const *hosts,
                             size_t host_count, bool *made, struct certs_why *why)
    __attribute__((warn_unused_result));

/*
 * Gives the pair to a TLS context: certificate, chain and key. The context takes references of its
 * own, so the pair may be freed afterwards. False with `why` if OpenSSL refuses (a key too weak).
 */
bool keypair_use(const struct keypair *pair, SSL_CTX *context, struct certs_why *why)
    __attribute__((warn_unused_result));

/* The key and the certificate; they live as long as the pair. */
EVP_PKEY *keypair_key(const struct keypair *pair);
X509 *keypair_certificate(const struct keypair *pair);

/* Frees the pair; NULL is fine. */
void keypair_free(struct keypair *pair);

#endif
