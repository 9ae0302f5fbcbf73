/* SPDX-License-Identifier: ISC */
/*
 * screen.h: what a person has open, and drawing all of it into a picture.
 *
 * A picture is a function of the feed's model, this state and a moment: nothing here reads a clock
 * or a terminal, so the golden tests draw any state at any size. Drawing also notes where the mouse
 * can click (hits) and clamps cursors and scroll positions to what there is.
 */
#ifndef SPAR_CLIENT_SCREEN_SCREEN_H
#define SPAR_CLIENT_SCREEN_SCREEN_H

#include "client/feed/feed.h"
#include "client/screen/heard.h"
#include "client/screen/input_line.h"
#include "client/screen/keys.h"
#include "client/screen/layout.h"
#include "client/screen/ui.h"
#include "client/store/draft_file.h"

enum screen_tab {
    TAB_RUBRIC, /* a candidate's own sheet has this tab too */
    TAB_PROMPT,
    TAB_QUESTIONS,
    TAB_FLAGS,
    TAB_BOARD, /* and the worksheet */
    TAB_TALK,
    TAB_ROOM,
    TAB_PREPARE, /* the panel's, before the start */
    TAB_DEBRIEF,
    TAB_VERDICT,
    TAB_COUNT
};

/* A question that waits for y or n. */
enum asking {
    ASK_NOTHING,
    ASK_START,
    ASK_FINISH,
    ASK_UNFINISH,
    ASK_DEBRIEF,
    ASK_CLOSE,
    ASK_QUIT,
    ASK_SWAP,     /* ask the other side to turn the roles */
    ASK_AGREE,    /* the other side has asked: y or n is the answer, all else leaves it open */
    ASK_UNTURN,   /* take back what one has said */
    ASK_GIVE,     /* hand in the verdict or rating */
    ASK_VERDICTS, /* open all verdicts now */
    ASK_INVITE,   /* waits for i, c or k: the role */
    ASK_SEAT,     /* waits for m or o: what becomes of somebody's seat */
    ASK_MOVE,     /* move it to a new link */
    ASK_OUT,      /* put somebody out */
    ASK_DRIVE,    /* give the clock to that seat */
    ASK_DEVICE    /* end the device that speaks for this seat */
};

/* What the line at the bottom is being written for. */
enum writing {
    WRITE_NOTHING,
    WRITE_TALK,
    WRITE_WHISPER,
    WRITE_NOTE,
    WRITE_CHANGE, /* an own note anew */
    WRITE_DRAFT,
    WRITE_CALL,
    WRITE_BOX,   /* the words of something on the board */
    WRITE_PAPER, /* a requirement or a line of the worksheet */
    WRITE_TIME   /* the time that a replay is to go to */
};

/* What is begun by writing on the board. */
enum board_begun { BEGUN_BOX, BEGUN_WORDS /* without a border */, BEGUN_FRAME, BEGUN_SPAN };
/* What the arrow keys do with what is chosen. */
enum board_hold { HOLD_NOTHING, HOLD_CARRY, HOLD_STRETCH };

/* What is chosen in the board's pane. */
struct screen_board {
    int col, row;           /* the place with the cursor */
    uint32_t picked;        /* an arrow, a frame or a span; 0: what the place has */
    uint32_t from;          /* the box that an arrow is being led from; 0: none */
    uint32_t edits;         /* the thing whose words are being written; 0: a new one */
    enum board_begun begun; /* what a new one becomes */
    enum board_hold hold;
    bool paper;        /* the worksheet takes the whole pane */
    int paper_top;     /* its first visible line */
    int kind;          /* of a new line: 0 a requirement, else 1 + enum board_line_style */
    int left;          /* first visible column of units */
    int box;           /* how wide boxes are, as last drawn */
    struct rect drawn; /* where the board is, of the whole screen, as last drawn */
};

/* What a key has chosen, and the same key again or Enter sends. */
enum chosen_kind { CHOSEN_NOTHING, CHOSEN_FACT, CHOSEN_QUESTION, CHOSEN_PHASE };
struct chosen {
    enum chosen_kind kind;
    int index;      /* of the pack: a fact, pack_question_at, a phase */
    char key;       /* that chose it */
    uint32_t moves; /* the clock's, as they stood then */
};

