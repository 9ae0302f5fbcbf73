/* SPDX-License-Identifier: ISC */
/*
 * terminal_type.c: which type of terminal to go by. A file of its own, since term.h makes macros of
 * everyday words.
 */
#include "client/screen/terminal.h" /* before them */

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>

#include "client/net/say.h"

/* What nearly every terminal of today does alike. */
static const char FALLBACK[] = "xterm-256color";

enum { TYPE_UNKNOWN, TYPE_POOR, TYPE_GOOD };

/* What the terminal's type can do, by the tables of this machine. */
static int type_of(const char *name) {
    int code;
    if (setupterm(name, STDOUT_FILENO, &code) != OK) {
        return TYPE_UNKNOWN;
    }
    const char *place = tigetstr("cup");
    int found = place != NULL && place != (char *)-1 ? TYPE_GOOD : TYPE_POOR;
    del_curterm(cur_term);
    return found;
}

const char *terminal_type(bool told) {
    const char *name = getenv("TERM");
    name = name == NULL ? "" : name;
    int type = type_of(name);
    if (type == TYPE_GOOD) {
        return name;
    }
    if (type == TYPE_POOR) {
        say(stderr,
            "spar: The terminal type '%s' cannot place the cursor; set TERM, for example to "
            "%s, or use --batch.\n",
            name, FALLBACK);
        return NULL;
    }
    if (type_of(FALLBACK) != TYPE_GOOD) {
        say(stderr,
            "spar: The terminal type '%s' is not known here, nor is %s; install the package "
            "ncurses-base, or use --batch.\n",
            name, FALLBACK);
        return NULL;
    }
    if (told) {
        say(stderr, "spar: The terminal type '%s' is not known here; it is taken for %s.\n", name,
            FALLBACK);
    }
    return FALLBACK;
}
