/* SPDX-License-Identifier: ISC */
/*
 * ui.c: keys, the window's size, the feed's changes and a timer lead to one drawing each turn of
 * the loop.
 *
 * The timer is set to the next full second of the shown clock or the next alarm, and only while
 * something moves: an idle screen wakes nobody.
 */
#include "client/screen/ui.h"

#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/screen/control.h"
#include "client/screen/terminal.h"
#include "client/screen/ui_loop.h"
#include "client/screen/views.h"
#include "protocol/text/text.h"

struct ui {
    struct feed *feed;
    struct screen screen;
    struct paint paint;
    struct ui_loop loop;
    bool plain;        /* the links are shown as plain lines; the screen rests */
    bool from_scratch; /* clear the terminal at the next drawing */
    bool mouse, bell;
    int64_t draft_stamp; /* of what was read or written last; 0: there was none */
    bool follow, moved;  /* to the second half */
    struct terminal_reader reader;
};

static void set_now(struct ui *ui) {
    ui->screen.mono = ui->loop.clock();
    ui->screen.now = model_now(&ui->feed->model, ui->screen.mono);
}

/* Real ms until what is shown changes by itself; -1: it does not. */
static int64_t until_change(const struct ui *ui) {
    const struct model *model = &ui->feed->model;
    int64_t wait = -1;
    int64_t next = screen_next_change(&ui->screen);
    if (next < 0 && ui->feed->is_recording && ui->feed->speed_num > 0) {
        next = ui->screen.now + 1000 - ui->screen.now % 1000;
    }
    if (next >= 0 && model->rate > 0) {
        wait = ((next - ui->screen.now) * model->rate_den + model->rate - 1) / model->rate;
        /* A clock that runs fast would redraw all the time. */
        int64_t least = model->rate > model->rate_den ? 40 : 1;
        wait = wait < least ? least : wait;
    }
    if (model->connection == CONNECTION_WAITING && model->retry_at > ui->screen.mono) {
        int64_t second = (model->retry_at - ui->screen.mono) % 1000;
        second = second == 0 ? 1000 : second;
        wait = wait < 0 || second < wait ? second : wait;
    }
    return wait;
}

/* Once the room is known, and again when it was changed beside: in a recording that takes evidence
 * for it. A draft that cannot be read is said, and left alone until something is changed. */
static void read_draft(struct ui *ui) {
    const char *room = ui->feed->model.room_id;
    struct certs_why why;
    /* Whose draft it is the seat says, which is known once something has come. */
    if (ui->feed->model.room.pos == 0 || ui->screen.writing == WRITE_DRAFT) {
        return;
    }
    int64_t stamp = draft_file_stamp(room, ui->feed->model.seat);
    if (stamp == ui->draft_stamp) {
        return;
    }
    ui->draft_stamp = stamp;
    if (!draft_file_read(room, ui->feed->model.seat, &ui->screen.draft, &why)) {
        model_say(&ui->feed->model, true, "%.240s", why.text);
    }
}

/* After two minutes what was drawn unseen is shown by itself. */
static void show_again(struct ui *ui) {
    struct feed *feed = ui->feed;
    const struct board *board = drawing_shown(&feed->model);
    if (feed->ops->board && room_may_draw(&feed->model.room, feed->model.seat) &&
        feed->model.role == ROLE_CANDIDATE && board->private_at != 0 &&
        board_private_until(board, ui->screen.now) == 0) {
        (void)feed->ops->board(feed, FEED_UNHIDE); /* the model says why not */
    }
}

static int64_t draw(void *ctx) {
    struct ui *ui = ctx;
    if (ui->plain) {
        return -1;
    }
    read_draft(ui);
    set_now(ui);
    control_pass(&ui->screen);
    screen_follow(&ui->screen);
    show_again(ui);
    screen_draw(&ui->screen, &ui->paint);
    terminal_put(&ui->paint, ui->screen.caret_x, ui->screen.caret_y, ui->from_scratch);
    ui->from_scratch = false;
    if (ui->screen.heard.ring && ui->bell) {
        terminal_bell();
    }
    ui->screen.heard.ring = false;
    return until_change(ui);
}

