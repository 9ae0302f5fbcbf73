/* SPDX-License-Identifier: ISC */
/*
 * control_board.c: drawing by keys: the place with the cursor, boxes and arrows, the worksheet's
 * lines, undo, thinking unseen; and the panel's pointing.
 *
 * What the board takes is the core's to say; a refusal comes back as the model's message.
 */
#include <string.h>

#include "client/screen/control_parts.h"

static const struct board *shown(struct screen *screen) {
    return drawing_shown(control_model(screen));
}

static int64_t next_id(struct screen *screen) {
    return board_next_id(shown(screen), control_model(screen)->seat);
}

/* Whether the feed took it. */
static bool put(struct screen *screen, const struct body *body, const char *words) {
    uint32_t before = control_model(screen)->revision;
    control_model(screen)->message[0] = '\0';
    control_send(screen, body, "%s", words);
    return control_model(screen)->revision != before && control_model(screen)->message[0] == '\0';
}

static struct body of_thing(enum action act, int64_t thing) {
    return (struct body){.act = act, .has = F(thing), .thing = thing};
}

/* ---- going from place to place ---- */

static void step(struct screen *screen, int x, int y) {
    struct screen_board *at = &screen->board;
    int col = at->col + x;
    int row = at->row + y;
    if (col < 0 || row < 0 || col >= BOARD_COLS_MAX || row >= BOARD_ROWS_MAX) {
        return;
    }
    uint32_t box = screen_box(screen);
    if (at->carries && box != 0) {
        struct body body = of_thing(ACTION_BOX_MOVE, box);
        body.has |= F(col) | F(row);
        body.col = col;
        body.row = row;
        if (!put(screen, &body, "Box moved")) {
            return;
        }
    }
    at->col = col;
    at->row = row;
    screen->cursor_moved = true;
}

static void lead(struct screen *screen) {
    struct screen_board *at = &screen->board;
    uint32_t box = screen_box(screen);
    if (at->from == 0) {
        at->from = box;
        control_say(screen, false, "Go to the box that the arrow leads to, and press > again.");
        return;
    }
    struct body body = of_thing(ACTION_ARROW_ADD, next_id(screen));
    body.has |= F(from) | F(to);
    body.from = at->from;
    body.to = box;
    at->from = 0;
    put(screen, &body, "Arrow");
}

/* ---- writing ---- */

static void write_line(struct screen *screen, enum writing writing, uint32_t edits,
                       const char *text) {
    control_write(screen, writing);
    screen->board.edits = edits;
    size_t len = strlen(text);
    memcpy(screen->input.text, text, len + 1);
    screen->input.len = screen->input.cursor = len;
}

static void begin_box(struct screen *screen, int letter) {
    write_line(screen, WRITE_BOX, 0, "");
    if (letter != 0 && !input_insert(&screen->input, (wchar_t)letter)) {
        screen->writing = WRITE_NOTHING;
    }
}

static void write_box(struct screen *screen) {
    const struct board_thing *box = board_find(shown(screen), screen_box(screen));
    screen->board.after = 0;
    if (box) {
        write_line(screen, WRITE_BOX, box->id, box->text);
    } else {
        begin_box(screen, 0);
    }
}

static struct span written(const struct screen *screen) {
    return (struct span){screen->input.text, (uint32_t)screen->input.len};
}

/* The box that was written; 0: it was not taken. */
static uint32_t keep_box(struct screen *screen) {
    struct screen_board *at = &screen->board;
    struct body body = of_thing(at->edits ? ACTION_BOX_TEXT : ACTION_BOX_ADD,
                                at->edits ? at->edits : next_id(screen));
    body.text = written(screen);
    body.col = at->col;
    body.row = at->row;
    body.has |= at->edits ? F(text) : F(text) | F(col) | F(row);
    uint32_t id = (uint32_t)body.thing;
    if (!put(screen, &body, "Box")) {
        return 0;
    }
    if (at->after != 0 && at->edits == 0) {
        struct body arrow = of_thing(ACTION_ARROW_ADD, next_id(screen));
        arrow.has |= F(from) | F(to);
        arrow.from = at->after;
        arrow.to = id;
        put(screen, &arrow, "Box and arrow");
    }
    return id;
}

/* Enter: the next box begins to the right, with an arrow to it. */
static void box_line(struct screen *screen) {
    struct screen_board *at = &screen->board;
    screen->writing = WRITE_NOTHING;
    uint32_t id = input_is_empty(&screen->input) ? 0 : keep_box(screen);
    at->after = id;
    bool room = at->col + 1 < BOARD_COLS_MAX && !board_at(shown(screen), at->col + 1, at->row);
    if (id == 0 || !room) {
        at->after = 0;
        return;
    }
    at->col++;
    screen->cursor_moved = true;
    begin_box(screen, 0);
}

static void paper_line(struct screen *screen) {
    struct screen_board *at = &screen->board;
    const struct board_thing *thing = board_find(shown(screen), at->edits);
    bool empty = input_is_empty(&screen->input);
    bool is_req = thing ? thing->kind == BOARD_REQ : at->kind == 0;
    screen->writing = WRITE_NOTHING;
    if (empty && !thing) {
        return;
    }
    struct body body = of_thing(ACTION_SHEET_WRITE, thing ? (int64_t)thing->id : next_id(screen));
    if (is_req) {
        body.act = empty ? ACTION_REQ_DROP : thing ? ACTION_REQ_SET : ACTION_REQ_ADD;
    } else if (!thing) {
        body.has |= F(style);
        body.style = at->kind - 1;
    }
    body.text = written(screen);
    body.has |= empty ? 0 : F(text);
    put(screen, &body, is_req ? "Requirement" : "Line");
}

