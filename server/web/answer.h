/* SPDX-License-Identifier: ISC */
/*
 * answer.h: what a request is answered with: a file of the page, the upgrade to a WebSocket, or a
 * status.
 *
 * Nothing is looked up but the table of files: a request tells nobody whether a room exists. Every
 * answer carries the same headers of protection, and none a cookie.
 */
#ifndef SPAR_SERVER_WEB_ANSWER_H
#define SPAR_SERVER_WEB_ANSWER_H

#include <time.h>

#include "protocol/limits.h"
#include "server/web/http.h"

/* What an answer depends on beside the request. */
struct web_site {
    /* Whether the server is known by this name (no port, no brackets): its certificate's, or the
     * configured one. */
    bool (*named)(void *ctx, const char *host);
    void *ctx;
    /* HOST:PORT of the servers that hold the same rooms, with a line's end between two: a page of
     * theirs may come here when its own server is gone, and ours go to them. "": none */
    const char *nodes;
    const char *root;    /* folder whose files are sent instead of those built in; NULL: none */
    const char *address; /* to which the connection came, as text without port and brackets */
    bool full;           /* there are more connections than the server may have */
    time_t now;          /* s since 1970 */
};

enum { WEB_HEAD_MAX = 1536 + NODES_TEXT_MAX + 8 * NODES_MAX, WEB_FILE_MAX = 4 * 1024 * 1024 };

struct web_answer {
    enum http_status status;
    char head[WEB_HEAD_MAX]; /* status line and headers, with the blank line */
    size_t head_len;
    const uint8_t *body; /* NULL: none */
    size_t body_len;
    uint8_t *owned; /* what body points into, malloc'd; NULL: it is static */
    bool close;     /* nothing more is read from this connection */
};

/* read: what http_read said, HTTP_OK or a refusal; pipelined: more has come behind the request,
 * which is not read. With status HTTP_SWITCHING the connection is a WebSocket from now on. Whoever
 * has sent it frees `owned`. */
void web_answer(struct web_answer *out, const struct web_site *site, enum http_status read,
                const struct http_request *request, bool pipelined);

#endif
