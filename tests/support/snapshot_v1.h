/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the state in a snapshot of version 1.
 */
#ifndef SPAR_TESTS_SUPPORT_SNAPSHOT_V1_H
#define SPAR_TESTS_SUPPORT_SNAPSHOT_V1_H

#include "protocol/room/room.h"

/* False: not a valid one; `room` is then freed. */
bool snapshot_v1_read(struct room *room, const void *bytes, size_t len)
    __attribute__((warn_unused_result));

#endif
