/* SPDX-License-Identifier: ISC */
/*
 * event.h: the codec of commands' and events' bodies, of events as the log stores them and as a
 * seat is sent them.
 *
 * Stored: map {v, pos, at, by, id, made, do, …fields, SECRET fields too}; every older `v` stays
 * readable. Sent:   map {m:"event", n:<fixed 5 bytes>, room, at, by, do, …fields} in this order,
 * then `made` if it differs from `at`, then `id` for its author only. SECRET fields never. The
 * frame that a seat gets depends on nothing that the seat may not know, its length included.
 */
#ifndef SPAR_PROTOCOL_WIRE_EVENT_H
#define SPAR_PROTOCOL_WIRE_EVENT_H

#include "protocol/wire/mp.h"

/* Why a body was not accepted; `field` in the reader's sticky error names the culprit. */
enum body_error { BODY_OK, BODY_UNKNOWN_ACTION, BODY_BAD_FIELD };

/* Reads `do` and the row's fields from a map; unknown keys are ignored. Borrows from the reader.
 * With `secrets` false, SECRET fields are ignored even if present. */
enum body_error body_read(struct mp_reader *r, const msgpack_object *map, bool secrets,
                          struct body *out) __attribute__((warn_unused_result));
/* How many keys body_write will write (do + fields). */
uint32_t body_keys(const struct body *body, bool secrets);
void body_write(struct mp_writer *w, const struct body *body, bool secrets);

/* The stored form. */
void event_write_stored(struct mp_writer *w, const struct event *event);
/* False: not an event of any version this build knows; r->error/field say why. Borrows from
 * bytes. */
bool event_read_stored(struct mp_reader *r, const void *bytes, size_t len, struct event *out)
    __attribute__((warn_unused_result));

/*
 * The sent form, without the frame header. `n` is patched in afterwards with event_patch_n, so that
 * one encoding serves all members of a kind. own: for its author (id included).
 */
void event_write_sent(struct mp_writer *w, const struct event *event, const char *room, bool own);
/* The same for its author, from what the others are sent: that and the id. */
void event_write_own(struct mp_writer *w, const char *sent, size_t len, uint32_t id);
/* Where the U32_BYTES big-endian bytes of n stand: behind the map's header (1 byte, from 16 pairs
 * on 3), "m" (2), "event" (6), "n" (2) and 0xce (1). 0: it is too short to have one. */
size_t event_n_at(const char *sent, size_t len);
void event_patch_n(char *sent, size_t len, uint32_t n);
/* Reads a sent event's map (after mp_reader_parse): out->pos = n; id 0 if absent; made = at if
 * absent. The body of an action that this build does not know is ACTION_NONE, without fields. */
bool event_read_sent(struct mp_reader *r, const msgpack_object *map, struct event *out)
    __attribute__((warn_unused_result));

#endif
