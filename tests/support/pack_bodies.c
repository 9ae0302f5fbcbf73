/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the bodies of a pack, and texts of a length.
 */
#include "tests/support/pack_bodies.h"

#include <stdlib.h>
#include <string.h>

struct pack_bodies pack_bodies_of(const struct pack *pack) {
    struct pack_bodies bodies;
    mp_writer_init(&bodies.public_body);
    mp_writer_init(&bodies.panel_body);
    pack_write_public(&bodies.public_body, pack);
    pack_write_panel(&bodies.panel_body, pack);
    if (bodies.public_body.failed || bodies.panel_body.failed) {
        abort();
    }
    return bodies;
}

void pack_bodies_free(struct pack_bodies *bodies) {
    mp_writer_free(&bodies->public_body);
    mp_writer_free(&bodies->panel_body);
}

struct span pack_bodies_span(const struct mp_writer *body) {
    return (struct span){body->data, (uint32_t)body->len};
}

const char *pack_long_text(struct pack *pack, uint32_t len) {
    static char letters[PACK_PANEL_MAX + 1];
    memset(letters, 'a', sizeof letters);
    const char *text = len <= sizeof letters ? pack_text(pack, (struct span){letters, len}) : NULL;
    if (text == NULL) {
        abort();
    }
    return text;
}
