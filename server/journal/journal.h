/* SPDX-License-Identifier: ISC */
/*
 * journal.h: the one storage interface: compare-and-append logs of rooms, followed by workers.
 *
 * Every call posts to the journal's own thread and returns at once; answers and followed events
 * reach the caller's mailbox, in log order. An append of one or more events is answered COMMITTED
 * only after its sync, CONFLICT if the room's log is not at `expected` any more; by then every
 * event that it conflicts with has been posted to the follower. Appends of many rooms share one
 * sync (group commit). Implementations: sqlite.c; tests/support/journal_memory.c for tests, which
 * can delay, conflict and fail on demand.
 */
#ifndef SPAR_SERVER_JOURNAL_JOURNAL_H
#define SPAR_SERVER_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"

struct journal;

/* Long work for the operator; see journal_post_chore. */
enum journal_chore {
    JOURNAL_CHECK,  /* look at every checksum */
    JOURNAL_BACKUP, /* a whole copy of one moment */
    JOURNAL_FORGET  /* remove a room for good */
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

/* What a worker gives to hear from the journal. Called on the journal's thread, but for `posted`
 * (and see journal_post_append): they only post. */
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
     * the newest SESSIONS_MAX of them. `ids` is valid during the call only. */
    void (*rooms)(void *ctx, uint64_t token, const char *ids, uint32_t count);
    /* NULL for who posts no chore: how far one is, and once its end, as a sentence for the operator
     * that is valid during the call only. */
    void (*chore)(void *ctx, uint64_t token, enum journal_said said, const char *line);
    /* May be NULL: for now all has been said, so whoever waits may be woken. */
    void (*told)(void *ctx);
};

/* Statistics for the operator, read by the stats module. */
enum { JOURNAL_WAITS = 12 };

struct journal_stats {
    uint64_t commits, events, conflicts, failures;
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
};

/* Before anything is posted. Copied. Returns the number that the calls below take, or -1: there are
 * 64 already. */
int journal_add_listener(struct journal *journal, const struct journal_listener *listener);
/* The posts are taken from any thread; each is answered by one call of its listener (unfollow by
 * none). Without memory that is made at once, on the poster's thread, and says that it failed. */
void journal_post_append(struct journal *journal, int listener,
                         const struct journal_append *append);
/* Reads without following. */
void journal_post_read(struct journal *journal, int listener, const char *room, uint32_t after,
                       uint64_t token);
/* From now on the listener gets this room's events; answered by `history` first, without gap or
 * overlap. Holds also for a room that does not exist (yet): who does not mean to make it must
 * unfollow it. */
void journal_post_follow(struct journal *journal, int listener, const char *room, uint32_t after,
                         uint64_t token);
void journal_post_unfollow(struct journal *journal, int listener, const char *room);
void journal_post_rooms_of(struct journal *journal, int listener, const uint8_t *key,
                           uint64_t token);
/* Begins a chore; it is done in slices between commits, but for the removal, during which nobody's
 * events are kept. of: the path of the copy, which must not exist yet; the room to forget, which
 * nobody may be in; "" for a check. Copied. */
void journal_post_chore(struct journal *journal, int listener, enum journal_chore chore,
                        const char *of, uint64_t token);
/* See journal_listener.posted. Costs little if there is nothing to wake it for. */
void journal_wake(struct journal *journal);
/* A number that rises with each start of the server on this journal, and the room-clock's epoch
 * (real ms of the journal's creation). Valid once open. */
uint32_t journal_boot(const struct journal *journal);
int64_t journal_epoch(const struct journal *journal);
struct journal_stats journal_stats_read(struct journal *journal); /* any thread */
/* Finishes what was posted, syncs, stops the thread and frees. */
void journal_close(struct journal *journal);

/* Who is told how far the taking over of an older file has come: so many of so many rooms. */
struct journal_watch {
    void *ctx;
    void (*moved)(void *ctx, int64_t done, int64_t all);
};

/* path: the database file; watch: NULL, or used during the call only; error: at least 256 bytes,
 * one sentence. NULL on failure. */
struct journal *journal_sqlite_open(const char *path, const struct journal_watch *watch,
                                    char *error);

/* The room time of the latest event in the file, which no journal may have open; 0: none, or it
 * cannot be read, which journal_sqlite_open will tell. */
int64_t journal_sqlite_latest(const char *path);

#endif
