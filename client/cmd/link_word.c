/* SPDX-License-Identifier: ISC */
/*
 * link_word.c: links from arguments, the environment and standard input.
 */
#include "client/cmd/link_word.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/net/say.h"
#include "protocol/wire/invite.h"

enum { REST_MS = 200 }; /* what was piped is there at once */

/* Byte by byte: what stands behind the line is for somebody else. False: it was the end. */
static bool read_line(char line[LINK_LINE_MAX], size_t *len) {
    char c = '\0';
    for (;;) {
        ssize_t got = read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0 || c == '\n' || *len + 1 == LINK_LINE_MAX) {
            break;
        }
        line[(*len)++] = c;
    }
    line[*len] = '\0';
    return c == '\n';
}

/* Whether a link begins in it that does not end in it: mail and chat break long lines. */
static bool is_broken(const char *line) {
    struct invite invite;
    char why[INVITE_WHY_MAX];
    return invite_is_link(line) && !invite_parse(line, &invite, why);
}

/* Somebody who pastes may have to press Enter for the rest, and is told so once. */
static bool rest_comes(bool told) {
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    bool typed = isatty(STDIN_FILENO) == 1;
    if (typed && poll(&in, 1, REST_MS) == 0 && !told) {
        say(stderr, "The link is not whole yet; paste the rest of it, or press Enter.\n");
    }
    return poll(&in, 1, typed ? -1 : REST_MS) > 0;
}

static const char *read_link(char line[LINK_LINE_MAX]) {
    size_t len = 0;
    bool more = read_line(line, &len);
    for (bool told = false; more && is_broken(line) && len + 2 < LINK_LINE_MAX && rest_comes(told);
         told = true) {
        size_t before = ++len;
        line[before - 1] = '\n';
        more = read_line(line, &len) && len > before;
    }
    return line;
}

const char *link_word(const char *word, char line[LINK_LINE_MAX]) {
    if (word != NULL && strcmp(word, "-") == 0) {
        return read_link(line);
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
