/* SPDX-License-Identifier: ISC */
/*
 * gate.h: who may come into a room that belongs to a cohort, and what such a room tells its cohort:
 * an interface, since a room knows nothing of cohorts.
 *
 * A room that belongs to a cohort holds the cohort's replica on its worker for as long as it is
 * loaded itself. So a link that is withdrawn cuts off on every worker at the event that says so,
 * and a join is judged by the fold, not by a question to anybody. The desk's thread.
 */
#ifndef SPAR_SERVER_ROOM_GATE_H
#define SPAR_SERVER_ROOM_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "protocol/wire/refusal.h"

struct member;
struct replica;

struct gate_ops {
    /* The room is loaded: holds its cohort's replica if it belongs to one; tells it of a room that
     * it does not know. */
    void (*open)(struct replica *replica);
    /* The room is not needed any more. */
    void (*close)(struct replica *replica);
    /* The same at the end of a worker, whose journal does not answer any more. */
    void (*forget)(struct replica *replica);
    /* Whether a join must wait for the cohort's log. */
    bool (*is_pending)(struct replica *replica);
    /* Whether somebody may come in: REFUSAL_NONE, WITHDRAWN, or why the cohort is not known. Not
     * while pending. */
    enum refusal (*judge)(struct replica *replica, const uint8_t key[HASH_BYTES]);
    /* Whether a seat may be given to somebody who has none: a coach of the cohort. A key that a
     * coach has left is a coach's still, as far as others are concerned. */
    bool (*is_coach)(const struct replica *replica, const uint8_t key[HASH_BYTES]);
    /* The seat of a key that this key's member had before, as its cohort knows; -1: none. */
    int (*former_seat)(const struct replica *replica, const uint8_t key[HASH_BYTES]);
    /* The key, this one or another, by which this key's member lost its seat here last, while it
     * has none now; NULL: it lost none. Borrows from the room. */
    const uint8_t *(*lost_key)(const struct replica *replica, const uint8_t key[HASH_BYTES]);
    /* The unused link of a seat that was kept here for a key that this key's member had before, as
     * an index of the room's invites; -1: none. */
    int (*kept_link)(const struct replica *replica, const uint8_t key[HASH_BYTES]);
    /* Why somebody may be no companion of a seat here, whoever gives them a link: their cohort does
     * not let them in, or they lost their own seat under whatever key and have none.
     * REFUSAL_NONE: they may. A key that its member has left may, as a device like any other. Not
     * while pending. */
    enum refusal (*judge_companion)(const struct replica *replica, const uint8_t key[HASH_BYTES]);
    /* By which name its cohort knows somebody; "": it does not. Borrows from the cohort's fold. */
    const char *(*name)(const struct replica *replica, const uint8_t key[HASH_BYTES]);
    /* A member's seat.join is durable: whom it was waited for has come. False: it may not be in,
     * and was told so. */
    bool (*came)(struct member *member);
    /* There is no such room, or no more: nobody waits for its end. */
    void (*gone)(struct replica *replica);
    /* Somebody came or went, or the room was closed: it may be over, abandoned, or of use again. */
    void (*changed)(struct replica *replica);
};

#endif
