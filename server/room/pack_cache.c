/* SPDX-License-Identifier: ISC */
/*
 * pack_cache.c: packs by the hash of what they are read from.
 *
 * Rooms of one pack are often loaded one after another, as when everybody comes back at once. So
 * what was hashed and found last is kept: a comparison of 30 KB costs a twentieth of its hash, and
 * a room's second opening need not have the first one written anew.
 */
#include "server/room/pack_cache.h"

#include <stdlib.h>
#include <string.h>

#include "certs/random.h"
#include "protocol/wire/mp.h"
#include "server/base/table.h"

struct cached_pack {
    struct table_entry of_table; /* first */
    uint8_t key[HASH_BYTES];
    uint8_t public_hash[HASH_BYTES];
    struct pack *pack;
};

/* A body and its hash. bytes: NULL for none. */
struct hashed {
    char *bytes;
    uint32_t len;
    uint8_t hash[HASH_BYTES];
};

struct pack_cache {
    struct hashed public_body, panel_body; /* hashed last */
    const struct cached_pack *last;        /* found or entered last; NULL: none */
    struct table packs;
};

struct pack_cache *pack_cache_new(void) {
    struct pack_cache *cache = calloc(1, sizeof *cache);
    if (cache != NULL) {
        table_init(&cache->packs, offsetof(struct cached_pack, key), HASH_BYTES);
    }
    return cache;
}

static void drop(struct pack_cache *cache, struct cached_pack *entry) {
    table_remove(&cache->packs, &entry->of_table);
    pack_unref(entry->pack);
    free(entry);
    cache->last = NULL;
}

static void drop_all(struct pack_cache *cache, bool unused_only) {
    struct table_entry *after;
    for (struct table_entry *at = table_next(&cache->packs, NULL); at != NULL; at = after) {
        struct cached_pack *entry = (struct cached_pack *)at;
        after = table_next(&cache->packs, at);
        if (!unused_only || entry->pack->refs == 1) {
            drop(cache, entry);
        }
    }
}

void pack_cache_free(struct pack_cache *cache) {
    if (cache == NULL) {
        return;
    }
    drop_all(cache, false);
    table_free(&cache->packs);
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

static const struct cached_pack *find(const struct pack_cache *cache,
                                      const uint8_t key[HASH_BYTES]) {
    return (const struct cached_pack *)table_find(&cache->packs, key);
}

/* Without memory for the entry the pack is merely not shared. */
static void enter(struct pack_cache *cache, const uint8_t key[HASH_BYTES],
                  const uint8_t public_hash[HASH_BYTES], struct pack *pack) {
    struct cached_pack *entry = calloc(1, sizeof *entry);
    if (entry == NULL) {
        return;
    }
    memcpy(entry->key, key, HASH_BYTES);
    memcpy(entry->public_hash, public_hash, HASH_BYTES);
    entry->pack = pack;
    if (table_add(&cache->packs, &entry->of_table)) {
        (void)pack_ref(pack);
        cache->last = entry;
    } else {
        free(entry);
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
    drop_all(cache, true);
}

unsigned pack_cache_count(const struct pack_cache *cache) {
    return cache->packs.count;
}
