/* SPDX-License-Identifier: ISC */
/*
 * say.h: plain lines for whoever runs spar, on standard output or standard error.
 *
 * Whatever fills in a %s is made harmless and kept on one line (protocol/text/text.h), be it a
 * name, a path or a pack's title; the format's own words and line ends stand as they are. A width
 * counts columns, not bytes.
 */
#ifndef SPAR_CLIENT_NET_SAY_H
#define SPAR_CLIENT_NET_SAY_H

#include <stdarg.h>
#include <stdio.h>

#include "protocol/text/out.h"

/* Knows what Spar's lines need: d i u x c s %, with flags, width and precision, and the lengths h,
 * l, ll, z; anything else ends the program. */
void say(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_list(FILE *to, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
/* The same into a text. */
void say_into(struct out *out, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/* A text of several lines: its line ends stay. */
void say_text(FILE *to, const char *text);

#endif