/* ---- links as plain lines: the terminal wraps them itself, so that they are copied whole ---- */

static void show_plain_links(struct ui *ui) {
    ui->plain = true;
    terminal_leave();
    say(stdout, "\nLinks to this room; each is for one person, in a browser or by spar join:\n\n");
    enum role role;
    const char *text;
    uint32_t i = 0;
    for (; (text = screen_link(&ui->screen, i, &role)) != NULL; i++) {
        char words[96 + NAME_MAX_BYTES];
        char plain[sizeof words];
        bool open = screen_link_state(&ui->screen, text, role) == LINK_NEW;
        views_link_words(&ui->screen, text, role, words, sizeof words);
        text_plain(span_of(words), plain, sizeof plain);
        if (open) { /* on a line of its own, to be taken whole by a triple click */
            say(stdout, "%s:\n%s\n\n", plain, text);
        } else {
            say(stdout, "%s.\n\n", plain);
        }
    }
    if (i == 0) {
        say(stdout, "This client was given none. Press & on the screen to ask for one.\n\n");
    }
    say(stdout, "Press Esc or any other key to go back to the room.\n");
    fflush(stdout);
}

static void return_from_plain(struct ui *ui) {
    ui->plain = false;
    ui->from_scratch = true;
    terminal_return(ui->mouse);
}

static void leave_plain(struct ui *ui) {
    char keys[256]; /* one key may send several bytes */
    if (read(STDIN_FILENO, keys, sizeof keys) == 0) {
        ui->screen.quit = true;
    }
    return_from_plain(ui);
}

/* ---- events ---- */

static void take_key(struct ui *ui, const struct terminal_event *event) {
    int codes[2];
    int count = terminal_codes(event, ui->screen.writing != WRITE_NOTHING, codes);
    for (int i = 0; i < count; i++) {
        control_key(&ui->screen, codes[i]);
    }
    if (event->paste) {
        control_paste(&ui->screen, event->code);
    }
}

static void read_terminal(struct ui *ui) {
    for (;;) {
        struct terminal_event event = terminal_next(&ui->reader, ui->loop.clock());
        if (event.kind == TERMINAL_NOTHING) {
            return;
        }
        set_now(ui);
        if (event.kind == TERMINAL_KEY) {
            take_key(ui, &event);
        } else if (event.kind == TERMINAL_CLICK) {
            control_click(&ui->screen, event.x, event.y);
        } else {
            control_wheel(&ui->screen, event.lines);
        }
        if (ui->screen.plain_links) {
            return;
        }
    }
}

static void save_draft(struct ui *ui) {
    struct screen *screen = &ui->screen;
    const char *room = ui->feed->model.room_id;
    struct certs_why why;
    if (!screen->draft_changed) {
        return;
    }
    if (!draft_file_write(room, ui->feed->model.seat, &screen->draft, &why)) {
        model_say(&ui->feed->model, true, "%.240s", why.text);
    }
    ui->draft_stamp = draft_file_stamp(room, ui->feed->model.seat);
    screen->draft_changed = false;
}

static void after_input(struct ui *ui) {
    struct screen *screen = &ui->screen;
    save_draft(ui);
    if (screen->copied[0]) {
        terminal_copy(screen->copied);
        screen->copied[0] = '\0';
    }
    if (screen->redraw) {
        screen->redraw = false;
        ui->from_scratch = true;
    }
    if (screen->plain_links) {
        screen->plain_links = false;
        show_plain_links(ui);
    }
    if (screen->quit) {
        event_base_loopbreak(ui->loop.base);
    } else {
        ui_loop_changed(&ui->loop);
    }
}

static void on_input(void *ctx) {
    struct ui *ui = ctx;
    if (ui->plain) {
        leave_plain(ui);
    } else {
        read_terminal(ui);
        ui->screen.quit = ui->screen.quit || terminal_is_gone();
    }
    after_input(ui);
}

