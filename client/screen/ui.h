/* SPDX-License-Identifier: ISC */
/*
 * ui.h: the full-screen view of a feed: a live room or a recording, for whatever role the seat has.
 *
 * Runs on the thread of the event_base, which it dispatches until the person leaves. It takes the
 * feed's callbacks (on_change, on_link, ctx) while it runs and puts the old ones back before it
 * returns.
 */
#ifndef SPAR_CLIENT_SCREEN_UI_H
#define SPAR_CLIENT_SCREEN_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/wire/action.h"

struct feed;
struct event_base;

/* A link to give to somebody, shown before the start and under "people". */
struct ui_link {
    enum role role;
    const char *text; /* borrowed for the length of ui_run */
};

struct ui_options {
    const struct ui_link *links; /* may be NULL */
    uint32_t link_count;         /* at most UI_LINKS_MAX are shown */
    bool ascii;                  /* draw with ASCII only, whatever the locale */
    bool no_mouse;
    bool no_bell;
    bool follow; /* leaves by itself once the room has a second half */
    bool inside; /* the terminal is open and stays so; Esc goes back to where one came from */
    int64_t (*monotonic_ms)(void); /* the clock that model_now() takes; NULL: CLOCK_MONOTONIC */
};
enum { UI_LINKS_MAX = 32 };

enum ui_end {
    UI_LEFT,   /* in the ordinary way, or the loop was broken from outside */
    UI_FAILED, /* no usable terminal, or no memory; a sentence is on stderr by then */
    UI_AGAIN,  /* the seat, which another connection has, is to be taken back */
    UI_MOVED,  /* the room has a second half */
    UI_BACK    /* from inside, with Esc */
};
/*
 * Shows the feed until the person quits, or (`follow`) the room has a second half. The caller has
 * called setlocale(LC_CTYPE, ""). options may be NULL.
 */
enum ui_end ui_run(struct feed *feed, struct event_base *base, const struct ui_options *options)
    __attribute__((warn_unused_result));

#endif
