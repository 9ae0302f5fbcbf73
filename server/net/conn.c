/* SPDX-License-Identifier: ISC */
/*
 * conn.c: frames over a stream. The stream is closed, and states that end the connection are
 * entered, only in conn_end, never inside a function that the stream calls.
 */
#include "server/net/conn.h"

#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "certs/alpn.h"
#include "protocol/room/room.h"
#include "protocol/wire/frame.h"
#include "server/base/interval.h"
#include "server/net/proxied.h"
#include "server/net/web_conn.h"
#include "server/peer/send.h"

static struct log *log_of(const struct conn *conn) {
    return conn->loop->log;
}

static struct desk *desk_of(const struct conn *conn) {
    return conn->loop->handling->desk;
}

void conn_enter(struct conn *conn, enum conn_state to) {
    static const unsigned allowed[] = {
        [CONN_HANDSHAKE] = 1 << CONN_HTTP | 1 << CONN_HELLO | 1 << CONN_DEAD,
        [CONN_HTTP] = 1 << CONN_HELLO | 1 << CONN_BYE | 1 << CONN_DEAD,
        [CONN_HELLO] = 1 << CONN_OPEN | 1 << CONN_BYE | 1 << CONN_DEAD,
        [CONN_OPEN] = 1 << CONN_BYE | 1 << CONN_DEAD,
        [CONN_BYE] = 1 << CONN_DEAD,
        [CONN_DEAD] = 0,
    };
    if ((allowed[conn->state] & 1U << to) == 0) {
        log_error(log_of(conn), "fatal", LOG_S("what", "impossible state of a connection"),
                  LOG_I("from", conn->state), LOG_I("to", to));
        abort();
    }
    conn->state = to;
}

static void clear_deadline(struct conn *conn) {
    if (conn->deadline != NULL) {
        event_free(conn->deadline);
        conn->deadline = NULL;
    }
}

/* Whether it has a place, a seat or one in a cohort; tells the book of a change. */
static bool has_place(struct conn *conn) {
    bool placed = handle_has_place(&conn->peer);
    if (placed != conn->placed) {
        conn->placed = placed;
        book_place(conn->loop->book, &conn->from, placed);
    }
    return placed;
}

static void on_deadline(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    struct conn *conn = ctx;
    if (conn->state == CONN_HANDSHAKE) {
        desk_count(desk_of(conn), STATS_handshakes_failed, 1);
        conn_doom(conn, REFUSAL_NONE, "handshake-timeout");
    } else if (conn->state == CONN_HTTP) {
        conn_doom(conn, REFUSAL_NONE, "http-timeout");
    } else if (conn->state == CONN_HELLO) {
        conn_doom(conn, REFUSAL_IDLE, "hello-timeout");
    } else if (conn->state == CONN_OPEN) {
        if (!has_place(conn)) {
            desk_count(desk_of(conn), STATS_turned_away, 1);
            conn_doom(conn, REFUSAL_TOO_MANY, NULL);
        }
    } else {
        conn_doom(conn, REFUSAL_NONE, "bye-timeout");
    }
}

bool conn_deadline(struct conn *conn, int ms) {
    struct timeval in = interval_ms(ms);
    if (conn->deadline == NULL) {
        conn->deadline = evtimer_new(conn->loop->base, on_deadline, conn);
    }
    return conn->deadline != NULL && evtimer_add(conn->deadline, &in) == 0;
}

static size_t queued(const struct conn *conn) {
    return stream_queued(&conn->stream);
}

/* Bytes that may wait for it. Who has no place is owed short answers only. */
static size_t output_max(struct conn *conn) {
    size_t most = conn->loop->output_max;
    return conn->placed || has_place(conn) || most < CONN_GUEST_OUTPUT_MAX ? most
                                                                           : CONN_GUEST_OUTPUT_MAX;
}

/* Over the bound of all output together the largest reader is cut off first, until it holds. What
 * is queued to those who are to end anyway goes at the end of this turn. */
