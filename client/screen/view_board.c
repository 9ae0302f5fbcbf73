/* SPDX-License-Identifier: ISC */
/*
 * view_board.c: the design board, drawn by the core's canvas, and under it the worksheet.
 *
 * The candidate's screen says nothing of what is missing: which requirements nothing answers, and
 * which boxes answer none, is the panel's to see.
 */
#include "client/screen/views.h"

#include <stdio.h>
#include <string.h>

#include "protocol/board/canvas.h"
#include "protocol/board/picture.h"
#include "protocol/board/words.h"

enum { BOX_NAME_SIZE = 64 };

enum { KILO = 1000 };

static enum style style_of(const struct canvas_cell *cell) {
    switch ((enum canvas_style)cell->style) {
    case CANVAS_NAME: return STYLE_STRONG;
    case CANVAS_FAINT: return STYLE_FAINT;
    case CANVAS_MARKED: return STYLE_HALF;
    case CANVAS_CHOSEN: return STYLE_NOW;
    case CANVAS_PLAIN: break;
    }
    return STYLE_PLAIN;
}

static void draw_canvas(struct area area, const struct canvas *canvas, int left, int top) {
    for (int y = 0; y < area.height && y + top < canvas->height; y++) {
        for (int x = 0; x < area.width && x + left < canvas->width; x++) {
            const struct canvas_cell *cell =
                &canvas->cells[(size_t)(y + top) * (size_t)canvas->width + (size_t)(x + left)];
            char text[CANVAS_CELL_BYTES];
            canvas_text(cell, text);
            if (text[0] != '\0' && text[0] != ' ') {
                area_text(area, x, y, style_of(cell), text);
            }
        }
    }
}

static int between(int value, int low, int high) {
    return value < low ? low : value > high ? high : value;
}

/* How wide boxes are: five layers are in sight as far as they can be. */
static int box_width(int width) {
    enum { LAYERS = 5, NARROW = LAYOUT_BOX_WIDTH - 1, BORDER = 1 };
    int most = layout_narrow_cell(LAYOUT_BOX_WIDTH, LAYERS - 1, 0).x + LAYOUT_BOX_WIDTH + BORDER;
    int rest = layout_narrow_cell(NARROW, LAYERS - 1, 0).x - (LAYERS - 1) * NARROW + BORDER;
    return width >= most ? LAYOUT_BOX_WIDTH
                         : between((width - rest) / LAYERS, LAYOUT_BOX_MIN, NARROW);
}

static struct layout_rect cursor_cell(const struct screen *screen) {
    return layout_narrow_cell(screen->board.box, screen->board.col, screen->board.row);
}

/* The free place with the cursor, with what is being written there, in a board drawn from (left,
 * top). */
static void draw_cursor(const struct screen *screen, struct area area) {
    struct layout_rect cell = cursor_cell(screen);
    int x = cell.x - screen->board.left;
    int y = cell.y - screen->top[TAB_BOARD];
    if (screen_chosen(screen)) {
        return;
    }
    area_text(area, x, y, STYLE_NOW, "\u250c\u2574");
    area_text(area, x + cell.w - 2, y, STYLE_NOW, "\u2576\u2510");
    area_text(area, x, y + cell.h - 1, STYLE_NOW, "\u2514\u2574");
    area_text(area, x + cell.w - 2, y + cell.h - 1, STYLE_NOW, "\u2576\u2518");
    if (screen->writing == WRITE_BOX && screen->board.edits == 0) {
        area_cut(area, x + 1, y + 1, cell.w - 2, STYLE_NOW, screen->input.text);
    }
}

static void names_of(const struct room *room, const char *names[ROOM_SEATS_MAX]) {
    for (int i = 0; i < ROOM_SEATS_MAX; i++) {
        names[i] = i < room->seat_count ? room->seats[i].name : NULL;
    }
}

/* Layer by layer, no further than brings the place with the cursor in sight, or as far as it was
 * scrolled. */
static void scroll(struct screen *screen, struct area area, const struct canvas *canvas,
                   bool chooses) {
    struct layout_rect cell = cursor_cell(screen);
    int pitch = layout_pitch(screen->board.box);
    int left = chooses ? 0 : screen->board.left / pitch;
    int top = screen->top[TAB_BOARD];
    int beyond = cell.x + cell.w + 1 - area.width;
    int widest = canvas->width - area.width;
    if (chooses) {
        left = beyond > 0 ? (beyond + pitch - 1) / pitch : 0;
        beyond = cell.y + cell.h - area.height;
        top = between(top, beyond > 0 ? beyond : 0, cell.y > 0 ? cell.y - 1 : 0);
    } else {
        left = between(left, 0, widest > 0 ? (widest + pitch - 1) / pitch : 0);
        top = between(top, 0, canvas->height > area.height ? canvas->height - area.height : 0);
    }
    screen->board.left = left * pitch;
    screen->top[TAB_BOARD] = top;
}

