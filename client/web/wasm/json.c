/* SPDX-License-Identifier: ISC */
/*
 * json.c: writing JSON.
 */
#include "client/web/wasm/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/text/text.h"
#include "protocol/text/utf8.h"

static void put(struct mp_writer *w, const char *text) {
    mp_put_raw(w, text, strlen(text));
}

/* Whether something stands before the next value in the same list or map. */
static bool wants_comma(const struct mp_writer *w) {
    return w->len > 0 && strchr("[{:", w->data[w->len - 1]) == NULL;
}

static void begin(struct mp_writer *w, const char *key) {
    if (wants_comma(w)) {
        put(w, ",");
    }
    if (key != NULL) {
        put(w, "\"");
        put(w, key);
        put(w, "\":");
    }
}

void json_open(struct mp_writer *w, const char *key, char bracket) {
    begin(w, key);
    mp_put_raw(w, &bracket, 1);
}

void json_close(struct mp_writer *w, char bracket) {
    mp_put_raw(w, &bracket, 1);
}

void json_int(struct mp_writer *w, const char *key, int64_t value) {
    char digits[24];
    begin(w, key);
    snprintf(digits, sizeof digits, "%" PRId64, value);
    put(w, digits);
}

void json_bool(struct mp_writer *w, const char *key, bool value) {
    begin(w, key);
    put(w, value ? "true" : "false");
}

void json_null(struct mp_writer *w, const char *key) {
    begin(w, key);
    put(w, "null");
}

static void put_point(struct mp_writer *w, uint32_t point, const char *bytes, size_t len) {
    char escape[8];
    if (point == '"' || point == '\\') {
        put(w, "\\");
        mp_put_raw(w, bytes, len);
    } else if (point < 0x20) {
        snprintf(escape, sizeof escape, "\\u%04x", (unsigned)point);
        put(w, escape);
    } else {
        mp_put_raw(w, bytes, len);
    }
}

/* As it is shown (protocol/text/text.h): what could act upon the page is left out. */
static void put_text(struct mp_writer *w, struct span text) {
    char bytes[UTF8_BYTES_MAX];
    uint32_t point;
    size_t at = 0;
    put(w, "\"");
    while ((point = text_next(text.at, text.len, &at)) != 0) {
        put_point(w, point, bytes, utf8_encode(point, bytes));
    }
    put(w, "\"");
}

void json_text(struct mp_writer *w, const char *key, struct span text) {
    begin(w, key);
    put_text(w, text);
}

void json_str(struct mp_writer *w, const char *key, const char *text) {
    json_text(w, key, span_of(text != NULL ? text : ""));
}

void json_hex(struct mp_writer *w, const char *key, const void *bytes, size_t len) {
    static const char digits[] = "0123456789abcdef";
    begin(w, key);
    put(w, "\"");
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = ((const uint8_t *)bytes)[i];
        mp_put_raw(w, (char[]){digits[byte >> 4], digits[byte & 15]}, 2);
    }
    put(w, "\"");
}

static void put_bytes(struct mp_writer *w, const char *key, const msgpack_object_bin *bin) {
    json_open(w, key, '{');
    if (bin->size > JSON_BYTES_MAX) {
        json_int(w, "size", bin->size);
    } else {
        json_hex(w, "bytes", bin->ptr, bin->size);
    }
    json_close(w, '}');
}

/* A key of a map that came from elsewhere is text like any other. */
static void put_key(struct mp_writer *w, const msgpack_object *key) {
    bool text = key->type == MSGPACK_OBJECT_STR;
    begin(w, NULL);
    put_text(w, text ? (struct span){key->via.str.ptr, key->via.str.size} : span_of("?"));
    put(w, ":");
}

void json_object(struct mp_writer *w, const char *key, const msgpack_object *object) {
    switch (object->type) {
    case MSGPACK_OBJECT_BOOLEAN: json_bool(w, key, object->via.boolean); break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER: json_int(w, key, object->via.i64); break;
    case MSGPACK_OBJECT_STR:
        json_text(w, key, (struct span){object->via.str.ptr, object->via.str.size});
        break;
    case MSGPACK_OBJECT_BIN: put_bytes(w, key, &object->via.bin); break;
    case MSGPACK_OBJECT_ARRAY:
        json_open(w, key, '[');
        for (uint32_t i = 0; i < object->via.array.size; i++) {
            json_object(w, NULL, &object->via.array.ptr[i]);
        }
        json_close(w, ']');
        break;
    case MSGPACK_OBJECT_MAP:
        json_open(w, key, '{');
        for (uint32_t i = 0; i < object->via.map.size; i++) {
            put_key(w, &object->via.map.ptr[i].key);
            json_object(w, NULL, &object->via.map.ptr[i].val);
        }
        json_close(w, '}');
        break;
    default: json_null(w, key); break;
    }
}
