/* SPDX-License-Identifier: ISC */
/*
 * paint.c: cells, clipping, flowing text.
 *
 * Invariant: a cell of width 2 is followed by a cell of width 0 on the same row; overwriting either
 * half blanks the other.
 */
#include "client/screen/paint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "protocol/text/utf8.h"

bool paint_init(struct paint *paint, int width, int height) {
    *paint = (struct paint){0};
    return paint_resize(paint, width, height);
}

static int side(int wanted) {
    return wanted < 1 ? 1 : wanted > PAINT_SIDE_MAX ? PAINT_SIDE_MAX : wanted;
}

bool paint_resize(struct paint *paint, int width, int height) {
    width = side(width);
    height = side(height);
    struct cell *cells = calloc((size_t)width * (size_t)height, sizeof *cells);
    if (!cells) {
        return false;
    }
    free(paint->cells);
    paint->cells = cells;
    paint->width = width;
    paint->height = height;
    paint_clear(paint);
    return true;
}

void paint_free(struct paint *paint) {
    free(paint->cells);
    *paint = (struct paint){0};
}

void paint_clear(struct paint *paint) {
    size_t count = (size_t)paint->width * (size_t)paint->height;
    for (size_t i = 0; i < count; i++) {
        paint->cells[i] = (struct cell){.text = {L' '}, .width = 1, .style = STYLE_PLAIN};
    }
}

struct area paint_all(struct paint *paint) {
    return (struct area){.paint = paint, .width = paint->width, .height = paint->height};
}

/* ---- cells ---- */

/* NULL: outside of the area or of the picture. */
static struct cell *cell_at(struct area area, int x, int y) {
    if (x < 0 || y < 0 || x >= area.width || y >= area.height) {
        return NULL;
    }
    x += area.x;
    y += area.y;
    if (x < 0 || y < 0 || x >= area.paint->width || y >= area.paint->height) {
        return NULL;
    }
    return &area.paint->cells[(size_t)y * (size_t)area.paint->width + (size_t)x];
}

static void blank(struct cell *cell) {
    *cell = (struct cell){.text = {L' '}, .width = 1, .style = cell->style};
}

/* Frees a cell for a new character: no half of a wide one stays behind. */
static void claim(struct area area, int x, struct cell *cell) {
    int column = area.x + x;
    if (cell->width == 0 && column > 0) {
        blank(cell - 1);
    }
    if (cell->width == 2 && column + 1 < area.paint->width) {
        blank(cell + 1);
    }
    blank(cell);
}

static void add_mark(struct area area, int x, int y, uint32_t mark) {
    struct cell *cell = cell_at(area, x - 1, y);
    if (cell && cell->width == 0) {
        cell = cell_at(area, x - 2, y);
    }
    if (!cell) {
        return;
    }
    for (int i = 1; i <= PAINT_CELL_MARKS; i++) {
        if (cell->text[i] == 0) {
            cell->text[i] = (wchar_t)mark;
            return;
        }
    }
}

/* Draws one character; gives its width. A wide one that is cut in half shows as a blank. */
static int put(struct area area, int x, int y, enum style style, uint32_t c) {
    if (c == '\n') {
        c = ' ';
    }
    int width = text_width(c);
    if (width == 0) {
        add_mark(area, x, y, c);
        return 0;
    }
    struct cell *cell = cell_at(area, x, y);
    struct cell *next = width == 2 ? cell_at(area, x + 1, y) : NULL;
    if (cell) {
        claim(area, x, cell);
        cell->style = (uint8_t)style;
    }
    if (next) {
        claim(area, x + 1, next);
        next->style = (uint8_t)style;
    }
    if (cell && (width == 1 || next)) {
        cell->text[0] = (wchar_t)c;
        cell->width = (uint8_t)width;
        if (next) {
            next->text[0] = 0;
            next->width = 0;
        }
    }
    return width;
}

