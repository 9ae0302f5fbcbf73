/* SPDX-License-Identifier: ISC */
/*
 * control_parts.h: what the parts of control.h share. Nothing else includes it.
 */
#ifndef SPAR_CLIENT_SCREEN_CONTROL_PARTS_H
#define SPAR_CLIENT_SCREEN_CONTROL_PARTS_H

#include "client/screen/keys.h"
#include "client/screen/screen.h"

struct model *control_model(struct screen *screen);
/* Puts a sentence on the status line until the next key; `bad` draws it as a fault. */
void control_say(struct screen *screen, bool bad, const char *text);

/* Hands a command to the feed and, if it took it, remembers it in these words for the status
 * line. */
void control_send(struct screen *screen, const struct body *body, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A command that has no fields. */
void control_send_plain(struct screen *screen, enum action act, const char *words);
/* What the letter of a row does in the open pane. `row` may be any number. */
void control_choose_row(struct screen *screen, int row, bool prompted);
/* Enter after a letter that would put something on the candidate's screen: does it. False: there
 * was none. */
bool control_confirm(struct screen *screen);
/* Raises or lowers one's own hand; a coach lowers the one that was raised first. */
void control_hand(struct screen *screen);
/* Takes what is suggested first, or drops it for the whole panel. */
void control_suggestion(struct screen *screen, bool take);
/* The key of the turn: asks what is to be asked now, or opens what both have agreed to. */
void control_turn_key(struct screen *screen);
/* The answer to one of the questions about it; code: the key pressed. */
void control_turn_answer(struct screen *screen, enum asking asking, int code);
/* Moves the seat that was asked about to a new link, or puts its person out. */
void control_drive_key(struct screen *screen); /* asks who is to drive the clock */
void control_seat(struct screen *screen, enum action act);
/* False: the key is none of the clock's. */
bool control_clock_key(struct screen *screen, enum key_action action, int index);

/* A key of the board's pane. False: it is none. */
bool control_board_key(struct screen *screen, enum key_action action, int code);
/* Points at a line of the worksheet by its number. */
void control_board_row(struct screen *screen, int row);
/* While the line of a box or of the worksheet is written: Enter, Tab and Up. */
void control_board_line(struct screen *screen);
void control_board_tab(struct screen *screen);
void control_board_earlier(struct screen *screen);

/* A line of the verdict by its number; evidence: take the moment. False: there is no such line. */
bool control_verdict_row(struct screen *screen, int index, bool evidence);
/* Hands the draft in. */
void control_verdict_give(struct screen *screen);
/* Takes the line that was written into the draft. */
void control_verdict_text(struct screen *screen);

/* Begins a line; from then on every key goes to control_write_key until it is sent or dropped. */
void control_write(struct screen *screen, enum writing writing);
void control_write_key(struct screen *screen, int code);

/* A key of a recording's. `index` is its number among keys of its kind, as keys_find gives it.
 * False: none. */
bool control_replay_key(struct screen *screen, enum key_action action, int code, int index);
/* Goes to the next time at which the item in a row was marked; after the last one, the first
 * again. */
void control_seek_item(struct screen *screen, int row);

#endif
