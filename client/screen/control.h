/* SPDX-License-Identifier: ISC */
/*
 * control.h: what a key or a click does: it changes what is open (screen.h) or sends a command.
 *
 * Knows no terminal: the tests press keys by calling these.
 */
#ifndef SPAR_CLIENT_SCREEN_CONTROL_H
#define SPAR_CLIENT_SCREEN_CONTROL_H

#include "client/screen/screen.h"

/* A character or a CODE_… of keys.h. screen->now is the moment of the key. */
void control_key(struct screen *screen, int code);
/* A character of a pasted text: it is written if somebody writes, and means nothing else. */
void control_paste(struct screen *screen, int code);
/* Time has passed: what waited for it is done. Before each drawing. */
void control_pass(struct screen *screen);
/* A click on a cell. */
void control_click(struct screen *screen, int x, int y);
/* The wheel: lines down (negative: up). */
void control_wheel(struct screen *screen, int lines);

/* After each change of the feed: who will interview next opens the second half as soon as both have
 * agreed to it, once for each agreement. */
void control_follow(struct screen *screen);

#endif
