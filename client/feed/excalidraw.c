/* SPDX-License-Identifier: ISC */
/*
 * excalidraw.c: what somebody else's program wrote is looked at, never trusted: a bounded list, of
 * which only numbers, ids and texts are read.
 *
 * Invariant: what comes of a file are commands like any hand's, which the core may refuse.
 */
#include "client/feed/excalidraw.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/utf8.h"
#include "protocol/text/why.h"

enum { CLOSE_X = 60, CLOSE_Y = 40, FAR = 1000000, LINE_BYTES = BOARD_BOX_MAX_BYTES - 10 };

struct shape {
    const char *id, *text; /* of the JSON */
    double x, y;
    uint8_t style;  /* enum board_box_style */
    uint32_t thing; /* that it became; 0: none */
};
struct link {
    const char *from, *to, *text;
};
struct excalidraw {
    json_t *file;
    struct shape *shapes;
    struct link *links;
    unsigned shape_count, link_count;
};

static const char *text_of(const json_t *element, const char *key) {
    return json_string_value(json_object_get(element, key));
}

static bool is_type(const json_t *element, const char *type) {
    const char *own = text_of(element, "type");
    return own && strcmp(own, type) == 0;
}

static bool number_of(const json_t *element, const char *key, double *out) {
    const json_t *value = json_object_get(element, key);
    *out = json_number_value(value);
    return json_is_number(value) && isfinite(*out) && fabs(*out) < FAR;
}

/* The words that stand in an element; NULL: none. */
static const char *words_in(const json_t *elements, const char *id) {
    size_t i;
    json_t *element;
    json_array_foreach(elements, i, element) {
        const char *container = text_of(element, "containerId");
        if (is_type(element, "text") && container && strcmp(container, id) == 0) {
            return text_of(element, "text");
        }
    }
    return NULL;
}

static void take_shape(struct excalidraw *drawing, const json_t *elements, const json_t *element) {
    struct shape shape = {.id = text_of(element, "id")};
    bool free_text = is_type(element, "text") && !text_of(element, "containerId");
    bool box =
        is_type(element, "rectangle") || is_type(element, "ellipse") || is_type(element, "diamond");
    if ((!box && !free_text) || !number_of(element, "x", &shape.x) ||
        !number_of(element, "y", &shape.y)) {
        return;
    }
    shape.text = free_text ? text_of(element, "text") : words_in(elements, shape.id);
    shape.style = free_text ? BOX_TEXT : BOX_PLAIN;
    if (shape.text) {
        drawing->shapes[drawing->shape_count++] = shape;
    }
}

static void take_link(struct excalidraw *drawing, const json_t *elements, const json_t *element) {
    const char *from = text_of(json_object_get(element, "startBinding"), "elementId");
    const char *to = text_of(json_object_get(element, "endBinding"), "elementId");
    if (is_type(element, "arrow") && from && to) {
        drawing->links[drawing->link_count++] =
            (struct link){from, to, words_in(elements, text_of(element, "id"))};
    }
}

static bool take_all(struct excalidraw *drawing, const json_t *elements) {
    size_t count = json_array_size(elements);
    drawing->shapes = calloc(count + 1, sizeof *drawing->shapes);
    drawing->links = calloc(count + 1, sizeof *drawing->links);
    for (size_t i = 0; drawing->shapes && drawing->links && i < count; i++) {
        const json_t *element = json_array_get(elements, i);
        if (text_of(element, "id") && !json_is_true(json_object_get(element, "isDeleted"))) {
            take_shape(drawing, elements, element);
            take_link(drawing, elements, element);
        }
    }
    return drawing->shapes && drawing->links;
}

/* NULL: it is sound as a file of that kind. */
static const char *fault_of(const json_t *file) {
    const json_t *elements = json_object_get(file, "elements");
    if (!is_type(file, "excalidraw") || !json_is_array(elements)) {
        return "That is no Excalidraw file: export the drawing as .excalidraw.";
    }
    return json_array_size(elements) > EXCALIDRAW_ELEMENTS_MAX
               ? "That drawing has more than 2000 elements; export a part of it."
               : NULL;
}

struct excalidraw *excalidraw_read(struct span file, char why[EXCALIDRAW_WHY_MAX]) {
    json_error_t error;
    if (file.len > EXCALIDRAW_MAX_BYTES) {
        (void)why_not(why, EXCALIDRAW_WHY_MAX, "A drawing has at most 2 MB; export a part of it.");
        return NULL;
    }
    json_t *json = json_loadb(file.at, file.len, 0, &error);
    const char *fault = json ? fault_of(json) : "That is no Excalidraw file: it is not JSON.";
    struct excalidraw *drawing = fault ? NULL : calloc(1, sizeof *drawing);
    if (!drawing) {
        (void)why_not(why, EXCALIDRAW_WHY_MAX, "%s", fault ? fault : "Out of memory.");
        json_decref(json);
        return NULL;
    }
    drawing->file = json;
    bool good = take_all(drawing, json_object_get(json, "elements"));
    if (!good || drawing->shape_count == 0) {
        (void)why_not(why, EXCALIDRAW_WHY_MAX, "%s",
                      good ? "There is no box with words in that drawing." : "Out of memory.");
        excalidraw_free(drawing);
        return NULL;
    }
    return drawing;
}

