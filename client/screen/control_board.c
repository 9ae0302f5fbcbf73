/* SPDX-License-Identifier: ISC */
/*
 * control_board.c: drawing by keys and clicks: the place with the cursor, what is chosen there,
 * arrows, undo, thinking unseen; and the panel's pointing.
 *
 * What the board takes is the core's to say; a refusal comes back as the model's message.
 */
#include <stdlib.h>
#include <string.h>

#include "client/screen/control_parts.h"
#include "protocol/board/layout.h"

const struct board *control_shown(struct screen *screen) {
    return drawing_shown(control_model(screen));
}

int64_t control_next_id(struct screen *screen) {
    return board_next_id(control_shown(screen), control_model(screen)->seat);
}

bool control_put(struct screen *screen, const struct body *body, const char *words) {
    uint32_t before = control_model(screen)->revision;
    control_model(screen)->message[0] = '\0';
    control_send(screen, body, "%s", words);
    return control_model(screen)->revision != before && control_model(screen)->message[0] == '\0';
}

struct body control_thing(enum action act, int64_t thing) {
    return (struct body){.act = act, .has = F(thing), .thing = thing};
}

/* ---- going from place to place ---- */

static void go_to(struct screen *screen, int col, int row) {
    struct screen_board *at = &screen->board;
    at->col = col;
    at->row = row;
    screen->cursor_moved = true;
}

/* Where a thing is after so many columns and rows. */
static struct body moved(const struct board_thing *thing, int x, int y, bool stretched) {
    bool box = thing->kind == BOARD_BOX;
    bool frame = thing->kind == BOARD_FRAME;
    struct body body = control_thing(box     ? ACTION_BOX_MOVE
                                     : frame ? ACTION_FRAME_MOVE
                                             : ACTION_SPAN_MOVE,
                                     thing->id);
    body.has |= F(col) | F(row) | (box ? 0 : F(cols)) | (frame ? F(rows) : 0);
    body.col = thing->col + (stretched ? 0 : x);
    body.row = thing->row + (stretched ? 0 : y);
    body.cols = thing->cols + (stretched ? x : 0);
    body.rows = thing->rows + (stretched ? y : 0);
    return body;
}

/* Whether the cells stay on the board; what else the core refuses is said. */
static bool is_on_grid(const struct body *body) {
    int64_t cols = body->has & F(cols) ? body->cols : 1;
    int64_t rows = body->has & F(rows) ? body->rows : 1;
    return body->col >= 0 && body->row >= 0 && cols > 0 && rows > 0 &&
           body->col + cols <= BOARD_COLS_MAX && body->row + rows <= BOARD_ROWS_MAX;
}

void control_board_step(struct screen *screen, int x, int y) {
    struct screen_board *at = &screen->board;
    const struct board_thing *thing = screen_chosen(screen);
    bool holds = at->hold != HOLD_NOTHING && thing;
    int col = at->col + x;
    int row = at->row + y;
    if (holds) {
        bool stretches = at->hold == HOLD_STRETCH;
        struct body body = moved(thing, x, y, stretches);
        if (!is_on_grid(&body) || !control_put(screen, &body, "Moved") || stretches) {
            return;
        }
    }
    if (col < 0 || row < 0 || col >= BOARD_COLS_MAX || row >= BOARD_ROWS_MAX) {
        return;
    }
    at->picked = holds ? at->picked : 0;
    go_to(screen, col, row);
}

/* ---- arrows ---- */

void control_arrow_to(struct screen *screen, uint32_t box) {
    struct screen_board *at = &screen->board;
    uint32_t from = at->from;
    at->from = 0;
    if (from != 0 && from != box && board_find(control_shown(screen), from)) {
        struct body body = control_thing(ACTION_ARROW_ADD, control_next_id(screen));
        body.has |= F(from) | F(to);
        body.from = from;
        body.to = box;
        control_put(screen, &body, "Arrow");
    }
}

static void lead(struct screen *screen) {
    struct screen_board *at = &screen->board;
    uint32_t box = screen_box(screen);
    if (at->from != 0) {
        control_arrow_to(screen, box);
        return;
    }
    at->from = box;
    at->hold = HOLD_NOTHING;
    control_say(screen, false, "Go to the other box and press >, or begin one in a free place.");
}

