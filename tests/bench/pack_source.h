/* SPDX-License-Identifier: ISC */
/*
 * pack_source.h: the pack that benchmarks run under: the shipped click-stream prompt.
 */
#ifndef SPAR_BENCH_PACK_SOURCE_H
#define SPAR_BENCH_PACK_SOURCE_H

#include "protocol/pack/pack.h"

/* One reference for the caller; NULL with a sentence on stderr. */
struct pack *bench_pack(void);

#endif
