/* SPDX-License-Identifier: ISC */
/*
 * peer.h: the load generator's connections: many TLS 1.3 clients on one epoll loop, one thread.
 *
 * The pool moves bytes and cuts frames; what they mean is the target's (target.h). Frees happen in
 * pool_close and pool_free only.
 */
#ifndef SPAR_BENCH_PEER_H
#define SPAR_BENCH_PEER_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum peer_state { PEER_CLOSED, PEER_CONNECTING, PEER_UP, PEER_JOINED };

struct peer {
    int fd;
    enum peer_state state;
    uint32_t index, room; /* of the pool; of the bench */
    uint8_t role;         /* 0..2: which seat of the room */
    uint32_t n;           /* last event number seen, to resume after */
    uint32_t marks;       /* commands of the room seen so far */
    uint32_t next_id;
    int64_t said; /* when something was last sent, ns */
    SSL *ssl;
    uint8_t *in, *out;
    size_t in_len, in_cap, out_len, out_cap;
};

struct pool {
    int epoll;
    uint16_t ports[3]; /* where each role connects to */
    SSL_CTX *tls[3];   /* one client key a role */
    struct peer *peers;
    uint32_t count, joined, lost;
    uint64_t bytes_in;
    uint32_t looked; /* which peer was last looked at for whether it is to speak up */
    void (*on_up)(struct pool *pool, struct peer *peer);
    /* May be NULL; a peer that is in has said nothing for long. */
    void (*on_quiet)(struct pool *pool, struct peer *peer);
    void (*on_frame)(struct pool *pool, struct peer *peer, const uint8_t *payload, size_t len);
    void *ctx;
};

/* count peers, all closed, and all of that port; false if TLS cannot be set up. */
bool pool_init(struct pool *pool, uint16_t port, uint32_t count)
    __attribute__((warn_unused_result));
void pool_free(struct pool *pool);
/* Starts a connection to 127.0.0.1. */
void pool_connect(struct pool *pool, struct peer *peer);
/* Cuts it without a word, as a lost network does. */
void pool_cut(struct pool *pool, struct peer *peer);
void pool_send(struct pool *pool, struct peer *peer, const void *bytes, size_t len);
/* One turn of the loop; waits at most timeout_ms (0: polls). */
void pool_turn(struct pool *pool, int timeout_ms);
int64_t bench_ns(void); /* monotonic */

#endif
