/* SPDX-License-Identifier: ISC */
/*
 * span.c: comparing and copying spans.
 */
#include "protocol/text/span.h"

#include <string.h>

#include "protocol/limits.h"

struct span span_of(const char *text) {
    return (struct span){text, (uint32_t)strlen(text)};
}

void span_copy(struct span span, char *out, size_t size) {
    size_t len = span.len < size ? span.len : size - 1;
    if (len > 0) {
        memcpy(out, span.at, len);
    }
    out[len] = '\0';
}

/* Most comparisons are of ids in a list, and end at the first character. */
bool span_equal(struct span span, const char *text) {
    if (span.len > 0 && span.at[0] != text[0]) {
        return false;
    }
    return strlen(text) == span.len && memcmp(span.at, text, span.len) == 0;
}

bool span_is_id(struct span span) {
    for (uint32_t i = 0; i < span.len; i++) {
        char c = span.at[i];
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
            return false;
        }
    }
    return span.len == ROOM_ID_BYTES;
}
