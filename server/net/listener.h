/* SPDX-License-Identifier: ISC */
/*
 * listener.h: the listening sockets, on the main thread: accepts and hands connections on.
 *
 * When descriptors run out it pauses for a moment instead of spinning; a server that is far over
 * its bound closes at once.
 */
#ifndef SPAR_SERVER_NET_LISTENER_H
#define SPAR_SERVER_NET_LISTENER_H

#include <event2/util.h>
#include <stdbool.h>
#include <stdint.h>

#include "server/base/episode.h"
#include "server/base/log.h"
#include "server/base/stats.h"
#include "server/config/config.h"
#include "server/net/book.h"

struct event_base;
struct listener;

enum {
    LISTENER_BACKLOG = 1024,
    LISTENER_PAUSE_MS = 100, /* after an accept that failed */
    LISTENER_EXTRA = 64      /* over max_connections: let in far enough to be told `too-many` */
};

/* What is given; copied, and none of what it points to is owned. */
struct listener_means {
    const struct config *config;
    struct book *book; /* counts each connection before it is taken over */
    struct log *log;
    struct stats *stats;
    unsigned writer; /* of the stats */
    /* Takes a connected descriptor over. False: out of memory, it stays the listener's. */
    bool (*take)(void *ctx, evutil_socket_t fd, const struct address *from);
    void *ctx;
};

/* Binds every address of the configuration. NULL with a
 * sentence in `error` (CONFIG_ERROR_MAX bytes). */
struct listener *listener_open(struct event_base *base, const struct listener_means *means,
                               char *error) __attribute__((warn_unused_result));
/* The port that the first address really has. */
uint16_t listener_port(const struct listener *listener);
/* Stops accepting and frees. NULL is fine. */
void listener_close(struct listener *listener);

#endif