struct area area_part(struct area area, int x, int y, int width, int height) {
    int right = x + width < area.width ? x + width : area.width;
    int bottom = y + height < area.height ? y + height : area.height;
    x = x < 0 ? 0 : x;
    y = y < 0 ? 0 : y;
    return (struct area){.paint = area.paint,
                         .x = area.x + x,
                         .y = area.y + y,
                         .width = right > x ? right - x : 0,
                         .height = bottom > y ? bottom - y : 0};
}

int area_span(struct area area, int x, int y, enum style style, struct span text) {
    size_t at = 0;
    int column = x;
    for (uint32_t c; (c = text_next(text.at, text.len, &at)) != 0;) {
        if (column >= area.width && (column == x || c == '\n' || text_width(c) > 0)) {
            break; /* but marks still belong to the last character */
        }
        column += put(area, column, y, style, c);
    }
    return column - x;
}

int area_text(struct area area, int x, int y, enum style style, const char *text) {
    return area_span(area, x, y, style, span_of(text));
}

int area_print(struct area area, int x, int y, enum style style, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return area_text(area, x, y, style, text);
}

int area_right(struct area area, int y, enum style style, const char *text) {
    int columns = text_columns(span_of(text));
    return area_text(area, area.width - columns, y, style, text);
}

int area_sign(struct area area, int x, int y, enum style style, enum sign sign) {
    return area_text(area, x, y, style, theme_sign(sign, area.paint->ascii));
}

void area_row(struct area area, int x, int y, enum style style, enum sign sign, int count) {
    for (int i = 0; i < count && x + i < area.width; i++) {
        area_sign(area, x + i, y, style, sign);
    }
}

void area_column(struct area area, int x, int y, enum style style, enum sign sign, int count) {
    for (int i = 0; i < count && y + i < area.height; i++) {
        area_sign(area, x, y + i, style, sign);
    }
}

int area_cut(struct area area, int x, int y, int room, enum style style, const char *text) {
    if (room <= 0) {
        return 0;
    }
    int columns = text_columns(span_of(text));
    struct area part = area_part(area, x, y, room, 1);
    if (columns <= part.width) {
        return area_text(part, 0, 0, style, text);
    }
    struct area head = area_part(part, 0, 0, part.width - 1, 1);
    area_text(head, 0, 0, style, text);
    area_sign(part, part.width - 1, 0, style, SIGN_ELLIPSIS);
    return part.width;
}

/* ---- flow ---- */

struct flow flow_begin(struct area area, int top) {
    return (struct flow){.area = area, .line = 0, .top = top < 0 ? 0 : top};
}

struct area flow_line(struct flow *flow) {
    int y = flow->line++ - flow->top;
    return area_part(flow->area, 0, y, flow->area.width, y < 0 ? 0 : 1);
}

void flow_blank(struct flow *flow) {
    flow->line++;
}

int flow_top_max(const struct flow *flow) {
    return flow->line > flow->area.height ? flow->line - flow->area.height : 0;
}

size_t flow_break(struct span text, size_t from, int room, size_t *end) {
    size_t at = from;
    size_t word_end = 0, word_next = 0;
    int columns = 0;
    while (at < text.len) {
        size_t before = at;
        uint32_t c = text_next(text.at, text.len, &at);
        if (c == 0 || c == '\n') {
            *end = before;
            return at;
        }
        if (c == ' ' && columns > 0) {
            word_end = before;
            word_next = at;
        }
        int width = text_width(c);
        if (columns + width > room && c != ' ') {
            /* A word longer than the line is cut where it hits the edge. */
            *end = word_end ? word_end : before > from ? before : at;
            return word_end ? word_next : *end;
        }
        columns += width;
    }
    *end = text.len;
    return text.len;
}

/* Whether a line of the text itself starts there, as "- one of a list". */
static bool is_bullet(struct span text, size_t at) {
    return (at == 0 || text.at[at - 1] == '\n') && at + 1 < text.len && text.at[at] == '-' &&
           text.at[at + 1] == ' ';
}

