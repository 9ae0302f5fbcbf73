/* SPDX-License-Identifier: ISC */
/*
 * wall_ui.h: the wall on the terminal, and from there each room in full and back.
 */
#ifndef SPAR_CLIENT_SCREEN_WALL_UI_H
#define SPAR_CLIENT_SCREEN_WALL_UI_H

#include "client/feed/wall_feed.h"

enum { WALL_REDRAW_MS = 100 /* real ms between two drawings, at least */ };

struct wall_ui;
/* base, feed and name outlive it. bell: whether a room that is entered may ring. NULL: no usable
 * terminal, or out of memory (a sentence is on stderr). */
struct wall_ui *wall_ui_new(struct event_base *base, struct wall_feed *feed, const char *name,
                            bool bell) __attribute__((warn_unused_result));
/* Dispatches until the person quits. */
void wall_ui_run(struct wall_ui *ui);
/* The wall has changed; drawn soon. */
void wall_ui_changed(struct wall_ui *ui);
/* Puts a sentence on the status line, as wall_screen_tell does. */
void wall_ui_say(struct wall_ui *ui, bool bad, const char *text);
/* Gives the terminal back. NULL is fine. */
void wall_ui_free(struct wall_ui *ui);

#endif
