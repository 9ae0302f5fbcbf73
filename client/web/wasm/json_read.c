/* SPDX-License-Identifier: ISC */
/*
 * json_read.c: JSON text as MessagePack. Only its form is judged here; what it means, the reader of
 * the MessagePack judges, as it does for a peer's bytes.
 *
 * A list or map is written with a count of 32 bits that is filled in at its end.
 */
#include <string.h>

#include "client/web/wasm/json.h"
#include "protocol/text/utf8.h"

struct input {
    const char *at, *end;
    struct mp_writer *out;
    unsigned depth;
};

static bool value(struct input *in);

static void skip_blanks(struct input *in) {
    while (in->at < in->end && strchr(" \t\r\n", *in->at) != NULL && *in->at != '\0') {
        in->at++;
    }
}

static bool take(struct input *in, char c) {
    skip_blanks(in);
    if (in->at < in->end && *in->at == c) {
        in->at++;
        return true;
    }
    return false;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The four digits of \u; false: they are not there. */
static bool unicode_escape(struct input *in, uint32_t *point) {
    *point = 0;
    for (int i = 0; i < 4; i++) {
        int digit = in->at < in->end ? hex_digit(*in->at++) : -1;
        if (digit < 0) {
            return false;
        }
        *point = *point << 4 | (uint32_t)digit;
    }
    return true;
}

static void put_utf8(struct mp_writer *w, uint32_t point) {
    char bytes[UTF8_BYTES_MAX];
    mp_put_raw(w, bytes, utf8_encode(point, bytes));
}

/* What stands behind a backslash. Half a pair of surrogates becomes a question mark. */
static bool escape(struct input *in, struct mp_writer *w) {
    static const char names[] = "\"\\/bfnrt";
    static const char means[] = "\"\\/\b\f\n\r\t";
    uint32_t point;
    uint32_t low;
    if (in->at == in->end || *in->at == '\0') {
        return false;
    }
    char c = *in->at++;
    const char *found = strchr(names, c);
    if (found != NULL) {
        mp_put_raw(w, &means[found - names], 1);
        return true;
    }
    if (c != 'u' || !unicode_escape(in, &point)) {
        return false;
    }
    if (point >= 0xd800 && point < 0xdc00 && in->end - in->at >= 6 && in->at[0] == '\\' &&
        in->at[1] == 'u') {
        in->at += 2;
        if (!unicode_escape(in, &low)) {
            return false;
        }
        bool pair = low >= 0xdc00 && low < 0xe000;
        point = pair ? 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00) : '?';
    }
    put_utf8(w, point >= 0xd800 && point < 0xe000 ? '?' : point);
    return true;
}

/* The characters of a string into `w`, from behind its first quotation mark to behind the last. */
static bool characters(struct input *in, struct mp_writer *w) {
    while (in->at < in->end && *in->at != '"') {
        if ((unsigned char)*in->at < 0x20) {
            return false;
        }
        if (*in->at == '\\') {
            in->at++;
            if (!escape(in, w)) {
                return false;
            }
        } else {
            mp_put_raw(w, in->at++, 1);
        }
    }
    return in->at < in->end && *in->at++ == '"';
}

static bool string(struct input *in) {
    struct mp_writer text;
    mp_writer_init(&text);
    bool good = characters(in, &text) && !text.failed;
    if (good) {
        mp_put_text(in->out, (struct span){text.data != NULL ? text.data : "", (uint32_t)text.len});
    }
    mp_writer_free(&text);
    return good;
}

static bool number(struct input *in) {
    uint64_t size = 0;
    bool negative = *in->at == '-';
    const char *first = in->at += negative;
    while (in->at < in->end && *in->at >= '0' && *in->at <= '9') {
        if (size > (INT64_MAX - 9) / 10) {
            return false;
        }
        size = size * 10 + (uint64_t)(*in->at++ - '0');
    }
    bool fraction = in->at < in->end && strchr(".eE", *in->at) != NULL;
    mp_put_int(in->out, negative ? -(int64_t)size : (int64_t)size);
    return in->at > first && !fraction;
}

