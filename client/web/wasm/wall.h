/* SPDX-License-Identifier: ISC */
/*
 * wall.h: a coach's wall as the page calls it: many rooms on one connection, their order and their
 * reasons by the rules of client/feed/wall_place.h.
 *
 * A room of the wall is a struct web_room, and core.h's functions for one take it too; it lives
 * until web_wall_sweep or web_wall_free lets it go.
 */
#ifndef SPAR_CLIENT_WEB_WASM_WALL_H
#define SPAR_CLIENT_WEB_WASM_WALL_H

#include "client/web/wasm/core.h"

struct web_wall;

/* NULL: out of memory. */
EXPORT(web_wall_new) struct web_wall *web_wall_new(void);
EXPORT(web_wall_free) void web_wall_free(struct web_wall *wall);
/* The room of that id, which is added if it is not there: it is to be joined then. NULL: the wall
 * is full, that is no id, or out of memory. */
EXPORT(web_wall_add)
struct web_room *web_wall_add(struct web_wall *wall, const char *id, uint32_t len);
/* NULL: it is not there. */
EXPORT(web_wall_find)
struct web_room *web_wall_find(const struct web_wall *wall, const char *id, uint32_t len);
/* Takes the message that web_next gave if it is about a room of the wall: an enum web_taken. */
EXPORT(web_wall_take) int web_wall_take(struct web *web, struct web_wall *wall);
/* The connection is gone. */
EXPORT(web_wall_down) void web_wall_down(struct web_wall *wall);
/* It has gone from its cohort: the next sweep takes it away, unless it is open. */
EXPORT(web_wall_end) void web_wall_end(struct web_room *room);
/* Whether it is looked at in full, and stays while it is. */
EXPORT(web_wall_open) void web_wall_open(struct web_room *room, int on);
/* Whether its reasons raise it no more. */
EXPORT(web_wall_mute) void web_wall_mute(struct web_room *room, int on);
/* Takes away what is of no use any more. `out`: the frames that leave those rooms, maybe none. */
EXPORT(web_wall_sweep) void web_wall_sweep(struct web *web, struct web_wall *wall, double now);
/* All rooms as they stand at `now`, for drawing; hold: in the order that they had. */
EXPORT(web_wall_state)
void web_wall_state(struct web *web, struct web_wall *wall, double now, int hold);

#endif
