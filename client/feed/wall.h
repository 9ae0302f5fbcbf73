/* SPDX-License-Identifier: ISC */
/*
 * wall.h: the rooms that a coach watches, and their order: those that need somebody stand first.
 *
 * Knows neither connection nor screen. A room is known by its id; a pointer to one is good until
 * wall_sweep.
 */
#ifndef SPAR_CLIENT_FEED_WALL_H
#define SPAR_CLIENT_FEED_WALL_H

#include "client/feed/seat.h"
#include "client/feed/wall_place.h"

enum {
    WALL_WHY_MAX = 400,
    WALL_HOLD_MS = 1000 /* after a key or click nothing moves for so long (real ms) */
};

struct wall_room {
    struct feed_seat seat; /* first: its feed is the room's */
    void *server;          /* whose connection it is on; wall_feed's */
    bool listed;           /* by a cohort; else its own link was given */
    bool ended;            /* to be taken off the wall */
    bool open;             /* on a screen of its own: stays until it is left */
    /* What has been said last of whether it is only watched, and in which session of the seat. */
    bool watched;
    uint32_t watched_in;
    bool muted;  /* its reasons raise it no more */
    bool hidden; /* taken off this wall by its coach, until somebody comes or does something */
    /* the need that the coach has been told of while another room was open */
    enum attention_kind known;
    uint32_t number;   /* in order of arrival, from 1 */
    int64_t active_at; /* ms of room time: the last thing that somebody else did; 0: nothing yet */
    int64_t trips[ROOM_SEATS_MAX]; /* real ms, of the connection of a seat; 0: not known */
    uint32_t told;                 /* model.revision that its own screen was told of */
    char why[WALL_WHY_MAX];        /* a sentence if it is over */
    struct wall_row row;
};

struct wall {
    struct wall_room *rooms[WALL_ROOMS_MAX]; /* in the order of the wall */
    uint32_t count;
    uint32_t numbers; /* given so far */
};

/* All rooms are freed. */
void wall_free(struct wall *wall);
/* A new last room, which owns nothing but its model. NULL: the wall is full, or out of memory. */
struct wall_room *wall_add(struct wall *wall);
/* NULL if it is not there. id: ROOM_ID_BYTES; of this server only, unless it is NULL. */
struct wall_room *wall_find(const struct wall *wall, const void *server, struct span id);
/* A message about the room: for its seat, and for what the wall itself keeps. */
void wall_message(struct wall_room *room, const struct message *message);
/* Brings every row up to date. mono: monotonic ms. True if any was filled anew. */
bool wall_update(struct wall *wall, int64_t mono);
/* The order of wall_place.h. Rooms that are alike never change places. */
void wall_sort(struct wall *wall);
/* Frees the rooms that have ended and are not open. True if there were any. */
bool wall_sweep(struct wall *wall);

/* See wall_place_is_done. */
bool wall_is_done(const struct wall_room *room, int64_t now);
/* The reason that raises the room; ATTENTION_NONE if there is none or it is muted. */
enum attention_kind wall_need(const struct wall_room *room);
/* The first room, beside those that are open, whose need is new or worse since the last call; NULL:
 * none. */
const struct wall_room *wall_news(struct wall *wall);
/* How many rooms need somebody. */
uint32_t wall_needs(const struct wall *wall);
/* Room time of a room at a monotonic moment. */
int64_t wall_now(const struct wall_room *room, int64_t mono);

#endif
