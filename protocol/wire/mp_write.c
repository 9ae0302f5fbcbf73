/* SPDX-License-Identifier: ISC */
/*
 * mp_write.c: writing, with msgpack-c's packer over a buffer that grows by doubling. Once out of
 * memory the writer stays failed and drops what comes, so that a caller checks once, at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/mp.h"

enum { FIRST_BYTES = 256 };

static bool writer_grow(struct mp_writer *w, size_t more) {
    size_t cap = w->cap ? w->cap : FIRST_BYTES;
    while (cap - w->len < more) {
        if (cap > SIZE_MAX / 2) {
            w->failed = true;
            return false;
        }
        cap *= 2;
    }
    char *data = realloc(w->data, cap);
    if (!data) {
        w->failed = true;
        return false;
    }
    w->data = data;
    w->cap = cap;
    return true;
}

/* Inlined: what the packer writes are heads of a few bytes, whose number is known where they are
 * written. */
static inline __attribute__((always_inline)) void put(struct mp_writer *w, const void *bytes,
                                                      size_t len) {
    if (w->failed || (w->cap - w->len < len && !writer_grow(w, len))) {
        return;
    }
    memcpy(w->data + w->len, bytes, len);
    w->len += len;
}

void mp_put_raw(struct mp_writer *w, const void *bytes, size_t len) {
    if (len > 0) {
        put(w, bytes, len);
    }
}

static inline __attribute__((always_inline)) int write_packed(void *data, const char *bytes,
                                                              size_t len) {
    struct mp_writer *w = data;
    put(w, bytes, len);
    return w->failed ? -1 : 0;
}

static msgpack_packer packer_of(struct mp_writer *w) {
    return (msgpack_packer){w, write_packed};
}

void mp_writer_init(struct mp_writer *w) {
    memset(w, 0, sizeof *w);
}

void mp_writer_free(struct mp_writer *w) {
    free(w->data);
    memset(w, 0, sizeof *w);
}

void mp_writer_reset(struct mp_writer *w) {
    w->len = 0;
    w->failed = false;
}

void mp_put_map(struct mp_writer *w, uint32_t count) {
    msgpack_packer packer = packer_of(w);
    msgpack_pack_map(&packer, count);
}

void mp_put_array(struct mp_writer *w, uint32_t count) {
    msgpack_packer packer = packer_of(w);
    msgpack_pack_array(&packer, count);
}

void mp_put_int(struct mp_writer *w, int64_t value) {
    msgpack_packer packer = packer_of(w);
    msgpack_pack_int64(&packer, value);
}

void mp_put_bool(struct mp_writer *w, bool value) {
    msgpack_packer packer = packer_of(w);
    if (value) {
        msgpack_pack_true(&packer);
    } else {
        msgpack_pack_false(&packer);
    }
}

void mp_put_nil(struct mp_writer *w) {
    msgpack_packer packer = packer_of(w);
    msgpack_pack_nil(&packer);
}

void mp_put_text(struct mp_writer *w, struct span text) {
    msgpack_packer packer = packer_of(w);
    msgpack_pack_str(&packer, text.len);
    mp_put_raw(w, text.at, text.len);
}

void mp_put_str(struct mp_writer *w, const char *text) {
    mp_put_text(w, span_of(text));
}

void mp_put_bytes(struct mp_writer *w, struct span bytes) {
    msgpack_packer packer = packer_of(w);
    msgpack_pack_bin(&packer, bytes.len);
    mp_put_raw(w, bytes.at, bytes.len);
}
