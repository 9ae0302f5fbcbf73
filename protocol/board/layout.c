/* SPDX-License-Identifier: ISC */
/*
 * layout.c: from cells to units, and the ways of arrows.
 *
 * Between two columns there are three lanes, or two where boxes are narrow, of which an arrow takes
 * one by its id, so that its way does not depend on the other arrows. A way over more
 * than one column runs along the free line above or below the row that it ends in, unless nothing
 * stands between.
 */
#include "protocol/board/layout.h"

#include <string.h>

enum {
    LANE_FIRST = 1,
    LANE_ENDS = 2, /* the places of a gap that are no lanes */
    MIDDLE = LAYOUT_BOX_HEIGHT / 2,
    GAP = LAYOUT_COL - LAYOUT_BOX_WIDTH,
    GAP_NARROW = GAP - 1
};

static int gap_of(int box) {
    return box < LAYOUT_BOX_WIDTH ? GAP_NARROW : GAP;
}

int layout_pitch(int box) {
    return box + gap_of(box);
}

struct layout_rect layout_narrow_cell(int box, int col, int row) {
    return (struct layout_rect){(int16_t)(LAYOUT_LEFT + col * layout_pitch(box)),
                                (int16_t)(LAYOUT_TOP + row * LAYOUT_ROW), (int16_t)box,
                                LAYOUT_BOX_HEIGHT};
}

struct layout_rect layout_cell(int col, int row) {
    return layout_narrow_cell(LAYOUT_BOX_WIDTH, col, row);
}

int layout_squeeze(int box, int x) {
    if (x < LAYOUT_LEFT || box == LAYOUT_BOX_WIDTH) {
        return x;
    }
    int col = (x - LAYOUT_LEFT) / LAYOUT_COL;
    int rest = (x - LAYOUT_LEFT) % LAYOUT_COL;
    int within = rest < LAYOUT_BOX_WIDTH ? rest * box / LAYOUT_BOX_WIDTH
                                         : box + (rest - LAYOUT_BOX_WIDTH) * gap_of(box) / GAP;
    return LAYOUT_LEFT + col * layout_pitch(box) + within;
}

struct layout_point layout_stroke(const struct board_thing *stroke, uint32_t i,
                                  struct layout_point *fine) {
    const unsigned char *at = (const unsigned char *)stroke->points + (size_t)i * BOARD_POINT_BYTES;
    int x = at[0] << 8 | at[1];
    int y = at[2] << 8 | at[3];
    *fine = (struct layout_point){(int16_t)(x % BOARD_FINE), (int16_t)(y % BOARD_FINE)};
    return (struct layout_point){(int16_t)(x / BOARD_FINE), (int16_t)(y / BOARD_FINE)};
}

static int16_t most(int a, int b) {
    return (int16_t)(a > b ? a : b);
}

/* The units that the thing's cells reach to. */
static void reach(struct board_layout *out, const struct board_thing *thing) {
    out->cols = (uint8_t)most(out->cols, thing->col + thing->cols);
    out->rows = (uint8_t)most(out->rows, thing->row + thing->rows);
}

static struct layout_rect frame_rect(int box, const struct board_thing *thing) {
    struct layout_rect cell = layout_narrow_cell(box, thing->col, thing->row);
    int w = (thing->cols - 1) * layout_pitch(box) + box + 2;
    return (struct layout_rect){(int16_t)(cell.x - 1), (int16_t)(cell.y - 1), (int16_t)w,
                                (int16_t)(thing->rows * LAYOUT_ROW + 1)};
}

static struct layout_rect span_rect(int box, const struct board_thing *thing) {
    struct layout_rect rect = frame_rect(box, thing);
    rect.h = 1;
    return rect;
}

/* Which cells have a box: bit `col` of a row. */
struct cells {
    uint16_t row[BOARD_ROWS_MAX];
};
_Static_assert(BOARD_COLS_MAX <= 16, "a row of cells is 16 bits");

static struct cells cells_of(const struct board *board) {
    struct cells cells = {{0}};
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        if (thing->kind == BOARD_BOX && !thing->dropped) {
            cells.row[thing->row] |= (uint16_t)(1U << thing->col);
        }
    }
    return cells;
}

