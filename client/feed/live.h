/* SPDX-License-Identifier: ISC */
/*
 * live.h: a live room as a feed: joins, resumes after every loss, and sends what is not confirmed
 * again.
 *
 * A command keeps its id for ever, so the server applies it once however often it is sent.
 */
#ifndef SPAR_CLIENT_FEED_LIVE_H
#define SPAR_CLIENT_FEED_LIVE_H

#include "client/feed/feed.h"
#include "client/feed/kept.h"
#include "client/net/connection.h"

/* What to host; the texts and bytes are copied. */
struct feed_live_hosting {
    struct pack *pack;             /* a reference is taken; NULL: `prompt` */
    char prompt[ID_MAX_BYTES + 1]; /* id of a prompt that the cohort holds */
    uint32_t mode;                 /* bits of enum room_mode */
    int plan;                      /* -1: the pack's first, or `budgets` */
    uint32_t budgets_ms[PACK_PHASES_MAX];
    bool own_budgets;
    uint16_t days; /* that the room is kept; 0: as the server keeps all */
    bool fleeting; /* nothing is kept once it is over */
    uint8_t extra; /* percent by which the plan is stretched, for who is given more time */
};

struct feed_live_options {
    struct event_base *base;
    SSL_CTX *context; /* outlives the feed */
    /* a room's link; with `hosting` a host link, or a cohort's link, where the room then belongs */
    const struct invite *invite;
    const struct feed_live_hosting *hosting; /* NULL: join */
    const char *name;
    bool keep_name;      /* if the seat has one */
    bool known;          /* as in connection_config */
    int64_t patience_ms; /* as in connection_config */
    /* Nobody takes the first connection; it is tried again. May be NULL. */
    void (*on_patience)(const char *why, void *ctx);
    /* Once, before a name goes to the server. May be NULL: then the server is not asked. */
    void (*on_kept)(const struct kept *kept, void *ctx);
    /* The feed is in its room for the first time, after the links of a hosted one. May be NULL. */
    void (*on_joined)(struct feed *feed, void *ctx);
    /* The feed is over; a sentence says why. May be NULL. */
    void (*on_over)(struct feed *feed, enum connection_end end, const char *why, void *ctx);
    void *ctx; /* of these four alone */
};

/* NULL: out of memory. Freed by feed->ops->free, outside its own callbacks. */
struct feed *feed_live_new(const struct feed_live_options *options)
    __attribute__((warn_unused_result));
/* Leaves the room; on_over follows once the server has it on disk, or the connection is lost, or
 * after 5 s. */
void feed_live_leave(struct feed *feed);
/* The room's own link of this seat without its secret spent: address, pin and room, for the list of
 * rooms. */
const struct invite *feed_live_invite(const struct feed *feed);

#endif
