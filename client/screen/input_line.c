/* SPDX-License-Identifier: ISC */
/*
 * input_line.c: see input_line.h. Characters are found by looking at the bytes: everything that
 * gets in went through input_insert, which makes the UTF-8 itself.
 */
#include "client/screen/input_line.h"

#include <string.h>

#include "client/screen/keys.h"
#include "protocol/text/utf8.h"

void input_clear(struct input_line *line) {
    line->len = 0;
    line->cursor = 0;
    line->text[0] = '\0';
}

bool input_insert(struct input_line *line, wchar_t character) {
    uint32_t c = (uint32_t)character;
    if (c < 0x20 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
        return false;
    }
    char bytes[UTF8_BYTES_MAX];
    size_t len = utf8_encode(c, bytes);
    size_t at = 0;
    if (text_next(bytes, len, &at) == 0 || line->len + len > TEXT_MAX_BYTES) {
        return false;
    }
    memmove(line->text + line->cursor + len, line->text + line->cursor,
            line->len - line->cursor + 1);
    memcpy(line->text + line->cursor, bytes, len);
    line->len += len;
    line->cursor += len;
    return true;
}

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

static void cut(struct input_line *line, size_t from, size_t to) {
    memmove(line->text + from, line->text + to, line->len - to + 1);
    line->len -= to - from;
    line->cursor = from;
}

void input_backspace(struct input_line *line) {
    cut(line, before(line, line->cursor), line->cursor);
}

void input_delete(struct input_line *line) {
    cut(line, line->cursor, after(line, line->cursor));
}

void input_delete_word(struct input_line *line) {
    size_t from = line->cursor;
    while (from > 0 && line->text[from - 1] == ' ') {
        from--;
    }
    while (from > 0 && line->text[from - 1] != ' ') {
        from--;
    }
    cut(line, from, line->cursor);
}

void input_delete_to_start(struct input_line *line) {
    cut(line, 0, line->cursor);
}

void input_left(struct input_line *line) {
    line->cursor = before(line, line->cursor);
}

void input_right(struct input_line *line) {
    line->cursor = after(line, line->cursor);
}

void input_home(struct input_line *line) {
    line->cursor = 0;
}

void input_end(struct input_line *line) {
    line->cursor = line->len;
}

bool input_key(struct input_line *line, int code) {
    switch (code) {
    case CODE_LEFT: input_left(line); return true;
    case CODE_RIGHT: input_right(line); return true;
    case 0x01:
    case CODE_HOME: input_home(line); return true;
    case 0x05:
    case CODE_END: input_end(line); return true;
    case 0x7f:
    case 0x08:
    case CODE_BACKSPACE: input_backspace(line); return true;
    case 0x04:
    case CODE_DELETE: input_delete(line); return true;
    case 0x15: input_delete_to_start(line); return true;
    case 0x17: input_delete_word(line); return true;
    default: return code < 0x20 || code >= CODE_UP || input_insert(line, (wchar_t)code);
    }
}

bool input_is_empty(const struct input_line *line) {
    return strspn(line->text, " ") == line->len;
}

int input_draw(const struct input_line *line, struct area area, enum style style) {
    size_t from = 0;
    int columns = text_columns((struct span){line->text, (uint32_t)line->cursor});
    /* One column is kept for the cursor itself. */
    while (columns >= area.width && from < line->cursor) {
        from = after(line, from);
        columns = text_columns((struct span){line->text + from, (uint32_t)(line->cursor - from)});
    }
    area_span(area, 0, 0, style, (struct span){line->text + from, (uint32_t)(line->len - from)});
    return columns;
}
