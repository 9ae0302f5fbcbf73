/* SPDX-License-Identifier: ISC */
/*
 * keypair_parts.h: what keypair.c (making, using), keypair_file.c (loading, saving) share and
 * nobody else sees.
 */
#ifndef SPAR_CERTS_KEYPAIR_PARTS_H
#define SPAR_CERTS_KEYPAIR_PARTS_H

#include <openssl/x509.h>

#include "certs/keypair.h"

struct keypair {
    EVP_PKEY *key;
    X509 *certificate;
    STACK_OF(X509) * chain; /* intermediate certificates in the order of the file; may be empty */
};

/* An empty pair, or NULL without memory. */
struct keypair *keypair_new(struct certs_why *why) __attribute__((warn_unused_result));

#endif
