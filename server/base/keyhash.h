/* SPDX-License-Identifier: ISC */
/*
 * keyhash.h: a keyed hash for tables whose keys a peer can choose.
 *
 * SipHash-2-4 (Aumasson and Bernstein): without the key nobody can make keys that fall together.
 */
#ifndef SPAR_SERVER_BASE_KEYHASH_H
#define SPAR_SERVER_BASE_KEYHASH_H

#include <stddef.h>
#include <stdint.h>

struct keyhash {
    uint64_t k0, k1;
};

void keyhash_init(struct keyhash *key); /* a random key */
uint64_t keyhash(const struct keyhash *key, const void *bytes, size_t len);

#endif
