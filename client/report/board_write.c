/* SPDX-License-Identifier: ISC */
/*
 * board_write.c: what the formats of a board share, and its text.
 */
#include "client/report/board_write.h"

#include <string.h>

#include "client/report/ledger.h"
#include "protocol/board/canvas.h"
#include "protocol/board/line.h"
#include "protocol/board/words.h"
#include "protocol/room/clock.h"
#include "protocol/text/text.h"

enum { TEXT_WIDTH = 80 };

bool board_format_find(const char *name, enum board_format *out) {
    static const char *const names[] = {"text", "svg", "mermaid", "excalidraw", "json"};
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum board_format)i;
            return true;
        }
    }
    return false;
}

void board_write(const struct room *room, enum board_format format, struct out *out) {
    static void (*const writers[])(const struct room *, struct out *) = {
        board_write_text, board_write_svg, board_write_mermaid, board_write_excalidraw,
        board_write_json};
    writers[format](room, out);
}

uint8_t board_author(const struct room *room) {
    int seat = room_candidate(room);
    return seat < 0 ? 0 : (uint8_t)seat;
}

const char *board_clock(const struct room *room, int64_t at, char out[BOARD_CLOCK_SIZE]) {
    clock_text(out, BOARD_CLOCK_SIZE, ledger_time_at(room, at).clock);
    return out;
}

const char *board_name(const struct board_thing *thing, char out[BOARD_NAME_SIZE]) {
    struct box_line line;
    struct span text = span_of(thing->text);
    if (text.len <= BOARD_BOX_MAX_BYTES) {
        line_read(text, &line);
        text = line.name.len > 0 ? line.name : text;
    }
    text_plain(text, out, BOARD_NAME_SIZE);
    return out;
}

static bool cites_now(const struct board *board, const struct board_cite *cite, uint8_t author) {
    const struct board_thing *thing = board_find(board, cite->thing);
    return thing && thing->by == author && board_is_shown(board, thing) &&
           line_cites(span_of(thing->text), cite->number);
}

const struct board_thing *board_cited(const struct board *board, uint8_t author, unsigned number,
                                      unsigned i, int64_t *at) {
    for (uint32_t k = 0; k < board->cite_count; k++) {
        const struct board_cite *cite = &board->cites[k];
        if (cite->number == number && cites_now(board, cite, author) && i-- == 0) {
            *at = cite->at;
            return board_find(board, cite->thing);
        }
    }
    return NULL;
}

void board_write_lines(const struct room *room, struct out *out) {
    struct canvas canvas;
    bool named = room_names_lines(room);
    const struct canvas_options options = {.author = board_author(room),
                                           .layers = named ? room->pack->layers : NULL,
                                           .layer_count = named ? room->pack->layer_count : 0};
    if (!canvas_draw(&canvas, &room->board, &options)) {
        out->failed = true;
        return;
    }
    canvas_write(&canvas, out);
    canvas_free(&canvas);
}

static void put_req(const struct room *room, const struct board_thing *req, struct out *out) {
    char clock[BOARD_CLOCK_SIZE];
    char name[BOARD_NAME_SIZE];
    int64_t at;
    out_print(out, "  R%-3u %6s  ", req->number, board_clock(room, req->made_at, clock));
    out_wrapped(out, req->text, 15, 15, TEXT_WIDTH);
    const struct board_thing *thing;
    unsigned i = 0;
    uint8_t author = board_author(room);
    for (; (thing = board_cited(&room->board, author, req->number, i, &at)) != NULL; i++) {
        out_raw(out, i == 0 ? "               used at " : ", ");
        out_typed(out, OUT_TEXT, board_name(thing, name));
        out_print(out, " %s", board_clock(room, at, clock));
    }
    out_raw(out, i == 0 ? "               used nowhere\n" : "\n");
}

static void put_line(const struct room *room, const struct board_thing *line, struct out *out) {
    static const char *const styles[] = {"", "parked: ", "scratch: "};
    char clock[BOARD_CLOCK_SIZE];
    out_print(out, "       %6s  %s", board_clock(room, line->made_at, clock),
              styles[line->style % 3]);
    out_wrapped(out, line->text, 15 + (int)strlen(styles[line->style % 3]), 15, TEXT_WIDTH);
}

void board_write_loose(const struct room *room, enum out_format format, struct out *out) {
    const struct board *board = &room->board;
    char name[BOARD_NAME_SIZE];
    bool any = false;
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *box = &board->things[i];
        if (board_is_loose(board, board_author(room), box)) {
            out_raw(out, any ? ", " : "Boxes that cite no requirement: ");
            out_typed(out, format, board_name(box, name));
            any = true;
        }
    }
    out_raw(out, any ? ".\n" : "");
}

/* All shown things of a kind, with a heading. */
static void put_kind(const struct room *room, enum board_kind kind, const char *title,
                     void (*put)(const struct room *, const struct board_thing *, struct out *),
                     struct out *out) {
    bool any = false;
    for (uint32_t i = 0; i < room->board.count; i++) {
        const struct board_thing *thing = &room->board.things[i];
        if (thing->kind == kind && !thing->dropped) {
            if (!any) {
                out_print(out, "\n%s\n", title);
            }
            any = true;
            put(room, thing, out);
        }
    }
}

void board_write_text(const struct room *room, struct out *out) {
    if (!board_is_used(&room->board)) {
        out_raw(out, "The board was not used.\n");
        return;
    }
    board_write_lines(room, out);
    put_kind(room, BOARD_REQ, "Requirements", put_req, out);
    board_write_loose(room, OUT_TEXT, out);
    put_kind(room, BOARD_LINE, "Worksheet", put_line, out);
}
