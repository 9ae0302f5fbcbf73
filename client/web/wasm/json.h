/* SPDX-License-Identifier: ISC */
/*
 * json.h: JSON between the page and the core: what the core holds as JSON text, and JSON text as
 * MessagePack, which the core's own readers then judge.
 *
 * A value of bytes is {"bytes": "…hexadecimal…"} both ways; out, more than JSON_BYTES_MAX of them
 * are only counted, as {"size": n}. Text comes out as it is shown: without what could act upon the
 * page, line ends kept.
 */
#ifndef SPAR_CLIENT_WEB_WASM_JSON_H
#define SPAR_CLIENT_WEB_WASM_JSON_H

#include "protocol/wire/mp.h"

enum { JSON_BYTES_MAX = 4096, JSON_DEPTH_MAX = 6 };

/* Each appends one value to the list, or, with a key, one member to the map that is open; the
 * comma between two follows from what stands there. key NULL: none. */
void json_open(struct mp_writer *w, const char *key, char bracket); /* '{' or '[' */
void json_close(struct mp_writer *w, char bracket);                 /* '}' or ']' */
void json_int(struct mp_writer *w, const char *key, int64_t value);
void json_bool(struct mp_writer *w, const char *key, bool value);
void json_null(struct mp_writer *w, const char *key);
void json_text(struct mp_writer *w, const char *key, struct span text);
void json_str(struct mp_writer *w, const char *key, const char *text);
void json_hex(struct mp_writer *w, const char *key, const void *bytes, size_t len);
/* Any value that was decoded. */
void json_object(struct mp_writer *w, const char *key, const msgpack_object *object);

/* Appends JSON text as MessagePack. False: it is not whole JSON, nested deeper than
 * JSON_DEPTH_MAX, or holds a fraction or bytes that are no hexadecimal. */
bool json_read(struct mp_writer *out, struct span text) __attribute__((warn_unused_result));

#endif
