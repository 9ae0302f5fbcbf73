/* SPDX-License-Identifier: ISC */
/*
 * stream.c: OpenSSL on a non-blocking socket, driven by one event, and a second one while it waits
 * for the socket to take more.
 *
 * The invariants of output: a stream with something queued is either on the loop's list of what is
 * to be flushed at the end of this part of the turn, or waits for the socket. A part that OpenSSL
 * has taken but could not send is offered again from the same place and at least as long, as it
 * demands.
 */
#include "server/net/stream.h"

#include <event2/event.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECORD_BYTES = 16384, FIRST_OUT_BYTES = 512 };
_Static_assert(STREAM_REST_MAX + RECORD_BYTES <= STREAM_INPUT_MAX, "a rest leaves place to read");

static void end(struct stream *stream, enum stream_end why, unsigned long error) {
    if (stream->is_over) {
        return;
    }
    stream->is_over = true;
    event_del(stream->read);
    if (stream->write != NULL) {
        event_del(stream->write);
    }
    stream->user->ended(stream->ctx, why, error);
}

/* SSL_get_error looks at whatever an earlier call of OpenSSL has left; but as a rule none has, and
 * to clear costs as much as a tenth of a record. */
static void forget_errors(void) {
    if (ERR_peek_error() != 0) {
        ERR_clear_error();
    }
}

static void on_writable(evutil_socket_t fd, short what, void *ctx);

/* Few ever wait, so the event is made for as long as one does. */
static void wait_writable(struct stream *stream) {
    if (stream->write == NULL) {
        stream->write = event_new(stream->loop->base, event_get_fd(stream->read), EV_WRITE,
                                  on_writable, stream);
    }
    if (stream->write == NULL || event_add(stream->write, NULL) != 0) {
        end(stream, STREAM_LOST, 0);
        return;
    }
    stream->waiting = true;
}

static void not_waiting(struct stream *stream) {
    if (!stream->waiting && stream->write != NULL) {
        event_free(stream->write);
        stream->write = NULL;
    }
}

/* After a call of OpenSSL that did not succeed, for the reason that SSL_get_error names: wait, or
 * end. */
static void failed(struct stream *stream, int reason, bool reading) {
    if (reason == SSL_ERROR_WANT_WRITE) {
        stream->read_next = stream->read_next || reading;
        wait_writable(stream);
    } else if (reason == SSL_ERROR_ZERO_RETURN) {
        end(stream, STREAM_EOF, 0);
    } else if (reason != SSL_ERROR_WANT_READ) { /* reading is always watched */
        end(stream, STREAM_LOST, ERR_peek_error());
        ERR_clear_error();
    }
}

/* ---- output ---- */

static void want_flush(struct stream *stream) {
    if (stream->is_dirty || stream->waiting || stream->is_over) {
        return;
    }
    if (LIST_EMPTY(&stream->loop->dirty)) {
        /* Made active by hand it runs after all that are active already: at the end of the turn. */
        event_active(stream->loop->flush, EV_TIMEOUT, 0);
    }
    stream->is_dirty = true;
    LIST_INSERT_HEAD(&stream->loop->dirty, stream, dirty);
}

static void not_dirty(struct stream *stream) {
    if (stream->is_dirty) {
        stream->is_dirty = false;
        LIST_REMOVE(stream, dirty);
    }
}

/* What the user writes when told so goes out in a later turn: a fast reader of much does not hold
 * up the others. */
static void drained(struct stream *stream) {
    free(stream->out);
    stream->out = NULL;
    stream->out_at = stream->out_len = stream->out_size = 0;
    stream->waiting = true;
    stream->user->drained(stream->ctx);
    stream->waiting = stream->read_next;
    if (stream->out_len > 0) {
        wait_writable(stream);
    }
}

static void flush(struct stream *stream) {
    size_t written = 0;
    if (!stream->is_up || stream->is_over || stream->out_len == 0) {
        return;
    }
    while (stream->out_at < stream->out_len) {
        size_t left = stream->out_len - stream->out_at;
        if (written >= STREAM_TURN_MAX) {
            wait_writable(stream);
            return;
        }
        forget_errors();
        int done = SSL_write(stream->ssl, stream->out + stream->out_at,
                             left > RECORD_BYTES ? RECORD_BYTES : (int)left);
        if (done <= 0) {
            failed(stream, SSL_get_error(stream->ssl, done), false);
            return;
        }
        stream->out_at += (size_t)done;
        stream->loop->queued -= (size_t)done;
        written += (size_t)done;
    }
    drained(stream);
}

