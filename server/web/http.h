/* SPDX-License-Identifier: ISC */
/*
 * http.h: the head of one HTTP/1.1 request, read strictly (RFC 9112): what a browser sends is
 * taken, everything else gets a status and the end of the connection.
 *
 * Pure; touches only the bytes that it is given. Nothing is guessed: no folded lines, no bare line
 * ends, no second Host, no body, no other version, so that no two readers of the same bytes can
 * disagree about where a request ends.
 */
#ifndef SPAR_SERVER_WEB_HTTP_H
#define SPAR_SERVER_WEB_HTTP_H

#include <stdbool.h>

#include "protocol/wire/action.h"

/* What is answered; HTTP_PARTIAL: the head is not whole yet. */
enum http_status {
    HTTP_PARTIAL = 0,
    HTTP_SWITCHING = 101,
    HTTP_OK = 200,
    HTTP_NOT_MODIFIED = 304,
    HTTP_BAD_REQUEST = 400,
    HTTP_FORBIDDEN = 403,
    HTTP_NOT_FOUND = 404,
    HTTP_NOT_ALLOWED = 405,
    HTTP_TOO_LARGE = 413,
    HTTP_TARGET_TOO_LONG = 414,
    HTTP_MISDIRECTED = 421,
    HTTP_UPGRADE_REQUIRED = 426,
    HTTP_HEAD_TOO_LARGE = 431,
    HTTP_UNAVAILABLE = 503,
    HTTP_VERSION = 505
};
/* "Not Found" and the like. */
const char *http_reason(enum http_status status);

/* All spans borrow from the request's bytes; an absent header is empty. */
struct http_request {
    bool head;        /* HEAD; else GET */
    struct span path; /* of the target, without its query; begins with a slash */
    struct span host; /* as it was sent, never empty */
    struct span origin;
    struct span if_none_match;
    struct span forwarded;  /* X-Forwarded-For: the address that a proxy in front saw comes last */
    struct span socket_key; /* Sec-WebSocket-Key */
    bool gzip;              /* may be answered compressed */
    bool websocket;         /* asks for the upgrade, with every header that belongs to it */
    bool wants_socket;      /* asks for an upgrade to a WebSocket at all */
    bool close;             /* is the last one of its connection */
};

/*
 * Reads the head at the start of bytes[0..len). HTTP_OK: *used is its length. HTTP_PARTIAL: more
 * has to come. Anything else is the status with which it is refused.
 */
enum http_status http_read(const char *bytes, size_t len, struct http_request *out, size_t *used)
    __attribute__((warn_unused_result));

/* The last element of a list of a header, without blanks. */
struct span http_last_of(struct span list);
/* ASCII alone, whatever the locale. */
char http_lower(char c);

#endif
