/* SPDX-License-Identifier: ISC */
/*
 * mp.c: reading. The scan is what makes the library safe on a peer's bytes: msgpack-c reserves
 * memory for a count before it has seen the elements, so a count is first held against the bytes
 * that are left.
 */
#include "protocol/wire/mp.h"

#include <string.h>

#include "protocol/text/utf8.h"

enum { ZONE_CHUNK_BYTES = 8192 };

const char *mp_error_text(enum mp_error error) {
    static const char *const texts[] = {
        [MP_OK] = "nothing is wrong",
        [MP_TRUNCATED] = "the data ends too early",
        [MP_TRAILING] = "there is something after the end of the data",
        [MP_DEPTH] = "the data is nested too deeply",
        [MP_NODES] = "the data holds too many values",
        [MP_COUNT] = "a count promises more than there are bytes",
        [MP_UTF8] = "a text is not UTF-8 or holds a NUL character",
        [MP_TYPE_UNKNOWN] = "the data holds a type that is not used here",
        [MP_WRONG_TYPE] = "the value has the wrong type",
        [MP_MISSING] = "the value is missing",
        [MP_RANGE] = "the value is out of range",
        [MP_TOO_LONG] = "the value is too short or too long",
        [MP_NO_MEMORY] = "memory has run out",
    };
    return (unsigned)error <= MP_NO_MEMORY ? texts[error] : "unknown error";
}

/* What one head byte (and the length behind it) announces. */
struct mp_head {
    uint32_t children; /* elements to come: 2 per pair of a map */
    uint32_t body;     /* bytes to skip */
    bool container, text;
};

static uint32_t big_endian(const uint8_t *p, unsigned bytes) {
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++) {
        value = value << 8 | p[i];
    }
    return value;
}

enum { KIND_BAD, KIND_PLAIN, KIND_TEXT, KIND_BYTES, KIND_ARRAY, KIND_MAP };

/* 0xc0..0xdf: what it is, and how many bytes follow as value (plain) or as length (the rest). */
static const struct {
    uint8_t kind, bytes;
} heads[32] = {
    {KIND_PLAIN, 0}, {KIND_BAD, 0},   {KIND_PLAIN, 0}, {KIND_PLAIN, 0}, /* nil, -, false, true */
    {KIND_BYTES, 1}, {KIND_BYTES, 2}, {KIND_BYTES, 4}, {KIND_BAD, 0},   /* bin, ext */
    {KIND_BAD, 0},   {KIND_BAD, 0},   {KIND_PLAIN, 4}, {KIND_PLAIN, 8}, /* ext, float */
    {KIND_PLAIN, 1}, {KIND_PLAIN, 2}, {KIND_PLAIN, 4}, {KIND_PLAIN, 8}, /* uint */
    {KIND_PLAIN, 1}, {KIND_PLAIN, 2}, {KIND_PLAIN, 4}, {KIND_PLAIN, 8}, /* int */
    {KIND_BAD, 0},   {KIND_BAD, 0},   {KIND_BAD, 0},   {KIND_BAD, 0},   /* fixext */
    {KIND_BAD, 0},   {KIND_TEXT, 1},  {KIND_TEXT, 2},  {KIND_TEXT, 4},  /* fixext, str */
    {KIND_ARRAY, 2}, {KIND_ARRAY, 4}, {KIND_MAP, 2},   {KIND_MAP, 4},
};

/* A head that carries its length in bytes of its own; *p stands behind the head byte. */
static enum mp_error scan_long_head(uint8_t byte, const uint8_t **p, const uint8_t *end,
                                    struct mp_head *head) {
    unsigned kind = heads[byte - 0xc0].kind;
    unsigned bytes = heads[byte - 0xc0].bytes;
    if (kind == KIND_BAD) {
        return MP_TYPE_UNKNOWN;
    }
    if ((size_t)(end - *p) < bytes) {
        return MP_TRUNCATED;
    }
    if (kind == KIND_PLAIN) {
        head->body = bytes;
        return MP_OK;
    }
    uint32_t value = big_endian(*p, bytes);
    *p += bytes;
    head->text = kind == KIND_TEXT;
    head->container = kind >= KIND_ARRAY;
    if (!head->container) {
        head->body = value;
    } else if (value > MP_NODES_MAX) {
        return (size_t)(end - *p) < value ? MP_COUNT : MP_NODES;
    } else {
        head->children = kind == KIND_MAP ? value * 2 : value;
    }
    return MP_OK;
}

static enum mp_error scan_head(const uint8_t **p, const uint8_t *end, struct mp_head *head) {
    uint8_t byte = *(*p)++;
    *head = (struct mp_head){0};
    if (byte < 0x80 || byte >= 0xe0) { /* fixint */
        return MP_OK;
    }
    if (byte >= 0xc0) {
        return scan_long_head(byte, p, end, head);
    }
    if (byte >= 0xa0) {
        head->text = true;
        head->body = byte & 0x1f;
    } else {
        head->container = true;
        head->children = byte < 0x90 ? (byte & 0x0fU) * 2 : byte & 0x0fU;
    }
    return MP_OK;
}

