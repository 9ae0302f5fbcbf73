/* SPDX-License-Identifier: ISC */
/*
 * hello.c: the first message: version, and whether the client has a key and the server has room.
 */
#include <string.h>

#include "certs/random.h"
#include "certs/sign.h"
#include "server/handle/handle.h"
#include "server/peer/send.h"

/* hello carries the highest version that the client speaks: a newer client is answered in ours. */
static uint32_t common_version(int64_t highest) {
    return highest < SPAR_PROTOCOL_VERSION ? (uint32_t)highest : SPAR_PROTOCOL_VERSION;
}

static void welcome(struct handling *at, struct peer *peer) {
    struct message message = {.kind = MESSAGE_WELCOME};
    message.welcome.version = peer->version;
    message.welcome.now = desk_now(at->desk);
    message.welcome.rate = at->clock_rate;
    message.welcome.hours = at->keep_hours;
    message.welcome.app = span_of("spard " SPAR_VERSION);
    char nodes[NODES_TEXT_MAX + 1];
    peer->nodes_told = journal_nodes_version(at->desk->means.journal);
    journal_nodes(at->desk->means.journal, nodes);
    message.welcome.nodes = span_of(nodes);
    send_message(at->desk, peer, &message);
}

/* A page's key is proved by its signature of our challenge: this takes it, if the signature is
 * good. */
static bool prove(struct peer *peer, const struct message *message) {
    static const char purpose[] = "spar-hello-1"; /* its zero byte is signed too */
    uint8_t statement[sizeof purpose + NONCE_BYTES + HASH_BYTES];
    struct span key = message->hello.key;
    struct span sign = message->hello.sign;
    memcpy(statement, purpose, sizeof purpose);
    memcpy(statement + sizeof purpose, peer->challenge->nonce, NONCE_BYTES);
    memcpy(statement + sizeof purpose + NONCE_BYTES, peer->challenge->origin, HASH_BYTES);
    peer->has_key = sign.len == SIGN_RAW_SIZE &&
                    sign_verify_p256((const uint8_t *)key.at, key.len, statement, sizeof statement,
                                     (const uint8_t *)sign.at) &&
                    random_sha256(key.at, key.len, peer->key);
    return peer->has_key;
}

void handle_HELLO(struct handling *at, struct peer *peer, const struct message *message) {
    int64_t version = message->hello.version;
    if (peer->greeted) {
        send_error(at->desk, peer, REFUSAL_BAD_MESSAGE,
                   "The second hello of a connection was ignored; send only one.");
    } else if (version < SPAR_PROTOCOL_OLDEST) {
        peer->cut(peer, REFUSAL_VERSION);
    } else if (!peer->has_key && (peer->challenge == NULL || message->hello.key.len == 0)) {
        peer->cut(peer, REFUSAL_NO_KEY);
    } else if (!peer->has_key && !prove(peer, message)) {
        peer->cut(peer, REFUSAL_BAD_PROOF);
    } else if (stats_sum(at->desk->means.stats, STATS_connections_open) >
               (int64_t)at->max_connections) {
        desk_count(at->desk, STATS_turned_away, 1);
        peer->cut(peer, REFUSAL_TOO_MANY);
    } else {
        enum refusal refusal = peer->opened(peer);
        if (refusal != REFUSAL_NONE) {
            desk_count(at->desk, STATS_turned_away, 1);
            peer->cut(peer, refusal);
            return;
        }
        peer->version = common_version(version);
        peer->greeted = true;
        welcome(at, peer);
    }
}