/* What is asked for twice, and whether the second press is one of its own (control_twice.c). */
struct screen_twice {
    struct chosen armed;  /* by the last key */
    struct chosen before; /* by the one before that, while a key is looked at */
    struct chosen due;    /* asked for twice: goes out unless the key turns out to be held */
    int64_t due_at;       /* monotonic ms */
    int code;             /* the last key, and when it came */
    int64_t code_at;
    char stepped; /* the last key that moved the clock by one phase, and when */
    int64_t stepped_at;
};

/* A line that was left before it was sent (control_line.c). */
struct kept_line {
    enum writing writing; /* WRITE_NOTHING: there is none */
    int64_t of;           /* which of its kind */
    int kind;             /* of a line of the worksheet, as screen_board.kind */
    struct input_line input;
};
enum { KEPT_LINES = 4 };

enum hit_kind { HIT_TAB, HIT_ROW, HIT_PHASE, HIT_REEL, HIT_BOARD };
struct hit {
    enum hit_kind kind;
    int index;
    struct rect rect; /* of the whole screen */
};
enum { SCREEN_HITS_MAX = 256, SCREEN_ROOM_ROWS_MAX = 2 * FEED_LINKS_MAX + ROOM_SEATS_MAX };

/* So long a sentence of the line of state is in sight, unless a key or a newer one ends it; of the
 * model's a key ends only what was in sight for the shorter time. */
enum { SCREEN_FOOT_MS = 12000, SCREEN_FOOT_LEAST_MS = 1000 };

struct screen {
    struct feed *feed; /* drawing only reads it */
    const struct ui_link *links;
    uint32_t link_count;
    int64_t now;  /* ms of room time; set before each drawing and key */
    int64_t mono; /* the monotonic moment that goes with it, ms */

    enum screen_tab tab;
    enum screen_tab tab_before; /* that the board was opened from */
    int looked_at;              /* phase that the pane shows; -1: the clock's */
    int cursor[TAB_COUNT];      /* line of the pane's list */
    int top[TAB_COUNT];         /* first visible line */
    int page;                   /* height of the open pane, as last drawn */
    int sheet;                  /* first of the sheets beside the panel's that the debrief shows */
    bool cursor_moved;          /* bring the cursor's line in sight at the next drawing */
    bool detail, help;
    bool device; /* the link for another device is shown */
    int help_top;
    enum asking asking;
    struct screen_twice twice;
    int asked_seat;                          /* that the question is about */
    int16_t room_rows[SCREEN_ROOM_ROWS_MAX]; /* of the Room pane's list (room_rows.c) */
    int room_row_count;
    enum writing writing;
    enum action note_to;  /* ACTION_NOTE_… */
    enum action note_act; /* of the own note that is being changed: ACTION_NOTE_…_SET */
    int64_t note_line;    /* its `line` */
    struct input_line input;
    struct screen_board board;
    struct screen_heard heard;
    struct verdict_draft draft; /* of one's own verdict or rating */
    bool draft_changed;         /* wants it saved */
    int draft_text;             /* which of its texts is being written */
    struct kept_line kept[KEPT_LINES];
    int kept_next;    /* which is overwritten if none is free */
    char said[160];   /* a local notice for the status line */
    uint32_t dropped; /* bit i: the marker of a recording has dropped the pack's suggestion i */

    enum stage stage_seen; /* to open the fitting pane when the stage changes */
    uint32_t last_id;      /* of the last command */
    char last[240];        /* what it says, for the status line; "" before the first */
    bool last_refused, said_bad;
    int64_t said_at, message_at, news_at; /* monotonic ms from which it has been in sight */
    int64_t kept_at;                      /* the same, of "kept" and the last command */
    bool foot_hidden;                     /* at the last drawing */
    uint32_t message_seen;                /* the model's message_n by then */
    uint8_t phase_seen;
    bool room_named; /* the header has had room for the room's id */

    int speed_num, speed_den;   /* of a recording, before it was paused */
    bool inside;                /* was opened from the wall, so that Esc goes back */
    bool quit, back;            /* wants to leave; to go back, not away */
    bool again;                 /* to take the seat back */
    bool plain_links;           /* wants the links as plain lines */
    bool redraw;                /* wants the terminal cleared first */
    char copied[FEED_LINK_MAX]; /* wants this in the terminal's clipboard; "" if nothing */

    struct hit hits[SCREEN_HITS_MAX];
    int hit_count;
    int caret_x, caret_y; /* -1: no text cursor */
    uint32_t turn_tried;  /* the agreement (room_turn.n) that the second half was opened for */
};

