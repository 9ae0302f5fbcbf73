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
    ASK_DRIVE     /* give the clock to that seat */
};

/* What the line at the bottom is being written for. */
enum writing {
    WRITE_NOTHING,
    WRITE_TALK,
    WRITE_WHISPER,
    WRITE_NOTE,
    WRITE_DRAFT,
    WRITE_CALL,
    WRITE_BOX,  /* the line of a box */
    WRITE_PAPER /* a requirement or a line of the worksheet */
};

/* What is chosen in the board's pane. */
struct screen_board {
    int col, row;   /* the place with the cursor */
    uint32_t after; /* the box that the next one follows; 0: none */
    uint32_t from;  /* the box that an arrow is being led from */
    uint32_t edits; /* the thing whose words are being written; 0: a new one */
    bool carries;   /* the arrow keys take the box along */
    int kind;       /* of a new line: 0 a requirement, else 1 + enum board_line_style */
    int left;       /* first visible column, where nothing is chosen */
};

enum hit_kind { HIT_TAB, HIT_ROW, HIT_PHASE, HIT_REEL };
struct hit {
    enum hit_kind kind;
    int index;
    struct rect rect; /* of the whole screen */
};
enum { SCREEN_HITS_MAX = 256 };

struct screen {
    struct feed *feed; /* drawing only reads it */
    const struct ui_link *links;
    uint32_t link_count;
    int64_t now;  /* ms of room time; set before each drawing and key */
    int64_t mono; /* the monotonic moment that goes with it, ms */

    enum screen_tab tab;
    int looked_at;         /* phase that the pane shows; -1: the clock's */
    int cursor[TAB_COUNT]; /* line of the pane's list */
    int top[TAB_COUNT];    /* first visible line */
    bool cursor_moved;     /* bring the cursor's line in sight at the next drawing */
    int page;              /* height of the open pane, as last drawn */
    int sheet;             /* first of the sheets beside the panel's that the debrief shows */
    bool detail, help;
    int help_top;
    enum asking asking;
    /* What the key before put in reach of the candidate's screen, and so of this one: a line of
     * pane `armed_tab` (a fact, or an index of pack_question_at), or -1. */
    int armed, confirmed;
    enum screen_tab armed_tab;
    int asked_seat; /* that the question is about */
    enum writing writing;
    enum action note_to; /* ACTION_NOTE_… */
    struct input_line input;
    struct screen_board board;
    struct verdict_draft draft; /* of one's own verdict or rating */
    bool draft_changed;         /* wants it saved */
    int draft_text;             /* which of its texts is being written */
    char said[160];             /* a local notice for the status line */
    bool said_bad;

    uint32_t dropped; /* bit i: the marker of a recording has dropped the pack's suggestion i */

    enum stage stage_seen; /* to open the fitting pane when the stage changes */
    uint8_t phase_seen;

    char last[240];   /* what the last command says, for the status line; "" before the first */
    uint32_t last_id; /* its id */
    bool last_refused;

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
    bool room_named;      /* the header has had room for the room's id */
};

void screen_init(struct screen *screen, struct feed *feed, const struct ui_options *options);
/* Follows changes of stage and phase (opens panes, lets go of a phase looked at). Call before
 * drawing. */
void screen_follow(struct screen *screen);
/* Draws everything. The picture has the terminal's size. */
void screen_draw(struct screen *screen, struct paint *paint);

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
/* The newest fact that was shown and is no requirement yet, or NULL. Borrowed from the room. */
const char *screen_fact(const struct screen *screen);
/* How many lines with a letter the open pane's list has. */
int screen_rows(const struct screen *screen);
/* All links to show, those of the options first. NULL past the end. */
const char *screen_link(const struct screen *screen, uint32_t index, enum role *role);
/* How many there are; none for the candidate. */
int screen_links(const struct screen *screen);
/* Whether a link of the list still lets somebody in. */
enum link_state { LINK_NEW, LINK_USED, LINK_VOID };
enum link_state screen_link_state(const struct screen *screen, const char *text, enum role role);
/* How many seats follow the links in the Room pane's list: those that an interviewer may move or
 * clear; 0 for others. */
int screen_movable_seats(const struct screen *screen);
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
