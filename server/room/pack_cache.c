/* SPDX-License-Identifier: ISC */
/*
 * pack_cache.c: a fixed array of chains, indexed by the first bytes of the key, which is a hash
 * already.
 *
 * Rooms of one pack are often loaded one after another, as when everybody comes back at once. So
 * what was hashed and found last is kept: a comparison of 30 KB costs a twentieth of its hash, and
 * a room's second opening need not have the first one written anew.
 */
#include "server/room/pack_cache.h"

#include <bsd/sys/queue.h>
#include <stdlib.h>
#include <string.h>

#include "certs/random.h"
#include "protocol/wire/mp.h"

enum { CHAINS = 256 };

struct cached_pack {
    LIST_ENTRY(cached_pack) next;
    uint8_t key[HASH_BYTES];
    uint8_t public_hash[HASH_BYTES];
    struct pack *pack;
};
LIST_HEAD(chain, cached_pack);

/* A body and its hash. bytes: NULL for none. */
struct hashed {
    char *bytes;
    uint32_t len;
    uint8_t hash[HASH_BYTES];
};

struct pack_cache {
    unsigned count;
    struct hashed public_body, panel_body; /* hashed last */
    const struct cached_pack *last;        /* found or entered last; NULL: none */
    struct chain chains[CHAINS];
};

struct pack_cache *pack_cache_new(void) {
    return calloc(1, sizeof(struct pack_cache));
}

static void drop(struct pack_cache *cache, struct cached_pack *entry) {
    LIST_REMOVE(entry, next);
    pack_unref(entry->pack);
    free(entry);
    cache->last = NULL;
    cache->count--;
}

void pack_cache_free(struct pack_cache *cache) {
    if (cache == NULL) {
        return;
    }
    for (unsigned i = 0; i < CHAINS; i++) {
        struct cached_pack *entry;
        struct cached_pack *after;
        LIST_FOREACH_SAFE(entry, &cache->chains[i], next, after) {
            drop(cache, entry);
        }
    }
    free(cache->public_body.bytes);
    free(cache->panel_body.bytes);
    free(cache);
}

static void keep(struct hashed *last, struct span body, const uint8_t hash[HASH_BYTES]) {
    char *bytes = body.len > 0 ? malloc(body.len) : NULL;
    if (bytes != NULL) {
        free(last->bytes);
        memcpy(bytes, body.at, body.len);
        memcpy(last->hash, hash, HASH_BYTES);
        last->bytes = bytes;
        last->len = body.len;
    }
}

/* By OpenSSL, which uses the processor's instructions for it. */
static bool hash_of(struct hashed *last, struct span body, uint8_t hash[HASH_BYTES]) {
    if (last->bytes != NULL && last->len == body.len &&
        memcmp(last->bytes, body.at, body.len) == 0) {
        memcpy(hash, last->hash, HASH_BYTES);
        return true;
    }
    if (!random_sha256(body.at, body.len, hash)) {
        return false;
    }
    keep(last, body, hash);
    return true;
}

/* The lengths' order is fixed by hashing each body on its own, then the two hashes. */
static bool key_of(const uint8_t public_hash[HASH_BYTES], const uint8_t panel_hash[HASH_BYTES],
                   uint8_t key[HASH_BYTES]) {
    uint8_t both[2 * HASH_BYTES];
    memcpy(both, public_hash, HASH_BYTES);
    memcpy(both + HASH_BYTES, panel_hash, HASH_BYTES);
    return random_sha256(both, sizeof both, key);
}

static struct cached_pack *find(const struct pack_cache *cache, const uint8_t key[HASH_BYTES]) {
    struct cached_pack *entry;
    LIST_FOREACH(entry, &cache->chains[key[0] % CHAINS], next) {
        if (memcmp(entry->key, key, HASH_BYTES) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* Without memory for the entry the pack is merely not shared. */
static void enter(struct pack_cache *cache, const uint8_t key[HASH_BYTES],
                  const uint8_t public_hash[HASH_BYTES], struct pack *pack) {
    struct cached_pack *entry = calloc(1, sizeof *entry);
    if (entry != NULL) {
        memcpy(entry->key, key, HASH_BYTES);
        memcpy(entry->public_hash, public_hash, HASH_BYTES);
        entry->pack = pack_ref(pack);
        LIST_INSERT_HEAD(&cache->chains[key[0] % CHAINS], entry, next);
        cache->last = entry;
        cache->count++;
    }
}

/* base: as for a room_pack_source. */
static struct pack *read_pack(const struct pack *base, struct span public_body,
                              struct span panel_body) {
    struct pack_fault fault;
    struct mp_writer w;
    if (base == NULL) {
        return pack_read(public_body, panel_body, &fault);
    }
    mp_writer_init(&w);
    pack_write_public(&w, base);
    struct pack *pack = NULL;
    if (!w.failed) {
        pack = pack_read((struct span){w.data, (uint32_t)w.len}, panel_body, &fault);
    }
    mp_writer_free(&w);
    return pack;
}

static bool hash_of_base(struct pack_cache *cache, const struct pack *base,
                         uint8_t hash[HASH_BYTES]) {
    struct mp_writer w;
    if (cache->last != NULL && cache->last->pack == base) {
        memcpy(hash, cache->last->public_hash, HASH_BYTES);
        return true;
    }
    mp_writer_init(&w);
    pack_write_public(&w, base);
    bool good =
        !w.failed && hash_of(&cache->public_body, (struct span){w.data, (uint32_t)w.len}, hash);
    mp_writer_free(&w);
    return good;
}

struct pack *pack_cache_get(void *opaque, const struct pack *base, struct span public_body,
                            struct span panel_body) {
    struct pack_cache *cache = opaque;
    uint8_t public_hash[HASH_BYTES];
    uint8_t panel_hash[HASH_BYTES];
    uint8_t key[HASH_BYTES];
    bool good = base != NULL ? hash_of_base(cache, base, public_hash)
                             : hash_of(&cache->public_body, public_body, public_hash);
    if (!good || !hash_of(&cache->panel_body, panel_body, panel_hash) ||
        !key_of(public_hash, panel_hash, key)) {
        return read_pack(base, public_body, panel_body); /* merely not shared */
    }
    const struct cached_pack *entry = find(cache, key);
    if (entry != NULL) {
        cache->last = entry;
        return pack_ref(entry->pack);
    }
    struct pack *pack = read_pack(base, public_body, panel_body);
    if (pack != NULL) {
        enter(cache, key, public_hash, pack);
    }
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