static void draw_board(struct screen *screen, struct area area, bool chooses) {
    const struct model *model = &screen->feed->model;
    const struct room *room = &model->room;
    const struct board_thing *chosen = chooses ? screen_chosen(screen) : NULL;
    const char *names[ROOM_SEATS_MAX];
    int seat = room_candidate(room);
    bool named = room_names_lines(room);
    struct canvas canvas;
    names_of(room, names);
    screen->board.box = box_width(area.width);
    screen->board.drawn = (struct rect){area.x, area.y, area.width, area.height};
    const struct canvas_options options = {.ascii = area.paint->ascii,
                                           .box = (uint8_t)screen->board.box,
                                           .chosen = chosen ? chosen->id : 0,
                                           .loose = model->role != ROLE_CANDIDATE,
                                           .author = seat < 0 ? SEAT_SERVER : (uint8_t)seat,
                                           .names = names,
                                           .layers = named ? room->pack->layers : NULL,
                                           .layer_count = named ? room->pack->layer_count : 0};
    if (!canvas_draw(&canvas, drawing_shown(&screen->feed->model), &options)) {
        area_text(area, 0, 0, STYLE_BAD, "Out of memory.");
        return;
    }
    scroll(screen, area, &canvas, chooses);
    draw_canvas(area, &canvas, screen->board.left, screen->top[TAB_BOARD]);
    if (chooses) {
        draw_cursor(screen, area);
    }
    canvas_free(&canvas);
    views_hit(screen, area, 0, 0, area.width, area.height, HIT_BOARD, 0);
}

/* ---- the worksheet ---- */

/* Who of the panel points at it. */
static const char *pointer(const struct screen *screen, const struct board *board, uint32_t id) {
    for (int seat = 0; seat < ROOM_SEATS_MAX; seat++) {
        if (board->marks[seat].thing == id) {
            return screen_name(screen, (uint8_t)seat);
        }
    }
    return NULL;
}

/* A requirement that nothing answers: the panel alone is told. */
static bool is_open(const struct screen *screen, const struct board_thing *thing) {
    const struct model *model = &screen->feed->model;
    int seat = room_candidate(&model->room);
    return model->role != ROLE_CANDIDATE && thing->kind == BOARD_REQ && seat >= 0 &&
           !board_answers(drawing_shown(&screen->feed->model), (uint8_t)seat, thing->number);
}

static void draw_line(struct screen *screen, struct area area, int y, int row, uint32_t id) {
    static const char *const styles[] = {"", "parked", "scratch"};
    const struct model *model = &screen->feed->model;
    const struct board *board = drawing_shown(&screen->feed->model);
    const struct board_thing *thing = board_find(board, id);
    bool panel = model->role != ROLE_CANDIDATE;
    int x = 1;
    if (panel && keys_letter(row) != 0 && screen_where(screen) & AT_POINTS) {
        area_print(area, x, y, STYLE_KEY, "%c", keys_letter(row));
    }
    x += panel ? 2 : 0;
    if (thing->kind == BOARD_REQ) {
        x += area_print(area, x, y, STYLE_STRONG, "R%u ", thing->number);
    } else if (thing->style != LINE_PLAIN) {
        x += area_print(area, x, y, STYLE_FAINT, "%s ", styles[thing->style % 3]);
    }
    const char *who = pointer(screen, board, id);
    bool open = is_open(screen, thing);
    int room = area.width - x - (who ? 14 : 0) - (open ? 18 : 0) - 1;
    x += area_cut(area, x, y, room, STYLE_PLAIN, thing->text) + 1;
    if (open) {
        x += area_text(area, x, y, STYLE_HALF, "no box answers it") + 1;
    }
    if (who) {
        x += area_text(area, x, y, STYLE_HALF, "*");
        area_cut(area, x, y, 12, STYLE_HALF, who);
    }
    views_hit(screen, area, 0, y, area.width, 1, HIT_ROW, row);
}

/* Names that a guided room has for lines, as far as no line has one yet: on one row. */
static void draw_slots(const struct screen *screen, struct area area, int y) {
    const struct room *room = &screen->feed->model.room;
    const char *slot;
    int x = 1;
    for (unsigned i = 0; (slot = room_open_slot(room, drawing_shown(&screen->feed->model), i));
         i++) {
        x += area_text(area, x, y, STYLE_FAINT, slot);
        x += area_text(area, x, y, STYLE_FAINT, ": ...  ");
    }
}

