/* SPDX-License-Identifier: ISC */
/*
 * connection.h: the connection to one server over libevent and TLS: hello, frames, pings, and
 * coming back by itself.
 *
 * A link knows nothing of rooms: it hands every message up and says when it is up, down or over. It
 * is up once the server has welcomed it. After a loss it calls again with growing waits until it is
 * over: left, told by the server not to come back, or facing a stranger (wrong pin, other
 * protocol). Everything runs on the thread of the event_base; callbacks may call link_send and
 * link_leave, never link_free.
 */
#ifndef SPAR_CLIENT_NET_CONNECTION_H
#define SPAR_CLIENT_NET_CONNECTION_H

#include <event2/event.h>

#include "client/net/server_clock.h"
#include "client/net/tls.h"
#include "protocol/wire/invite.h"
#include "protocol/wire/message.h"

/* The patience of a command with somebody before it, who sees that it is tried again. */
enum { LINK_PATIENCE_MS = 10000 };

/* Why a link is over, and with it the exit code of a command that lived on it. */
enum link_end {
    LINK_END_LEFT,    /* by link_leave */
    LINK_END_REFUSED, /* the server said why */
    LINK_END_FAILED   /* no connection, a stranger, another protocol */
};

struct link_handler {
    void *ctx;
    void (*up)(void *ctx);
    /* Down until about retry_at (monotonic ms). */
    void (*down)(void *ctx, int64_t retry_at, const char *why);
    void (*over)(void *ctx, enum link_end end, const char *why);
    /* Every message but welcome, pong and bye. It borrows from the frame. */
    void (*message)(void *ctx, const struct message *message);
    /* The clock is known better. May be NULL. */
    void (*clock)(void *ctx, const struct link_reading *reading, int64_t rate);
    /* `at` of the last event shown to the person, for pings. May be NULL. */
    int64_t (*shown)(void *ctx);
};

struct link_config {
    struct event_base *base;
    const struct invite *server; /* copied: host, port, pin */
    SSL_CTX *context;            /* from tls_context; outlives the link */
    struct link_handler handler;
    /* this client has just spoken with the server: also a first connection is tried again */
    bool known;
    /* of a server not known: so long a first connection that nobody takes is tried again */
    int64_t patience_ms;
};

struct link;

/* Starts to connect; the first news comes from the event loop. The first connection is tried once,
 * unless the server is known or there is patience with one that is only just starting: if it fails
 * the link is over. NULL: out of memory. */
struct link *link_new(const struct link_config *config) __attribute__((warn_unused_result));
/* Queues a message; false (and nothing sent) unless the link is up. */
bool link_send(struct link *link, const struct message *message);
/* Ends the link once what is queued has been handed to the system; `over` follows with
 * LINK_END_LEFT. */
void link_leave(struct link *link);
/* Ends the link at once as LINK_END_REFUSED with this sentence: for refusals that a room gives. */
void link_refuse(struct link *link, const char *why);
/* Never inside a callback of the link. NULL is fine. */
void link_free(struct link *link);
/* Whether a server that says bye for this reason may be called again. */
bool link_comes_back(enum refusal why);

#endif
