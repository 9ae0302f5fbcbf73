/* SPDX-License-Identifier: ISC */
/*
 * wall_screen.h: what a coach has in front of them on the wall: the chosen room, the filter, a line
 * being written; and drawing all of it into a picture.
 *
 * A picture is a function of the wall, this state and a moment: nothing here reads a clock or a
 * terminal. A room is remembered by its id, since rooms come and go.
 */
#ifndef SPAR_CLIENT_SCREEN_WALL_SCREEN_H
#define SPAR_CLIENT_SCREEN_WALL_SCREEN_H

#include "client/feed/wall_feed.h"
#include "client/feed/wall_told.h"
#include "client/screen/input_line.h"
#include "client/screen/layout.h"

enum wall_writing { WALL_WRITE_NOTHING, WALL_WRITE_WHISPER, WALL_WRITE_NOTE, WALL_WRITE_FILTER };

struct wall_key {
    int code, other; /* CODE_… or a character; another for the same, or 0 */
    enum wall_act {
        WALL_ACT_NOTHING,
        WALL_ACT_UP,
        WALL_ACT_DOWN,
        WALL_ACT_PAGE_UP,
        WALL_ACT_PAGE_DOWN,
        WALL_ACT_FIRST,
        WALL_ACT_LAST,
        WALL_ACT_OPEN,
        WALL_ACT_WHISPER,
        WALL_ACT_NOTE,
        WALL_ACT_HAND,
        WALL_ACT_MUTE,
        WALL_ACT_HIDE,
        WALL_ACT_CLOSE,
        WALL_ACT_FILTER,
        WALL_ACT_CLEAR,
        WALL_ACT_REDRAW,
        WALL_ACT_HELP,
        WALL_ACT_QUIT
    } act;
    const char *caption, *label; /* for the key line; label "": for the help only */
    const char *help;
};

/* A line that was left before it was sent, and the room that it is for. */
struct wall_kept {
    enum wall_writing writing; /* WALL_WRITE_NOTHING: there is none */
    enum action note_to;       /* of a note: it stays for whom it was written */
    char to[ROOM_ID_BYTES + 1];
    struct input_line input;
};
enum { WALL_KEPT_LINES = 8 };

/* So long what was told from outside is in sight; a key ends only what was for the shorter time. */
enum { WALL_TOLD_MS = 12000, WALL_TOLD_LEAST_MS = 1000 };

struct wall_screen {
    struct wall *wall;
    const char *name;        /* of the coach; borrowed */
    struct wall_state state; /* of the connections; set before drawing */
    int64_t mono;            /* monotonic ms; set before each drawing and key */
    int64_t touched;         /* when a key or click last came */

    char chosen[ROOM_ID_BYTES + 1];
    bool cursor_moved;                       /* bring the chosen row in sight at the next drawing */
    bool help, asking;                       /* asking: whether to quit, or to close a room */
    int top;                                 /* first row in sight */
    int page;                                /* rows in sight, as last drawn */
    struct wall_room *shown[WALL_ROOMS_MAX]; /* that pass the filter, in order */
    int shown_count;

    char closing[ROOM_ID_BYTES + 1]; /* whether to close this room; "": not */
    bool said_bad, quit, redraw;
    int help_top;
    enum wall_writing writing;
    enum action note_to;        /* ACTION_NOTE_… */
    char to[ROOM_ID_BYTES + 1]; /* the room that the line is for */
    struct input_line input;
    struct wall_kept kept[WALL_KEPT_LINES];
    int kept_next; /* which is overwritten if none is free */
    char filter[INPUT_MAX_BYTES + 1];
    char said[WALL_WHY_MAX];
    char told[WALL_TOLD_SIZE]; /* from outside: somebody knocks, a link is withdrawn; "": nothing */
    bool told_bad;
    int64_t told_at; /* monotonic ms from which it has been in sight; -1: not drawn yet */
    char last[96];   /* what the last command says; "" before the first */
    char last_room[ROOM_ID_BYTES + 1];
    int64_t kept_at; /* monotonic ms since when it is no longer on its way */

    struct wall_room *enter; /* wants this room in full */

    struct rect rows[WALL_ROOMS_MAX]; /* of the rows in sight, from shown[top] on */
    int row_count;
    int caret_x, caret_y; /* -1: no text cursor */
};

/* wall and name outlive it. */
void wall_screen_init(struct wall_screen *screen, struct wall *wall, const char *name);
/* Whether a room passes the filter, one that was taken off the wall among them. */
bool wall_screen_matches(const struct wall_screen *screen, const struct wall_room *room);
/* Takes what passes the filter, and chooses a room if none is. After each change of the wall. */
void wall_screen_follow(struct wall_screen *screen);
/* The chosen room, or NULL. */
struct wall_room *wall_screen_chosen(const struct wall_screen *screen);
/* Puts a sentence on the status line until the next key. */
void wall_screen_say(struct wall_screen *screen, bool bad, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same of something that nobody asked for: it stands for WALL_TOLD_MS, also while a line is
 * written, and a key ends it only once it could be read. */
void wall_screen_tell(struct wall_screen *screen, bool bad, const char *text);
/* Lets go of what was told, and of what is kept, if its time is over. Before drawing. */
void wall_screen_foot_follow(struct wall_screen *screen);
/* Draws everything (view_wall.c). */
void wall_screen_draw(struct wall_screen *screen, struct paint *paint);
/* Its foot (view_wall_foot.c): how many lines of the picture `all` what is said, asked or written
 * takes, and drawing it with the keys' line below. */
int view_wall_foot_height(const struct wall_screen *screen, struct area all);
void view_wall_foot(struct wall_screen *screen, struct area area);
/* Real ms until what is shown changes by itself; -1: it does not. */
int64_t wall_screen_next_change(const struct wall_screen *screen);
/* Whether a room has been touched so lately that nothing should move. */
bool wall_screen_holds(const struct wall_screen *screen);

/* Keys and clicks (control_wall.c). */
void control_wall_key(struct wall_screen *screen, int code);
void control_wall_paste(struct wall_screen *screen, int code);
void control_wall_click(struct wall_screen *screen, int x, int y);
void control_wall_wheel(struct wall_screen *screen, int lines);
/* The keys of the wall; *at starts at 0; NULL at the end. */
const struct wall_key *control_wall_keys(int *at);

#endif
