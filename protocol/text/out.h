/* SPDX-License-Identifier: ISC */
/*
 * out.h: a growing text.
 *
 * The first failed allocation sticks: later calls do nothing, so a writer checks `failed` once, at
 * the end. No I/O.
 */
#ifndef SPAR_PROTOCOL_TEXT_OUT_H
#define SPAR_PROTOCOL_TEXT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct out {
    char *data; /* NUL-terminated once anything was written; NULL before */
    size_t len, cap;
    bool failed;
};

void out_init(struct out *out);
void out_free(struct out *out);
/* Our own words, as they are. */
void out_raw(struct out *out, const char *text);
void out_bytes(struct out *out, const char *bytes, size_t len);
void out_repeat(struct out *out, const char *text, int count);
void out_print(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A code point as UTF-8. */
void out_character(struct out *out, uint32_t point);

#endif
