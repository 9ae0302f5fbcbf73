/* SPDX-License-Identifier: ISC */
/*
 * plain.c: stripping what could move a terminal's cursor or turn its text around.
 */
#include "protocol/text/plain.h"

#include <string.h>

/* Length of the UTF-8 sequence at `at` and its code point; 0: not one. */
static uint32_t decode(const unsigned char *at, uint32_t left, uint32_t *point) {
    uint32_t len = at[0] < 0x80 ? 1 : at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if ((at[0] >= 0x80 && at[0] < 0xc2) || at[0] > 0xf4 || len > left) {
        return 0;
    }
    *point = len == 1 ? at[0] : at[0] & (0x7fU >> len);
    for (uint32_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
        *point = *point << 6 | (at[i] & 0x3f);
    }
    return len;
}

/* C0, C1, zero-width, bidi controls, line and paragraph separators, tags, byte order mark, soft
 * hyphen. */
static bool hidden(uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0xad || point == 0x61c ||
           point == 0x180e || (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
           point == 0xfeff || (point >= 0xfff9 && point <= 0xfffb) ||
           (point >= 0xe0000 && point <= 0xe007f);
}

void plain_text(struct span text, char *out, size_t size) {
    size_t used = 0;
    for (uint32_t i = 0; i < text.len;) {
        const unsigned char *at = (const unsigned char *)text.at + i;
        uint32_t point = 0;
        uint32_t len = decode(at, text.len - i, &point);
        if (len == 0) {
            i++;
            continue;
        }
        i += len;
        const void *from = at;
        if (point == '\n' || point == '\t' || point == 0x2028 || point == 0x2029) {
            from = " ";
            len = 1;
        } else if (hidden(point)) {
            continue;
        }
        if (used + len + 1 > size) {
            break;
        }
        memcpy(out + used, from, len);
        used += len;
    }
    out[used] = '\0';
}
