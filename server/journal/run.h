/* SPDX-License-Identifier: ISC */
/*
 * run.h: events of one room, one behind the other, as one row: how it is gathered in a round, and
 * how its body is read.
 *
 * A body: for each event four bytes of length, the first one the most significant, and its bytes;
 * at the end eight bytes of XXH3 over room, pos and all before (sum.h), so that a row that was
 * changed is found when it is read. Journal's thread only.
 */
#ifndef SPAR_SERVER_JOURNAL_RUN_H
#define SPAR_SERVER_JOURNAL_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "server/journal/core.h"

enum run_outcome { RUN_OPEN, RUN_KEPT, RUN_LOST };

struct run {
    int64_t room; /* the rows' number of it */
    char id[ROOM_ID_BYTES + 1];
    uint32_t pos; /* of the first event */
    uint32_t count;
    uint8_t *body; /* owned */
    size_t len, capacity;
    enum run_outcome outcome;
};

/* A key that takes part in a room from this commit on. */
struct run_member {
    int64_t room;
    uint8_t key[HASH_BYTES];
};

/* What one commit is to store. */
struct run_commit {
    struct run *runs; /* rising by room, once they are closed */
    uint32_t count, capacity;
    struct run_member *members;
    uint32_t member_count, member_capacity;
};

/* Adds an event to its room's run, at its end. False: no memory. */
bool run_commit_event(struct run_commit *commit, const char *id, int64_t room, uint32_t pos,
                      const uint8_t *bytes, uint32_t len) __attribute__((warn_unused_result));
bool run_commit_member(struct run_commit *commit, int64_t room, const uint8_t *key)
    __attribute__((warn_unused_result));
/* Sorts the runs and puts the sum behind each. False: no memory. */
bool run_commit_close(struct run_commit *commit) __attribute__((warn_unused_result));
/* The run of that room, or NULL. The commit is closed. */
struct run *run_commit_find(const struct run_commit *commit, int64_t room);
/* Empties it; its memory stays for the next. */
void run_commit_clear(struct run_commit *commit);
void run_commit_free(struct run_commit *commit);

/* A run as it is stored. */
struct run_row {
    int64_t room;
    uint32_t pos, count;
    const uint8_t *body; /* borrowed */
    size_t len;
};

enum run_reading { RUN_WHOLE, RUN_DAMAGED, RUN_STOPPED };
/* Passes on its events with after < pos <= upto. RUN_STOPPED: visit said so. */
enum run_reading run_read(const struct run_row *row, uint32_t after, uint32_t upto,
                          journal_visit visit, void *arg) __attribute__((warn_unused_result));

#endif
