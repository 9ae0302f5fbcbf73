/* SPDX-License-Identifier: ISC */
/*
 * json.h: writing JSON (RFC 8259) into a growing text.
 *
 * Every text is whole; what a terminal would act upon stands as \uXXXX (text.h), what is no UTF-8
 * as U+FFFD. Objects and lists are closed in the order in which they were opened. `name` is the
 * key in an object and NULL in a list and for the root. No I/O; failure is the text's.
 *
 *     json_begin(&json, &out, JSON_LINES);
 *     json_put_object(&json, NULL);
 *     json_put_text(&json, "room", id);
 *     json_end(&json);
 */
#ifndef SPAR_PROTOCOL_TEXT_JSON_H
#define SPAR_PROTOCOL_TEXT_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/text/out.h"

enum json_layout {
    JSON_LINES,    /* no blanks; a list, and an object in a list, begin a line */
    JSON_ONE_LINE, /* no blanks, one line, ASCII only */
    JSON_INDENTED  /* a value a line, one blank deeper at each level; ASCII only */
};

enum { JSON_DEPTH_MAX = 32 };

struct json {
    struct out *out;
    enum json_layout layout;
    unsigned depth;  /* how many objects and lists are open */
    uint32_t lists;  /* bit i: the one at depth i + 1 is a list */
    uint32_t filled; /* bit i: something stands in the one at depth i + 1 */
    bool breaks;     /* what comes next begins a line */
};

/* Borrows `out`. */
void json_begin(struct json *json, struct out *out, enum json_layout layout);
/* JSON_LINES: what is put next begins a line. */
void json_break(struct json *json);
/* Opens an object or a list. */
void json_put_object(struct json *json, const char *name);
void json_put_list(struct json *json, const char *name);
/* Closes what was opened last. */
void json_end(struct json *json);
/* NULL is an empty text. */
void json_put_text(struct json *json, const char *name, const char *text);
void json_put_number(struct json *json, const char *name, int64_t number);
void json_put_truth(struct json *json, const char *name, bool truth);
/* A number by its digits, as they are: for those with a fraction. */
void json_put_digits(struct json *json, const char *name, const char *digits);
/* A text's inside: escaped, without quotes. ascii: nothing above U+007E as itself. */
void json_escape(struct out *out, const char *text, size_t len, bool ascii);

#endif
