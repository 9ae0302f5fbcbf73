/* SPDX-License-Identifier: ISC */
/*
 * words.c: a box's line as lines. The name may take what rival and parts leave it.
 */
#include "protocol/board/words.h"

#include <string.h>

#include "protocol/board/line.h"
#include "protocol/text/text.h"
#include "protocol/text/utf8.h"

static const char ellipsis[] = "\xe2\x80\xa6";
static const char unlike[] = "\xe2\x89\xa0 ";

static struct span behind(struct span text, size_t at) {
    return (struct span){text.at + at, text.len - (uint32_t)at};
}

/* Writes characters of text[0..end) as far as they fit; the columns taken. */
static int write_plain(struct span text, size_t end, char *out, size_t size) {
    size_t at = 0;
    size_t len = 0;
    int columns = 0;
    while (at < end) {
        uint32_t point = text_next(text.at, end, &at);
        char bytes[UTF8_BYTES_MAX];
        size_t count = point ? utf8_encode(point == '\n' ? ' ' : point, bytes) : 0;
        if (count == 0 || len + count + 1 > size) {
            break;
        }
        memcpy(out + len, bytes, count);
        len += count;
        columns += text_width(point == '\n' ? ' ' : point);
    }
    out[len] = '\0';
    return columns;
}

/* How many bytes of the text fit into so many columns; *last: where its last whole word ends. */
static size_t fit(struct span text, int columns, size_t *last) {
    size_t at = 0;
    size_t end = 0;
    *last = 0;
    while (at < text.len) {
        size_t before = at;
        uint32_t point = text_next(text.at, text.len, &at);
        if (point == 0) {
            return text.len;
        }
        *last = point == ' ' && before > 0 ? before : *last;
        columns -= text_width(point == '\n' ? ' ' : point);
        if (columns < 0) {
            return end;
        }
        end = at;
    }
    *last = text.len;
    return text.len;
}

int words_cut(struct span text, int columns, char *out, size_t size) {
    size_t last;
    if (fit(text, columns, &last) == text.len) {
        return write_plain(text, text.len, out, size);
    }
    int taken = write_plain(text, fit(text, columns - 1, &last), out, size - sizeof ellipsis);
    memcpy(out + strlen(out), ellipsis, sizeof ellipsis);
    return taken + 1;
}

static void put_line(struct board_words *words, enum word_kind kind, struct span text,
                     int columns) {
    if (words->count < WORDS_LINES_MAX) {
        words->kinds[words->count] = kind;
        words_cut(text, columns, words->lines[words->count++], WORDS_BYTES);
    }
}

/* Broken between words, into at most `most` lines. */
static void put_wrapped(struct board_words *words, enum word_kind kind, struct span text,
                        int columns, unsigned most) {
    for (; most > 1 && text.len > 0; most--) {
        size_t last;
        size_t end = fit(text, columns, &last);
        end = last > 0 ? last : end;
        if (end == text.len || end == 0) {
            break;
        }
        put_line(words, kind, (struct span){text.at, (uint32_t)end}, columns);
        text = behind(text, end);
        while (text.len > 0 && text.at[0] == ' ') {
            text = behind(text, 1);
        }
    }
    if (text.len > 0) {
        put_line(words, kind, text, columns);
    }
}

/* Bounded: what the parts of one line hold is less than a line. */
static void join(char *out, const char *between, struct span text) {
    size_t len = strlen(out);
    size_t gap = len > 0 ? strlen(between) : 0;
    if (len + gap + text.len + 1 <= WORDS_BYTES) {
        memcpy(out + len, between, gap);
        memcpy(out + len + gap, text.at, text.len);
        out[len + gap + text.len] = '\0';
    }
}

static void rival_words(const struct box_line *line, char out[WORDS_BYTES]) {
    out[0] = '\0';
    if (line->rival.len > 0) {
        join(out, "", span_of(unlike));
        join(out, "", line->rival);
    }
    if (line->reason.len > 0) {
        join(out, ": ", line->reason);
    }
}

void words_of(const struct board_thing *box, int width, struct board_words *out) {
    struct box_line line;
    char rival[WORDS_BYTES];
    char parts[WORDS_BYTES] = "";
    memset(out, 0, sizeof *out);
    if (box->style == BOX_TEXT) {
        put_wrapped(out, WORD_NAME, span_of(box->text), width, LAYOUT_BOX_HEIGHT);
        return;
    }
    line_read(span_of(box->text), &line);
    rival_words(&line, rival);
    char reqs[WORDS_BYTES] = "";
    for (unsigned i = 0; i < line.part_count; i++) {
        bool cites = line.parts[i].kind == PART_REQS;
        join(cites ? reqs : parts, cites ? " " : "; ", line.parts[i].text);
    }
    words_cut(span_of(reqs), width - 4, out->reqs, sizeof out->reqs);
    unsigned rest = (rival[0] != '\0') + (parts[0] != '\0');
    unsigned lines = LAYOUT_BOX_HEIGHT - 2;
    put_wrapped(out, WORD_NAME, line.name, width - 2, lines - rest);
    unsigned left = lines - out->count;
    if (rival[0] != '\0') {
        put_wrapped(out, WORD_RIVAL, span_of(rival), width - 2, left - (parts[0] != '\0'));
        left = lines - out->count;
    }
    if (parts[0] != '\0') {
        put_wrapped(out, WORD_PART, span_of(parts), width - 2, left);
    }
}
