/* SPDX-License-Identifier: ISC */
/*
 * json_event.h: events and commands as JSON objects, as batch mode prints and reads them.
 *
 * Words stand where the wire has numbers (roles, marks); a phase may be given by its id or its
 * number from 0.
 */
#ifndef SPAR_CLIENT_BATCH_JSON_EVENT_H
#define SPAR_CLIENT_BATCH_JSON_EVENT_H

#include <jansson.h>

#include "protocol/room/room.h"

/* {"n","at","made"?,"by","name","do",fields…,"id"?} with the author's name from the room (after the
 * event was applied). Packs are left out, budgets are minutes; scores and ratings are objects by
 * their ids, of a score with evidence {"score","at"} (ms after the opening). NULL: out of memory.
 * The caller owns it. */
json_t *json_event(const struct room *room, const struct event *event)
    __attribute__((warn_unused_result));

/* {"n","at","do",fields…} of an event of a cohort's log, as its member is given it; packs are lists
 * of their numbers; an action that this build does not know is "unknown". NULL: out of memory. The
 * caller owns it. */
json_t *json_cohort_event(const struct event *event) __attribute__((warn_unused_result));

/* What a command's fields of bytes are written into. */
struct json_bytes {
    char budgets[4 * PACK_PHASES_MAX];
    char scores[VERDICT_SCORE_BYTES * PACK_COMPETENCIES_MAX], ratings[RATING_COUNT];
};
/* Reads {"do":…,fields…} into a body that borrows from `object` and `bytes`. Ids of phases, plans
 * and competencies are looked up in pack (may be NULL). False: why (256 bytes) is one sentence. */
bool json_command(const json_t *object, const struct pack *pack, struct json_bytes *bytes,
                  struct body *out, char *why) __attribute__((warn_unused_result));

#endif
