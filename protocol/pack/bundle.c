/* SPDX-License-Identifier: ISC */
/*
 * bundle.c: a pack as one file.
 */
#include "protocol/pack/bundle.h"

#include <string.h>

static void put_body(struct mp_writer *w, const char *key, const struct pack *pack,
                     void (*write)(struct mp_writer *, const struct pack *)) {
    struct mp_writer body;
    mp_writer_init(&body);
    write(&body, pack);
    mp_put_str(w, key);
    mp_put_bytes(w, (struct span){body.data != NULL ? body.data : "", (uint32_t)body.len});
    w->failed = w->failed || body.failed;
    mp_writer_free(&body);
}

void bundle_write(struct mp_writer *w, const struct pack *pack) {
    mp_put_map(w, 3);
    mp_put_str(w, "bundle");
    mp_put_int(w, SPAR_BUNDLE_VERSION);
    put_body(w, "pack", pack, pack_write_public);
    put_body(w, "panel", pack, pack_write_panel);
}

struct pack *bundle_read(struct mp_reader *r, struct span bytes, struct span *public_body,
                         struct span *panel_body, struct pack_fault *fault) {
    *public_body = *panel_body = (struct span){"", 0};
    memset(fault, 0, sizeof *fault);
    if (bytes.len <= PACK_BUNDLE_MAX && mp_reader_parse(r, bytes.at, bytes.len) == MP_OK) {
        (void)mp_get_int(r, &r->root, "bundle", 1, SPAR_BUNDLE_VERSION);
        *public_body = mp_get_bytes(r, &r->root, "pack", 1, PACK_BODY_MAX);
        *panel_body = mp_get_bytes(r, &r->root, "panel", 1, PACK_PANEL_MAX);
    }
    if (public_body->len == 0 || panel_body->len == 0 || r->error != MP_OK) {
        memcpy(fault->where, "file", sizeof "file");
        memcpy(fault->what, "a pack as 'spar pack build' writes it is expected",
               sizeof "a pack as 'spar pack build' writes it is expected");
        fault->no_memory = r->error == MP_NO_MEMORY;
        return NULL;
    }
    return pack_read(*public_body, *panel_body, fault);
}
