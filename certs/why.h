/* SPDX-License-Identifier: ISC */
/*
 * why.h: how the functions of certs/ tell a person why they refused: one sentence that says what
 * to do next. It never holds key material.
 */
#ifndef SPAR_CERTS_WHY_H
#define SPAR_CERTS_WHY_H

/* Bytes of the longest sentence, its end included; a longer one (a very long path) is cut. */
enum { CERTS_WHY_SIZE = 768 };

struct certs_why {
    char text[CERTS_WHY_SIZE];
};

/* Writes the sentence; `why` may be NULL, and then nothing happens. */
void certs_why_set(struct certs_why *why, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
