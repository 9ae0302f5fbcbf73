/* SPDX-License-Identifier: ISC */
/*
 * text.c: what may be shown, and its width.
 *
 * Invariant: `kinds` rises, and its first entry is for code point 0.
 */
#include "protocol/text/text.h"

#include <limits.h>
#include <string.h>

#include "protocol/text/utf8.h"

enum { KIND_BITS = 3, REPLACEMENT = 0xfffd, ESCAPE = 0x1b };

/* From each of these code points up to the next one all are of one kind. */
static const uint32_t kinds[] = {
#define FROM(point, kind) (point) << KIND_BITS | TEXT_##kind,
#include "protocol/text/text_kinds.def"
#undef FROM
};
enum { KINDS = sizeof kinds / sizeof *kinds };

enum text_kind text_kind(uint32_t point) {
    if (point >= 0x20 && point < 0x7f) {
        return TEXT_NARROW;
    }
    if (point > 0x10ffff) {
        return TEXT_NONE;
    }
    size_t from = 0, to = KINDS; /* the last that begins at or before the point is in from..to-1 */
    while (to - from > 1) {
        size_t middle = from + (to - from) / 2;
        if (kinds[middle] >> KIND_BITS <= point) {
            from = middle;
        } else {
            to = middle;
        }
    }
    return (enum text_kind)(kinds[from] & ((1U << KIND_BITS) - 1));
}

/* Behind an ESC: how long the control sequence is that it starts, so that no "[31m" is left. */
static size_t sequence_length(const char *text, size_t len) {
    if (len == 0 || text[0] != '[') {
        return 0;
    }
    size_t i = 1;
    while (i < len && text[i] >= 0x20 && text[i] <= 0x3f) {
        i++;
    }
    return i < len && text[i] >= 0x40 && text[i] <= 0x7e ? i + 1 : i;
}

/* As text_next; *malformed: it stands for a byte that is no UTF-8. */
static uint32_t next(const char *text, size_t len, size_t *at, bool *malformed) {
    *malformed = false;
    while (*at < len) {
        uint32_t point;
        size_t used = utf8_decode(text + *at, len - *at, &point);
        *at += used > 0 ? used : 1;
        if (used == 0) {
            *malformed = true;
            return REPLACEMENT;
        }
        if (point == '\n' || point == 0x2028 || point == 0x2029) {
            return '\n';
        }
        if (point == '\t') {
            return ' ';
        }
        if (point == ESCAPE) {
            *at += sequence_length(text + *at, len - *at);
            continue;
        }
        enum text_kind kind = text_kind(point);
        if (kind != TEXT_HIDDEN) {
            return kind == TEXT_NONE ? REPLACEMENT : point;
        }
    }
    return 0;
}

uint32_t text_next(const char *text, size_t len, size_t *at) {
    bool malformed;
    return next(text, len, at, &malformed);
}

int text_width(uint32_t point) {
    enum text_kind kind = text_kind(point);
    return kind == TEXT_MARK ? 0 : kind == TEXT_WIDE ? 2 : 1;
}

int text_columns(struct span text) {
    int columns = 0;
    size_t at = 0;
    for (uint32_t c; columns < INT_MAX - 2 && (c = text_next(text.at, text.len, &at)) != 0;) {
        columns += text_width(c);
    }
    return columns;
}

void text_plain(struct span text, char *out, size_t size) {
    size_t used = 0, at = 0;
    bool malformed;
    for (uint32_t c; (c = next(text.at, text.len, &at, &malformed)) != 0;) {
        char bytes[UTF8_BYTES_MAX];
        size_t len = malformed ? 0 : utf8_encode(c == '\n' ? ' ' : c, bytes);
        if (used + len + 1 > size) {
            break;
        }
        memcpy(out + used, bytes, len);
        used += len;
    }
    out[used] = '\0';
}
