/* SPDX-License-Identifier: ISC */
/*
 * board_json.c: a board as JSON: everything of it, and as a file of Excalidraw's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "client/report/board_write.h"
#include "protocol/board/layout.h"
#include "protocol/board/line.h"
#include "protocol/text/json.h"

/* Pixels of a unit in an Excalidraw file. */
static const int64_t excalidraw_x = 10, excalidraw_y = 20;

static const char *const kind_names[BOARD_KINDS] = {"box",    "arrow", "frame", "span",
                                                    "stroke", "req",   "line"};

static void put_owned(struct json *json, const char *name, struct span text) {
    char plain[BOARD_LINE_MAX_BYTES + 1];
    span_copy(text, plain, sizeof plain);
    json_put_text(json, name, plain);
}

/* What a box's line says. */
static void put_line(struct json *json, const struct board_thing *box) {
    static const char *const parts[] = {"remark", "number", "reqs"};
    struct box_line line;
    line_read(span_of(box->text), &line);
    put_owned(json, "name", line.name);
    put_owned(json, "rival", line.rival);
    put_owned(json, "reason", line.reason);
    json_put_list(json, "parts");
    for (unsigned i = 0; i < line.part_count; i++) {
        json_put_object(json, NULL);
        put_owned(json, parts[line.parts[i].kind], line.parts[i].text);
        json_end(json);
    }
    json_end(json);
}

static void put_place(struct json *json, const struct board_thing *thing) {
    if (thing->kind == BOARD_BOX || thing->kind == BOARD_FRAME || thing->kind == BOARD_SPAN) {
        json_put_number(json, "col", thing->col);
        json_put_number(json, "row", thing->row);
        json_put_number(json, "cols", thing->cols);
        json_put_number(json, "rows", thing->rows);
    } else if (thing->kind == BOARD_ARROW) {
        json_put_number(json, "from", thing->from);
        json_put_number(json, "to", thing->to);
    }
}

static void put_points(struct json *json, const struct board_thing *stroke) {
    json_put_list(json, "points");
    for (uint32_t i = 0; i < stroke->point_bytes / BOARD_POINT_BYTES; i++) {
        struct layout_point fine;
        struct layout_point at = layout_stroke(stroke, i, &fine);
        json_put_number(json, NULL, at.x * BOARD_FINE + fine.x);
        json_put_number(json, NULL, at.y * BOARD_FINE + fine.y);
    }
    json_end(json);
}

static void put_thing(struct json *json, const struct room *room, const struct board_thing *thing) {
    json_put_object(json, NULL);
    json_put_number(json, "id", thing->id);
    json_put_text(json, "kind", kind_names[thing->kind]);
    json_put_number(json, "by", thing->by);
    json_put_truth(json, "dropped", thing->dropped);
    json_put_number(json, "style", thing->style);
    json_put_number(json, "at", thing->made_at);
    json_put_number(json, "edited", thing->edited_at);
    put_place(json, thing);
    json_put_text(json, "text", thing->text);
    if (thing->kind == BOARD_BOX) {
        put_line(json, thing);
    } else if (thing->kind == BOARD_STROKE) {
        put_points(json, thing);
    } else if (thing->kind == BOARD_REQ) {
        json_put_number(json, "number", thing->number);
        json_put_truth(json, "answered",
                       board_answers(&room->board, board_author(room), thing->number));
    }
    json_end(json);
}

void board_put_json(const struct room *room, struct json *json, const char *name) {
    const struct board *board = &room->board;
    json_put_object(json, name);
    json_put_truth(json, "used", board_is_used(board));
    json_put_number(json, "candidate", board_author(room));
    json_put_list(json, "things");
    for (uint32_t i = 0; i < board->count; i++) {
        put_thing(json, room, &board->things[i]);
    }
    json_end(json);
    json_put_list(json, "cites");
    for (uint32_t i = 0; i < board->cite_count; i++) {
        char clock[BOARD_CLOCK_SIZE];
        json_put_object(json, NULL);
        json_put_number(json, "req", board->cites[i].number);
        json_put_number(json, "thing", board->cites[i].thing);
        json_put_number(json, "at", board->cites[i].at);
        json_put_text(json, "clock", board_clock(room, board->cites[i].at, clock));
        json_end(json);
    }
    json_end(json);
    json_end(json);
}

void board_write_json(const struct room *room, struct out *out) {
    struct json json;
    json_begin(&json, out, JSON_INDENTED);
    board_put_json(room, &json, NULL);
    out_raw(out, "\n");
}

/* ---- Excalidraw ---- */

