/* SPDX-License-Identifier: ISC */
/*
 * out.c: escaping by format, columns and wrapping.
 */
#include "client/report/out.h"

#include <string.h>

#include "protocol/text/text.h"

static void put_html(struct out *out, uint32_t c) {
    switch (c) {
    case '&': out_raw(out, "&amp;"); break;
    case '<': out_raw(out, "&lt;"); break;
    case '>': out_raw(out, "&gt;"); break;
    case '"': out_raw(out, "&quot;"); break;
    case '\'': out_raw(out, "&#39;"); break;
    default: out_character(out, c);
    }
}

/* Every sign that starts something inline; '<' and '&' as entities, for readers that allow raw
 * HTML. */
static void put_markdown(struct out *out, uint32_t c, uint32_t before, const char *rest) {
    bool link = (c == ':' && *rest == '/') || (c == '.' && (before == 'w' || before == 'W'));
    if (c == '<' || c == '>' || c == '&') {
        put_html(out, c);
        return;
    }
    if (c == '\n') {
        out_raw(out, "<br>");
        return;
    }
    if (link || (c < 0x80 && strchr("\\`*_[]|~$@#!", (char)c))) {
        out_raw(out, "\\");
    }
    out_character(out, c);
}

void out_typed(struct out *out, enum out_format format, const char *text) {
    size_t len = strlen(text);
    size_t at = 0;
    uint32_t before = 0;
    for (uint32_t c; (c = text_next(text, len, &at)) != 0; before = c) {
        switch (format) {
        case OUT_HTML: put_html(out, c); break;
        case OUT_MARKDOWN: put_markdown(out, c, before, text + at); break;
        default: out_character(out, c == '\n' ? ' ' : c);
        }
    }
}

/* The ASCII for a character of at most one column; NULL: there is none. */
static const char *ascii_for(uint32_t c) {
    static const struct {
        uint32_t c;
        const char *ascii;
    } signs[] = {
        {U'·', "."}, {U'◐', "o"}, {U'●', "#"},  {U'○', "-"},  {U'█', "#"}, {U'▒', "="}, {U'▓', "!"},
        {U'─', "-"}, {U'━', "="}, {U'–', "-"},  {U'—', "-"},  {U'−', "-"}, {U'…', "~"}, {U'→', ">"},
        {U'▲', "!"}, {U'✓', "+"}, {U'•', "*"},  {U'›', ">"},  {U'±', "~"}, {U'×', "x"}, {U'½', "~"},
        {U'‘', "'"}, {U'’', "'"}, {U'“', "\""}, {U'”', "\""}, {0xa0, " "},
    };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (signs[i].c == c) {
            return signs[i].ascii;
        }
    }
    return NULL;
}

void out_to_ascii(struct out *out) {
    struct out plain;
    out_init(&plain);
    size_t at = 0;
    plain.failed = out->failed;
    for (uint32_t c; out->len > 0 && (c = text_next(out->data, out->len, &at)) != 0;) {
        const char *sign = ascii_for(c);
        if (c < 0x80) {
            out_character(&plain, c);
        } else if (sign != NULL) {
            out_raw(&plain, sign);
        } else {
            out_repeat(&plain, "?", text_width(c));
        }
    }
    out_free(out);
    *out = plain;
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
    for (uint32_t c; (c = text_next(text, len, &at)) != 0;) {
        int columns = c == '\n' ? 1 : text_width(c);
        if (used + columns > room) {
            break;
        }
        out_character(out, c == '\n' ? ' ' : c);
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
        uint32_t c = text_next(text, len, &next);
        int width = c ? text_width(c) : 0;
        if (c == ' ' || c == '\n' || (width && *columns + width > room)) {
            break;
        }
        *columns += width;
    }
    return at;
}

static void put_piece(struct out *out, const char *text, size_t at, size_t end) {
    while (at < end) {
        uint32_t c = text_next(text, end, &at);
        if (c) {
            out_character(out, c);
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
        uint32_t c = next < len ? text_next(text, len, &next) : 0;
        bool stuck = end == at; /* a character that no line has room for is left out */
        at = end;
        if (c == '\n') {
            out_print(out, "\n%*s", indent, "");
            column = indent;
            fresh = true;
        }
        if (c == '\n' || c == ' ' || stuck) {
            at = next > at ? next : len;
        }
        blanks = c == ' ' && !fresh;
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
