/* SPDX-License-Identifier: ISC */
/*
 * say.c: printf with harmless texts. The numbers are left to the C library.
 */
#include "client/net/say.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/text/text.h"
#include "protocol/text/utf8.h"

/* One conversion: %[flags][width][.precision][length]letter. */
struct conversion {
    char flags[6];
    int width, precision; /* precision -1: none */
    int longs;            /* 1: l, 2: ll, z counts as l; h is none */
    char letter;
};

static const char *read_number(const char *at, int *number, va_list *args) {
    if (*at == '*') {
        *number = va_arg(*args, int);
        return at + 1;
    }
    for (*number = 0; *at >= '0' && *at <= '9'; at++) {
        *number = *number * 10 + (*at - '0');
    }
    return at;
}

/* Behind the %; gives what follows the conversion. */
static const char *read_conversion(const char *at, struct conversion *out, va_list *args) {
    size_t flags = strspn(at, "-+ #0");
    *out = (struct conversion){.precision = -1};
    memcpy(out->flags, at, flags < sizeof out->flags ? flags : 0);
    at = read_number(at + flags, &out->width, args);
    if (*at == '.') {
        at = read_number(at + 1, &out->precision, args);
    }
    for (; *at == 'l' || *at == 'z' || *at == 'h'; at++) {
        out->longs += *at != 'h';
    }
    out->letter = *at;
    return *at ? at + 1 : at;
}

/* The length of what fits into `size` bytes without half of a character at its end. What stands
 * behind them is not looked at: it need not be the text's. */
static size_t cut(const char *text, size_t size) {
    size_t len = strnlen(text, size);
    size_t last = len;
    uint32_t point;
    while (last > 0 && len - last < UTF8_BYTES_MAX && ((uint8_t)text[last - 1] & 0xc0) == 0x80) {
        last--;
    }
    last -= last > 0 && (uint8_t)text[last - 1] >= 0xc0;
    return last < len && utf8_decode(text + last, len - last, &point) == 0 ? last : len;
}

static void put_text(struct out *out, const struct conversion *how, const char *text) {
    size_t len = how->precision < 0 ? strlen(text) : cut(text, (size_t)how->precision);
    size_t at = 0;
    int columns = text_columns((struct span){text, (uint32_t)len});
    bool left = strchr(how->flags, '-') != NULL;
    out_repeat(out, left ? "" : " ", how->width - columns);
    for (uint32_t c; (c = text_next(text, len, &at)) != 0;) {
        out_character(out, c == '\n' ? ' ' : c);
    }
    out_repeat(out, left ? " " : "", how->width - columns);
}

static void put_number(struct out *out, const struct conversion *how, va_list *args) {
    char format[48];
    bool is_signed = how->letter == 'd' || how->letter == 'i';
    if (how->precision < 0) {
        snprintf(format, sizeof format, "%%%s*ll%c", how->flags, how->letter);
    } else {
        snprintf(format, sizeof format, "%%%s*.%dll%c", how->flags, how->precision, how->letter);
    }
    long long number;
    if (is_signed) {
        number = how->longs == 0   ? va_arg(*args, int)
                 : how->longs == 1 ? va_arg(*args, long)
                                   : va_arg(*args, long long);
    } else {
        number = (long long)(how->longs == 0   ? va_arg(*args, unsigned)
                             : how->longs == 1 ? va_arg(*args, unsigned long)
                                               : va_arg(*args, unsigned long long));
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* it was made two lines above */
    out_print(out, format, how->width, number);
#pragma GCC diagnostic pop
}

static void put_one(struct out *out, const struct conversion *how, va_list *args) {
    char letter[2] = "";
    switch (how->letter) {
    case '%': out_raw(out, "%"); break;
    case 's': put_text(out, how, va_arg(*args, const char *)); break;
    case 'c':
        letter[0] = (char)va_arg(*args, int);
        put_text(out, how, letter);
        break;
    case 'd':
    case 'i':
    case 'u':
    case 'x': put_number(out, how, args); break;
    default: abort();
    }
}

void say_into(struct out *out, const char *format, va_list args) {
    va_list rest;
    va_copy(rest, args);
    while (*format) {
        size_t plain = strcspn(format, "%");
        out_bytes(out, format, plain);
        format += plain;
        if (*format == '%') {
            struct conversion how;
            format = read_conversion(format + 1, &how, &rest);
            put_one(out, &how, &rest);
        }
    }
    va_end(rest);
}

/* Without memory nothing is said: there is no better place for it to be said. */
static void write_out(FILE *to, struct out *out) {
    if (!out->failed && out->len > 0) {
        (void)fwrite(out->data, 1, out->len, to);
    }
    out_free(out);
}

void say_list(FILE *to, const char *format, va_list args) {
    struct out out;
    out_init(&out);
    say_into(&out, format, args);
    write_out(to, &out);
}

void say(FILE *to, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say_list(to, format, args);
    va_end(args);
}

void say_text(FILE *to, const char *text) {
    struct out out;
    size_t at = 0, len = strlen(text);
    out_init(&out);
    for (uint32_t c; (c = text_next(text, len, &at)) != 0;) {
        out_character(&out, c);
    }
    write_out(to, &out);
}
