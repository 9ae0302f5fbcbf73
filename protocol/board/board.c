/* SPDX-License-Identifier: ISC */
/*
 * board.c: which changes the board takes, and what they do.
 *
 * One row of `acts` for each action: the kind of thing that it is about, and what it does to it.
 * Invariants: things stand in the order of their ids; of each kind no more are shown than its
 * bound, nor kept than twice that; board_take after board_check fails for want of memory alone, and
 * then changes nothing.
 */
#include "protocol/board/board.h"

#include <string.h>

#include "protocol/board/line.h"
#include "protocol/board/picture.h"
#include "protocol/board/store.h"
#include "protocol/text/text.h"

enum verb {
    VERB_NONE,
    VERB_ADD,
    VERB_MOVE,
    VERB_TEXT,
    VERB_STYLE,
    VERB_DROP,
    VERB_BACK,
    VERB_WRITE,
    VERB_POINT,
    VERB_PRIVATE,
    VERB_SHARE,
    VERB_PICTURE
};
static const struct act {
    uint8_t verb, kind;
} acts[ACTION_COUNT] = {
    [ACTION_BOX_ADD] = {VERB_ADD, BOARD_BOX},
    [ACTION_BOX_MOVE] = {VERB_MOVE, BOARD_BOX},
    [ACTION_BOX_TEXT] = {VERB_TEXT, BOARD_BOX},
    [ACTION_BOX_DROP] = {VERB_DROP, BOARD_BOX},
    [ACTION_BOX_BACK] = {VERB_BACK, BOARD_BOX},
    [ACTION_ARROW_ADD] = {VERB_ADD, BOARD_ARROW},
    [ACTION_ARROW_LABEL] = {VERB_TEXT, BOARD_ARROW},
    [ACTION_ARROW_STYLE] = {VERB_STYLE, BOARD_ARROW},
    [ACTION_ARROW_DROP] = {VERB_DROP, BOARD_ARROW},
    [ACTION_ARROW_BACK] = {VERB_BACK, BOARD_ARROW},
    [ACTION_FRAME_ADD] = {VERB_ADD, BOARD_FRAME},
    [ACTION_FRAME_MOVE] = {VERB_MOVE, BOARD_FRAME},
    [ACTION_FRAME_TEXT] = {VERB_TEXT, BOARD_FRAME},
    [ACTION_FRAME_DROP] = {VERB_DROP, BOARD_FRAME},
    [ACTION_FRAME_BACK] = {VERB_BACK, BOARD_FRAME},
    [ACTION_SPAN_ADD] = {VERB_ADD, BOARD_SPAN},
    [ACTION_SPAN_MOVE] = {VERB_MOVE, BOARD_SPAN},
    [ACTION_SPAN_TEXT] = {VERB_TEXT, BOARD_SPAN},
    [ACTION_SPAN_DROP] = {VERB_DROP, BOARD_SPAN},
    [ACTION_SPAN_BACK] = {VERB_BACK, BOARD_SPAN},
    [ACTION_STROKE_ADD] = {VERB_ADD, BOARD_STROKE},
    [ACTION_STROKE_DROP] = {VERB_DROP, BOARD_STROKE},
    [ACTION_STROKE_BACK] = {VERB_BACK, BOARD_STROKE},
    [ACTION_REQ_ADD] = {VERB_ADD, BOARD_REQ},
    [ACTION_REQ_SET] = {VERB_TEXT, BOARD_REQ},
    [ACTION_REQ_DROP] = {VERB_DROP, BOARD_REQ},
    [ACTION_REQ_BACK] = {VERB_BACK, BOARD_REQ},
    [ACTION_SHEET_WRITE] = {VERB_WRITE, BOARD_LINE},
    [ACTION_POINT_SET] = {VERB_POINT, 0},
    [ACTION_BOARD_PRIVATE] = {VERB_PRIVATE, 0},
    [ACTION_BOARD_SHARE] = {VERB_SHARE, 0},
    [ACTION_PICTURE_ADD] = {VERB_PICTURE, 0},
};
/* text: bytes at most; of a box once it is tidy. */
static const struct {
    uint16_t most, text;
    uint8_t styles;
    bool lines;    /* its text may have several lines */
    bool nameless; /* it may have no text */
} kinds[BOARD_KINDS] = {
    [BOARD_BOX] = {BOARD_BOXES_MAX, BOARD_BOX_MAX_BYTES, 2, false, false},
    [BOARD_ARROW] = {BOARD_ARROWS_MAX, BOARD_LABEL_MAX_BYTES, 3, false, true},
    [BOARD_FRAME] = {BOARD_FRAMES_MAX, BOARD_LABEL_MAX_BYTES, 1, false, false},
    [BOARD_SPAN] = {BOARD_SPANS_MAX, BOARD_LABEL_MAX_BYTES, 1, false, false},
    [BOARD_STROKE] = {BOARD_STROKES_MAX, 0, 1, false, true},
    [BOARD_REQ] = {BOARD_REQS_MAX, BOARD_REQ_MAX_BYTES, 1, true, false},
    [BOARD_LINE] = {BOARD_LINES_MAX, BOARD_LINE_MAX_BYTES, 3, true, false},
};

