/* SPDX-License-Identifier: ISC */
/*
 * json_line.c: one JSON object a line.
 */
#include "client/batch/json_line.h"

#include <string.h>

enum { FLAGS = JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6) };

/* Of ASCII, jansson leaves DEL as it is; it can only stand inside a text. */
static int put_shown(const char *bytes, size_t len, void *file) {
    FILE *out = file;
    const char *del;
    while ((del = memchr(bytes, 0x7f, len)) != NULL) {
        size_t before = (size_t)(del - bytes);
        fwrite(bytes, 1, before, out);
        fputs("\\u007F", out);
        bytes = del + 1;
        len -= before + 1;
    }
    fwrite(bytes, 1, len, out);
    return 0;
}

bool json_line_print(FILE *out, json_t *line) {
    if (line != NULL) {
        (void)json_dump_callback(line, put_shown, out, FLAGS);
        fputc('\n', out);
        fflush(out);
        json_decref(line);
    }
    return ferror(out) == 0;
}
