/* SPDX-License-Identifier: ISC */
/*
 * sqlite_fresh.c: what the table `fresh` holds, in memory: the older part of it, which is being
 * moved to rest, and the newer.
 */
#include <stdlib.h>

#include "server/journal/sqlite_parts.h"
#include "server/journal/sum.h"

size_t sqlite_fresh_bytes(const struct sqlite_store *store) {
    return store->moving.fresh.bytes + store->fresh.bytes;
}

uint32_t sqlite_fresh_head(const struct sqlite_store *store, int64_t number, uint32_t at_rest) {
    const struct fresh *parts[] = {&store->fresh, &store->moving.fresh};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct fresh_room *room = fresh_find(parts[i], number);
        if (room != NULL) {
            return fresh_head(parts[i], room);
        }
    }
    return at_rest;
}

void sqlite_move_forget(struct sqlite_store *store) {
    fresh_free(&store->moving.fresh);
    free(store->moving.rooms);
    store->moving = (struct moving){0};
    fresh_init(&store->moving.fresh);
}

/* What a row that is damaged says is looked at when its room is. */
static uint32_t rests_upto(void *ctx, int64_t number) {
    struct sqlite_store *store = ctx;
    sqlite3_stmt *rests = store->statements[ST_RESTS];
    int64_t head = 0;
    sqlite3_bind_int64(rests, 1, number);
    if (sqlite3_step(rests) == SQLITE_ROW) {
        head = sqlite3_column_int64(rests, 0);
    }
    sqlite3_reset(rests);
    return (uint32_t)head;
}

static bool load_row(struct sqlite_store *store, sqlite3_stmt *row) {
    struct fresh_rests rests = {rests_upto, store};
    const void *bytes = sqlite3_column_blob(row, 0);
    size_t len = (size_t)sqlite3_column_bytes(row, 0);
    if ((uint64_t)sqlite3_column_int64(row, 1) != sum_bytes(SUM_BEGIN, bytes, len)) {
        return false;
    }
    struct fresh_block *block = fresh_block_of(bytes, len);
    return block != NULL && fresh_take(&store->fresh, block, &rests);
}

bool sqlite_fresh_load(struct sqlite_store *store) {
    sqlite3_stmt *load = store->statements[ST_LOAD];
    int rc;
    sqlite_move_forget(store);
    fresh_clear(&store->fresh);
    while ((rc = sqlite3_step(load)) == SQLITE_ROW) {
        if (!load_row(store, load)) {
            break;
        }
    }
    sqlite3_reset(load);
    return rc == SQLITE_DONE;
}
