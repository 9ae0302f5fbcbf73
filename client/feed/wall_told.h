/* SPDX-License-Identifier: ISC */
/*
 * wall_told.h: what a coach has to know of a cohort's people and its call, as plain sentences.
 *
 * Pure.
 */
#ifndef SPAR_CLIENT_FEED_WALL_TOLD_H
#define SPAR_CLIENT_FEED_WALL_TOLD_H

#include "protocol/wire/message.h"

enum { WALL_TOLD_SIZE = NAME_MAX_BYTES + COHORT_REPORT_MAX_BYTES + ROOM_CALL_MAX_BYTES + 160 };
/* Of the messages asked, reported and called; 'spar cohort' lists them later. What was typed in
 * them is made harmless. */
void wall_told_words(const struct message *message, char out[WALL_TOLD_SIZE]);

#endif
