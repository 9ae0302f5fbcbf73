/* SPDX-License-Identifier: ISC */
/*
 * input_line.c: see input_line.h: the text and the keys that change it. How it is laid out in rows
 * is in input_rows.c. Characters are found by looking at the bytes: everything that gets in went
 * through input_insert, which makes the UTF-8 itself, or is a text that was written before.
 */
#include "client/screen/input_line.h"

#include <string.h>

#include "client/screen/input_rows.h"
#include "client/screen/keys.h"
#include "protocol/text/utf8.h"

void input_begin(struct input_line *line, size_t max, bool lines) {
    *line = (struct input_line){.max = max, .lines = lines};
}

static bool add(struct input_line *line, const char *bytes, size_t len) {
    if (line->len + len > INPUT_MAX_BYTES) {
        return false;
    }
    memmove(line->text + line->cursor + len, line->text + line->cursor,
            line->len - line->cursor + 1);
    memcpy(line->text + line->cursor, bytes, len);
    line->len += len;
    line->cursor += len;
    return true;
}

bool input_insert(struct input_line *line, wchar_t character) {
    uint32_t c = (uint32_t)character;
    if (c < 0x20 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
        return false;
    }
    char bytes[UTF8_BYTES_MAX];
    size_t len = utf8_encode(c, bytes);
    size_t at = 0;
    uint32_t shown = text_next(bytes, len, &at);
    return shown != 0 && shown != '\n' && add(line, bytes, len);
}

void input_put(struct input_line *line, const char *text) {
    size_t at = 0, len = strlen(text);
    for (uint32_t c; (c = text_next(text, len, &at)) != 0;) {
        line->lost +=
            !(c == '\n' && line->lines ? add(line, "\n", 1)
                                       : input_insert(line, c == '\n' ? ' ' : (wchar_t)c));
    }
}

/* ---- characters and words ---- */

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static bool is_combining(const struct input_line *line, size_t at) {
    uint32_t c = text_next(line->text, line->len, &at);
    return c != 0 && text_width(c) == 0;
}

static size_t before(const struct input_line *line, size_t at) {
    while (at > 0) {
        at--;
        if (!is_continuation(line->text[at]) && !is_combining(line, at)) {
            break;
        }
    }
    return at;
}

static size_t after(const struct input_line *line, size_t at) {
    while (at < line->len) {
        at++;
        if (at == line->len || (!is_continuation(line->text[at]) && !is_combining(line, at))) {
            break;
        }
    }
    return at;
}

static bool is_gap(char byte) {
    return byte == ' ' || byte == '\n';
}

static size_t word_before(const struct input_line *line) {
    size_t at = line->cursor;
    while (at > 0 && is_gap(line->text[at - 1])) {
        at--;
    }
    while (at > 0 && !is_gap(line->text[at - 1])) {
        at--;
    }
    return at;
}

static size_t word_after(const struct input_line *line) {
    size_t at = line->cursor;
    while (at < line->len && is_gap(line->text[at])) {
        at++;
    }
    while (at < line->len && !is_gap(line->text[at])) {
        at++;
    }
    return at;
}

/* The start and the end of the line that the cursor is in. */
static size_t line_start(const struct input_line *line) {
    size_t at = line->cursor;
    while (at > 0 && line->text[at - 1] != '\n') {
        at--;
    }
    return at;
}

static size_t line_end(const struct input_line *line) {
    size_t at = line->cursor;
    while (at < line->len && line->text[at] != '\n') {
        at++;
    }
    return at;
}

static void cut(struct input_line *line, size_t from, size_t to) {
    memmove(line->text + from, line->text + to, line->len - to + 1);
    line->len -= to - from;
    line->cursor = from;
}

/* To the end of the line; at it the line's end itself. */
static void cut_end(struct input_line *line) {
    size_t end = line_end(line);
    cut(line, line->cursor, end == line->cursor && end < line->len ? end + 1 : end);
}

/* ---- keys ---- */

static bool move_key(struct input_line *line, int code) {
    switch (code) {
    case 0x02:
    case CODE_LEFT: line->cursor = before(line, line->cursor); return true;
    case 0x06:
    case CODE_RIGHT: line->cursor = after(line, line->cursor); return true;
    case CODE_ALT + 'b':
    case CODE_WORD_LEFT: line->cursor = word_before(line); return true;
    case CODE_ALT + 'f':
    case CODE_WORD_RIGHT: line->cursor = word_after(line); return true;
    case 0x01:
    case CODE_HOME: line->cursor = line_start(line); return true;
    case 0x05:
    case CODE_END: line->cursor = line_end(line); return true;
    case 0x10:
    case CODE_UP: input_step(line, -1); return true;
    case 0x0e:
    case CODE_DOWN: input_step(line, 1); return true;
    default: return false;
    }
}

static bool cut_key(struct input_line *line, int code) {
    switch (code) {
    case 0x7f:
    case 0x08:
    case CODE_BACKSPACE: cut(line, before(line, line->cursor), line->cursor); return true;
    case 0x04:
    case CODE_DELETE: cut(line, line->cursor, after(line, line->cursor)); return true;
    case 0x15: cut(line, line_start(line), line->cursor); return true;
    case 0x0b: cut_end(line); return true;
    case CODE_ALT + 0x7f:
    case CODE_ALT + 0x08:
    case 0x17: cut(line, word_before(line), line->cursor); return true;
    case CODE_ALT + 'd': cut(line, line->cursor, word_after(line)); return true;
    default: return false;
    }
}

void input_key(struct input_line *line, int code) {
    bool breaks = code == '\n' || code == CODE_ALT + '\r' || code == CODE_ALT + '\n';
    if (move_key(line, code) || cut_key(line, code)) {
        return;
    }
    if (breaks) {
        line->lost += line->lines && !add(line, "\n", 1);
    } else if (code >= 0x20 && code < CODE_UP) {
        line->lost += !input_insert(line, (wchar_t)code);
    }
}

void input_paste(struct input_line *line, int code) {
    bool same_end = code == '\n' && line->after_cr;
    line->after_cr = code == '\r';
    if (same_end) {
        return;
    }
    bool end = code == '\r' || code == '\n';
    bool taken = end && line->lines ? add(line, "\n", 1)
                                    : input_insert(line, end || code == '\t' ? ' ' : (wchar_t)code);
    line->lost += !taken;
}

/* ---- what may be sent ---- */

bool input_is_empty(const struct input_line *line) {
    return strspn(line->text, " \n") == line->len;
}

bool input_is_too_long(const struct input_line *line) {
    return line->len > line->max;
}

struct span input_span(const struct input_line *line) {
    size_t from = strspn(line->text, " \n");
    size_t to = line->len;
    while (from > 0 && line->text[from - 1] != '\n') {
        from--;
    }
    while (to > from && is_gap(line->text[to - 1])) {
        to--;
    }
    return (struct span){line->text + from, (uint32_t)(to - from)};
}
