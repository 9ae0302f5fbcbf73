/* SPDX-License-Identifier: ISC */
/*
 * pair_ui.h: the pairing screen on the terminal: keys, the window's size, the queue's changes and
 * one timer lead to one redraw each turn of the loop.
 */
#ifndef SPAR_CLIENT_SCREEN_PAIR_UI_H
#define SPAR_CLIENT_SCREEN_PAIR_UI_H

#include <event2/event.h>

#include "client/feed/pair.h"

enum pair_ui_end {
    PAIR_UI_LEFT,    /* the person wants to leave */
    PAIR_UI_STOPPED, /* the owner broke the loop */
    PAIR_UI_FAILED   /* no usable terminal; a sentence is on stderr */
};

struct pair_ui;

/* NULL: out of memory. */
struct pair_ui *pair_ui_new(struct event_base *base, struct pair *pair)
    __attribute__((warn_unused_result));
/* Shows the queue until the person leaves or it is stopped. Enter leads to pair_want. */
enum pair_ui_end pair_ui_run(struct pair_ui *ui) __attribute__((warn_unused_result));
/* The queue has changed: draws it, if it is shown. NULL is fine. */
void pair_ui_changed(struct pair_ui *ui);
void pair_ui_free(struct pair_ui *ui);

#endif
