/* SPDX-License-Identifier: ISC */
/*
 * canvas.c: drawing with lines and letters.
 *
 * Lines are kept as the sides by which they leave a cell, and become signs once all are drawn, so
 * that those that meet join. What is drawn later covers: frames and spans, arrows, strokes where
 * nothing is, boxes, labels.
 */
#include "protocol/board/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/board/words.h"
#include "protocol/text/text.h"
#include "protocol/text/utf8.h"

enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

static const uint32_t signs[3][16] = {
    {' ', 0x2502, 0x2502, 0x2502, 0x2500, 0x2518, 0x2510, 0x2524, 0x2500, 0x2514, 0x250c, 0x251c,
     0x2500, 0x2534, 0x252c, 0x253c},
    {' ', 0x254e, 0x254e, 0x254e, 0x254c, 0x2518, 0x2510, 0x2524, 0x254c, 0x2514, 0x250c, 0x251c,
     0x254c, 0x2534, 0x252c, 0x253c},
    {' ', 0x2503, 0x2503, 0x2503, 0x2501, 0x251b, 0x2513, 0x252b, 0x2501, 0x2517, 0x250f, 0x2523,
     0x2501, 0x253b, 0x2533, 0x254b}};
/* By the side that the line comes from. */
static const uint32_t heads[9] = {
    [UP] = 0x25bc, [DOWN] = 0x25b2, [LEFT] = 0x25ba, [RIGHT] = 0x25c4};
static const char heads_ascii[9] = {[UP] = 'v', [DOWN] = '^', [LEFT] = '>', [RIGHT] = '<'};

struct pen {
    struct canvas *canvas;
    const struct canvas_options *options;
    const struct board *board;
    int box; /* how wide boxes are */
};

static struct canvas_cell *cell_at(const struct canvas *canvas, int x, int y) {
    bool inside = x >= 0 && y >= 0 && x < canvas->width && y < canvas->height;
    return inside ? &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x] : NULL;
}

static void put_point(const struct canvas *canvas, int x, int y, uint32_t point,
                      enum canvas_style style) {
    struct canvas_cell *cell = cell_at(canvas, x, y);
    if (cell) {
        *cell = (struct canvas_cell){.point = point, .style = (uint8_t)style};
    }
}

static void put_lines(const struct canvas *canvas, int x, int y, int lines, int weight,
                      enum canvas_style style) {
    struct canvas_cell *cell = cell_at(canvas, x, y);
    if (cell) {
        cell->point = ' ';
        cell->lines = (uint8_t)(cell->lines | lines);
        cell->weight = (uint8_t)weight;
        cell->style = (uint8_t)style;
    }
}

/* Writes a harmless text at (x, y), at most `columns` of it. */
static int put_text(const struct canvas *canvas, int x, int y, int columns, const char *text,
                    enum canvas_style style) {
    size_t at = 0;
    size_t len = strlen(text);
    int taken = 0;
    struct canvas_cell *last = NULL;
    uint32_t point;
    while ((point = text_next(text, len, &at)) != 0) {
        int width = text_width(point);
        if (width == 0 && last) {
            last->marks[last->marks[0] != 0] = point;
            continue;
        }
        if (taken + width > columns || width == 0) {
            break;
        }
        put_point(canvas, x + taken, y, point, style);
        last = cell_at(canvas, x + taken, y);
        if (width == 2) {
            put_point(canvas, x + taken + 1, y, 0, style);
        }
        taken += width;
    }
    return taken;
}

static enum canvas_style style_of(const struct pen *pen, const struct board_thing *thing,
                                  enum canvas_style otherwise) {
    return thing->id == pen->options->chosen ? CANVAS_CHOSEN : otherwise;
}

static void rectangle(const struct canvas *canvas, struct layout_rect r, int weight,
                      enum canvas_style style) {
    for (int x = r.x; x < r.x + r.w; x++) {
        int sides = (x > r.x ? LEFT : 0) | (x < r.x + r.w - 1 ? RIGHT : 0);
        put_lines(canvas, x, r.y, sides, weight, style);
        put_lines(canvas, x, r.y + r.h - 1, sides, weight, style);
    }
    for (int y = r.y; y < r.y + r.h; y++) {
        int sides = (y > r.y ? UP : 0) | (y < r.y + r.h - 1 ? DOWN : 0);
        put_lines(canvas, r.x, y, sides, weight, style);
        put_lines(canvas, r.x + r.w - 1, y, sides, weight, style);
    }
}

