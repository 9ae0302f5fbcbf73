/* SPDX-License-Identifier: ISC */
/*
 * json.c: commas, lines and escapes.
 *
 * Invariant: depth is at most JSON_DEPTH_MAX; deeper is the caller's mistake and fails the text.
 */
#include "protocol/text/json.h"

#include <string.h>

#include "protocol/text/text.h"
#include "protocol/text/utf8.h"

void json_begin(struct json *json, struct out *out, enum json_layout layout) {
    *json = (struct json){.out = out, .layout = layout};
}

/* ---- texts ---- */

static void escape_short(struct out *out, uint32_t point, bool ascii) {
    static const char letters[] = "\b\f\n\r\t";
    const char *found = point < 0x20 && point != 0 ? strchr(letters, (char)point) : NULL;
    if (found && (ascii || point == '\n')) {
        out_print(out, "\\%c", "bfnrt"[found - letters]);
    } else {
        out_print(out, ascii ? "\\u%04X" : "\\u%04x", (unsigned)point);
    }
}

static void escape(struct out *out, uint32_t point, bool ascii) {
    bool shown = point < 0x7f ? point >= 0x20 : !ascii && text_kind(point) != TEXT_HIDDEN;
    if (point == '"' || point == '\\') {
        out_print(out, "\\%c", (char)point);
    } else if (shown) {
        out_character(out, point);
    } else if (point < 0x10000) {
        escape_short(out, point, ascii);
    } else {
        escape_short(out, 0xd800 + ((point - 0x10000) >> 10), ascii);
        escape_short(out, 0xdc00 + ((point - 0x10000) & 0x3ff), ascii);
    }
}

void json_escape(struct out *out, const char *text, size_t len, bool ascii) {
    for (size_t at = 0; at < len;) {
        uint32_t point = 0xfffd;
        size_t used = utf8_decode(text + at, len - at, &point);
        escape(out, point, ascii);
        at += used > 0 ? used : 1;
    }
}

/* ---- values ---- */

static bool bit(uint32_t bits, unsigned depth) {
    return depth > 0 && (bits >> (depth - 1) & 1) != 0;
}

static void new_line(struct json *json) {
    out_raw(json->out, "\n");
    out_repeat(json->out, " ", (int)json->depth);
}

/* What stands before a value: a comma, the line's begin, its name. `opens`: '{', '[' or 0. */
static void lead(struct json *json, const char *name, char opens) {
    bool in_list = bit(json->lists, json->depth);
    bool first = !bit(json->filled, json->depth);
    if (json->depth > 0) {
        json->filled |= 1U << (json->depth - 1);
    }
    out_raw(json->out, first ? "" : ",");
    if (json->layout == JSON_INDENTED && json->depth > 0) {
        new_line(json);
    } else if (json->layout == JSON_LINES && json->depth > 0) {
        bool begins = json->breaks || (in_list && opens) || (!first && opens == '[');
        out_raw(json->out, begins ? "\n" : "");
    }
    json->breaks = false;
    if (name) {
        out_print(json->out, json->layout == JSON_INDENTED ? "\"%s\": " : "\"%s\":", name);
    }
}

void json_break(struct json *json) {
    json->breaks = true;
}

static void open_one(struct json *json, const char *name, char opens) {
    lead(json, name, opens);
    if (json->depth == JSON_DEPTH_MAX) {
        json->out->failed = true;
        return;
    }
    uint32_t mine = 1U << json->depth++;
    json->filled &= ~mine;
    json->lists = opens == '[' ? json->lists | mine : json->lists & ~mine;
    out_bytes(json->out, &opens, 1);
}

void json_put_object(struct json *json, const char *name) {
    open_one(json, name, '{');
}

void json_put_list(struct json *json, const char *name) {
    open_one(json, name, '[');
}

void json_end(struct json *json) {
    bool list = bit(json->lists, json->depth);
    bool filled = bit(json->filled, json->depth);
    if (json->depth == 0) {
        json->out->failed = true;
        return;
    }
    json->depth--;
    if (filled && json->layout == JSON_INDENTED) {
        new_line(json);
    }
    out_raw(json->out, list ? "]" : "}");
}

void json_put_text(struct json *json, const char *name, const char *text) {
    lead(json, name, 0);
    out_raw(json->out, "\"");
    json_escape(json->out, text ? text : "", text ? strlen(text) : 0, json->layout != JSON_LINES);
    out_raw(json->out, "\"");
}

void json_put_digits(struct json *json, const char *name, const char *digits) {
    lead(json, name, 0);
    out_raw(json->out, digits);
}

void json_put_number(struct json *json, const char *name, int64_t number) {
    lead(json, name, 0);
    out_print(json->out, "%lld", (long long)number);
}

void json_put_truth(struct json *json, const char *name, bool truth) {
    json_put_digits(json, name, truth ? "true" : "false");
}
