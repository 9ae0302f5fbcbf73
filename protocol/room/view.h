/* SPDX-License-Identifier: ISC */
/*
 * view.h: who may know what, and from when on.
 *
 * A seat's view is a deterministic function of the room's log: the events whose audience holds the
 * seat, numbered densely from 1. Some events bring a moment (enum moment in action.h): the start,
 * the own sheet, the debrief. What opens to a seat with that moment follows right after the event
 * that brought it, in its old order and with its old times, and the numbering goes on.
 *
 * Where a seat was moved, or its owner put out, its view is that of the next owner: what it had for
 * itself alone until then is not in it, but for what opens to everybody.
 *
 * Until then a seat's view is byte for byte the same whatever was written that is not open to it,
 * and whatever of the pack is not. Server and clients number by the same counts: those of the fold
 * (view_count), without looking at the log.
 */
#ifndef SPAR_PROTOCOL_ROOM_VIEW_H
#define SPAR_PROTOCOL_ROOM_VIEW_H

#include "protocol/room/room.h"

/* Effective audience of an event in this room: those that depend on its mode resolved. */
enum audience view_audience(const struct room *room, const struct event *event);
/* The moments that an event of this action brings: bits 1 << enum moment; 0: none. A later one
 * brings the earlier ones too. */
uint32_t view_opens(enum action act);
/* Whether the moment of an audience has come; never of one that has none. */
bool view_is_open(const struct room *room, enum audience audience);
/* Whether the titles of the rubric are open to everybody, so that a candidate may fill in the own
 * sheet: always in a room of rules 1, and in a training room. */
bool view_titles_are_open(const struct room *room);
/* The event as the seat is sent it: pos becomes n, SECRET fields go, id only for its author.
 * Borrows like the event. */
struct event view_event(const struct event *event, uint8_t seat, uint32_t n);
/* Whether the event of the log is by who has the seat now, not by somebody who had it before. room:
 * the log's fold. */
bool view_owns(const struct room *room, uint8_t seat, const struct event *event);
/* `room` is a fold that holds the event. A seat that nobody has taken sees what everybody sees. */
/* Whether the seat sees an event of that audience and author now; not for what was written before
 * the seat changed hands. */
bool view_sees(const struct room *room, uint8_t seat, enum audience audience, uint8_t by);
/* How many events the seat's view holds after room->pos: n of its last event. */
uint32_t view_count(const struct room *room, uint8_t seat);

/*
 * Orders a whole log for a seat. events[0..count) is the log from position 1; room is any fold of
 * it (roles and mode are read from it). order[] (count entries) gets the indexes in the order of
 * the view; returns how many; the i-th has n = i + 1.
 */
uint32_t view_order(const struct room *room, uint8_t seat, const struct event *events,
                    uint32_t count, uint32_t *order);

#endif
