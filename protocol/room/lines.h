/* SPDX-License-Identifier: ISC */
/*
 * lines.h: what people have written in a room, in memory that copies of the room share.
 *
 * Nearly always lines are only added, so a copy costs the same however many there are; whoever
 * changes one goes on in memory of its own. Rooms that share them belong to one thread.
 */
#ifndef SPAR_PROTOCOL_ROOM_LINES_H
#define SPAR_PROTOCOL_ROOM_LINES_H

#include "protocol/room/room.h"

/* Adds a line with a copy of `text`; line->text is not looked at. False: no memory; the room is as
 * it was. */
bool lines_add(struct room *room, const struct room_line *line, struct span text)
    __attribute__((warn_unused_result));
/* The line of that number, to be changed; with a copy of `text`, unless that is NULL. NULL: no
 * memory; the room is as it was. */
struct room_line *lines_change(struct room *room, uint32_t index, const struct span *text)
    __attribute__((warn_unused_result));
/* `room` is, byte for byte, a copy of another one: from now on both hold the lines. */
void lines_share(struct room *room);
/* Lets go of them. */
void lines_free(struct room *room);

#endif
