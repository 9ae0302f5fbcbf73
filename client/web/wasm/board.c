/* SPDX-License-Identifier: ISC */
/*
 * board.c: the board and the worksheet as JSON, for drawing, and changes of them.
 *
 * The numbers are those of protocol/board/layout.h: the page draws the same picture as a terminal.
 */
#include <stdlib.h>
#include <string.h>

#include "client/feed/put_picture.h"
#include "client/web/wasm/core.h"
#include "protocol/board/layout.h"
#include "protocol/board/line.h"
#include "protocol/board/words.h"

static void put_rect(struct mp_writer *w, struct layout_rect r) {
    json_int(w, "x", r.x);
    json_int(w, "y", r.y);
    json_int(w, "w", r.w);
    json_int(w, "h", r.h);
}

static void begin_thing(struct mp_writer *w, const struct board_thing *thing) {
    json_open(w, NULL, '{');
    json_int(w, "id", thing->id);
    json_int(w, "by", thing->by);
    json_int(w, "style", thing->style);
    json_str(w, "text", thing->text);
}

static void put_cell(struct mp_writer *w, const struct board_thing *thing) {
    json_int(w, "col", thing->col);
    json_int(w, "row", thing->row);
    json_int(w, "cols", thing->cols);
    json_int(w, "rows", thing->rows);
}

/* Whole, however the box is wide. */
static void put_name(struct mp_writer *w, const struct board_thing *box) {
    char name[BOARD_BOX_MAX_BYTES + 1];
    struct box_line line;
    line_read(span_of(box->text), &line);
    memcpy(name, line.name.at, line.name.len);
    name[line.name.len] = '\0';
    json_str(w, "name", name);
}

/* loose: it cites no requirement, and whoever looks is told. */
static void put_box(struct mp_writer *w, const struct layout_area *area, bool loose) {
    static const char *const kinds[] = {"name", "faint", "part"};
    struct board_words words;
    words_of(area->thing, area->rect.w, &words);
    begin_thing(w, area->thing);
    put_rect(w, area->rect);
    put_cell(w, area->thing);
    put_name(w, area->thing);
    json_open(w, "lines", '[');
    for (unsigned i = 0; i < words.count; i++) {
        json_open(w, NULL, '[');
        json_str(w, NULL, kinds[words.kinds[i]]);
        json_str(w, NULL, words.lines[i]);
        json_close(w, ']');
    }
    json_close(w, ']');
    json_str(w, "reqs", words.reqs);
    if (loose) {
        json_bool(w, "loose", true);
    }
    json_close(w, '}');
}

/* Boxes. Which of them cite nothing is the panel's to see. */
static void put_boxes(struct mp_writer *w, const struct model *model, const struct board *board,
                      const struct board_layout *layout) {
    int author = model->role != ROLE_CANDIDATE ? room_candidate(&model->room) : -1;
    json_open(w, "boxes", '[');
    for (unsigned i = 0; i < layout->box_count; i++) {
        const struct layout_area *box = &layout->boxes[i];
        put_box(w, box, author >= 0 && board_is_loose(board, (uint8_t)author, box->thing));
    }
    json_close(w, ']');
}

