/* SPDX-License-Identifier: ISC */
/*
 * fresh.h: the commits that were not yet moved to where rooms rest: their bytes as they are on
 * disk, and in memory an index of them by room.
 *
 * A commit is one block: its events in the order in which they came, each behind a head of
 * FRESH_HEAD bytes that tells room, position and length. The index can always be made again from
 * the blocks. Journal's thread only.
 */
#ifndef SPAR_SERVER_JOURNAL_FRESH_H
#define SPAR_SERVER_JOURNAL_FRESH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/table.h"

enum { FRESH_HEAD = 16 }; /* bytes before each event */

struct fresh_event {
    const uint8_t *bytes;
    uint32_t pos, len;
    uint32_t next; /* index of the same room's next event, plus one; 0: the last */
};

struct fresh_room {
    struct table_entry of_table; /* first */
    int64_t number;
    uint32_t first, last; /* indices of its events, plus one; 0: none is fresh */
    uint32_t rests;       /* what is at rest already, up to this position, is not among them */
};

struct fresh_block {
    struct fresh_block *next;
    size_t len, capacity;
    uint8_t bytes[];
};

struct fresh {
    struct table rooms;
    struct fresh_event *events;
    uint32_t count, capacity;
    struct fresh_block *blocks;
    size_t bytes; /* of all blocks */
};

/* Adds an event to a block that is being written. *block: NULL at first; the caller's, made with
 * malloc, may move. False: no memory; the block is as it was. */
bool fresh_write(struct fresh_block **block, int64_t number, uint32_t pos, const uint8_t *bytes,
                 uint32_t len) __attribute__((warn_unused_result));
/* A block that will not grow any more, as large as what is in it; may move. The caller's, instead
 * of the one that was given. */
struct fresh_block *fresh_close(struct fresh_block *block) __attribute__((warn_unused_result));
/* A block of bytes read from disk. NULL: no memory. */
struct fresh_block *fresh_block_of(const void *bytes, size_t len)
    __attribute__((warn_unused_result));

void fresh_init(struct fresh *fresh);
/* Which of a room's positions are at rest already, though a commit in `fresh` has them too. */
struct fresh_rests {
    uint32_t (*upto)(void *ctx, int64_t number); /* the last one; 0: none */
    void *ctx;
};

/* Forgets all blocks. */
void fresh_clear(struct fresh *fresh);
void fresh_free(struct fresh *fresh);
/* Makes room in the index for a block that will be taken, whose taking then cannot fail for want of
 * memory. False: no memory; nothing has changed. */
bool fresh_reserve(struct fresh *fresh, const struct fresh_block *block)
    __attribute__((warn_unused_result));
/* Takes a block over, also if that fails: no memory, or what is in it cannot be read. The index is
 * then good for nothing but fresh_clear. rests: asked once a room, what is at rest is left out;
 * NULL: nothing is. */
bool fresh_take(struct fresh *fresh, struct fresh_block *block, const struct fresh_rests *rests)
    __attribute__((warn_unused_result));
/* NULL: nothing of it is fresh. */
const struct fresh_room *fresh_find(const struct fresh *fresh, int64_t number);
/* The event behind that link (first, or next of another); NULL: link is 0. */
const struct fresh_event *fresh_at(const struct fresh *fresh, uint32_t link);
/* The last position. */
uint32_t fresh_head(const struct fresh *fresh, const struct fresh_room *room);
/* All rooms of which something is fresh in the order of their numbers, in one malloc'ed array.
 * NULL: no memory. */
const struct fresh_room **fresh_sorted(const struct fresh *fresh, uint32_t *count)
    __attribute__((warn_unused_result));

/* One event after the other out of a block's bytes: moves *at on. False: the end, or, with *at
 * before len, bytes that are no event. */
struct fresh_record {
    int64_t number;
    struct fresh_event event;
};
bool fresh_record_next(const uint8_t *bytes, size_t len, size_t *at, struct fresh_record *record);

#endif
