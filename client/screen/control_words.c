/* SPDX-License-Identifier: ISC */
/*
 * control_words.c: the words of boxes, arrows, frames and spans, and the worksheet's lines, while
 * they are written in the line at the bottom.
 *
 * Invariant: while a new box is written, `board.from` is the box that an arrow leads to it from.
 */
#include <stdio.h>
#include <string.h>

#include "client/screen/control_parts.h"
#include "protocol/board/line.h"

static size_t paper_bound(const struct screen *screen) {
    return screen->board.kind == 0 ? BOARD_REQ_MAX_BYTES : BOARD_LINE_MAX_BYTES;
}

/* With that text, or what was left of the same. */
static void write_line(struct screen *screen, enum writing writing, uint32_t edits,
                       const char *text) {
    screen->board.edits = edits;
    if (!control_write(screen, writing)) {
        input_put(&screen->input, text);
    }
    if (writing == WRITE_PAPER) {
        screen->input.max = paper_bound(screen);
    }
}

/* What a new line of the worksheet begins with: the next name, where the framework names lines. */
enum { NEW_LINE_SIZE = PACK_SLOT_MAX + 3 };
static const char *new_line_text(struct screen *screen, char out[NEW_LINE_SIZE]) {
    const char *slot = room_open_slot(&control_model(screen)->room, control_shown(screen), 0);
    out[0] = '\0';
    if (slot) {
        snprintf(out, NEW_LINE_SIZE, "%s: ", slot);
    }
    return out;
}

/* Keeps a line that has something of one's own in it. False: it has not. */
static bool keep_words(struct screen *screen) {
    char text[NEW_LINE_SIZE] = "";
    const struct board_thing *thing = board_find(control_shown(screen), screen->board.edits);
    const char *begun = thing                            ? thing->text
                        : screen->writing == WRITE_PAPER ? new_line_text(screen, text)
                                                         : text;
    if (input_is_empty(&screen->input) || strcmp(screen->input.text, begun) == 0) {
        return false;
    }
    control_keep_line(screen);
    return true;
}

static struct span written(const struct screen *screen) {
    return input_span(&screen->input);
}

/* ---- the board ---- */

/* A label holds less than a box. */
static void bound(struct screen *screen, bool label) {
    screen->input.max = label ? BOARD_LABEL_MAX_BYTES : BOARD_BOX_MAX_BYTES;
}

void control_begin(struct screen *screen, enum board_begun begun, int letter) {
    screen->board.begun = begun;
    screen->board.hold = HOLD_NOTHING;
    screen->board.picked = 0;
    if (letter != 0) { /* is the first of other words; Enter goes on with those that were left */
        screen->board.edits = 0;
        control_write_anew(screen, WRITE_BOX);
    } else {
        write_line(screen, WRITE_BOX, 0, "");
    }
    bound(screen, begun > BEGUN_WORDS);
    if (letter != 0 && !input_insert(&screen->input, (wchar_t)letter)) {
        screen->writing = WRITE_NOTHING;
    }
}

void control_rewrite(struct screen *screen) {
    const struct board_thing *thing = screen_chosen(screen);
    screen->board.hold = HOLD_NOTHING;
    write_line(screen, WRITE_BOX, thing->id, thing->text);
    bound(screen, thing->kind != BOARD_BOX);
}

static enum action text_of(const struct board_thing *thing) {
    switch (thing->kind) {
    case BOARD_ARROW: return ACTION_ARROW_LABEL;
    case BOARD_FRAME: return ACTION_FRAME_TEXT;
    case BOARD_SPAN: return ACTION_SPAN_TEXT;
    default: return ACTION_BOX_TEXT;
    }
}

static bool keep_change(struct screen *screen, const struct board_thing *thing) {
    bool empty = input_is_empty(&screen->input);
    struct body body = control_thing(text_of(thing), thing->id);
    body.text = written(screen);
    body.has |= empty ? 0 : F(text);
    if ((empty && thing->kind != BOARD_ARROW) || strcmp(screen->input.text, thing->text) == 0) {
        return true; /* left as it was */
    }
    return control_put(screen, &body, "Words");
}

/* A frame is one place large at first, a span one column. */
static struct body begun_body(struct screen *screen) {
    static const struct {
        enum action act;
        field_set has;
    } rows[] = {[BEGUN_BOX] = {ACTION_BOX_ADD, 0},
                [BEGUN_WORDS] = {ACTION_BOX_ADD, F(style)},
                [BEGUN_FRAME] = {ACTION_FRAME_ADD, F(cols) | F(rows)},
                [BEGUN_SPAN] = {ACTION_SPAN_ADD, F(cols)}};
    const struct screen_board *at = &screen->board;
    struct body body = control_thing(rows[at->begun].act, control_next_id(screen));
    body.has |= F(text) | F(col) | F(row) | rows[at->begun].has;
    body.text = written(screen);
    body.col = at->col;
    body.row = at->row;
    body.cols = body.rows = 1;
    body.style = BOX_TEXT;
    return body;
}

