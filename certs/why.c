/* SPDX-License-Identifier: ISC */
/*
 * why.c: writes the sentence that explains a refusal.
 */
#include "certs/why.h"

#include <stdarg.h>
#include <stdio.h>

void certs_why_set(struct certs_why *why, const char *format, ...) {
    if (!why) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
}
