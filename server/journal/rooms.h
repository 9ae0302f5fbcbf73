/* SPDX-License-Identifier: ISC */
/*
 * rooms.h: the rooms whose heads the journal's thread remembers, found by id.
 *
 * Every followed room is here; rooms that nobody follows are forgotten once they are many, and
 * asked of the store again. Journal's thread only.
 */
#ifndef SPAR_SERVER_JOURNAL_ROOMS_H
#define SPAR_SERVER_JOURNAL_ROOMS_H

#include <stdbool.h>
#include <stdint.h>

#include <bsd/sys/queue.h>

#include "protocol/limits.h"
#include "server/base/table.h"

struct journal_batch;

enum { JOURNAL_IDLE_ROOMS_MIN = 4096 }; /* rooms that nobody follows kept at least */

struct journal_room {
    struct table_entry of_table; /* first */
    int64_t number;              /* the store's; 0: no such room yet */
    uint64_t followers;
    uint64_t severed;                /* listeners whose last append to it was not kept */
    struct journal_batch *batch;     /* this commit's events, for the followers */
    STAILQ_ENTRY(journal_room) next; /* among the rooms that this commit appends to */
    uint32_t head, posted;
    bool known;   /* number and head are the store's */
    bool touched; /* this commit appends to it */
    bool lost;    /* another server came before this commit */
    char id[ROOM_ID_BYTES + 1];
};

struct journal_rooms {
    struct table table;
    unsigned idle; /* rooms without followers */
};

void journal_rooms_init(struct journal_rooms *rooms);
void journal_rooms_free(struct journal_rooms *rooms);
/* id: ROOM_ID_BYTES, filled up with NUL. NULL: not here. */
struct journal_room *journal_rooms_find(struct journal_rooms *rooms, const char *id);
/* A room that is not here yet; nothing is known of it. NULL: no memory. */
struct journal_room *journal_rooms_add(struct journal_rooms *rooms, const char *id);
/* Notes that a listener follows the room, or no more. bit: the listener's number, 0 … 63. */
void journal_rooms_follow(struct journal_rooms *rooms, struct journal_room *room, unsigned bit);
void journal_rooms_unfollow(struct journal_rooms *rooms, struct journal_room *room, unsigned bit);
/* Forgets the idle ones if they are many. Between commits only. */
void journal_rooms_forget(struct journal_rooms *rooms);

#endif
