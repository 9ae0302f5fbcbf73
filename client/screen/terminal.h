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
    bool alt;   /* ESC came right before it, as Alt sends it */
    bool paste; /* the character came from a paste */
    int x, y;
    int lines; /* of the wheel, down is positive */
};

/* What a terminal gives, one after the other. */
enum terminal_raw {
    RAW_NOTHING, /* no more for now */
    RAW_CHARACTER,
    RAW_KEY, /* CODE_… of keys.h */
    RAW_PASTE_BEGIN,
    RAW_PASTE_END,
    RAW_REPORT /* a report of the mouse begins */
};

/* How long nothing more comes of a paste, in ms, until what is typed counts as typed again. */
enum { TERMINAL_PASTE_SILENCE = 1000 };

/* What terminal_next keeps from call to call; zeroed at first. */
struct terminal_reader {
    bool pasting;    /* between the two ends of a paste */
    bool escaped;    /* an ESC that may be Alt's */
    bool reporting;  /* inside a report of the mouse */
    char report[24]; /* what has come of it */
    int report_len;
    int64_t paste_at; /* when the paste last brought something that nobody typed */
    int run;          /* characters since there was nothing */
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
/* The next thing that was typed or clicked; TERMINAL_NOTHING when there is no more for now. now: ms
 * of the loop's clock. */
struct terminal_event terminal_next(struct terminal_reader *reader, int64_t now);
/* What the reader makes of one thing more: TERMINAL_NOTHING until it is whole. Pure
 * (terminal_reader.c). */
struct terminal_event terminal_step(struct terminal_reader *reader, enum terminal_raw raw, int code,
                                    int64_t now);
/* Reads "button;x;y" and its end, M (pressed) or m (released), as xterm reports the mouse. */
struct terminal_event terminal_mouse(const char *report, char end);
/* The keys that a typed event means, for a screen on which somebody is or is not writing, into out;
 * how many. Alt is told from ESC and a key only while writing. */
int terminal_codes(const struct terminal_event *event, bool writing, int out[2]);
/* Whether the other end of the terminal has gone. */
bool terminal_is_gone(void);
/* Rings the terminal's bell, where it has one. */
void terminal_bell(void);
/* Hands a text to the terminal's clipboard (OSC 52; terminals without it ignore it). */
void terminal_copy(const char *text);
/* Leaves the full screen for plain output, and comes back. */
void terminal_leave(void);
void terminal_return(bool mouse);

#endif
