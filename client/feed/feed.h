/* SPDX-License-Identifier: ISC */
/*
 * feed.h: one source of events for a screen: a live room (live.c) or a recording (recording.c).
 *
 * Screens know only this: they read feed->model and call these. Everything runs on the one thread
 * that runs the event_base.
 */
#ifndef SPAR_CLIENT_FEED_FEED_H
#define SPAR_CLIENT_FEED_FEED_H

#include "client/feed/model.h"

/* Links that this client was given by the server: those of a new room, and every later invite. */
enum { FEED_LINKS_MAX = 96, FEED_LINK_MAX = 512 };
struct feed_links {
    struct feed_link {
        enum role role;
        int seat; /* that was moved to it; -1: it gives a seat of its own */
        char text[FEED_LINK_MAX];
    } at[FEED_LINKS_MAX];
    uint32_t count; /* the oldest are kept when it is full */
    /* What the server told last of links that have seated somebody: hashes of their secrets. */
    uint32_t used_count;
    uint8_t used[ROOM_LINKS_MAX][HASH_BYTES];
    uint8_t used_by[ROOM_LINKS_MAX]; /* the seats */
};
/* The seat that a link gave to somebody, or -1: it is not known to be used. */
int feed_link_used_by(const struct feed_links *links, const char *text);

/* Who is on voice, by the bits of seats, and the device that speaks for this one. */
struct feed_voice {
    uint16_t on, muted;
    int devices;              /* how many speak for this seat by a link of its own */
    char link[FEED_LINK_MAX]; /* the newest for one; "": none that is open */
    int64_t until;            /* ms of room time that it is good for */
};

enum feed_board { FEED_UNDO, FEED_REDO, FEED_UNHIDE };

struct feed;
struct feed_ops {
    /* Sends (or queues while dropped) a command; false: refused at once, model.message says why.
     * Recordings refuse. */
    bool (*send)(struct feed *feed, const struct body *body);
    /* Asks for one more link of a role; the answer comes as model message + on_link. Recordings
     * refuse. */
    bool (*invite)(struct feed *feed, enum role role);
    /* Takes back one's own last change of the board, makes it again, or shows what was drawn
     * unseen; false: refused, model.message says why. May be NULL: recordings refuse. */
    bool (*board)(struct feed *feed, enum feed_board what);
    /* Live only, may be NULL: asks for the second half under the first of these prompts that the
     * server takes. Takes references. model.swap_id tells that it is on its way; false: refused at
     * once, model.message says why. */
    bool (*swap)(struct feed *feed, struct pack *const *packs, int count);
    /* Live only, may be NULL: asks for a link by which another device speaks for this seat, or ends
     * those that do; false: model.message says why. */
    bool (*device)(struct feed *feed, bool end);
    /* Recordings only (NULL in a live feed): */
    void (*seek)(struct feed *feed, int64_t at);        /* ms of room time */
    void (*seek_event)(struct feed *feed, uint32_t n);  /* right after event n */
    void (*speed)(struct feed *feed, int num, int den); /* 0/1: paused */
    void (*free)(struct feed *feed);
};

struct feed {
    const struct feed_ops *ops;
    struct model model;
    bool is_recording;
    /* a recording that is marked anew: marks and flags can be sent all the same */
    bool takes_marks;
    struct feed_links links; /* live only */
    struct feed_voice voice; /* likewise */
    /* For a screen: called after model.revision changed, at most once per loop turn. May be
     * NULL. */
    void (*on_change)(struct feed *feed, void *ctx);
    /* Every event, refusal etc. as it comes, for batch mode. May be NULL. */
    void (*on_event)(struct feed *feed, const struct event *event, void *ctx);
    void (*on_refused)(struct feed *feed, uint32_t id, enum refusal why, void *ctx);
    void (*on_link)(struct feed *feed, enum role role, const char *link, void *ctx);
    void (*on_kept)(struct feed *feed, uint32_t id, void *ctx); /* sent again, had been applied */
    void (*on_state)(struct feed *feed, void *ctx);             /* model.connection changed */
    void *ctx;
    /* Recording's extent and place; 0 in a live feed. ms of room time. */
    int64_t first_at, last_at;
    int speed_num, speed_den;
    int64_t idle_ms;            /* a silence is played for so long at most; 0: all of it */
    const struct room *end;     /* the room after the last event, whose clock knows all moves */
    const struct event *events; /* recording's events, NULL live */
    uint32_t event_count;
    void *private_data;
};

#endif
