/* SPDX-License-Identifier: ISC */
/*
 * screen_board.c: what of the board and the worksheet is chosen, can be chosen, or is listed on a
 * screen. Pure.
 */
#include <string.h>

#include "client/screen/screen.h"

uint32_t screen_box(const struct screen *screen) {
    const struct board_thing *box =
        board_at(drawing_shown(&screen->feed->model), screen->board.col, screen->board.row);
    return box ? box->id : 0;
}

const struct board_thing *screen_chosen(const struct screen *screen) {
    const struct board *board = drawing_shown(&screen->feed->model);
    const struct board_thing *picked = board_find(board, screen->board.picked);
    return picked && board_is_shown(board, picked)
               ? picked
               : board_at(board, screen->board.col, screen->board.row);
}

bool screen_writes_box(const struct screen *screen) {
    const struct board_thing *thing =
        board_find(drawing_shown(&screen->feed->model), screen->board.edits);
    return screen->writing == WRITE_BOX &&
           (thing ? thing->kind == BOARD_BOX && thing->style != BOX_TEXT
                  : screen->board.begun == BEGUN_BOX);
}

/* Whether it is an arrow of the place's box, or a frame or span over the place. */
static bool is_here(const struct screen *screen, const struct board_thing *thing) {
    int x = screen->board.col - thing->col;
    int y = screen->board.row - thing->row;
    uint32_t box = screen_box(screen);
    switch (thing->kind) {
    case BOARD_ARROW: return box != 0 && (thing->from == box || thing->to == box);
    case BOARD_FRAME:
    case BOARD_SPAN:
        return x >= 0 && x < thing->cols && y >= 0 &&
               y < (thing->kind == BOARD_SPAN ? 1 : thing->rows);
    default: return false;
    }
}

uint32_t screen_pick(const struct screen *screen) {
    const struct board *board = drawing_shown(&screen->feed->model);
    bool behind = screen->board.picked == 0;
    for (int kind = BOARD_ARROW; kind <= BOARD_SPAN; kind++) {
        for (uint32_t i = 0; i < board->count; i++) {
            const struct board_thing *thing = &board->things[i];
            if (thing->kind != kind || !board_is_shown(board, thing) || !is_here(screen, thing)) {
                continue;
            }
            if (behind) {
                return thing->id;
            }
            behind = thing->id == screen->board.picked;
        }
    }
    return 0;
}

int screen_paper(const struct screen *screen, uint32_t out[SCREEN_PAPER_MAX]) {
    const struct board *board = drawing_shown(&screen->feed->model);
    int count = 0;
    for (int kind = BOARD_REQ; kind <= BOARD_LINE; kind++) {
        for (uint32_t i = 0; i < board->count && count < SCREEN_PAPER_MAX; i++) {
            if (board->things[i].kind == kind && !board->things[i].dropped) {
                out[count++] = board->things[i].id;
            }
        }
    }
    return count;
}

static bool is_written(const struct board *board, const char *text) {
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        if (thing->kind == BOARD_REQ && strcmp(thing->text, text) == 0) {
            return true;
        }
    }
    return false;
}

const char *screen_fact(const struct screen *screen) {
    const struct board *board = drawing_shown(&screen->feed->model);
    const struct room *room = &screen->feed->model.room;
    for (uint32_t i = room->reveal_count; i-- > 0;) {
        if (!room->reveals[i].curveball && !is_written(board, room->reveals[i].text)) {
            return room->reveals[i].text;
        }
    }
    return NULL;
}
