/* SPDX-License-Identifier: ISC */
/*
 * frame.h: frames on a byte stream: 4 bytes big-endian payload length, then the payload.
 *
 * Pure: works on memory that the caller owns. A length of 0 or above FRAME_PAYLOAD_MAX is an error
 * as soon as the header is complete, before any payload is waited for.
 */
#ifndef SPAR_PROTOCOL_WIRE_FRAME_H
#define SPAR_PROTOCOL_WIRE_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum frame_status { FRAME_WHOLE, FRAME_PARTIAL, FRAME_EMPTY, FRAME_TOO_LARGE };

/*
 * Looks at the start of bytes[0..len). FRAME_WHOLE: payload and payload_len name the payload inside
 * bytes, and *used how many bytes to drop. FRAME_PARTIAL: *used is the total that is needed to go
 * on (header, or header + payload).
 */
enum frame_status frame_next(const uint8_t *bytes, size_t len, const uint8_t **payload,
                             size_t *payload_len, size_t *used) __attribute__((warn_unused_result));
/* Writes the 4 header bytes for a payload of `len` bytes (1..FRAME_PAYLOAD_MAX). */
void frame_header(uint8_t header[4], size_t len);

#endif
