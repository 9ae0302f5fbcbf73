/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a cohort with its coach over a scene's workers, for tests of cohorts on a server.
 */
#ifndef SPAR_TESTS_SUPPORT_GROUP_H
#define SPAR_TESTS_SUPPORT_GROUP_H

#include "server/cohort/replica.h"
#include "tests/support/scene.h"

enum { COACH_KEY = 200, HOUR = 60 * 60 * 1000 };

struct group {
    struct scene scene;
    char id[ROOM_ID_BYTES + 1];
    char students[RANDOM_SECRET_LENGTH + 1], coaches[RANDOM_SECRET_LENGTH + 1];
    struct actor *coach; /* on worker 0 */
};

/* A cohort with the sample's pack, whose coach has entered. */
void group_open(struct group *group);
/* Everybody else must be gone. */
void group_close(struct group *group);
/* An actor's place in the cohort, or NULL. */
struct attendee *group_place(struct group *group, struct actor *actor);
/* Asks to enter; secret: "" by key alone. */
void group_enter(struct group *group, struct actor *actor, const char *secret);
/* Somebody new who has entered as a student. */
struct actor *group_guest(struct group *group, unsigned worker, uint8_t key);
/* Somebody new who has entered by a link that moves the actor's membership to their key. */
struct actor *group_move(struct group *group, struct actor *actor, unsigned worker, uint8_t key);
enum refusal group_offer(struct group *group, struct actor *actor);
/* Asks for a partner, for an hour. */
enum refusal group_pair(struct group *group, struct actor *actor, enum role role);
/* Two new guests on workers 1 and 2, matched and both in their room, which becomes the scene's; the
 * coach is told of it. */
void group_seat_pair(struct group *group, struct actor *pair[2]);
/* Lets every worker try again what could not be stored. */
void group_retry(struct group *group);
/* Whether every worker that has the cohort loaded holds the same state, with nothing on its way. */
bool group_agree(struct group *group);
/* The fold on the coach's worker. */
const struct cohort *group_fold(struct group *group);
/* The last message of a kind that an actor was sent; NULL: none. */
const struct heard *actor_last(const struct actor *actor, enum message_kind kind);

#endif
