/* SPDX-License-Identifier: ISC */
/*
 * core.h: what every journal on one machine shares: queue, thread, compare, group commit, publish.
 *
 * A journal is this core over a store, which only keeps rows. The store's functions are called on
 * the journal's thread alone, one at a time. Between begin and commit the store may show what is
 * not yet committed; the core never passes that on: it reads up to what is published.
 */
#ifndef SPAR_SERVER_JOURNAL_CORE_H
#define SPAR_SERVER_JOURNAL_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "server/journal/journal.h"

enum journal_core_limits {
    JOURNAL_LISTENERS_MAX = 64, /* bits of a room's follower mask */
    JOURNAL_COMMIT_MAX = 1000   /* events in one commit, but for the last append's */
};

/* Takes one stored event; false: stop, the reading failed. */
typedef bool (*journal_visit)(void *arg, uint32_t pos, const uint8_t *bytes, uint32_t len);
/* Takes one room id, ROOM_ID_BYTES without NUL; false: stop, the reading failed. */
typedef bool (*journal_visit_room)(void *arg, const char *room);

/* Functions of a store; `ctx` is the store. False: it failed, and what was said of the row is not
 * so. */
struct journal_store {
    /* The store's number of a room, and its last position; number 0: no such room. */
    bool (*find)(void *ctx, const char *room, int64_t *number, uint32_t *head);
    bool (*begin)(void *ctx);
    bool (*create)(void *ctx, const char *room, int64_t *number);
    /* The bytes stay as they are until commit or rollback. */
    bool (*append)(void *ctx, int64_t number, uint32_t pos, const uint8_t *bytes, uint32_t len);
    bool (*enrol)(void *ctx, const uint8_t *key, int64_t number);
    bool (*commit)(void *ctx); /* true: synced */
    /* After a false of begin … commit: undoes, and mends the store if that needs more (or lets
     * later calls fail until it can). Rows of the failed commit may turn out to be kept; find
     * tells. */
    void (*rollback)(void *ctx);
    /* Events with after < pos <= upto, in order. */
    bool (*read)(void *ctx, int64_t number, uint32_t after, uint32_t upto, journal_visit visit,
                 void *arg);
    /* May be NULL: whether the last false of find or read was no failure, but what is stored is
     * wrong, and so will be the next time. */
    bool (*damaged)(void *ctx);
    /* The newest `max` rooms of a key, newest first. */
    bool (*rooms_of)(void *ctx, const uint8_t *key, uint32_t max, journal_visit_room visit,
                     void *arg);
    /* May be NULL: begins a chore, of which there is one at a time; false with a sentence in `line`
     * (JOURNAL_LINE_MAX bytes). Then slices, outside of a commit, until one does not go on. */
    bool (*chore_begin)(void *ctx, enum journal_chore chore, const char *of, char *line);
    enum journal_said (*chore_slice)(void *ctx, char *line);
    /* May be NULL: outside of a commit, after one was published; idle: nothing is queued. */
    void (*tidy)(void *ctx, bool idle);
    /* May be NULL: a test's verdict on the next append; COMMITTED: go on. */
    enum journal_outcome (*admit)(void *ctx);
    void (*close)(void *ctx);
};

/* Starts the thread over an open store and owns the store from then on. NULL: no memory or no
 * thread; the store stays the caller's. */
struct journal *journal_core_start(const struct journal_store *store, void *ctx, uint32_t boot,
                                   int64_t epoch) __attribute__((warn_unused_result));

#endif
