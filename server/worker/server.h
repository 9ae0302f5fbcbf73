/* SPDX-License-Identifier: ISC */
/*
 * server.h: what all threads of one server share. Filled by main before the workers start;
 * read-only from then on (what it points to has its own rules).
 */
#ifndef SPAR_SERVER_WORKER_SERVER_H
#define SPAR_SERVER_WORKER_SERVER_H

#include "protocol/limits.h"
#include "server/base/room_time.h"
#include "server/base/turn.h"
#include "server/config/host_link.h"
#include "server/net/conn.h"

struct journal;
struct shelf;
struct log;
struct stats;
struct worker;

struct server {
    const struct config *config;
    struct patience patience;
    struct log *log;
    struct stats *stats;
    struct journal *journal;
    struct book *book;
    struct room_time time;
    struct shelf *shelf;           /* the server's own packs */
    struct turn turn;              /* relays for voice */
    uint8_t host_hash[HASH_BYTES]; /* of the secret with which one may host */
    struct worker *const *workers; /* all of them, to be spoken to by their mailboxes */
    unsigned worker_count;
    char own_name[HOST_NAME_MAX_BYTES];    /* likewise, that of this server alone */
    char public_name[HOST_NAME_MAX_BYTES]; /* that was configured, without port and brackets; "" */
};

#endif
