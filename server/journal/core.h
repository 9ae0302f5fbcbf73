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

/* Who is told of each log that a slice has removed, or rewritten because of a key (`who`, else
 * NULL), once that is durable. */
struct journal_changes {
    void *arg;
    void (*changed)(void *arg, const char *room, const uint8_t *who);
};

/* Functions of a store; `ctx` is the store. False: it failed, and what was said of the row is not
 * so. */
struct journal_store {
    /* The store's number of a room, and its last position; number 0: no such room. */
    bool (*find)(void *ctx, const char *room, int64_t *number, uint32_t *head);
    /* May be NULL: the last positions of so many rooms at once, each by its number. */
    bool (*heads)(void *ctx, const int64_t *numbers, uint32_t *heads, uint32_t count);
    bool (*begin)(void *ctx);
    bool (*create)(void *ctx, const char *room, int64_t *number);
    /* room: its id. The bytes stay as they are until commit or rollback. */
    bool (*append)(void *ctx, const char *room, int64_t number, uint32_t pos, const uint8_t *bytes,
                   uint32_t len);
    bool (*enrol)(void *ctx, const uint8_t *key, int64_t number);
    bool (*commit)(void *ctx); /* true: synced */
    /* After a false of begin … commit: undoes, and mends the store if that needs more (or lets
     * later calls fail until it can). Rows of the failed commit may turn out to be kept; find
     * tells. */
    void (*rollback)(void *ctx);
    /* May be NULL: after a rollback, why it was needed, as a sentence for the operator; good until
     * the next call. */
    const char *(*why)(void *ctx);
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
    enum journal_said (*chore_slice)(void *ctx, char *line, const struct journal_changes *changes);
    /* May be NULL: outside of a commit, after one was published; idle: nothing is queued. */
    void (*tidy)(void *ctx, bool idle);
    /* May be NULL: outside of a commit; lets go of memory that it can do without. */
    void (*ease)(void *ctx);
    /* NULL: all that is appended to the rows comes by this store. Else other servers append, too,
     * and what find said may be old: whether the room's events of the last commit came first. If
     * not, none of them was kept. */
    bool (*won)(void *ctx, int64_t number);
    /* For a store with `won`: outside of a commit, does what is due by what has come from others
     * and by its own clock (journal_core_heard, journal_core_set_leases). wake_fd: waits for that,
     * or until it can be read, which it does; -1: does not wait. */
    void (*hear)(void *ctx, struct journal *core, int wake_fd);
    /* May be NULL: there is no other server. See journal_post_trip. */
    void (*trip)(void *ctx, const char *room, uint32_t to, const uint8_t *bytes, uint32_t len);
    /* May be NULL: there is no other server. See journal_post_drain; false with a sentence in
     * `line`. */
    bool (*drain)(void *ctx, uint32_t boot, char *line);
    /* May be NULL: on any thread, the journal is being closed: what waits for something that may
     * not come is to end soon, as failed. */
    void (*hurry)(void *ctx);
    /* May be NULL: a test's verdict on the next append; COMMITTED: go on. */
    enum journal_outcome (*admit)(void *ctx);
    void (*close)(void *ctx);
};

/* Starts the thread over an open store, with the leases that live (NULL: this boot's alone), and
 * owns the store from then on. NULL: no memory or no thread; the store stays the caller's. */
struct journal *journal_core_start(const struct journal_store *store, void *ctx, uint32_t boot,
                                   const struct leases *leases, int64_t epoch)
    __attribute__((warn_unused_result));
/* From `hear`: another server has brought the room to that head. run: NULL, or the last events up
 * to it, borrowed. Does nothing if nobody here follows the room. */
void journal_core_heard(struct journal *core, const char *room, uint32_t head,
                        struct journal_batch *run);
/* From `hear`: notices may have been lost. Asks for every room that is followed here. */
void journal_core_compare(struct journal *core);
/* From `hear`: another server has passed something on; nothing happens if nobody here follows the
 * room. */
void journal_core_trip(struct journal *core, const char *room, const uint8_t *bytes, uint32_t len);
/* From `hear`: some of that may have been lost. */
void journal_core_trips_lost(struct journal *core);
/* On the journal's thread: this server's lease was ended by another; it holds a new one. */
void journal_core_set_boot(struct journal *core, uint32_t boot);
/* On the journal's thread: see journal_listener.cut. Tells all listeners. */
void journal_core_set_cut(struct journal *core, bool cut);
/* On the journal's thread: see journal_form; 0 changes nothing. */
void journal_core_set_form(struct journal *core, uint32_t form);
/* On the journal's thread: see journal_stats.doubts. */
void journal_core_count_doubt(struct journal *core);
/* On the journal's thread: see journal_listener.drained. Tells all listeners. */
void journal_core_set_drained(struct journal *core);
/* On the journal's thread: other servers live than before. Tells all listeners. */
void journal_core_set_leases(struct journal *core, const struct leases *leases);
/* On the journal's thread: these are on the journal now. */
void journal_core_set_nodes(struct journal *core, const struct node_list *nodes);

#endif
