/* SPDX-License-Identifier: ISC */
/*
 * wall_feed.h: keeps a wall filled: one connection for each server, on it every room of the given
 * cohorts and every single room, resumed after each loss.
 *
 * Everything runs on the thread of the event_base.
 */
#ifndef SPAR_CLIENT_FEED_WALL_FEED_H
#define SPAR_CLIENT_FEED_WALL_FEED_H

#include "client/feed/wall.h"
#include "client/net/connection.h"

enum { WALL_LINKS_MAX = 64 };

struct wall_feed_options {
    struct event_base *base;
    SSL_CTX *context;           /* outlives the feed */
    const struct invite *links; /* of rooms and cohorts; copied */
    uint32_t link_count;        /* 1 to WALL_LINKS_MAX */
    const char *name;
    bool keep_name;      /* of a seat that has one */
    int64_t patience_ms; /* as in connection_config */
    void *ctx;
    /* Nobody takes the first connection to a server; it is tried again. May be NULL. */
    void (*patience)(const char *why, void *ctx);
    /* Every link has been answered, well or badly; at most once. */
    void (*ready)(void *ctx);
    /* Something changed that the wall shows; at most once in a loop turn. */
    void (*changed)(void *ctx);
    /* A room is there that was not, or has ended. May be NULL. */
    void (*came)(void *ctx, struct wall_room *room);
    void (*went)(void *ctx, struct wall_room *room, const char *why);
    /* A cohort was entered, for the first time on this wall. May be NULL. */
    void (*entered)(void *ctx, const struct invite *cohort, const char *name);
    /* Somebody asks to be let in, or has reported a room to the coaches: a plain sentence. May be
     * NULL. */
    void (*told)(void *ctx, const char *sentence);
    /* A link cannot be used any more; `why` is a sentence. */
    void (*failed)(void *ctx, const struct invite *link, enum connection_end end, const char *why);
    /* Every connection has ended. */
    void (*over)(void *ctx);
};

struct wall_feed;
/* NULL: out of memory. */
struct wall_feed *wall_feed_new(const struct wall_feed_options *options)
    __attribute__((warn_unused_result));
/* Outside of its callbacks. NULL is fine. */
void wall_feed_free(struct wall_feed *feed);
/* Leaves every room; `over` follows. */
void wall_feed_leave(struct wall_feed *feed);
/* Tells the others in a room whether it is only watched from the wall or open on a screen of its
 * own, if they have been told otherwise; to be called when that changes. */
void wall_feed_watch(struct wall_room *room);
struct wall *wall_feed_wall(struct wall_feed *feed);
/* Brings rows and order up to date and frees what has ended. hold: leaves the order as it is. */
void wall_feed_refresh(struct wall_feed *feed, int64_t mono, bool hold);

/* How the servers stand: how many there are and are connected, the worst clock error in room ms
 * (-1: not known), when the most silent of those connected was heard last (monotonic ms; 0: none
 * was), and a sentence about what is wrong ("" if nothing is). */
struct wall_state {
    uint32_t servers, live;
    int64_t error_ms;
    int64_t heard_at;
    const char *why;
};
struct wall_state wall_feed_state(const struct wall_feed *feed);

#endif
