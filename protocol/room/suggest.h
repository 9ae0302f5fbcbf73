/* SPDX-License-Identifier: ISC */
/*
 * suggest.h: what the rules of the framework suggest to the panel: a mark or a flag, for a reason
 * that the room can see. None is ever set by itself, and each comes once. Derived from the fold and
 * a moment; pure.
 */
#ifndef SPAR_PROTOCOL_ROOM_SUGGEST_H
#define SPAR_PROTOCOL_ROOM_SUGGEST_H

#include "protocol/room/room.h"

/* Indexes into pack->suggests of what is suggested at `now`, in the pack's order; how many. A
 * suggestion is settled for good once its flag was set or its item marked by anybody of the panel,
 * whatever they did later, or once it was dropped. None before the start and after the debrief. */
uint8_t suggest_due(const struct room *room, int64_t now, uint8_t due[PACK_SUGGESTS_MAX]);
/* ms of room time of the next moment after `now` at which the answer can change, if no event comes
 * before; -1: never. */
int64_t suggest_next(const struct room *room, int64_t now);
/* The command that takes it, mark.set or flag.set, to be sent by whoever takes it. Borrows from the
 * pack. */
struct body suggest_take(const struct pack *pack, uint8_t suggest);
/* What it proposes: the title of a flag or an item. Borrowed. */
const char *suggest_title(const struct pack *pack, uint8_t suggest);

#endif