/* What was begun; 0: it was not taken. */
static uint32_t keep_begun(struct screen *screen) {
    static const char *const words[] = {"Box", "Words", "Frame", "Span"};
    struct body body = begun_body(screen);
    uint32_t id = (uint32_t)body.thing;
    if (!control_put(screen, &body, words[screen->board.begun])) {
        return 0;
    }
    control_forget_line(screen);
    if (screen->board.begun <= BEGUN_WORDS) {
        control_arrow_to(screen, id);
    } else {
        screen->board.picked = id;
        screen->board.hold = HOLD_STRETCH;
        control_say(screen, false, "The arrow keys stretch it; Esc lets it go.");
    }
    return id;
}

/* Where the next box begins: to the right of the one that was kept, unless that place is taken. */
static void begin_next(struct screen *screen, uint32_t box) {
    struct screen_board *at = &screen->board;
    if (at->col + 1 < BOARD_COLS_MAX && !board_at(control_shown(screen), at->col + 1, at->row)) {
        at->col++;
        at->from = box;
        screen->cursor_moved = true;
        control_begin(screen, BEGUN_BOX, 0);
    }
}

/* Nothing is left to write: what was written is kept, or there was nothing. */
static void box_line(struct screen *screen) {
    const struct board_thing *thing = board_find(control_shown(screen), screen->board.edits);
    if (thing) {
        screen->writing = keep_change(screen, thing) ? WRITE_NOTHING : WRITE_BOX;
        return;
    }
    uint32_t id = input_is_empty(&screen->input) ? 0 : keep_begun(screen);
    if (id != 0 || input_is_empty(&screen->input)) {
        screen->writing = WRITE_NOTHING;
        screen->board.from = 0;
    }
    if (id != 0 && screen->board.begun == BEGUN_BOX) {
        begin_next(screen, id);
    }
}

bool control_board_keep(struct screen *screen) {
    const struct board_thing *thing = board_find(control_shown(screen), screen->board.edits);
    bool kept = thing                            ? keep_change(screen, thing)
                : input_is_empty(&screen->input) ? true
                                                 : keep_begun(screen) != 0;
    screen->writing = kept ? WRITE_NOTHING : screen->writing;
    return kept;
}

bool control_board_elsewhere(struct screen *screen, int code) {
    bool fresh =
        screen_writes_box(screen) && screen->board.edits == 0 && input_is_empty(&screen->input);
    if (!fresh || code < CODE_UP || code > CODE_RIGHT) {
        return false;
    }
    screen->writing = WRITE_NOTHING;
    control_board_step(screen, (code == CODE_RIGHT) - (code == CODE_LEFT),
                       (code == CODE_DOWN) - (code == CODE_UP));
    return true;
}

/* The rest of the first box's name that begins with what is written; empty: none does. */
static struct span rest_of_name(const struct board *board, struct span begun) {
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        struct box_line line;
        if (thing->kind != BOARD_BOX || thing->dropped) {
            continue;
        }
        line_read(span_of(thing->text), &line);
        if (line.name.len > begun.len && memcmp(line.name.at, begun.at, begun.len) == 0) {
            return (struct span){line.name.at + begun.len, line.name.len - begun.len};
        }
    }
    return (struct span){NULL, 0};
}

bool control_board_complete(struct screen *screen, int code) {
    const struct input_line *input = &screen->input;
    char rest[BOARD_BOX_MAX_BYTES + 1];
    if (code != CODE_RIGHT || !screen_writes_box(screen) || input->len == 0 ||
        input->cursor != input->len) {
        return false;
    }
    struct span found =
        rest_of_name(control_shown(screen), (struct span){input->text, (uint32_t)input->len});
    if (found.len > 0) {
        snprintf(rest, sizeof rest, "%.*s", (int)found.len, found.at);
        input_put(&screen->input, rest);
    }
    return found.len > 0;
}

/* By which keys what is being written is gone on with, once it is left. */
static const char *keys_again(const struct screen *screen) {
    static const char *const begun[] = {"Enter in this place goes on", "\" in this place goes on",
                                        "# in this place goes on", "_ in this place goes on"};
    bool fresh = screen->board.edits == 0;
    return screen->writing == WRITE_PAPER ? (fresh ? "+ goes on" : "+ and Up go on")
           : fresh                        ? begun[screen->board.begun]
                                          : "Enter on it goes on";
}

