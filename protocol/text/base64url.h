/* SPDX-License-Identifier: ISC */
/*
 * base64url.h: base64url without padding (RFC 4648, section 5), strict: every byte string has
 * exactly one text, so that a link cannot be written in two ways.
 */
#ifndef SPAR_PROTOCOL_TEXT_BASE64URL_H
#define SPAR_PROTOCOL_TEXT_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters that `bytes` bytes take, without the end of the string. */
#define BASE64URL_LENGTH(bytes) (((bytes)*4 + 2) / 3)

/* Writes `size` bytes as text, ended by a zero, into `text`, which has room for
 * BASE64URL_LENGTH(size) + 1 characters. */
void base64url_write(const uint8_t *bytes, size_t size, char *text);

/*
 * Reads exactly `size` bytes from the `length` characters at `text`. False, with `bytes` untouched,
 * if the text has another length, another alphabet, padding or set bits past its end.
 */
bool base64url_read(const char *text, size_t length, uint8_t *bytes, size_t size)
    __attribute__((warn_unused_result));

#endif
