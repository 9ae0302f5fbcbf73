/* SPDX-License-Identifier: ISC */
/*
 * part.c: the parts of a long panel's body, which come before the host, swap or offer that they
 * belong to. A peer has those of one request at a time: the next id begins anew.
 */
#include <stdlib.h>
#include <string.h>

#include "server/handle/handle.h"

/* Of parts_len: what came does not fit a panel's body, or the memory. */
enum { PARTS_SPOILT = PACK_PANEL_MAX + 1 };

static void add_part(struct peer *peer, struct span part) {
    char *grown = peer->parts_len + part.len <= PACK_PANEL_MAX
                      ? realloc(peer->parts, (size_t)peer->parts_len + part.len)
                      : NULL;
    if (grown == NULL) {
        free(peer->parts);
        peer->parts = NULL;
        peer->parts_len = PARTS_SPOILT;
        return;
    }
    memcpy(grown + peer->parts_len, part.at, part.len);
    peer->parts = grown;
    peer->parts_len += part.len;
}

void handle_PART(struct handling *at, struct peer *peer, const struct message *message) {
    (void)at;
    if (peer->parts_id != message->part.id) {
        handle_parts_end(peer);
        peer->parts_id = message->part.id;
    }
    if (peer->parts_len < PARTS_SPOILT) {
        add_part(peer, message->part.panel);
    }
}

bool handle_parts_join(struct peer *peer, uint32_t id, struct span *panel) {
    if (peer->parts_id != id || peer->parts_len == 0) {
        return true;
    }
    if (peer->parts_len < PARTS_SPOILT) {
        add_part(peer, *panel);
    }
    *panel = (struct span){peer->parts, peer->parts_len};
    return peer->parts_len < PARTS_SPOILT;
}

void handle_parts_end(struct peer *peer) {
    free(peer->parts);
    peer->parts = NULL;
    peer->parts_len = 0;
    peer->parts_id = 0;
}
