/* SPDX-License-Identifier: ISC */
/*
 * out.c: the text buffer of the reports: growth, escaping by format, columns and wrapping.
 *
 * Invariant: while not failed, data[len] is NUL and len < cap.
 */
#include "client/report/out.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screen/paint.h"

struct out_locale out_locale_enter(void) {
    /* C.UTF-8 is part of the C library. */
    struct out_locale locale = {.utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0)};
    if (locale.utf8) {
        locale.before = uselocale(locale.utf8);
    }
    return locale;
}

void out_locale_leave(struct out_locale locale) {
    if (locale.utf8) {
        uselocale(locale.before);
        freelocale(locale.utf8);
    }
}

void out_init(struct out *out) {
    *out = (struct out){0};
}

void out_free(struct out *out) {
    free(out->data);
    out_init(out);
}

/* Room for `more` bytes and a NUL. */
static bool out_grow(struct out *out, size_t more) {
    size_t cap = out->cap ? out->cap : 4096;
    if (out->failed || more > SIZE_MAX / 4 - out->len) {
        out->failed = true;
        return false;
    }
    while (cap < out->len + more + 1) {
        cap *= 2;
    }
    if (cap == out->cap) {
        return true;
    }
    char *data = realloc(out->data, cap);
    if (!data) {
        out->failed = true;
        return false;
    }
    out->data = data;
    out->cap = cap;
    return true;
}

static void put_bytes(struct out *out, const char *bytes, size_t len) {
    if (out_grow(out, len)) {
        memcpy(out->data + out->len, bytes, len);
        out->len += len;
        out->data[out->len] = '\0';
    }
}

void out_raw(struct out *out, const char *text) {
    put_bytes(out, text, strlen(text));
}

void out_repeat(struct out *out, const char *text, int count) {
    for (int i = 0; i < count; i++) {
        out_raw(out, text);
    }
}

void out_print(struct out *out, const char *format, ...) {
    va_list first;
    va_list second;
    va_start(first, format);
    va_copy(second, first);
    int len = vsnprintf(NULL, 0, format, first);
    va_end(first);
    if (len < 0) {
        out->failed = true;
    } else if (out_grow(out, (size_t)len)) {
        vsnprintf(out->data + out->len, (size_t)len + 1, format, second);
        out->len += (size_t)len;
    }
    va_end(second);
}

static void put_character(struct out *out, wchar_t c) {
    uint32_t u = (uint32_t)c;
    char bytes[4];
    size_t len = u < 0x80 ? 1 : u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;
    static const uint8_t lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len; i-- > 1;) {
        bytes[i] = (char)(0x80 | (u & 0x3f));
        u >>= 6;
    }
    bytes[0] = (char)(lead[len == 1 ? 0 : len] | u);
    put_bytes(out, bytes, len);
}

static void put_html(struct out *out, wchar_t c) {
    switch (c) {
    case L'&': out_raw(out, "&amp;"); break;
    case L'<': out_raw(out, "&lt;"); break;
    case L'>': out_raw(out, "&gt;"); break;
    case L'"': out_raw(out, "&quot;"); break;
    case L'\'': out_raw(out, "&#39;"); break;
    default: put_character(out, c);
    }
}

/* Every sign that starts something inline; '<' and '&' as entities, for readers that allow raw
 * HTML. */
static void put_markdown(struct out *out, wchar_t c, wchar_t before, const char *rest) {
    bool link = (c == L':' && *rest == '/') || (c == L'.' && (before == L'w' || before == L'W'));
    if (c == L'<' || c == L'>' || c == L'&') {
        put_html(out, c);
        return;
    }
    if (c == L'\n') {
        out_raw(out, "<br>");
        return;
    }
    if (link || (c < 0x80 && strchr("\\`*_[]|~$@#!", (char)c))) {
        out_raw(out, "\\");
    }
    put_character(out, c);
}

/* What a terminal or an editor would act upon instead of showing it. */
static bool is_harmful(uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xe0000 && c <= 0xe007f);
}

/* The code point at *text of well-formed UTF-8, which all texts of a fold are; moves past it. */
static uint32_t next_point(const unsigned char **text) {
    uint32_t c = *(*text)++;
    uint32_t mask = c < 0xe0 ? 0x1f : c < 0xf0 ? 0xf : 0x7;
    if (c < 0x80) {
        return c;
    }
    c &= mask;
    while ((**text & 0xc0) == 0x80) {
        c = c << 6 | (*(*text)++ & 0x3f);
    }
    return c;
}