static void flush_all(struct stream_loop *loop) {
    struct stream *stream;
    while ((stream = LIST_FIRST(&loop->dirty)) != NULL) {
        not_dirty(stream);
        flush(stream);
    }
}

static void on_flush(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    flush_all(ctx);
}

/* Place for `len` more bytes; what has gone out makes room first. */
static bool reserve(struct stream *stream, size_t len) {
    if (stream->out_at > 0 && stream->out_len + len > stream->out_size) {
        stream->out_len -= stream->out_at;
        memmove(stream->out, stream->out + stream->out_at, stream->out_len);
        stream->out_at = 0;
    }
    if (stream->out_len + len <= stream->out_size) {
        return true;
    }
    size_t size = stream->out_size == 0 ? FIRST_OUT_BYTES : stream->out_size * 2;
    size = size < stream->out_len + len ? stream->out_len + len : size;
    uint8_t *out = realloc(stream->out, size);
    if (out == NULL) {
        return false;
    }
    stream->out = out;
    stream->out_size = size;
    return true;
}

bool stream_write(struct stream *stream, const void *bytes, size_t len) {
    if (stream->is_over || len == 0) {
        return true;
    }
    if (!reserve(stream, len)) {
        return false;
    }
    memcpy(stream->out + stream->out_len, bytes, len);
    stream->out_len += len;
    stream->loop->queued += len;
    want_flush(stream);
    return true;
}

size_t stream_queued(const struct stream *stream) {
    return stream->out_len - stream->out_at;
}

void stream_finish(struct stream *stream) {
    if (!stream->is_over) {
        forget_errors();
        SSL_shutdown(stream->ssl);
        shutdown(event_get_fd(stream->read), SHUT_WR);
    }
}

/* ---- input ---- */

/* False: no memory for what is left. */
static bool keep_rest(struct stream *stream, const uint8_t *bytes, size_t len) {
    uint8_t *rest = NULL;
    if (len > 0 && (len > STREAM_REST_MAX || (rest = malloc(len)) == NULL)) {
        return false;
    }
    if (len > 0) {
        memcpy(rest, bytes, len);
    }
    free(stream->rest);
    stream->rest = rest;
    stream->rest_len = len;
    return true;
}

static void hand_over(struct stream *stream, size_t have) {
    const uint8_t *input = stream->loop->input;
    size_t used = have > stream->rest_len ? stream->user->input(stream->ctx, input, have) : 0;
    if (have > stream->rest_len && !stream->is_over &&
        !keep_rest(stream, input + used, have - used)) {
        end(stream, STREAM_LOST, 0);
    }
}

/* Reads what has come, up to a whole buffer; OpenSSL reads ahead, so that several records cost one
 * system call. What is left in OpenSSL then, nothing would tell of: it waits for a turn as if it
 * were for the socket. */
static void take_input(struct stream *stream) {
    uint8_t *input = stream->loop->input;
    size_t have = stream->rest_len;
    int reason = SSL_ERROR_NONE;
    if (have > 0) {
        memcpy(input, stream->rest, have);
    }
    do {
        forget_errors();
        int got = SSL_read(stream->ssl, input + have, RECORD_BYTES);
        have += got > 0 ? (size_t)got : 0;
        reason = got > 0 ? SSL_ERROR_NONE : SSL_get_error(stream->ssl, got);
    } while (reason == SSL_ERROR_NONE && SSL_has_pending(stream->ssl) &&
             STREAM_INPUT_MAX - have >= RECORD_BYTES);
    hand_over(stream, have);
    if (stream->is_over) {
        return;
    }
    if (reason != SSL_ERROR_NONE) {
        failed(stream, reason, true);
    } else if (SSL_has_pending(stream->ssl)) {
        failed(stream, SSL_ERROR_WANT_WRITE, true);
    }
}