void excalidraw_free(struct excalidraw *drawing) {
    if (drawing) {
        json_decref(drawing->file);
        free(drawing->shapes);
        free(drawing->links);
        free(drawing);
    }
}

/* ---- on the board ---- */

/* A line without controls, of so many bytes at most, in `out` with a NUL; its length. */
static uint32_t clean(const char *text, size_t most, char *out) {
    size_t len = 0;
    size_t at = 0;
    size_t bytes = strlen(text);
    while (at < bytes) {
        uint32_t point;
        size_t taken = utf8_decode(text + at, bytes - at, &point);
        bool blank = point <= ' ' || (point >= 0x7f && point < 0xa0);
        size_t size = blank ? 1 : taken;
        if (len + size > most || taken == 0) {
            break;
        }
        at += taken;
        if (!blank) {
            memcpy(out + len, text + at - taken, size);
        } else if (len > 0 && out[len - 1] != ' ') {
            out[len] = ' ';
        } else {
            continue;
        }
        len += size;
    }
    while (len > 0 && out[len - 1] == ' ') {
        len--;
    }
    out[len] = '\0';
    return (uint32_t)len;
}

/* Which one a number is of all of them that are not close to each other, from the least on. */
static uint8_t step_of(const struct excalidraw *drawing, double value, bool x, int most) {
    int close = x ? CLOSE_X : CLOSE_Y;
    double last = -INFINITY;
    int step = -1;
    for (;;) {
        double next = INFINITY;
        for (unsigned i = 0; i < drawing->shape_count; i++) {
            double own = x ? drawing->shapes[i].x : drawing->shapes[i].y;
            next = own > last + close && own < next ? own : next;
        }
        if (next > value) {
            return (uint8_t)(step < 0 ? 0 : step < most ? step : most - 1);
        }
        last = next;
        step++;
    }
}

static bool put_shape(struct feed *feed, struct shape *shape, uint8_t col, uint8_t row) {
    char line[LINE_BYTES + 1];
    const struct board *board = drawing_shown(&feed->model);
    while (row < BOARD_ROWS_MAX && board_at(board, col, row)) {
        row++;
    }
    uint32_t len = clean(shape->text, LINE_BYTES, line);
    if (len == 0 || row >= BOARD_ROWS_MAX) {
        return false;
    }
    uint32_t thing = board_next_id(board, feed->model.seat);
    struct body body = {.act = ACTION_BOX_ADD,
                        .has = F(thing) | F(col) | F(row) | F(text) | F(style),
                        .thing = thing,
                        .col = col,
                        .row = row,
                        .text = {line, len},
                        .style = shape->style};
    shape->thing = feed->ops->send(feed, &body) ? thing : 0;
    return shape->thing != 0;
}

static uint32_t thing_of(const struct excalidraw *drawing, const char *id) {
    for (unsigned i = 0; i < drawing->shape_count; i++) {
        if (strcmp(drawing->shapes[i].id, id) == 0) {
            return drawing->shapes[i].thing;
        }
    }
    return 0;
}

static bool put_link(const struct excalidraw *drawing, struct feed *feed, const struct link *link) {
    char line[BOARD_LABEL_MAX_BYTES + 1];
    struct body body = {.act = ACTION_ARROW_ADD,
                        .has = F(thing) | F(from) | F(to),
                        .thing = board_next_id(drawing_shown(&feed->model), feed->model.seat),
                        .from = thing_of(drawing, link->from),
                        .to = thing_of(drawing, link->to)};
    body.text.len = link->text ? clean(link->text, BOARD_LABEL_MAX_BYTES, line) : 0;
    body.text.at = line;
    body.has |= body.text.len > 0 ? F(text) : 0;
    return body.from != 0 && body.to != 0 && feed->ops->send(feed, &body);
}

unsigned excalidraw_put(const struct excalidraw *drawing, struct feed *feed, unsigned *put) {
    *put = 0;
    for (unsigned i = 0; i < drawing->shape_count; i++) {
        struct shape *shape = &drawing->shapes[i];
        *put += put_shape(feed, shape, step_of(drawing, shape->x, true, BOARD_COLS_MAX),
                          step_of(drawing, shape->y, false, BOARD_ROWS_MAX));
    }
    for (unsigned i = 0; i < drawing->link_count; i++) {
        *put += put_link(drawing, feed, &drawing->links[i]);
    }
    return drawing->shape_count + drawing->link_count - *put;
}