bool board_is_action(enum action act) {
    return (unsigned)act < ACTION_COUNT && acts[act].verb != VERB_NONE;
}

static const struct board_thing *find(const struct board *board, int64_t id, uint8_t kind) {
    const struct board_thing *thing = board_find(board, (uint32_t)id);
    return thing && thing->kind == kind ? thing : NULL;
}

static bool box_shown(const struct board *board, int64_t id) {
    const struct board_thing *box = find(board, id, BOARD_BOX);
    return box && !box->dropped;
}

bool board_is_shown(const struct board *board, const struct board_thing *thing) {
    return !thing->dropped && (thing->kind != BOARD_ARROW ||
                               (box_shown(board, thing->from) && box_shown(board, thing->to)));
}

const struct board_thing *board_at(const struct board *board, int64_t col, int64_t row) {
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        if (thing->kind == BOARD_BOX && !thing->dropped && thing->col == col && thing->row == row) {
            return thing;
        }
    }
    return NULL;
}

/* ---- what is refused ---- */

/* Every character has to have a picture, or to be the end of a line where lines may be. */
static bool text_is_plain(struct span text, bool lines) {
    for (uint32_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < ' ' && !(lines && c == '\n')) || c == 0x7f) {
            return false;
        }
    }
    return text_columns(text) > 0;
}

static enum refusal check_text(uint8_t kind, const struct body *body) {
    if (!(body->has & F(text))) {
        return kinds[kind].nameless ? REFUSAL_NONE : REFUSAL_BOARD_TEXT;
    }
    char tidy[2 * BOARD_BOX_MAX_BYTES];
    size_t len = body->text.len;
    if (kind == BOARD_BOX) {
        len = line_tidy(body->text, tidy, sizeof tidy);
    }
    bool good = len > 0 && len <= kinds[kind].text && text_is_plain(body->text, kinds[kind].lines);
    return good ? REFUSAL_NONE : REFUSAL_BOARD_TEXT;
}

static enum refusal check_place(const struct board *board, uint8_t kind, const struct body *body) {
    if (kind == BOARD_BOX) {
        if (body->col >= BOARD_COLS_MAX || body->row >= BOARD_ROWS_MAX) {
            return REFUSAL_OFF_GRID;
        }
        const struct board_thing *there = board_at(board, body->col, body->row);
        return there && there->id != body->thing ? REFUSAL_PLACE_TAKEN : REFUSAL_NONE;
    }
    if (kind != BOARD_FRAME && kind != BOARD_SPAN) {
        return REFUSAL_NONE;
    }
    int64_t rows = kind == BOARD_FRAME ? body->rows : 1;
    bool fits = body->col + body->cols <= BOARD_COLS_MAX && body->row + rows <= BOARD_ROWS_MAX;
    return fits ? REFUSAL_NONE : REFUSAL_OFF_GRID;
}