/* What every element has to have. */
static void begin_element(struct json *json, const char *type, const char *letter, uint32_t id,
                          struct layout_rect r) {
    char name[24];
    snprintf(name, sizeof name, "%s%u", letter, (unsigned)id);
    json_put_object(json, NULL);
    json_put_text(json, "id", name);
    json_put_text(json, "type", type);
    json_put_number(json, "x", r.x * excalidraw_x);
    json_put_number(json, "y", r.y * excalidraw_y);
    json_put_number(json, "width", r.w * excalidraw_x);
    json_put_number(json, "height", r.h * excalidraw_y);
    json_put_number(json, "angle", 0);
    json_put_text(json, "strokeColor", "#1e1e1e");
    json_put_text(json, "backgroundColor", "transparent");
    json_put_number(json, "roughness", 0);
    json_put_number(json, "opacity", 100);
    json_put_number(json, "seed", id);
    json_put_number(json, "version", 1);
    json_put_truth(json, "isDeleted", false);
}

static void put_element_text(struct json *json, uint32_t id, struct layout_rect r, const char *text,
                             const char *container) {
    begin_element(json, "text", "t", id, r);
    json_put_text(json, "text", text);
    json_put_text(json, "originalText", text);
    json_put_number(json, "fontSize", 16);
    json_put_number(json, "fontFamily", 3);
    json_put_text(json, "textAlign", "left");
    json_put_text(json, "verticalAlign", "top");
    if (container) {
        json_put_text(json, "containerId", container);
    }
    json_end(json);
}

static void put_bound(struct json *json, const char *name, uint32_t id) {
    char box[24];
    snprintf(box, sizeof box, "b%u", (unsigned)id);
    json_put_object(json, name);
    json_put_text(json, "elementId", box);
    json_put_number(json, "focus", 0);
    json_put_number(json, "gap", 1);
    json_end(json);
}

static void put_element_arrow(struct json *json, const struct layout_arrow *arrow) {
    struct layout_point first = arrow->points[0];
    begin_element(json, "arrow", "a", arrow->thing->id,
                  (struct layout_rect){first.x, first.y, 1, 1});
    json_put_list(json, "points");
    for (int i = 0; i < arrow->count; i++) {
        json_put_list(json, NULL);
        json_put_number(json, NULL, (arrow->points[i].x - first.x) * excalidraw_x);
        json_put_number(json, NULL, (arrow->points[i].y - first.y) * excalidraw_y);
        json_end(json);
    }
    json_end(json);
    put_bound(json, "startBinding", arrow->thing->from);
    put_bound(json, "endBinding", arrow->thing->to);
    json_put_text(json, "endArrowhead", "arrow");
    json_put_text(json, "strokeStyle", arrow->thing->style == ARROW_DASHED ? "dashed" : "solid");
    json_end(json);
    if (arrow->thing->text[0] != '\0') {
        char name[24];
        snprintf(name, sizeof name, "a%u", (unsigned)arrow->thing->id);
        put_element_text(json, arrow->thing->id,
                         (struct layout_rect){arrow->label.x, arrow->label.y, 10, 1},
                         arrow->thing->text, name);
    }
}

static void put_element_area(struct json *json, const struct layout_area *area) {
    const struct board_thing *thing = area->thing;
    bool bare = thing->kind == BOARD_SPAN || thing->style == BOX_TEXT;
    char name[24];
    snprintf(name, sizeof name, "b%u", (unsigned)thing->id);
    if (!bare || thing->kind == BOARD_FRAME) {
        begin_element(json, "rectangle", "b", thing->id, area->rect);
        json_put_text(json, "strokeStyle", thing->kind == BOARD_FRAME ? "dashed" : "solid");
        json_end(json);
    }
    struct layout_rect inner = {(int16_t)(area->rect.x + 1), area->rect.y, area->rect.w,
                                area->rect.h};
    put_element_text(json, thing->id, inner, thing->text,
                     thing->kind == BOARD_BOX && !bare ? name : NULL);
}

void board_write_excalidraw(const struct room *room, struct out *out) {
    struct board_layout *layout = malloc(sizeof *layout);
    if (!layout) {
        out->failed = true;
        return;
    }
    struct json json;
    layout_board(&room->board, layout);
    json_begin(&json, out, JSON_INDENTED);
    json_put_object(&json, NULL);
    json_put_text(&json, "type", "excalidraw");
    json_put_number(&json, "version", 2);
    json_put_text(&json, "source", "spar");
    json_put_list(&json, "elements");
    for (int i = 0; i < layout->frame_count; i++) {
        put_element_area(&json, &layout->frames[i]);
    }
    for (int i = 0; i < layout->box_count; i++) {
        put_element_area(&json, &layout->boxes[i]);
    }
    for (int i = 0; i < layout->span_count; i++) {
        put_element_area(&json, &layout->spans[i]);
    }
    for (int i = 0; i < layout->arrow_count; i++) {
        put_element_arrow(&json, &layout->arrows[i]);
    }
    json_end(&json);
    json_end(&json);
    out_raw(out, "\n");
    free(layout);
}
