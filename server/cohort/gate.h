/* SPDX-License-Identifier: ISC */
/*
 * gate.h: who may come into a room of a cohort, and what such a room tells its cohort.
 *
 * A room that belongs to a cohort holds the cohort's replica on its worker for as long as it is
 * loaded itself. So a link that is withdrawn cuts off on every worker at the event that says so,
 * and a join is judged by the fold, not by a question to anybody. The hall's thread.
 */
#ifndef SPAR_SERVER_COHORT_GATE_H
#define SPAR_SERVER_COHORT_GATE_H

#include "server/room/replica.h"

/* The room is loaded: holds its cohort's replica if it belongs to one; tells it of a room that it
 * does not know. */
void gate_open(struct replica *replica);
/* The room is not needed any more. */
void gate_close(struct replica *replica);
/* The same at the end of the hall, whose journal does not answer any more. */
void gate_forget(struct replica *replica);
/* What a join must wait for: the cohort's log. */
bool gate_is_pending(struct replica *replica);
/* Whether somebody may come in: REFUSAL_NONE, WITHDRAWN, or why the cohort is not known. Not
 * pending. */
enum refusal gate_judge(struct replica *replica, const uint8_t key[HASH_BYTES])
    __attribute__((warn_unused_result));
/* Whether a seat may be given to somebody who has none: a coach of the cohort. */
bool gate_is_coach(const struct replica *replica, const uint8_t key[HASH_BYTES]);
/* A member's seat.join is durable: whom it was waited for has come. False: it may not be in, and
 * was told so. */
bool gate_came(struct member *member) __attribute__((warn_unused_result));
/* Somebody came or went, or the room was closed: it may be over, abandoned, or of use again. */
void gate_changed(struct replica *replica);

#endif
