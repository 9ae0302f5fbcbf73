/* SPDX-License-Identifier: ISC */
/*
 * format.c: snprintf as this project uses it: %d %i %u %x %o %c %s %f %%, flags - 0 + and space,
 * width and precision, also as *, and the lengths hh h l ll z j.
 *
 * The C library's own would bring in files and long doubles, and with them imports that a page
 * would have to give. Anything else in a format ends the program: a report that is silently wrong
 * would be worse.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct out {
    char *at;
    size_t size, len; /* len: of the whole text, also of what did not fit */
};

struct spec {
    bool left, zero, plus, space, precise;
    int width, precision;
    int length; /* bytes of an integer argument */
};

enum { DIGITS_MAX = 64, FRACTION_MAX = 9 };

static void put(struct out *out, char c) {
    if (out->len + 1 < out->size) {
        out->at[out->len] = c;
    }
    out->len++;
}

static void put_many(struct out *out, char c, int count) {
    for (int i = 0; i < count; i++) {
        put(out, c);
    }
}

/* `prefix` is a sign and stands before the zeros that fill up. */
static void put_padded(struct out *out, const struct spec *spec, const char *prefix,
                       const char *text, size_t len, bool zero) {
    size_t prefix_len = strlen(prefix);
    int fill = spec->width - (int)(len + prefix_len);
    if (!spec->left && !zero) {
        put_many(out, ' ', fill);
    }
    for (size_t i = 0; i < prefix_len; i++) {
        put(out, prefix[i]);
    }
    if (!spec->left && zero) {
        put_many(out, '0', fill);
    }
    for (size_t i = 0; i < len; i++) {
        put(out, text[i]);
    }
    if (spec->left) {
        put_many(out, ' ', fill);
    }
}

/* Writes the digits backwards from `end`; where they begin. */
static char *digits_of(char *end, uint64_t value, unsigned base, bool upper) {
    do {
        unsigned digit = (unsigned)(value % base);
        *--end = (char)(digit < 10 ? '0' + digit : (upper ? 'A' : 'a') + digit - 10);
        value /= base;
    } while (value != 0);
    return end;
}

static void put_integer(struct out *out, const struct spec *spec, uint64_t value, bool negative,
                        unsigned base, bool upper) {
    char text[DIGITS_MAX];
    char *end = text + sizeof text;
    char *from = digits_of(end, value, base, upper);
    if (spec->precise && spec->precision == 0 && value == 0) {
        from = end;
    }
    while (spec->precise && end - from < spec->precision && from > text) {
        *--from = '0';
    }
    const char *sign = negative ? "-" : spec->plus ? "+" : spec->space ? " " : "";
    put_padded(out, spec, sign, from, (size_t)(end - from), spec->zero && !spec->precise);
}

/* The fraction of a double, 0 <= value < 1, times 10^places, rounded half to even as the C library
 * does: the mantissa is exact, and so is its product with a power of ten of up to 30 bits. */
static uint64_t scaled_fraction(double value, int places) {
    uint64_t bits;
    uint64_t power = 1;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff);
    for (int i = 0; i < places; i++) {
        power *= 10;
    }
    if (exponent == 0) { /* zero, or too small for any of nine places */
        return 0;
    }
    unsigned __int128 product =
        (unsigned __int128)((bits & 0xfffffffffffff) | 0x10000000000000) * power;
    int shift = 1075 - exponent; /* 53 or more, as value < 1 */
    if (shift > 120) {
        return 0;
    }
    unsigned __int128 half = (unsigned __int128)1 << (shift - 1);
    unsigned __int128 rest = product & ((half << 1) - 1);
    uint64_t whole = (uint64_t)(product >> shift);
    return whole + (rest > half || (rest == half && (whole & 1)));
}

