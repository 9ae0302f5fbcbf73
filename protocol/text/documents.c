/* SPDX-License-Identifier: ISC */
/*
 * documents.c: the marks between documents.
 */
#include "protocol/text/documents.h"

#include <stdbool.h>
#include <string.h>

/* Whether the line opens with a mark of three characters that stands alone, "---" or "...". */
static bool is_mark(const char *line, const char *mark) {
    return strncmp(line, mark, 3) == 0 && strchr(" \t\r\n", line[3]) != NULL;
}

int documents_second(const char *text) {
    bool begun = false;
    bool ended = false;
    int number = 1;
    for (const char *line = text; *line != '\0'; number++) {
        const char *content = line + strspn(line, " \t\r\n");
        const char *end = strchr(line, '\n');
        bool counts = *content != '#' && *content != '\0' && (end == NULL || content < end);
        if (is_mark(line, "...")) {
            ended = begun;
        } else if (is_mark(line, "---")) {
            if (begun) {
                return number;
            }
            begun = true;
        } else if (counts && ended) {
            return number;
        } else if (counts && *line != '%') {
            begun = true;
        }
        line = end == NULL ? line + strlen(line) : end + 1;
    }
    return 0;
}
