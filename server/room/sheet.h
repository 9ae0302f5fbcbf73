/* SPDX-License-Identifier: ISC */
/*
 * sheet.h: the candidate's own sheet: opened by the server SHEET_OPENS_MS after the finish. The
 * desk's thread.
 */
#ifndef SPAR_SERVER_ROOM_SHEET_H
#define SPAR_SERVER_ROOM_SHEET_H

#include "server/room/replica.h"

/* A fold has changed: the moment at which its sheet opens may be known, or over. */
void sheet_watch(struct replica *replica);
/* That moment has come (struct followed_kind). */
void sheet_woke(struct followed *followed);

#endif
