/* SPDX-License-Identifier: ISC */
/*
 * wall_ui.c: the wall on the terminal: keys, the window's size and the rooms' changes lead to at
 * most ten drawings a second.
 *
 * Invariant: while a room is open in full, ui.c has the terminal and the event loop; nothing is
 * drawn here, and keys and signals are ui.c's.
 */
#include "client/screen/wall_ui.h"

#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/screen/keys.h"
#include "client/screen/terminal.h"
#include "client/screen/ui.h"
#include "client/screen/ui_loop.h"
#include "client/screen/wall_screen.h"

struct wall_ui {
    struct wall_feed *feed;
    struct wall_screen screen;
    struct paint paint;
    struct terminal_reader reader;
    struct ui_loop loop;
    bool from_scratch, bell;
    struct wall_room *open; /* has the terminal; NULL: the wall has it */
};

void wall_ui_changed(struct wall_ui *ui) {
    ui_loop_changed(&ui->loop);
}

void wall_ui_say(struct wall_ui *ui, bool bad, const char *text) {
    wall_screen_tell(&ui->screen, bad, text);
    wall_ui_changed(ui);
}

static void set_now(struct wall_ui *ui) {
    ui->screen.mono = ui->loop.clock();
}

static void draw(struct wall_ui *ui) {
    struct wall_screen *screen = &ui->screen;
    wall_feed_refresh(ui->feed, screen->mono, wall_screen_holds(screen));
    wall_screen_follow(screen);
    wall_screen_foot_follow(screen);
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

static int64_t refresh(void *ctx) {
    struct wall_ui *ui = ctx;
    set_now(ui);
    if (ui->open != NULL) {
        tell_room(ui);
    } else {
        draw(ui);
    }
    return wall_screen_next_change(&ui->screen);
}

/* ---- events ---- */

static void after_input(struct wall_ui *ui) {
    if (ui->screen.redraw) {
        ui->screen.redraw = false;
        ui->from_scratch = true;
    }
    if (ui->screen.quit || ui->screen.enter != NULL) {
        event_base_loopbreak(ui->loop.base);
    }
    wall_ui_changed(ui);
}

static void take_key(struct wall_screen *screen, const struct terminal_event *event) {
    int codes[2];
    int count = terminal_codes(event, screen->writing != WALL_WRITE_NOTHING, codes);
    for (int i = 0; i < count; i++) {
        control_wall_key(screen, codes[i]);
    }
    if (event->paste) {
        control_wall_paste(screen, event->code);
    }
}

static void on_input(void *ctx) {
    struct wall_ui *ui = ctx;
    struct terminal_event event;
    set_now(ui);
    while (ui->screen.enter == NULL &&
           (event = terminal_next(&ui->reader, ui->loop.clock())).kind != TERMINAL_NOTHING) {
        if (event.kind == TERMINAL_KEY) {
            take_key(&ui->screen, &event);
        } else if (event.kind == TERMINAL_CLICK) {
            control_wall_click(&ui->screen, event.x, event.y);
        } else {
            control_wall_wheel(&ui->screen, event.lines);
        }
    }
    ui->screen.quit = ui->screen.quit || terminal_is_gone();
    after_input(ui);
}

static void on_signal(void *ctx, int number) {
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

/* ---- setting up ---- */

static bool fit_terminal(struct wall_ui *ui) {
    int width, height;
    terminal_size(false, &width, &height);
    ui->from_scratch = true;
    return paint_resize(&ui->paint, width, height);
}

/* The room's own screens, until Esc. */
static void enter_room(struct wall_ui *ui) {
    struct wall_room *room = ui->screen.enter;
    struct ui_options options = {.inside = true, .no_bell = !ui->bell, .monotonic_ms = moment_ms};
    ui->screen.enter = NULL;
    (void)ui_loop_listen(&ui->loop, false);
    room->open = true;
    ui->open = room;
    room->told = room->seat.feed.model.revision;
    wall_feed_watch(room);
    ui->screen.quit = ui_run(&room->seat.feed, ui->loop.base, &options) != UI_BACK;
    room->open = false;
    ui->open = NULL;
    wall_feed_watch(room);
    (void)ui_loop_listen(&ui->loop, true);
    ui->screen.quit = ui->screen.quit || !fit_terminal(ui);
}

void wall_ui_run(struct wall_ui *ui) {
    (void)ui_loop_listen(&ui->loop, true);
    while (!ui->screen.quit) {
        ui_loop_draw(&ui->loop);
        event_base_dispatch(ui->loop.base);
        if (ui->screen.enter != NULL && !ui->screen.quit) {
            enter_room(ui);
        }
    }
    (void)ui_loop_listen(&ui->loop, false);
}

struct wall_ui *wall_ui_new(struct event_base *base, struct wall_feed *feed, const char *name,
                            bool bell) {
    if (!terminal_open(true)) {
        return NULL;
    }
    struct wall_ui *ui = calloc(1, sizeof *ui);
    int width, height;
    terminal_size(false, &width, &height);
    if (ui == NULL || !paint_init(&ui->paint, width, height)) {
        free(ui);
        terminal_close();
        say(stderr, "spar: out of memory.\n");
        return NULL;
    }
    ui->feed = feed;
    ui->bell = bell;
    ui->paint.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    wall_screen_init(&ui->screen, wall_feed_wall(feed), name);
    const struct ui_loop_handler handler = {on_input, on_signal, refresh, ui};
    if (!ui_loop_open(&ui->loop, base, &handler, moment_ms, WALL_REDRAW_MS)) {
        wall_ui_free(ui);
        say(stderr, "spar: out of memory.\n");
        return NULL;
    }
    return ui;
}

void wall_ui_free(struct wall_ui *ui) {
    if (ui == NULL) {
        return;
    }
    terminal_close();
    ui_loop_close(&ui->loop);
    paint_free(&ui->paint);
    free(ui);
}
