/* SPDX-License-Identifier: ISC */
/*
 * listener.h: the listening sockets, on the main thread: accepts and hands connections to the
 * workers by turns.
 *
 * When descriptors run out it pauses for a moment instead of spinning; a server that is far over
 * its bound closes at once.
 */
#ifndef SPAR_SERVER_NET_LISTENER_H
#define SPAR_SERVER_NET_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "server/config/config.h"

struct event_base;
struct listener;
struct server;
struct worker;

enum {
    LISTENER_BACKLOG = 1024,
    LISTENER_PAUSE_MS = 100, /* after an accept that failed */
    LISTENER_EXTRA = 64      /* over max_connections: let in far enough to be told `too-many` */
};

/* Binds every address of the configuration. workers: `count` of them, borrowed. NULL with a
 * sentence in `error` (CONFIG_ERROR_MAX bytes). */
struct listener *listener_open(struct event_base *base, const struct server *server,
                               struct worker **workers, unsigned count, char *error)
    __attribute__((warn_unused_result));
/* The port that the first address really has. */
uint16_t listener_port(const struct listener *listener);
/* Stops accepting and frees. NULL is fine. */
void listener_close(struct listener *listener);

#endif