static void put_areas(struct mp_writer *w, const char *key, const struct layout_area *areas,
                      unsigned count) {
    json_open(w, key, '[');
    for (unsigned i = 0; i < count; i++) {
        begin_thing(w, areas[i].thing);
        put_rect(w, areas[i].rect);
        put_cell(w, areas[i].thing);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_point(struct mp_writer *w, int64_t x, int64_t y) {
    json_open(w, NULL, '[');
    json_int(w, NULL, x);
    json_int(w, NULL, y);
    json_close(w, ']');
}

static void put_arrows(struct mp_writer *w, const struct board_layout *layout) {
    json_open(w, "arrows", '[');
    for (unsigned i = 0; i < layout->arrow_count; i++) {
        const struct layout_arrow *arrow = &layout->arrows[i];
        begin_thing(w, arrow->thing);
        json_int(w, "from", arrow->thing->from);
        json_int(w, "to", arrow->thing->to);
        json_int(w, "x", arrow->label.x);
        json_int(w, "y", arrow->label.y);
        json_open(w, "points", '[');
        for (unsigned k = 0; k < arrow->count; k++) {
            put_point(w, arrow->points[k].x, arrow->points[k].y);
        }
        json_close(w, ']');
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* Points in BOARD_FINE-ths of a unit. */
static void put_strokes(struct mp_writer *w, const struct board_layout *layout) {
    json_open(w, "strokes", '[');
    for (unsigned i = 0; i < layout->stroke_count; i++) {
        const struct board_thing *stroke = layout->strokes[i];
        begin_thing(w, stroke);
        json_open(w, "points", '[');
        for (uint32_t k = 0; k < stroke->point_bytes / BOARD_POINT_BYTES; k++) {
            struct layout_point fine;
            struct layout_point at = layout_stroke(stroke, k, &fine);
            put_point(w, at.x * BOARD_FINE + fine.x, at.y * BOARD_FINE + fine.y);
        }
        json_close(w, ']');
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* Requirements and lines. What nothing answers is the panel's to see. */
static void put_sheet(struct mp_writer *w, const struct model *model, const struct board *board,
                      enum board_kind kind, const char *key) {
    int author = room_candidate(&model->room);
    json_open(w, key, '[');
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        if (thing->kind != kind || thing->dropped) {
            continue;
        }
        begin_thing(w, thing);
        json_int(w, "at", thing->made_at);
        if (kind == BOARD_REQ) {
            json_int(w, "number", thing->number);
            if (model->role != ROLE_CANDIDATE && author >= 0) {
                json_bool(w, "answered", board_answers(board, (uint8_t)author, thing->number));
            }
        }
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* Names of columns, and of lines that nobody has begun: in guided and training rooms. */
static void put_names(struct mp_writer *w, const struct room *room, const struct board *board) {
    const char *slot;
    json_open(w, "layers", '[');
    for (uint8_t i = 0; room_names_lines(room) && i < room->pack->layer_count; i++) {
        json_str(w, NULL, room->pack->layers[i]);
    }
    json_close(w, ']');
    json_open(w, "slots", '[');
    for (unsigned i = 0; (slot = room_open_slot(room, board, i)) != NULL; i++) {
        json_str(w, NULL, slot);
    }
    json_close(w, ']');
}

/* Those that are whole. */
static void put_pictures(struct mp_writer *w, const struct board *board) {
    json_open(w, "pictures", '[');
    for (uint8_t i = 0; i < board->picture_count; i++) {
        const struct board_picture *picture = &board->pictures[i];
        if (picture->left > 0) {
            continue;
        }
        json_open(w, NULL, '{');
        json_int(w, "id", picture->id);
        json_int(w, "by", picture->by);
        json_int(w, "at", picture->at);
        json_int(w, "bytes", picture->bytes);
        json_str(w, "type", picture_mime((enum picture_kind)picture->kind));
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_rest(struct mp_writer *w, struct model *model, const struct board *board,
                     int64_t now) {
    json_open(w, "marks", '[');
    for (unsigned seat = 0; seat < ROOM_SEATS_MAX; seat++) {
        if (board->marks[seat].thing != 0) {
            put_point(w, seat, board->marks[seat].thing);
        }
    }
    json_close(w, ']');
    json_int(w, "next", board_next_id(board, model->seat));
    json_int(w, "author", room_candidate(&model->room));
    json_bool(w, "may", room_may_draw(&model->room, model->seat));
    json_bool(w, "shared", board->shared);
    json_bool(w, "used", board_is_used(board));
    json_bool(w, "hidden", board->private_at != 0);
    json_int(w, "until", board_private_until(board, now));
    json_int(w, "held", model->drawing.held_count);
    json_int(w, "undo", model->drawing.undo.undo.count);
    json_int(w, "redo", model->drawing.undo.redo.count);
}

void web_room_board(struct web *web, struct web_room *room, double now) {
    struct mp_writer *w = &web->out;
    const struct board *board = drawing_shown(&room->model);
    struct board_layout *layout = malloc(sizeof *layout);
    mp_writer_reset(w);
    if (layout == NULL) {
        json_null(w, NULL);
        return;
    }
    layout_board(board, layout);
    json_open(w, NULL, '{');
    json_int(w, "cols", layout->cols);
    json_int(w, "rows", layout->rows);
    json_int(w, "width", layout->width);
    json_int(w, "height", layout->height);
    put_boxes(w, &room->model, board, layout);
    put_areas(w, "frames", layout->frames, layout->frame_count);
    put_areas(w, "spans", layout->spans, layout->span_count);
    put_arrows(w, layout);
    put_strokes(w, layout);
    put_sheet(w, &room->model, board, BOARD_REQ, "reqs");
    put_sheet(w, &room->model, board, BOARD_LINE, "lines");
    put_names(w, &room->model.room, board);
    put_pictures(w, &room->model.room.board);
    put_rest(w, &room->model, board, (int64_t)now);
    json_close(w, '}');
    free(layout);
}

static int done(struct web *web, struct web_room *room, enum drawing_result result,
                struct model_pending *pending) {
    mp_writer_reset(&web->out);
    if (result == DRAWING_REFUSED) {
        return web_say(web, room->model.message);
    }
    web_send_waiting(web, room, pending != NULL ? pending->command.id : UINT32_MAX);
    return 1;
}

int web_room_draw(struct web *web, struct web_room *room, const char *json, uint32_t len,
                  double now) {
    struct body body;
    struct model_pending *pending = NULL;
    if (!web_read_command(web, json, len, &body)) {
        return 0;
    }
    if (!room->joined_ever || !board_is_action(body.act)) {
        return web_say(web, "Not in the room yet; wait a moment.");
    }
    return done(web, room, drawing_do(&room->model, &body, (int64_t)now, &pending), pending);
}

int web_room_undo(struct web *web, struct web_room *room, int again, double now) {
    struct model_pending *pending = NULL;
    return done(web, room, drawing_undo(&room->model, again != 0, (int64_t)now, &pending), pending);
}

int web_room_picture(struct web *web, struct web_room *room, const char *bytes, uint32_t len,
                     double now) {
    if (!room->joined_ever) {
        return web_say(web, "Not in the room yet; wait a moment.");
    }
    bool good = put_picture(&room->model, (struct span){bytes, len}, (int64_t)now);
    mp_writer_reset(&web->out);
    web_send_waiting(web, room, UINT32_MAX);
    return good ? 1 : web_say(web, room->model.message);
}

int web_room_picture_bytes(struct web *web, const struct web_room *room, uint32_t id) {
    struct span bytes = pictures_find(&room->model.pictures, id);
    mp_writer_reset(&web->out);
    mp_put_raw(&web->out, bytes.at, bytes.len);
    return bytes.len > 0;
}

int web_room_unhide(struct web *web, struct web_room *room, double now) {
    bool good = drawing_unhide(&room->model, (int64_t)now);
    mp_writer_reset(&web->out);
    web_send_waiting(web, room, UINT32_MAX);
    return good ? 1 : web_say(web, room->model.message);
}
