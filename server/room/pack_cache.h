/* SPDX-License-Identifier: ISC */
/*
 * pack_cache.h: one copy of each pack per worker, however many rooms run under it.
 *
 * Keyed by the SHA-256 of all parts, so no peer can make two packs meet. Belongs to one thread, as
 * packs do. The cache holds one reference of each; pack_cache_sweep drops those that nobody else
 * holds.
 */
#ifndef SPAR_SERVER_ROOM_PACK_CACHE_H
#define SPAR_SERVER_ROOM_PACK_CACHE_H

#include "protocol/pack/pack.h"

struct pack_cache;

/* NULL: out of memory. */
struct pack_cache *pack_cache_new(void) __attribute__((warn_unused_result));
void pack_cache_free(struct pack_cache *cache); /* NULL is fine */
/* A room_pack_source; cache: a struct pack_cache. A new reference, or NULL: not a valid pack, or no
 * memory. base: NULL, or a pack that this cache gave, to which the part is added. */
struct pack *pack_cache_get(void *cache, struct pack *base, enum pack_section part,
                            struct span bytes) __attribute__((warn_unused_result));
/* Drops packs that only the cache still holds. */
void pack_cache_sweep(struct pack_cache *cache);
/* How many packs it holds. */
unsigned pack_cache_count(const struct pack_cache *cache);

#endif
