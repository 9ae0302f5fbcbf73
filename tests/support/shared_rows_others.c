/* SPDX-License-Identifier: ISC */
/*
 * shared_rows_others.c: what servers on rows in memory know of each other: leases, and trips.
 */
#include "tests/support/shared_rows_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

/* ---- trips ---- */

static void pass_one(const struct shared_server *from, struct shared_server *to,
                     const struct shared_trip *trip) {
    uint8_t *copy = malloc(trip->len + 1);
    if (copy == NULL || to->inbox_count == INBOX_MAX) {
        abort();
    }
    memcpy(copy, trip->bytes, trip->len);
    struct told *told = &to->inbox[to->inbox_count++];
    *told = (struct told){.boot = from->boot, .n = from->sent, .trip = *trip};
    told->trip.bytes = copy;
    memcpy(told->room, trip->room, ROOM_ID_BYTES);
    eventfd_write(to->wake_fd, 1);
}

void shared_trip_pass(void *ctx, const struct shared_trip *trip) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    server->sent++;
    for (uint32_t i = 0; i < base->server_count; i++) {
        if (base->servers[i] != server && !server->mute && shared_server_is_up(server)) {
            pass_one(server, base->servers[i], trip);
        }
    }
    shared_base_leave(base, true);
}

/* ---- leases ---- */

static bool is_full(const struct shared_base *base) {
    uint32_t live = 0;
    for (uint32_t i = 0; i < base->lease_count; i++) {
        live += base->now - base->leases[i].beat < SHARED_DEAD_MS;
    }
    return live >= NODES_MAX;
}

bool shared_lease_enter(void *ctx, uint32_t *boot, bool *full) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    if (full != NULL && is_full(base)) {
        *full = true;
        return shared_base_leave(base, shared_server_is_up(server));
    }
    if (base->boots + 1 == SHARED_BOOTS_MAX || base->lease_count == SHARED_BOOTS_MAX) {
        abort();
    }
    server->boot = *boot = ++base->boots;
    server->sent = 0;
    server->held = base->now;
    base->leases[base->lease_count++] = (struct lease){.boot = *boot, .beat = base->now};
    return shared_base_leave(base, shared_server_is_up(server));
}

static void drop_lease(struct shared_base *base, uint32_t index) {
    memmove(&base->leases[index], &base->leases[index + 1],
            (--base->lease_count - index) * sizeof base->leases[0]);
}

/* What a lease said it had sent by the beat before must have been heard by now. */
static void note_sent(struct shared_server *server, const struct lease *lease) {
    if (lease->boot == server->boot) {
        return;
    }
    if (server->owed[lease->boot] > server->heard[lease->boot]) {
        server->heard[lease->boot] = server->owed[lease->boot];
        server->missing = true;
    }
    server->owed[lease->boot] = lease->sent;
}

/* Clients reach a server where its boot says. */
static void list_node(const struct shared_base *base, const struct lease *lease,
                      struct node_list *list) {
    struct node *node = &list->at[list->count++];
    *node = (struct node){.boot = lease->boot,
                          .load = lease->load,
                          .drains = lease->drains,
                          .age_ms = base->now - lease->beat};
    snprintf(node->address, sizeof node->address, "node-%u:7447", lease->boot);
}

bool shared_lease_beat(void *ctx, struct shared_beat *beat) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    beat->live = (struct leases){.upto = base->boots};
    for (uint32_t i = 0; i < base->lease_count; i++) {
        struct lease *lease = &base->leases[i];
        if (lease->boot == beat->boot && shared_server_is_up(server)) {
            lease->beat = server->held = base->now;
            lease->sent = server->sent;
            lease->load = beat->load;
        }
        note_sent(server, lease);
        if (beat->judge && base->now - lease->beat >= SHARED_DEAD_MS) {
            drop_lease(base, i--);
        } else {
            leases_add(&beat->live, lease->boot);
            list_node(base, lease, &beat->nodes);
        }
    }
    return shared_base_leave(base, shared_server_is_up(server));
}

bool shared_lease_drain(void *ctx, uint32_t boot, bool *done) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    struct lease *sought = NULL;
    bool other = false;
    for (uint32_t i = 0; i < base->lease_count; i++) {
        struct lease *lease = &base->leases[i];
        if (lease->boot == boot) {
            sought = lease;
        } else if (!lease->drains && base->now - lease->beat < SHARED_DEAD_MS) {
            other = true;
        }
    }
    *done = sought != NULL && other;
    if (*done) {
        sought->drains = true;
    }
    return shared_base_leave(base, shared_server_is_up(server));
}

void shared_lease_leave(void *ctx, uint32_t boot) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    for (uint32_t i = 0; i < base->lease_count; i++) {
        if (base->leases[i].boot == boot) {
            drop_lease(base, i--);
        }
    }
    shared_base_leave(base, true);
}

int64_t shared_lease_held(void *ctx) {
    struct shared_server *server = ctx;
    struct shared_base *base = shared_base_enter(server);
    int64_t held = server->held;
    shared_base_leave(base, true);
    return held;
}