/* Whether a box stands between two columns of a row. */
static bool is_blocked(const struct cells *cells, int row, int from, int to) {
    for (int col = (from < to ? from : to) + 1; col < (from < to ? to : from); col++) {
        if (cells->row[row] >> col & 1) {
            return true;
        }
    }
    return false;
}

static void step(struct layout_arrow *arrow, int x, int y) {
    const struct layout_point *last = arrow->count ? &arrow->points[arrow->count - 1] : NULL;
    if (!last || last->x != x || last->y != y) {
        arrow->points[arrow->count++] = (struct layout_point){(int16_t)x, (int16_t)y};
    }
}

/* In one column: straight down or up to the neighbour, else round by the lane on the right. */
static void route_column(struct layout_arrow *arrow, struct layout_rect a, struct layout_rect b,
                         int lane) {
    int x = a.x + a.w / 2;
    if (b.y == a.y + LAYOUT_ROW) {
        step(arrow, x, a.y + a.h - 1);
        step(arrow, x, b.y - 1);
    } else if (b.y == a.y - LAYOUT_ROW) {
        step(arrow, x, a.y);
        step(arrow, x, b.y + b.h);
    } else {
        int right = a.x + a.w;
        step(arrow, right, a.y + MIDDLE);
        step(arrow, right + LANE_FIRST + lane, a.y + MIDDLE);
        step(arrow, right + LANE_FIRST + lane, b.y + MIDDLE);
        step(arrow, right, b.y + MIDDLE);
    }
}

/* From one column to another, either way. */
static void route_across(const struct cells *cells, int box, struct layout_arrow *arrow,
                         const struct board_thing *from, const struct board_thing *to, int lane) {
    struct layout_rect a = layout_narrow_cell(box, from->col, from->row);
    struct layout_rect b = layout_narrow_cell(box, to->col, to->row);
    bool back = to->col < from->col;
    /* The two sides that face each other; arrows back leave and arrive a line lower. */
    int start = back ? a.x - 1 : a.x + a.w;
    int end = back ? b.x + b.w : b.x - 1;
    int ya = a.y + MIDDLE + back;
    int yb = b.y + MIDDLE + back;
    int out = back ? start - LANE_FIRST - lane : start + LANE_FIRST + lane;
    int in = back ? end + LANE_FIRST + lane : end - LANE_FIRST - lane;
    step(arrow, start, ya);
    bool next = to->col == from->col + 1 || to->col == from->col - 1;
    if (ya != yb && next) {
        step(arrow, out, ya);
        step(arrow, out, yb);
    } else if (!next && (ya != yb || is_blocked(cells, to->row, from->col, to->col))) {
        /* The free line on the side that it comes from. */
        int line = from->row <= to->row ? b.y - 1 : b.y + b.h;
        step(arrow, out, ya);
        step(arrow, out, line);
        step(arrow, in, line);
        step(arrow, in, yb);
    }
    step(arrow, end, yb);
}

/* Its label stands on its longest level stretch. */
static void place_label(struct layout_arrow *arrow) {
    int best = -1;
    for (uint8_t i = 0; i + 1 < arrow->count; i++) {
        struct layout_point a = arrow->points[i];
        struct layout_point b = arrow->points[i + 1];
        int length = a.y == b.y ? (a.x > b.x ? a.x - b.x : b.x - a.x) : 0;
        if (length > best) {
            best = length;
            arrow->label =
                (struct layout_point){(int16_t)((a.x + b.x) / 2), (int16_t)((a.y + b.y) / 2)};
            arrow->label_width = (int16_t)(length + 1);
        }
    }
}

static void route(const struct board *board, const struct cells *cells,
                  const struct board_thing *thing, struct board_layout *out) {
    struct layout_arrow *arrow = &out->arrows[out->arrow_count++];
    const struct board_thing *from = board_find(board, thing->from);
    const struct board_thing *to = board_find(board, thing->to);
    int lane = (int)thing->id % (gap_of(out->box) - LANE_ENDS);
    arrow->thing = thing;
    arrow->count = 0;
    if (from->col == to->col) {
        route_column(arrow, layout_narrow_cell(out->box, from->col, from->row),
                     layout_narrow_cell(out->box, to->col, to->row), lane);
    } else {
        route_across(cells, out->box, arrow, from, to, lane);
    }
    place_label(arrow);
}

