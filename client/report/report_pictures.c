/* SPDX-License-Identifier: ISC */
/*
 * report_pictures.c: pictures on record, as lines, inside a page, and in JSON.
 *
 * Invariant: a picture is only ever a source of an image of the kind that its first bytes say, in
 * base64: none of its bytes can become markup.
 */
#include "client/report/report_pictures.h"

#include <stdlib.h>

#include "client/feed/pictures.h"
#include "client/report/board_write.h"
#include "client/report/html.h"

enum { TRIPLE = 3, QUAD = 4, KILO = 1000 };

static const struct board_picture *whole(const struct report *report, unsigned i) {
    const struct board_picture *picture = &report->room->board.pictures[i];
    return picture->left == 0 ? picture : NULL;
}

unsigned report_pictures_count(const struct report *report) {
    unsigned count = 0;
    for (unsigned i = 0; i < report->room->board.picture_count; i++) {
        count += whole(report, i) != NULL;
    }
    return count;
}

/* "at 23:10: PNG, 12 KB"; at least 1 KB. */
static void put_facts(const struct room *room, const struct board_picture *picture,
                      struct out *out) {
    char clock[BOARD_CLOCK_SIZE];
    out_print(out, "at %s: %s, %u KB", board_clock(room, picture->at, clock),
              picture_name((enum picture_kind)picture->kind), (picture->bytes + KILO - 1) / KILO);
}

void report_pictures_lines(const struct report *report, enum out_format format, struct out *out) {
    for (unsigned i = 0; i < report->room->board.picture_count; i++) {
        const struct board_picture *picture = whole(report, i);
        if (picture) {
            out_raw(out, format == OUT_MARKDOWN ? "- Picture on record " : "Picture on record ");
            put_facts(report->room, picture, out);
            out_raw(out, "; the HTML report shows it.\n");
        }
    }
}

/* An owned text with a NUL; NULL: out of memory. */
static char *base64(struct span bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = malloc(((size_t)bytes.len + TRIPLE - 1) / TRIPLE * QUAD + 1);
    char *at = text;
    for (uint32_t i = 0; text && i < bytes.len; i += TRIPLE) {
        uint32_t bits = 0;
        for (uint32_t k = 0; k < TRIPLE; k++) {
            bits = bits << 8 | (i + k < bytes.len ? (unsigned char)bytes.at[i + k] : 0);
        }
        for (int k = 0; k < QUAD; k++) {
            bool filled = i + (uint32_t)k <= bytes.len;
            *at++ = (char)(filled ? digits[bits >> (18 - 6 * k) & 63] : '=');
        }
    }
    if (at) {
        *at = '\0';
    }
    return text;
}

static void put_picture(const struct report *report, const struct board_picture *picture,
                        struct out *out) {
    char *data = base64(pictures_find(report->pictures, picture->id));
    if (!data) {
        out->failed = true;
        return;
    }
    out_raw(out, "<figure class=\"card wide\"><figcaption>Picture on record ");
    put_facts(report->room, picture, out);
    out_raw(out, "</figcaption>\n<img style=\"max-width:100%\" alt=\"The design, drawn elsewhere\" "
                 "src=\"data:");
    out_raw(out, picture_mime((enum picture_kind)picture->kind));
    out_raw(out, ";base64,");
    out_raw(out, data);
    out_raw(out, "\"></figure>\n");
    free(data);
}

void report_pictures_html(const struct report *report, struct out *out) {
    for (unsigned i = 0; i < report->room->board.picture_count; i++) {
        const struct board_picture *picture = whole(report, i);
        if (picture) {
            put_picture(report, picture, out);
        }
    }
}

void report_pictures_json(const struct report *report, struct json *json) {
    json_put_list(json, "pictures");
    for (unsigned i = 0; i < report->room->board.picture_count; i++) {
        const struct board_picture *picture = whole(report, i);
        char *data = picture ? base64(pictures_find(report->pictures, picture->id)) : NULL;
        if (!data) {
            continue;
        }
        char clock[BOARD_CLOCK_SIZE];
        json_put_object(json, NULL);
        json_put_number(json, "by", picture->by);
        json_put_number(json, "at", picture->at);
        json_put_text(json, "clock", board_clock(report->room, picture->at, clock));
        json_put_text(json, "type", picture_mime((enum picture_kind)picture->kind));
        json_put_number(json, "bytes", picture->bytes);
        json_put_text(json, "data", data);
        json_end(json);
        free(data);
    }
    json_end(json);
}
