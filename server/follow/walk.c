/* SPDX-License-Identifier: ISC */
/*
 * walk.c: cuts a batch into slices by events and bytes.
 */
#include "server/follow/walk.h"

/* Before which event the next slice ends. */
static uint32_t slice_end(const struct walk *walk) {
    uint32_t count = journal_batch_count(walk->batch);
    uint32_t most = walk->events != 0 ? walk->events : WALK_EVENTS;
    uint32_t last = count - walk->next > most ? walk->next + most : count;
    uint32_t end = walk->next;
    for (size_t bytes = 0; end < last && bytes < WALK_BYTES; end++) {
        bytes += journal_batch_at(walk->batch, end).len;
    }
    return end;
}

static void go_on(struct slice *slice) {
    struct walk *walk = (struct walk *)slice;
    uint32_t to = slice_end(walk);
    bool wants = walk->take(walk, to);
    walk->next = to;
    if (wants && to < journal_batch_count(walk->batch)) {
        desk_slice(walk->desk, slice);
        return;
    }
    struct journal_batch *batch = walk->batch;
    walk->batch = NULL;
    walk->done(walk, batch, wants);
    journal_batch_unref(batch);
}

void walk_begin(struct walk *walk, struct desk *desk, struct journal_batch *batch) {
    walk->desk = desk;
    walk->batch = journal_batch_ref(batch);
    walk->next = 0;
    walk->slice.go_on = go_on;
    go_on(&walk->slice);
}

void walk_end(struct walk *walk) {
    if (walk->batch != NULL) {
        desk_slice_drop(walk->desk, &walk->slice);
        journal_batch_unref(walk->batch);
        walk->batch = NULL;
    }
}
