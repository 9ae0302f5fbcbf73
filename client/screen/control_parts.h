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
 * line. False: it did not, and the model's message says why. */
bool control_send(struct screen *screen, const struct body *body, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A command that has no fields. */
void control_send_plain(struct screen *screen, enum action act, const char *words);
/* What the letter of a row does in the open pane. `row` may be any number. */
void control_choose_row(struct screen *screen, int row, bool prompted);

/* ---- what is asked for twice (control_twice.c) ---- */

/* Takes note of a key. False: it is held down, and means nothing more. */
bool control_twice_key(struct screen *screen, int code);
/* Chooses what only the same key again or Enter sends, and says so; the second time it is sent, as
 * soon as it is clear that the key is not held. key: what the line names, ' ' for Space. */
void control_twice(struct screen *screen, enum chosen_kind kind, int index, char key);
/* Enter: sends what is chosen. False: nothing is. */
bool control_twice_enter(struct screen *screen);
/* Nothing is chosen any more; what was asked for twice goes out. */
void control_twice_forget(struct screen *screen);
/* A step of the clock to the phase beside: at once, or, right after the same step, asked first. */
void control_step(struct screen *screen, int phase, char key);

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

/* The key of voice: a link for another device, or the end of the one that there is. */
void control_device_key(struct screen *screen);
void control_device(struct screen *screen, bool end);

/* ---- the board: control_board.c chooses, control_words.c writes ---- */

/* A key of the board's pane. False: it is none. */
bool control_board_key(struct screen *screen, enum key_action action, int code);
/* A click at (x, y) of the whole screen. */
void control_board_click(struct screen *screen, int x, int y);
/* Points at a line of the worksheet by its number. */
void control_board_row(struct screen *screen, int row);
/* The place beside the one with the cursor; what is held comes along. */
void control_board_step(struct screen *screen, int x, int y);
/* The board as this screen shows it. */
const struct board *control_shown(struct screen *screen);
/* A change of a thing, to be filled. */
struct body control_thing(enum action act, int64_t thing);
int64_t control_next_id(struct screen *screen);
/* Whether the feed took the change; the model's message says why not. */
bool control_put(struct screen *screen, const struct body *body, const char *words);
/* An arrow from the box that one is being led from. */
void control_arrow_to(struct screen *screen, uint32_t box);

/* Begins something new in the place with the cursor, with that letter if it is not 0. */
void control_begin(struct screen *screen, enum board_begun begun, int letter);
/* The words of what is chosen. */
void control_rewrite(struct screen *screen);
/* A requirement or a line of the worksheet. */
void control_paper(struct screen *screen);
void control_take_fact(struct screen *screen);
/* While words of the board or the worksheet are written: Enter, Tab, Esc, and Up. */
void control_board_line(struct screen *screen);
void control_board_tab(struct screen *screen);
void control_board_escape(struct screen *screen);
void control_board_earlier(struct screen *screen);
/* An arrow key while a new box has no words yet: goes on to another place, and the arrow with it.
 * False: it is for the line. */
bool control_board_elsewhere(struct screen *screen, int code);
/* Right at the end of the beginning of a name that a box of this board has: the rest of it.
 * False: it is for the line. */
bool control_board_complete(struct screen *screen, int code);
/* Keeps what is being written and begins nothing. False: it was not taken, or there is nothing. */
bool control_board_keep(struct screen *screen);

/* A line of the verdict by its number; evidence: take the moment. False: there is no such line. */
bool control_verdict_row(struct screen *screen, int index, bool evidence);
/* Hands the draft in. */
void control_verdict_give(struct screen *screen);
/* Takes the line that was written into the draft. */
void control_verdict_text(struct screen *screen);

/* Begins a line; from then on every key goes to control_write_key until it is sent or dropped.
 * True: it goes on with one that was left; else it is empty. */
bool control_write(struct screen *screen, enum writing writing);
/* The same with an empty line; one that was left stays. */
void control_write_anew(struct screen *screen, enum writing writing);
/* Lays the line that is being written aside, to be gone on with; the oldest of several goes. */
void control_keep_line(struct screen *screen);
/* What was left where this line is written is wanted no more. */
void control_forget_line(struct screen *screen);
void control_write_key(struct screen *screen, int code);
/* Begins to write an own note anew, by its letter in the pane of talk. */
void control_change_note(struct screen *screen, int row);

/* A key of a recording's. `index` is its number among keys of its kind, as keys_find gives it.
 * False: none. */
bool control_replay_key(struct screen *screen, enum key_action action, int code, int index);
/* Goes to the time that was typed. */
void control_replay_time(struct screen *screen);
/* Goes to the next time at which the item in a row was marked; after the last one, the first
 * again. */
void control_seek_item(struct screen *screen, int row);

#endif
