/* SPDX-License-Identifier: ISC */
/*
 * pin.c: pins of keys and certificates, and their text.
 */
#include "certs/pin.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "protocol/text/base64url.h"

_Static_assert(BASE64URL_LENGTH(PIN_SIZE) == PIN_LENGTH, "a pin's text has its length");

/* Takes der. */
static bool pin_of_der(unsigned char *der, int size, struct pin *pin) {
    bool good =
        size > 0 && EVP_Digest(der, (size_t)size, pin->bytes, NULL, EVP_sha256(), NULL) == 1;
    OPENSSL_free(der);
    return good;
}

bool pin_of_key(const EVP_PKEY *key, struct pin *pin) {
    unsigned char *der = NULL;
    int size = key ? i2d_PUBKEY(key, &der) : 0;
    return pin_of_der(der, size, pin);
}

/* What the certificate itself holds: to encode its key anew costs OpenSSL a tenth of a
 * handshake. */
bool pin_of_certificate(const X509 *certificate, struct pin *pin) {
    unsigned char *der = NULL;
    int size = certificate ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der) : 0;
    return pin_of_der(der, size, pin);
}

bool pin_equal(const struct pin *a, const struct pin *b) {
    return CRYPTO_memcmp(a->bytes, b->bytes, PIN_SIZE) == 0;
}

void pin_write(const struct pin *pin, char text[PIN_LENGTH + 1]) {
    base64url_write(pin->bytes, PIN_SIZE, text);
}

bool pin_read(const char *text, size_t length, struct pin *pin) {
    return base64url_read(text, length, pin->bytes, PIN_SIZE);
}
