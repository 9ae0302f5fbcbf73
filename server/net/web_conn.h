/* SPDX-License-Identifier: ISC */
/*
 * web_conn.h: a connection of a browser: requests and answers, then maybe a WebSocket, whose
 * payloads are the same stream of frames that a terminal client sends. Private to conn.c and
 * web_conn.c, as is what conn.c lends here.
 *
 * One request at a time: an answer is made as its reader drains it, and what comes behind a request
 * before it is answered ends the connection after that answer.
 */
#ifndef SPAR_SERVER_NET_WEB_CONN_H
#define SPAR_SERVER_NET_WEB_CONN_H

#include "server/net/conn.h"

enum {
    WEB_CONN_PLAIN_MAX = FRAME_HEADER_BYTES + FRAME_PAYLOAD_MAX + 16384,
    WEB_CONN_PART = 32 * 1024 /* bytes of an answer that are queued at once */
};

/* TLS is up and settled on http/1.1. */
void web_conn_begin(struct conn *conn);
/* Bytes of requests or of the WebSocket; how many were used. */
size_t web_conn_input(struct conn *conn, const uint8_t *bytes, size_t len);
/* What was queued has gone out, in state CONN_HTTP. */
void web_conn_drained(struct conn *conn);
/* Queues whole frames of ours in one frame of the WebSocket. False: out of memory. */
bool web_conn_write(struct conn *conn, const void *frames, size_t len)
    __attribute__((warn_unused_result));
/* Queues the WebSocket's own end behind the bye. Nothing for other connections. */
void web_conn_close(struct conn *conn);
/* Frees what belongs to it. Nothing for other connections. */
void web_conn_free(struct conn *conn);

/* ---- what conn.c lends ---- */

/* The one place where a state changes; an impossible change ends the process. */
void conn_enter(struct conn *conn, enum conn_state to);
/* The connection ends unless that is set anew before. False: out of memory. */
bool conn_deadline(struct conn *conn, int ms) __attribute__((warn_unused_result));
/* Takes whole frames as long as they are listened to; the beginning of one more is left. */
size_t conn_frames(struct conn *conn, const uint8_t *bytes, size_t len);
bool conn_listens(const struct conn *conn);
/* Whether so many bytes more may wait for it; if not it is cut off as too slow. */
bool conn_may_queue(struct conn *conn, size_t len);

#endif