static enum refusal check_ends(const struct board *board, int64_t from, int64_t to) {
    if (from == to) {
        return REFUSAL_ARROW_SELF;
    }
    if (!box_shown(board, from) || !box_shown(board, to)) {
        return REFUSAL_NO_SUCH_THING;
    }
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *other = &board->things[i];
        if (other->kind == BOARD_ARROW && !other->dropped && other->from == from &&
            other->to == to) {
            return REFUSAL_ARROW_TWICE;
        }
    }
    return REFUSAL_NONE;
}

static enum refusal check_points(const struct body *body) {
    if (body->points.len % BOARD_POINT_BYTES != 0) {
        return REFUSAL_BAD_FIELD;
    }
    for (uint32_t i = 0; i + 1 < body->points.len; i += 2) {
        unsigned at = (unsigned)(unsigned char)body->points.at[i] << 8 |
                      (unsigned char)body->points.at[i + 1];
        if (at >= (i % BOARD_POINT_BYTES == 0 ? STROKE_X_MAX : STROKE_Y_MAX)) {
            return REFUSAL_OFF_GRID;
        }
    }
    return REFUSAL_NONE;
}

static enum refusal check_room_for(const struct board *board, uint8_t kind) {
    unsigned shown = 0;
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        shown += thing->kind == kind && board_is_shown(board, thing);
    }
    bool full =
        shown >= kinds[kind].most || (kind == BOARD_REQ && board->reqs >= BOARD_REQ_NUMBER_MAX);
    return full ? REFUSAL_BOARD_FULL : REFUSAL_NONE;
}

static enum refusal check_style(uint8_t kind, const struct body *body) {
    bool good = !(body->has & F(style)) || body->style < kinds[kind].styles;
    return good ? REFUSAL_NONE : REFUSAL_BAD_STYLE;
}

/* The first of several reasons. */
static enum refusal either(enum refusal first, enum refusal second) {
    return first != REFUSAL_NONE ? first : second;
}

static enum refusal check_add(const struct board *board, uint8_t by, uint8_t kind,
                              const struct body *body) {
    uint32_t n = (uint32_t)(body->thing % BOARD_IDS);
    if (by >= ROOM_SEATS_MAX || body->thing / BOARD_IDS != by || n <= board->last[by]) {
        return REFUSAL_BOARD_ID;
    }
    enum refusal refusal = either(check_text(kind, body), check_style(kind, body));
    refusal = either(refusal, check_place(board, kind, body));
    if (kind == BOARD_ARROW) {
        refusal = either(refusal, check_ends(board, body->from, body->to));
    } else if (kind == BOARD_STROKE) {
        refusal = either(refusal, check_points(body));
    }
    return either(refusal, check_room_for(board, kind));
}

static enum refusal check_back(const struct board *board, const struct board_thing *thing) {
    if (!thing->dropped) {
        return REFUSAL_SAME;
    }
    enum refusal refusal = check_room_for(board, thing->kind);
    if (thing->kind == BOARD_BOX && board_at(board, thing->col, thing->row)) {
        refusal = either(refusal, REFUSAL_PLACE_TAKEN);
    } else if (thing->kind == BOARD_ARROW) {
        refusal = either(refusal, check_ends(board, thing->from, thing->to));
    }
    return refusal;
}

/* A line that is new is added; without words it is dropped. */
static enum refusal check_write(const struct board *board, uint8_t by, const struct body *body) {
    const struct board_thing *thing = board_find(board, (uint32_t)body->thing);
    if (!thing) {
        return check_add(board, by, BOARD_LINE, body);
    }
    if (thing->kind != BOARD_LINE) {
        return REFUSAL_NO_SUCH_THING;
    }
    if (thing->by != by) {
        return REFUSAL_NOT_YOURS;
    }
    if (!(body->has & F(text))) {
        return thing->dropped ? REFUSAL_SAME : REFUSAL_NONE;
    }
    enum refusal refusal = either(check_text(BOARD_LINE, body), check_style(BOARD_LINE, body));
    return thing->dropped ? either(refusal, check_room_for(board, BOARD_LINE)) : refusal;
}