/* A line with all its words, and behind them who points at it and what is open. */
static void flow_paper(struct screen *screen, struct flow *flow, int row, uint32_t id) {
    static const char *const styles[] = {"-", "parked", "scratch"};
    const struct board *board = drawing_shown(&screen->feed->model);
    const struct board_thing *thing = board_find(board, id);
    const char *who = pointer(screen, board, id);
    char front[32];
    char number[16] = "";
    if (thing->kind == BOARD_REQ) {
        snprintf(number, sizeof number, "R%u", thing->number);
    }
    char letter = (char)(screen_points(screen) ? keys_letter(row) : 0);
    snprintf(front, sizeof front, "%c %-8s", letter ? letter : ' ',
             thing->kind == BOARD_REQ ? number : styles[thing->style % 3]);
    flow_item(flow, 1, thing->kind == BOARD_REQ ? STYLE_STRONG : STYLE_FAINT, front, STYLE_PLAIN,
              thing->text);
    if (who) {
        char words[NAME_MAX_BYTES + 16];
        snprintf(words, sizeof words, "* %s points here", who);
        flow_text(flow, 11, STYLE_HALF, words);
    }
    if (is_open(screen, thing)) {
        flow_text(flow, 11, STYLE_HALF, "no box answers it");
    }
}

/* The worksheet alone: requirements, lines and what is parked, then the scratch page. */
static void draw_paper_whole(struct screen *screen, struct area area, const uint32_t *things,
                             int count) {
    const struct board *board = drawing_shown(&screen->feed->model);
    struct flow flow = flow_begin(area, screen->board.paper_top);
    for (int scratch = 0; scratch < 2; scratch++) {
        for (int i = 0; i < count; i++) {
            const struct board_thing *thing = board_find(board, things[i]);
            bool is_scratch = thing->kind == BOARD_LINE && thing->style == LINE_SCRATCH;
            if (is_scratch == (scratch != 0)) {
                flow_paper(screen, &flow, i, things[i]);
            }
        }
    }
    if (count == 0) {
        flow_text(&flow, 1, STYLE_FAINT, "Nothing was written yet.");
    }
    int max = flow_top_max(&flow);
    screen->board.paper_top = between(screen->board.paper_top, 0, max);
}

static void draw_paper(struct screen *screen, struct area area, const uint32_t *things, int count,
                       bool slots) {
    area_row(area, 0, 0, STYLE_RULE, SIGN_RULE, area.width);
    int rows = area.height - 1 - slots;
    int first = count > rows ? count - rows : 0;
    for (int i = first; i < count; i++) {
        draw_line(screen, area, 1 + i - first, i, things[i]);
    }
    if (slots) {
        draw_slots(screen, area, area.height - 1);
    }
}

/* ---- the pane ---- */

/* The first word or two of a box, to name it by. */
static void box_name(const struct board *board, uint32_t id, char out[BOX_NAME_SIZE]) {
    const struct board_thing *box = board_find(board, id);
    struct board_words words;
    out[0] = '\0';
    if (box) {
        words_of(box, LAYOUT_BOX_WIDTH, &words);
        words_cut(span_of(words.count ? words.lines[0] : ""), 16, out, BOX_NAME_SIZE);
    }
}

/* What is chosen or being led, in words: nothing is told by colour alone. */
static void chosen_words(const struct screen *screen, char *out, size_t size) {
    static const char *const holds[] = {"", ", carried", ", stretched"};
    const struct board *board = drawing_shown(&screen->feed->model);
    const struct board_thing *thing = screen_chosen(screen);
    const struct screen_board *at = &screen->board;
    char from[BOX_NAME_SIZE];
    char to[BOX_NAME_SIZE] = "";
    out[0] = '\0';
    if (at->from != 0) {
        box_name(board, at->from, from);
        snprintf(out, size, "arrow from %s", from);
    } else if (thing && thing->kind == BOARD_ARROW) {
        box_name(board, thing->from, from);
        box_name(board, thing->to, to);
        snprintf(out, size, "arrow %s > %s%s%s", from, to, thing->text[0] ? ": " : "", thing->text);
    } else if (thing && thing->kind != BOARD_BOX) {
        words_cut(span_of(thing->text), 16, to, sizeof to);
        snprintf(out, size, "%s %s%s", thing->kind == BOARD_FRAME ? "frame" : "span", to,
                 holds[at->hold]);
    } else if (thing) {
        snprintf(out, size, "%s", at->hold == HOLD_CARRY ? "carried" : "");
    }
}

