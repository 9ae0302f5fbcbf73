/* SPDX-License-Identifier: ISC */
/*
 * pair_ui.c: the pairing screen on the terminal.
 *
 * Invariant: the events exist only inside pair_ui_run, so that nothing of it is heard while a room
 * is on the terminal.
 */
#include "client/screen/pair_ui.h"

#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/net/moment.h"
#include "client/screen/keys.h"
#include "client/screen/pair_screen.h"
#include "client/screen/terminal.h"
#include "client/screen/ui_loop.h"

struct pair_ui {
    struct event_base *base;
    struct pair *pair;
    struct pair_screen screen;
    struct paint paint;
    struct terminal_reader reader;
    struct ui_loop loop;
    bool from_scratch, running, left;
};

static int64_t draw(void *ctx) {
    struct pair_ui *ui = ctx;
    ui->screen.mono = ui->loop.clock();
    pair_screen_draw(&ui->screen, &ui->paint);
    terminal_put(&ui->paint, -1, -1, ui->from_scratch);
    ui->from_scratch = false;
    return pair_screen_next_change(&ui->screen);
}

void pair_ui_changed(struct pair_ui *ui) {
    if (ui != NULL && ui->running) {
        ui_loop_changed(&ui->loop);
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
    case PAIR_WISH_AVOID: pair_avoid(ui->pair); break;
    case PAIR_WISH_REDRAW: ui->from_scratch = true; break;
    case PAIR_WISH_COMING:
        pair_coming(ui->pair, ui->screen.state->evening.mine != COHORT_COMES);
        break;
    case PAIR_WISH_NOTHING: break;
    }
    ui->screen.wish = PAIR_WISH_NOTHING;
}

static void on_input(void *ctx) {
    struct pair_ui *ui = ctx;
    for (;;) {
        struct terminal_event event = terminal_next(&ui->reader, ui->loop.clock());
        if (event.kind == TERMINAL_NOTHING) {
            break;
        }
        int codes[2];
        int count = event.kind == TERMINAL_KEY ? terminal_codes(&event, false, codes) : 0;
        for (int i = 0; i < count; i++) {
            pair_screen_key(&ui->screen, codes[i]);
            grant(ui);
        }
        if (event.kind == TERMINAL_WHEEL) {
            pair_screen_key(&ui->screen, event.lines > 0 ? CODE_DOWN : CODE_UP);
        }
    }
    if (terminal_is_gone()) {
        leave(ui);
    }
    pair_ui_changed(ui);
}

static void on_signal(void *ctx, int number) {
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

struct pair_ui *pair_ui_new(struct event_base *base, struct pair *pair) {
    struct pair_ui *ui = calloc(1, sizeof *ui);
    if (ui != NULL) {
        ui->base = base;
        ui->pair = pair;
    }
    return ui;
}

enum pair_ui_end pair_ui_run(struct pair_ui *ui) {
    const struct ui_loop_handler handler = {on_input, on_signal, draw, ui};
    int width, height;
    if (!terminal_open(false)) {
        return PAIR_UI_FAILED;
    }
    terminal_size(false, &width, &height);
    pair_screen_init(&ui->screen, pair_state(ui->pair));
    ui->left = false;
    ui->from_scratch = true;
    bool good = ui_loop_open(&ui->loop, ui->base, &handler, moment_ms, 0) &&
                paint_init(&ui->paint, width, height) && ui_loop_listen(&ui->loop, true);
    if (good) {
        ui->paint.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
        ui->running = true;
        ui_loop_draw(&ui->loop);
        event_base_dispatch(ui->base);
        ui->running = false;
    }
    ui_loop_close(&ui->loop);
    paint_free(&ui->paint);
    terminal_close();
    return !good || ui->left ? PAIR_UI_LEFT : PAIR_UI_STOPPED;
}

void pair_ui_free(struct pair_ui *ui) {
    free(ui);
}