static void shake_hands(struct stream *stream) {
    forget_errors();
    int done = SSL_accept(stream->ssl);
    if (done <= 0) {
        failed(stream, SSL_get_error(stream->ssl, done), true);
        return;
    }
    stream->is_up = true;
    stream->user->up(stream->ctx);
    if (!stream->is_over && SSL_has_pending(stream->ssl)) {
        take_input(stream);
    }
}

static void go_on_reading(struct stream *stream) {
    if (stream->is_held && !stream->user->held(stream->ctx)) {
        return;
    }
    stream->is_held = false;
    if (!stream->is_up) {
        shake_hands(stream);
    } else {
        take_input(stream);
    }
}

static void on_turn_over(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    ((struct stream_loop *)ctx)->reads = 0;
}

/* The last of what an event does: the stream may be gone behind it. */
static void note_read(struct stream_loop *loop) {
    if (loop->reads++ == 0) {
        event_active(loop->turn_over, EV_TIMEOUT, 0); /* at the end of the turn, as the flush */
    }
    if (loop->reads == STREAM_PART_MAX) {
        loop->reads = 0;
        loop->part_over(loop->ctx);
        flush_all(loop);
    }
}

static void on_readable(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    struct stream *stream = ctx;
    if (stream->is_over) {
        return;
    }
    if (what & EV_READ) {
        go_on_reading(stream);
        if (stream->out_len > 0) {
            want_flush(stream); /* also what had to wait for input */
        }
        note_read(stream->loop);
    } else if (what & EV_TIMEOUT) {
        event_remove_timer(stream->read);
        stream->user->idle(stream->ctx);
    }
}

static void on_writable(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    struct stream *stream = ctx;
    struct stream_loop *loop = stream->loop;
    bool read_next = stream->read_next;
    stream->waiting = stream->read_next = false;
    flush(stream);
    if (read_next && !stream->is_over) {
        go_on_reading(stream);
    }
    not_waiting(stream);
    if (read_next) {
        note_read(loop);
    }
}

/* ---- life ---- */

bool stream_loop_init(struct stream_loop *loop, struct event_base *base,
                      void (*part_over)(void *ctx), void *ctx) {
    *loop = (struct stream_loop){.base = base, .part_over = part_over, .ctx = ctx};
    LIST_INIT(&loop->dirty);
    loop->input = malloc(STREAM_INPUT_MAX);
    loop->flush = event_new(base, -1, 0, on_flush, loop);
    loop->turn_over = event_new(base, -1, 0, on_turn_over, loop);
    if (loop->input != NULL && loop->flush != NULL && loop->turn_over != NULL) {
        return true;
    }
    stream_loop_free(loop);
    return false;
}

void stream_loop_free(struct stream_loop *loop) {
    if (loop->flush != NULL) {
        event_free(loop->flush);
    }
    if (loop->turn_over != NULL) {
        event_free(loop->turn_over);
    }
    free(loop->input);
    *loop = (struct stream_loop){0};
}

static void free_events(struct stream *stream) {
    if (stream->read != NULL) {
        event_free(stream->read);
    }
    if (stream->write != NULL) {
        event_free(stream->write);
    }
}

bool stream_open(struct stream *stream, struct stream_loop *loop, SSL *ssl, evutil_socket_t fd,
                 const struct stream_user *user, void *ctx) {
    *stream = (struct stream){.loop = loop, .user = user, .ctx = ctx, .ssl = ssl};
    stream->read = event_new(loop->base, fd, EV_READ | EV_PERSIST, on_readable, stream);
    if (stream->read == NULL || !SSL_set_fd(ssl, (int)fd) || event_add(stream->read, NULL) != 0) {
        free_events(stream);
        return false;
    }
    SSL_set_accept_state(ssl);
    SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_read_ahead(ssl, 1);
    return true;
}

void stream_hold(struct stream *stream) {
    stream->is_held = true;
}

void stream_close(struct stream *stream) {
    evutil_socket_t fd = event_get_fd(stream->read);
    not_dirty(stream);
    free_events(stream);
    stream->loop->queued -= stream_queued(stream);
    SSL_free(stream->ssl);
    evutil_closesocket(fd);
    free(stream->out);
    free(stream->rest);
}

bool stream_idle_limit(struct stream *stream, const struct timeval *limit) {
    return stream->is_over || event_add(stream->read, limit) == 0;
}

void stream_idle_never(struct stream *stream) {
    event_remove_timer(stream->read);
}
