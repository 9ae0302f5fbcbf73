/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any bytes as a pack's two bodies: two bytes give the length of the public one. A pack
 * that is accepted must be written and read as the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/pack/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct span span_in(const struct mp_writer *w) {
    return (struct span){w->data, (uint32_t)w->len};
}

static void check_rewrite(const struct pack *pack) {
    struct mp_writer one;
    struct mp_writer two;
    struct mp_writer again;
    struct pack_fault fault;
    mp_writer_init(&one);
    mp_writer_init(&two);
    mp_writer_init(&again);
    pack_write_public(&one, pack);
    pack_write_panel(&two, pack);
    struct pack *back = pack_read(span_in(&one), span_in(&two), &fault);
    if (!back) {
        abort();
    }
    pack_write_panel(&again, back);
    if (again.len != two.len || memcmp(again.data, two.data, two.len) != 0) {
        abort();
    }
    pack_unref(back);
    mp_writer_free(&one);
    mp_writer_free(&two);
    mp_writer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) {
        return 0;
    }
    size_t rest = size - 2;
    size_t first = (size_t)data[0] << 8 | data[1];
    first = first > rest ? rest : first;
    struct pack_fault fault;
    struct pack *pack =
        pack_read((struct span){(const char *)data + 2, (uint32_t)first},
                  (struct span){(const char *)data + 2 + first, (uint32_t)(rest - first)}, &fault);
    if (pack) {
        check_rewrite(pack);
    }
    pack_unref(pack);
    return 0;
}