static void restyle(struct screen *screen) {
    const struct board_thing *arrow = screen_chosen(screen);
    if (arrow->kind == BOARD_ARROW) {
        struct body body = control_thing(ACTION_ARROW_STYLE, arrow->id);
        body.has |= F(style);
        body.style = (arrow->style + 1) % (ARROW_BOLD + 1);
        control_put(screen, &body, "Arrow");
    }
}

/* ---- the rest ---- */

static void write_or_lead(struct screen *screen) {
    const struct board_thing *thing = screen_chosen(screen);
    if (thing && screen->board.from != 0 && thing->kind == BOARD_BOX) {
        control_arrow_to(screen, thing->id);
    } else if (thing) {
        control_rewrite(screen);
    } else {
        control_begin(screen, BEGUN_BOX, 0);
    }
}

static void pick(struct screen *screen) {
    screen->board.picked = screen_pick(screen);
    screen->board.hold = HOLD_NOTHING;
}

static void hold(struct screen *screen) {
    struct screen_board *at = &screen->board;
    const struct board_thing *thing = screen_chosen(screen);
    enum board_hold last = thing->kind == BOARD_BOX ? HOLD_CARRY : HOLD_STRETCH;
    if (thing->kind != BOARD_ARROW) {
        at->hold = at->hold >= last ? HOLD_NOTHING : at->hold + 1;
    }
}

static void drop(struct screen *screen) {
    const struct board_thing *thing = screen_chosen(screen);
    enum action act = thing->kind == BOARD_ARROW   ? ACTION_ARROW_DROP
                      : thing->kind == BOARD_FRAME ? ACTION_FRAME_DROP
                      : thing->kind == BOARD_SPAN  ? ACTION_SPAN_DROP
                                                   : ACTION_BOX_DROP;
    struct body body = control_thing(act, thing->id);
    if (control_put(screen, &body, "Dropped")) {
        screen->board.picked = 0;
        screen->board.hold = HOLD_NOTHING;
    }
}

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
    if (control_shown(screen)->private_at != 0) {
        turn(screen, FEED_UNHIDE);
    } else if (control_put(screen, &on, "Unseen")) {
        control_say(screen, false, "Nobody sees what you draw now, for two minutes; * shows it.");
    }
}

static void point(struct screen *screen, uint32_t thing) {
    const struct model *model = control_model(screen);
    struct body body = {.act = ACTION_POINT_SET};
    bool off =
        model->seat < ROOM_SEATS_MAX && control_shown(screen)->marks[model->seat].thing == thing;
    if (!off) {
        body.has = F(thing);
        body.thing = thing;
    }
    control_send(screen, &body, "%s", off ? "Pointing at nothing" : "Pointing");
}

static void point_chosen(struct screen *screen) {
    const struct board_thing *thing = screen_chosen(screen);
    if (thing) {
        point(screen, thing->id);
    }
}

void control_board_row(struct screen *screen, int row) {
    uint32_t things[SCREEN_PAPER_MAX];
    if (row < screen_paper(screen, things) && control_model(screen)->role != ROLE_CANDIDATE) {
        point(screen, things[row]);
    }
}

static void share(struct screen *screen) {
    bool on = !control_model(screen)->room.board.shared;
    const struct body body = {.act = ACTION_BOARD_SHARE, .has = F(on), .on = on};
    control_send(screen, &body, "%s",
                 on ? "The interviewers may draw too" : "The candidate alone draws");
}

static void leave(struct screen *screen) {
    struct screen_board *at = &screen->board;
    if (at->paper) {
        at->paper = false;
        return;
    }
    if (at->from == 0 && at->hold == HOLD_NOTHING && at->picked == 0) {
        screen->tab = screen->tab_before;
    }
    at->from = at->picked = 0;
    at->hold = HOLD_NOTHING;
}

static void whole(struct screen *screen) {
    if (screen->tab == TAB_BOARD) {
        leave(screen);
    } else if (screen_has_tab(screen, TAB_BOARD)) {
        screen->tab = TAB_BOARD;
    }
}

static void paper_whole(struct screen *screen) {
    if (screen->tab == TAB_BOARD) {
        screen->board.paper = !screen->board.paper;
        screen->board.paper_top = 0;
    }
}

