/* SPDX-License-Identifier: ISC */
/*
 * line.c: reading and writing the one line that a box is.
 *
 * Invariant: of a tidy line, line_write(line_read(line)) is that line.
 */
#include "protocol/board/line.h"

#include <string.h>

static const char unlike[] = "\xe2\x89\xa0"; /* ≠ */
enum { UNLIKE_BYTES = 3, REQ_DIGITS_MAX = 3 };

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Part of a word; every byte above ASCII is. */
static bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static struct span trim(struct span text) {
    while (text.len > 0 && is_blank(text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.at[text.len - 1])) {
        text.len--;
    }
    return text;
}

/* Where `what` begins in the text; its length if it does not. */
static uint32_t find(struct span text, const char *what) {
    uint32_t len = (uint32_t)strlen(what);
    for (uint32_t i = 0; i + len <= text.len; i++) {
        if (memcmp(text.at + i, what, len) == 0) {
            return i;
        }
    }
    return text.len;
}

static struct span behind(struct span text, uint32_t at) {
    at = at < text.len ? at : text.len;
    return (struct span){text.at + at, text.len - at};
}

/* `a: b` */
static void split(struct span text, struct span *first, struct span *rest) {
    uint32_t at = find(text, ": ");
    *first = trim((struct span){text.at, at});
    *rest = at < text.len ? trim(behind(text, at + 1)) : (struct span){text.at, 0};
}

static void read_head(struct span head, struct box_line *line) {
    uint32_t at = find(head, unlike);
    if (at < head.len) {
        line->name = trim((struct span){head.at, at});
        split(trim(behind(head, at + UNLIKE_BYTES)), &line->rival, &line->reason);
        return;
    }
    split(head, &line->name, &line->reason);
}

unsigned line_next_req(struct span text, size_t *at) {
    for (; *at < text.len; ++*at) {
        size_t i = *at;
        if (text.at[i] != 'R' || (i > 0 && is_word(text.at[i - 1]))) {
            continue;
        }
        unsigned number = 0;
        size_t digits = 0;
        for (i++; i < text.len && is_digit(text.at[i]) && digits < REQ_DIGITS_MAX; i++, digits++) {
            number = number * 10 + (unsigned)(text.at[i] - '0');
        }
        bool whole =
            digits > 0 && text.at[*at + 1] != '0' && (i == text.len || !is_word(text.at[i]));
        if (whole) {
            *at = i;
            return number;
        }
    }
    return 0;
}

bool line_cites(struct span text, unsigned number) {
    size_t at = 0;
    unsigned next;
    while ((next = line_next_req(text, &at)) != 0) {
        if (next == number) {
            return true;
        }
    }
    return false;
}

/* Of "R" and its digits. */
static size_t req_bytes(unsigned number) {
    return number < 10 ? 2 : number < 100 ? 3 : 4;
}

bool line_has_number(struct span text) {
    size_t at = 0;
    size_t from = 0;
    unsigned number;
    bool found = false;
    do {
        number = line_next_req(text, &at);
        size_t end = number ? at - req_bytes(number) : text.len;
        for (; from < end; from++) {
            found = found || is_digit(text.at[from]);
        }
        from = at;
    } while (number != 0);
    return found;
}

/* Without its case; a hyphen is a blank. */
static unsigned char plain(char c) {
    unsigned char byte = (unsigned char)c;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a')
           : byte == '-'              ? ' '
                                      : byte;
}

bool line_says(struct span text, struct span word) {
    for (uint32_t i = 0; word.len > 0 && i + word.len <= text.len; i++) {
        bool begins = i == 0 || !is_word(text.at[i - 1]);
        uint32_t same = 0;
        while (begins && same < word.len && plain(text.at[i + same]) == plain(word.at[same])) {
            same++;
        }
        if (same == word.len) {
            return true;
        }
    }
    return false;
}

/* Whether it is requirements alone, with blanks and commas between them. */
static bool is_reqs(struct span text) {
    size_t at = 0;
    size_t before = 0;
    unsigned number;
    while ((number = line_next_req(text, &at)) != 0) {
        size_t start = at - req_bytes(number);
        for (; before < start; before++) {
            if (!is_blank(text.at[before]) && text.at[before] != ',') {
                return false;
            }
        }
        before = at;
    }
    return before > 0 && before == text.len;
}

static enum line_part_kind part_kind(struct span text) {
    if (is_reqs(text)) {
        return PART_REQS;
    }
    return line_has_number(text) ? PART_NUMBER : PART_REMARK;
}

void line_read(struct span text, struct box_line *line) {
    memset(line, 0, sizeof *line);
    line->name = line->rival = line->reason = (struct span){text.at, 0};
    bool headless = true;
    while (text.len > 0) {
        uint32_t end = find(text, ";");
        struct span part = trim((struct span){text.at, end});
        text = behind(text, end + 1);
        if (part.len == 0) {
            continue;
        }
        if (headless) {
            read_head(part, line);
            headless = false;
        } else if (line->part_count < LINE_PARTS_MAX) {
            line->parts[line->part_count++] = (struct line_part){part_kind(part), part};
        }
    }
}

struct writer {
    char *out;
    size_t size, len;
};

static void put(struct writer *w, struct span text) {
    for (uint32_t i = 0; i < text.len; i++, w->len++) {
        if (w->len + 1 < w->size) {
            w->out[w->len] = text.at[i];
        }
    }
}

size_t line_write(const struct box_line *line, char *out, size_t size) {
    struct writer w = {out, size, 0};
    put(&w, line->name);
    if (line->rival.len > 0) {
        put(&w, span_of(line->name.len > 0 ? " " : ""));
        put(&w, span_of(unlike));
        put(&w, span_of(" "));
        put(&w, line->rival);
    }
    if (line->reason.len > 0) {
        put(&w, span_of(": "));
        put(&w, line->reason);
    }
    for (unsigned i = 0; i < line->part_count; i++) {
        put(&w, span_of(w.len > 0 ? "; " : ""));
        put(&w, line->parts[i].text);
    }
    if (size > 0) {
        out[w.len < size ? w.len : size - 1] = '\0';
    }
    return w.len;
}

size_t line_tidy(struct span text, char *out, size_t size) {
    char signs[BOARD_BOX_MAX_BYTES * 3 / 2 + 1];
    struct writer w = {signs, sizeof signs, 0};
    if (text.len > BOARD_BOX_MAX_BYTES) {
        return text.len;
    }
    for (uint32_t i = 0; i < text.len; i++) {
        bool is_sign = text.at[i] == '!' && i + 1 < text.len && text.at[i + 1] == '=';
        put(&w, is_sign ? span_of(unlike) : (struct span){text.at + i, 1});
        i += is_sign;
    }
    if (w.len > BOARD_BOX_MAX_BYTES) {
        return w.len;
    }
    /* A sign without a rival goes, and what stood behind it may be read anew. */
    struct box_line line;
    size_t len = w.len;
    for (size_t before = len + 1; len != before && len <= BOARD_BOX_MAX_BYTES;) {
        before = len;
        line_read((struct span){signs, (uint32_t)len}, &line);
        len = line_write(&line, out, size);
        memcpy(signs, out, len <= BOARD_BOX_MAX_BYTES ? len : 0);
    }
    return len;
}
