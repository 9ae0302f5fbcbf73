/* SPDX-License-Identifier: ISC */
/*
 * event_words.h: an event in words, for a recording that is printed. Pure.
 */
#ifndef SPAR_CLIENT_REPORT_EVENT_WORDS_H
#define SPAR_CLIENT_REPORT_EVENT_WORDS_H

#include "client/report/out.h"
#include "protocol/room/room.h"

/* Appends one line of plain text: number, the interview's running time, author, and what happened
 * in a clause, such as "Volume and velocity: raised"; straight columns. room: the fold with the
 * event applied. */
void event_line(struct out *out, const struct room *room, const struct event *event);

#endif
