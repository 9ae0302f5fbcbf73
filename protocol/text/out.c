/* SPDX-License-Identifier: ISC */
/*
 * out.c: growth, and what is appended.
 *
 * Invariant: while not failed and once written to, data[len] is NUL and len < cap.
 */
#include "protocol/text/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/utf8.h"

enum { OUT_FIRST_BYTES = 4096 };

void out_init(struct out *out) {
    *out = (struct out){0};
}

void out_free(struct out *out) {
    free(out->data);
    out_init(out);
}

/* Room for `more` bytes and a NUL. */
static bool out_grow(struct out *out, size_t more) {
    size_t cap = out->cap ? out->cap : OUT_FIRST_BYTES;
    if (out->failed || more > SIZE_MAX / 4 - out->len) {
        out->failed = true;
        return false;
    }
    while (cap < out->len + more + 1) {
        cap *= 2;
    }
    if (cap == out->cap) {
        return true;
    }
    char *data = realloc(out->data, cap);
    if (!data) {
        out->failed = true;
        return false;
    }
    out->data = data;
    out->cap = cap;
    return true;
}

void out_bytes(struct out *out, const char *bytes, size_t len) {
    if (out_grow(out, len)) {
        memcpy(out->data + out->len, bytes, len);
        out->len += len;
        out->data[out->len] = '\0';
    }
}

void out_raw(struct out *out, const char *text) {
    out_bytes(out, text, strlen(text));
}

void out_repeat(struct out *out, const char *text, int count) {
    for (int i = 0; i < count; i++) {
        out_raw(out, text);
    }
}

void out_print(struct out *out, const char *format, ...) {
    va_list first;
    va_list second;
    va_start(first, format);
    va_copy(second, first);
    int len = vsnprintf(NULL, 0, format, first);
    va_end(first);
    if (len < 0) {
        out->failed = true;
    } else if (out_grow(out, (size_t)len)) {
        vsnprintf(out->data + out->len, (size_t)len + 1, format, second);
        out->len += (size_t)len;
    }
    va_end(second);
}

void out_character(struct out *out, uint32_t point) {
    char bytes[UTF8_BYTES_MAX];
    out_bytes(out, bytes, utf8_encode(point, bytes));
}
