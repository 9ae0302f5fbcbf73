/* SPDX-License-Identifier: ISC */
/*
 * pack_message.c: writes a pack and sends its parts.
 */
#include "client/feed/pack_message.h"

static struct span written(const struct mp_writer *w) {
    return (struct span){w->data, (uint32_t)w->len};
}

bool pack_message_begin(struct pack_message *out, const struct pack *pack, uint32_t id,
                        bool (*send)(void *ctx, const struct message *message), void *ctx) {
    mp_writer_init(&out->public_body);
    mp_writer_init(&out->panel_body);
    pack_write_public(&out->public_body, pack);
    pack_write_panel(&out->panel_body, pack);
    bool good = !out->public_body.failed && !out->panel_body.failed;
    struct span panel = written(&out->panel_body);
    uint32_t last = pack_parts(panel) - 1;
    for (uint32_t i = 0; i < last && good; i++) {
        const struct message part = {.kind = MESSAGE_PART,
                                     .part = {.id = id, .panel = pack_part(panel, i)}};
        good = send(ctx, &part);
    }
    out->pack = written(&out->public_body);
    out->panel = pack_part(panel, last);
    return good;
}

void pack_message_end(struct pack_message *message) {
    mp_writer_free(&message->public_body);
    mp_writer_free(&message->panel_body);
}
