/* SPDX-License-Identifier: ISC */
/*
 * table.c: a chained hash table.
 *
 * Invariant: there are at least as many chains as entries, unless memory failed when they were to
 * grow.
 */
#include "server/base/table.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CHAINS = 64 };

static const void *key_of(const struct table *table, const struct table_entry *entry) {
    return (const char *)entry + table->key_offset;
}

static uint32_t chain_of(const struct table *table, const void *key) {
    return (uint32_t)keyhash(&table->hash, key, table->key_len) & (table->chain_count - 1);
}

void table_init(struct table *table, size_t key_offset, size_t key_len) {
    *table = (struct table){.key_offset = key_offset, .key_len = key_len};
    keyhash_init(&table->hash);
}

void table_free(struct table *table) {
    free(table->chains);
    table->chains = NULL;
    table->chain_count = table->count = 0;
}

struct table_entry *table_find(const struct table *table, const void *key) {
    if (table->chain_count == 0) {
        return NULL;
    }
    struct table_entry *entry = table->chains[chain_of(table, key)];
    while (entry != NULL && memcmp(key_of(table, entry), key, table->key_len) != 0) {
        entry = entry->next;
    }
    return entry;
}

static void link_in(struct table *table, struct table_entry *entry) {
    struct table_entry **chain = &table->chains[chain_of(table, key_of(table, entry))];
    entry->next = *chain;
    *chain = entry;
}

static void grow(struct table *table) {
    uint32_t count = table->chain_count;
    uint32_t wider = count > 0 ? count * 2 : FIRST_CHAINS;
    struct table_entry **before = table->chains;
    struct table_entry **chains = calloc(wider, sizeof(struct table_entry *));
    if (chains == NULL) {
        return;
    }
    table->chains = chains;
    table->chain_count = wider;
    for (uint32_t i = 0; i < count; i++) {
        struct table_entry *after;
        for (struct table_entry *entry = before[i]; entry != NULL; entry = after) {
            after = entry->next;
            link_in(table, entry);
        }
    }
    free(before);
}

bool table_reserve(struct table *table) {
    if (table->chain_count == 0) {
        grow(table);
    }
    return table->chain_count > 0;
}

bool table_add(struct table *table, struct table_entry *entry) {
    if (table->count >= table->chain_count && table->chain_count <= UINT32_MAX / 2) {
        grow(table);
    }
    if (!table_reserve(table)) {
        return false;
    }
    link_in(table, entry);
    table->count++;
    return true;
}

void table_remove(struct table *table, struct table_entry *entry) {
    struct table_entry **at = &table->chains[chain_of(table, key_of(table, entry))];
    while (*at != entry) {
        at = &(*at)->next;
    }
    *at = entry->next;
    table->count--;
}

struct table_entry *table_next(const struct table *table, const struct table_entry *entry) {
    uint32_t from = 0;
    if (entry != NULL && entry->next != NULL) {
        return entry->next;
    }
    if (entry != NULL) {
        from = chain_of(table, key_of(table, entry)) + 1;
    }
    for (; from < table->chain_count; from++) {
        if (table->chains[from] != NULL) {
            return table->chains[from];
        }
    }
    return NULL;
}