static void draw_states(const struct screen *screen, struct area area) {
    bool writes = screen->writing == WRITE_BOX || screen->writing == WRITE_PAPER;
    const struct model *model = &screen->feed->model;
    char words[3 * BOX_NAME_SIZE];
    chosen_words(screen, words, sizeof words);
    int x = 1;
    x += area_text(area, x, 0, writes ? STYLE_FAINT : STYLE_SELECTED,
                   writes ? " choose " : "[choose]");
    x += area_text(area, x, 0, writes ? STYLE_SELECTED : STYLE_FAINT,
                   writes ? "[write]" : " write ");
    if (!writes) {
        x += 2 + area_print(area, x + 2, 0, STYLE_FAINT, "layer %d, row %d", screen->board.col + 1,
                            screen->board.row + 1);
    }
    x += 2 + area_cut(area, x + 2, 0, area.width - x - 3, STYLE_HALF, words);
    if (writes && model->message_bad) {
        area_cut(area, x + 2, 0, area.width - x - 3, STYLE_BAD, model->message);
    }
}

/* The pane's head: choose or write, where, and what is held back. */
static void draw_head(struct screen *screen, struct area area, bool draws) {
    const struct model *model = &screen->feed->model;
    const struct board *board = drawing_shown(&screen->feed->model);
    bool unseen = board_private_until(board, screen->now) > 0;
    if (unseen && model->role == ROLE_CANDIDATE) {
        char held[32];
        snprintf(held, sizeof held, "%u held%s", model->drawing.held_count,
                 screen->writing == WRITE_NOTHING ? ", * shows it" : ""); /* else it is a sign */
        int columns = (int)strlen(held);
        area_text(area, area.width - columns - 1, 0, STYLE_HALF, held);
        area.width -= columns + 2;
    }
    if (draws) {
        draw_states(screen, area);
    } else if (unseen) {
        area_text(area, 1, 0, STYLE_HALF, "The candidate thinks unseen.");
    } else if (!board_is_used(board)) {
        area_text(area, 1, 0, STYLE_FAINT, "Nothing was drawn or written yet.");
    }
}

/* The last picture that is on record: a terminal says that it is there. */
static const struct board_picture *last_picture(const struct board *board) {
    const struct board_picture *last = NULL;
    for (uint8_t i = 0; i < board->picture_count; i++) {
        last = board->pictures[i].left == 0 ? &board->pictures[i] : last;
    }
    return last;
}

static void draw_picture(const struct screen *screen, struct area area,
                         const struct board_picture *picture) {
    area_print(area, 1, 0, STYLE_FAINT,
               "%s put a picture on record (%s, %u KB); page and report show it.",
               screen_name(screen, picture->by), picture_name((enum picture_kind)picture->kind),
               (unsigned)(picture->bytes + KILO - 1) / KILO);
}

void view_board(struct screen *screen, struct area area) {
    const struct model *model = &screen->feed->model;
    uint32_t things[SCREEN_PAPER_MAX];
    int count = screen_paper(screen, things);
    unsigned where = screen_where(screen);
    bool draws = (where & AT_DRAWS) != 0;
    if (screen->board.paper) {
        area_text(area, 1, 0, STYLE_TITLE, "Worksheet");
        draw_paper_whole(screen, area_part(area, 0, 1, area.width, area.height - 1), things, count);
        return;
    }
    bool slots = room_open_slot(&model->room, drawing_shown(&screen->feed->model), 0) != NULL;
    int lines = count + slots;
    int paper = lines == 0 ? 0 : lines + 1 < area.height / 3 ? lines + 1 : area.height / 3;
    bool head = draws || board_private_until(&model->room.board, screen->now) > 0 ||
                !board_is_used(&model->room.board);
    if (head) {
        draw_head(screen, area_part(area, 0, 0, area.width, 1), draws);
    }
    const struct board_picture *picture = last_picture(&model->room.board);
    if (picture) {
        draw_picture(screen, area_part(area, 0, area.height - 1, area.width, 1), picture);
        area.height--;
    }
    draw_board(screen, area_part(area, 0, head, area.width, area.height - paper - head),
               (where & (AT_DRAWS | AT_POINTS)) != 0);
    if (paper > 1) {
        draw_paper(screen, area_part(area, 0, area.height - paper, area.width, paper), things,
                   count, slots);
    }
}

void view_board_side(struct screen *screen, struct area area) {
    int x = area_text(area, 1, 0, STYLE_TITLE, "Board") + 2;
    x += area_text(area, x, 0, STYLE_KEY, "B") + 1;
    area_text(area, x, 0, STYLE_FAINT, "whole");
    draw_board(screen, area_part(area, 0, 1, area.width, area.height - 1), false);
}