static void put_json(struct out *out, uint32_t c) {
    if (c == '"' || c == '\\') {
        out_print(out, "\\%c", (char)c);
    } else if (c == '\n') {
        out_raw(out, "\\n");
    } else if (!is_harmful(c)) {
        put_character(out, (wchar_t)c);
    } else if (c < 0x10000) {
        out_print(out, "\\u%04x", (unsigned)c);
    } else {
        out_print(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
                  (unsigned)(0xdc00 + ((c - 0x10000) & 0x3ff)));
    }
}

void out_typed(struct out *out, enum out_format format, const char *text) {
    size_t len = strlen(text);
    size_t at = 0;
    wchar_t before = 0;
    const unsigned char *raw = (const unsigned char *)text;
    while (format == OUT_JSON && *raw) {
        put_json(out, next_point(&raw));
    }
    for (wchar_t c; format != OUT_JSON && (c = text_next(text, len, &at)) != 0; before = c) {
        switch (format) {
        case OUT_HTML: put_html(out, c); break;
        case OUT_MARKDOWN: put_markdown(out, c, before, text + at); break;
        default: put_character(out, c == L'\n' ? L' ' : c);
        }
    }
}

int out_columns(const char *text) {
    return text_columns(span_of(text));
}

void out_cell(struct out *out, const char *text, int width, bool right) {
    size_t len = strlen(text);
    size_t at = 0;
    int need = out_columns(text);
    int room = need > width ? width - 1 : width;
    int used = 0;
    if (right && need < width) {
        out_repeat(out, " ", width - need);
    }
    for (wchar_t c; (c = text_next(text, len, &at)) != 0;) {
        int columns = c == L'\n' ? 1 : text_width(c);
        if (used + columns > room) {
            break;
        }
        put_character(out, c == L'\n' ? L' ' : c);
        used += columns;
    }
    if (need > width) {
        out_raw(out, "…");
        used++;
    }
    if (!right || need > width) {
        out_repeat(out, " ", width - used);
    }
}

/* The bytes and columns of the next word of text[at..len): up to a blank, a newline or `room`
 * columns. */
static size_t word_end(const char *text, size_t len, size_t at, int room, int *columns) {
    *columns = 0;
    for (size_t next = at; next < len; at = next) {
        wchar_t c = text_next(text, len, &next);
        int width = c ? text_width(c) : 0;
        if (c == L' ' || c == L'\n' || (width && *columns + width > room)) {
            break;
        }
        *columns += width;
    }
    return at;
}

static void put_piece(struct out *out, const char *text, size_t at, size_t end) {
    while (at < end) {
        wchar_t c = text_next(text, end, &at);
        if (c) {
            put_character(out, c);
        }
    }
}

void out_wrapped(struct out *out, const char *text, int column, int indent, int width) {
    size_t len = strlen(text);
    int blanks = 0;    /* owed before the next word on this line */
    bool fresh = true; /* no word is on this line yet */
    for (size_t at = 0; at < len;) {
        int columns;
        size_t end = word_end(text, len, at, width - indent, &columns);
        if (columns > 0) {
            if (blanks + columns > width - column) {
                out_print(out, "\n%*s", indent, "");
                column = indent;
                blanks = 0;
            }
            out_repeat(out, " ", blanks);
            put_piece(out, text, at, end);
            column += blanks + columns;
            fresh = false;
        }
        size_t next = end;
        wchar_t c = next < len ? text_next(text, len, &next) : 0;
        bool stuck = end == at; /* a character that no line has room for is left out */
        at = end;
        if (c == L'\n') {
            out_print(out, "\n%*s", indent, "");
            column = indent;
            fresh = true;
        }
        if (c == L'\n' || c == L' ' || stuck) {
            at = next > at ? next : len;
        }
        blanks = c == L' ' && !fresh;
    }
    out_raw(out, "\n");
}

void out_heading(struct out *out, const char *title, const char *line, int width) {
    int columns = out_columns(title) < width - 2 ? out_columns(title) : width - 2;
    out_raw(out, "\n");
    out_cell(out, title, columns, false);
    out_raw(out, " ");
    out_repeat(out, line, width - columns - 1);
    out_raw(out, "\n");
}
