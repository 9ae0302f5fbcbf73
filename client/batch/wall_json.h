/* SPDX-License-Identifier: ISC */
/*
 * wall_json.h: a row of the wall as a JSON object, for batch mode.
 */
#ifndef SPAR_CLIENT_BATCH_WALL_JSON_H
#define SPAR_CLIENT_BATCH_WALL_JSON_H

#include <jansson.h>

#include "client/feed/wall.h"

/* What changes only with the room:
 * {"room","title","names","people","stage","phase","marks","flags","muted", "attention":[{"why",
 * and "seat" and "name", "phase" or "alarm"}]}. The row is up to date. NULL: out of memory. */
json_t *wall_json(const struct wall_room *room) __attribute__((warn_unused_result));
/* Adds what moves with the clock: "left_ms" (negative: over the budget; null while no clock is
 * set), "last_ms" since somebody else did something, and "for_ms" of each reason. */
void wall_json_times(json_t *object, const struct wall_room *room, int64_t now);

#endif
