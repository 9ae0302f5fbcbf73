/* SPDX-License-Identifier: ISC */
/*
 * route.c: the list of servers, without doubles.
 */
#include "client/net/route.h"

#include <string.h>

static void add(struct route *route, const struct place *place) {
    for (unsigned i = 0; i < route->count; i++) {
        if (route->places[i].port == place->port &&
            strcmp(route->places[i].host, place->host) == 0) {
            return;
        }
    }
    if (route->count < ROUTE_PLACES_MAX) {
        route->places[route->count++] = *place;
    }
}

static struct place place_of(const struct invite *server) {
    struct place place = {.port = server->port};
    memcpy(place.host, server->host, sizeof place.host);
    return place;
}

void route_init(struct route *route, const struct invite *server) {
    *route = (struct route){.count = 1, .places = {place_of(server)}};
}

void route_welcome(struct route *route, struct span nodes) {
    if (nodes.len == 0) {
        return;
    }
    struct place here = route->places[route->at];
    const char *end = nodes.at + nodes.len;
    route->count = 1;
    add(route, &here);
    route->at = route->count - 1;
    route->several = false;
    for (const char *line = nodes.at; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t len = (size_t)((stop != NULL ? stop : end) - line);
        struct invite server = {.port = 0};
        char why[INVITE_WHY_MAX];
        if (invite_parse_address(line, len, &server, why)) {
            struct place place = place_of(&server);
            add(route, &place);
            route->several = true;
        }
        line += len + 1;
    }
}

unsigned route_order(const struct route *route, uint16_t random, unsigned out[ROUTE_PLACES_MAX]) {
    unsigned others[ROUTE_PLACES_MAX];
    unsigned count = 0;
    unsigned used = 0;
    for (unsigned i = 1; i < route->count; i++) {
        if (i != route->at) {
            others[count++] = i;
        }
    }
    for (; used < count; used++) {
        out[used] = others[(used + random) % count];
    }
    if (route->at != 0) {
        out[used++] = 0;
    }
    out[used++] = route->at;
    return used;
}

void route_address(const struct place *place, char out[INVITE_TEXT_MAX]) {
    struct invite server = {.port = place->port};
    memcpy(server.host, place->host, sizeof server.host);
    invite_address(&server, out);
}
