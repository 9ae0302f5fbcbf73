/* SPDX-License-Identifier: ISC */
/*
 * history.c: batches kept by reference, decoded only while they are needed.
 */
#include "server/follow/history.h"

#include <stdlib.h>
#include <string.h>

static size_t bytes_of(const struct journal_batch *batch) {
    size_t bytes = 0;
    for (uint32_t i = 0; i < journal_batch_count(batch); i++) {
        bytes += journal_batch_at(batch, i).len;
    }
    return bytes;
}

bool tail_add(struct tail *tail, struct journal_batch *batch) {
    uint32_t count = journal_batch_count(batch);
    if (count == 0) {
        return true;
    }
    if (tail->count == tail->cap) {
        uint32_t cap = tail->cap == 0 ? 4 : 2 * tail->cap;
        struct journal_batch **grown = realloc(tail->batches, cap * sizeof(*grown));
        if (grown == NULL) {
            tail_clear(tail); /* a tail with a gap would be worse than none */
            return false;
        }
        tail->batches = grown;
        tail->cap = cap;
    }
    tail->batches[tail->count++] = journal_batch_ref(batch);
    tail->first = tail->first == 0 ? journal_batch_at(batch, 0).pos : tail->first;
    tail->events += count;
    tail->bytes += bytes_of(batch);
    return true;
}

void tail_clear(struct tail *tail) {
    for (uint32_t i = 0; i < tail->count; i++) {
        journal_batch_unref(tail->batches[i]);
    }
    free(tail->batches);
    *tail = (struct tail){0};
}

void tail_trim(struct tail *tail) {
    uint32_t drop = 0;
    while (drop < tail->count &&
           (tail->count - drop > TAIL_BATCHES_MAX || tail->bytes > TAIL_BYTES_MAX)) {
        struct journal_batch *batch = tail->batches[drop++];
        tail->bytes -= bytes_of(batch);
        tail->events -= journal_batch_count(batch);
        journal_batch_unref(batch);
    }
    if (drop == 0) {
        return;
    }
    tail->count -= drop;
    memmove(tail->batches, tail->batches + drop, tail->count * sizeof(struct journal_batch *));
    if (tail->count == 0) {
        tail_clear(tail);
    } else {
        tail->first = journal_batch_at(tail->batches[0], 0).pos;
    }
}

bool history_read(struct history *history, struct mp_reader *reader,
                  struct journal_batch *const *batches, uint32_t count) {
    uint32_t events = 0;
    for (uint32_t i = 0; i < count; i++) {
        events += journal_batch_count(batches[i]);
    }
    *history = (struct history){.events = calloc(events + 1, sizeof(struct event))};
    for (uint32_t i = 0; history->events != NULL && i < count; i++) {
        for (uint32_t j = 0; j < journal_batch_count(batches[i]); j++) {
            struct journal_event stored = journal_batch_at(batches[i], j);
            struct event *event = &history->events[history->count++];
            if (!event_read_stored(reader, stored.bytes, stored.len, event)) {
                history_free(history);
                return false;
            }
        }
    }
    return history->events != NULL;
}

void history_free(struct history *history) {
    free(history->events);
    *history = (struct history){0};
}
