/* SPDX-License-Identifier: ISC */
/*
 * view_board.c: the design board, drawn by the core's canvas, and under it the worksheet.
 *
 * The candidate's screen says nothing of what is missing: which requirements nothing answers is the
 * panel's to see.
 */
#include "client/screen/views.h"

#include <stdio.h>
#include <string.h>

#include "protocol/board/canvas.h"

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

/* Where the place with the cursor is, in a board drawn from (left, top). */
static void draw_cursor(const struct screen *screen, struct area area, int left, int top) {
    struct layout_rect cell = layout_cell(screen->board.col, screen->board.row);
    int x = cell.x - left;
    int y = cell.y - top;
    if (screen_box(screen) == 0) {
        area_text(area, x, y, STYLE_NOW, "\u250c\u2574");
        area_text(area, x + cell.w - 2, y, STYLE_NOW, "\u2576\u2510");
        area_text(area, x, y + cell.h - 1, STYLE_NOW, "\u2514\u2574");
        area_text(area, x + cell.w - 2, y + cell.h - 1, STYLE_NOW, "\u2576\u2518");
    }
}

static void names_of(const struct room *room, const char *names[ROOM_SEATS_MAX]) {
    for (int i = 0; i < ROOM_SEATS_MAX; i++) {
        names[i] = i < room->seat_count ? room->seats[i].name : NULL;
    }
}

/* So that the place with the cursor is in sight, or as far as it was scrolled. */
static void scroll(struct screen *screen, struct area area, const struct canvas *canvas,
                   bool chooses, int *left, int *top) {
    struct layout_rect cell = layout_cell(screen->board.col, screen->board.row);
    *left = screen->board.left;
    *top = screen->top[TAB_BOARD];
    if (chooses) {
        int beyond = cell.x + cell.w + 1 - area.width;
        *left = between(*left, beyond > 0 ? beyond : 0, cell.x - 1);
        beyond = cell.y + cell.h - area.height;
        *top = between(*top, beyond > 0 ? beyond : 0, cell.y > 0 ? cell.y - 1 : 0);
    } else {
        *left = between(*left, 0, canvas->width > area.width ? canvas->width - area.width : 0);
        *top = between(*top, 0, canvas->height > area.height ? canvas->height - area.height : 0);
    }
    screen->board.left = *left;
    screen->top[TAB_BOARD] = *top;
}

static void draw_board(struct screen *screen, struct area area, bool chooses) {
    const struct room *room = &screen->feed->model.room;
    const char *names[ROOM_SEATS_MAX];
    int seat = room_candidate(room);
    struct canvas canvas;
    names_of(room, names);
    const struct canvas_options options = {.ascii = area.paint->ascii,
                                           .chosen = chooses ? screen_box(screen) : 0,
                                           .author = seat < 0 ? SEAT_SERVER : (uint8_t)seat,
                                           .names = names};
    if (!canvas_draw(&canvas, drawing_shown(&screen->feed->model), &options)) {
        area_text(area, 0, 0, STYLE_BAD, "Out of memory.");
        return;
    }
    int left;
    int top;
    scroll(screen, area, &canvas, chooses, &left, &top);
    draw_canvas(area, &canvas, left, top);
    if (chooses) {
        draw_cursor(screen, area, left, top);
    }
    canvas_free(&canvas);
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
    int seat = room_candidate(&model->room);
    bool open = panel && thing->kind == BOARD_REQ && seat >= 0 &&
                !board_answers(board, (uint8_t)seat, thing->number);
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

static void draw_paper(struct screen *screen, struct area area, const uint32_t *things, int count) {
    area_row(area, 0, 0, STYLE_RULE, SIGN_RULE, area.width);
    int first = count > area.height - 1 ? count - (area.height - 1) : 0;
    for (int i = first; i < count; i++) {
        draw_line(screen, area, 1 + i - first, i, things[i]);
    }
}

/* The pane's head: choose or write, where, and what is held back. */
static void draw_head(struct screen *screen, struct area area, bool draws) {
    const struct model *model = &screen->feed->model;
    const struct board *board = drawing_shown(&screen->feed->model);
    int64_t until = board_private_until(board, screen->now);
    int x = 1;
    if (draws) {
        bool writes = screen->writing == WRITE_BOX || screen->writing == WRITE_PAPER;
        x += area_text(area, x, 0, STYLE_TITLE, writes ? "write" : "choose") + 1;
        x += area_print(area, x, 0, STYLE_FAINT, "column %d, row %d%s%s", screen->board.col + 1,
                        screen->board.row + 1, screen->board.carries ? ", carried" : "",
                        screen->board.from ? ", arrow" : "") +
             2;
    }
    if (until > 0) {
        area_print(area, x, 0, STYLE_HALF,
                   model->role == ROLE_CANDIDATE ? "unseen for %d s, %u held"
                                                 : "the candidate thinks unseen, %d s",
                   (int)((until - screen->now + 999) / 1000), model->drawing.held_count);
    } else if (!draws && !board_is_used(board)) {
        area_text(area, x, 0, STYLE_FAINT, "Nothing was drawn or written yet.");
    }
}

void view_board(struct screen *screen, struct area area) {
    const struct model *model = &screen->feed->model;
    uint32_t things[SCREEN_PAPER_MAX];
    int count = screen_paper(screen, things);
    unsigned where = screen_where(screen);
    bool draws = (where & AT_DRAWS) != 0;
    int paper = count == 0 ? 0 : count + 1 < area.height / 3 ? count + 1 : area.height / 3;
    bool head = draws || board_private_until(&model->room.board, screen->now) > 0 ||
                !board_is_used(&model->room.board);
    if (head) {
        draw_head(screen, area_part(area, 0, 0, area.width, 1), draws);
    }
    draw_board(screen, area_part(area, 0, head, area.width, area.height - paper - head),
               (where & (AT_DRAWS | AT_POINTS)) != 0);
    if (paper > 1) {
        draw_paper(screen, area_part(area, 0, area.height - paper, area.width, paper), things,
                   count);
    }
}
