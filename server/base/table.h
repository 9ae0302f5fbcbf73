/* SPDX-License-Identifier: ISC */
/*
 * table.h: what is found by a key of fixed length, in chains of a growing array.
 *
 * The entries are the caller's: a table links what it is given and neither makes nor frees any.
 * The hash has a key of its own (keyhash.h), since peers choose what is looked up. Not Debian's
 * uthash: its macros hash with a key only by way of a variable at each call, take 56 bytes an entry
 * where this takes 8, and where memory fails leave an entry out. One thread at a time.
 */
#ifndef SPAR_SERVER_BASE_TABLE_H
#define SPAR_SERVER_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/keyhash.h"

/* First member of what is kept. */
struct table_entry {
    struct table_entry *next; /* in the same chain */
};

struct table {
    struct keyhash hash;
    struct table_entry **chains; /* owned */
    uint32_t chain_count;        /* 0 or a power of two */
    uint32_t count;
    size_t key_offset, key_len; /* bytes, from the entry */
};

/* An empty table for entries whose key of key_len bytes stands key_offset bytes behind their
 * begin. */
void table_init(struct table *table, size_t key_offset, size_t key_len);
void table_free(struct table *table);
/* NULL: there is none. */
struct table_entry *table_find(const struct table *table, const void *key);
/* Makes the first chains, so that table_add cannot fail. False: no memory. */
bool table_reserve(struct table *table) __attribute__((warn_unused_result));
/* The key must not be there yet. False: no memory for the first chains; later ones merely grow
 * longer. */
bool table_add(struct table *table, struct table_entry *entry) __attribute__((warn_unused_result));
/* The entry must be there. */
void table_remove(struct table *table, struct table_entry *entry);
/* The one after `entry`, NULL: the first; in no order that means anything. NULL: that was the last.
 * Whoever removes or frees `entry` on the way asks for the next before. */
struct table_entry *table_next(const struct table *table, const struct table_entry *entry);

#endif
