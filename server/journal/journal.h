/* SPDX-License-Identifier: ISC */
/*
 * journal.h: the one storage interface: compare-and-append logs of rooms, followed by workers.
 *
 * Every call posts to the journal's own thread and returns at once; answers and followed events
 * reach the caller's mailbox, in log order. An append of one or more events is answered COMMITTED
 * only after its sync, CONFLICT if the room's log is not at `expected` any more; by then every
 * event that it conflicts with has been posted to the follower. Appends of many rooms share one
 * sync (group commit). Of one room several may be in flight, each chained to the one before: if one
 * is not kept, neither are those behind it. Implementations: sqlite.c;
 * tests/support/journal_memory.c for tests, which can delay, conflict and fail on demand. What they
 * all promise: tests/unit/test_journal_promises.c.
 */
#ifndef SPAR_SERVER_JOURNAL_JOURNAL_H
#define SPAR_SERVER_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "protocol/wire/lease.h"
#include "server/base/slew.h"
#include "server/journal/node.h"

struct journal;

/* Behind the name of a copy that is not whole yet. No server starts beside such a file. */
#define JOURNAL_UNFINISHED ".unfinished"

/* Long work for the operator; see journal_post_chore. */
enum journal_chore {
    JOURNAL_CHECK,  /* look at every checksum */
    JOURNAL_BACKUP, /* a whole copy of one moment */
    JOURNAL_FORGET, /* remove a room, or what a key is part of, for good */
    JOURNAL_KEEP,   /* the same with what is kept no longer */
    JOURNAL_PRUNE   /* the same with old rooms whose recordings lie in a folder */
};

enum journal_said { JOURNAL_GOES_ON, JOURNAL_DONE, JOURNAL_NOT_DONE };

enum {
    JOURNAL_LINE_MAX = 1024, /* bytes of what is said of a chore, with the NUL */
    JOURNAL_TOLD_MS = 1000   /* between two words of how far it is */
};

enum journal_outcome {
    JOURNAL_COMMITTED,
    JOURNAL_CONFLICT,
    JOURNAL_FAILED /* not kept: disk full or broken */
};

/* One event as stored; bytes belong to the batch that holds it. */
struct journal_event {
    uint32_t pos;
    uint32_t len;
    const uint8_t *bytes;
};

/* Events of one room in log order; refcounted (atomically), shared by all mailboxes it is posted
 * to. */
struct journal_batch;
struct journal_batch *journal_batch_ref(struct journal_batch *batch);
void journal_batch_unref(struct journal_batch *batch);
const char *journal_batch_room(const struct journal_batch *batch);
uint32_t journal_batch_count(const struct journal_batch *batch);
struct journal_event journal_batch_at(const struct journal_batch *batch, uint32_t index);
/* Whether what is stored behind its last event is damaged: nobody may be served it as the whole. */
bool journal_batch_is_damaged(const struct journal_batch *batch);
/* An empty one, of `events` alone: what the listener holds of the log is not in it any more, since
 * somebody was forgotten; it does not follow the log any more. */
bool journal_batch_is_changed(const struct journal_batch *batch);
/* Of such a one: whose key was forgotten, HASH_BYTES; NULL: nothing of the log is left. */
const uint8_t *journal_batch_forgotten(const struct journal_batch *batch);

/* What a worker gives to hear from the journal. Called on the journal's thread, but for `posted`:
 * they only post. */
struct journal_listener {
    void *ctx;
    /* NULL: each post wakes the journal's thread. Else called behind each post, on the poster's
     * thread, which so promises to call journal_wake before it waits for anything: what it posts
     * meanwhile then shares a switch of threads and a sync. */
    void (*posted)(void *ctx);
    /* Newly committed events of a followed room (takes its own reference if it keeps the batch). */
    void (*events)(void *ctx, struct journal_batch *batch);
    /* Outcome of an append, behind the events. token: as given. head: the room's last position
     * now. */
    void (*appended)(void *ctx, uint64_t token, enum journal_outcome outcome, uint32_t head);
    /* The answer to journal_post_read / journal_post_follow: the log after `after` up to its end.
     * exists: false if there is no such room (batch then empty). batch NULL (exists then false):
     * the log could not be read, because the disk or the memory failed. A damaged batch (exists
     * then false): the log is there, and good up to the batch's last event alone. */
    void (*history)(void *ctx, uint64_t token, bool exists, struct journal_batch *batch);
    /* The answer to journal_post_rooms_of: room ids, ROOM_ID_BYTES each without NUL, newest first,
     * the newest SESSIONS_MAX of them. `ids` is valid during the call only; NULL: nothing could be
     * read. */
    void (*rooms)(void *ctx, uint64_t token, const char *ids, uint32_t count);
    /* NULL for who posts no chore: how far one is, and once its end, as a sentence for the operator
     * that is valid during the call only. */
    void (*chore)(void *ctx, uint64_t token, enum journal_said said, const char *line);
    /* May be NULL: what another server passes on of a room that is followed (journal_post_trip);
     * valid during the call only. room NULL: some of it may have been lost on the way. */
    void (*trip)(void *ctx, const char *room, const uint8_t *bytes, uint32_t len);
    /* May be NULL: other servers live than before; see journal_leases. */
    void (*leases)(void *ctx);
    /* May be NULL: this server cannot reach what it shares with others any more, who may take it
     * for dead and go on without it; or it can again. */
    void (*cut)(void *ctx, bool cut);
    /* May be NULL: this server hands its people over to the others and takes nobody in any more,
     * for as long as it runs. */
    void (*drained)(void *ctx);
    /* May be NULL: nothing is stored any more, and why, with what to do, as a sentence for the
     * operator; empty: it is again. Valid during the call only. */
    void (*trouble)(void *ctx, const char *why);
    /* May be NULL: for now all has been said, so whoever waits may be woken. */
    void (*told)(void *ctx);
};

