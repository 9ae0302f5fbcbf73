/* SPDX-License-Identifier: ISC */
/*
 * progress.h: how many items the candidate has marked on the own sheet, which the panel is told
 * while the sheet itself stays closed to it. That is no event and is not kept. The desk's thread.
 */
#ifndef SPAR_SERVER_ROOM_PROGRESS_H
#define SPAR_SERVER_ROOM_PROGRESS_H

#include "server/room/replica.h"

/* Tells the panel's members here. */
void progress_tell(struct replica *replica);
/* Tells one who has just come, if it is of the panel. */
void progress_tell_one(struct member *member);

#endif
