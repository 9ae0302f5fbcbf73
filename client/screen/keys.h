/* SPDX-License-Identifier: ISC */
/*
 * keys.h: what each key means, from the one table keys.def. Pure.
 *
 * Letters for the lines of a pane leave out those that are commands, so that n or p never marks an
 * item.
 */
#ifndef SPAR_CLIENT_SCREEN_KEYS_H
#define SPAR_CLIENT_SCREEN_KEYS_H

#include "protocol/wire/action.h"

/* Codes of keys that are no characters; above every Unicode character. */
enum key_code {
    CODE_NONE = 0,
    CODE_THROW = 0x18, /* Ctrl-X: what is being written goes away for good */
    CODE_UP = 0x200000,
    CODE_DOWN,
    CODE_LEFT,
    CODE_RIGHT,
    CODE_HOME,
    CODE_END,
    CODE_PAGE_UP,
    CODE_PAGE_DOWN,
    CODE_BACKTAB,
    CODE_BACKSPACE,
    CODE_DELETE,
    CODE_ESCAPE,
    CODE_WORD_LEFT, /* Ctrl or Alt with an arrow */
    CODE_WORD_RIGHT,
    CODE_F1 = 0x200100, /* CODE_F1 + 11: F12 */
    CODE_ALT = 0x400000 /* + a character: Alt was held with it */
};

/* Where the room stands, as far as keys go. */
enum key_where {
    AT_LOBBY = 1,
    AT_LIVE = 2, /* running or paused */
    AT_DONE = 4, /* finished, the debrief not yet open */
    AT_DEBRIEF = 8,
    AT_CLOSED = 16,
    AT_REPLAY = 32,
    AT_REMARK = 64,     /* a recording that is marked anew */
    AT_INSIDE = 128,    /* beside one of the others: the room was opened from the wall */
    AT_SUGGESTED = 256, /* beside one of the others: something is suggested */
    AT_BOARD = 512,     /* likewise: the board's pane is open, one may draw, the place is free */
    AT_CHOSEN = 1024,   /* likewise, and a box is in it */
    AT_POINTS = 2048,   /* likewise, and one may only point */
    AT_TAKEN = 4096,    /* this connection has lost the seat for good: taken over, put out */
    AT_PICKED = 8192,   /* as AT_BOARD, and an arrow, a frame or a span is chosen */
    AT_PAPER = 16384,   /* beside one of the others: the worksheet takes the whole pane */
    AT_DRAWS = AT_BOARD | AT_CHOSEN | AT_PICKED,
    AT_OPEN = AT_LOBBY | AT_LIVE | AT_DONE | AT_DEBRIEF,
    AT_ROOM = AT_OPEN | AT_CLOSED,
    AT_REEL = AT_REPLAY | AT_REMARK,
    AT_ANY = AT_ROOM | AT_REEL | AT_TAKEN
};

enum key_action {
    KEYS_NOTHING,
    KEYS_NEXT,
    KEYS_BACK,
    KEYS_PAUSE,
    KEYS_SHEET,
    KEYS_LONGER,
    KEYS_SHORTER,
    KEYS_LETTER,
    KEYS_PROMPTED,
    KEYS_TALK,
    KEYS_WHISPER,
    KEYS_NOTE,
    KEYS_FLAGS,
    KEYS_TAKE,
    KEYS_DROP,
    KEYS_PLAN,
    KEYS_STRETCH,
    KEYS_PHASE,
    KEYS_FINISH,
    KEYS_DEBRIEF,
    KEYS_PLAY,
    KEYS_SKIP_BACK,
    KEYS_SKIP_ON,
    KEYS_LEAP_BACK,
    KEYS_LEAP_ON,
    KEYS_FASTER,
    KEYS_SLOWER,
    KEYS_TICK_NEXT,
    KEYS_TICK_LAST,
    KEYS_FLAG_NEXT,
    KEYS_FLAG_LAST,
    KEYS_PART_NEXT,
    KEYS_PART_LAST,
    KEYS_JUMP_PART,
    KEYS_JUMP_ITEM,
    KEYS_GO_TIME,
    KEYS_REEL_START,
    KEYS_REEL_END,
    KEYS_TAB_NEXT,
    KEYS_TAB_LAST,
    KEYS_TAB,
    KEYS_CYCLE,
    KEYS_DETAIL,
    KEYS_UP,
    KEYS_DOWN,
    KEYS_PAGE_UP,
    KEYS_PAGE_DOWN,
    KEYS_LOOK_BACK,
    KEYS_LOOK_ON,
    KEYS_LINKS,
    KEYS_CALL,
    KEYS_INVITE,
    KEYS_DEVICE,
    KEYS_DRIVE,
    KEYS_RETAKE,
    KEYS_REDRAW,
    KEYS_HAND,
    KEYS_SWAP,
    KEYS_HELP,
    KEYS_WALL,
    KEYS_SEAL,
    KEYS_EVIDENCE,
    KEYS_BOX_BEGIN,
    KEYS_BOX_WRITE,
    KEYS_BOX_ARROW,
    KEYS_BOX_CARRY,
    KEYS_BOX_DROP,
    KEYS_BOX_PICK,
    KEYS_BOX_STYLE,
    KEYS_BOX_FRAME,
    KEYS_BOX_SPAN,
    KEYS_BOX_WORDS,
    KEYS_BOX_UNDO,
    KEYS_BOX_REDO,
    KEYS_BOX_POINT,
    KEYS_PAPER,
    KEYS_TAKE_FACT,
    KEYS_PAPER_WHOLE,
    KEYS_UNSEEN,
    KEYS_BOARD_SHARE,
    KEYS_BOARD_LEFT,
    KEYS_BOARD_RIGHT,
    KEYS_BOARD_UP,
    KEYS_BOARD_DOWN,
    KEYS_BOARD_LEAVE,
    KEYS_BOARD_WHOLE,
    KEYS_QUIT,
    KEYS_ACTION_COUNT
};

struct key_row {
    enum key_action action;
    int first, last;
    const char *caption, *label, *help;
    unsigned where; /* bits AT_… */
    unsigned who;   /* bits W_… */
};

/* The letters that are put in front of the lines of a pane, in order. */
#define KEYS_LETTERS "acefghijklmrsuvyz"
enum { KEYS_LETTER_COUNT = sizeof KEYS_LETTERS - 1 };

/* The number of the line that a letter stands for (capitals too), or -1. */
int keys_letter_index(int code);
/* The letter of line `index`, or 0 if it has none: then the cursor is the way. */
char keys_letter(int index);

/* The row that a key means there, or NULL. *index: place in the row's range. */
const struct key_row *keys_find(int code, unsigned where, enum role role, int *index);
/* Walks the rows that apply there: *at starts at 0; NULL at the end. */
const struct key_row *keys_next(unsigned where, enum role role, int *at);

#endif
