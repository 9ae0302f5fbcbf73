/* SPDX-License-Identifier: ISC */
/*
 * json_line.c: one JSON object a line.
 */
#include "client/batch/json_line.h"

bool json_line_print(FILE *out, json_t *line) {
    if (line != NULL) {
        (void)json_dumpf(line, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
        fputc('\n', out);
        fflush(out);
        json_decref(line);
    }
    return ferror(out) == 0;
}
