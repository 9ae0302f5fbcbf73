/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a pack with fixed texts, so that drawn screens stay the same when the shipped packs are
 * edited.
 */
#ifndef SPAR_TESTS_SUPPORT_PLAYED_PACK_H
#define SPAR_TESTS_SUPPORT_PLAYED_PACK_H

#include "protocol/pack/pack.h"

/* A new pack with one reference; ends the program if there is no memory. */
struct pack *played_pack(void);

#endif
