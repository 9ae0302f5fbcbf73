/* SPDX-License-Identifier: ISC */
/*
 * msgpack.c: the few functions of msgpack-c that are not in its headers: the zone, and unpacking.
 *
 * protocol/wire/mp.c has scanned what is unpacked here: depth, counts, lengths and types are good.
 * What it would not let through is a parse error all the same.
 */
#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/limits.h"

struct msgpack_zone_chunk {
    struct msgpack_zone_chunk *next;
};

static void drop_chunks(msgpack_zone *zone) {
    msgpack_zone_chunk *chunk = zone->chunk_list.head;
    while (chunk != NULL) {
        msgpack_zone_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    zone->chunk_list = (msgpack_zone_chunk_list){0};
}

msgpack_zone *msgpack_zone_new(size_t chunk_size) {
    msgpack_zone *zone = calloc(1, sizeof *zone);
    if (zone != NULL) {
        zone->chunk_size = chunk_size;
    }
    return zone;
}

void msgpack_zone_clear(msgpack_zone *zone) {
    drop_chunks(zone);
}

void msgpack_zone_free(msgpack_zone *zone) {
    if (zone != NULL) {
        drop_chunks(zone);
        free(zone);
    }
}

void *msgpack_zone_malloc_expand(msgpack_zone *zone, size_t size) {
    size_t room = size > zone->chunk_size ? size : zone->chunk_size;
    msgpack_zone_chunk *chunk = malloc(sizeof *chunk + room);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->next = zone->chunk_list.head;
    zone->chunk_list.head = chunk;
    zone->chunk_list.ptr = (char *)(chunk + 1) + size;
    zone->chunk_list.free = room - size;
    return chunk + 1;
}

struct input {
    const uint8_t *at, *end;
    msgpack_zone *zone;
    unsigned depth;
};

static msgpack_unpack_return take(struct input *in, msgpack_object *out);

/* A big-endian number of so many bytes; *good becomes false where they are not there. */
static uint64_t number(struct input *in, unsigned bytes, bool *good) {
    uint64_t value = 0;
    if ((size_t)(in->end - in->at) < bytes) {
        *good = false;
        return 0;
    }
    for (unsigned i = 0; i < bytes; i++) {
        value = value << 8 | *in->at++;
    }
    return value;
}

static void put_signed(msgpack_object *out, int64_t value) {
    if (value < 0) {
        out->type = MSGPACK_OBJECT_NEGATIVE_INTEGER;
        out->via.i64 = value;
    } else {
        out->type = MSGPACK_OBJECT_POSITIVE_INTEGER;
        out->via.u64 = (uint64_t)value;
    }
}

static msgpack_unpack_return put_bytes(struct input *in, msgpack_object *out, uint32_t len,
                                       bool text) {
    if ((size_t)(in->end - in->at) < len) {
        return MSGPACK_UNPACK_PARSE_ERROR;
    }
    out->type = text ? MSGPACK_OBJECT_STR : MSGPACK_OBJECT_BIN;
    if (text) {
        out->via.str = (msgpack_object_str){len, (const char *)in->at};
    } else {
        out->via.bin = (msgpack_object_bin){len, (const char *)in->at};
    }
    in->at += len;
    return MSGPACK_UNPACK_SUCCESS;
}

static msgpack_unpack_return take_array(struct input *in, msgpack_object *out, uint32_t count) {
    out->type = MSGPACK_OBJECT_ARRAY;
    out->via.array.size = count;
    out->via.array.ptr = msgpack_zone_malloc(in->zone, count * sizeof(msgpack_object));
    if (out->via.array.ptr == NULL) {
        return MSGPACK_UNPACK_NOMEM_ERROR;
    }
    for (uint32_t i = 0; i < count; i++) {
        msgpack_unpack_return result = take(in, &out->via.array.ptr[i]);
        if (result != MSGPACK_UNPACK_SUCCESS) {
            return result;
        }
    }
    return MSGPACK_UNPACK_SUCCESS;
}

static msgpack_unpack_return take_map(struct input *in, msgpack_object *out, uint32_t count) {
    out->type = MSGPACK_OBJECT_MAP;
    out->via.map.size = count;
    out->via.map.ptr = msgpack_zone_malloc(in->zone, count * sizeof(msgpack_object_kv));
    if (out->via.map.ptr == NULL) {
        return MSGPACK_UNPACK_NOMEM_ERROR;
    }
    for (uint32_t i = 0; i < count; i++) {
        msgpack_unpack_return result = take(in, &out->via.map.ptr[i].key);
        if (result == MSGPACK_UNPACK_SUCCESS) {
            result = take(in, &out->via.map.ptr[i].val);
        }
        if (result != MSGPACK_UNPACK_SUCCESS) {
            return result;
        }
    }
    return MSGPACK_UNPACK_SUCCESS;
}

/* Deeper or with more entries than the scan lets through: not one of ours. */
static msgpack_unpack_return take_container(struct input *in, msgpack_object *out, uint64_t count,
                                            bool map) {
    if (count > MP_NODES_MAX || in->depth == MP_DEPTH_MAX) {
        return MSGPACK_UNPACK_PARSE_ERROR;
    }
    in->depth++;
    msgpack_unpack_return result =
        map ? take_map(in, out, (uint32_t)count) : take_array(in, out, (uint32_t)count);
    in->depth--;
    return result;
}

static msgpack_unpack_return take_number(struct input *in, msgpack_object *out, uint8_t head,
                                         bool *good) {
    unsigned bytes = 1U << (head & 3);
    uint64_t value = number(in, bytes, good);
    if (head < 0xd0) {
        out->type = MSGPACK_OBJECT_POSITIVE_INTEGER;
        out->via.u64 = value;
        return MSGPACK_UNPACK_SUCCESS;
    }
    unsigned unused = 64 - 8 * bytes;
    put_signed(out, (int64_t)(value << unused) >> unused);
    return MSGPACK_UNPACK_SUCCESS;
}

static msgpack_unpack_return take_float(struct input *in, msgpack_object *out, uint8_t head,
                                        bool *good) {
    uint64_t bits = number(in, head == 0xca ? 4 : 8, good);
    if (head == 0xca) {
        uint32_t narrow = (uint32_t)bits;
        float value;
        memcpy(&value, &narrow, sizeof value);
        out->type = MSGPACK_OBJECT_FLOAT32;
        out->via.f64 = value;
    } else {
        out->type = MSGPACK_OBJECT_FLOAT64;
        memcpy(&out->via.f64, &bits, sizeof bits);
    }
    return MSGPACK_UNPACK_SUCCESS;
}

/* 0xc0 to 0xdf: nil, booleans, and what carries its length or its value in bytes of its own. */
static msgpack_unpack_return take_long(struct input *in, msgpack_object *out, uint8_t head,
                                       bool *good) {
    switch (head) {
    case 0xc0: out->type = MSGPACK_OBJECT_NIL; return MSGPACK_UNPACK_SUCCESS;
    case 0xc2:
    case 0xc3:
        out->type = MSGPACK_OBJECT_BOOLEAN;
        out->via.boolean = head == 0xc3;
        return MSGPACK_UNPACK_SUCCESS;
    case 0xc4:
    case 0xc5:
    case 0xc6: return put_bytes(in, out, (uint32_t)number(in, 1U << (head - 0xc4), good), false);
    case 0xca:
    case 0xcb: return take_float(in, out, head, good);
    case 0xd9:
    case 0xda:
    case 0xdb: return put_bytes(in, out, (uint32_t)number(in, 1U << (head - 0xd9), good), true);
    case 0xdc:
    case 0xdd: return take_container(in, out, number(in, 2U << (head - 0xdc), good), false);
    case 0xde:
    case 0xdf: return take_container(in, out, number(in, 2U << (head - 0xde), good), true);
    default: break;
    }
    return (head >= 0xcc && head <= 0xd3) ? take_number(in, out, head, good)
                                          : MSGPACK_UNPACK_PARSE_ERROR;
}

static msgpack_unpack_return take(struct input *in, msgpack_object *out) {
    bool good = true;
    if (in->at == in->end) {
        return MSGPACK_UNPACK_PARSE_ERROR;
    }
    uint8_t head = *in->at++;
    msgpack_unpack_return result = MSGPACK_UNPACK_SUCCESS;
    if (head < 0x80) {
        put_signed(out, head);
    } else if (head >= 0xe0) {
        put_signed(out, (int8_t)head);
    } else if (head >= 0xc0) {
        result = take_long(in, out, head, &good);
    } else if (head >= 0xa0) {
        result = put_bytes(in, out, head & 0x1f, true);
    } else {
        result = take_container(in, out, head & 0x0f, head < 0x90);
    }
    return good ? result : MSGPACK_UNPACK_PARSE_ERROR;
}

msgpack_unpack_return msgpack_unpack(const char *data, size_t len, size_t *off, msgpack_zone *zone,
                                     msgpack_object *result) {
    size_t start = off != NULL ? *off : 0;
    struct input in = {(const uint8_t *)data + start, (const uint8_t *)data + len, zone, 0};
    msgpack_unpack_return end = take(&in, result);
    if (off != NULL) {
        *off = (size_t)(in.at - (const uint8_t *)data);
    }
    return end == MSGPACK_UNPACK_SUCCESS && in.at < in.end ? MSGPACK_UNPACK_EXTRA_BYTES : end;
}
