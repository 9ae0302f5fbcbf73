/* SPDX-License-Identifier: ISC */
/*
 * websocket.h: frames of a WebSocket (RFC 6455) around a stream of bytes.
 *
 * The payloads of binary messages, one after the other, are the stream; where messages begin and
 * end means nothing. Text, compression and anything that breaks the standard end the connection
 * with its close code. Pure, and without memory of its own: a payload is handed on as it arrives.
 */
#ifndef SPAR_SERVER_WEB_WEBSOCKET_H
#define SPAR_SERVER_WEB_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/limits.h"

enum websocket_opcode {
    WEBSOCKET_CONTINUED = 0x0,
    WEBSOCKET_TEXT = 0x1,
    WEBSOCKET_BINARY = 0x2,
    WEBSOCKET_CLOSE = 0x8,
    WEBSOCKET_PING = 0x9,
    WEBSOCKET_PONG = 0xa
};

/* Close codes (section 7.4.1). */
enum {
    WEBSOCKET_NORMAL = 1000,
    WEBSOCKET_PROTOCOL_ERROR = 1002,
    WEBSOCKET_UNACCEPTABLE = 1003,
    WEBSOCKET_TOO_BIG = 1009
};

enum { WEBSOCKET_HEAD_MAX = 14, WEBSOCKET_OWN_HEAD_MAX = 10, WEBSOCKET_CONTROL_MAX = 125 };

/* One side's reading; all zeros at the start. */
struct websocket {
    uint8_t head[WEBSOCKET_HEAD_MAX]; /* of the frame that is being read */
    uint8_t head_len;
    bool in_payload;
    bool in_message; /* a fragment came that was not the last */
    uint8_t mask[4];
    uint64_t done, left; /* bytes of the payload */
    uint8_t control[WEBSOCKET_CONTROL_MAX];
};

enum websocket_what {
    WEBSOCKET_MORE, /* everything is read and more is needed */
    WEBSOCKET_DATA, /* `len` bytes of the stream stand in `out` */
    WEBSOCKET_HEARD_PING,
    WEBSOCKET_HEARD_PONG,
    WEBSOCKET_HEARD_CLOSE,
    WEBSOCKET_BAD /* `code` says how to end it */
};
struct websocket_piece {
    enum websocket_what what;
    const uint8_t *control; /* of ping and close: the payload, good until the next call */
    size_t len;             /* of data or control */
    unsigned code;
};

/* Reads from bytes[0..len), which a client sent, up to one piece; data goes, without its mask, to
 * out[0..room). How many bytes were used. With room 0 no data is read. */
size_t websocket_read(struct websocket *ws, const uint8_t *bytes, size_t len, uint8_t *out,
                      size_t room, struct websocket_piece *piece);
/* The head of a frame of the server's, whole and without a mask; its length. */
size_t websocket_head(uint8_t head[WEBSOCKET_OWN_HEAD_MAX], enum websocket_opcode opcode,
                      size_t len);
/* The value of Sec-WebSocket-Accept for a key of HTTP_SOCKET_KEY_CHARS characters, NUL-terminated.
 * False: out of memory. */
enum { WEBSOCKET_ACCEPT_SIZE = 29 };
bool websocket_accept(const char *key, char accept[WEBSOCKET_ACCEPT_SIZE])
    __attribute__((warn_unused_result));

#endif
