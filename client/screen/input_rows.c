/* SPDX-License-Identifier: ISC */
/*
 * input_rows.c: a text that is being written as it stands on the screen.
 *
 * A row's last column is kept for the cursor behind its text.
 */
#include "client/screen/input_rows.h"

#include <stdio.h>
#include <string.h>

/* Bytes from..end are shown, the next row begins at `next`. */
struct row {
    size_t from, end, next;
    bool last;
};

static struct row row_from(const struct input_line *line, size_t from, int width) {
    struct row row = {.from = from};
    row.next = flow_break((struct span){line->text, (uint32_t)line->len}, from,
                          width > 1 ? width - 1 : 1, &row.end);
    /* A line's end at the text's end has an empty row behind it. */
    row.last = row.next >= line->len && row.end == line->len;
    return row;
}

static int columns_between(const struct input_line *line, size_t from, size_t to) {
    return text_columns((struct span){line->text + from, (uint32_t)(to - from)});
}

/* The row with the cursor; *number of it, from 0. */
static struct row row_of_cursor(const struct input_line *line, int width, int *number) {
    struct row row = row_from(line, 0, width);
    *number = 0;
    while (!row.last && line->cursor >= row.next) {
        row = row_from(line, row.next, width);
        ++*number;
    }
    return row;
}

static int count_rows(const struct input_line *line, int width) {
    int count = 1;
    for (struct row row = row_from(line, 0, width); !row.last; count++) {
        row = row_from(line, row.next, width);
    }
    return count;
}

/* ---- moving ---- */

static size_t at_column(const struct input_line *line, struct row row, int column) {
    size_t at = row.from;
    for (size_t next = at; next < row.end; at = next) {
        uint32_t c = text_next(line->text, row.end, &next);
        if (c == 0 || columns_between(line, row.from, next) > column) {
            break;
        }
    }
    return at;
}

void input_step(struct input_line *line, int step) {
    int width = line->width > 0 ? line->width : INPUT_MAX_BYTES;
    int number;
    struct row row = row_of_cursor(line, width, &number);
    int column = columns_between(line, row.from, line->cursor);
    if (number + step < 0 || (row.last && step > 0)) {
        line->cursor = step < 0 ? 0 : line->len;
        return;
    }
    struct row other = row_from(line, 0, width);
    for (int i = 0; i < number + step; i++) {
        other = row_from(line, other.next, width);
    }
    line->cursor = at_column(line, other, column);
}

/* ---- drawing ---- */

bool input_words(const struct input_line *line, char out[INPUT_WORDS_MAX]) {
    char lost[INPUT_WORDS_MAX / 2] = "";
    size_t left = input_is_too_long(line) ? 0 : line->max - line->len;
    out[0] = '\0';
    if (line->lost > 0) {
        snprintf(lost, sizeof lost, "%zu left out", line->lost);
    }
    if (input_is_too_long(line)) {
        snprintf(out, INPUT_WORDS_MAX, "%s%s%zu byte%s too long to send", lost, lost[0] ? ", " : "",
                 line->len - line->max, line->len - line->max == 1 ? "" : "s");
    } else if (lost[0]) {
        snprintf(out, INPUT_WORDS_MAX, "%s", lost);
    } else if (left <= line->max / 10) {
        snprintf(out, INPUT_WORDS_MAX, "%zu byte%s left", left, left == 1 ? "" : "s");
    }
    return input_is_too_long(line) || line->lost > 0;
}

/* What is said at the right, and, of a text that is too long, the key that ends it, where beside
 * the head and some of the text there is place for both. */
static bool said(const struct input_line *line, int head, int width, char out[INPUT_WORDS_MAX]) {
    static const char key[] = "; Ctrl-X drops it";
    enum { TEXT_LEAST = 8 };
    bool bad = input_words(line, out);
    size_t len = strlen(out);
    int taken = head + (line->lines ? 0 : TEXT_LEAST) + text_columns(span_of(out)) + 1;
    if (input_is_too_long(line) && taken + (int)sizeof key <= width) {
        snprintf(out + len, INPUT_WORDS_MAX - len, "%s", key);
    }
    return bad;
}

/* Columns for the text if it stands in the first row. */
static int first_row_width(const struct input_line *line, int head, int width) {
    char words[INPUT_WORDS_MAX];
    (void)said(line, head, width, words);
    int taken = words[0] ? text_columns(span_of(words)) + 3 : 1;
    return width - head - taken > 1 ? width - head - taken : 1;
}

/* Below the head a row is as wide as the area but for a margin. */
static int row_width(int width) {
    return width > 3 ? width - 2 : 1;
}

static bool fits_behind(const struct input_line *line, int head, int width) {
    return !line->lines || count_rows(line, first_row_width(line, head, width)) == 1;
}

int input_height(const struct input_line *line, int head, int width, int most) {
    if (most < 2 || fits_behind(line, head, width)) {
        return 1;
    }
    int rows = 1 + count_rows(line, row_width(width));
    return rows < most ? rows : most;
}

static void draw_words(const struct input_line *line, struct area area, int head) {
    char words[INPUT_WORDS_MAX];
    bool bad = said(line, head, area.width, words);
    area_right(area_part(area, 0, 0, area.width - 1, 1), 0, bad ? STYLE_BAD : STYLE_HALF, words);
}

/* The rows around the cursor. */
static void draw_rows(struct input_line *line, struct area area, int *x, int *y) {
    int number;
    struct row row = row_of_cursor(line, area.width, &number);
    line->width = area.width;
    line->top = number < line->top                  ? number
                : number >= line->top + area.height ? number - area.height + 1
                                                    : line->top;
    int most = count_rows(line, area.width) - area.height;
    line->top = line->top > most ? (most > 0 ? most : 0) : line->top;
    int column = columns_between(line, row.from, line->cursor);
    *x = column < area.width ? column : area.width - 1;
    *y = number - line->top;
    row = row_from(line, 0, area.width);
    for (int i = 0; i < line->top + area.height; i++) {
        if (i >= line->top) {
            area_span(area, 0, i - line->top, STYLE_PLAIN,
                      (struct span){line->text + row.from, (uint32_t)(row.end - row.from)});
        }
        if (row.last) {
            break;
        }
        row = row_from(line, row.next, area.width);
    }
}

/* The part of one line around the cursor; marks go with their letter. */
static void draw_one(struct input_line *line, struct area area, int *x) {
    size_t from = 0, next = 0;
    int columns = columns_between(line, 0, line->cursor);
    for (uint32_t c; (c = text_next(line->text, line->cursor, &next)) != 0; from = next) {
        if (columns < area.width && text_width(c) > 0) {
            break;
        }
        columns -= text_width(c);
    }
    area_span(area, 0, 0, STYLE_PLAIN,
              (struct span){line->text + from, (uint32_t)(line->len - from)});
    *x = columns;
}

void input_draw(struct input_line *line, struct area area, int head, int *x, int *y) {
    bool below = area.height > 1;
    int width = below ? row_width(area.width) : first_row_width(line, head, area.width);
    struct area field =
        area_part(area, below ? 1 : head, below ? 1 : 0, width, below ? area.height - 1 : 1);
    draw_words(line, area, head);
    *x = *y = 0;
    if (line->lines) {
        draw_rows(line, field, x, y);
    } else {
        draw_one(line, field, x);
    }
    *x += field.x - area.x;
    *y += field.y - area.y;
}
