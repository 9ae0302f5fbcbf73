/* SPDX-License-Identifier: ISC */
/*
 * operation.c: makes operations; an append's entries and then their bytes lie behind it in one
 * block.
 */
#include "server/journal/operation.h"

#include <stdlib.h>
#include <string.h>

const uint8_t *operation_bytes(const struct operation *op, uint32_t i) {
    return (const uint8_t *)(op->entries + op->count) + op->entries[i].offset;
}

/* `bytes`: for entries and what they hold. */
static struct operation *make(enum operation_kind kind, int listener, const char *room,
                              uint64_t token, size_t bytes) {
    struct operation *op = malloc(sizeof *op + bytes);
    if (op == NULL) {
        return NULL;
    }
    memset(op, 0, sizeof *op);
    op->kind = kind;
    op->listener = listener;
    op->token = token;
    memcpy(op->room_id, room, strnlen(room, ROOM_ID_BYTES));
    return op;
}

struct operation *operation_new(enum operation_kind kind, int listener, const char *room,
                                uint64_t token) {
    return make(kind, listener, room, token, 0);
}

static size_t append_bytes(const struct journal_append *append) {
    size_t bytes = append->count * sizeof(struct entry);
    for (uint32_t i = 0; i < append->count; i++) {
        bytes += append->entries[i].len;
    }
    return bytes;
}

static void copy_entries(struct operation *op, const struct journal_append *append) {
    uint8_t *bytes = (uint8_t *)(op->entries + append->count);
    uint32_t offset = 0;
    op->count = append->count;
    for (uint32_t i = 0; i < append->count; i++) {
        const struct journal_entry *from = &append->entries[i];
        struct entry *to = &op->entries[i];
        *to = (struct entry){.offset = offset, .len = from->len, .enrols = from->member != NULL};
        if (to->enrols) {
            memcpy(to->key, from->member, HASH_BYTES);
        }
        if (from->len > 0) {
            memcpy(bytes + offset, from->bytes, from->len);
        }
        offset += from->len;
    }
}

struct operation *operation_append(int listener, const struct journal_append *append) {
    struct operation *op =
        make(OP_APPEND, listener, append->room, append->token, append_bytes(append));
    if (op != NULL) {
        op->position = append->expected;
        op->chained = append->chained;
        copy_entries(op, append);
    }
    return op;
}

struct operation *operation_chore(int listener, enum journal_chore chore, const char *of,
                                  uint64_t token) {
    size_t size = strlen(of) + 1;
    struct operation *op = make(OP_CHORE, listener, "", token, size);
    if (op != NULL) {
        op->chore = chore;
        memcpy(op->entries, of, size);
    }
    return op;
}

struct operation *operation_trip(int listener, const char *room, uint32_t to, const void *bytes,
                                 uint32_t len) {
    struct operation *op = make(OP_TRIP, listener, room, 0, len);
    if (op != NULL) {
        op->position = to;
        op->count = len;
        memcpy(op->entries, bytes, len);
    }
    return op;
}

const char *operation_text(const struct operation *op) {
    return (const char *)op->entries;
}
