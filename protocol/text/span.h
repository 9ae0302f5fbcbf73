/* SPDX-License-Identifier: ISC */
/*
 * span.h: a text that somebody else holds, with its length.
 */
#ifndef SPAR_PROTOCOL_TEXT_SPAN_H
#define SPAR_PROTOCOL_TEXT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
    const char *at; /* borrowed; not NUL-terminated */
    uint32_t len;   /* bytes */
};

/* A span over a NUL-terminated string. */
struct span span_of(const char *text);
bool span_equal(struct span span, const char *text);
/* As a NUL-terminated text, cut to size - 1 bytes. */
void span_copy(struct span span, char *out, size_t size);
/* Whether it has the form of a room's or cohort's id: ROOM_ID_BYTES of [a-z0-9]. */
bool span_is_id(struct span span);

#endif
