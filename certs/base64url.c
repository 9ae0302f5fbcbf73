/* SPDX-License-Identifier: ISC */
/*
 * base64url.c: base64url on top of OpenSSL's base64. Reading checks itself by writing the result
 * again: what does not come out as the same text was not canonical.
 */
#include "certs/base64url.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

/* Room for the padded text of BASE64URL_BYTES_MAX bytes and its end. */
enum { PADDED_MAX = (BASE64URL_BYTES_MAX + 2) / 3 * 4 + 1 };

bool base64url_write(const uint8_t *bytes, size_t size, char *text) {
    char padded[PADDED_MAX];
    if (size > BASE64URL_BYTES_MAX) {
        return false;
    }
    EVP_EncodeBlock((unsigned char *)padded, bytes, (int)size);
    size_t length = BASE64URL_LENGTH(size);
    for (size_t i = 0; i < length; i++) {
        text[i] = (char)(padded[i] == '+' ? '-' : padded[i] == '/' ? '_' : padded[i]);
    }
    text[length] = '\0';
    OPENSSL_cleanse(padded, sizeof padded);
    return true;
}

/* The standard alphabet with padding, as OpenSSL wants it; what is foreign stays foreign. */
static size_t to_padded(const char *text, size_t length, char *padded) {
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        padded[i] = (char)(c == '-' ? '+' : c == '_' ? '/' : c);
    }
    while (length % 4 != 0) {
        padded[length++] = '=';
    }
    return length;
}

bool base64url_read(const char *text, size_t length, uint8_t *bytes, size_t size) {
    char padded[PADDED_MAX];
    char again[PADDED_MAX];
    uint8_t decoded[PADDED_MAX];
    if (size > BASE64URL_BYTES_MAX || length != BASE64URL_LENGTH(size)) {
        return false;
    }
    size_t full = to_padded(text, length, padded);
    bool good = full == 0 ||
                EVP_DecodeBlock(decoded, (const unsigned char *)padded, (int)full) >= (int)size;
    good = good && base64url_write(decoded, size, again) && CRYPTO_memcmp(again, text, length) == 0;
    if (good && size > 0) {
        memcpy(bytes, decoded, size);
    }
    OPENSSL_cleanse(padded, sizeof padded);
    OPENSSL_cleanse(again, sizeof again);
    OPENSSL_cleanse(decoded, sizeof decoded);
    return good;
}