static bool draw_key(struct screen *screen, enum key_action action, int code) {
    switch (action) {
    case KEYS_BOX_BEGIN: control_begin(screen, BEGUN_BOX, code); return true;
    case KEYS_BOX_FRAME: control_begin(screen, BEGUN_FRAME, 0); return true;
    case KEYS_BOX_SPAN: control_begin(screen, BEGUN_SPAN, 0); return true;
    case KEYS_BOX_WORDS: control_begin(screen, BEGUN_WORDS, 0); return true;
    case KEYS_BOX_WRITE: write_or_lead(screen); return true;
    case KEYS_BOX_ARROW: lead(screen); return true;
    case KEYS_BOX_STYLE: restyle(screen); return true;
    case KEYS_BOX_CARRY: hold(screen); return true;
    case KEYS_BOX_DROP: drop(screen); return true;
    case KEYS_BOX_UNDO: turn(screen, FEED_UNDO); return true;
    case KEYS_BOX_REDO: turn(screen, FEED_REDO); return true;
    case KEYS_PAPER: control_paper(screen); return true;
    case KEYS_TAKE_FACT: control_take_fact(screen); return true;
    case KEYS_UNSEEN: unseen(screen); return true;
    default: return false;
    }
}

bool control_board_key(struct screen *screen, enum key_action action, int code) {
    switch (action) {
    case KEYS_BOX_POINT: point_chosen(screen); return true;
    case KEYS_BOX_PICK: pick(screen); return true;
    case KEYS_BOARD_SHARE: share(screen); return true;
    case KEYS_BOARD_LEAVE: leave(screen); return true;
    case KEYS_BOARD_WHOLE: whole(screen); return true;
    case KEYS_PAPER_WHOLE: paper_whole(screen); return true;
    case KEYS_BOARD_LEFT: control_board_step(screen, -1, 0); return true;
    case KEYS_BOARD_RIGHT: control_board_step(screen, 1, 0); return true;
    case KEYS_BOARD_UP: control_board_step(screen, 0, -1); return true;
    case KEYS_BOARD_DOWN: control_board_step(screen, 0, 1); return true;
    default: return draw_key(screen, action, code);
    }
}

/* ---- the mouse ---- */

/* The thing at a place of the drawing, an arrow, a span or a frame among them; 0: none. */
static uint32_t thing_at(struct screen *screen, int x, int y) {
    struct board_layout *layout = malloc(sizeof *layout);
    if (!layout) {
        return 0;
    }
    layout_narrow_board(control_shown(screen), screen->board.box, layout);
    const struct board_thing *thing = layout_find(layout, x, y);
    uint32_t id = thing ? thing->id : 0;
    free(layout);
    return id;
}

/* A place or a thing that is clicked on is chosen; once more it is written in, or pointed at. */
void control_board_click(struct screen *screen, int x, int y) {
    struct screen_board *at = &screen->board;
    unsigned where = screen_where(screen);
    if (screen->tab != TAB_BOARD) {
        whole(screen); /* the one beside another pane */
        return;
    }
    int unit_x = x - at->drawn.x + at->left;
    int unit_y = y - at->drawn.y + screen->top[TAB_BOARD];
    int col = (unit_x - LAYOUT_LEFT) / layout_pitch(at->box);
    int row = (unit_y - LAYOUT_TOP) / LAYOUT_ROW;
    bool writes = screen->writing != WRITE_NOTHING;
    bool free = !writes || (screen->writing == WRITE_BOX && control_board_keep(screen));
    if (!free || col < 0 || row < 0 || col >= BOARD_COLS_MAX || row >= BOARD_ROWS_MAX ||
        !(where & (AT_DRAWS | AT_POINTS))) {
        return;
    }
    const struct board_thing *was = screen_chosen(screen);
    uint32_t before = was ? was->id : 0;
    bool again = col == at->col && row == at->row;
    const struct board_thing *thing =
        board_find(control_shown(screen), thing_at(screen, unit_x, unit_y));
    at->picked = thing && thing->kind != BOARD_BOX ? thing->id : 0;
    at->hold = HOLD_NOTHING;
    go_to(screen, col, row);
    if (where & AT_POINTS) {
        point_chosen(screen);
    } else if (at->from != 0 || (again && (thing ? thing->id : 0) == before)) {
        write_or_lead(screen);
    }
}
