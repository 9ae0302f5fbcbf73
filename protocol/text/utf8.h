/* SPDX-License-Identifier: ISC */
/*
 * utf8.h: UTF-8, strict, as table 3-7 of the Unicode standard has it: nothing overlong, no
 * surrogate, nothing above U+10FFFF.
 */
#ifndef SPAR_PROTOCOL_TEXT_UTF8_H
#define SPAR_PROTOCOL_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_BYTES_MAX = 4 }; /* of one character */

/* The bytes (1 to 4) of the character that text[0..left) begins with, and its code point; 0: it
 * begins with none. `left` is at least 1. */
size_t utf8_decode(const char *text, size_t left, uint32_t *point);
/* Writes a code point (a surrogate or one above U+10FFFF as U+FFFD); the bytes written. */
size_t utf8_encode(uint32_t point, char out[UTF8_BYTES_MAX]);
/* Whether all of it is UTF-8. U+0000 is. */
bool utf8_valid(const char *text, size_t len);

#endif
