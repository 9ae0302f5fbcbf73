/* SPDX-License-Identifier: ISC */
/*
 * frame.c: finds frames in a stream of bytes. Holds no state: the caller keeps the bytes.
 */
#include "protocol/wire/frame.h"

#include "protocol/limits.h"
#include "protocol/wire/u32.h"

enum frame_status frame_next(const uint8_t *bytes, size_t len, const uint8_t **payload,
                             size_t *payload_len, size_t *used) {
    *payload = NULL;
    *payload_len = 0;
    *used = FRAME_HEADER_BYTES;
    if (len < FRAME_HEADER_BYTES) {
        return FRAME_PARTIAL;
    }
    size_t size = u32_get(bytes);
    if (size == 0) {
        return FRAME_EMPTY;
    }
    if (size > FRAME_PAYLOAD_MAX) {
        return FRAME_TOO_LARGE;
    }
    *used = FRAME_HEADER_BYTES + size;
    if (len < *used) {
        return FRAME_PARTIAL;
    }
    *payload = bytes + FRAME_HEADER_BYTES;
    *payload_len = size;
    return FRAME_WHOLE;
}

void frame_header(uint8_t header[4], size_t len) {
    u32_put(header, (uint32_t)len);
}
