/*
 * wall_ui.c: the wall's loop: keys, the window's size and the rooms' changes lead to at most ten drawings a second.
 *
 * Invariant: while a room is open in full, ui.c has the terminal and the event loop; nothing is drawn here, and
 * keys and signals are ui.c's.
 */
#include "client/wall_ui.h"

#include <event2/event.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/moment.h"
#include "client/terminal.h"
#include "client/ui.h"
#include "client/wall_screen.h"

enum { SIGNAL_COUNT = 4 };

struct wall_ui {
    struct event_base *base;
    struct wall_feed *feed;
    struct wall_screen screen;
    struct paint paint;
    struct terminal_reader reader;
    struct event *input, *tick, *redraw, *signals[SIGNAL_COUNT];
    bool from_scratch;
    struct wall_room *open; /* has the terminal; NULL: the wall has it */
    int64_t drawn_at;       /* monotonic ms */
};

static void set_timer(struct event *timer, int64_t ms) {
    struct timeval wait = {.tv_sec = (time_t)(ms / 1000),
                           .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
    evtimer_add(timer, &wait);
}

void wall_ui_changed(struct wall_ui *ui) {
    if (evtimer_pending(ui->redraw, NULL)) {
        return;
    }
    int64_t wait = ui->drawn_at + WALL_REDRAW_MS - moment_ms();
    set_timer(ui->redraw, wait > 0 ? wait : 0);
}

void wall_ui_say(struct wall_ui *ui, bool bad, const char *text) {
    wall_screen_say(&ui->screen, bad, "%s", text);
    wall_ui_changed(ui);
}

static void set_now(struct wall_ui *ui) {
    ui->screen.mono = moment_ms();
}

static void draw(struct wall_ui *ui) {
    struct wall_screen *screen = &ui->screen;
    wall_feed_refresh(ui->feed, screen->mono, wall_screen_holds(screen));
    wall_screen_follow(screen);
    screen->state = wall_feed_state(ui->feed);
    wall_screen_draw(screen, &ui->paint);
    terminal_put(&ui->paint, screen->caret_x, screen->caret_y, ui->from_scratch);
    ui->from_scratch = false;
    (void)wall_news(wall_feed_wall(ui->feed)); /* they are in sight */
}

/* Who is in a room learns of the others in its status line. */
static void tell_room(struct wall_ui *ui) {
    wall_feed_refresh(ui->feed, ui->screen.mono, true);
    const struct wall_room *news = wall_news(wall_feed_wall(ui->feed));
    if (news != NULL) {
        char reason[PACK_ALARM_TEXT_MAX + NAME_MAX_BYTES + 64], names[512];
        const struct model *model = &news->seat.feed.model;
        wall_row_names(&news->row, model, names, sizeof names);
        wall_row_reason(model, &news->row.reasons[0], wall_now(news, ui->screen.mono), reason,
                        sizeof reason);
        struct model *open = &ui->open->seat.feed.model;
        snprintf(open->news, sizeof open->news, "Elsewhere (Esc): %s: %s", names, reason);
        open->revision++;
        ui->open->seat.owner.changed(ui->open->seat.owner.ctx);
    }
}

static void refresh(struct wall_ui *ui) {
    set_now(ui);
    if (ui->open != NULL) {
        tell_room(ui);
    } else {
        draw(ui);
    }
    ui->drawn_at = ui->screen.mono;
    int64_t wait = wall_screen_next_change(&ui->screen);
    if (wait < 0) {
        evtimer_del(ui->tick);
    } else {
        set_timer(ui->tick, wait < WALL_REDRAW_MS ? WALL_REDRAW_MS : wait);
    }
}

/* ---- events ---- */

static void after_input(struct wall_ui *ui) {
    if (ui->screen.redraw) {
        ui->screen.redraw = false;
        ui->from_scratch = true;
    }
    if (ui->screen.quit || ui->screen.enter != NULL) {
        event_base_loopbreak(ui->base);
    }
    wall_ui_changed(ui);
}

static void take_key(struct wall_ui *ui, const struct terminal_event *event) {
    int code = event->code;
    if (event->paste && ui->screen.writing == WALL_WRITE_NOTHING) {
        return; /* pasted text is no row of commands */
    }
    if (event->paste && (code == '\r' || code == '\n' || code == '\t')) {
        code = ' ';
    }
    if (code != 0) {
        control_wall_key(&ui->screen, code);
    }
}

static void on_input(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    struct wall_ui *ui = ctx;
    struct terminal_event event;
    set_now(ui);
    while (ui->screen.enter == NULL &&
           (event = terminal_next(&ui->reader)).kind != TERMINAL_NOTHING) {
        if (event.kind == TERMINAL_KEY) {
            take_key(ui, &event);
        } else if (event.kind == TERMINAL_CLICK) {
            control_wall_click(&ui->screen, event.x, event.y);
        } else {
            control_wall_wheel(&ui->screen, event.lines);
        }
    }
    ui->screen.quit = ui->screen.quit || terminal_is_gone();
    after_input(ui);
}

static void on_signal(evutil_socket_t number, short what, void *ctx) {
    (void)what;
    struct wall_ui *ui = ctx;
    if (number == SIGWINCH) {
        int width, height;
        terminal_size(true, &width, &height);
        ui->from_scratch = paint_resize(&ui->paint, width, height);
    } else {
        ui->screen.quit = number != SIGINT || ui->screen.asking;
        ui->screen.asking = true;
    }
    after_input(ui);
}

static void on_tick(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    wall_ui_changed(ctx);
}

static void on_redraw(evutil_socket_t fd, short what, void *ctx) {
    (void)fd, (void)what;
    refresh(ctx);
}

/* ---- setting up ---- */

static bool make_events(struct wall_ui *ui) {
    static const int numbers[SIGNAL_COUNT] = {SIGWINCH, SIGINT, SIGTERM, SIGHUP};
    ui->input = event_new(ui->base, STDIN_FILENO, EV_READ | EV_PERSIST, on_input, ui);
    ui->tick = evtimer_new(ui->base, on_tick, ui);
    ui->redraw = evtimer_new(ui->base, on_redraw, ui);
    bool good = ui->input && ui->tick && ui->redraw;
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        ui->signals[i] = evsignal_new(ui->base, numbers[i], on_signal, ui);
        good = good && ui->signals[i];
    }
    return good;
}

