/* SPDX-License-Identifier: ISC */
/*
 * stream.h: a TLS byte stream on a worker's event loop.
 *
 * What is written during a loop turn leaves at its end, in as few TLS records as hold it: a record
 * costs a system call and a cipher's start, whether it holds one frame or a hundred. The socket is
 * written to at once, and watched for being writable only while it takes no more. Input is read
 * into the loop's one buffer; a stream keeps memory of its own only for the beginning of a frame,
 * and while something is queued.
 *
 * A turn that has much to read has parts: after every STREAM_PART_MAX streams that were read the
 * loop's owner is told, and then all is written that was written to streams by then. So the first
 * of a crowd do not wait until the last was read. A turn with less to read has no part but itself.
 *
 * One thread. A stream may be freed when a loop turn or a part of it ends, whether it was read in
 * it or is still to be; never inside one of its user's functions.
 */
#ifndef SPAR_SERVER_NET_STREAM_H
#define SPAR_SERVER_NET_STREAM_H

#include <bsd/sys/queue.h>
#include <event2/util.h>
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STREAM_INPUT_MAX = 128 * 1024, /* bytes handed over at once */
    STREAM_REST_MAX = 72 * 1024,   /* bytes that a user may leave for later */
    STREAM_PART_MAX = 64,          /* streams that are read in one part of a turn */
    STREAM_TURN_MAX = 128 * 1024   /* bytes that one stream writes before others have their turn */
};

struct event;
struct event_base;
struct stream;
LIST_HEAD(stream_list, stream);

/* What the streams of one event loop share. */
struct stream_loop {
    struct event_base *base;
    struct event *flush;
    struct event *turn_over; /* active from a turn's first read until the turn ends */
    struct stream_list dirty;
    unsigned reads;               /* streams that were read in this part of the turn */
    void (*part_over)(void *ctx); /* stream_loop_init */
    void *ctx;
    size_t queued;  /* bytes of all its streams */
    uint8_t *input; /* STREAM_INPUT_MAX bytes */
};

enum stream_end {
    STREAM_EOF, /* the peer has said all */
    STREAM_LOST /* reset, or not TLS as it should be; also a failed handshake */
};

struct stream_user {
    /* Of a stream that is held: something has come that is not TLS yet, and may be read from the
     * socket. → whether TLS begins now. */
    bool (*held)(void *ctx);
    /* The handshake is done. */
    void (*up)(void *ctx);
    /* Bytes have come, behind those that were left over last time. → how many of them are done
     * with; at most STREAM_REST_MAX may be left, valid during the call only. */
    size_t (*input)(void *ctx, const uint8_t *bytes, size_t len);
    /* The queue was written out; more may be written. */
    void (*drained)(void *ctx);
    /* Nothing was heard for the time that stream_idle_limit named, which is over with this; the
     * peer may still listen. */
    void (*idle)(void *ctx);
    /* Called at most once; nothing comes any more, and nothing can be written. error: OpenSSL's, or
     * 0. */
    void (*ended)(void *ctx, enum stream_end why, unsigned long error);
};

struct stream {
    struct event *read;
    struct event *write; /* while it waits for the socket to be writable; else NULL */
    struct stream_loop *loop;
    const struct stream_user *user;
    void *ctx;
    SSL *ssl;
    uint8_t *out, *rest;
    size_t out_at, out_len, out_size; /* queued: out[out_at..out_len) */
    size_t rest_len;
    LIST_ENTRY(stream) dirty;
    bool is_dirty, is_up, is_over;
    bool is_held;   /* something comes before TLS */
    bool waiting;   /* for the socket to be writable */
    bool read_next; /* reading waits for the socket to be writable */
};

/* base: not owned. part_over: a part of a turn ends, and mostly the turn goes on; called from the
 * top of the loop, so it may do what is done when a turn ends, such as closing any stream. What it
 * writes leaves at once. False: out of memory. */
bool stream_loop_init(struct stream_loop *loop, struct event_base *base,
                      void (*part_over)(void *ctx), void *ctx) __attribute__((warn_unused_result));
/* All its streams must be closed. */
void stream_loop_free(struct stream_loop *loop);

/* Begins the server's side of a handshake on a connected, non-blocking descriptor. Owns ssl and fd
 * if it returns true; false: out of memory, both stay the caller's. */
bool stream_open(struct stream *stream, struct stream_loop *loop, SSL *ssl, evutil_socket_t fd,
                 const struct stream_user *user, void *ctx) __attribute__((warn_unused_result));
/* Just opened: what comes first is the user's, until its `held` says that TLS begins. */
void stream_hold(struct stream *stream);
/* Drops what is queued and closes the descriptor. */
void stream_close(struct stream *stream);
/* Queues bytes, which are copied. False: out of memory, nothing was queued. */
bool stream_write(struct stream *stream, const void *bytes, size_t len)
    __attribute__((warn_unused_result));
/* Bytes queued. */
size_t stream_queued(const struct stream *stream);
/* Says that nothing more will be written: the peer reads the end of the stream. Only with an empty
 * queue. */
void stream_finish(struct stream *stream);
/* From now on the user is told if nothing is heard for so long. False: out of memory. */
bool stream_idle_limit(struct stream *stream, const struct timeval *limit)
    __attribute__((warn_unused_result));
void stream_idle_never(struct stream *stream);

#endif
