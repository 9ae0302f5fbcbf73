/* SPDX-License-Identifier: ISC */
/*
 * suggest_line.h: what the framework's rules suggest, as lines of batch mode. Pure.
 */
#ifndef SPAR_CLIENT_BATCH_SUGGEST_LINE_H
#define SPAR_CLIENT_BATCH_SUGGEST_LINE_H

#include <jansson.h>

#include "client/feed/model.h"

/* What is suggested to the model's person at `now` (ms of room time) and is not in *said, whose
 * bits are indexes into the pack's; those are added. An array, empty if nothing is new, of
 * {"id","flag" or "item","title","text"}; NULL: out of memory. */
json_t *suggest_line_new(const struct model *model, int64_t now, uint32_t *said)
    __attribute__((warn_unused_result));

#endif