static void switch_events(struct wall_ui *ui, bool on) {
    if (!on) {
        event_del(ui->input);
    } else {
        event_add(ui->input, NULL);
    }
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        if (on) {
            event_add(ui->signals[i], NULL);
        } else {
            event_del(ui->signals[i]);
        }
    }
}

static bool fit_terminal(struct wall_ui *ui) {
    int width, height;
    terminal_size(false, &width, &height);
    ui->from_scratch = true;
    return paint_resize(&ui->paint, width, height);
}

/* The room's own screens, until Esc. */
static void enter_room(struct wall_ui *ui) {
    struct wall_room *room = ui->screen.enter;
    struct ui_options options = {.inside = true, .monotonic_ms = moment_ms};
    ui->screen.enter = NULL;
    switch_events(ui, false);
    room->open = true;
    ui->open = room;
    room->told = room->seat.feed.model.revision;
    ui->screen.quit = ui_run(&room->seat.feed, ui->base, &options) != UI_BACK;
    room->open = false;
    ui->open = NULL;
    switch_events(ui, true);
    ui->screen.quit = ui->screen.quit || !fit_terminal(ui);
}

void wall_ui_run(struct wall_ui *ui) {
    switch_events(ui, true);
    while (!ui->screen.quit) {
        refresh(ui);
        event_base_dispatch(ui->base);
        if (ui->screen.enter != NULL && !ui->screen.quit) {
            enter_room(ui);
        }
    }
    switch_events(ui, false);
}

struct wall_ui *wall_ui_new(struct event_base *base, struct wall_feed *feed, const char *name) {
    if (!terminal_open(true)) {
        return NULL;
    }
    struct wall_ui *ui = calloc(1, sizeof *ui);
    int width, height;
    terminal_size(false, &width, &height);
    if (ui == NULL || !paint_init(&ui->paint, width, height)) {
        free(ui);
        terminal_close();
        fprintf(stderr, "spar: out of memory.\n");
        return NULL;
    }
    ui->base = base;
    ui->feed = feed;
    ui->paint.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    wall_screen_init(&ui->screen, wall_feed_wall(feed), name);
    if (!make_events(ui)) {
        wall_ui_free(ui);
        fprintf(stderr, "spar: out of memory.\n");
        return NULL;
    }
    return ui;
}

static void free_event(struct event *event) {
    if (event != NULL) {
        event_free(event);
    }
}

void wall_ui_free(struct wall_ui *ui) {
    if (ui == NULL) {
        return;
    }
    terminal_close();
    free_event(ui->input);
    free_event(ui->tick);
    free_event(ui->redraw);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        free_event(ui->signals[i]);
    }
    paint_free(&ui->paint);
    free(ui);
}
