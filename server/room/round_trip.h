/* SPDX-License-Identifier: ISC */
/*
 * round_trip.h: how long it takes to reach everybody in a room and back, for its panel: measured by
 * each client, told with its pings, passed on between workers, kept in no log.
 *
 * A replica remembers the last value of each seat, so that a panel member who comes later learns
 * them at once. The desk's thread.
 */
#ifndef SPAR_SERVER_ROOM_ROUND_TRIP_H
#define SPAR_SERVER_ROOM_ROUND_TRIP_H

#include "server/room/replica.h"

/* A peer has told its round trip: 1..TRIP_MAX_MS, real ms. Tells the panels of all its rooms, on
 * every worker. */
void round_trip_ping(struct peer *peer, int64_t ms);
/* Another worker has heard it. room: ROOM_ID_BYTES. */
void round_trip_heard(struct following *rooms, const char *room, uint8_t seat, int64_t ms);
/* Somebody of the panel has joined, perhaps on a worker that had not loaded the room: tells what is
 * known of the members here once more. */
void round_trip_again(struct replica *replica);
/* A member is up to date: if it belongs to the panel it is told what is known of the others. */
void round_trip_tell(struct member *member);

#endif
