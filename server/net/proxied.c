/* SPDX-License-Identifier: ISC */
/*
 * proxied.c: the header is looked at in the socket, and only as much of it taken out as is the
 * header's: what follows is for OpenSSL, which reads the socket itself.
 */
#include "server/net/proxied.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "server/base/interval.h"

struct proxied {
    size_t len;
    uint8_t bytes[PROXY_HEAD_MAX];
};

void conn_comes_from(struct conn *conn, const struct address *from) {
    if (!book_come(conn->loop->book, from, interval_now())) {
        conn_doom(conn, REFUSAL_NONE, "too-many-there");
        return;
    }
    book_go(conn->loop->book, &conn->from, false, interval_now());
    conn->from = *from;
}

static void end(struct conn *conn, const char *why) {
    desk_count(conn->loop->handling->desk, STATS_handshakes_failed, 1);
    conn_doom(conn, REFUSAL_NONE, why);
}

/* Whoever is behind the proxy is known now, and what they say of others by HTTP is nobody's word.
 */
static void take(struct conn *conn, const struct proxy_head *head) {
    struct address from;
    if (!head->given) {
        return;
    }
    address_of(&head->from.any, head->len, &from);
    address_host_text(&head->to.any, head->len, conn->to);
    conn->by_proxy = false;
    conn_comes_from(conn, &from);
}

/* Takes bytes out of the socket that have been looked at. */
static bool consume(struct conn *conn, uint8_t *bytes, size_t len) {
    return recv(SSL_get_fd(conn->stream.ssl), bytes, len, 0) == (ssize_t)len;
}

/* Looks at what has come, behind what was taken before. False: nothing, or the end. */
static bool look(struct conn *conn, size_t *got) {
    struct proxied *proxied = conn->proxied;
    ssize_t seen = recv(SSL_get_fd(conn->stream.ssl), proxied->bytes + proxied->len,
                        sizeof proxied->bytes - proxied->len, MSG_PEEK);
    if (seen > 0) {
        *got = (size_t)seen;
        return true;
    }
    if (seen == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        end(conn, seen == 0 ? "eof" : "reset");
    }
    return false;
}

bool proxied_begins(struct conn *conn) {
    struct proxy_head head;
    size_t got;
    conn->proxied = conn->proxied != NULL ? conn->proxied : calloc(1, sizeof *conn->proxied);
    if (conn->proxied == NULL) {
        end(conn, "no-memory");
    }
    if (conn->is_doomed || !look(conn, &got)) {
        return false;
    }
    struct proxied *proxied = conn->proxied;
    uint8_t *fresh = proxied->bytes + proxied->len;
    enum proxy_status status = proxy_head_read(proxied->bytes, proxied->len + got, &head);
    size_t ours = status == PROXY_HEAD_WHOLE ? head.used - proxied->len : got;
    if (status == PROXY_HEAD_NONE) {
        return true;
    }
    if (status == PROXY_HEAD_BAD || !consume(conn, fresh, ours)) {
        end(conn, "bad-proxy-header");
        return false;
    }
    proxied->len += ours;
    if (status == PROXY_HEAD_WHOLE) {
        take(conn, &head);
    }
    return status == PROXY_HEAD_WHOLE && !conn->is_doomed;
}

void proxied_free(struct conn *conn) {
    free(conn->proxied);
    conn->proxied = NULL;
}
