/* SPDX-License-Identifier: ISC */
/*
 * pack_cache.c: packs by the hash of what they are read from.
 *
 * A pack's key is the hash of its base's key, of the section that was added to it, and of the
 * section's bytes. Rooms of one pack are often loaded one after another, as when everybody comes
 * back at once. So what was hashed and found last is kept: a comparison of 30 KB costs a twentieth
 * of its hash.
 */
#include "server/room/pack_cache.h"

#include <stdlib.h>
#include <string.h>

#include "certs/random.h"
#include "server/base/table.h"

struct cached_pack {
    struct table_entry of_table; /* first */
    uint8_t key[HASH_BYTES];
    struct pack *pack;
};

/* A section's bytes and their hash. bytes: NULL for none. */
struct hashed {
    char *bytes;
    uint32_t len;
    uint8_t hash[HASH_BYTES];
};

struct pack_cache {
    struct hashed sections[PACK_SECTIONS]; /* of each kind the one hashed last */
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
    for (int i = 0; i < PACK_SECTIONS; i++) {
        free(cache->sections[i].bytes);
    }
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

/* The entry of a pack that this cache gave, or NULL. */
static const struct cached_pack *entry_of(const struct pack_cache *cache, const struct pack *pack) {
    if (cache->last != NULL && cache->last->pack == pack) {
        return cache->last;
    }
    const struct table_entry *at = table_next(&cache->packs, NULL);
    while (at != NULL && ((const struct cached_pack *)at)->pack != pack) {
        at = table_next(&cache->packs, at);
    }
    return (const struct cached_pack *)at;
}

/* False: it has none, as the base is not from here or there is no memory. */
static bool key_of(struct pack_cache *cache, const struct pack *base, enum pack_section section,
                   struct span bytes, uint8_t key[HASH_BYTES]) {
    uint8_t whole[2 * HASH_BYTES + 1] = {0};
    const struct cached_pack *entry = base != NULL ? entry_of(cache, base) : NULL;
    if (base != NULL && entry == NULL) {
        return false;
    }
    if (entry != NULL) {
        memcpy(whole, entry->key, HASH_BYTES);
    }
    whole[HASH_BYTES] = (uint8_t)section;
    return hash_of(&cache->sections[section], bytes, whole + HASH_BYTES + 1) &&
           random_sha256(whole, sizeof whole, key);
}

static const struct cached_pack *find(const struct pack_cache *cache,
                                      const uint8_t key[HASH_BYTES]) {
    return (const struct cached_pack *)table_find(&cache->packs, key);
}

/* Without memory for the entry the pack is merely not shared. */
static void enter(struct pack_cache *cache, const uint8_t key[HASH_BYTES], struct pack *pack) {
    struct cached_pack *entry = calloc(1, sizeof *entry);
    if (entry == NULL) {
        return;
    }
    memcpy(entry->key, key, HASH_BYTES);
    entry->pack = pack;
    if (table_add(&cache->packs, &entry->of_table)) {
        (void)pack_ref(pack);
        cache->last = entry;
    } else {
        free(entry);
    }
}

struct pack *pack_cache_get(void *opaque, struct pack *base, enum pack_section section,
                            struct span bytes) {
    struct pack_cache *cache = opaque;
    struct pack_fault fault;
    uint8_t key[HASH_BYTES];
    if (!key_of(cache, base, section, bytes, key)) {
        return pack_with(base, section, bytes, &fault);
    }
    const struct cached_pack *entry = find(cache, key);
    if (entry != NULL) {
        cache->last = entry;
        return pack_ref(entry->pack);
    }
    struct pack *pack = pack_with(base, section, bytes, &fault);
    if (pack != NULL) {
        enter(cache, key, pack);
    }
    return pack;
}

/* What one was added to is free only once that has gone. */
void pack_cache_sweep(struct pack_cache *cache) {
    uint32_t before;
    do {
        before = cache->packs.count;
        drop_all(cache, true);
    } while (cache->packs.count != before);
}

unsigned pack_cache_count(const struct pack_cache *cache) {
    return cache->packs.count;
}
