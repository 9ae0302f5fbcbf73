/* SPDX-License-Identifier: ISC */
/*
 * verdict_watch.h: writes what the server owes a debrief: who has handed in a verdict, and the
 * opening of all once nobody is waited for. The hall's thread.
 */
#ifndef SPAR_SERVER_ROOM_VERDICT_WATCH_H
#define SPAR_SERVER_ROOM_VERDICT_WATCH_H

#include "server/room/replica.h"

/* The fold has changed. */
void verdict_watch(struct replica *replica);

#endif