static void put_area(struct layout_area *areas, uint16_t *count, const struct board_thing *thing,
                     struct layout_rect rect) {
    areas[(*count)++] = (struct layout_area){thing, rect};
}

static void put_thing(const struct board *board, const struct cells *cells,
                      const struct board_thing *thing, struct board_layout *out) {
    switch (thing->kind) {
    case BOARD_BOX:
        put_area(out->boxes, &out->box_count, thing,
                 layout_narrow_cell(out->box, thing->col, thing->row));
        break;
    case BOARD_FRAME:
        put_area(out->frames, &out->frame_count, thing, frame_rect(out->box, thing));
        break;
    case BOARD_SPAN:
        put_area(out->spans, &out->span_count, thing, span_rect(out->box, thing));
        break;
    case BOARD_ARROW: route(board, cells, thing, out); return;
    case BOARD_STROKE: out->strokes[out->stroke_count++] = thing; return;
    default: return;
    }
    reach(out, thing);
}

/* Pen strokes reach where they go. */
static void measure(struct board_layout *out) {
    out->cols = (uint8_t)most(out->cols, 1);
    out->rows = (uint8_t)most(out->rows, 1);
    out->width = (int16_t)(LAYOUT_LEFT + out->cols * layout_pitch(out->box));
    out->height = (int16_t)(LAYOUT_TOP + out->rows * LAYOUT_ROW);
    for (uint16_t i = 0; i < out->stroke_count; i++) {
        const struct board_thing *stroke = out->strokes[i];
        for (uint32_t k = 0; k < stroke->point_bytes / BOARD_POINT_BYTES; k++) {
            struct layout_point fine;
            struct layout_point at = layout_stroke(stroke, k, &fine);
            out->width = most(out->width, layout_squeeze(out->box, at.x) + 1);
            out->height = most(out->height, at.y + 1);
        }
    }
}

void layout_board(const struct board *board, struct board_layout *out) {
    layout_narrow_board(board, LAYOUT_BOX_WIDTH, out);
}

void layout_narrow_board(const struct board *board, int box, struct board_layout *out) {
    struct cells cells = cells_of(board);
    memset(out, 0, sizeof *out);
    out->box = (uint8_t)box;
    for (uint32_t i = 0; i < board->count; i++) {
        if (board_is_shown(board, &board->things[i])) {
            put_thing(board, &cells, &board->things[i], out);
        }
    }
    measure(out);
}

static bool is_between(int value, int a, int b) {
    return a < b ? value >= a && value <= b : value >= b && value <= a;
}

static bool is_in(struct layout_rect r, int x, int y) {
    return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

static bool is_on_way(const struct layout_arrow *arrow, int x, int y) {
    for (int i = 0; i + 1 < arrow->count; i++) {
        struct layout_point a = arrow->points[i];
        struct layout_point b = arrow->points[i + 1];
        if (is_between(x, a.x, b.x) && is_between(y, a.y, b.y)) {
            return true;
        }
    }
    return false;
}

static bool is_on_border(struct layout_rect r, int x, int y) {
    const struct layout_rect inner = {(int16_t)(r.x + 1), (int16_t)(r.y + 1), (int16_t)(r.w - 2),
                                      (int16_t)(r.h - 2)};
    return is_in(r, x, y) && !is_in(inner, x, y);
}

const struct board_thing *layout_find(const struct board_layout *layout, int x, int y) {
    for (int i = 0; i < layout->box_count; i++) {
        if (is_in(layout->boxes[i].rect, x, y)) {
            return layout->boxes[i].thing;
        }
    }
    for (int i = 0; i < layout->arrow_count; i++) {
        if (is_on_way(&layout->arrows[i], x, y)) {
            return layout->arrows[i].thing;
        }
    }
    for (int i = 0; i < layout->span_count; i++) {
        if (is_in(layout->spans[i].rect, x, y)) {
            return layout->spans[i].thing;
        }
    }
    for (int i = 0; i < layout->frame_count; i++) {
        if (is_on_border(layout->frames[i].rect, x, y)) {
            return layout->frames[i].thing;
        }
    }
    return NULL;
}