static void clear(const struct canvas *canvas, struct layout_rect r) {
    for (int y = r.y; y < r.y + r.h; y++) {
        for (int x = r.x; x < r.x + r.w; x++) {
            put_point(canvas, x, y, ' ', CANVAS_PLAIN);
        }
    }
}

/* Who points at the thing, at the right end of the line. */
static void draw_pointers(const struct pen *pen, const struct board_thing *thing, int right, int y,
                          int room) {
    char names[ROOM_SEATS_MAX * (NAME_MAX_BYTES + 2) + 1];
    char words[sizeof names];
    size_t len = 0;
    for (int seat = 0; pen->options->names && seat < ROOM_SEATS_MAX; seat++) {
        const char *name = pen->options->names[seat];
        if (pen->board->marks[seat].thing == thing->id && name) {
            size_t bytes = strnlen(name, NAME_MAX_BYTES);
            names[len] = ' ';
            len += len > 0;
            names[len++] = '*';
            memcpy(names + len, name, bytes);
            len += bytes;
        }
    }
    if (len > 0) {
        int columns = words_cut((struct span){names, (uint32_t)len}, room, words, sizeof words);
        put_text(pen->canvas, right - columns + 1, y, columns, words, CANVAS_MARKED);
    }
}

static void draw_frame(const struct pen *pen, const struct layout_area *area) {
    rectangle(pen->canvas, area->rect, ARROW_DASHED, style_of(pen, area->thing, CANVAS_FAINT));
}

static void draw_title(const struct pen *pen, const struct layout_area *area) {
    char title[WORDS_BYTES];
    enum canvas_style style = style_of(pen, area->thing, CANVAS_FAINT);
    int columns = words_cut(span_of(area->thing->text), area->rect.w - 6, title, sizeof title);
    put_text(pen->canvas, area->rect.x + 2, area->rect.y, columns, title, style);
    draw_pointers(pen, area->thing, area->rect.x + area->rect.w - 2, area->rect.y, 12);
}

static void draw_span(const struct pen *pen, const struct layout_area *area) {
    char title[WORDS_BYTES];
    struct layout_rect r = area->rect;
    enum canvas_style style = style_of(pen, area->thing, CANVAS_PLAIN);
    for (int x = r.x; x < r.x + r.w; x++) {
        bool end = x == r.x || x == r.x + r.w - 1;
        int sides = (x > r.x ? LEFT : 0) | (x < r.x + r.w - 1 ? RIGHT : 0) | (end ? UP | DOWN : 0);
        struct canvas_cell *cell = cell_at(pen->canvas, x, r.y);
        if (cell) {
            cell->lines = 0;
        }
        put_lines(pen->canvas, x, r.y, sides, ARROW_PLAIN, style);
    }
    int columns = words_cut(span_of(area->thing->text), r.w - 4, title, sizeof title);
    put_text(pen->canvas, r.x + (r.w - columns) / 2, r.y, columns, title, style);
    draw_pointers(pen, area->thing, r.x + r.w - 2, r.y, 10);
}

/* One stretch, both ends included; its first cell is left by no side that it does not use. */
static void stretch(const struct pen *pen, struct layout_point a, struct layout_point b, int weight,
                    enum canvas_style style) {
    int dx = (b.x > a.x) - (b.x < a.x);
    int dy = (b.y > a.y) - (b.y < a.y);
    int on = dx > 0 ? RIGHT : dx < 0 ? LEFT : dy > 0 ? DOWN : UP;
    int off = dx > 0 ? LEFT : dx < 0 ? RIGHT : dy > 0 ? UP : DOWN;
    for (int x = a.x, y = a.y;; x += dx, y += dy) {
        bool first = x == a.x && y == a.y;
        bool last = x == b.x && y == b.y;
        put_lines(pen->canvas, x, y, (first ? 0 : off) | (last ? 0 : on), weight, style);
        if (last) {
            break;
        }
    }
}

