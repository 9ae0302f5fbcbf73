/* SPDX-License-Identifier: ISC */
/*
 * conn.h: one TLS connection: frames in, frames out, its bounds and its end.
 *
 * Belongs to its worker's thread. It ends in two steps: conn_doom only notes why; at the end of the
 * loop turn conn_end leaves the rooms, says bye if there is anybody to hear it, and frees it once
 * that is out. All states change in one function that ends the process on an impossible change.
 */
#ifndef SPAR_SERVER_NET_CONN_H
#define SPAR_SERVER_NET_CONN_H

#include <event2/util.h>
#include <stdbool.h>

#include "server/base/episode.h"
#include "server/handle/handle.h"
#include "server/net/book.h"
#include "server/net/stream.h"
#include "server/net/tls.h"
#include "server/peer/peer.h"

enum conn_state {
    CONN_HANDSHAKE, /* TLS is not up yet */
    CONN_HTTP,      /* a browser's requests are awaited and answered */
    CONN_HELLO,     /* its first message is awaited */
    CONN_OPEN,
    CONN_BYE, /* a bye is on its way; what comes in is dropped */
    CONN_DEAD /* freed in this very call */
};

enum {
    CONN_BYE_MAX_MS = 2000, /* for a bye to be taken by the network and answered */
    /* Bytes that the kernel takes beyond what is in flight: the rest waits here, where it is
       bounded. */
    CONN_KERNEL_MAX = 128 * 1024
};

struct event;
struct proxied;
struct web_conn;

/* How long a connection may be silent, ms of real time: protocol/limits.h, and less in a test. */
struct patience {
    int handshake_ms, hello_ms, idle_ms, frame_ms;
    int place_ms; /* to take a place, where only those are left that are kept for who has one */
};

struct conn {
    struct peer peer; /* first */
    LIST_ENTRY(conn) all;
    LIST_ENTRY(conn) doomed;
    struct conn_loop *loop;
    struct stream stream;
    struct event *deadline; /* of handshake, hello and bye; NULL: none */
    enum conn_state state;
    bool is_doomed, flushed;
    bool polite;          /* ends without a word, but not before what is queued has been read */
    struct web_conn *web; /* of a browser: web_conn.h; else NULL */
    bool last_word;       /* a bye may exceed the bound of the queue */
    enum refusal why;     /* REFUSAL_NONE: no bye */
    const char *reason;   /* for the log; static */
    struct address from;
    bool by_proxy;             /* it is believed about whom it speaks for */
    struct proxied *proxied;   /* what has come of a proxy's header; NULL: nothing */
    char to[INET6_ADDRSTRLEN]; /* as a proxy's header has it; "": the socket's own */
    struct bucket bucket;      /* what it may still spend */
    struct bucket signals;     /* likewise on signals */
    int64_t pinged_at;         /* monotonic ms: the last ping that cost nothing */
    int64_t frame_since; /* monotonic ms at which the frame began that is not whole yet; 0: none */
    bool placed;         /* the book has been told that it has a place */
    bool keyed;          /* its key has been counted in the book */
};
LIST_HEAD(conn_list, conn);

/* What a worker lends to its connections. */
struct conn_loop {
    struct event_base *base;
    struct stream_loop streams;
    struct tls *tls;         /* of connections that come now; a mail may change it */
    struct mp_reader reader; /* of inbound messages */
    struct conn_list conns, doomed;
    struct patience patience;
    struct bucket_size tokens; /* of each connection */
    struct bucket_size signal_tokens;
    size_t output_max;      /* bytes that may wait for one reader */
    size_t output_all_max;  /* bytes that may wait for all readers of this worker */
    struct book *book;      /* everybody's, with a lock of its own */
    struct episode guesses; /* secrets that open nothing */
    struct episode unmet;   /* connections that came to no handshake */
    struct log *log;
    unsigned index; /* the worker's, for the log */
    struct handling *handling;
    bool shut;            /* nothing can be kept, or people are handed over: nobody is taken in */
    const char *own_name; /* likewise, that of this server alone */
    const char *public_name; /* HOST, beside the certificate's names; "": none */
    const char *web_root;    /* folder of the page's files; NULL: those built in */
    uint8_t *plain;          /* WEB_CONN_PLAIN_MAX bytes for what WebSockets carry */
    void (*sweep_wanted)(
        void *ctx);          /* asks for conn_end of all that are doomed, at the end of this turn */
    void (*gone)(void *ctx); /* a connection has been freed */
    void *ctx;
};

/* Takes over a connected descriptor that is counted in the book; closes it and takes it out again
 * if that fails. */
void conn_accept(struct conn_loop *loop, evutil_socket_t fd, const struct address *from);
/* Notes that it is to end, with a bye unless why is REFUSAL_NONE; the first reason counts. reason:
 * static. */
void conn_doom(struct conn *conn, enum refusal why, const char *reason);
/* End of the loop turn: does what was noted. May free the connection. */
void conn_end(struct conn *conn);

#endif
