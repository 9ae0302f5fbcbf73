/* SPDX-License-Identifier: ISC */
/*
 * board_svg.c: a board as SVG: text that can be selected, and a title for each thing.
 *
 * It takes the colour of the text around it, so that it stands in a page as in a file of its own.
 */
#include "client/report/board_svg.h"

#include <stdlib.h>
#include <string.h>

#include "client/report/board_write.h"
#include "client/report/html.h"
#include "protocol/board/words.h"
#include "protocol/text/text.h"

/* Pixels of a unit. */
enum { UNIT_X = 9, UNIT_Y = 18, TEXT_DOWN = 14 };

static int px(int x) {
    return x * UNIT_X;
}

static int py(int y) {
    return y * UNIT_Y;
}

/* What stands on a line has the paper behind it, also between its words. */
static void put_paper(struct out *out, int x, int y, const char *class, const char *text) {
    int width = text_columns(span_of(text)) * 8 + 4;
    int left = strstr(class, "mid") ? x - width / 2 : strstr(class, "end") ? x - width + 2 : x - 2;
    out_print(out, "<rect class=\"bg\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"16\"/>", left,
              y - 12, width);
}

static void put_words(struct out *out, int x, int y, const char *class, const char *text) {
    if (strncmp(class, "on", 2) == 0) {
        put_paper(out, x, y, class, text);
    }
    out_print(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
    html_typed(out, text);
    out_raw(out, "</text>\n");
}

static void begin(struct out *out, const char *class, const char *title) {
    out_print(out, "<g class=\"%s\">", class);
    html_element(out, "<title>", title, "</title>\n");
}

static void put_frame(struct out *out, const struct layout_area *area) {
    struct layout_rect r = area->rect;
    begin(out, "frame", area->thing->text);
    out_print(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n",
              px(r.x) + UNIT_X / 2, py(r.y) + UNIT_Y / 2, px(r.w - 1), py(r.h - 1));
    put_words(out, px(r.x + 1) + 4, py(r.y) + TEXT_DOWN - 2, "on", area->thing->text);
    out_raw(out, "</g>\n");
}

static void put_span(struct out *out, const struct layout_area *area) {
    struct layout_rect r = area->rect;
    int left = px(r.x) + UNIT_X / 2;
    int right = px(r.x + r.w - 1) + UNIT_X / 2;
    int y = py(r.y) + UNIT_Y / 2;
    begin(out, "span", area->thing->text);
    out_print(out, "<path d=\"M%d %dv10M%d %dh%dM%d %dv10\"/>\n", left, y - 5, left, y,
              right - left, right, y - 5);
    put_words(out, (left + right) / 2, py(r.y) + TEXT_DOWN - 1, "on mid", area->thing->text);
    out_raw(out, "</g>\n");
}

/* Level ends reach the borders of the boxes, which are drawn half a unit inside. */
static int reach(const struct layout_arrow *arrow, int end, int next) {
    struct layout_point a = arrow->points[end];
    struct layout_point b = arrow->points[next];
    return a.y != b.y ? 0 : a.x < b.x ? -UNIT_X : UNIT_X;
}

/* The head of an arrow straight up or down. */
static int drop(const struct layout_arrow *arrow, int end) {
    struct layout_point a = arrow->points[0];
    struct layout_point b = arrow->points[1];
    bool straight = arrow->count == 2 && a.x == b.x && end == 1;
    return !straight ? 0 : b.y > a.y ? UNIT_Y - 4 : 4 - UNIT_Y;
}

static void put_arrow(struct out *out, const struct layout_arrow *arrow) {
    static const char *const classes[] = {"arrow", "arrow dashed", "arrow bold"};
    begin(out, classes[arrow->thing->style % 3], arrow->thing->text);
    out_raw(out, "<path marker-end=\"url(#head)\" d=\"");
    for (int i = 0; i < arrow->count; i++) {
        int next = i == 0 ? 1 : i - 1;
        bool end = i == 0 || i == arrow->count - 1;
        out_print(out, "%c%d %d", i == 0 ? 'M' : 'L',
                  px(arrow->points[i].x) + UNIT_X / 2 + (end ? reach(arrow, i, next) : 0),
                  py(arrow->points[i].y) + UNIT_Y / 2 + (end ? drop(arrow, i) : 0));
    }
    out_raw(out, "\"/>\n");
    if (arrow->thing->text[0] != '\0') {
        put_words(out, px(arrow->label.x) + UNIT_X / 2, py(arrow->label.y) + 4, "on mid label",
                  arrow->thing->text);
    }
    out_raw(out, "</g>\n");
}

static void put_stroke(struct out *out, const struct board_thing *stroke) {
    out_raw(out, "<g class=\"stroke\"><path d=\"");
    for (uint32_t i = 0; i < stroke->point_bytes / BOARD_POINT_BYTES; i++) {
        struct layout_point fine;
        struct layout_point at = layout_stroke(stroke, i, &fine);
        out_print(out, "%c%d %d", i == 0 ? 'M' : 'L', px(at.x) + fine.x * UNIT_X / BOARD_FINE,
                  py(at.y) + fine.y * UNIT_Y / BOARD_FINE);
    }
    out_raw(out, "\"/></g>\n");
}

static void put_box(struct out *out, const struct layout_area *area, uint8_t author) {
    static const char *const classes[] = {"name", "faint", "part"};
    struct board_words words;
    struct layout_rect r = area->rect;
    bool bare = area->thing->style == BOX_TEXT;
    words_of(area->thing, area->rect.w, &words);
    begin(out,
          bare                        ? "words"
          : area->thing->by == author ? "box"
                                      : "box theirs",
          area->thing->text);
    if (!bare) {
        out_print(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>\n",
                  px(r.x) + UNIT_X / 2, py(r.y) + UNIT_Y / 2, px(r.w - 1), py(r.h - 1));
    }
    for (unsigned i = 0; i < words.count; i++) {
        put_words(out, px(r.x + 1) + 4, py(r.y + !bare + (int)i) + TEXT_DOWN,
                  classes[words.kinds[i]], words.lines[i]);
    }
    if (words.reqs[0] != '\0') {
        put_words(out, px(r.x + r.w - 1) - 6, py(r.y + r.h - 1) + TEXT_DOWN - 1, "on end",
                  words.reqs);
    }
    out_raw(out, "</g>\n");
}

void board_svg_style(struct out *out) {
    out_raw(out,
            "<style>.board{font:13px ui-monospace,monospace;background:var(--card,#fff)}.board "
            "rect,.board path{fill:none;"
            "stroke:currentColor;stroke-width:1.2}.board text{fill:currentColor}.board .name{"
            "font-weight:700}.board .faint{opacity:.7}.board .bg{fill:var(--card,#fff);"
            "stroke:none}.board .mid{text-anchor:"
            "middle}.board .end{text-anchor:end;font-weight:700}.board .label{font-size:11px}"
            ".board .frame rect{stroke-dasharray:6 4;opacity:.6}.board .theirs rect{"
            "stroke-dasharray:2 3}.board .dashed path{stroke-dasharray:5 4}.board .bold path{"
            "stroke-width:2.6}.board .stroke path{stroke-width:2;opacity:.7}</style>\n"
            "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
            "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" style=\"fill:"
            "currentColor\"/></marker></defs>\n");
}

void board_svg_open(const struct board_layout *layout, struct out *out) {
    out_print(out,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"board\" viewBox=\"0 0 %d %d\" "
              "width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"The design board: %u boxes, %u "
              "arrows\">\n",
              px(layout->width), py(layout->height), px(layout->width), py(layout->height),
              layout->box_count, layout->arrow_count);
}

void board_svg_layers(const struct room *room, struct out *out) {
    for (uint8_t i = 0; room_names_lines(room) && i < room->pack->layer_count; i++) {
        struct layout_rect r = layout_cell(i, 0);
        put_words(out, px(r.x), TEXT_DOWN, "faint", room->pack->layers[i]);
    }
}

void board_svg_each(const struct room *room, const struct board_layout *layout,
                    void (*put)(void *ctx, struct out *thing), void *ctx) {
    struct out thing;
    out_init(&thing);
    const uint16_t counts[] = {layout->frame_count, layout->arrow_count, layout->box_count,
                               layout->span_count, layout->stroke_count};
    for (int kind = 0; kind < 5; kind++) {
        for (int i = 0; i < counts[kind]; i++) {
            thing.len = 0;
            switch (kind) {
            case 0: put_frame(&thing, &layout->frames[i]); break;
            case 1: put_arrow(&thing, &layout->arrows[i]); break;
            case 2: put_box(&thing, &layout->boxes[i], board_author(room)); break;
            case 3: put_span(&thing, &layout->spans[i]); break;
            default: put_stroke(&thing, layout->strokes[i]); break;
            }
            put(ctx, &thing);
        }
    }
    out_free(&thing);
}

static void append(void *ctx, struct out *thing) {
    struct out *out = ctx;
    out_bytes(out, thing->data ? thing->data : "", thing->len);
    out->failed |= thing->failed;
}

void board_write_svg(const struct room *room, struct out *out) {
    struct board_layout *layout = malloc(sizeof *layout);
    if (!layout) {
        out->failed = true;
        return;
    }
    layout_board(&room->board, layout);
    board_svg_open(layout, out);
    board_svg_style(out);
    board_svg_layers(room, out);
    board_svg_each(room, layout, append, out);
    out_raw(out, "</svg>\n");
    free(layout);
}
