/* SPDX-License-Identifier: ISC */
/*
 * base64url.c: bytes in groups of three, characters in groups of four.
 *
 * Neither direction looks a value up in a table or leaves a copy behind: what is written may be a
 * secret.
 */
#include "protocol/text/base64url.h"

static char letter_of(uint32_t six) {
    return (char)(six < 26    ? 'A' + six
                  : six < 52  ? 'a' + (six - 26)
                  : six < 62  ? '0' + (six - 52)
                  : six == 62 ? '-'
                              : '_');
}

/* -1: not of the alphabet. */
static int six_of(char c) {
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '-'             ? 62
           : c == '_'             ? 63
                                  : -1;
}

void base64url_write(const uint8_t *bytes, size_t size, char *text) {
    uint32_t held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < size; i++) {
        held = (held << 8 | bytes[i]) & 0xffff;
        for (bits += 8; bits >= 6;) {
            bits -= 6;
            *text++ = letter_of(held >> bits & 0x3f);
        }
    }
    if (bits > 0) {
        *text++ = letter_of(held << (6 - bits) & 0x3f);
    }
    *text = '\0';
}

/* Whether all is of the alphabet and the bits past the last byte are zero. */
static bool is_canonical(const char *text, size_t length, size_t size) {
    int last = 0;
    for (size_t i = 0; i < length; i++) {
        last = six_of(text[i]);
        if (last < 0) {
            return false;
        }
    }
    unsigned past = (unsigned)(length * 6 - size * 8); /* 0, 2 or 4 */
    return ((unsigned)last & ((1U << past) - 1)) == 0;
}

bool base64url_read(const char *text, size_t length, uint8_t *bytes, size_t size) {
    uint32_t held = 0;
    unsigned bits = 0;
    if (size > SIZE_MAX / 8 || length != BASE64URL_LENGTH(size) ||
        !is_canonical(text, length, size)) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        held = (held << 6 | (uint32_t)six_of(text[i])) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *bytes++ = (uint8_t)(held >> bits);
        }
    }
    return true;
}