static void relieve(struct conn_loop *loop) {
    size_t sum = 0;
    struct conn *conn;
    LIST_FOREACH(conn, &loop->conns, all) {
        sum += conn->is_doomed ? 0 : queued(conn);
    }
    struct conn *largest = NULL;
    do {
        largest = NULL;
        LIST_FOREACH(conn, &loop->conns, all) {
            if (!conn->is_doomed && (largest == NULL || queued(conn) > queued(largest))) {
                largest = conn;
            }
        }
        if (largest != NULL && sum > loop->output_all_max) {
            sum -= queued(largest);
            desk_count(desk_of(largest), STATS_cut_slow, 1);
            conn_doom(largest, REFUSAL_TOO_SLOW, "output");
        }
    } while (largest != NULL && sum > loop->output_all_max);
}

bool conn_may_queue(struct conn *conn, size_t len) {
    if (queued(conn) + len > output_max(conn) && !conn->last_word) {
        desk_count(desk_of(conn), STATS_cut_slow, 1);
        conn_doom(conn, REFUSAL_TOO_SLOW, NULL);
        return false;
    }
    return true;
}

static void peer_write(struct peer *peer, const void *frames, size_t len) {
    struct conn *conn = (struct conn *)peer;
    if (conn->is_doomed || (conn->state != CONN_OPEN && conn->state != CONN_HELLO)) {
        return;
    }
    if (!conn_may_queue(conn, len)) {
        return;
    }
    if (!(conn->web != NULL ? web_conn_write(conn, frames, len)
                            : stream_write(&conn->stream, frames, len))) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    } else {
        desk_count(desk_of(conn), STATS_bytes_out, (int64_t)len);
        if (conn->loop->streams.queued > conn->loop->output_all_max && !conn->last_word) {
            relieve(conn->loop);
        }
    }
}

static void peer_cut(struct peer *peer, enum refusal why) {
    conn_doom((struct conn *)peer, why, NULL);
}

static size_t peer_backlog(const struct peer *peer) {
    return queued((const struct conn *)peer);
}

void conn_doom(struct conn *conn, enum refusal why, const char *reason) {
    if (conn->is_doomed) {
        return;
    }
    conn->is_doomed = true;
    conn->why = why;
    /* What ended the conversation is what the log shall say, not how its bye ended. */
    if (conn->state != CONN_BYE) {
        conn->reason = reason != NULL ? reason : refusal_name(why);
    }
    LIST_INSERT_HEAD(&conn->loop->doomed, conn, doomed);
    conn->loop->sweep_wanted(conn->loop->ctx);
}

/* Where only the places are left that are kept for those who have one, it must take one soon. */
static bool watch_stranger(struct conn *conn) {
    if (book_is_crowded(conn->loop->book)) {
        return conn_deadline(conn, conn->loop->patience.place_ms);
    }
    clear_deadline(conn);
    return true;
}