static void put_double(struct out *out, const struct spec *spec, double value) {
    char text[DIGITS_MAX];
    char *end = text + sizeof text;
    int places = spec->precise ? spec->precision : 6;
    bool negative = value < 0;
    value = negative ? -value : value;
    if (places > FRACTION_MAX || !(value < 9007199254740992.0)) {
        __builtin_trap();
    }
    uint64_t whole = (uint64_t)value;
    uint64_t power = 1;
    for (int i = 0; i < places; i++) {
        power *= 10;
    }
    uint64_t fraction;
    if (places == 0) {
        double rest = value - (double)whole;
        whole += rest > 0.5 || (rest == 0.5 && (whole & 1));
        fraction = 0;
    } else {
        fraction = scaled_fraction(value - (double)whole, places);
    }
    if (fraction == power && places > 0) {
        whole++;
        fraction = 0;
    }
    char *from = end;
    if (places > 0) {
        char *first = end - places;
        from = digits_of(end, fraction, 10, false);
        while (from > first) {
            *--from = '0';
        }
        *--from = '.';
    }
    from = digits_of(from, whole, 10, false);
    const char *sign = negative ? "-" : spec->plus ? "+" : spec->space ? " " : "";
    put_padded(out, spec, sign, from, (size_t)(end - from), spec->zero);
}

static void put_string(struct out *out, const struct spec *spec, const char *text) {
    size_t len = spec->precise ? strnlen(text, (size_t)spec->precision) : strlen(text);
    put_padded(out, spec, "", text, len, false);
}

/* The flags; where the rest begins. */
static const char *read_flags(const char *at, struct spec *spec) {
    for (;; at++) {
        switch (*at) {
        case '-': spec->left = true; break;
        case '0': spec->zero = true; break;
        case '+': spec->plus = true; break;
        case ' ': spec->space = true; break;
        default: return at;
        }
    }
}

static int read_number(const char **at) {
    int number = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        number = number * 10 + (**at - '0');
    }
    return number;
}

static const char *read_length(const char *at, struct spec *spec) {
    spec->length = (int)sizeof(int);
    for (;; at++) {
        switch (*at) {
        case 'h': break; /* promoted to int, and the value fits */
        case 'l': spec->length = at[1] == 'l' ? 8 : (int)sizeof(long); break;
        case 'j': spec->length = 8; break;
        case 'z':
        case 't': spec->length = (int)sizeof(size_t); break;
        default: return at;
        }
        if (at[0] == 'l' && at[1] == 'l') {
            at++;
        }
    }
}

/* One conversion, behind its flags, width, precision and length. */
static void put_conversion(struct out *out, struct spec *spec, char kind, va_list *list) {
    if (kind == 'd' || kind == 'i') {
        int64_t value = spec->length == 8 ? va_arg(*list, int64_t) : va_arg(*list, int);
        uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        put_integer(out, spec, size, value < 0, 10, false);
        return;
    }
    switch (kind) {
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
        uint64_t value = spec->length == 8 ? va_arg(*list, uint64_t) : va_arg(*list, unsigned);
        spec->plus = spec->space = false;
        put_integer(out, spec, value, false, kind == 'u' ? 10 : kind == 'o' ? 8 : 16, kind == 'X');
        break;
    }
    case 'c': put_padded(out, spec, "", (char[]){(char)va_arg(*list, int)}, 1, false); break;
    case 's': put_string(out, spec, va_arg(*list, const char *)); break;
    case 'f': put_double(out, spec, va_arg(*list, double)); break;
    case '%': put(out, '%'); break;
    default: __builtin_trap();
    }
}

/* From behind the per cent sign; where the conversion's letter stands. */
static const char *read_spec(const char *at, struct spec *spec, va_list *list) {
    at = read_flags(at, spec);
    spec->width = *at == '*' ? (at++, va_arg(*list, int)) : read_number(&at);
    if (spec->width < 0) {
        spec->left = true;
        spec->width = -spec->width;
    }
    if (*at == '.') {
        at++;
        spec->precision = *at == '*' ? (at++, va_arg(*list, int)) : read_number(&at);
        spec->precise = spec->precision >= 0;
    }
    return read_length(at, spec);
}

int vsnprintf(char *buffer, size_t size, const char *format, va_list args) {
    struct out out = {buffer, size, 0};
    va_list list;
    va_copy(list, args);
    for (const char *at = format; *at != '\0'; at++) {
        if (*at == '%') {
            struct spec spec = {0};
            at = read_spec(at + 1, &spec, &list);
            put_conversion(&out, &spec, *at, &list);
        } else {
            put(&out, *at);
        }
    }
    va_end(list);
    if (size > 0) {
        buffer[out.len < size ? out.len : size - 1] = '\0';
    }
    return (int)out.len;
}

int snprintf(char *buffer, size_t size, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int len = vsnprintf(buffer, size, format, args);
    va_end(args);
    return len;
}
