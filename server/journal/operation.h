/* SPDX-License-Identifier: ISC */
/*
 * operation.h: one call of the journal's interface, as it waits in the queue and in its round.
 *
 * It starts with a chunk, so that a batch can own it for the bytes of its events.
 */
#ifndef SPAR_SERVER_JOURNAL_OPERATION_H
#define SPAR_SERVER_JOURNAL_OPERATION_H

#include <bsd/sys/queue.h>

#include "server/journal/batch.h"

struct journal_room;

enum operation_kind {
    OP_APPEND,
    OP_READ,
    OP_FOLLOW,
    OP_UNFOLLOW,
    OP_ROOMS_OF,
    OP_CHORE,
    OP_TRIP,
    OP_DRAIN
};

/* One event of an append; its bytes lie behind the operation's entries. */
struct entry {
    uint32_t offset, len;
    bool enrols;
    uint8_t key[HASH_BYTES]; /* who, if it enrols */
};

struct operation {
    struct journal_chunk chunk;
    STAILQ_ENTRY(operation) next;
    uint64_t token;
    struct journal_room *room; /* appends: set while they are in a round */
    enum operation_kind kind;
    enum journal_chore chore;
    enum journal_outcome outcome;
    int listener;
    uint32_t position; /* expected, or after; of a trip: to whom; of a drain: whose */
    uint32_t count;    /* of entries; of a trip: its bytes */
    bool chained;
    bool in_batch;
    char room_id[ROOM_ID_BYTES + 1];
    uint8_t key[HASH_BYTES]; /* whose rooms */
    struct entry entries[];
};

/* room: up to ROOM_ID_BYTES characters. Made with malloc; NULL: no memory. */
struct operation *operation_new(enum operation_kind kind, int listener, const char *room,
                                uint64_t token) __attribute__((warn_unused_result));
/* The same for an append, all of which is copied. */
struct operation *operation_append(int listener, const struct journal_append *append)
    __attribute__((warn_unused_result));
/* The same for a chore; `of` is copied. */
struct operation *operation_chore(int listener, enum journal_chore chore, const char *of,
                                  uint64_t token) __attribute__((warn_unused_result));
/* The same for a trip, all of which is copied. */
struct operation *operation_trip(int listener, const char *room, uint32_t to, const void *bytes,
                                 uint32_t len) __attribute__((warn_unused_result));
/* What a chore is of; the bytes of a trip. */
const char *operation_text(const struct operation *op);
/* What is to be stored for an entry; op->entries[i].len bytes. */
const uint8_t *operation_bytes(const struct operation *op, uint32_t i);

#endif
