/* SPDX-License-Identifier: ISC */
/*
 * progress_chart.c: trend lines: cells and braille for a terminal, with ASCII in their place, and
 * SVG.
 *
 * A braille cell has 2 x 4 dots (Unicode, block "Braille Patterns": U+2800 plus a bit for each
 * dot).
 */
#include "client/report/progress.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHART_ROWS = 6, CHART_COLUMNS_MAX = 120, AXIS = 8 };

void progress_spark(struct out *out, const int *percent, uint32_t count, int width, bool ascii) {
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    uint32_t shown = count > (uint32_t)width ? (uint32_t)width : count;
    for (uint32_t i = count - shown; i < count; i++) {
        int value = percent[i] > 100 ? 100 : percent[i];
        if (value < 0) {
            out_raw(out, " ");
        } else {
            out_raw(out, ascii ? digits[value * 9 / 100] : blocks[value * 7 / 100]);
        }
    }
    out_repeat(out, " ", width - (int)shown);
}

struct canvas {
    int columns; /* cells */
    bool ascii;
    uint8_t cells[CHART_ROWS][CHART_COLUMNS_MAX];
};

/* Dots of a cell across and down. */
static int across(const struct canvas *canvas) {
    return canvas->ascii ? 1 : 2;
}

static int down(const struct canvas *canvas) {
    return canvas->ascii ? 1 : 4;
}

static void dot(struct canvas *canvas, int x, int y) {
    static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    int row = y / down(canvas);
    int column = x / across(canvas);
    if (x >= 0 && y >= 0 && row < CHART_ROWS && column < canvas->columns) {
        canvas->cells[row][column] |= canvas->ascii ? 1 : bits[y % 4][x % 2];
    }
}

static void line(struct canvas *canvas, int x0, int y0, int x1, int y1) {
    int steps = abs(x1 - x0) > abs(y1 - y0) ? abs(x1 - x0) : abs(y1 - y0);
    for (int i = 0; i <= steps; i++) {
        int half = steps / 2;
        int dx = (x1 - x0) * i;
        int dy = (y1 - y0) * i;
        dot(canvas, steps ? x0 + (dx + (dx < 0 ? -half : half)) / steps : x0,
            steps ? y0 + (dy + (dy < 0 ? -half : half)) / steps : y0);
    }
}

static void draw_values(struct canvas *canvas, const int *percent, uint32_t count) {
    int right = canvas->columns * across(canvas) - 1;
    int bottom = CHART_ROWS * down(canvas) - 1;
    int last_x = -1;
    int last_y = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (percent[i] < 0) {
            continue;
        }
        int x = count > 1 ? (int)((int64_t)right * i / (count - 1)) : right / 2;
        int y = bottom - (percent[i] * bottom + 50) / 100;
        line(canvas, last_x < 0 ? x : last_x, last_x < 0 ? y : last_y, x, y);
        last_x = x;
        last_y = y;
    }
}

static void put_cell(struct out *out, const struct canvas *canvas, uint8_t cell) {
    if (canvas->ascii || cell == 0) {
        out_raw(out, cell ? "*" : " ");
        return;
    }
    out_character(out, 0x2800U + cell);
}

void progress_chart(struct out *out, const int *percent, uint32_t count, int width, bool ascii) {
    static const char *const scale[CHART_ROWS] = {"100 %", "", "", "", "", "0 %"};
    struct canvas canvas = {.ascii = ascii, .columns = width - AXIS - 2};
    canvas.columns = canvas.columns > CHART_COLUMNS_MAX ? CHART_COLUMNS_MAX : canvas.columns;
    draw_values(&canvas, percent, count);
    for (int row = 0; row < CHART_ROWS; row++) {
        out_print(out, "  %5s %s", scale[row], ascii ? "|" : "│");
        int end = canvas.columns;
        while (end > 0 && canvas.cells[row][end - 1] == 0) {
            end--;
        }
        for (int column = 0; column < end; column++) {
            put_cell(out, &canvas, canvas.cells[row][column]);
        }
        out_raw(out, "\n");
    }
}

/* ---- SVG ---- */

enum { PAD = 6 };

static int x_of(uint32_t i, uint32_t count, int width) {
    return count > 1 ? PAD + (int)((int64_t)(width - 2 * PAD) * i / (count - 1)) : width / 2;
}

static int y_of(int percent, int height) {
    return PAD + (height - 2 * PAD) * (100 - percent) / 100;
}

static void svg_path(struct out *out, const struct progress_line *line) {
    bool pen = false;
    out_print(out, "<path style=\"fill:none;stroke:var(%s);stroke-width:2.5\" d=\"", line->colour);
    for (uint32_t i = 0; i < line->count; i++) {
        if (line->percent[i] >= 0) {
            out_print(out, "%s%d %d", pen ? "L" : "M", x_of(i, line->count, line->width),
                      y_of(line->percent[i], line->height));
            pen = true;
        }
    }
    out_raw(out, "\"/>");
}

void progress_svg(struct out *out, const struct progress_line *line) {
    int width = line->width;
    int height = line->height;
    out_print(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", width, height);
    out_typed(out, OUT_HTML, line->label);
    out_print(out,
              "\"><path d=\"M0 %dH%dM0 %dH%dM0 %dH%d\" style=\"stroke:var(--line);fill:none\"/>",
              y_of(100, height), width, y_of(50, height), width, y_of(0, height), width);
    svg_path(out, line);
    for (uint32_t i = 0; i < line->count; i++) {
        if (line->percent[i] >= 0) {
            out_print(out,
                      "<circle cx=\"%d\" cy=\"%d\" r=\"4\" style=\"fill:var(%s)\"><title>"
                      "interview %u: %d %%</title></circle>",
                      x_of(i, line->count, width), y_of(line->percent[i], height), line->colour,
                      i + 1, line->percent[i] * line->times);
        }
    }
    out_raw(out, "</svg>\n");
}
