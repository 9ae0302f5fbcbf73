/* SPDX-License-Identifier: ISC */
/*
 * terminal.h: ncurses, and nothing else of it anywhere: puts a picture on the terminal, reads keys.
 *
 * There is one terminal in a process. Between terminal_open and terminal_close nobody else writes
 * to it.
 */
#ifndef SPAR_CLIENT_SCREEN_TERMINAL_H
#define SPAR_CLIENT_SCREEN_TERMINAL_H

#include "client/screen/paint.h"

enum terminal_input { TERMINAL_NOTHING, TERMINAL_KEY, TERMINAL_CLICK, TERMINAL_WHEEL };
struct terminal_event {
    enum terminal_input kind;
    int code;   /* a character or CODE_… */
    bool paste; /* the character came from a paste */
    int x, y;
    int lines; /* of the wheel, down is positive */
};

/* What terminal_next keeps from call to call; zeroed at first. */
struct terminal_reader {
    bool pasting;    /* between the two ends of a paste */
    bool reporting;  /* inside a report of the mouse */
    char report[24]; /* what has come of it */
    int report_len;
};

/* The type to go by: what TERM names, or xterm-256color if that is not known on this machine, which
 * is said on stderr if `told`. NULL: none will do, a sentence is on stderr. */
const char *terminal_type(bool told) __attribute__((warn_unused_result));
/* Whether a screen can be opened here; if not, a sentence is on stderr. For whoever would open a
 * room or take a seat first. Changes nothing. */
bool terminal_usable(void) __attribute__((warn_unused_result));
/* False: not terminal_usable, and the sentence is on stderr. A type that is not known here is taken
 * for xterm-256color, and that is said. */
bool terminal_open(bool mouse) __attribute__((warn_unused_result));
void terminal_close(void);
/* Size now. Call after SIGWINCH with `changed`: ncurses is told. */
void terminal_size(bool changed, int *width, int *height);
/* Puts the picture; the text cursor goes to (x, y), or away if x < 0. */
void terminal_put(const struct paint *paint, int x, int y, bool from_scratch);
/* The next thing that was typed or clicked; TERMINAL_NOTHING when there is no more for now. */
struct terminal_event terminal_next(struct terminal_reader *reader);
/* Reads "button;x;y" and its end, M (pressed) or m (released), as xterm reports the mouse. */
struct terminal_event terminal_mouse(const char *report, char end);
/* The character or CODE_… of a key, for a screen on which somebody is or is not writing: in a
 * pasted text line ends are blanks, and outside of writing it is CODE_NONE, being no row of
 * commands. */
int terminal_code(const struct terminal_event *event, bool writing);
/* Whether the other end of the terminal has gone. */
bool terminal_is_gone(void);
/* Hands a text to the terminal's clipboard (OSC 52; terminals without it ignore it). */
void terminal_copy(const char *text);
/* Leaves the full screen for plain output, and comes back. */
void terminal_leave(void);
void terminal_return(bool mouse);

#endif
