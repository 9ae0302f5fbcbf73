/* SPDX-License-Identifier: ISC */
/*
 * web_conn.c: HTTP and the WebSocket over a stream.
 */
#include "server/net/web_conn.h"

#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "certs/random.h"
#include "server/base/interval.h"
#include "server/net/proxied.h"
#include "server/peer/send.h"
#include "server/web/answer.h"
#include "server/web/websocket.h"

struct web_conn {
    const uint8_t *body; /* what is still to be queued of the answer */
    size_t body_len;
    uint8_t *owned; /* that body points into; NULL: it is static */
    bool answering; /* an answer is not out yet */
    bool last;      /* the connection ends behind it */
    bool socket;    /* it is a WebSocket */
    struct websocket ws;
    struct peer_challenge challenge;
    struct event *ping;
    uint8_t *rest; /* of the stream that the WebSocket carries: a frame that is not whole */
    size_t rest_len;
};

static struct desk *desk_of(const struct conn *conn) {
    return conn->loop->handling->desk;
}

/* ---- requests ---- */

void web_conn_begin(struct conn *conn) {
    conn->web = calloc(1, sizeof *conn->web);
    conn_enter(conn, CONN_HTTP);
    if (conn->web == NULL || !conn_deadline(conn, HTTP_IDLE_MS)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
}

/* The address to which the peer connected, without port; "" if the system does not tell. */
static void own_address(const struct conn *conn, char out[INET6_ADDRSTRLEN]) {
    union proxy_address address = {0};
    socklen_t len = sizeof address;
    memcpy(out, conn->to, INET6_ADDRSTRLEN);
    if (out[0] == '\0' && getsockname(SSL_get_fd(conn->stream.ssl), &address.any, &len) == 0) {
        address_host_text(&address.any, len, out);
    }
}

static bool named(void *ctx, const char *host) {
    const struct conn *conn = ctx;
    const char *own = conn->loop->public_name;
    const char *alone = conn->loop->own_name;
    return (own[0] != '\0' && strcasecmp(own, host) == 0) ||
           (alone[0] != '\0' && strcasecmp(alone, host) == 0) || tls_names(conn->stream.ssl, host);
}

static bool is_full(const struct conn *conn) {
    const struct handling *handling = conn->loop->handling;
    return stats_sum(handling->desk->means.stats, STATS_connections_open) >
           (int64_t)handling->max_connections;
}

/* Queues what fits of the answer; the first part in one write with its head. */
static void queue_part(struct conn *conn) {
    struct web_conn *web = conn->web;
    size_t part = web->body_len < WEB_CONN_PART ? web->body_len : WEB_CONN_PART;
    if (part > 0 && !stream_write(&conn->stream, web->body, part)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
        return;
    }
    desk_count(desk_of(conn), STATS_bytes_out, (int64_t)part);
    web->body = part > 0 ? web->body + part : NULL;
    web->body_len -= part;
}

/* From now on it is a WebSocket: the page is asked to prove its key. */
static void begin_socket(struct conn *conn, struct span origin) {
    struct web_conn *web = conn->web;
    struct message message = {.kind = MESSAGE_CHALLENGE};
    struct peer_challenge *challenge = &web->challenge;
    web->socket = true;
    if (!random_bytes(challenge->nonce, sizeof challenge->nonce) ||
        !random_sha256(origin.at, origin.len, challenge->origin)) {
        conn_doom(conn, REFUSAL_NONE, "no-randomness");
        return;
    }
    desk_count(desk_of(conn), STATS_sockets, 1);
    conn->peer.challenge = challenge;
    conn_enter(conn, CONN_HELLO);
    if (!conn_deadline(conn, conn->loop->patience.hello_ms)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
        return;
    }
    message.challenge.nonce = (struct span){(const char *)challenge->nonce, NONCE_BYTES};
    send_message(desk_of(conn), &conn->peer, &message);
}

static void send_answer(struct conn *conn, const struct web_answer *answer,
                        const struct http_request *request) {
    struct web_conn *web = conn->web;
    web->answering = true;
    web->last = answer->close;
    web->body = answer->body;
    web->body_len = answer->body_len;
    web->owned = answer->owned;
    desk_count(desk_of(conn), STATS_requests, 1);
    if (!stream_write(&conn->stream, answer->head, answer->head_len) ||
        !conn_deadline(conn, HTTP_ANSWER_MAX_MS)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
        return;
    }
    desk_count(desk_of(conn), STATS_bytes_out, (int64_t)answer->head_len);
    if (answer->status == HTTP_SWITCHING) {
        begin_socket(conn, request->origin);
    } else {
        queue_part(conn);
    }
}

/* A proxy that was named may say whose connection it passes on, with each request anew; nobody else
 * is believed. What is spent counts for that address then. */
static void take_forwarded(struct conn *conn, struct span forwarded) {
    struct address from;
    if (forwarded.len > 0 && conn->by_proxy && address_read(http_last_of(forwarded), &from)) {
        conn_comes_from(conn, &from);
    }
}

static size_t take_request(struct conn *conn, const uint8_t *bytes, size_t len) {
    struct web_conn *web = conn->web;
    struct http_request request;
    struct web_answer answer;
    char address[INET6_ADDRSTRLEN];
    size_t used;
    if (web->answering) { /* what comes too early is not read: nobody waits for it to be answered */
        web->last = true;
        return len;
    }
    enum http_status status = http_read((const char *)bytes, len, &request, &used);
    if (status == HTTP_PARTIAL) {
        return 0;
    }
    if (status == HTTP_OK) {
        take_forwarded(conn, request.forwarded);
    }
    if (conn->is_doomed) {
        return len;
    }
    char nodes[NODES_TEXT_MAX + 1];
    own_address(conn, address);
    journal_nodes(desk_of(conn)->means.journal, nodes);
    const struct web_site site = {.named = named,
                                  .ctx = conn,
                                  .nodes = nodes,
                                  .root = conn->loop->web_root,
                                  .address = address,
                                  .full = is_full(conn),
                                  .now = time(NULL)};
    web_answer(&answer, &site, status, &request, used < len);
    send_answer(conn, &answer, &request);
    return len;
}

void web_conn_drained(struct conn *conn) {
    struct web_conn *web = conn->web;
    if (!web->answering) {
        return;
    }
    if (web->body_len > 0) {
        queue_part(conn);
        return;
    }
    free(web->owned);
    web->owned = NULL;
    web->answering = false;
    if (web->last) {
        conn->polite = true;
        conn_doom(conn, REFUSAL_NONE, "http-answered");
    } else if (!conn_deadline(conn, HTTP_IDLE_MS)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
}

/* ---- the WebSocket ---- */

static bool queue_frame(struct conn *conn, enum websocket_opcode opcode, const void *payload,
                        size_t len) {
    uint8_t head[WEBSOCKET_OWN_HEAD_MAX];
    size_t head_len = websocket_head(head, opcode, len);
    return stream_write(&conn->stream, head, head_len) && stream_write(&conn->stream, payload, len);
}

bool web_conn_write(struct conn *conn, const void *frames, size_t len) {
    return queue_frame(conn, WEBSOCKET_BINARY, frames, len);
}

static void queue_close(struct conn *conn, unsigned code) {
    const uint8_t payload[] = {(uint8_t)(code >> 8), (uint8_t)code};
    if (!queue_frame(conn, WEBSOCKET_CLOSE, payload, sizeof payload)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
}

void web_conn_close(struct conn *conn) {
    if (conn->web != NULL && conn->web->socket) {
        queue_close(conn, WEBSOCKET_NORMAL);
    }
}

/* The pong that is owed for the newest ping of what came at once. */
struct owed {
    bool is;
    size_t len;
    uint8_t bytes[WEBSOCKET_CONTROL_MAX];
};

static void owe_pong(struct owed *owed, const struct websocket_piece *piece) {
    owed->is = true;
    owed->len = piece->len;
    memcpy(owed->bytes, piece->control, piece->len);
}

/* Pings cost no tokens, so of many that came at once the newest alone is answered (section 5.5.3);
 * and whoever does not read the answers is cut off as any slow reader. */
static void answer_ping(struct conn *conn, const struct owed *owed) {
    if (owed->is && conn_may_queue(conn, WEBSOCKET_OWN_HEAD_MAX + owed->len) &&
        !queue_frame(conn, WEBSOCKET_PONG, owed->bytes, owed->len)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
}

static void take_piece(struct conn *conn, const struct websocket_piece *piece, struct owed *owed) {
    switch (piece->what) {
    case WEBSOCKET_HEARD_PING: owe_pong(owed, piece); break;
    case WEBSOCKET_HEARD_CLOSE: conn_doom(conn, REFUSAL_NONE, "closed"); break;
    case WEBSOCKET_BAD:
        desk_count(desk_of(conn), STATS_messages_bad, 1);
        conn_doom(conn, REFUSAL_BAD_FRAME, NULL);
        break;
    case WEBSOCKET_HEARD_PONG:
    case WEBSOCKET_DATA:
    case WEBSOCKET_MORE: break;
    }
}

/* Keeps the beginning of a frame for later. False: out of memory. */
static bool keep_rest(struct web_conn *web, const uint8_t *bytes, size_t len) {
    free(web->rest);
    web->rest = len > 0 ? malloc(len) : NULL;
    web->rest_len = web->rest != NULL ? len : 0;
    if (web->rest != NULL) {
        memcpy(web->rest, bytes, len);
    }
    return web->rest_len == len;
}

static size_t take_socket(struct conn *conn, const uint8_t *bytes, size_t len) {
    struct web_conn *web = conn->web;
    uint8_t *plain = conn->loop->plain;
    size_t have = web->rest_len;
    size_t used = 0;
    struct owed owed = {.is = false};
    if (have > 0) {
        memcpy(plain, web->rest, have);
    }
    while (used < len && conn_listens(conn)) {
        struct websocket_piece piece;
        used += websocket_read(&web->ws, bytes + used, len - used, plain + have,
                               WEB_CONN_PLAIN_MAX - have, &piece);
        take_piece(conn, &piece, &owed);
        if (piece.what == WEBSOCKET_DATA) {
            have += piece.len;
            size_t taken = conn_frames(conn, plain, have);
            have -= taken;
            memmove(plain, plain + taken, have);
        }
    }
    if (conn_listens(conn) && !keep_rest(web, plain, have)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
    if (conn_listens(conn)) {
        answer_ping(conn, &owed);
    }
    return len;
}

static void on_ping(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    struct conn *conn = ctx;
    bool speaks = conn->state == CONN_OPEN && !conn->is_doomed;
    if (speaks && !queue_frame(conn, WEBSOCKET_PING, NULL, 0)) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
}

/* With the first message behind the upgrade, so that only a peer that goes on has a timer. */
static void begin_pings(struct conn *conn) {
    struct timeval every = interval_ms(WEBSOCKET_PING_EVERY_MS);
    const struct timeval *common = event_base_init_common_timeout(conn->loop->base, &every);
    conn->web->ping = event_new(conn->loop->base, -1, EV_PERSIST, on_ping, conn);
    if (conn->web->ping == NULL ||
        event_add(conn->web->ping, common != NULL ? common : &every) != 0) {
        conn_doom(conn, REFUSAL_NONE, "no-memory");
    }
}

size_t web_conn_input(struct conn *conn, const uint8_t *bytes, size_t len) {
    struct web_conn *web = conn->web;
    if (!web->socket) {
        return conn->state == CONN_HTTP && !conn->is_doomed ? take_request(conn, bytes, len) : len;
    }
    size_t used = take_socket(conn, bytes, len);
    if (web->ping == NULL && conn->state == CONN_OPEN && !conn->is_doomed) {
        begin_pings(conn);
    }
    return used;
}

void web_conn_free(struct conn *conn) {
    struct web_conn *web = conn->web;
    if (web == NULL) {
        return;
    }
    if (web->ping != NULL) {
        event_free(web->ping);
    }
    free(web->owned);
    free(web->rest);
    free(web);
    conn->web = NULL;
}
