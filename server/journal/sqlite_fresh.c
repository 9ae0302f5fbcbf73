/* SPDX-License-Identifier: ISC */
/*
 * sqlite_fresh.c: what is not at rest, in memory: the older part of it, which is being moved, and
 * the newer. And how it comes there: from the log, and from the table `fresh`, in the order of the
 * commits.
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
    sqlite_rest_forget(&store->moving.list);
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

/* The table's next row, while the log is read. */
struct loading {
    struct sqlite_store *store;
    sqlite3_stmt *rows;
    int rc; /* of the last step */
};

static bool take_block(struct sqlite_store *store, int64_t sequence, const void *bytes,
                       size_t len) {
    struct fresh_rests rests = {rests_upto, store};
    struct fresh_block *block = fresh_block_of(bytes, len);
    store->sequence = sequence > store->sequence ? sequence : store->sequence;
    return block != NULL && fresh_take(&store->fresh, block, &rests);
}

static bool load_row(struct loading *loading) {
    sqlite3_stmt *row = loading->rows;
    const void *bytes = sqlite3_column_blob(row, 1);
    size_t len = (size_t)sqlite3_column_bytes(row, 1);
    bool good = (uint64_t)sqlite3_column_int64(row, 2) == sum_bytes(SUM_BEGIN, bytes, len) &&
                take_block(loading->store, sqlite3_column_int64(row, 0), bytes, len);
    loading->rc = sqlite3_step(row);
    return good;
}

/* Those that were committed before the sequence. */
static bool load_rows(struct loading *loading, int64_t before) {
    bool good = true;
    while (good && loading->rc == SQLITE_ROW && sqlite3_column_int64(loading->rows, 0) < before) {
        good = load_row(loading);
    }
    return good;
}

static bool load_batch(void *ctx, int64_t sequence, const uint8_t *bytes, size_t len) {
    struct loading *loading = ctx;
    return load_rows(loading, sequence) && take_block(loading->store, sequence, bytes, len);
}

bool sqlite_fresh_load(struct sqlite_store *store, int64_t number) {
    struct loading loading = {.store = store, .rows = store->statements[ST_LOAD]};
    sqlite_move_forget(store);
    fresh_clear(&store->fresh);
    store->sequence = 0;
    loading.rc = sqlite3_step(loading.rows);
    bool good = commits_open(&store->commits) == COMMITS_GOOD &&
                (number == 0 || commits_read(&store->commits, (uint64_t)number, load_batch,
                                             &loading) == COMMITS_GOOD) &&
                load_rows(&loading, INT64_MAX) && loading.rc == SQLITE_DONE;
    sqlite3_reset(loading.rows);
    return good;
}
