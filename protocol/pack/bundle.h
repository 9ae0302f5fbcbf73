/* SPDX-License-Identifier: ISC */
/*
 * bundle.h: a pack as one file, both bodies in it: what `spar pack build` writes, what a server's
 * shelf holds, and what a page takes. One MessagePack map {bundle: 1, pack, panel}.
 */
#ifndef SPAR_PROTOCOL_PACK_BUNDLE_H
#define SPAR_PROTOCOL_PACK_BUNDLE_H

#include "protocol/pack/pack.h"

void bundle_write(struct mp_writer *w, const struct pack *pack);
/* The pack of a file, every rule checked; *public_body and *panel_body borrow from the bytes. NULL
 * and *fault: it is none. */
struct pack *bundle_read(struct mp_reader *r, struct span bytes, struct span *public_body,
                         struct span *panel_body, struct pack_fault *fault)
    __attribute__((warn_unused_result));

#endif
