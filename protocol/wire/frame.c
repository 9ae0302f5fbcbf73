/* SPDX-License-Identifier: ISC */
/*
 * frame.c: finds frames in a stream of bytes. Holds no state: the caller keeps the bytes.
 */
#include "protocol/wire/frame.h"

#include "protocol/limits.h"

enum frame_status frame_next(const uint8_t *bytes, size_t len, const uint8_t **payload,
                             size_t *payload_len, size_t *used) {
    *payload = NULL;
    *payload_len = 0;
    *used = FRAME_HEADER_BYTES;
    if (len < FRAME_HEADER_BYTES) {
        return FRAME_PARTIAL;
    }
    size_t size =
        (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
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
    header[0] = (uint8_t)(len >> 24);
    header[1] = (uint8_t)(len >> 16);
    header[2] = (uint8_t)(len >> 8);
    header[3] = (uint8_t)len;
}