/* Of something that is there. */
static enum refusal check_change(const struct board *board, uint8_t by, const struct act *act,
                                 const struct body *body) {
    const struct board_thing *thing = find(board, body->thing, act->kind);
    if (!thing || (thing->dropped && act->verb != VERB_BACK)) {
        return REFUSAL_NO_SUCH_THING;
    }
    if (thing->by != by && (act->verb == VERB_TEXT || act->verb == VERB_STYLE)) {
        return REFUSAL_NOT_YOURS;
    }
    switch (act->verb) {
    case VERB_MOVE: return check_place(board, act->kind, body);
    case VERB_TEXT: return check_text(act->kind, body);
    case VERB_STYLE: return check_style(act->kind, body);
    case VERB_BACK: return check_back(board, thing);
    default: return REFUSAL_NONE;
    }
}

static enum refusal check_point(const struct board *board, uint8_t by, const struct body *body) {
    if (!(body->has & F(thing))) {
        return board->marks[by].thing == 0 ? REFUSAL_SAME : REFUSAL_NONE;
    }
    const struct board_thing *thing = board_find(board, (uint32_t)body->thing);
    return thing && board_is_shown(board, thing) ? REFUSAL_NONE : REFUSAL_NO_SUCH_THING;
}

enum refusal board_check(const struct board *board, uint8_t by, const struct body *body) {
    const struct act *act = &acts[body->act];
    if (by >= ROOM_SEATS_MAX) {
        return REFUSAL_NOT_A_MEMBER;
    }
    switch (act->verb) {
    case VERB_ADD: return check_add(board, by, act->kind, body);
    case VERB_WRITE: return check_write(board, by, body);
    case VERB_POINT: return check_point(board, by, body);
    /* It is not made longer by asking again. */
    case VERB_PRIVATE:
        return (board->private_at != 0) == (body->on != 0) ? REFUSAL_SAME : REFUSAL_NONE;
    case VERB_SHARE: return board->shared == (body->on != 0) ? REFUSAL_SAME : REFUSAL_NONE;
    case VERB_PICTURE: return picture_check(board, by, body);
    default: return check_change(board, by, act, body);
    }
}

/* A number may be skipped, as those of commands that were refused are. But who skips all of them
 * would leave none to whoever has the seat next. */
bool board_is_near(const struct board *board, uint8_t by, const struct body *body, uint32_t most) {
    uint8_t verb = acts[body->act].verb;
    bool adds =
        verb == VERB_ADD || (verb == VERB_WRITE && !board_find(board, (uint32_t)body->thing));
    uint32_t n = (uint32_t)(body->thing % BOARD_IDS);
    return !adds || n == board->last[by] + 1 || n <= most;
}

/* ---- what is done ---- */

/* The words as they are kept: of a box the tidy line. */
static char *text_of(uint8_t kind, const struct body *body) {
    char tidy[2 * BOARD_BOX_MAX_BYTES];
    if (!(body->has & F(text))) {
        return store_text((struct span){"", 0});
    }
    if (kind != BOARD_BOX) {
        return store_text(body->text);
    }
    size_t len = line_tidy(body->text, tidy, sizeof tidy);
    return store_text((struct span){tidy, (uint32_t)len});
}

/* What it cites for the first time, once there is memory for it (store_cites). */
static void cite(struct board *board, const struct board_thing *thing, int64_t at) {
    struct span text = span_of(thing->text);
    size_t from = 0;
    unsigned number;
    bool may = thing->kind == BOARD_BOX || thing->kind == BOARD_ARROW || thing->kind == BOARD_SPAN;
    while (may && (number = line_next_req(text, &from)) != 0) {
        store_cite(board, (struct board_cite){(uint16_t)number, thing->id, at});
    }
}

