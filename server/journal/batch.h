/* SPDX-License-Identifier: ISC */
/*
 * batch.h: how the journal's thread builds a batch; the reading side is in journal.h.
 *
 * A batch owns its bytes as a chain of chunks, so that the bytes of an append are copied once, when
 * it is posted, and then bound to the database, posted and read where they lie.
 */
#ifndef SPAR_SERVER_JOURNAL_BATCH_H
#define SPAR_SERVER_JOURNAL_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "server/journal/journal.h"

/* The head of a malloc'ed block whose bytes a batch refers to; freed with the batch. */
struct journal_chunk {
    struct journal_chunk *next;
};

/* An empty batch with one reference. room: up to ROOM_ID_BYTES characters. NULL: no memory. */
struct journal_batch *journal_batch_new(const char *room) __attribute__((warn_unused_result));
/* Adds an event whose bytes lie in `chunk`, which the batch takes over; NULL: it has taken it with
 * the event before. False: no memory; the chunk stays the caller's. Only before the batch is
 * shared. */
bool journal_batch_add(struct journal_batch *batch, uint32_t pos, const uint8_t *bytes,
                       uint32_t len, struct journal_chunk *chunk)
    __attribute__((warn_unused_result));
/* Says that the log is damaged behind what the batch holds. Only before the batch is shared. */
void journal_batch_damage(struct journal_batch *batch);
/* Makes it a word to the followers: the log is not what they hold any more. who: see
 * journal_batch_forgotten. */
void journal_batch_change(struct journal_batch *batch, const uint8_t *who);
/* Adds an event and copies its bytes. False: no memory. Only before the batch is shared. */
bool journal_batch_copy(struct journal_batch *batch, uint32_t pos, const uint8_t *bytes,
                        uint32_t len) __attribute__((warn_unused_result));

#endif
