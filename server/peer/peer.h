/* SPDX-License-Identifier: ISC */
/*
 * peer.h: where a room's answers go: a connection, or a test's stand-in for one.
 *
 * Lives on one worker's thread. A peer owns neither its members, its attendees nor its requests:
 * they are told with handle_peer_gone() before it is freed. None of the functions frees the peer or
 * calls back into rooms: a connection that is to end is closed at the end of the loop turn.
 */
#ifndef SPAR_SERVER_PEER_PEER_H
#define SPAR_SERVER_PEER_PEER_H

#include <bsd/sys/queue.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "protocol/wire/refusal.h"

/* Bytes queued to a peer before what is made for it piece by piece pauses: one frame more, and the
 * few bytes that the web puts around it, are under every bound then. */
enum { PEER_BACKLOG_MAX = 64 * 1024 };
_Static_assert(PEER_BACKLOG_MAX + FRAME_HEADER_BYTES + FRAME_PAYLOAD_MAX + 16 <=
                   CONN_GUEST_OUTPUT_MAX,
               "whoever reads a long answer is not cut off for it");

struct attendee;
struct request;
struct member;

/* What a page signs to prove its key (protocol/PROTOCOL.md, 1). */
struct peer_challenge {
    uint8_t nonce[NONCE_BYTES];
    uint8_t origin[HASH_BYTES]; /* SHA-256 of where the page came from, "https://host:port" */
};

/* Those of a worker who have sent parts of a request that is still to come, the oldest first, and
 * the bytes of all these parts. */
struct peer_parts {
    TAILQ_HEAD(peer_part_queue, peer) peers;
    size_t bytes;
};

struct peer {
    /* Queues whole frames; the bytes are copied. Dropped once the peer is to end. */
    void (*write)(struct peer *peer, const void *frames, size_t len);
    /* Ends the connection with a bye, at the end of this loop turn. */
    void (*cut)(struct peer *peer, enum refusal why);
    /* Bytes that are queued and not yet taken by the network. */
    size_t (*backlog)(const struct peer *peer);
    /* It named a secret that opens nothing. NULL where nobody counts. */
    void (*guessed)(struct peer *peer);
    /* It wants to open one more room or cohort. 0: it may, and that is counted; else the real ms
     * until it may. NULL where nobody counts. */
    int64_t (*opens)(struct peer *peer);
    /* Its hello was good: lets it in, or says why not. NULL where nobody says hello. */
    enum refusal (*opened)(struct peer *peer);
    bool greeted; /* its hello was good */
    bool has_key; /* it proved to hold one */
    /* Of a page, whose hello is to prove its key; NULL: TLS did. */
    const struct peer_challenge *challenge;
    uint8_t key[HASH_BYTES]; /* SHA-256 of that public key */
    uint32_t version;        /* of the protocol that is spoken with it */
    uint32_t nodes_told;     /* journal_nodes_version of the servers that it was told of */
    LIST_HEAD(peer_members, member) members;
    LIST_HEAD(peer_requests, request) requests;
    LIST_HEAD(peer_attendees, attendee) attendees;
    uint32_t member_count, request_count, attendee_count;
    /* Parts of a panel's body that belong to the request of that id, which is to come; owned. */
    char *parts;
    uint32_t parts_len, parts_id;
    struct peer_parts *parts_among; /* NULL: it has none */
    TAILQ_ENTRY(peer) of_parts;
};

#endif
