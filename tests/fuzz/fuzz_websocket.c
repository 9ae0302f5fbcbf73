/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any bytes as a client's WebSocket. Read at once or byte by byte, they give the same
 * stream and the same end.
 */
#include <stdlib.h>
#include <string.h>

#include "server/web/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct result {
    uint8_t *stream;
    size_t len;
    unsigned heard, code;
};

static struct result read_in(const uint8_t *data, size_t size, size_t piece_len, size_t room) {
    struct websocket ws = {0};
    struct result all = {.stream = malloc(size + 1)};
    for (size_t at = 0; at < size && all.code == 0;) {
        size_t part = size - at < piece_len ? size - at : piece_len;
        struct websocket_piece piece;
        size_t left = size - all.len;
        size_t used = websocket_read(&ws, data + at, part, all.stream + all.len,
                                     left < room ? left : room, &piece);
        if (used > part || (used == 0 && piece.what == WEBSOCKET_MORE)) {
            abort();
        }
        at += used;
        all.len += piece.what == WEBSOCKET_DATA ? piece.len : 0;
        all.heard += piece.control != NULL ? 1 + (unsigned)piece.len : 0;
        all.code = piece.code;
    }
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct result whole = read_in(data, size, size, size);
    struct result bytes = read_in(data, size, 1, 1);
    struct result pieces = read_in(data, size, 7, 3);
    bool same = whole.len == bytes.len && whole.len == pieces.len && whole.code == bytes.code &&
                whole.code == pieces.code && whole.heard == bytes.heard &&
                whole.heard == pieces.heard && memcmp(whole.stream, bytes.stream, whole.len) == 0 &&
                memcmp(whole.stream, pieces.stream, whole.len) == 0;
    if (!same) {
        abort();
    }
    free(whole.stream);
    free(bytes.stream);
    free(pieces.stream);
    return 0;
}
