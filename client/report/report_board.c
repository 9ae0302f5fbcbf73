/* SPDX-License-Identifier: ISC */
/*
 * report_board.c: which requirements were used where and when, and the drawing.
 *
 * Who drew elsewhere and put a picture on record did not use the board, and misses nothing: that is
 * what is said of it.
 */
#include "client/report/report_board.h"

#include <string.h>

#include "client/report/board_slides.h"
#include "client/report/board_write.h"
#include "client/report/html.h"
#include "client/report/report_pictures.h"

static bool is_used(const struct report *report) {
    return board_is_used(&report->room->board);
}

static bool has_part(const struct report *report) {
    return is_used(report) || report_pictures_count(report) > 0;
}

void report_board_text(const struct report *report, struct out *out) {
    if (has_part(report)) {
        out_heading(out, "Board", "─", 80);
        board_write_text(report->room, out);
        report_pictures_lines(report, OUT_TEXT, out);
    }
}

/* Four blanks before each line make it a drawing, whatever was typed. */
static void put_drawing(const struct room *room, struct out *out) {
    struct out lines;
    out_init(&lines);
    board_write_lines(room, &lines);
    out->failed |= lines.failed;
    for (const char *at = lines.data; at && *at;) {
        const char *end = strchr(at, '\n');
        size_t len = end ? (size_t)(end - at) : strlen(at);
        out_raw(out, len > 0 ? "    " : "");
        out_bytes(out, at, len);
        out_raw(out, "\n");
        at = end ? end + 1 : at + len;
    }
    out_free(&lines);
}

typedef void put_row(struct out *out, const struct room *room, const struct board_thing *thing);

static void each_line(const struct room *room, enum board_kind kind, struct out *out,
                      put_row *put) {
    for (uint32_t i = 0; i < room->board.count; i++) {
        const struct board_thing *thing = &room->board.things[i];
        if (thing->kind == kind && !thing->dropped) {
            put(out, room, thing);
        }
    }
}

static bool has(const struct room *room, enum board_kind kind) {
    for (uint32_t i = 0; i < room->board.count; i++) {
        if (room->board.things[i].kind == kind && !room->board.things[i].dropped) {
            return true;
        }
    }
    return false;
}

/* "Kafka 9:12, Flink 11:05", or "nowhere". */
static void put_uses(struct out *out, enum out_format format, const struct room *room,
                     const struct board_thing *req) {
    char name[BOARD_NAME_SIZE];
    char clock[BOARD_CLOCK_SIZE];
    const struct board_thing *thing;
    int64_t at;
    unsigned i = 0;
    for (; (thing = board_cited(&room->board, board_author(room), req->number, i, &at)); i++) {
        out_raw(out, i > 0 ? ", " : "");
        out_typed(out, format, board_name(thing, name));
        out_print(out, " %s", board_clock(room, at, clock));
    }
    out_raw(out, i == 0 ? "nowhere" : "");
}

static void row_markdown(struct out *out, const struct room *room, const struct board_thing *req) {
    char clock[BOARD_CLOCK_SIZE];
    out_print(out, "| R%u | %s | ", req->number, board_clock(room, req->made_at, clock));
    out_typed(out, OUT_MARKDOWN, req->text);
    out_raw(out, " | ");
    put_uses(out, OUT_MARKDOWN, room, req);
    out_raw(out, " |\n");
}

static void line_markdown(struct out *out, const struct room *room,
                          const struct board_thing *line) {
    static const char *const styles[] = {"", "parked: ", "scratch: "};
    char clock[BOARD_CLOCK_SIZE];
    out_print(out, "- %s %s", board_clock(room, line->made_at, clock), styles[line->style % 3]);
    out_typed(out, OUT_MARKDOWN, line->text);
    out_raw(out, "\n");
}

void report_board_markdown(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    if (!has_part(report)) {
        return;
    }
    out_raw(out, "\n## Board\n\n");
    if (!is_used(report)) {
        out_raw(out, "The board was not used.\n\n");
        report_pictures_lines(report, OUT_MARKDOWN, out);
        return;
    }
    put_drawing(room, out);
    report_pictures_lines(report, OUT_MARKDOWN, out);
    if (has(room, BOARD_REQ)) {
        out_raw(out, "\n| | Written | Requirement | Used at |\n|---|--:|---|---|\n");
        each_line(room, BOARD_REQ, out, row_markdown);
        out_raw(out, "\n");
        board_write_loose(room, OUT_MARKDOWN, out);
    }
    if (has(room, BOARD_LINE)) {
        out_raw(out, "\n### Worksheet\n\n");
        each_line(room, BOARD_LINE, out, line_markdown);
    }
}

static void row_html(struct out *out, const struct room *room, const struct board_thing *req) {
    char clock[BOARD_CLOCK_SIZE];
    out_print(out, "<tr><td class=\"n\">R%u</td><td class=\"n\">%s</td>", req->number,
              board_clock(room, req->made_at, clock));
    html_element(out, "<td>", req->text, "</td><td>");
    put_uses(out, OUT_HTML, room, req);
    out_raw(out, "</td></tr>\n");
}

static void line_html(struct out *out, const struct room *room, const struct board_thing *line) {
    static const char *const styles[] = {"", "parked", "scratch"};
    char clock[BOARD_CLOCK_SIZE];
    out_print(out, "<li><span class=\"when\">%s</span><span>",
              board_clock(room, line->made_at, clock));
    if (line->style != LINE_PLAIN) {
        out_print(out, "<span class=\"tag\">%s</span> ", styles[line->style % 3]);
    }
    html_element(out, "", line->text, "</span></li>\n");
}

void report_board_html(const struct report *report, struct out *out) {
    const struct room *room = report->room;
    if (!has_part(report)) {
        return;
    }
    out_raw(out, "<section>\n<h2>Board</h2>\n");
    report_pictures_html(report, out);
    if (!is_used(report)) {
        out_raw(out, "<p class=\"soft\">The board was not used.</p>\n</section>\n");
        return;
    }
    board_slides(room, report->recording, report->half == 2 ? 2 : 1, out);
    if (has(room, BOARD_REQ)) {
        out_raw(out, "<h3>Requirements</h3>\n<div class=\"card wide\"><table>\n<tr><th></th><th "
                     "class=\"n\">Written</th>"
                     "<th>Requirement</th><th>Used at</th></tr>\n");
        each_line(room, BOARD_REQ, out, row_html);
        out_raw(out, "</table></div>\n<p class=\"soft\">");
        board_write_loose(room, OUT_HTML, out);
        out_raw(out, "</p>\n");
    }
    if (has(room, BOARD_LINE)) {
        out_raw(out, "<h3>Worksheet</h3>\n<div class=\"card\"><ul class=\"log\">\n");
        each_line(room, BOARD_LINE, out, line_html);
        out_raw(out, "</ul></div>\n");
    }
    out_raw(out, "</section>\n");
}

void report_board_json(const struct report *report, struct json *json) {
    if (has_part(report)) {
        json_break(json);
        board_put_json(report->room, json, "board");
    }
    if (report_pictures_count(report) > 0) {
        json_break(json);
        report_pictures_json(report, json);
    }
}
