/* SPDX-License-Identifier: ISC */
/*
 * lease.h: which runs of the server live, as far as one node knows.
 *
 * Each start of a server takes the next number, its boot, and holds a lease under it while it runs.
 * What people were doing by a connection is recorded with the boot of the server that had it, so
 * who was cut off together with a server is told from who is still there on another one.
 *
 * Invariant: a boot above `upto` has started since this was known, so it counts as alive; of all
 * others only those in `live` do.
 */
#ifndef SPAR_PROTOCOL_WIRE_LEASE_H
#define SPAR_PROTOCOL_WIRE_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"

struct leases {
    uint32_t upto;            /* the highest boot heard of */
    uint32_t count;           /* of `live` */
    uint32_t live[NODES_MAX]; /* rising */
};

/* The leases of a server that is alone: whatever started before it is dead. */
static inline struct leases leases_of_one(uint32_t boot) {
    return (struct leases){.upto = boot, .count = 1, .live = {boot}};
}

/* Adds one that lives, in rising order. There are more than a list can hold only after one that was
 * taken for dead came back: those count as alive, and none of them is judged. */
static inline void leases_add(struct leases *leases, uint32_t boot) {
    if (leases->count < NODES_MAX) {
        leases->live[leases->count++] = boot;
    } else if (leases->upto >= boot) {
        leases->upto = boot - 1;
    }
}

static inline bool leases_has(const struct leases *leases, uint32_t boot) {
    for (uint32_t i = 0; i < leases->count; i++) {
        if (leases->live[i] == boot) {
            return true;
        }
    }
    return boot > leases->upto;
}

#endif
