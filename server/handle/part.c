/* SPDX-License-Identifier: ISC */
/*
 * part.c: the parts of a long panel's body, which come before the host, swap or offer that they
 * belong to. A peer has those of one request at a time: the next id begins anew.
 */
#include <stdlib.h>
#include <string.h>

#include "server/handle/handle.h"

/* Of parts_len: nothing of the request is kept, since what came does not fit a panel's body or the
 * memory, or since others' parts are newer. */
enum { PARTS_SPOILT = PACK_PANEL_MAX + 1, PARTS_DROPPED };

void handle_parts_init(struct handling *at) {
    TAILQ_INIT(&at->parts.peers);
    at->parts.bytes = 0;
}

static void free_parts(struct peer *peer) {
    if (peer->parts_among != NULL) {
        TAILQ_REMOVE(&peer->parts_among->peers, peer, of_parts);
        peer->parts_among->bytes -= peer->parts_len;
        peer->parts_among = NULL;
    }
    free(peer->parts);
    peer->parts = NULL;
}

static void spoil(struct peer *peer, uint32_t as) {
    free_parts(peer);
    peer->parts_len = as;
}

/* Whoever leaves parts behind pays with them, not the server with its memory. */
static void drop_oldest(struct peer_parts *among, const struct peer *newest) {
    struct peer *oldest;
    while (among->bytes > PACK_PARTS_HELD_MAX && (oldest = TAILQ_FIRST(&among->peers)) != newest) {
        spoil(oldest, PARTS_DROPPED);
    }
}

static void add_part(struct peer_parts *among, struct peer *peer, struct span part) {
    char *grown = peer->parts_len + part.len <= PACK_PANEL_MAX
                      ? realloc(peer->parts, (size_t)peer->parts_len + part.len)
                      : NULL;
    if (grown == NULL) {
        spoil(peer, PARTS_SPOILT);
        return;
    }
    if (peer->parts_among == NULL) {
        peer->parts_among = among;
        TAILQ_INSERT_TAIL(&among->peers, peer, of_parts);
    }
    memcpy(grown + peer->parts_len, part.at, part.len);
    peer->parts = grown;
    peer->parts_len += part.len;
    among->bytes += part.len;
    drop_oldest(among, peer);
}

void handle_PART(struct handling *at, struct peer *peer, const struct message *message) {
    if (peer->parts_id != message->part.id) {
        handle_parts_end(peer);
        peer->parts_id = message->part.id;
    }
    if (peer->parts_len < PARTS_SPOILT) {
        add_part(&at->parts, peer, message->part.panel);
    }
}

enum refusal handle_parts_join(struct handling *at, struct peer *peer, uint32_t id,
                               struct span *panel) {
    if (peer->parts_id != id || peer->parts_len == 0) {
        return REFUSAL_NONE;
    }
    if (peer->parts_len < PARTS_SPOILT) {
        add_part(&at->parts, peer, *panel);
    }
    *panel = (struct span){peer->parts, peer->parts_len};
    return peer->parts_len == PARTS_DROPPED  ? REFUSAL_TOO_MANY
           : peer->parts_len == PARTS_SPOILT ? REFUSAL_BAD_PACK
                                             : REFUSAL_NONE;
}

void handle_parts_end(struct peer *peer) {
    free_parts(peer);
    peer->parts_len = 0;
    peer->parts_id = 0;
}