static void draw_arrow(const struct pen *pen, const struct layout_arrow *arrow) {
    enum canvas_style style = style_of(pen, arrow->thing, CANVAS_PLAIN);
    for (int i = 0; i + 1 < arrow->count; i++) {
        stretch(pen, arrow->points[i], arrow->points[i + 1], arrow->thing->style, style);
    }
    struct layout_point end = arrow->points[arrow->count - 1];
    struct layout_point before = arrow->points[arrow->count - 2];
    int from = before.x < end.x ? LEFT : before.x > end.x ? RIGHT : before.y < end.y ? UP : DOWN;
    uint32_t head = pen->options->ascii ? (uint32_t)heads_ascii[from] : heads[from];
    put_point(pen->canvas, end.x, end.y, head, style);
}

/* Between the arrow's ends; the head stays. */
static void draw_label(const struct pen *pen, const struct layout_arrow *arrow) {
    char label[WORDS_BYTES];
    int half = arrow->label_width / 2;
    draw_pointers(pen, arrow->thing, arrow->label.x + half, arrow->label.y - 1, arrow->label_width);
    if (arrow->thing->text[0] == '\0' || arrow->label_width < 3) {
        return;
    }
    int columns =
        words_cut(span_of(arrow->thing->text), arrow->label_width - 1, label, sizeof label);
    int x = arrow->label.x - columns / 2;
    put_text(pen->canvas, x, arrow->label.y, columns, label,
             style_of(pen, arrow->thing, CANVAS_FAINT));
}

static struct layout_point stroke_point(const struct pen *pen, const struct board_thing *stroke,
                                        uint32_t i) {
    struct layout_point fine;
    struct layout_point at = layout_stroke(stroke, i, &fine);
    at.x = (int16_t)layout_squeeze(pen->box, at.x);
    return at;
}

static void draw_stroke(const struct pen *pen, const struct board_thing *stroke) {
    struct layout_point a = stroke_point(pen, stroke, 0);
    for (uint32_t i = 1; i < stroke->point_bytes / BOARD_POINT_BYTES; i++) {
        struct layout_point b = stroke_point(pen, stroke, i);
        int steps = abs(b.x - a.x) > abs(b.y - a.y) ? abs(b.x - a.x) : abs(b.y - a.y);
        for (int k = 0; k <= steps; k++) {
            int x = a.x + (steps ? (b.x - a.x) * k / steps : 0);
            int y = a.y + (steps ? (b.y - a.y) * k / steps : 0);
            struct canvas_cell *cell = cell_at(pen->canvas, x, y);
            if (cell && cell->point == ' ' && cell->lines == 0) {
                put_point(pen->canvas, x, y, pen->options->ascii ? '.' : 0xb7,
                          style_of(pen, stroke, CANVAS_FAINT));
            }
        }
        a = b;
    }
}

static void draw_box(const struct pen *pen, const struct layout_area *area) {
    static const enum canvas_style styles[] = {CANVAS_NAME, CANVAS_FAINT, CANVAS_PLAIN};
    struct board_words words;
    struct layout_rect r = area->rect;
    bool bare = area->thing->style == BOX_TEXT;
    bool chosen = area->thing->id == pen->options->chosen;
    words_of(area->thing, area->rect.w, &words);
    clear(pen->canvas, r);
    if (!bare) {
        bool theirs = area->thing->by != pen->options->author;
        int weight = chosen ? ARROW_BOLD : theirs ? ARROW_DASHED : ARROW_PLAIN;
        rectangle(pen->canvas, r, weight, style_of(pen, area->thing, CANVAS_PLAIN));
    }
    for (unsigned i = 0; i < words.count; i++) {
        put_text(pen->canvas, r.x + !bare, r.y + !bare + (int)i, r.w - 2 * !bare, words.lines[i],
                 chosen ? CANVAS_CHOSEN : styles[words.kinds[i]]);
    }
    if (pen->options->loose && board_is_loose(pen->board, pen->options->author, area->thing)) {
        put_text(pen->canvas, r.x + 2, r.y + r.h - 1, r.w - 4, "no R", CANVAS_MARKED);
    } else if (words.reqs[0] != '\0') {
        put_text(pen->canvas, r.x + 2, r.y + r.h - 1, r.w - 4, words.reqs, CANVAS_NAME);
    }
    draw_pointers(pen, area->thing, r.x + r.w - 2, r.y, r.w - 4);
}