/* Places for a head with a count of 32 bits. */
static size_t open_count(struct mp_writer *w, uint8_t head) {
    size_t at = w->len;
    mp_put_raw(w, (const uint8_t[]){head, 0, 0, 0, 0}, 5);
    return at;
}

static void close_count(struct mp_writer *w, size_t at, uint32_t count) {
    for (int i = 0; i < 4 && !w->failed; i++) {
        w->data[at + 1 + (size_t)i] = (char)(count >> (24 - 8 * i));
    }
}

static bool list(struct input *in) {
    uint32_t count = 0;
    size_t at = open_count(in->out, 0xdd);
    if (!take(in, ']')) {
        do {
            if (!value(in)) {
                return false;
            }
            count++;
        } while (take(in, ','));
        if (!take(in, ']')) {
            return false;
        }
    }
    close_count(in->out, at, count);
    return true;
}

/* {"bytes": "…"} from behind the bracket. False and nothing taken: it is another map. */
static bool is_bytes(struct input *in) {
    struct input ahead = *in;
    static const char key[] = "\"bytes\"";
    skip_blanks(&ahead);
    if ((size_t)(ahead.end - ahead.at) < sizeof key - 1 ||
        memcmp(ahead.at, key, sizeof key - 1) != 0) {
        return false;
    }
    ahead.at += sizeof key - 1;
    if (!take(&ahead, ':') || !take(&ahead, '"')) {
        return false;
    }
    *in = ahead;
    return true;
}

static bool bytes(struct input *in) {
    struct mp_writer raw;
    bool good = true;
    mp_writer_init(&raw);
    while (good && in->end - in->at >= 2 && *in->at != '"') {
        int high = hex_digit(in->at[0]);
        int low = hex_digit(in->at[1]);
        good = high >= 0 && low >= 0;
        mp_put_raw(&raw, (const uint8_t[]){(uint8_t)((unsigned)high << 4 | (unsigned)low)}, 1);
        in->at += 2;
    }
    good = good && !raw.failed && take(in, '"') && take(in, '}');
    if (good) {
        mp_put_bytes(in->out, (struct span){raw.data != NULL ? raw.data : "", (uint32_t)raw.len});
    }
    mp_writer_free(&raw);
    return good;
}

static bool map(struct input *in) {
    uint32_t count = 0;
    if (is_bytes(in)) {
        return bytes(in);
    }
    size_t at = open_count(in->out, 0xdf);
    if (!take(in, '}')) {
        do {
            if (!take(in, '"') || !string(in) || !take(in, ':') || !value(in)) {
                return false;
            }
            count++;
        } while (take(in, ','));
        if (!take(in, '}')) {
            return false;
        }
    }
    close_count(in->out, at, count);
    return true;
}

static bool word(struct input *in) {
    static const struct {
        const char *text;
        uint8_t head;
    } words[] = {{"null", 0xc0}, {"false", 0xc2}, {"true", 0xc3}};
    for (int i = 0; i < 3; i++) {
        size_t len = strlen(words[i].text);
        if ((size_t)(in->end - in->at) >= len && memcmp(in->at, words[i].text, len) == 0) {
            in->at += len;
            mp_put_raw(in->out, &words[i].head, 1);
            return true;
        }
    }
    return false;
}

static bool value(struct input *in) {
    if (in->depth == JSON_DEPTH_MAX) {
        return false;
    }
    in->depth++;
    bool good;
    if (take(in, '{')) {
        good = map(in);
    } else if (take(in, '[')) {
        good = list(in);
    } else if (take(in, '"')) {
        good = string(in);
    } else if (in->at < in->end && (*in->at == '-' || (*in->at >= '0' && *in->at <= '9'))) {
        good = number(in);
    } else {
        good = word(in);
    }
    in->depth--;
    return good;
}

bool json_read(struct mp_writer *out, struct span text) {
    struct input in = {text.at, text.at + text.len, out, 0};
    bool good = value(&in);
    skip_blanks(&in);
    return good && in.at == in.end && !out->failed;
}
