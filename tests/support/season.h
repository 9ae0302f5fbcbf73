/* SPDX-License-Identifier: ISC */
/*
 * Purpose: three small interviews of one candidate on three days, with figures that can be worked
 * out by hand, for tests of reports over several recordings.
 *
 * Ten items, two a phase; budgets 5, 3, 15, 12 and 10 minutes. Minutes spent, marks, flags on at
 * the end: 1  2026-11-01  4 3 20         item-0 raised, item-1 prompted                 flag-0 2
 * 2026-11-08  6 3 15 10 10   item-0, item-1, item-2 raised                  flag-0, flag-1 3
 * 2026-11-15  5              item-0 to item-4 raised, item-5 prompted       none (flag-1 taken
 * back)
 */
#ifndef SPAR_TESTS_SUPPORT_SEASON_H
#define SPAR_TESTS_SUPPORT_SEASON_H

#include "client/feed/model.h"
#include "tests/support/sample.h"

enum { SEASON_SESSIONS = 3 };

/* Plays session i (from 0) up to the finish, or through the debrief too. */
void season_play(struct sample *s, int i, bool debrief);
/* The model of a seat's whole view; freed with model_free. */
void season_model(const struct sample *s, uint8_t seat, const char *room, struct model *model);
extern const char season_rooms[SEASON_SESSIONS][ROOM_ID_BYTES + 1];

#endif