enum mp_error mp_scan(const void *bytes, size_t len) {
    const uint8_t *p = bytes;
    const uint8_t *end = p + len;
    uint32_t left[MP_DEPTH_MAX]; /* elements still to come at each level */
    unsigned depth = 0;
    unsigned nodes = 0;
    do {
        if (p == end) {
            return MP_TRUNCATED;
        }
        struct mp_head head;
        enum mp_error error = scan_head(&p, end, &head);
        if (error != MP_OK) {
            return error;
        }
        if (++nodes > MP_NODES_MAX) {
            return MP_NODES;
        }
        if (head.container) {
            if (head.children > (size_t)(end - p)) {
                return MP_COUNT;
            }
            if (depth == MP_DEPTH_MAX) {
                return MP_DEPTH;
            }
            left[depth++] = head.children + 1; /* itself is counted off below */
        } else {
            if (head.body > (size_t)(end - p)) {
                return MP_TRUNCATED;
            }
            if (head.text && !utf8_valid((const char *)p, head.body)) {
                return MP_UTF8;
            }
            p += head.body;
        }
        while (depth > 0 && --left[depth - 1] == 0) {
            depth--;
        }
    } while (depth > 0);
    return p == end ? MP_OK : MP_TRAILING;
}

enum mp_error mp_reader_init(struct mp_reader *reader) {
    memset(reader, 0, sizeof *reader);
    reader->zone = msgpack_zone_new(ZONE_CHUNK_BYTES);
    return reader->zone ? MP_OK : MP_NO_MEMORY;
}

void mp_reader_free(struct mp_reader *reader) {
    if (reader->zone) {
        msgpack_zone_free(reader->zone);
    }
    memset(reader, 0, sizeof *reader);
}

static unsigned slot_of(char first, char second) {
    return ((uint8_t)first * 5U + (uint8_t)second) % MP_INDEX_SLOTS;
}

/* From the last pair to the first, so that of equal keys the first is found first. */
static void index_root(struct mp_reader *reader) {
    const msgpack_object_map *map = &reader->root.via.map;
    reader->indexed = reader->root.type == MSGPACK_OBJECT_MAP && map->size <= MP_INDEX_PAIRS;
    if (!reader->indexed) {
        return;
    }
    memset(reader->first, 0, sizeof reader->first);
    for (uint32_t i = map->size; i-- > 0;) {
        const msgpack_object *key = &map->ptr[i].key;
        if (key->type == MSGPACK_OBJECT_STR && key->via.str.size > 0) {
            const char *text = key->via.str.ptr;
            uint8_t *slot =
                &reader->first[slot_of(text[0], (char)(key->via.str.size > 1 ? text[1] : '\0'))];
            reader->next[i] = *slot;
            *slot = (uint8_t)(i + 1);
        }
    }
}

enum mp_error mp_reader_parse(struct mp_reader *reader, const void *bytes, size_t len) {
    reader->field = NULL;
    reader->root.type = MSGPACK_OBJECT_NIL;
    reader->indexed = false;
    reader->error = mp_scan(bytes, len);
    if (reader->error != MP_OK) {
        return reader->error;
    }
    msgpack_zone_clear(reader->zone);
    size_t offset = 0;
    if (msgpack_unpack(bytes, len, &offset, reader->zone, &reader->root) !=
        MSGPACK_UNPACK_SUCCESS) {
        /* The scan has accepted the form, so only the memory can be at fault. */
        reader->root.type = MSGPACK_OBJECT_NIL;
        reader->error = MP_NO_MEMORY;
    }
    index_root(reader);
    return reader->error;
}

/* A key of ours holds no NUL. */
static bool is_key(const msgpack_object *object, const char *key) {
    if (object->type != MSGPACK_OBJECT_STR) {
        return false;
    }
    const char *text = object->via.str.ptr;
    uint32_t size = object->via.str.size;
    for (uint32_t i = 0; i < size; i++) {
        if (key[i] == '\0' || key[i] != text[i]) {
            return false;
        }
    }
    return key[size] == '\0';
}

const msgpack_object *mp_find(const msgpack_object *map, const char *key) {
    if (!map || map->type != MSGPACK_OBJECT_MAP) {
        return NULL;
    }
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        if (is_key(&pair->key, key)) {
            return &pair->val;
        }
    }
    return NULL;
}

const msgpack_object *mp_look(const struct mp_reader *r, const msgpack_object *map,
                              const char *key) {
    if (map != &r->root || !r->indexed || key[0] == '\0') {
        return mp_find(map, key);
    }
    const msgpack_object_kv *pairs = map->via.map.ptr;
    for (unsigned i = r->first[slot_of(key[0], key[1])]; i > 0; i = r->next[i - 1]) {
        if (is_key(&pairs[i - 1].key, key)) {
            return &pairs[i - 1].val;
        }
    }
    return NULL;
}

void mp_fail(struct mp_reader *r, enum mp_error error, const char *field) {
    if (r->error == MP_OK) {
        r->error = error;
        r->field = field;
    }
}

