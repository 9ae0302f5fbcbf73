/* SPDX-License-Identifier: ISC */
/*
 * view.h: who may know what. A seat's view is a deterministic function of the room's log: the
 * events whose audience holds the seat, numbered densely from 1. When the debrief opens, the events
 * that it opens follow right after it, in their old order and with their old times, and the
 * numbering goes on.
 *
 * Before the debrief a candidate's view is byte for byte the same whatever the panel wrote.
 */
#ifndef SPAR_PROTOCOL_ROOM_VIEW_H
#define SPAR_PROTOCOL_ROOM_VIEW_H

#include "protocol/room/room.h"

/* Effective audience of an event in this room (AUD_SHEET resolved by the room's mode). */
enum audience view_audience(const struct room *room, const struct event *event);
/* The event as the seat is sent it: pos becomes n, SECRET fields go, id only for its author.
 * Borrows like the event. */
struct event view_event(const struct event *event, uint8_t seat, uint32_t n);
/* `room` is a fold that holds the event. A seat that nobody has taken sees what everybody sees. */
/* Whether the seat sees an event of that audience and author at once / only from the debrief on. */
bool view_sees_at_once(const struct room *room, uint8_t seat, enum audience audience, uint8_t by);
bool view_sees_in_debrief(const struct room *room, uint8_t seat, enum audience audience,
                          uint8_t by);
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
