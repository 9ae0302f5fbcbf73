/* SPDX-License-Identifier: ISC */
/*
 * sqlite_open.c: puts the SQLite store together: its rows, and the operator's chores over them.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/text/why.h"
#include "server/journal/sqlite_parts.h"

struct sqlite_store *sqlite_store_new(const char *path) {
    size_t size = strlen(path) + 1;
    struct sqlite_store *store = calloc(1, sizeof *store + size);
    if (store != NULL) {
        memcpy(store->path, path, size);
        store->lock_fd = -1;
        fresh_init(&store->fresh);
        fresh_init(&store->moving.fresh);
        commits_init(&store->commits, store->path);
        rest_init(&store->rest, store->path);
    }
    return store;
}

struct journal *journal_sqlite_open(const char *path, const struct journal_watch *watch,
                                    char *error) {
    struct sqlite_store *store = sqlite_store_new(path);
    uint32_t boot = 0;
    int64_t epoch = 0;
    struct journal *journal = NULL;
    error[0] = '\0';
    if (store == NULL) {
        why_not(error, JOURNAL_ERROR_BYTES, "There is no memory for the journal.");
        return NULL;
    }
    store->watch = watch;
    if (sqlite_file_open(store, &boot, &epoch, error)) {
        if (sqlite_forget_is_due(store)) {
            (void)!sqlite_forget_make_anew(store); /* without space for it: at the next removal */
        }
        struct journal_store functions = sqlite_rows;
        functions.tidy = sqlite_tidy;
        functions.ease = sqlite_ease;
        functions.chore_begin = sqlite_chore_begin;
        functions.chore_slice = sqlite_chore_slice;
        journal = journal_core_start(&functions, store, boot, NULL, epoch);
        if (journal == NULL) {
            why_not(error, JOURNAL_ERROR_BYTES, "There is no memory or no thread for the journal.");
        }
    }
    if (journal == NULL) {
        sqlite_rows.close(store);
    }
    return journal;
}
