/*
 * pair_ui.c: the loop of the pairing screen.
 *
 * Invariant: the events exist only inside pair_ui_run, so that nothing of it is heard while a room is on the
 * terminal.
 */
#include "client/pair_ui.h"

#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/keys.h"
#include "client/moment.h"
#include "client/pair_screen.h"
#include "client/terminal.h"

enum { SIGNAL_COUNT = 4 };

struct pair_ui {
    struct event_base *base;
    struct pair *pair;
    struct pair_screen screen;
    struct paint paint;
    struct terminal_reader reader;
    struct event *input, *tick, *redraw, *signals[SIGNAL_COUNT];
    bool from_scratch, running, left;
};

static void draw(struct pair_ui *ui) {
    ui->screen.mono = moment_ms();
    pair_screen_draw(&ui->screen, &ui->paint);
    terminal_put(&ui->paint, -1, -1, ui->from_scratch);
    ui->from_scratch = false;
    int64_t wait = pair_screen_next_change(&ui->screen);
    if (wait < 0) {
        evtimer_del(ui->tick);
        return;
    }
    struct timeval time = {.tv_sec = (time_t)(wait / 1000),
                           .tv_usec = (suseconds_t)(wait % 1000 * 1000)};
    evtimer_add(ui->tick, &time);
}

void pair_ui_changed(struct pair_ui *ui) {
    static const struct timeval at_once = {0, 0};
    if (ui != NULL && ui->running && !evtimer_pending(ui->redraw, NULL)) {
        evtimer_add(ui->redraw, &at_once);
    }
}

static void leave(struct pair_ui *ui) {
    ui->left = true;
    event_base_loopbreak(ui->base);
}

static void grant(struct pair_ui *ui) {
    switch (ui->screen.wish) {
    case PAIR_WISH_WAIT: pair_want(ui->pair, &ui->screen.wants, ui->screen.chosen); break;
    case PAIR_WISH_LEAVE: leave(ui); break;
    case PAIR_WISH_REDRAW: ui->from_scratch = true; break;
    case PAIR_WISH_NOTHING: break;
    }
    ui->screen.wish = PAIR_WISH_NOTHING;
}

static void on_input(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    struct pair_ui *ui = ctx;
    for (;;) {
        struct terminal_event event = terminal_next(&ui->reader);
        if (event.kind == TERMINAL_NOTHING) {
            break;
        }
        if (event.kind == TERMINAL_KEY && !event.paste && event.code != CODE_NONE) {
            pair_screen_key(&ui->screen, event.code);
            grant(ui);
        } else if (event.kind == TERMINAL_WHEEL) {
            pair_screen_key(&ui->screen, event.lines > 0 ? CODE_DOWN : CODE_UP);
        }
    }
    if (terminal_is_gone()) {
        leave(ui);
    }
    pair_ui_changed(ui);
}

static void on_signal(evutil_socket_t number, short what, void *ctx) {
    (void)what;
    struct pair_ui *ui = ctx;
    if (number != SIGWINCH) {
        leave(ui);
        return;
    }
    int width, height;
    terminal_size(true, &width, &height);
    if (paint_resize(&ui->paint, width, height)) { /* else the old picture stays */
        ui->from_scratch = true;
        pair_ui_changed(ui);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    pair_ui_changed(ctx);
}

static void on_redraw(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    draw(ctx);
}

static bool add_events(struct pair_ui *ui) {
    static const int numbers[SIGNAL_COUNT] = {SIGWINCH, SIGINT, SIGTERM, SIGHUP};
    ui->input = event_new(ui->base, STDIN_FILENO, EV_READ | EV_PERSIST, on_input, ui);
    ui->tick = evtimer_new(ui->base, on_tick, ui);
    ui->redraw = evtimer_new(ui->base, on_redraw, ui);
    bool good = ui->input != NULL && ui->tick != NULL && ui->redraw != NULL &&
                event_add(ui->input, NULL) == 0;
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        ui->signals[i] = evsignal_new(ui->base, numbers[i], on_signal, ui);
        good = good && ui->signals[i] != NULL && event_add(ui->signals[i], NULL) == 0;
    }
    return good;
}

static void free_event(struct event **event) {
    if (*event != NULL) {
        event_free(*event);
        *event = NULL;
    }
}

static void free_events(struct pair_ui *ui) {
    free_event(&ui->input);
    free_event(&ui->tick);
    free_event(&ui->redraw);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        free_event(&ui->signals[i]);
    }
}

struct pair_ui *pair_ui_new(struct event_base *base, struct pair *pair) {
    struct pair_ui *ui = calloc(1, sizeof *ui);
    if (ui != NULL) {
        ui->base = base;
        ui->pair = pair;
    }
    return ui;
}

enum pair_ui_end pair_ui_run(struct pair_ui *ui) {
    int width, height;
    if (!terminal_open(false)) {
        return PAIR_UI_FAILED;
    }
    terminal_size(false, &width, &height);
    pair_screen_init(&ui->screen, pair_state(ui->pair));
    ui->left = false;
    ui->from_scratch = true;
    bool good = paint_init(&ui->paint, width, height) && add_events(ui);
    if (good) {
        ui->paint.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
        ui->running = true;
        draw(ui);
        event_base_dispatch(ui->base);
        ui->running = false;
    }
    free_events(ui);
    paint_free(&ui->paint);
    terminal_close();
    return !good || ui->left ? PAIR_UI_LEFT : PAIR_UI_STOPPED;
}

void pair_ui_free(struct pair_ui *ui) {
    free(ui);
}
