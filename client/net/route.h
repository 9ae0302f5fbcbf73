/* SPDX-License-Identifier: ISC */
/*
 * route.h: which servers a client may call: the link's own, and those that the server has named.
 *
 * Pure. The link's host stays for good; what a welcome names takes the place of what an earlier one
 * has named.
 */
#ifndef SPAR_CLIENT_NET_ROUTE_H
#define SPAR_CLIENT_NET_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/text/span.h"
#include "protocol/wire/invite.h"

enum { ROUTE_PLACES_MAX = NODES_MAX + 2 }; /* the link's, the present one, and those named */

struct place {
    char host[INVITE_HOST_MAX + 1]; /* as in struct invite */
    uint16_t port;
};

struct route {
    struct place places[ROUTE_PLACES_MAX]; /* the first: the link's */
    unsigned count;
    unsigned at;  /* the one that was reached last */
    bool several; /* others have been named */
};

void route_init(struct route *route, const struct invite *server);
/* The server at places[at] has welcomed us, or sent us on, and named these (nodes). What is no
 * address is left out. If it names none, because the others are gone just now, those that were
 * named before stay: they may come back. */
void route_welcome(struct route *route, struct span nodes);
/* The order in which to call, as indexes; their number. With several, the one reached last comes
 * last and the link's before it; `random` has clients begin with different ones of the others. */
unsigned route_order(const struct route *route, uint16_t random, unsigned out[ROUTE_PLACES_MAX]);
/* Its address, as invite_address writes it. */
void route_address(const struct place *place, char out[INVITE_TEXT_MAX]);

#endif
