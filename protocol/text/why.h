/* SPDX-License-Identifier: ISC */
/*
 * why.h: one sentence that says why not.
 */
#ifndef SPAR_PROTOCOL_TEXT_WHY_H
#define SPAR_PROTOCOL_TEXT_WHY_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the sentence, cut to size - 1 bytes. Always false, to be returned by who has it said. */
bool why_not(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
