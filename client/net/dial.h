/* SPDX-License-Identifier: ISC */
/*
 * dial.h: reaching one of several servers that hold the same rooms, or one that has several
 * addresses.
 *
 * All names are looked up at once. Their addresses are called in the order of the places, the next
 * one DIAL_NEXT_MS behind the last or as soon as one has failed, and all calls go on side by side:
 * the first whose TLS handshake is done is taken. So a dead address costs no more than that, and so
 * does a server that stands still, whose system takes connections that nobody answers. Everything
 * runs on the thread of the event_base.
 */
#ifndef SPAR_CLIENT_NET_DIAL_H
#define SPAR_CLIENT_NET_DIAL_H

#include <event2/bufferevent.h>
#include <event2/event.h>

#include "client/net/route.h"
#include "client/net/tls.h"

enum { DIAL_NEXT_MS = 300, DIAL_WHY_MAX = 400, DIAL_CALLS_MAX = 8, DIAL_ADDRESSES_MAX = 64 };

/* Why nobody was reached, the most hopeful first. */
enum dial_fault {
    DIAL_NO_NAME,   /* none was found */
    DIAL_NO_ANSWER, /* in time */
    DIAL_CLOSED,    /* no connection, or it was closed at once */
    DIAL_NO_TLS,    /* somebody is there, and speaks something else */
    DIAL_STRANGER,  /* the key or certificate is not the link's */
    DIAL_NO_MEMORY
};

struct dial_handler {
    void *ctx;
    /* The handshake is done. `bev` is the callee's from now on; place, many: which of those given,
     * and whether there was more than one address to call. */
    void (*reached)(void *ctx, struct bufferevent *bev, unsigned place, bool many);
    /* Nobody. stranger: whoever was reached was one. Never inside dial_start. */
    void (*failed)(void *ctx, enum dial_fault fault, bool stranger, const char *why);
};

struct dial;

/* pin: NULL: the machine's authorities decide. handler is copied, context outlives it. NULL: out of
 * memory. */
struct dial *dial_new(struct event_base *base, SSL_CTX *context, const struct pin *pin,
                      const struct dial_handler *handler) __attribute__((warn_unused_result));
/* Calls the places; whatever was under way is given up. The address that was reached last comes
 * after all others. */
void dial_start(struct dial *dial, const struct place *places, unsigned count);
void dial_stop(struct dial *dial);
/* Never inside a callback of its own. NULL is fine. */
void dial_free(struct dial *dial);

#endif
