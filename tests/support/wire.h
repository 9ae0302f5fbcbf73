/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what the tests of the codec share: a body of each action at chosen sizes, and files
 * under tests/unit/files.
 */
#ifndef SPAR_TESTS_SUPPORT_WIRE_H
#define SPAR_TESTS_SUPPORT_WIRE_H

#include "protocol/wire/event.h"

/* A body with every field of its action, required and optional. Numbers are at `row->max` or
 * `row->min`, texts and bytes have the longest or the shortest length; they borrow static memory.
 */
struct body wire_body(enum action act, bool longest);
/* Whether two bodies have the same action and the same fields, SECRET ones left out if not
 * `secrets`. */
bool wire_same_body(const struct body *a, const struct body *b, bool secrets);
/* A set of fields by these bits, the same ones in both of its words. */
field_set wire_chosen(uint64_t bits);
/* An exact heap copy, so that a sanitizer sees one byte too many; owned by the caller. */
char *wire_copy(const void *bytes, size_t len) __attribute__((returns_nonnull));
/* `found`, which must not be NULL. */
void *wire_need(void *found) __attribute__((returns_nonnull));
/* A whole file of tests/unit/files (the environment names the source folder), owned by the caller;
 * aborts if it cannot be read. */
char *wire_file(const char *name, size_t *len) __attribute__((returns_nonnull));

#endif
