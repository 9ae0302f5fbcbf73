/* SPDX-License-Identifier: ISC */
/*
 * peer.c: see peer.h.
 */
#include "tests/bench/peer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "certs/alpn.h"
#include "certs/keypair.h"
#include "protocol/wire/frame.h"

enum {
    READ_BYTES = 16384,
    EVENTS = 512,
    QUIET_S = 30, /* as a client does */
    LOOKS = 16    /* peers looked at in a turn */
};

int64_t bench_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static SSL_CTX *client_tls(void) {
    struct certs_why why;
    struct keypair *pair = keypair_make("bench", NULL, 0, &why);
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    if (pair == NULL || tls == NULL || !keypair_use(pair, tls, &why)) {
        return NULL;
    }
    keypair_free(pair);
    SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    (void)!alpn_offer(tls);
    return tls;
}

bool pool_init(struct pool *pool, uint16_t port, uint32_t count) {
    *pool = (struct pool){.ports = {port, port, port}, .count = count};
    pool->epoll = epoll_create1(EPOLL_CLOEXEC);
    pool->peers = calloc(count, sizeof *pool->peers);
    for (int i = 0; i < 3; i++) {
        if ((pool->tls[i] = client_tls()) == NULL) {
            return false;
        }
    }
    for (uint32_t i = 0; pool->peers != NULL && i < count; i++) {
        pool->peers[i] = (struct peer){
            .fd = -1, .index = i, .room = i / 3, .role = (uint8_t)(i % 3), .next_id = 1};
    }
    return pool->peers != NULL && pool->epoll >= 0;
}

void pool_cut(struct pool *pool, struct peer *peer) {
    if (peer->state == PEER_CLOSED) {
        return;
    }
    if (peer->state == PEER_JOINED) {
        pool->joined--;
    }
    SSL_free(peer->ssl);
    close(peer->fd);
    free(peer->in);
    free(peer->out);
    peer->in = peer->out = NULL;
    peer->in_len = peer->in_cap = peer->out_len = peer->out_cap = 0;
    peer->fd = -1;
    peer->state = PEER_CLOSED;
}

void pool_free(struct pool *pool) {
    for (uint32_t i = 0; i < pool->count; i++) {
        pool_cut(pool, &pool->peers[i]);
    }
    free(pool->peers);
    close(pool->epoll);
    for (int i = 0; i < 3; i++) {
        SSL_CTX_free(pool->tls[i]);
    }
}

static void peer_wants(struct pool *pool, struct peer *peer, bool write) {
    struct epoll_event event = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.ptr = peer};
    epoll_ctl(pool->epoll, EPOLL_CTL_MOD, peer->fd, &event);
}

void pool_connect(struct pool *pool, struct peer *peer) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(pool->ports[peer->role]),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)connect(peer->fd, (struct sockaddr *)&address, sizeof address);
    peer->ssl = SSL_new(pool->tls[peer->role]);
    SSL_set_fd(peer->ssl, peer->fd);
    SSL_set_connect_state(peer->ssl);
    peer->state = PEER_CONNECTING;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = peer};
    epoll_ctl(pool->epoll, EPOLL_CTL_ADD, peer->fd, &event);
}

static void peer_add(uint8_t **data, size_t *have, size_t *cap, const void *bytes, size_t len) {
    if (*have + len > *cap) {
        *cap = (*have + len) * 2;
        *data = realloc(*data, *cap);
        if (*data == NULL) {
            abort();
        }
    }
    memcpy(*data + *have, bytes, len);
    *have += len;
}

static void peer_flush(struct pool *pool, struct peer *peer) {
    size_t done = 0;
    while (done < peer->out_len) {
        size_t left = peer->out_len - done;
        int wrote =
            SSL_write(peer->ssl, peer->out + done, left > READ_BYTES ? READ_BYTES : (int)left);
        if (wrote <= 0) {
            break;
        }
        done += (size_t)wrote;
    }
    peer->out_len -= done;
    if (peer->out_len > 0) {
        memmove(peer->out, peer->out + done, peer->out_len);
    }
    peer_wants(pool, peer, peer->out_len > 0);
}

void pool_send(struct pool *pool, struct peer *peer, const void *bytes, size_t len) {
    peer->said = bench_ns();
    peer_add(&peer->out, &peer->out_len, &peer->out_cap, bytes, len);
    peer_flush(pool, peer);
}

static void peer_frames(struct pool *pool, struct peer *peer) {
    size_t start = 0, payload_len = 0, used = 0;
    const uint8_t *payload = NULL;
    while (peer->in_len > start && frame_next(peer->in + start, peer->in_len - start, &payload,
                                              &payload_len, &used) == FRAME_WHOLE) {
        pool->on_frame(pool, peer, payload, payload_len);
        start += used;
    }
    peer->in_len -= start;
    if (peer->in_len > 0) {
        memmove(peer->in, peer->in + start, peer->in_len);
    }
}

static void peer_lost(struct pool *pool, struct peer *peer) {
    pool->lost++;
    pool_cut(pool, peer);
}

static void peer_handshake(struct pool *pool, struct peer *peer) {
    int done = SSL_connect(peer->ssl);
    if (done > 0) {
        peer->state = PEER_UP;
        peer_wants(pool, peer, false);
        pool->on_up(pool, peer);
        return;
    }
    int why = SSL_get_error(peer->ssl, done);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
        peer_lost(pool, peer);
    } else {
        peer_wants(pool, peer, why == SSL_ERROR_WANT_WRITE);
    }
}

static void peer_read(struct pool *pool, struct peer *peer) {
    uint8_t bytes[READ_BYTES];
    for (;;) {
        int got = SSL_read(peer->ssl, bytes, sizeof bytes);
        if (got <= 0) {
            bool alive = SSL_get_error(peer->ssl, got) == SSL_ERROR_WANT_READ;
            peer_frames(pool, peer);
            if (!alive) {
                peer_lost(pool, peer);
            }
            return;
        }
        pool->bytes_in += (uint64_t)got;
        peer_add(&peer->in, &peer->in_len, &peer->in_cap, bytes, (size_t)got);
    }
}

static void ask_quiet(struct pool *pool) {
    int64_t quiet = bench_ns() - (int64_t)QUIET_S * 1000000000;
    for (int i = 0; i < LOOKS && pool->on_quiet != NULL; i++) {
        pool->looked = (pool->looked + 1) % pool->count;
        struct peer *peer = &pool->peers[pool->looked];
        if (peer->state == PEER_JOINED && peer->said < quiet) {
            pool->on_quiet(pool, peer);
        }
    }
}

void pool_turn(struct pool *pool, int timeout_ms) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(pool->epoll, events, EVENTS, timeout_ms);
    for (int i = 0; i < count; i++) {
        struct peer *peer = events[i].data.ptr;
        if (peer->state == PEER_CLOSED) {
            continue;
        }
        if (peer->state == PEER_CONNECTING) {
            peer_handshake(pool, peer);
        }
        if (peer->state >= PEER_UP && (events[i].events & EPOLLOUT)) {
            peer_flush(pool, peer);
        }
        if (peer->state >= PEER_UP) {
            peer_read(pool, peer);
        }
    }
    ask_quiet(pool);
}