static enum refusal peer_opened(struct peer *peer) {
    struct conn *conn = (struct conn *)peer;
    struct timeval idle = interval_ms(conn->loop->patience.idle_ms);
    if (conn->loop->shut) {
        return REFUSAL_STOPPING;
    }
    /* All connections wait equally long, so libevent can keep them in a queue instead of a heap. */
    const struct timeval *common = event_base_init_common_timeout(conn->loop->base, &idle);
    conn->keyed = book_key_come(conn->loop->book, peer->key, interval_now());
    if (!conn->keyed) {
        return REFUSAL_TOO_MANY;
    }
    conn_enter(conn, CONN_OPEN);
    if (!watch_stranger(conn) ||
        !stream_idle_limit(&conn->stream, common != NULL ? common : &idle)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
    return REFUSAL_NONE;
}

/* Who only knocks, and a proxy that looks whether we are there, is a line now and then, however
 * often. */
static void say_closed(struct conn *conn, bool met) {
    uint64_t count = met ? 1 : episode_again(&conn->loop->unmet, interval_now());
    if (met) {
        log_info(log_of(conn), "conn.close", LOG_S("peer", conn->from.text),
                 LOG_S("why", conn->reason));
    } else if (count > 0) {
        log_info(log_of(conn), "conn.close", LOG_S("peer", conn->from.text),
                 LOG_S("why", conn->reason), LOG_U("count", count));
    } else {
        log_debug(log_of(conn), "conn.close", LOG_S("peer", conn->from.text),
                  LOG_S("why", conn->reason));
    }
}

static void conn_free(struct conn *conn) {
    struct conn_loop *loop = conn->loop;
    bool met = conn->stream.is_up;
    conn_enter(conn, CONN_DEAD);
    handle_peer_gone(&conn->peer);
    if (conn->keyed) {
        book_key_go(loop->book, conn->peer.key, interval_now());
    }
    book_go(loop->book, &conn->from, conn->placed, interval_now());
    clear_deadline(conn);
    proxied_free(conn);
    web_conn_free(conn);
    stream_close(&conn->stream);
    LIST_REMOVE(conn, all);
    desk_count(loop->handling->desk, STATS_connections_open, -1);
    /* Only now: whoever reads of it may count on its place. */
    say_closed(conn, met);
    free(conn);
    loop->gone(loop->ctx);
}

/* Nothing more will be queued; the peer sees the end of the stream behind the bye. Closing the
 * socket at once would let unread input turn into a reset that overtakes the bye. */
static void finish_bye(struct conn *conn) {
    if (!conn->flushed && queued(conn) == 0) {
        conn->flushed = true;
        stream_finish(&conn->stream);
    }
}

void conn_end(struct conn *conn) {
    LIST_REMOVE(conn, doomed);
    conn->is_doomed = false;
    if (conn->polite && conn->state == CONN_HTTP && conn_deadline(conn, CONN_BYE_MAX_MS)) {
        conn_enter(conn, CONN_BYE);
        finish_bye(conn);
        return;
    }
    bool speaks = conn->state == CONN_HELLO || conn->state == CONN_OPEN;
    if (conn->why == REFUSAL_NONE || !speaks || !conn_deadline(conn, CONN_BYE_MAX_MS)) {
        conn_free(conn);
        return;
    }
    handle_peer_gone(&conn->peer);
    conn->last_word = true;
    send_bye(desk_of(conn), &conn->peer, conn->why);
    if (conn->is_doomed) {
        LIST_REMOVE(conn, doomed);
        conn_free(conn);
        return;
    }
    web_conn_close(conn);
    conn_enter(conn, CONN_BYE);
    stream_idle_never(&conn->stream); /* the deadline is shorter */
    finish_bye(conn);
}

/* Takes what was spent in vain. At the bound of its debt a connection is cut off. */
static void charge(struct conn *conn, uint32_t tokens) {
    if (!bucket_charge(&conn->bucket, &conn->loop->tokens, interval_now(), tokens)) {
        conn_doom(conn, REFUSAL_TOO_FAST, NULL);
    }
}

static void peer_guessed(struct peer *peer) {
    struct conn *conn = (struct conn *)peer;
    uint64_t count = episode_again(&conn->loop->guesses, interval_now());
    if (count > 0) {
        log_warn(log_of(conn), "secret.wrong", LOG_S("peer", conn->from.text),
                 LOG_U("count", count));
    }
    charge(conn, CONN_GUESS_TOKENS);
    book_charge(conn->loop->book, &conn->from, interval_now(), CONN_GUESS_TOKENS);
}

static int64_t peer_opens(struct peer *peer) {
    struct conn *conn = (struct conn *)peer;
    return book_room(conn->loop->book, peer->key, interval_now());
}

/* What a message is paid from. */
struct purse {
    struct bucket *bucket;
    const struct bucket_size *size;
    uint32_t cost;
};

/* Whoever looks at a clock asks often whether the server is still there, and so that nobody runs
 * out of tokens by it, a ping costs nothing unless it follows another too soon. */
static bool is_free_ping(struct conn *conn, int64_t now) {
    bool is_free = now - conn->pinged_at >= NODE_PING_FREE_MS;
    conn->pinged_at = is_free ? now : conn->pinged_at;
    return is_free;
}

/* Signals come in bursts, and have a bucket of their own, so that neither they nor the commands of
 * a seat wait for the other. */
static struct purse purse_of(struct conn *conn, const struct message *message, int64_t now) {
    uint32_t cost = message_cost(message->kind);
    if (message->kind == MESSAGE_SIGNAL) {
        return (struct purse){&conn->signals, &conn->loop->signal_tokens,
                              cost * (1 + message->signal.data.len / 1024)};
    }
    if (message->kind == MESSAGE_PING && is_free_ping(conn, now)) {
        cost = 0;
    } else if (message->kind == MESSAGE_HELLO && conn->peer.greeted) {
        cost = CONN_BAD_TOKENS; /* it is free once; each more is answered, and breaks the rules */
    } else if (message->kind == MESSAGE_JOIN && message->join.companion == COMPANION_SCREEN) {
        cost = message_cost(MESSAGE_FETCH); /* reads as much, and no share of a room ends it */
    }
    return (struct purse){&conn->bucket, &conn->loop->tokens, cost};
}

/* Whether the message can be paid for; if not, its sender is told how long to wait, which is
 * charged too, so that who goes on all the same is cut off. The one place where it is asked. */
static bool affords(struct conn *conn, const struct message *message) {
    int64_t now = interval_now();
    struct purse purse = purse_of(conn, message, now);
    if (purse.cost == 0) {
        return true; /* the hello, an honest ping: whatever others have spent at its address */
    }
    int64_t wait = bucket_take(purse.bucket, purse.size, now, purse.cost);
    if (wait == 0 && !has_place(conn)) {
        wait = book_take(conn->loop->book, &conn->from, now, purse.cost);
        if (wait != 0) {
            bucket_return(purse.bucket, purse.size, purse.cost);
        }
    }
    if (wait == 0) {
        return true;
    }
    send_too_fast(desk_of(conn), &conn->peer, message, wait);
    charge(conn, 1);
    return false;
}

/* One payload; what it holds is borrowed from the stream. */
static void on_payload(struct conn *conn, const uint8_t *payload, size_t len) {
    struct conn_loop *loop = conn->loop;
    struct message message;
    message.kind = MESSAGE_UNKNOWN;
    enum message_error error = message_read(&loop->reader, payload, len, &message);
    if (error == MSG_BAD_FRAME) {
        desk_count(desk_of(conn), STATS_messages_bad, 1);
        conn_doom(conn, REFUSAL_BAD_FRAME, NULL);
    } else if (error == MSG_BAD_MESSAGE) {
        desk_count(desk_of(conn), STATS_messages_bad, 1);
        handle_bad_message(loop->handling, &conn->peer, &message, &loop->reader);
        charge(conn, CONN_BAD_TOKENS);
    } else if (affords(conn, &message)) {
        desk_count(desk_of(conn), STATS_messages_in, 1);
        handle_message(loop->handling, &conn->peer, &message);
    }
}

bool conn_listens(const struct conn *conn) {
    return !conn->is_doomed && (conn->state == CONN_HELLO || conn->state == CONN_OPEN);
}

/* A frame is not whole yet. Who sends one byte now and then holds a place and memory all the same.
 */
static void wait_for_rest(struct conn *conn, bool is_new) {
    int64_t now = interval_now();
    if (is_new || conn->frame_since == 0) {
        conn->frame_since = now;
    } else if (now - conn->frame_since > conn->loop->patience.frame_ms) {
        desk_count(desk_of(conn), STATS_cut_idle, 1);
        conn_doom(conn, REFUSAL_IDLE, "slow-frame");
    }
}

size_t conn_frames(struct conn *conn, const uint8_t *bytes, size_t len) {
    size_t at = 0;
    while (at < len && conn_listens(conn)) {
        const uint8_t *payload;
        size_t payload_len;
        size_t used;
        enum frame_status status = frame_next(bytes + at, len - at, &payload, &payload_len, &used);
        if (status == FRAME_PARTIAL) {
            wait_for_rest(conn, at > 0);
            return at;
        }
        if (status != FRAME_WHOLE) {
            desk_count(desk_of(conn), STATS_messages_bad, 1);
            conn_doom(conn, REFUSAL_BAD_FRAME, NULL);
            return len;
        }
        on_payload(conn, payload, payload_len);
        desk_count(desk_of(conn), STATS_bytes_in, (int64_t)used);
        at += used;
    }
    conn->frame_since = 0;
    return len;
}

static size_t on_input(void *ctx, const uint8_t *bytes, size_t len) {
    struct conn *conn = ctx;
    return conn->web != NULL ? web_conn_input(conn, bytes, len) : conn_frames(conn, bytes, len);
}

static void on_drained(void *ctx) {
    struct conn *conn = ctx;
    if (conn->state == CONN_BYE) {
        finish_bye(conn);
    } else if (conn->state == CONN_HTTP && !conn->is_doomed) {
        web_conn_drained(conn);
    } else if (conn->state == CONN_OPEN && !conn->is_doomed) {
        handle_peer_drained(&conn->peer);
    }
}

static bool on_held(void *ctx) {
    return proxied_begins(ctx);
}

static void on_up(void *ctx) {
    struct conn *conn = ctx;
    proxied_free(conn);
    desk_count(desk_of(conn), STATS_handshakes, 1);
    /* Else it is HTTP: a proxy in front of us may name no protocol at all, and one that we do not
     * know has ended the handshake. */
    if (!alpn_is_spar(conn->stream.ssl)) {
        tls_forget_keys(conn->stream.ssl);
        web_conn_begin(conn);
        return;
    }
    conn->peer.has_key = tls_peer_key(conn->stream.ssl, conn->peer.key);
    tls_forget_keys(conn->stream.ssl);
    conn_enter(conn, CONN_HELLO);
    if (!conn_deadline(conn, conn->loop->patience.hello_ms)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
}

static void on_idle(void *ctx) {
    struct conn *conn = ctx;
    desk_count(desk_of(conn), STATS_cut_idle, 1);
    conn_doom(conn, REFUSAL_IDLE, NULL);
}

static void on_ended(void *ctx, enum stream_end why, unsigned long error) {
    struct conn *conn = ctx;
    if (conn->state == CONN_HANDSHAKE) {
        desk_count(desk_of(conn), STATS_handshakes_failed, 1);
        log_debug(log_of(conn), "conn.handshake", LOG_S("peer", conn->from.text),
                  LOG_S("error", error == 0 ? "-" : ERR_reason_error_string(error)));
        conn_doom(conn, REFUSAL_NONE, "handshake-failed");
    } else {
        conn_doom(conn, REFUSAL_NONE, why == STREAM_EOF ? "eof" : "reset");
    }
}

static const struct stream_user user = {.held = on_held,
                                        .up = on_up,
                                        .input = on_input,
                                        .drained = on_drained,
                                        .idle = on_idle,
                                        .ended = on_ended};

/* NULL: out of memory. */
static struct conn *conn_new(struct conn_loop *loop, evutil_socket_t fd) {
    struct conn *conn = calloc(1, sizeof *conn);
    SSL *ssl = conn != NULL ? tls_connection(loop->tls) : NULL;
    if (ssl != NULL && stream_open(&conn->stream, &loop->streams, ssl, fd, &user, conn)) {
        return conn;
    }
    SSL_free(ssl);
    free(conn);
    return NULL;
}

void conn_accept(struct conn_loop *loop, evutil_socket_t fd, const struct address *from) {
    int on = 1;
    int unsent = CONN_KERNEL_MAX;
    struct conn *conn = conn_new(loop, fd);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    if (conn == NULL) {
        log_error(loop->log, "conn.lost", LOG_S("peer", from->text), LOG_S("why", "no memory"));
        book_go(loop->book, from, false, interval_now());
        evutil_closesocket(fd);
        return;
    }
    conn->loop = loop;
    conn->peer = (struct peer){.write = peer_write,
                               .cut = peer_cut,
                               .backlog = peer_backlog,
                               .opened = peer_opened,
                               .guessed = peer_guessed,
                               .opens = peer_opens};
    conn->state = CONN_HANDSHAKE;
    bucket_fill(&conn->bucket, &loop->tokens, interval_now());
    bucket_fill(&conn->signals, &loop->signal_tokens, interval_now());
    conn->from = *from;
    conn->by_proxy = from->is_proxy;
    if (conn->by_proxy) {
        stream_hold(&conn->stream);
    }
    LIST_INSERT_HEAD(&loop->conns, conn, all);
    desk_count(desk_of(conn), STATS_connections_open, 1);
    log_debug(loop->log, "conn.open", LOG_S("peer", from->text), LOG_U("worker", loop->index));
    if (!conn_deadline(conn, loop->patience.handshake_ms)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
}
