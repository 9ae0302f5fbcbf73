/* SPDX-License-Identifier: ISC */
/*
 * why.c: writing the sentence.
 */
#include "protocol/text/why.h"

#include <stdarg.h>
#include <stdio.h>

bool why_not(char *out, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out, size, format, arguments);
    va_end(arguments);
    return false;
}
