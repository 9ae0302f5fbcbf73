/*
 * Purpose: pins of keys and certificates, and their text.
 */
#include "certs/pin.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "certs/base64url.h"

_Static_assert(BASE64URL_LENGTH(PIN_SIZE) == PIN_LENGTH, "a pin's text has its length");
_Static_assert((int)PIN_SIZE <= (int)BASE64URL_BYTES_MAX, "base64url_write cannot refuse a pin");

bool pin_of_key(const EVP_PKEY *key, struct pin *pin) {
    unsigned char *der = NULL;
    int size = key ? i2d_PUBKEY(key, &der) : 0;
    bool good =
        size > 0 && EVP_Digest(der, (size_t)size, pin->bytes, NULL, EVP_sha256(), NULL) == 1;
    OPENSSL_free(der);
    return good;
}

bool pin_of_certificate(const X509 *certificate, struct pin *pin) {
    return certificate && pin_of_key(X509_get0_pubkey(certificate), pin);
}

bool pin_equal(const struct pin *a, const struct pin *b) {
    return CRYPTO_memcmp(a->bytes, b->bytes, PIN_SIZE) == 0;
}

void pin_write(const struct pin *pin, char text[PIN_LENGTH + 1]) {
    if (!base64url_write(pin->bytes, PIN_SIZE, text)) {
        text[0] = '\0';
    }
}

bool pin_read(const char *text, size_t length, struct pin *pin) {
    return base64url_read(text, length, pin->bytes, PIN_SIZE);
}