/* NULL with the sticky error if absent. */
static const msgpack_object *find_required(struct mp_reader *r, const msgpack_object *map,
                                           const char *key) {
    const msgpack_object *value = r->error == MP_OK ? mp_look(r, map, key) : NULL;
    if (!value) {
        mp_fail(r, MP_MISSING, key);
    }
    return value;
}

/* NULL if absent, nil or after an error. */
static const msgpack_object *find_optional(struct mp_reader *r, const msgpack_object *map,
                                           const char *key) {
    const msgpack_object *value = r->error == MP_OK ? mp_look(r, map, key) : NULL;
    return value && value->type == MSGPACK_OBJECT_NIL ? NULL : value;
}

int64_t mp_as_int(struct mp_reader *r, const msgpack_object *value, const char *key, int64_t min,
                  int64_t max) {
    int64_t number;
    if (value->type == MSGPACK_OBJECT_POSITIVE_INTEGER) {
        if (value->via.u64 > INT64_MAX) {
            mp_fail(r, MP_RANGE, key);
            return 0;
        }
        number = (int64_t)value->via.u64;
    } else if (value->type == MSGPACK_OBJECT_NEGATIVE_INTEGER) {
        number = value->via.i64;
    } else {
        mp_fail(r, MP_WRONG_TYPE, key);
        return 0;
    }
    if (number < min || number > max) {
        mp_fail(r, MP_RANGE, key);
        return 0;
    }
    return number;
}

struct span mp_as_text(struct mp_reader *r, const msgpack_object *value, const char *key,
                       uint32_t min, uint32_t max) {
    if (value->type != MSGPACK_OBJECT_STR) {
        mp_fail(r, MP_WRONG_TYPE, key);
    } else if (value->via.str.size < min || value->via.str.size > max) {
        mp_fail(r, MP_TOO_LONG, key);
    } else if (value->via.str.size && memchr(value->via.str.ptr, 0, value->via.str.size)) {
        mp_fail(r, MP_UTF8, key);
    } else {
        return (struct span){value->via.str.ptr, value->via.str.size};
    }
    return (struct span){"", 0};
}

struct span mp_as_bytes(struct mp_reader *r, const msgpack_object *value, const char *key,
                        uint32_t min, uint32_t max) {
    if (value->type != MSGPACK_OBJECT_BIN) {
        mp_fail(r, MP_WRONG_TYPE, key);
    } else if (value->via.bin.size < min || value->via.bin.size > max) {
        mp_fail(r, MP_TOO_LONG, key);
    } else {
        return (struct span){value->via.bin.ptr, value->via.bin.size};
    }
    return (struct span){"", 0};
}

int64_t mp_get_int(struct mp_reader *r, const msgpack_object *map, const char *key, int64_t min,
                   int64_t max) {
    const msgpack_object *value = find_required(r, map, key);
    return value ? mp_as_int(r, value, key, min, max) : 0;
}

struct span mp_get_text(struct mp_reader *r, const msgpack_object *map, const char *key,
                        uint32_t min, uint32_t max) {
    const msgpack_object *value = find_required(r, map, key);
    return value ? mp_as_text(r, value, key, min, max) : (struct span){"", 0};
}

struct span mp_get_bytes(struct mp_reader *r, const msgpack_object *map, const char *key,
                         uint32_t min, uint32_t max) {
    const msgpack_object *value = find_required(r, map, key);
    return value ? mp_as_bytes(r, value, key, min, max) : (struct span){"", 0};
}

const msgpack_object *mp_get_array(struct mp_reader *r, const msgpack_object *map, const char *key,
                                   uint32_t max) {
    const msgpack_object *value = find_required(r, map, key);
    if (!value) {
        return NULL;
    }
    if (value->type != MSGPACK_OBJECT_ARRAY) {
        mp_fail(r, MP_WRONG_TYPE, key);
        return NULL;
    }
    if (value->via.array.size > max) {
        mp_fail(r, MP_TOO_LONG, key);
        return NULL;
    }
    return value;
}

int64_t mp_opt_int(struct mp_reader *r, const msgpack_object *map, const char *key, int64_t min,
                   int64_t max, int64_t fallback) {
    const msgpack_object *value = find_optional(r, map, key);
    return value ? mp_as_int(r, value, key, min, max) : fallback;
}

struct span mp_opt_text(struct mp_reader *r, const msgpack_object *map, const char *key,
                        uint32_t max) {
    const msgpack_object *value = find_optional(r, map, key);
    return value ? mp_as_text(r, value, key, 0, max) : (struct span){"", 0};
}

struct span mp_opt_bytes(struct mp_reader *r, const msgpack_object *map, const char *key,
                         uint32_t max) {
    const msgpack_object *value = find_optional(r, map, key);
    return value ? mp_as_bytes(r, value, key, 0, max) : (struct span){"", 0};
}

bool mp_opt_bool(struct mp_reader *r, const msgpack_object *map, const char *key, bool fallback) {
    const msgpack_object *value = find_optional(r, map, key);
    if (!value) {
        return fallback;
    }
    if (value->type != MSGPACK_OBJECT_BOOLEAN) {
        mp_fail(r, MP_WRONG_TYPE, key);
        return fallback;
    }
    return value->via.boolean;
}
