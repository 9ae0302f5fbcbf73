/* SPDX-License-Identifier: ISC */
/*
 * gate.h: what a cohort is to the rooms that belong to it; see room/gate.h.
 */
#ifndef SPAR_SERVER_COHORT_GATE_H
#define SPAR_SERVER_COHORT_GATE_H

#include "server/room/gate.h"

/* For room_means; its gate_ctx is the struct following of the cohorts. */
extern const struct gate_ops cohort_gate;

#endif
