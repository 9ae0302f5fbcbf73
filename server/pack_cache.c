/*
 * pack_cache.c: a fixed array of chains, indexed by the first bytes of the key, which is a hash already.
 */
#include "server/pack_cache.h"

#include <bsd/sys/queue.h>
#include <stdlib.h>
#include <string.h>

#include "certs/random.h"

enum { CHAINS = 256 };

struct cached_pack {
    LIST_ENTRY(cached_pack) next;
    uint8_t key[HASH_BYTES];
    struct pack *pack;
};
LIST_HEAD(chain, cached_pack);

struct pack_cache {
    unsigned count;
    struct chain chains[CHAINS];
};

struct pack_cache *pack_cache_new(void) {
    return calloc(1, sizeof(struct pack_cache));
}

static void drop(struct pack_cache *cache, struct cached_pack *entry) {
    LIST_REMOVE(entry, next);
    pack_unref(entry->pack);
    free(entry);
    cache->count--;
}

void pack_cache_free(struct pack_cache *cache) {
    for (unsigned i = 0; cache != NULL && i < CHAINS; i++) {
        struct cached_pack *entry;
        struct cached_pack *after;
        LIST_FOREACH_SAFE(entry, &cache->chains[i], next, after) {
            drop(cache, entry);
        }
    }
    free(cache);
}

/*
 * The lengths' order is fixed by hashing each body on its own, then the two hashes. By OpenSSL, which uses the
 * processor's instructions for it: this runs over some 30 KB whenever a room is loaded.
 */
static bool key_of(struct span public_body, struct span panel_body, uint8_t key[HASH_BYTES]) {
    uint8_t both[2 * HASH_BYTES];
    return random_sha256(public_body.at, public_body.len, both) &&
           random_sha256(panel_body.at, panel_body.len, both + HASH_BYTES) &&
           random_sha256(both, sizeof both, key);
}

struct pack *pack_cache_get(void *opaque, struct span public_body, struct span panel_body) {
    struct pack_cache *cache = opaque;
    uint8_t key[HASH_BYTES];
    struct pack_fault fault;
    if (!key_of(public_body, panel_body, key)) {
        return pack_read(public_body, panel_body, &fault); /* merely not shared */
    }
    struct chain *chain = &cache->chains[key[0] % CHAINS];
    struct cached_pack *entry;
    LIST_FOREACH(entry, chain, next) {
        if (memcmp(entry->key, key, HASH_BYTES) == 0) {
            return pack_ref(entry->pack);
        }
    }
    struct pack *pack = pack_read(public_body, panel_body, &fault);
    entry = pack == NULL ? NULL : calloc(1, sizeof *entry);
    if (entry == NULL) {
        return pack; /* without memory for the entry the pack is merely not shared */
    }
    memcpy(entry->key, key, HASH_BYTES);
    entry->pack = pack_ref(pack);
    LIST_INSERT_HEAD(chain, entry, next);
    cache->count++;
    return pack;
}

void pack_cache_sweep(struct pack_cache *cache) {
    for (unsigned i = 0; i < CHAINS; i++) {
        struct cached_pack *entry;
        struct cached_pack *after;
        LIST_FOREACH_SAFE(entry, &cache->chains[i], next, after) {
            if (entry->pack->refs == 1) {
                drop(cache, entry);
            }
        }
    }
}

unsigned pack_cache_count(const struct pack_cache *cache) {
    return cache->count;
}
