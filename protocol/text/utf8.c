/* SPDX-License-Identifier: ISC */
/*
 * utf8.c: reading and writing characters. The one place that knows the form of UTF-8.
 */
#include "protocol/text/utf8.h"

#include <string.h>

/* Length of a sequence by its first byte, 0 if none begins so; and the bounds of the second byte,
 * which rule out what is overlong, a surrogate or above U+10FFFF. */
static size_t sequence(uint8_t first, uint8_t *low, uint8_t *high) {
    *low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    *high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (first < 0xc2) {
        return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

size_t utf8_decode(const char *text, size_t left, uint32_t *point) {
    const uint8_t *at = (const uint8_t *)text;
    uint8_t low, high;
    if (at[0] < 0x80) {
        *point = at[0];
        return 1;
    }
    size_t len = sequence(at[0], &low, &high);
    if (len == 0 || left < len || at[1] < low || at[1] > high) {
        return 0;
    }
    uint32_t value = at[0] & (0x7fU >> len);
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (at[i] & 0x3fU);
    }
    *point = value;
    return len;
}

size_t utf8_encode(uint32_t point, char out[UTF8_BYTES_MAX]) {
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
        point = 0xfffd;
    }
    size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = len; i-- > 1;) {
        out[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    out[0] = (char)(lead[len] | point);
    return len;
}

bool utf8_valid(const char *text, size_t len) {
    while (len > 0) {
        uint64_t word;
        uint32_t point;
        if (len >= sizeof word) {
            memcpy(&word, text, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                text += sizeof word;
                len -= sizeof word;
                continue;
            }
        }
        size_t used = utf8_decode(text, len, &point);
        if (used == 0) {
            return false;
        }
        text += used;
        len -= used;
    }
    return true;
}