void screen_init(struct screen *screen, struct feed *feed, const struct ui_options *options);
/* Follows changes of stage and phase (opens panes, lets go of a phase looked at). Call before
 * drawing. */
void screen_follow(struct screen *screen);
/* Draws everything. The picture has the terminal's size. */
void screen_draw(struct screen *screen, struct paint *paint);

/* Whether a sentence of the line of state would be seen now: a question stands in its place, and
 * beside a text that is being written there is only a fault. */
bool screen_foot_is_seen(const struct screen *screen, bool bad);
/* Lets go of what has been in sight for its time; part of screen_follow. */
void screen_foot_follow(struct screen *screen);
/* The moment (room time) at which a sentence goes, or what was asked for twice goes out; -1: none
 * waits. */
int64_t screen_foot_change(const struct screen *screen);
/* Where the room stands, for keys.h: one bit AT_…. */
unsigned screen_where(const struct screen *screen);
/* The phase that the pane shows. */
int screen_phase(const struct screen *screen);
/* Whether this role and stage have the tab. */
bool screen_has_tab(const struct screen *screen, enum screen_tab tab);
/* Item indexes of a phase in order; returns how many. out: PACK_ITEMS_MAX. */
int screen_items(const struct screen *screen, int phase, int *out);
/* The same as a sheet lists them: then those of earlier phases that are marked late. */
int screen_sheet_items(const struct screen *screen, int phase, int *out);
/* The things that the board's pane lists: requirements, then lines; how many. */
enum { SCREEN_PAPER_MAX = BOARD_REQS_MAX + BOARD_LINES_MAX };
int screen_paper(const struct screen *screen, uint32_t out[SCREEN_PAPER_MAX]);
/* The box in the place with the cursor; 0: there is none. */
uint32_t screen_box(const struct screen *screen);
/* What is picked, while it is shown, else that box; NULL: neither. */
const struct board_thing *screen_chosen(const struct screen *screen);
/* Whether it is a box that is being written, and no free words, frame, span or label. */
bool screen_writes_box(const struct screen *screen);
/* What can be picked next in the place with the cursor: arrows of its box, then frames and spans
 * over it; 0: the last one is picked, or there is none. */
uint32_t screen_pick(const struct screen *screen);
/* Whether one may point at what is on the board, and no more. */
bool screen_points(const struct screen *screen);
/* The newest fact that was shown and is no requirement yet, or NULL. Borrowed from the room. */
const char *screen_fact(const struct screen *screen);
/* How many lines with a letter the open pane's list has. */
int screen_rows(const struct screen *screen);
/* Whether a recording stands at its end, so that it can only be played again. */
bool screen_replay_is_over(const struct screen *screen);
/* All links to show, those of the options first. NULL past the end. */
const char *screen_link(const struct screen *screen, uint32_t index, enum role *role);
/* How many there are; none for the candidate. */
int screen_links(const struct screen *screen);
/* Whether a link of the list still lets somebody in. */
enum link_state { LINK_NEW, LINK_USED, LINK_VOID };
enum link_state screen_link_state(const struct screen *screen, const char *text, enum role role);
/* How many seats are in the Room pane's list: those that an interviewer may move or
 * clear; 0 for others. */
int screen_movable_seats(const struct screen *screen);
/* The rows of that list (room_rows.c). Follows what is added; a list that is not open is forgotten.
 * Before drawing and before a row is chosen. */
void room_rows_follow(struct screen *screen);
/* The row of a link or a seat; one that has no letter if it is not in the list. */
int room_row_of_link(const struct screen *screen, int link);
int room_row_of_seat(const struct screen *screen, int seat);
/* The link, or the seat that may be moved, of a row; -1: none. */
int room_row_link(const struct screen *screen, int row);
int room_row_seat(const struct screen *screen, int row);
/* Name of an author: a seat's, or "the server". Borrowed from the model. */
const char *screen_name(const struct screen *screen, uint8_t seat);
/* Where the pointer is: the last hit drawn there, or NULL. */
const struct hit *screen_hit(const struct screen *screen, int x, int y);
/* What the rules suggest to this screen's person: an index into the pack's, or -1; *more: how many
 * beside it. */
int screen_suggested(const struct screen *screen, int *more);
/* Ms of room time until the shown clock's next full second or the next alarm; -1 while nothing
 * moves. */
int64_t screen_next_change(const struct screen *screen);

#endif
