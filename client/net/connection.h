/* SPDX-License-Identifier: ISC */
/*
 * connection.h: the connection to one server over libevent and TLS: hello, frames, pings, and
 * coming back by itself.
 *
 * A connection knows nothing of rooms: it hands every message up and says when it is up, down or
 * over. It is up once the server has welcomed it. After a loss it calls again, at once where the
 * server has named others that hold the same rooms, else with growing waits, until it is over:
 * left, told by the server not to come back, or facing a stranger (wrong pin, other protocol).
 * Everything runs on the thread of the event_base; callbacks may call connection_send and
 * connection_leave, never connection_free.
 */
#ifndef SPAR_CLIENT_NET_CONNECTION_H
#define SPAR_CLIENT_NET_CONNECTION_H

#include <event2/event.h>

#include "client/net/server_clock.h"
#include "client/net/tls.h"
#include "protocol/wire/invite.h"
#include "protocol/wire/message.h"

/* The patience of a command with somebody before it, who sees that it is tried again. */
enum { CONNECTION_PATIENCE_MS = 10000 };

/* Why a connection is over, and with it the exit code of a command that lived on it. */
enum connection_end {
    CONNECTION_END_LEFT,    /* by connection_leave */
    CONNECTION_END_REFUSED, /* the server said why */
    CONNECTION_END_FAILED   /* no connection, a stranger, another protocol */
};

struct connection_handler {
    void *ctx;
    void (*up)(void *ctx);
    /* Down until about retry_at (monotonic ms). */
    void (*down)(void *ctx, int64_t retry_at, const char *why);
    void (*over)(void *ctx, enum connection_end end, const char *why);
    /* Every message but welcome, pong and bye. It borrows from the frame. */
    void (*message)(void *ctx, const struct message *message);
    /* The clock is known better. May be NULL. */
    void (*clock)(void *ctx, const struct server_clock_reading *reading, int64_t rate);
    /* Whether somebody looks at a clock that runs: then a server that is gone is missed at once,
     * where there is another. May be NULL: nobody does. */
    bool (*watches)(void *ctx);
    /* `at` of the last event shown to the person, for pings. May be NULL. */
    int64_t (*shown)(void *ctx);
};

struct connection_config {
    struct event_base *base;
    const struct invite *server; /* copied: host, port, pin */
    SSL_CTX *context;            /* from tls_context; outlives the connection */
    struct connection_handler handler;
    /* this client has just spoken with the server: also a first connection is tried again */
    bool known;
    /* of a server not known: so long a first connection that nobody takes is tried again */
    int64_t patience_ms;
};

struct connection;

/* Starts to connect; the first news comes from the event loop. The first connection is tried once,
 * unless the server is known or there is patience with one that is only just starting: if it fails
 * the connection is over. NULL: out of memory. */
struct connection *connection_new(const struct connection_config *config)
    __attribute__((warn_unused_result));
/* Hours that the server keeps rooms and groups once nothing more happens in them, as its welcome
 * has it; 0: for good, or it was not welcomed yet. */
int64_t connection_kept_hours(const struct connection *connection);
/* Queues a message; false (and nothing sent) unless the connection is up. */
bool connection_send(struct connection *connection, const struct message *message);
/* Ends the connection once what is queued has been handed to the system; `over` follows with
 * CONNECTION_END_LEFT. */
void connection_leave(struct connection *connection);
/* Ends the connection at once as CONNECTION_END_REFUSED with this sentence: for refusals that a
 * room gives. */
void connection_refuse(struct connection *connection, const char *why);
/* Never inside a callback of the connection. NULL is fine. */
void connection_free(struct connection *connection);
/* Whether a server that says bye for this reason may be called again. */
bool connection_comes_back(enum refusal why);

#endif