/* Statistics for the operator, read by the stats module. */
enum { JOURNAL_WAITS = 12 };

struct journal_stats {
    uint64_t commits, events, conflicts, failures;
    uint64_t doubts;               /* runs whose commit's outcome was lost, and was looked up */
    uint64_t queued;               /* posts that nobody has looked at yet */
    uint64_t waited_us;            /* all commits together */
    uint64_t waits[JOURNAL_WAITS]; /* commits by their length: see journal_wait_us */
};

/* The longest commit, in µs, that `waits` counts at this index; the last one takes all others. */
uint64_t journal_wait_us(int index);

enum { JOURNAL_RUN_MAX = 64 }; /* events in one append */

/* An event to be appended. member: NULL, or HASH_BYTES of a key that takes part in the room from
 * now on (an index for journal_post_rooms_of, committed together with the event). */
struct journal_entry {
    const uint8_t *bytes;
    uint32_t len;
    const uint8_t *member;
};

/* An append of a run of events, one behind the other: all of them or none. Everything is copied. */
struct journal_append {
    const char *room;
    uint32_t expected; /* position that the room's log must have now; 0: the room must be new */
    const struct journal_entry *entries;
    uint32_t count; /* 1 … JOURNAL_RUN_MAX */
    uint64_t token;
    /* It stands upon the listener's last append to the room, of which the listener, who follows
     * the room, has not heard yet. If that one is not kept, this one is answered CONFLICT, even if
     * the room's log has come to `expected` by what others wrote. */
    bool chained;
};

/* By one thread, before it posts anything; what the journal says by itself, of leases and cuts, may
 * come from then on. Copied. Returns the number that the calls below take, or -1: there are
 * 64 already. */
int journal_add_listener(struct journal *journal, const struct journal_listener *listener);
/* The posts are taken from any thread; each is answered by one call of its listener (unfollow by
 * none), never from inside the post. False: no memory; nothing was posted, and there is no answer.
 */
bool journal_post_append(struct journal *journal, int listener, const struct journal_append *append)
    __attribute__((warn_unused_result));
/* Reads without following. */
bool journal_post_read(struct journal *journal, int listener, const char *room, uint32_t after,
                       uint64_t token) __attribute__((warn_unused_result));
/* From now on the listener gets this room's events; answered by `history` first, without gap or
 * overlap. Holds also for a room that does not exist (yet): who does not mean to make it must
 * unfollow it. */
bool journal_post_follow(struct journal *journal, int listener, const char *room, uint32_t after,
                         uint64_t token) __attribute__((warn_unused_result));
/* Without memory the room stays followed: its events are then posted to a listener that drops
 * them. */
void journal_post_unfollow(struct journal *journal, int listener, const char *room);
bool journal_post_rooms_of(struct journal *journal, int listener, const uint8_t *key,
                           uint64_t token) __attribute__((warn_unused_result));
/* Begins a chore; it is done in slices between commits, but for the last slice of a removal, which
 * makes the file anew and during which nobody's events are kept. Followers of a log that is removed
 * or changed are told so (journal_batch_is_changed). of: the path of the copy, which must not exist
 * yet; the room to forget, or the key (HASH_BYTES as base64url); "" for a check; JOURNAL_KEEP: see
 * term.h; JOURNAL_PRUNE: hours of room time without an event, a space and the folder. Copied. */
bool journal_post_chore(struct journal *journal, int listener, enum journal_chore chore,
                        const char *of, uint64_t token) __attribute__((warn_unused_result));
