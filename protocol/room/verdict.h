/* SPDX-License-Identifier: ISC */
/*
 * verdict.h: what the panel thinks of the candidate, and the candidate of the interviewer, once the
 * debrief is open (rules 2).
 *
 * Each hands in once, as one event that is its author's alone until the verdicts open; the server
 * says who has handed in (verdict.in), which is all that the others learn: no length, no order
 * but of the handing in itself, no word. So nobody is swayed by another's. They open together: when
 * all of the panel who are here and the candidate have handed in (verdict.open, which the server
 * writes, or an interviewer sooner), at the latest when the room closes.
 */
#ifndef SPAR_PROTOCOL_ROOM_VERDICT_H
#define SPAR_PROTOCOL_ROOM_VERDICT_H

#include "protocol/room/room.h"

/* The verdict or rating of a seat, or NULL: none, or not known to this fold. */
const struct room_verdict *verdict_of(const struct room *room, uint8_t seat);
/* Whether the verdicts are open to everybody. */
bool verdict_is_open(const struct room *room);
/* Whether it is known that the seat has handed in. */
bool verdict_is_given(const struct room *room, uint8_t seat);
/* Whether opening waits for that seat: of the panel while it is here and does not only watch from a
 * wall, the candidate always. */
bool verdict_is_awaited(const struct room *room, uint8_t seat);
/* What the server owes the room now: to say who has handed in, or to open. False: nothing. Of a
 * server's fold. */
bool verdict_owed(const struct room *room, struct command *out);

const char *verdict_recommend_name(enum recommend recommend); /* "strong no" … */
/* What a candidate rates: "was prepared" …; the short form is for a column. */
const char *verdict_rating_title(enum rating rating);
const char *verdict_rating_id(enum rating rating);

#endif
