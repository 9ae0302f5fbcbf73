/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the two bodies of a pack as they are sent, for whoever reads, offers or hosts it. Aborts
 * if memory runs out.
 */
#ifndef SPAR_TESTS_SUPPORT_PACK_BODIES_H
#define SPAR_TESTS_SUPPORT_PACK_BODIES_H

#include "protocol/pack/pack.h"
#include "protocol/wire/mp.h"

struct pack_bodies {
    struct mp_writer public_body, panel_body;
};

/* Writes both; freed by pack_bodies_free. */
struct pack_bodies pack_bodies_of(const struct pack *pack);
void pack_bodies_free(struct pack_bodies *bodies);
/* What one of them holds, which stays its own. */
struct span pack_bodies_span(const struct mp_writer *body);
/* A text of that many bytes, at most PACK_PANEL_MAX + 1, owned by the pack. */
const char *pack_long_text(struct pack *pack, uint32_t len) __attribute__((returns_nonnull));

#endif
