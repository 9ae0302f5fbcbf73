/* SPDX-License-Identifier: ISC */
/*
 * pin.h: the pin of a key: SHA-256 of its public half as DER SubjectPublicKeyInfo (RFC 5280,
 * section 4.1.2.7), the same value as RFC 7469 pins. An invite link carries the server's; a seat is
 * owned by a client key's. A pin survives a new certificate over the same key.
 */
#ifndef SPAR_CERTS_PIN_H
#define SPAR_CERTS_PIN_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PIN_SIZE = 32,   /* bytes */
    PIN_LENGTH = 43, /* characters as base64url, without the end of the string */
};

struct pin {
    uint8_t bytes[PIN_SIZE];
};

/* The pin of a key (only its public half is read). False if OpenSSL cannot encode it. */
bool pin_of_key(const EVP_PKEY *key, struct pin *pin) __attribute__((warn_unused_result));

/* The pin of the SubjectPublicKeyInfo in a certificate, as it stands there. False for NULL: a peer
 * without one. */
bool pin_of_certificate(const X509 *certificate, struct pin *pin)
    __attribute__((warn_unused_result));

/* Whether two pins are the same, in constant time. */
bool pin_equal(const struct pin *a, const struct pin *b) __attribute__((warn_unused_result));

/* Writes the 43 characters of a pin and a zero. */
void pin_write(const struct pin *pin, char text[PIN_LENGTH + 1]);

/* Reads a pin from exactly `length` characters; false if they are not one (see base64url.h). */
bool pin_read(const char *text, size_t length, struct pin *pin) __attribute__((warn_unused_result));

#endif
