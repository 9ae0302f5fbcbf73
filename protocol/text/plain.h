/* SPDX-License-Identifier: ISC */
/*
 * plain.h: text that a person typed, made safe for a terminal's lines: every control character,
 * escape, bidi control and invisible character is left out.
 */
#ifndef SPAR_PROTOCOL_TEXT_PLAIN_H
#define SPAR_PROTOCOL_TEXT_PLAIN_H

#include "protocol/wire/action.h"

/* Writes as much as fits, whole characters only, and a NUL. Line ends become spaces. */
void plain_text(struct span text, char *out, size_t size);

#endif
