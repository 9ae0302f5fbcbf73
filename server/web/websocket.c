/* SPDX-License-Identifier: ISC */
/*
 * websocket.c: a frame's head is gathered byte by byte, its payload passed on as it comes; only a
 * control frame's, which is short, is kept until it is whole.
 */
#include "server/web/websocket.h"

#include <openssl/evp.h>
#include <string.h>

enum { FIN = 0x80, RESERVED = 0x70, OPCODE = 0x0f, MASKED = 0x80, LENGTH = 0x7f, CONTROL = 0x08 };

static uint8_t opcode_of(const struct websocket *ws) {
    return ws->head[0] & OPCODE;
}

/* Bytes of the head as far as the first two tell. */
static size_t head_bytes(const struct websocket *ws) {
    uint8_t length = ws->head[1] & LENGTH;
    return 2 + (length == 126 ? 2U : length == 127 ? 8U : 0U) + 4U;
}

/* 0, or the code with which such a frame is refused. */
static unsigned judge_start(const struct websocket *ws) {
    uint8_t opcode = opcode_of(ws);
    bool fin = ws->head[0] & FIN;
    if ((ws->head[0] & RESERVED) != 0 || (ws->head[1] & MASKED) == 0) {
        return WEBSOCKET_PROTOCOL_ERROR;
    }
    if (opcode >= CONTROL) {
        bool known = opcode <= WEBSOCKET_PONG;
        bool fits = (ws->head[1] & LENGTH) <= WEBSOCKET_CONTROL_MAX;
        return known && fin && fits ? 0 : WEBSOCKET_PROTOCOL_ERROR;
    }
    if (opcode == WEBSOCKET_TEXT) {
        return WEBSOCKET_UNACCEPTABLE;
    }
    bool begins = opcode == WEBSOCKET_BINARY && !ws->in_message;
    bool goes_on = opcode == WEBSOCKET_CONTINUED && ws->in_message;
    return begins || goes_on ? 0 : WEBSOCKET_PROTOCOL_ERROR;
}

/* The head is whole: its length, which has to be in its shortest form (section 5.2). */
static unsigned read_length(struct websocket *ws) {
    uint8_t length = ws->head[1] & LENGTH;
    size_t bytes = head_bytes(ws) - 6;
    uint64_t left = length;
    if (bytes > 0) {
        left = 0;
        for (size_t i = 0; i < bytes; i++) {
            left = left << 8 | ws->head[2 + i];
        }
    }
    if ((bytes == 2 && left < 126) || (bytes == 8 && left <= UINT16_MAX)) {
        return WEBSOCKET_PROTOCOL_ERROR;
    }
    if (left > WEBSOCKET_FRAME_MAX) {
        return WEBSOCKET_TOO_BIG;
    }
    memcpy(ws->mask, ws->head + 2 + bytes, sizeof ws->mask);
    ws->left = left;
    ws->done = 0;
    ws->in_payload = true;
    if (opcode_of(ws) < CONTROL) {
        ws->in_message = (ws->head[0] & FIN) == 0;
    }
    return 0;
}

/* Takes bytes of the head; 0, or the code that ends it. */
static unsigned read_head(struct websocket *ws, const uint8_t *bytes, size_t len, size_t *used) {
    unsigned code = 0;
    while (*used < len && !ws->in_payload && code == 0) {
        ws->head[ws->head_len++] = bytes[(*used)++];
        if (ws->head_len == 2) {
            code = judge_start(ws);
        } else if (ws->head_len > 2 && ws->head_len == head_bytes(ws)) {
            code = read_length(ws);
        }
    }
    return code;
}

static void unmask(struct websocket *ws, const uint8_t *bytes, size_t len, uint8_t *out) {
    for (size_t i = 0; i < len; i++) {
        out[i] = bytes[i] ^ ws->mask[(ws->done + i) & 3];
    }
    ws->done += len;
    ws->left -= len;
}

static void end_frame(struct websocket *ws) {
    ws->in_payload = false;
    ws->head_len = 0;
}

static size_t smaller(size_t a, uint64_t b) {
    return b < a ? (size_t)b : a;
}

static size_t read_control(struct websocket *ws, const uint8_t *bytes, size_t len,
                           struct websocket_piece *piece) {
    size_t part = smaller(len, ws->left);
    unmask(ws, bytes, part, ws->control + ws->done);
    if (ws->left > 0) {
        piece->what = WEBSOCKET_MORE;
        return part;
    }
    uint8_t opcode = opcode_of(ws);
    piece->what = opcode == WEBSOCKET_CLOSE  ? WEBSOCKET_HEARD_CLOSE
                  : opcode == WEBSOCKET_PING ? WEBSOCKET_HEARD_PING
                                             : WEBSOCKET_HEARD_PONG;
    piece->control = ws->control;
    piece->len = ws->done;
    end_frame(ws);
    return part;
}

size_t websocket_read(struct websocket *ws, const uint8_t *bytes, size_t len, uint8_t *out,
                      size_t room, struct websocket_piece *piece) {
    size_t used = 0;
    *piece = (struct websocket_piece){.what = WEBSOCKET_MORE};
    for (;;) {
        piece->code = read_head(ws, bytes, len, &used);
        if (piece->code != 0) {
            piece->what = WEBSOCKET_BAD;
            return used;
        }
        if (!ws->in_payload) {
            return used;
        }
        if (opcode_of(ws) >= CONTROL) {
            return used + read_control(ws, bytes + used, len - used, piece);
        }
        size_t part = smaller(smaller(len - used, room), ws->left);
        unmask(ws, bytes + used, part, out);
        used += part;
        if (ws->left == 0) {
            end_frame(ws);
        }
        if (part > 0) {
            piece->what = WEBSOCKET_DATA;
            piece->len = part;
            return used;
        }
        if (ws->in_payload) { /* nothing has come yet, or there is no room for it */
            return used;
        }
    }
}

size_t websocket_head(uint8_t head[WEBSOCKET_OWN_HEAD_MAX], enum websocket_opcode opcode,
                      size_t len) {
    size_t bytes = len < 126 ? 0 : len <= UINT16_MAX ? 2 : 8;
    head[0] = (uint8_t)(FIN | opcode);
    head[1] = (uint8_t)(bytes == 0 ? len : bytes == 2 ? 126 : 127);
    for (size_t i = 0; i < bytes; i++) {
        head[2 + i] = (uint8_t)((uint64_t)len >> 8 * (bytes - 1 - i));
    }
    return 2 + bytes;
}

bool websocket_accept(const char *key, char accept[WEBSOCKET_ACCEPT_SIZE]) {
    static const char salt[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* section 1.3 */
    char text[HTTP_SOCKET_KEY_CHARS + sizeof salt];
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    memcpy(text, key, HTTP_SOCKET_KEY_CHARS);
    memcpy(text + HTTP_SOCKET_KEY_CHARS, salt, sizeof salt);
    if (!EVP_Digest(text, sizeof text - 1, digest, &len, EVP_sha1(), NULL)) {
        return false;
    }
    EVP_EncodeBlock((unsigned char *)accept, digest, (int)len);
    return true;
}
