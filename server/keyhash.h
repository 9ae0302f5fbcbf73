/*
 * keyhash.h: a keyed hash for tables whose keys a peer can choose.
 *
 * SipHash-2-4 (Aumasson and Bernstein): without the key nobody can make keys that fall together. To use
 * with uthash's _BYHASHVALUE forms.
 */
#ifndef SPAR_SERVER_KEYHASH_H
#define SPAR_SERVER_KEYHASH_H

#include <stddef.h>
#include <stdint.h>

struct keyhash {
    uint64_t k0, k1;
};

void keyhash_init(struct keyhash *key); /* a random key */
uint64_t keyhash64(const struct keyhash *key, const void *bytes, size_t len);
/* The form that uthash takes. */
static inline unsigned keyhash(const struct keyhash *key, const void *bytes, size_t len) {
    return (unsigned)keyhash64(key, bytes, len);
}

#endif
