/* SPDX-License-Identifier: ISC */
/*
 * mp.h: bounded MessagePack reading and writing over msgpack-c, with a sticky error.
 *
 * A reader first scans the bytes without allocating (depth, nodes, counts against the bytes that
 * are left, UTF-8 of every string, no extension types, nothing after the root), and only then hands
 * them to the library. Of equal keys in a map the first counts. The first error sticks: later calls
 * return neutral values, so a caller checks once, at the end.
 */
#ifndef SPAR_PROTOCOL_WIRE_MP_H
#define SPAR_PROTOCOL_WIRE_MP_H

#include <msgpack.h>

#include "protocol/wire/action.h"

enum mp_error {
    MP_OK,
    MP_TRUNCATED,
    MP_TRAILING,
    MP_DEPTH,
    MP_NODES,
    MP_COUNT,
    MP_UTF8,
    MP_TYPE_UNKNOWN,
    MP_WRONG_TYPE,
    MP_MISSING,
    MP_RANGE,
    MP_TOO_LONG,
    MP_NO_MEMORY
};
const char *mp_error_text(enum mp_error error); /* one clause, for a person */

/* The scan alone. Allocation-free; touches only bytes[0..len). */
enum mp_error mp_scan(const void *bytes, size_t len);

enum { MP_INDEX_SLOTS = 32, MP_INDEX_PAIRS = 64 };

/* Owns a zone that is reused from message to message. Not shared between threads. */
struct mp_reader {
    msgpack_zone *zone;
    msgpack_object root;
    /* Private: the root's keys by their first two bytes, unless it is no map or a larger one. Each
     * is the number of a pair plus one, or 0. */
    bool indexed;
    uint8_t first[MP_INDEX_SLOTS], next[MP_INDEX_PAIRS];
    enum mp_error error;
    const char *field; /* key that the error is about, or NULL; static or the caller's string */
};
enum mp_error mp_reader_init(struct mp_reader *reader) __attribute__((warn_unused_result));
void mp_reader_free(struct mp_reader *reader);
/* Scan and parse; the objects borrow from `bytes` and live until the next call. */
enum mp_error mp_reader_parse(struct mp_reader *reader, const void *bytes, size_t len)
    __attribute__((warn_unused_result));

/* Lookups in a map object; NULL if absent or `map` is no map. First of equal keys counts. */
const msgpack_object *mp_find(const msgpack_object *map, const char *key);
/* The same, faster if it is the root. */
const msgpack_object *mp_look(const struct mp_reader *r, const msgpack_object *map,
                              const char *key);
/* What was found there, within bounds; else sets the sticky error, for `key`, and gives 0/empty. */
int64_t mp_as_int(struct mp_reader *r, const msgpack_object *value, const char *key, int64_t min,
                  int64_t max);
struct span mp_as_text(struct mp_reader *r, const msgpack_object *value, const char *key,
                       uint32_t min, uint32_t max);
struct span mp_as_bytes(struct mp_reader *r, const msgpack_object *value, const char *key,
                        uint32_t min, uint32_t max);
/* Texts hold no U+0000: they end up as C strings. The `max` of an array is its number of elements.
 * Required values: absent, of another type or out of bounds sets the sticky error and gives
 * 0/empty. */
int64_t mp_get_int(struct mp_reader *r, const msgpack_object *map, const char *key, int64_t min,
                   int64_t max);
struct span mp_get_text(struct mp_reader *r, const msgpack_object *map, const char *key,
                        uint32_t min, uint32_t max);
struct span mp_get_bytes(struct mp_reader *r, const msgpack_object *map, const char *key,
                         uint32_t min, uint32_t max);
const msgpack_object *mp_get_array(struct mp_reader *r, const msgpack_object *map, const char *key,
                                   uint32_t max);
/* Optional values: absent or nil gives the fallback/empty without an error. */
int64_t mp_opt_int(struct mp_reader *r, const msgpack_object *map, const char *key, int64_t min,
                   int64_t max, int64_t fallback);
struct span mp_opt_text(struct mp_reader *r, const msgpack_object *map, const char *key,
                        uint32_t max);
bool mp_opt_bool(struct mp_reader *r, const msgpack_object *map, const char *key, bool fallback);
struct span mp_opt_bytes(struct mp_reader *r, const msgpack_object *map, const char *key,
                         uint32_t max);
void mp_fail(struct mp_reader *r, enum mp_error error, const char *field); /* keeps the first */

/* Writes into a growing buffer; `failed` sticks (out of memory). */
struct mp_writer {
    char *data;
    size_t len, cap;
    bool failed;
};
void mp_writer_init(struct mp_writer *w);
void mp_writer_free(struct mp_writer *w);
void mp_writer_reset(struct mp_writer *w); /* keeps the memory */
void mp_put_map(struct mp_writer *w, uint32_t count);
void mp_put_array(struct mp_writer *w, uint32_t count);
void mp_put_int(struct mp_writer *w, int64_t value);
void mp_put_bool(struct mp_writer *w, bool value);
void mp_put_nil(struct mp_writer *w);
void mp_put_text(struct mp_writer *w, struct span text);
void mp_put_str(struct mp_writer *w, const char *text);
void mp_put_bytes(struct mp_writer *w, struct span bytes);
void mp_put_raw(struct mp_writer *w, const void *bytes, size_t len);

#endif
