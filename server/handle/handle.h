/* SPDX-License-Identifier: ISC */
/*
 * handle.h: what a server does with each message that a client may send: one function and one file
 * each, in a table made from messages.def. A message that has a row there and no function does not
 * link.
 *
 * Worker's thread. A message is borrowed from the input and gone when the function returns.
 */
#ifndef SPAR_SERVER_HANDLE_HANDLE_H
#define SPAR_SERVER_HANDLE_HANDLE_H

#include "protocol/wire/message.h"
#include "server/follow/following.h"
#include "server/peer/peer.h"

struct requests;
struct shelf;
struct turn;

/* What handlers may use: one a worker, filled by it. */
struct handling {
    struct desk *desk;
    struct following *rooms, *cohorts;
    struct requests *requests;
    bool open_hosting;         /* anybody may host */
    bool can_forget;           /* rooms may be kept for a time of their own */
    unsigned keep_hours;       /* that all else is kept once nothing more happens; 0: for good */
    const uint8_t *host_hash;  /* of the secret with which one may host; HASH_BYTES */
    const struct shelf *shelf; /* the server's own packs */
    const struct turn *turn;   /* relays for voice */
    unsigned clock_rate;       /* ms of room time in one of real time */
    unsigned max_connections;  /* over all workers */
    struct peer_parts parts;   /* emptied by handle_parts_init */
};

/* Finds the function; answers what it does not know, or knows as the server's own, with an
 * error. */
void handle_message(struct handling *at, struct peer *peer, const struct message *message);
/* A map that breaks its message's rules: says which field. The connection goes on. */
void handle_bad_message(struct handling *at, struct peer *peer, const struct message *message,
                        const struct mp_reader *reader);
/* Its rooms, cohorts and requests forget a peer; call it once, before the peer is freed. */
void handle_peer_gone(struct peer *peer);
/* Whether it has a seat in a room, or a place in a cohort. */
bool handle_has_place(const struct peer *peer);
/* The peer's queue is empty: whoever waits for that goes on. */
void handle_peer_drained(struct peer *peer);

/* Nobody has sent any part yet. */
void handle_parts_init(struct handling *at);
/* Puts the parts that came before in front of a request's *panel, which then borrows from the peer
 * until handle_parts_end. Refused: all together are too long, memory has run out, or the parts were
 * dropped since others' are newer (PACK_PARTS_HELD_MAX). */
enum refusal handle_parts_join(struct handling *at, struct peer *peer, uint32_t id,
                               struct span *panel) __attribute__((warn_unused_result));
/* Forgets them; fine if there are none. */
void handle_parts_end(struct peer *peer);
/* The bodies of the pack that a request names: those of the shelf by this hash, or, where it is
 * empty, those that came with it and its parts. They live until handle_parts_end. */
enum refusal handle_bodies(struct handling *at, struct peer *peer, uint32_t id, struct span hash,
                           struct span *pack, struct span *panel)
    __attribute__((warn_unused_result));

/* Whether the peer's key may open one more room, which is then counted; if not, it is told when. */
bool handle_may_open(const struct handling *at, struct peer *peer, const struct message *message)
    __attribute__((warn_unused_result));
/* Whether the holder of this secret (empty: none) may open rooms and cohorts. */
bool handle_may_host(const struct handling *at, struct span secret);

#define HANDLE_TO_SERVER(name) \
    void handle_##name(struct handling *at, struct peer *peer, const struct message *message);
#define HANDLE_TO_BOTH(name) HANDLE_TO_SERVER(name)
#define HANDLE_TO_CLIENT(name)
#define MESSAGE(name, wire, to, room, cost) HANDLE_##to(name)
#include "protocol/wire/messages.def"
#undef MESSAGE
#undef HANDLE_TO_SERVER
#undef HANDLE_TO_BOTH
#undef HANDLE_TO_CLIENT

#endif
