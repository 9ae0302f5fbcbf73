/* SPDX-License-Identifier: ISC */
/*
 * ui_loop.h: what every full screen runs on: keys, the terminal's signals, one timer for what
 * changes by itself, and drawings when something has changed.
 *
 * Invariants: however many changes come, there is one drawing a turn of the event loop at most, and
 * at least `gap` ms of the clock lie between two that changes ask for; the last change is always
 * drawn. Runs on the thread of the event_base.
 */
#ifndef SPAR_CLIENT_SCREEN_UI_LOOP_H
#define SPAR_CLIENT_SCREEN_UI_LOOP_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

enum { UI_LOOP_SIGNALS = 4 };

struct ui_loop_handler {
    /* Something can be read from the terminal. */
    void (*input)(void *ctx);
    /* SIGWINCH, SIGINT, SIGTERM or SIGHUP. */
    void (*signal)(void *ctx, int number);
    /* Draws. Real ms until what is shown changes by itself; -1: it does not. */
    int64_t (*draw)(void *ctx);
    void *ctx;
};

struct ui_loop {
    struct event_base *base;
    struct ui_loop_handler handler;
    int64_t (*clock)(void); /* monotonic ms */
    int64_t gap;            /* ms of it between two drawings, at least */
    int64_t drawn_at;       /* on it */
    struct event *input, *tick, *redraw, *signals[UI_LOOP_SIGNALS];
};

/* Deaf at first. False: out of memory. ui_loop_close is due in any case. */
bool ui_loop_open(struct ui_loop *loop, struct event_base *base,
                  const struct ui_loop_handler *handler, int64_t (*clock)(void), int64_t gap)
    __attribute__((warn_unused_result));
/* Begins, or stops, to hear keys and signals; drawings go on. False: stdin cannot be waited for. */
bool ui_loop_listen(struct ui_loop *loop, bool on);
/* Draws at once, without regard to the gap. */
void ui_loop_draw(struct ui_loop *loop);
/* Something has changed: draws soon. */
void ui_loop_changed(struct ui_loop *loop);
/* A zeroed or closed one is fine. */
void ui_loop_close(struct ui_loop *loop);

#endif
