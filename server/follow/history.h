/* SPDX-License-Identifier: ISC */
/*
 * history.h: a stretch of a room's log, decoded for as long as somebody is being caught up from it,
 * and the tail: the batches that a replica keeps for that.
 */
#ifndef SPAR_SERVER_FOLLOW_HISTORY_H
#define SPAR_SERVER_FOLLOW_HISTORY_H

#include "protocol/wire/event.h"
#include "server/journal/journal.h"

enum {
    TAIL_BYTES_MAX = 4096, /* kept by a replica in which nobody is being caught up */
    TAIL_BATCHES_MAX = 16
};

/* The last batches of a log, without a gap, up to the replica's position. Holds references. */
struct tail {
    struct journal_batch **batches;
    uint32_t count, cap;
    uint32_t events;
    uint32_t first; /* position of its first event; 0: empty */
    size_t bytes;
};

/* Adds a batch that follows what is there; an empty one is ignored. False: out of memory, and the
 * tail is then empty. */
bool tail_add(struct tail *tail, struct journal_batch *batch) __attribute__((warn_unused_result));
void tail_clear(struct tail *tail);
/* Drops the oldest batches until it is within the bounds. */
void tail_trim(struct tail *tail);

/* Events in log order; their texts borrow from the batches. */
struct history {
    struct event *events;
    uint32_t count;
};

/* Decodes batches. False: out of memory or not events; then there is nothing to free. */
bool history_read(struct history *history, struct mp_reader *reader,
                  struct journal_batch *const *batches, uint32_t count)
    __attribute__((warn_unused_result));
void history_free(struct history *history);

#endif
