/* SPDX-License-Identifier: ISC */
/*
 * layout.c: rectangles by subtraction: each pane is cut off the space that is left, so panes cannot
 * overlap.
 */
#include "client/screen/layout.h"

enum { COLUMNS_WIDTH_MIN = 110, COLUMNS_HEIGHT_MIN = 30, TALK_COLUMN_FROM = 170, LEFT_WIDTH = 38 };

static int at_most(int value, int bound) {
    return value < bound ? value : bound;
}

static struct rect cut_top(struct rect *space, int height) {
    height = at_most(height, space->height);
    struct rect part = {space->x, space->y, space->width, height};
    space->y += height;
    space->height -= height;
    return part;
}

static struct rect cut_bottom(struct rect *space, int height) {
    height = at_most(height, space->height);
    space->height -= height;
    return (struct rect){space->x, space->y + space->height, space->width, height};
}

static struct rect cut_left(struct rect *space, int width) {
    width = at_most(width, space->width);
    struct rect part = {space->x, space->y, width, space->height};
    space->x += width;
    space->width -= width;
    return part;
}

static struct rect cut_right(struct rect *space, int width) {
    width = at_most(width, space->width);
    space->width -= width;
    return (struct rect){space->x + space->width, space->y, width, space->height};
}

/* Header above, replay, status and keys below; what is left is the middle. */
static struct rect frame(struct layout *layout, int width, int height,
                         const struct layout_needs *needs) {
    struct rect space = {0, 0, width, height};
    layout->header = cut_top(&space, 1);
    layout->keys = cut_bottom(&space, height >= 28 && width < 120 ? 2 : 1);
    layout->status = cut_bottom(&space, needs->writing > 1 ? needs->writing : 1);
    if (needs->recording) {
        layout->replay = cut_bottom(&space, 2);
    }
    return space;
}

/* In a strip alarms may take more lines than one while the pane keeps at least these. */
enum {
    STRIP_ALARMS_MAX = 4,
    STRIP_HEIGHT_MIN = 18,
    PEOPLE_MIN = 4,
    SIDE_PERCENT = 38,
    TALK_WHOLE_MAX = 2
};

/* Left and right of a rule, under the tabs. */
static void cut_side(struct layout *layout) {
    int from = layout->pane.width * SIDE_PERCENT / 100;
    layout->side = (struct rect){layout->pane.x + from + 1, layout->pane.y,
                                 layout->pane.width - from - 1, layout->pane.height};
    layout->pane.width = from;
}

static int talk_lines(int height) {
    return height >= 34 ? 10 : height >= 24 ? 6 : height >= 19 ? 3 : height >= 8 ? 1 : 0;
}

static void strip(struct layout *layout, struct rect space, const struct layout_needs *needs) {
    int alarms = needs->alarms;
    enum layout_board board = needs->board;
    bool roomy = space.height >= 26;
    bool tall = space.height >= STRIP_HEIGHT_MIN;
    bool whole = board == LAYOUT_BOARD_WHOLE;
    if (space.height >= 14 && (roomy || !whole)) {
        layout->phases = cut_top(&space, 2);
        layout->clock = cut_top(&space, 3);
    } else {
        layout->clock = cut_top(&space, 1);
    }
    layout->alarms = cut_top(&space, tall && alarms > 1 ? at_most(alarms, STRIP_ALARMS_MAX) : 1);
    if (roomy) {
        layout->rules[0] = cut_top(&space, 1).y;
    }
    layout->tabs = cut_top(&space, 1);
    int talk = talk_lines(space.height);
    layout->talk = cut_bottom(&space, needs->talks    ? 0
                                      : !whole        ? talk
                                      : needs->silent ? 0
                                                      : at_most(talk, TALK_WHOLE_MAX));
    if (roomy) {
        layout->rules[1] = cut_bottom(&space, 1).y;
    }
    layout->pane = space;
    if (board == LAYOUT_BOARD_SIDE && layout->tabs.width >= LAYOUT_SIDE_FROM) {
        cut_side(layout);
    }
}

static void columns(struct layout *layout, struct rect space, const struct layout_needs *needs) {
    int phases = needs->phases, alarms = needs->alarms;
    layout->rules[0] = cut_top(&space, 1).y;
    layout->rules[1] = cut_bottom(&space, 1).y;
    struct rect left = cut_left(&space, LEFT_WIDTH);
    layout->column_rule[0] = cut_left(&space, 2).x;
    cut_left(&left, 1);
    cut_right(&left, 1);
    layout->clock = cut_top(&left, 11);
    int usual = left.height >= 2 * phases + 12 ? 5 : 3;
    int most = left.height - (2 * phases + 2) - PEOPLE_MIN;
    layout->alarms =
        cut_top(&left, alarms <= usual || most <= usual ? usual : at_most(alarms, most));
    layout->phases = cut_top(&left, at_most(2 * phases + 2, left.height));
    layout->people = left;
    if (needs->talks) {
        /* no place of its own */
    } else if (space.width + LEFT_WIDTH + 2 >= TALK_COLUMN_FROM) {
        layout->talk = cut_right(&space, space.width / 3);
        layout->column_rule[1] = cut_right(&space, 2).x;
    } else {
        layout->talk = cut_bottom(&space, space.height >= 40 ? 12 : space.height / 4);
        struct rect rule = cut_bottom(&space, 1);
        layout->rules[2] = rule.y;
    }
    layout->tabs = cut_top(&space, 1);
    cut_top(&space, 1);
    layout->pane = space;
}

int layout_writing_max(int height) {
    return height < 12 ? 1 : height / 4;
}

struct layout layout_compute(int width, int height, const struct layout_needs *needs) {
    struct layout layout = {.rules = {-1, -1, -1, -1}, .column_rule = {-1, -1}};
    if (width < LAYOUT_WIDTH_MIN || height < LAYOUT_HEIGHT_MIN) {
        return layout;
    }
    struct rect space = frame(&layout, width, height, needs);
    bool strips = needs->board == LAYOUT_BOARD_WHOLE ||
                  (needs->board == LAYOUT_BOARD_SIDE && width >= LAYOUT_SIDE_FROM);
    if (!strips && width >= COLUMNS_WIDTH_MIN && height >= COLUMNS_HEIGHT_MIN) {
        layout.shape = LAYOUT_COLUMNS;
        columns(&layout, space, needs);
    } else {
        layout.shape = LAYOUT_STRIP;
        strip(&layout, space, needs);
    }
    return layout;
}