/* The first line starts at column `first`, the others at `indent`, or behind the bullet that they
 * belong to. */
static void flow_lines(struct flow *flow, int first, int indent, enum style style,
                       struct span text) {
    /* A trailing newline is no line of its own. */
    while (text.len > 0 && text.at[text.len - 1] == '\n') {
        text.len--;
    }
    size_t at = 0;
    int from = first;
    int hang = 0;
    do {
        bool opens = at == 0 || text.at[at - 1] == '\n';
        hang = is_bullet(text, at) ? 2 : opens ? 0 : hang;
        from += opens ? 0 : hang;
        int room = flow->area.width - from;
        size_t end;
        size_t next = flow_break(text, at, room < 1 ? 1 : room, &end);
        struct area line = flow_line(flow);
        area_span(line, from, 0, style, (struct span){text.at + at, (uint32_t)(end - at)});
        at = next;
        from = indent;
    } while (at < text.len);
}

static void flow_span(struct flow *flow, int indent, enum style style, struct span text) {
    flow_lines(flow, indent, indent, style, text);
}

void flow_hang(struct flow *flow, int hang, enum style front_style, const char *front,
               enum style style, const char *text) {
    int columns = text_columns(span_of(front));
    int from = flow->line;
    /* A front that leaves little room gets a line of its own. */
    bool alone = columns * 3 > flow->area.width * 2;
    flow->line += alone ? 1 : 0;
    flow_lines(flow, alone ? hang : columns + 1, hang, style, span_of(text));
    struct flow again = {.area = flow->area, .line = from, .top = flow->top};
    area_text(flow_line(&again), 0, 0, front_style, front);
}

void flow_text(struct flow *flow, int indent, enum style style, const char *text) {
    flow_span(flow, indent, style, span_of(text));
}

void flow_item(struct flow *flow, int indent, enum style front_style, const char *front,
               enum style style, const char *text) {
    int y = flow->line;
    int columns = text_columns(span_of(front));
    flow_text(flow, indent + columns + 1, style, text);
    struct flow again = {.area = flow->area, .line = y, .top = flow->top};
    area_text(flow_line(&again), indent, 0, front_style, front);
}

/* ---- dump ---- */

char *paint_dump(const struct paint *paint) {
    size_t cells = (size_t)paint->width * (size_t)paint->height;
    char *text = malloc(cells * sizeof(((struct cell *)0)->text) + (size_t)paint->height + 1);
    if (!text) {
        return NULL;
    }
    size_t len = 0;
    for (int y = 0; y < paint->height; y++) {
        size_t end = len;
        for (int x = 0; x < paint->width; x++) {
            const struct cell *cell = &paint->cells[(size_t)y * (size_t)paint->width + (size_t)x];
            for (int i = 0; cell->width > 0 && cell->text[i] != 0; i++) {
                len += utf8_encode((uint32_t)cell->text[i], text + len);
            }
            if (cell->text[0] != L' ' && cell->width > 0) {
                end = len;
            }
        }
        len = end;
        text[len++] = '\n';
    }
    text[len] = '\0';
    return text;
}

int flow_rows(const char *text, int width) {
    struct span all = span_of(text);
    size_t at = 0, end;
    int rows = 0;
    do {
        at = flow_break(all, at, width > 3 ? width - 2 : 1, &end);
        rows++;
    } while (at < all.len);
    return rows;
}

void area_rows(struct area area, enum style style, const char *text) {
    struct span all = span_of(text);
    size_t at = 0, end;
    struct area inner = area_part(area, 1, 0, area.width - 2, area.height);
    for (int y = 0; y < inner.height && inner.width > 0 && at < all.len; y++) {
        size_t next = flow_break(all, at, inner.width, &end);
        if (y + 1 == inner.height && next < all.len) {
            area_cut(inner, 0, y, inner.width, style, text + at);
        } else {
            area_span(inner, 0, y, style, (struct span){text + at, (uint32_t)(end - at)});
        }
        at = next;
    }
}