/* Has the server of that boot, this one or another of the journal, hand its people over (see
 * journal_listener.drained). Answered by one call of `chore`: done once that server can know it. */
bool journal_post_drain(struct journal *journal, int listener, uint32_t boot, uint64_t token)
    __attribute__((warn_unused_result));
/* Passes what is no event on to those who follow the room at the other servers of the journal, or
 * at the one of boot `to` alone (0: at all of them). Nothing is kept, and it may be lost; there is
 * no answer. False: no memory, or more than JOURNAL_TRIP_MAX bytes. */
enum { JOURNAL_TRIP_MAX = SIGNAL_MAX_BYTES + 64 };
bool journal_post_trip(struct journal *journal, int listener, const char *room, uint32_t to,
                       const void *bytes, uint32_t len) __attribute__((warn_unused_result));
/* See journal_listener.posted. Costs little if there is nothing to wake it for. */
void journal_wake(struct journal *journal);
/* A crowd has come or gone: once nothing is queued, what memory the journal can do without, and
 * what the allocator holds in vain, goes back to the system. Any thread. */
void journal_ease(struct journal *journal);
/* The number of this server's lease, which no start on this journal had before, and the
 * room-clock's epoch (real ms of the journal's creation). Valid once open. */
uint32_t journal_boot(const struct journal *journal);
int64_t journal_epoch(const struct journal *journal);
/* The servers on this journal that live, by what is known now; this one is among them. Any
 * thread. */
struct leases journal_leases(struct journal *journal);
/* Where clients reach the others of them: see node_name_others. Any thread. */
void journal_nodes(struct journal *journal, char out[NODES_TEXT_MAX + 1]);
/* Rises whenever journal_nodes has something else to say. Any thread. */
uint32_t journal_nodes_version(const struct journal *journal);
/* All of them, as of the last beat, in the order of their boots; none: this journal is no other
 * server's. Returns ms since that beat. Any thread. */
int64_t journal_node_list(struct journal *journal, struct node_list *list);
/* Whether the server of that boot is known to have ended: who was connected to it is cut off. Any
 * thread. */
bool journal_boot_dead(struct journal *journal, uint32_t boot);
struct journal_stats journal_stats_read(struct journal *journal); /* any thread */
/* Finishes what was posted, syncs, stops the thread and frees. What a database that is out of reach
 * would have to confirm fails within seconds. */
void journal_close(struct journal *journal);

/* The key under which a room is enrolled that has a time of its own (term.h); nobody's key. */
extern const uint8_t journal_own_term[HASH_BYTES];

/* Who is told how far the taking over of an older file has come: so many of so many rooms. */
struct journal_watch {
    void *ctx;
    void (*moved)(void *ctx, int64_t done, int64_t all);
};

/* path: the database file; watch: NULL, or used during the call only; error: at least 256 bytes,
 * one sentence. NULL on failure. */
struct journal *journal_sqlite_open(const char *path, const struct journal_watch *watch,
                                    char *error);

/* What all servers on a journal must have in common: the first one's is kept with it. */
struct journal_fact {
    const char *name;  /* under which it is kept */
    const char *value; /* text */
    const char *what; /* ends the sentence "This server differs from the others on its journal: " */
};

/* What a server tells the others on its journal of itself. */
struct journal_self {
    const char *address; /* where clients reach it; "": nowhere that is known */
    const char *app;     /* program and version */
    /* The others may be NULL. On the journal's thread. What it carries now. */
    struct node_load (*load)(void *ctx);
    /* Asks nothing: the journal's clock has said so, and both moments are room_clock_moment's.
     * Returns µs that the rooms' clock is ahead of it. */
    int64_t (*moment)(void *ctx, const struct slew_sample *sample);
    void *ctx;
};

/*
 * A journal that several servers share, in PostgreSQL. info: a connection string or URI, or the
 * path of a file that holds one and that nobody else can read. self: used during the call, but for
 * its functions. ahead: ms that the database's
 * clock, by which rooms go, is ahead of this machine's. error: JOURNAL_WHY_MAX bytes, one sentence,
 * which names no password. NULL on failure.
 */
enum { JOURNAL_WHY_MAX = 512 };
struct journal *journal_postgres_open(const char *info, const struct journal_self *self,
                                      const struct journal_fact *facts, size_t fact_count,
                                      int64_t *ahead, char *error);

/* Reads who is on such a journal, without being one of them. False, with a sentence. */
bool journal_postgres_nodes(const char *info, struct node_list *list, char *error)
    __attribute__((warn_unused_result));

/* The room time of the latest event in the file, which no journal may have open; 0: none, or it
 * cannot be read, which journal_sqlite_open will tell. */
int64_t journal_sqlite_latest(const char *path);

#endif
