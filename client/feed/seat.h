/* SPDX-License-Identifier: ISC */
/*
 * seat.h: a seat in one live room as a feed: joins, resumes after every loss, and sends what is not
 * confirmed again.
 *
 * It knows no connection: its owner gives it the messages about its room, says when the connection
 * is up, down or over, and sends for it. So one room on a connection of its own (live.h) and a
 * hundred rooms on one connection (wall_feed.h) are the same code. A command keeps its id for ever,
 * so the server applies it once however often it is sent.
 */
#ifndef SPAR_CLIENT_FEED_SEAT_H
#define SPAR_CLIENT_FEED_SEAT_H

#include "client/feed/feed.h"
#include "client/net/server_clock.h"
#include "protocol/wire/invite.h"
#include "protocol/wire/message.h"

struct feed_seat;

struct feed_seat_owner {
    void *ctx;
    /* Sends now; false: not connected, or out of memory. */
    bool (*send)(void *ctx, const struct message *message);
    /* Something that a screen shows has changed. */
    void (*changed)(void *ctx);
    /* Has joined (again). `first`: for the first time. May be NULL. */
    void (*joined)(void *ctx, bool first);
    /* The seat cannot go on, as the server refused it or what came cannot be used; `why` is a
     * sentence. The owner calls feed_seat_over, now or later. */
    void (*failed)(void *ctx, const char *why);
};

enum { FEED_SEAT_SWAP_MAX = 64 };
struct feed_seat {
    struct feed feed; /* first: the feed's operations get this */
    struct feed_seat_owner owner;
    struct invite invite; /* the room's link; `room` may be filled in later by a host */
    char name[NAME_MAX_BYTES + 1];
    bool keep_name; /* it was not asked for: a seat that has a name keeps it */
    bool joined_ever, in_room, over;
    /* prompts for the second half, the present try first; references */
    struct pack *swap[FEED_SEAT_SWAP_MAX];
    int swap_count;
    /* the wish that came true; what its second sending is answered does not matter */
    uint32_t swapped_id;
};

/* An empty model that is connecting. `ops` has to end in feed_seat_free; all is copied. */
void feed_seat_init(struct feed_seat *seat, const struct feed_ops *ops, const struct invite *invite,
                    const char *name, const struct feed_seat_owner *owner);
/* Frees what the seat holds, not the seat. */
void feed_seat_free(struct feed_seat *seat);

/* The connection is up: joins, or joins again where it left off. */
void feed_seat_join(struct feed_seat *seat);
/* The connection is down until about retry_at (monotonic ms). */
void feed_seat_down(struct feed_seat *seat, int64_t retry_at, const char *why);
/* Nothing more will come. `why` may be NULL: left. */
void feed_seat_over(struct feed_seat *seat, const char *why);
/* The clock is known better. */
void feed_seat_clock(struct feed_seat *seat, const struct server_clock_reading *reading,
                     int64_t rate);
/* A message about this room. */
void feed_seat_message(struct feed_seat *seat, const struct message *message);
/* A message of the kind `error`, which names no room: before the seat is in its room it is about
 * joining. */
void feed_seat_error(struct feed_seat *seat, enum refusal why);
/* Tells the server that the person leaves; it answers `left`. False: there is no place to leave, or
 * no connection. */
bool feed_seat_leave(struct feed_seat *seat);
/* A secret that the server gave becomes a link of this room. False: it is none; `failed` was
 * called. */
bool feed_seat_add_link(struct feed_seat *seat, enum role role, struct span secret);
/* seat_voice.c: a seat's voice, and the devices of one's own. */
void feed_seat_voiced(struct feed_seat *seat, const struct message *message);
void feed_seat_devices(struct feed_seat *seat, const struct message *message);

/* For struct feed_ops. */
bool feed_seat_send(struct feed *feed, const struct body *body);
bool feed_seat_board(struct feed *feed, enum feed_board what);
bool feed_seat_device(struct feed *feed, bool end);
bool feed_seat_invite(struct feed *feed, enum role role);
bool feed_seat_swap(struct feed *feed, struct pack *const *packs, int count);

#endif
