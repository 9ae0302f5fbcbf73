/* SPDX-License-Identifier: ISC */
/*
 * board_mermaid.c: a board as a Mermaid flowchart. What Mermaid or a page would act upon stands as
 * the code of its character.
 */
#include <string.h>

#include "client/report/board_write.h"
#include "protocol/text/text.h"

/* In quotes: letters, digits and blanks of ASCII as they are, and all that is above it. */
static void put_quoted(struct out *out, const char *text) {
    size_t len = strlen(text);
    size_t at = 0;
    uint32_t c;
    out_raw(out, "\"");
    while ((c = text_next(text, len, &at)) != 0) {
        bool plain = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                     (c >= 'a' && c <= 'z') || (c < 0x80 && strchr(" .,:/+-", (int)c) != NULL);
        if (c == '\n') {
            out_raw(out, " ");
        } else if (plain) {
            out_character(out, c);
        } else {
            out_print(out, "#%u;", (unsigned)c);
        }
    }
    out_raw(out, "\"");
}

static bool is_in(const struct board_thing *box, const struct board_thing *frame) {
    return box->col >= frame->col && box->col < frame->col + frame->cols &&
           box->row >= frame->row && box->row < frame->row + frame->rows;
}

static const struct board_thing *frame_of(const struct board *board,
                                          const struct board_thing *box) {
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *frame = &board->things[i];
        if (frame->kind == BOARD_FRAME && !frame->dropped && is_in(box, frame)) {
            return frame;
        }
    }
    return NULL;
}

/* The boxes of a frame; NULL: those of none. */
static void put_boxes(const struct board *board, const struct board_thing *frame, struct out *out) {
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *box = &board->things[i];
        if (box->kind == BOARD_BOX && !box->dropped && frame_of(board, box) == frame) {
            out_print(out, "  %sb%u[", frame ? "  " : "", (unsigned)box->id);
            put_quoted(out, box->text);
            out_raw(out, "]\n");
        }
    }
}

static void put_arrow(const struct board_thing *arrow, struct out *out) {
    static const char *const ways[] = {"-->", "-.->", "==>"};
    out_print(out, "  b%u %s", (unsigned)arrow->from, ways[arrow->style % 3]);
    if (arrow->text[0] != '\0') {
        out_raw(out, "|");
        put_quoted(out, arrow->text);
        out_raw(out, "|");
    }
    out_print(out, " b%u\n", (unsigned)arrow->to);
}

void board_write_mermaid(const struct room *room, struct out *out) {
    const struct board *board = &room->board;
    out_raw(out, "flowchart LR\n");
    put_boxes(board, NULL, out);
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *frame = &board->things[i];
        if (frame->kind == BOARD_FRAME && !frame->dropped) {
            out_print(out, "  subgraph f%u[", (unsigned)frame->id);
            put_quoted(out, frame->text);
            out_raw(out, "]\n");
            put_boxes(board, frame, out);
            out_raw(out, "  end\n");
        }
    }
    for (uint32_t i = 0; i < board->count; i++) {
        const struct board_thing *thing = &board->things[i];
        if (thing->kind == BOARD_ARROW && board_is_shown(board, thing)) {
            put_arrow(thing, out);
        }
    }
}
