/*
 * journal_rooms.h: the rooms whose heads the journal's thread remembers, found by id.
 *
 * Every followed room is here; rooms that nobody follows are forgotten once they are many, and asked of the
 * store again. Journal's thread only.
 */
#ifndef SPAR_SERVER_JOURNAL_ROOMS_H
#define SPAR_SERVER_JOURNAL_ROOMS_H

#include <stdbool.h>
#include <stdint.h>

#include <bsd/sys/queue.h>

#define HASH_NONFATAL_OOM            1
#define uthash_nonfatal_oom(element) ((element)->lost = true)
#include <uthash.h>

#include "protocol/limits.h"
#include "server/keyhash.h"

struct journal_batch;

enum { JOURNAL_IDLE_ROOMS_MIN = 4096 }; /* rooms that nobody follows kept at least */

struct log_room {
    struct log_room *chained; /* the next in the same bucket */
    int64_t number;           /* the store's; 0: no such room yet */
    uint64_t followers;
    struct journal_batch *batch; /* this commit's events, for the followers */
    STAILQ_ENTRY(log_room) next; /* among the rooms that this commit appends to */
    uint32_t head, posted;
    bool known;   /* number and head are the store's */
    bool touched; /* this commit appends to it */
    char id[ROOM_ID_BYTES + 1];
};

struct log_rooms {
    struct keyhash hash;
    struct log_room **buckets;
    unsigned bucket_count; /* 0 or a power of two */
    unsigned count;
    unsigned idle; /* rooms without followers */
};

void log_rooms_init(struct log_rooms *rooms);
void log_rooms_free(struct log_rooms *rooms);
/* id: ROOM_ID_BYTES, filled up with NUL. NULL: not here. */
struct log_room *log_rooms_find(struct log_rooms *rooms, const char *id);
/* A room that is not here yet; nothing is known of it. NULL: no memory. */
struct log_room *log_rooms_add(struct log_rooms *rooms, const char *id);
/* `bit`: 0 … 63. */
void log_rooms_follow(struct log_rooms *rooms, struct log_room *room, unsigned bit);
void log_rooms_unfollow(struct log_rooms *rooms, struct log_room *room, unsigned bit);
/* Forgets the idle ones if they are many. Between commits only. */
void log_rooms_forget(struct log_rooms *rooms);

#endif