static void on_signal(void *ctx, int number) {
    struct ui *ui = ctx;
    if (number == SIGWINCH) {
        int width, height;
        terminal_size(true, &width, &height);
        if (!paint_resize(&ui->paint, width, height)) {
            return; /* out of memory: the old picture stays */
        }
        ui->from_scratch = true;
    } else if (number == SIGINT && ui->plain) {
        return_from_plain(ui);
    } else if (number == SIGINT) {
        ui->screen.quit = ui->screen.asking == ASK_QUIT;
        ui->screen.asking = ASK_QUIT;
    } else {
        ui->screen.quit = true;
    }
    after_input(ui);
}

static void on_change(struct feed *feed, void *ctx) {
    struct ui *ui = ctx;
    control_follow(&ui->screen);
    ui_loop_changed(&ui->loop);
    if (ui->follow && feed->model.room.next[0] != '\0') {
        ui->moved = true;
        event_base_loopbreak(ui->loop.base);
    }
}

static void on_refused(struct feed *feed, uint32_t id, enum refusal why, void *ctx) {
    (void)feed, (void)why;
    struct ui *ui = ctx;
    ui->screen.last_refused = ui->screen.last_refused || id == ui->screen.last_id;
    ui_loop_changed(&ui->loop);
}

static void on_link(struct feed *feed, enum role role, const char *link, void *ctx) {
    (void)feed, (void)link;
    struct ui *ui = ctx;
    set_now(ui);
    snprintf(ui->screen.said, sizeof ui->screen.said, "A new %s link is under Room.",
             role_name(role));
    ui->screen.said_bad = false;
    ui->screen.said_at = ui->screen.mono;
    ui_loop_changed(&ui->loop);
}

/* ---- setting up ---- */

static void take_feed(struct ui *ui) {
    ui->feed->on_change = on_change;
    ui->feed->on_refused = on_refused;
    ui->feed->on_link = on_link;
    ui->feed->ctx = ui;
}

static void run(struct ui *ui, struct event_base *base, const struct ui_options *options) {
    const struct ui_loop_handler handler = {on_input, on_signal, draw, ui};
    int64_t (*clock)(void) = options && options->monotonic_ms ? options->monotonic_ms : moment_ms;
    int width, height;
    terminal_size(false, &width, &height);
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    bool good = ui_loop_open(&ui->loop, base, &handler, clock, 0) &&
                paint_init(&ui->paint, width, height) && ui_loop_listen(&ui->loop, true);
    ui->paint.ascii = !utf8 || (options && options->ascii);
    if (good) {
        struct feed before = {.on_change = ui->feed->on_change,
                              .on_refused = ui->feed->on_refused,
                              .on_link = ui->feed->on_link,
                              .ctx = ui->feed->ctx};
        take_feed(ui);
        ui_loop_draw(&ui->loop);
        event_base_dispatch(base);
        ui->feed->on_change = before.on_change;
        ui->feed->on_refused = before.on_refused;
        ui->feed->on_link = before.on_link;
        ui->feed->ctx = before.ctx;
    }
    ui_loop_close(&ui->loop);
    paint_free(&ui->paint);
}

enum ui_end ui_run(struct feed *feed, struct event_base *base, const struct ui_options *options) {
    bool mouse = !options || !options->no_mouse;
    bool inside = options && options->inside;
    if (!inside && !terminal_open(mouse)) {
        return UI_FAILED;
    }
    enum ui_end end = UI_FAILED;
    struct ui *ui = calloc(1, sizeof *ui);
    if (ui) {
        ui->feed = feed;
        ui->mouse = mouse;
        ui->bell = !options || !options->no_bell;
        ui->follow = options && options->follow;
        ui->from_scratch = inside;
        screen_init(&ui->screen, feed, options);
        run(ui, base, options);
        bool moved = ui->moved && !ui->screen.quit;
        end = moved ? UI_MOVED : ui->screen.back ? UI_BACK : ui->screen.again ? UI_AGAIN : UI_LEFT;
    }
    if (!inside) {
        terminal_close();
    }
    if (!ui) {
        say(stderr, "spar: out of memory.\n");
    }
    free(ui);
    return end;
}
