/* SPDX-License-Identifier: ISC */
/*
 * remark_batch.h: a re-marking without a screen: marks and flags as JSON lines, each with its
 * moment.
 */
#ifndef SPAR_CLIENT_BATCH_REMARK_BATCH_H
#define SPAR_CLIENT_BATCH_REMARK_BATCH_H

#include <stdio.h>

#include "client/feed/remark.h"

/* Takes {"do":"mark.set","item":…,"mark":…,"at":MS} and {"do":"flag.set","flag":…,"on":…,"at":MS}
 * (at: ms of the interview's running time) until {"end":true} or the input's end. False: `why`
 * names the line; what came before it has been taken. */
bool remark_batch(struct remark *remark, FILE *in, struct certs_why *why)
    __attribute__((warn_unused_result));

#endif
