/* SPDX-License-Identifier: ISC */
/*
 * shelf.h: the packs that the server has itself: those that it was built with and those of --packs.
 *
 * A shelf is filled before the workers start and never changes, so any thread may read it. It gives
 * out what a prompt is called; its bodies go into rooms and cohorts only, so no page gets a panel's
 * part before its moment.
 */
#ifndef SPAR_SERVER_ROOM_SHELF_H
#define SPAR_SERVER_ROOM_SHELF_H

#include "protocol/pack/pack.h"
#include "server/base/log.h"

struct shelf_pack {
    uint8_t hash[HASH_BYTES]; /* cohort_pack_hash of its bodies */
    char id[ID_MAX_BYTES + 1], title[PACK_TITLE_MAX + 1], level[PACK_LEVEL_MAX + 1];
    struct span pack, panel;
    char *bytes; /* that the bodies point into; NULL: they are static */
};
struct shelf {
    unsigned count;
    struct shelf_pack at[SHELF_PACKS_MAX];
};

/* One file that was built in. */
struct shelf_built {
    const char *name;
    const uint8_t *bytes;
    size_t len;
};
extern const struct shelf_built shelf_built[];
extern const unsigned shelf_built_count;

/* folder: of *.pack files, "" for none. A file that is no pack is left out, and the log says why.
 * NULL: out of memory. */
struct shelf *shelf_new(const char *folder, struct log *log) __attribute__((warn_unused_result));
void shelf_free(struct shelf *shelf); /* NULL is fine */
/* NULL: there is none of that hash. */
const struct shelf_pack *shelf_find(const struct shelf *shelf, struct span hash);

#endif
