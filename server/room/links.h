/* SPDX-License-Identifier: ISC */
/*
 * links.h: which links of a room have seated somebody, told to its interviewers, who hand them out:
 * by the hash of each link's secret, so that only whoever holds the link knows which one it is.
 * That is no event and is not kept. The desk's thread.
 */
#ifndef SPAR_SERVER_ROOM_LINKS_H
#define SPAR_SERVER_ROOM_LINKS_H

#include "server/room/replica.h"

/* Tells the interviewers here. */
void links_tell(struct replica *replica);
/* Tells one who has just come, if it is an interviewer. */
void links_tell_one(struct member *member);

#endif
