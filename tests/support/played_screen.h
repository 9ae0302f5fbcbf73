/* SPDX-License-Identifier: ISC */
/*
 * Purpose: somebody at a screen before a played room, in the tests of what it shows and which keys
 * it takes.
 */
#ifndef SPAR_TESTS_SUPPORT_PLAYED_SCREEN_H
#define SPAR_TESTS_SUPPORT_PLAYED_SCREEN_H

#include "client/screen/screen.h"
#include "tests/support/played_room.h"

/* Gives a seat of the room a screen of that size that has not been looked at; nothing counts as
 * sent yet. Aborts if memory runs out. Ended by played_stand_up. */
void played_sit_down(struct played *played, uint8_t seat, struct screen *screen,
                     struct paint *paint, int width, int height);
/* Frees the picture and the room. */
void played_stand_up(struct played *played, struct paint *paint);
/* Follows the room and draws it as it is at `now`. */
void played_look(struct screen *screen, struct paint *paint, int64_t now);
/* Whether the picture holds these words. */
bool played_shows(const struct paint *paint, const char *words);
/* The n-th command that was sent, whose texts live as long as what they were made of; an empty one
 * where there were fewer. */
const struct body *played_sent(const struct played *played, uint32_t n);

#endif