void control_board_line(struct screen *screen) {
    if (screen->writing == WRITE_BOX) {
        box_line(screen);
    } else {
        paper_line(screen);
    }
}

static bool has(const struct screen *screen, const char *sign) {
    return strstr(screen->input.text, sign) != NULL;
}

/* The next sign of a box's line, so that its fields need no form; of a new line what it is. */
void control_board_tab(struct screen *screen) {
    if (screen->writing == WRITE_PAPER && screen->board.edits == 0) {
        screen->board.kind = (screen->board.kind + 1) % 4;
    }
    if (screen->writing != WRITE_BOX) {
        return;
    }
    input_end(&screen->input);
    bool parts = has(screen, ";");
    const wchar_t *sign =
        !parts && !has(screen, "\xe2\x89\xa0") && !has(screen, "!=") && !has(screen, ": ")
            ? L" \u2260 "
        : !parts && !has(screen, ": ") ? L": "
                                       : L"; ";
    for (; *sign; sign++) {
        if (!input_insert(&screen->input, *sign)) {
            return;
        }
    }
}

/* The line before the one that is being changed; from a new one the last. */
void control_board_earlier(struct screen *screen) {
    uint32_t things[SCREEN_PAPER_MAX];
    int count = screen_paper(screen, things);
    int at = count;
    for (int i = 0; i < count; i++) {
        at = things[i] == screen->board.edits ? i : at;
    }
    if (at == 0) {
        return;
    }
    const struct board_thing *thing = board_find(shown(screen), things[at - 1]);
    screen->board.kind = thing->kind == BOARD_REQ ? 0 : 1 + thing->style;
    write_line(screen, WRITE_PAPER, thing->id, thing->text);
}

static void take_fact(struct screen *screen) {
    const char *text = screen_fact(screen);
    if (!text) {
        control_say(screen, false, "Every fact that was shown is written down.");
        return;
    }
    struct body body = of_thing(ACTION_REQ_ADD, next_id(screen));
    body.has |= F(text);
    body.text = span_of(text);
    put(screen, &body, "Requirement");
}

/* ---- the rest ---- */

static void turn(struct screen *screen, enum feed_board what) {
    struct feed *feed = screen->feed;
    feed->model.message[0] = '\0';
    if (feed->ops->board && feed->ops->board(feed, what)) {
        control_say(screen, false,
                    what == FEED_UNDO   ? "Taken back."
                    : what == FEED_REDO ? "Made again."
                                        : "Everybody sees it again.");
    }
}

static void unseen(struct screen *screen) {
    const struct body on = {.act = ACTION_BOARD_PRIVATE, .has = F(on), .on = 1};
    if (shown(screen)->private_at != 0) {
        turn(screen, FEED_UNHIDE);
    } else if (put(screen, &on, "Unseen")) {
        control_say(screen, false, "Nobody sees what you draw now, for two minutes; * shows it.");
    }
}

static void point(struct screen *screen, uint32_t thing) {
    const struct model *model = control_model(screen);
    struct body body = {.act = ACTION_POINT_SET};
    bool off = model->seat < ROOM_SEATS_MAX && shown(screen)->marks[model->seat].thing == thing;
    if (!off) {
        body.has = F(thing);
        body.thing = thing;
    }
    control_send(screen, &body, "%s", off ? "Pointing at nothing" : "Pointing");
}

void control_board_row(struct screen *screen, int row) {
    uint32_t things[SCREEN_PAPER_MAX];
    if (row < screen_paper(screen, things) && control_model(screen)->role != ROLE_CANDIDATE) {
        point(screen, things[row]);
    }
}

static void leave(struct screen *screen) {
    struct screen_board *at = &screen->board;
    if (at->from == 0 && !at->carries) {
        screen->tab = TAB_PROMPT;
    }
    at->from = 0;
    at->carries = false;
}

static void drop(struct screen *screen) {
    struct body body = of_thing(ACTION_BOX_DROP, screen_box(screen));
    put(screen, &body, "Box dropped");
}

bool control_board_key(struct screen *screen, enum key_action action, int code) {
    switch (action) {
    case KEYS_BOX_BEGIN:
        screen->board.after = 0;
        begin_box(screen, code);
        return true;
    case KEYS_BOX_WRITE: write_box(screen); return true;
    case KEYS_BOX_ARROW: lead(screen); return true;
    case KEYS_BOX_CARRY: screen->board.carries = !screen->board.carries; return true;
    case KEYS_BOX_DROP: drop(screen); return true;
    case KEYS_BOX_UNDO: turn(screen, FEED_UNDO); return true;
    case KEYS_BOX_REDO: turn(screen, FEED_REDO); return true;
    case KEYS_BOX_POINT:
        if (screen_box(screen) != 0) {
            point(screen, screen_box(screen));
        }
        return true;
    case KEYS_PAPER:
        screen->board.kind = 0;
        write_line(screen, WRITE_PAPER, 0, "");
        return true;
    case KEYS_TAKE_FACT: take_fact(screen); return true;
    case KEYS_UNSEEN: unseen(screen); return true;
    case KEYS_BOARD_LEFT: step(screen, -1, 0); return true;
    case KEYS_BOARD_RIGHT: step(screen, 1, 0); return true;
    case KEYS_BOARD_UP: step(screen, 0, -1); return true;
    case KEYS_BOARD_DOWN: step(screen, 0, 1); return true;
    case KEYS_BOARD_LEAVE: leave(screen); return true;
    default: return false;
    }
}