static void place(struct board_thing *thing, const struct body *body) {
    thing->col = (uint8_t)body->col;
    thing->row = (uint8_t)body->row;
    thing->cols = body->has & F(cols) ? (uint8_t)body->cols : 1;
    thing->rows = body->has & F(rows) ? (uint8_t)body->rows : 1;
}

static bool add(struct board *board, uint8_t by, uint8_t kind, const struct body *body,
                int64_t made) {
    struct board_thing thing = {.id = (uint32_t)body->thing,
                                .kind = kind,
                                .by = by,
                                .edited_by = by,
                                .style = body->has & F(style) ? (uint8_t)body->style : 0,
                                .made_at = made,
                                .edited_at = made,
                                .text = text_of(kind, body)};
    if (body->has & F(col)) {
        place(&thing, body);
    }
    if (kind == BOARD_ARROW) {
        thing.from = (uint32_t)body->from;
        thing.to = (uint32_t)body->to;
    } else if (kind == BOARD_STROKE) {
        thing.points = store_text(body->points);
        thing.point_bytes = body->points.len;
    } else if (kind == BOARD_REQ) {
        thing.number = (uint16_t)(board->reqs + 1);
    }
    bool good = thing.text && (kind != BOARD_STROKE || thing.points);
    if (!good || !store_cites(board) || !store_add(board, &thing, 2U * kinds[kind].most)) {
        store_drop(&thing);
        return false;
    }
    board->reqs += kind == BOARD_REQ;
    board->last[by] = thing.id % BOARD_IDS;
    cite(board, &thing, made);
    return true;
}

static bool reword(struct board *board, struct board_thing *thing, const struct body *body,
                   int64_t made) {
    char *text = store_cites(board) ? text_of(thing->kind, body) : NULL;
    if (!text) {
        return false;
    }
    store_swap(&thing->text, text);
    cite(board, thing, made);
    return true;
}

static bool change(struct board *board, struct board_thing *thing, enum verb verb,
                   const struct body *body, int64_t made) {
    switch (verb) {
    case VERB_MOVE: place(thing, body); return true;
    case VERB_TEXT: return reword(board, thing, body, made);
    case VERB_STYLE: thing->style = (uint8_t)body->style; return true;
    case VERB_DROP:
    case VERB_BACK: thing->dropped = verb == VERB_DROP; return true;
    default: break;
    }
    /* sheet.write of a line that there is */
    bool words = (body->has & F(text)) != 0;
    if (words && !reword(board, thing, body, made)) {
        return false;
    }
    thing->dropped = !words;
    thing->style = body->has & F(style) ? (uint8_t)body->style : thing->style;
    return true;
}

/* Nobody points at what is no longer there. */
static void unpoint(struct board *board) {
    for (int seat = 0; seat < ROOM_SEATS_MAX; seat++) {
        const struct board_thing *thing = board_find(board, board->marks[seat].thing);
        if (board->marks[seat].thing != 0 && (!thing || !board_is_shown(board, thing))) {
            board->marks[seat] = (struct board_mark){0, 0};
        }
    }
}

bool board_take(struct board *board, uint8_t by, const struct body *body, int64_t made) {
    const struct act *act = &acts[body->act];
    struct board_thing *thing = store_find(board, body->has & F(thing) ? body->thing : 0);
    switch (act->verb) {
    case VERB_POINT:
        board->marks[by] =
            (struct board_mark){body->has & F(thing) ? (uint32_t)body->thing : 0, made};
        return true;
    case VERB_PRIVATE: board->private_at = body->on ? made : 0; return true;
    case VERB_SHARE: board->shared = body->on != 0; return true;
    case VERB_PICTURE: picture_take(board, by, body, made); return true;
    default: break;
    }
    if (!thing) {
        bool added = add(board, by, act->kind, body, made);
        unpoint(board);
        return added;
    }
    if (!change(board, thing, act->verb, body, made)) {
        return false;
    }
    thing->edits++;
    thing->edited_by = by;
    thing->edited_at = made;
    unpoint(board);
    return true;
}