static void draw_layers(const struct pen *pen, int box) {
    for (unsigned i = 0; i < pen->options->layer_count; i++) {
        struct layout_rect r = layout_narrow_cell(box, (int)i, 0);
        put_text(pen->canvas, r.x, 0, r.w, pen->options->layers[i], CANVAS_FAINT);
    }
}

static void draw_all(const struct pen *pen, const struct board_layout *layout) {
    draw_layers(pen, pen->options->box ? pen->options->box : LAYOUT_BOX_WIDTH);
    for (int i = 0; i < layout->frame_count; i++) {
        draw_frame(pen, &layout->frames[i]);
    }
    for (int i = 0; i < layout->arrow_count; i++) {
        draw_arrow(pen, &layout->arrows[i]);
    }
    for (int i = 0; i < layout->span_count; i++) {
        draw_span(pen, &layout->spans[i]);
    }
    for (int i = 0; i < layout->frame_count; i++) {
        draw_title(pen, &layout->frames[i]);
    }
    for (int i = 0; i < layout->stroke_count; i++) {
        draw_stroke(pen, layout->strokes[i]);
    }
    for (int i = 0; i < layout->box_count; i++) {
        draw_box(pen, &layout->boxes[i]);
    }
    for (int i = 0; i < layout->arrow_count; i++) {
        draw_label(pen, &layout->arrows[i]);
    }
}

static uint32_t sign_ascii(const struct canvas_cell *cell) {
    bool level = (cell->lines & (LEFT | RIGHT)) != 0;
    bool upright = (cell->lines & (UP | DOWN)) != 0;
    if (level && upright) {
        return '+';
    }
    return upright ? '|' : cell->weight == ARROW_BOLD ? '=' : '-';
}

/* Lines become signs. */
static void join_lines(const struct canvas *canvas, bool ascii) {
    size_t count = (size_t)canvas->width * (size_t)canvas->height;
    for (size_t i = 0; i < count; i++) {
        struct canvas_cell *cell = &canvas->cells[i];
        if (cell->point == ' ' && cell->lines != 0) {
            int weight = cell->weight <= ARROW_BOLD ? cell->weight : ARROW_PLAIN;
            cell->point = ascii ? sign_ascii(cell) : signs[weight][cell->lines & 15];
        }
    }
}

bool canvas_draw(struct canvas *canvas, const struct board *board,
                 const struct canvas_options *options) {
    struct board_layout *layout = malloc(sizeof *layout);
    *canvas = (struct canvas){.cells = NULL};
    if (!layout) {
        return false;
    }
    int box = options->box ? options->box : LAYOUT_BOX_WIDTH;
    layout_narrow_board(board, box, layout);
    int layers = LAYOUT_LEFT + (int)options->layer_count * layout_pitch(box);
    canvas->width = layout->width > layers ? layout->width : layers;
    canvas->height = layout->height;
    size_t count = (size_t)canvas->width * (size_t)canvas->height;
    canvas->cells = calloc(count, sizeof *canvas->cells);
    for (size_t i = 0; canvas->cells && i < count; i++) {
        canvas->cells[i].point = ' ';
    }
    if (canvas->cells) {
        const struct pen pen = {canvas, options, board, box};
        draw_all(&pen, layout);
        join_lines(canvas, options->ascii);
    }
    free(layout);
    return canvas->cells != NULL;
}

void canvas_free(struct canvas *canvas) {
    free(canvas->cells);
    canvas->cells = NULL;
}

void canvas_text(const struct canvas_cell *cell, char out[CANVAS_CELL_BYTES]) {
    size_t len = cell->point ? utf8_encode(cell->point, out) : 0;
    for (int i = 0; len > 0 && i < CANVAS_MARKS && cell->marks[i]; i++) {
        len += utf8_encode(cell->marks[i], out + len);
    }
    out[len] = '\0';
}

void canvas_write(const struct canvas *canvas, struct out *out) {
    for (int y = 0; y < canvas->height; y++) {
        int blanks = 0;
        for (int x = 0; x < canvas->width; x++) {
            const struct canvas_cell *cell = cell_at(canvas, x, y);
            if (cell->point == ' ') {
                blanks++;
                continue;
            }
            char text[CANVAS_CELL_BYTES];
            canvas_text(cell, text);
            out_repeat(out, " ", blanks);
            out_raw(out, text);
            blanks = 0;
        }
        out_raw(out, "\n");
    }
}