void control_board_escape(struct screen *screen) {
    char words[sizeof screen->said] = "Left as it was.";
    if (keep_words(screen)) {
        snprintf(words, sizeof words, "Left; %s with the text, Ctrl-X then throws it away.",
                 keys_again(screen));
    }
    screen->writing = WRITE_NOTHING;
    screen->board.from = 0;
    if (!input_is_empty(&screen->input)) {
        control_say(screen, false, words);
    }
}

/* ---- the worksheet ---- */

void control_paper(struct screen *screen) {
    char text[NEW_LINE_SIZE];
    screen->board.kind = 0;
    write_line(screen, WRITE_PAPER, 0, new_line_text(screen, text));
}

static void paper_line(struct screen *screen) {
    struct screen_board *at = &screen->board;
    const struct board_thing *thing = board_find(control_shown(screen), at->edits);
    bool empty = input_is_empty(&screen->input);
    bool is_req = thing ? thing->kind == BOARD_REQ : at->kind == 0;
    screen->writing = WRITE_NOTHING;
    if (empty && !thing) {
        return;
    }
    struct body body =
        control_thing(ACTION_SHEET_WRITE, thing ? (int64_t)thing->id : control_next_id(screen));
    if (is_req) {
        body.act = empty ? ACTION_REQ_DROP : thing ? ACTION_REQ_SET : ACTION_REQ_ADD;
    } else if (!thing) {
        body.has |= F(style);
        body.style = at->kind - 1;
    }
    body.text = written(screen);
    body.has |= empty ? 0 : F(text);
    if (!control_put(screen, &body, is_req ? "Requirement" : "Line")) {
        screen->writing = WRITE_PAPER;
    }
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

enum empty_sign { EMPTY_NONE, EMPTY_RIVAL, EMPTY_REASON, EMPTY_PART };

/* Takes back a sign that the line ends in, so that none is left without words. Which it was. */
static enum empty_sign take_sign(struct input_line *input) {
    static const struct {
        const char *text;
        enum empty_sign sign;
    } signs[] = {
        {"\xe2\x89\xa0", EMPTY_RIVAL}, {"!=", EMPTY_RIVAL}, {":", EMPTY_REASON}, {";", EMPTY_PART}};
    size_t end = input->len;
    while (end > 0 && input->text[end - 1] == ' ') {
        end--;
    }
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t len = strlen(signs[i].text);
        if (end < len || memcmp(input->text + end - len, signs[i].text, len) != 0) {
            continue;
        }
        end -= len;
        while (end > 0 && input->text[end - 1] == ' ') {
            end--;
        }
        while (input->len > end) {
            input_key(input, CODE_BACKSPACE);
        }
        return signs[i].sign;
    }
    return EMPTY_NONE;
}

/* The next sign of a box's line, so that its fields need no form; of a new line what it is. */
void control_board_tab(struct screen *screen) {
    if (screen->writing == WRITE_PAPER && screen->board.edits == 0) {
        screen->board.kind = (screen->board.kind + 1) % 4;
        screen->input.max = paper_bound(screen);
    }
    if (!screen_writes_box(screen)) {
        return;
    }
    input_key(&screen->input, CODE_END);
    enum empty_sign empty = take_sign(&screen->input);
    bool parts = has(screen, ";") || empty >= EMPTY_REASON;
    const wchar_t *sign = !parts && empty == EMPTY_NONE && !has(screen, "\xe2\x89\xa0") &&
                                  !has(screen, "!=") && !has(screen, ": ")
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
    const struct board_thing *thing = board_find(control_shown(screen), things[at - 1]);
    (void)keep_words(screen);
    screen->board.kind = thing->kind == BOARD_REQ ? 0 : 1 + thing->style;
    write_line(screen, WRITE_PAPER, thing->id, thing->text);
}

void control_take_fact(struct screen *screen) {
    const char *text = screen_fact(screen);
    if (!text) {
        control_say(screen, false, "Every fact that was shown is written down.");
        return;
    }
    struct body body = control_thing(ACTION_REQ_ADD, control_next_id(screen));
    body.has |= F(text);
    body.text = span_of(text);
    unsigned number = control_shown(screen)->reqs + 1U;
    if (control_put(screen, &body, "Requirement")) {
        char words[64];
        snprintf(words, sizeof words, "Written down as R%u; B shows the worksheet.", number);
        control_say(screen, false, screen->tab == TAB_BOARD ? "" : words);
    }
}
