/* SPDX-License-Identifier: ISC */
/*
 * batch.c: refcounted runs of one room's events.
 *
 * Invariant: positions rise by one from event to event; once a second thread may see a batch,
 * nothing but its reference count changes.
 */
#include "server/journal/batch.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { COPY_CHUNK_BYTES = 32768 };

struct journal_batch {
    atomic_uint refs;
    uint32_t count, capacity;
    bool damaged, changed, gone;
    uint8_t who[HASH_BYTES]; /* was forgotten, if it changed and is not gone */
    struct journal_event *events;
    struct journal_chunk *chunks;
    uint8_t *copy_at; /* free bytes of the chunk that copies go to */
    size_t copy_left;
    char room[ROOM_ID_BYTES + 1];
};

struct journal_batch *journal_batch_new(const char *room) {
    struct journal_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL) {
        return NULL;
    }
    atomic_init(&batch->refs, 1);
    memcpy(batch->room, room, strnlen(room, ROOM_ID_BYTES));
    return batch;
}

static bool grow(struct journal_batch *batch) {
    if (batch->count < batch->capacity) {
        return true;
    }
    uint32_t capacity = batch->capacity == 0 ? 4 : batch->capacity * 2;
    struct journal_event *events = reallocarray(batch->events, capacity, sizeof *batch->events);
    if (events == NULL) {
        return false;
    }
    batch->events = events;
    batch->capacity = capacity;
    return true;
}

static void push(struct journal_batch *batch, uint32_t pos, const uint8_t *bytes, uint32_t len) {
    batch->events[batch->count++] = (struct journal_event){.pos = pos, .len = len, .bytes = bytes};
}

bool journal_batch_add(struct journal_batch *batch, uint32_t pos, const uint8_t *bytes,
                       uint32_t len, struct journal_chunk *chunk) {
    if (!grow(batch)) {
        return false;
    }
    if (chunk != NULL) {
        chunk->next = batch->chunks;
        batch->chunks = chunk;
    }
    push(batch, pos, bytes, len);
    return true;
}

static bool reserve_copy(struct journal_batch *batch, uint32_t len) {
    if (len <= batch->copy_left) {
        return true;
    }
    size_t size = len > COPY_CHUNK_BYTES ? len : COPY_CHUNK_BYTES;
    struct journal_chunk *chunk = malloc(sizeof *chunk + size);
    if (chunk == NULL) {
        return false;
    }
    chunk->next = batch->chunks;
    batch->chunks = chunk;
    batch->copy_at = (uint8_t *)(chunk + 1);
    batch->copy_left = size;
    return true;
}

bool journal_batch_copy(struct journal_batch *batch, uint32_t pos, const uint8_t *bytes,
                        uint32_t len) {
    if (!grow(batch) || !reserve_copy(batch, len)) {
        return false;
    }
    if (len > 0) {
        memcpy(batch->copy_at, bytes, len);
    }
    push(batch, pos, batch->copy_at, len);
    batch->copy_at += len;
    batch->copy_left -= len;
    return true;
}

struct journal_batch *journal_batch_ref(struct journal_batch *batch) {
    atomic_fetch_add_explicit(&batch->refs, 1, memory_order_relaxed);
    return batch;
}

void journal_batch_unref(struct journal_batch *batch) {
    if (batch == NULL || atomic_fetch_sub_explicit(&batch->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    struct journal_chunk *chunk = batch->chunks;
    while (chunk != NULL) {
        struct journal_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    free(batch->events);
    free(batch);
}

void journal_batch_damage(struct journal_batch *batch) {
    batch->damaged = true;
}

void journal_batch_change(struct journal_batch *batch, const uint8_t *who) {
    batch->changed = true;
    batch->gone = who == NULL;
    if (who != NULL) {
        memcpy(batch->who, who, HASH_BYTES);
    }
}

bool journal_batch_is_changed(const struct journal_batch *batch) {
    return batch->changed;
}

const uint8_t *journal_batch_forgotten(const struct journal_batch *batch) {
    return batch->gone ? NULL : batch->who;
}

bool journal_batch_is_damaged(const struct journal_batch *batch) {
    return batch->damaged;
}

const char *journal_batch_room(const struct journal_batch *batch) {
    return batch->room;
}

uint32_t journal_batch_count(const struct journal_batch *batch) {
    return batch->count;
}

struct journal_event journal_batch_at(const struct journal_batch *batch, uint32_t index) {
    return batch->events[index];
}
