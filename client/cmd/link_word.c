/* SPDX-License-Identifier: ISC */
/*
 * link_word.c: links from arguments, the environment and standard input.
 */
#include "client/cmd/link_word.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Byte by byte: what stands behind the line is for somebody else. */
static const char *read_line(char line[LINK_LINE_MAX]) {
    size_t len = 0;
    for (;;) {
        char c;
        ssize_t got = read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0 || c == '\n' || len + 1 == LINK_LINE_MAX) {
            break;
        }
        line[len++] = c;
    }
    line[len] = '\0';
    return line;
}

const char *link_word(const char *word, char line[LINK_LINE_MAX]) {
    if (word != NULL && strcmp(word, "-") == 0) {
        return read_line(line);
    }
    if (word != NULL) {
        return word;
    }
    const char *link = getenv("SPAR_LINK");
    return link != NULL && link[0] != '\0' ? link : NULL;
}

bool link_words_hide(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strchr(argv[i], '#') == NULL && strstr(argv[i], "://") == NULL &&
            strstr(argv[i], "%23") == NULL) {
            continue;
        }
        char *copy = strdup(argv[i]);
        if (copy == NULL) {
            return false;
        }
        memset(argv[i], '*', strlen(argv[i]));
        argv[i] = copy;
    }
    return true;
}
