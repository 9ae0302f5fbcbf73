/* SPDX-License-Identifier: ISC */
/*
 * ui_loop.c: the events of a full screen.
 */
#include "client/screen/ui_loop.h"

#include <signal.h>
#include <unistd.h>

#include "client/net/moment.h"

static void set_timer(struct event *timer, int64_t ms) {
    struct timeval wait = moment_interval(ms);
    evtimer_add(timer, &wait);
}

/* Ms until the next drawing may be; not above 0: now. */
static int64_t until_free(const struct ui_loop *loop) {
    return loop->drawn_at + loop->gap - loop->clock();
}

void ui_loop_changed(struct ui_loop *loop) {
    if (!evtimer_pending(loop->redraw, NULL)) {
        int64_t wait = until_free(loop);
        set_timer(loop->redraw, wait > 0 ? wait : 0);
    }
}

void ui_loop_draw(struct ui_loop *loop) {
    int64_t wait = loop->handler.draw(loop->handler.ctx);
    loop->drawn_at = loop->clock();
    if (wait < 0) {
        evtimer_del(loop->tick);
    } else {
        set_timer(loop->tick, wait < loop->gap ? loop->gap : wait);
    }
}

static void on_redraw(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    struct ui_loop *loop = ctx;
    int64_t wait = until_free(loop);
    if (wait > 0) { /* libevent's clock and ours need not agree to the ms */
        set_timer(loop->redraw, wait);
    } else {
        ui_loop_draw(loop);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    ui_loop_changed(ctx);
}

static void on_input(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    struct ui_loop *loop = ctx;
    loop->handler.input(loop->handler.ctx);
}

static void on_signal(evutil_socket_t number, short what, void *ctx) {
    (void)what;
    struct ui_loop *loop = ctx;
    loop->handler.signal(loop->handler.ctx, (int)number);
}

bool ui_loop_open(struct ui_loop *loop, struct event_base *base,
                  const struct ui_loop_handler *handler, int64_t (*clock)(void), int64_t gap) {
    static const int numbers[UI_LOOP_SIGNALS] = {SIGWINCH, SIGINT, SIGTERM, SIGHUP};
    *loop = (struct ui_loop){.base = base, .handler = *handler, .clock = clock, .gap = gap};
    loop->drawn_at = clock() - gap;
    loop->input = event_new(base, STDIN_FILENO, EV_READ | EV_PERSIST, on_input, loop);
    loop->tick = evtimer_new(base, on_tick, loop);
    loop->redraw = evtimer_new(base, on_redraw, loop);
    bool good = loop->input != NULL && loop->tick != NULL && loop->redraw != NULL;
    for (int i = 0; i < UI_LOOP_SIGNALS; i++) {
        loop->signals[i] = evsignal_new(base, numbers[i], on_signal, loop);
        good = good && loop->signals[i] != NULL;
    }
    return good;
}

static bool hear(struct event *event, bool on) {
    return (on ? event_add(event, NULL) : event_del(event)) == 0;
}

bool ui_loop_listen(struct ui_loop *loop, bool on) {
    bool good = hear(loop->input, on);
    for (int i = 0; i < UI_LOOP_SIGNALS; i++) {
        good = hear(loop->signals[i], on) && good;
    }
    return good;
}

static void free_event(struct event *event) {
    if (event != NULL) {
        event_free(event);
    }
}

void ui_loop_close(struct ui_loop *loop) {
    free_event(loop->input);
    free_event(loop->tick);
    free_event(loop->redraw);
    for (int i = 0; i < UI_LOOP_SIGNALS; i++) {
        free_event(loop->signals[i]);
    }
    *loop = (struct ui_loop){0};
}
