/* SPDX-License-Identifier: ISC */
/*
 * control_wall.c: what a key or a click does on the wall.
 *
 * Whether a command is allowed is the room's to say. A line that is written stays with the room for
 * which it was begun, however the rooms move meanwhile.
 */
#include <stdio.h>
#include <string.h>

#include "client/screen/keys.h"
#include "client/screen/wall_screen.h"

static const struct wall_key keys[] = {
    {CODE_UP, 'k', WALL_ACT_UP, "jk", "", "Choose a room; Up and Down do the same"},
    {CODE_DOWN, 'j', WALL_ACT_DOWN, "j", "", ""},
    {CODE_PAGE_UP, 0, WALL_ACT_PAGE_UP, "PgUp PgDn", "", "A page of rooms up or down"},
    {CODE_PAGE_DOWN, ' ', WALL_ACT_PAGE_DOWN, "PgDn", "", ""},
    {CODE_HOME, 'g', WALL_ACT_FIRST, "Home End", "", "The first or the last room"},
    {CODE_END, 'G', WALL_ACT_LAST, "End", "", ""},
    {'\r', '\n', WALL_ACT_OPEN, "Enter", "open",
     "Open the room in full: rubric, prompt, questions, flags, talk; Esc comes back"},
    {'w', 0, WALL_ACT_WHISPER, "w", "whisper",
     "Whisper to the room's interviewers and coaches; the candidate never gets it; Esc leaves the "
     "line to be gone on with, Ctrl-X throws it away"},
    {'n', 0, WALL_ACT_NOTE, "n", "note",
     "Write a note in the room; Tab chooses who gets it: you, the panel, everybody; Esc and Ctrl-X "
     "as "
     "in a whisper"},
    {'!', 'h', WALL_ACT_HAND, "!", "lower hand",
     "Lower the hand that has been up longest in the room"},
    {'m', 0, WALL_ACT_MUTE, "m", "mute", "Let the room's alarms raise it no more, or again"},
    {'x', 0, WALL_ACT_HIDE, "x", "", "Take the room off this wall, till something happens in it"},
    {'c', 0, WALL_ACT_CLOSE, "c", "", "Close a cohort's room that only coaches are in; asks first"},
    {'/', 0, WALL_ACT_FILTER, "/", "filter",
     "Show only rooms in whose names, prompt, phase or alarms a text stands; Esc shows all"},
    {CODE_ESCAPE, 0, WALL_ACT_CLEAR, "Esc", "", "Take the filter away"},
    {0x0c, 0, WALL_ACT_REDRAW, "Ctrl-L", "", "Draw the screen anew"},
    {'?', CODE_F1, WALL_ACT_HELP, "?", "help", "This help"},
    {'q', 0, WALL_ACT_QUIT, "q", "quit", "Leave the wall; asks first, and the rooms go on"},
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

const struct wall_key *control_wall_keys(int *at) {
    return *at < KEY_COUNT ? &keys[(*at)++] : NULL;
}

static enum wall_act act_of(int code) {
    for (int i = 0; i < KEY_COUNT && code != 0; i++) {
        if (keys[i].code == code || keys[i].other == code) {
            return keys[i].act;
        }
    }
    return WALL_ACT_NOTHING;
}

/* ---- the chosen room ---- */

static void choose(struct wall_screen *screen, int row) {
    row = row >= screen->shown_count ? screen->shown_count - 1 : row;
    row = row < 0 ? 0 : row;
    if (screen->shown_count > 0) {
        snprintf(screen->chosen, sizeof screen->chosen, "%s", screen->shown[row]->seat.invite.room);
        screen->cursor_moved = true;
    }
}

static int chosen_row(const struct wall_screen *screen) {
    for (int i = 0; i < screen->shown_count; i++) {
        if (strcmp(screen->shown[i]->seat.invite.room, screen->chosen) == 0) {
            return i;
        }
    }
    return 0;
}

static void move(struct wall_screen *screen, enum wall_act act) {
    int row = chosen_row(screen);
    int page = screen->page > 1 ? screen->page : 1;
    switch (act) {
    case WALL_ACT_UP: choose(screen, row - 1); break;
    case WALL_ACT_DOWN: choose(screen, row + 1); break;
    case WALL_ACT_PAGE_UP: choose(screen, row - page); break;
    case WALL_ACT_PAGE_DOWN: choose(screen, row + page); break;
    case WALL_ACT_FIRST: choose(screen, 0); break;
    default: choose(screen, screen->shown_count - 1); break;
    }
}

/* ---- commands ---- */

static bool send_body(struct wall_screen *screen, struct wall_room *room, const struct body *body,
                      const char *words) {
    struct feed *feed = &room->seat.feed;
    if (!feed->ops->send(feed, body)) {
        wall_screen_say(screen, true, "%s", feed->model.message);
        return false;
    }
    snprintf(screen->last, sizeof screen->last, "%s", words);
    screen->kept_at = screen->mono;
    memcpy(screen->last_room, room->seat.invite.room, sizeof screen->last_room);
    return true;
}

/* The hand that has been up longest: reasons are sorted so. */
static void lower_hand(struct wall_screen *screen, struct wall_room *room) {
    const struct room *state = &room->seat.feed.model.room;
    char words[sizeof screen->last];
    if (room->row.count == 0 || room->row.reasons[0].kind != ATTENTION_HAND) {
        wall_screen_say(screen, false, "Nobody in that room has a hand up.");
        return;
    }
    uint8_t seat = room->row.reasons[0].seat;
    struct body body = {.act = ACTION_HAND_SET, .has = F(on) | F(seat), .on = 0, .seat = seat};
    snprintf(words, sizeof words, "Hand of %s lowered", state->seats[seat].name);
    (void)send_body(screen, room, &body, words);
}

static void mute(struct wall_screen *screen, struct wall_room *room) {
    room->muted = !room->muted;
    room->row.filled = false;
    wall_screen_say(screen, false, "%s",
                    room->muted ? "The room's alarms raise it no more; m again to hear of them."
                                : "The room's alarms raise it again.");
}

static void hide(struct wall_screen *screen, struct wall_room *room) {
    room->hidden = true;
    room->row.filled = false;
    wall_screen_follow(screen);
    wall_screen_say(screen, false,
                    "Off this wall until somebody comes or does something; the room goes on.");
}

static void ask_to_close(struct wall_screen *screen, const struct wall_room *room) {
    const struct room *state = &room->seat.feed.model.room;
    if (state->cohort[0] == '\0' || room_abandoned_at(state) < 0) {
        wall_screen_say(screen, false, "%s",
                        state->cohort[0] == '\0'
                            ? "That room is none of a cohort's: its interviewer closes it."
                            : refusal_sentence(REFUSAL_NOT_EMPTY));
        return;
    }
    memcpy(screen->closing, room->seat.invite.room, sizeof screen->closing);
    screen->asking = true;
}

static struct wall_kept *find_kept(struct wall_screen *screen, enum wall_writing writing,
                                   const char *to) {
    for (int i = 0; i < WALL_KEPT_LINES; i++) {
        if (screen->kept[i].writing == writing && strcmp(screen->kept[i].to, to) == 0) {
            return &screen->kept[i];
        }
    }
    return NULL;
}

/* A place for the line that is being left; that of a room which is gone needs none any more. */
static struct wall_kept *place_kept(struct wall_screen *screen) {
    for (int i = 0; i < WALL_KEPT_LINES; i++) {
        const struct wall_kept *kept = &screen->kept[i];
        if (kept->writing == WALL_WRITE_NOTHING ||
            wall_find(screen->wall, NULL, span_of(kept->to)) == NULL) {
            return &screen->kept[i];
        }
    }
    int next = screen->kept_next;
    screen->kept_next = (next + 1) % WALL_KEPT_LINES;
    return &screen->kept[next];
}

static void begin(struct wall_screen *screen, const struct wall_room *room,
                  enum wall_writing writing) {
    struct wall_kept *again = find_kept(screen, writing, room->seat.invite.room);
    screen->writing = writing;
    memcpy(screen->to, room->seat.invite.room, sizeof screen->to);
    if (again != NULL) {
        screen->input = again->input;
        screen->note_to = writing == WALL_WRITE_NOTE ? again->note_to : screen->note_to;
        again->writing = WALL_WRITE_NOTHING;
    } else {
        input_begin(&screen->input, TEXT_MAX_BYTES, true);
    }
}

static void on_room(struct wall_screen *screen, enum wall_act act) {
    struct wall_room *room = wall_screen_chosen(screen);
    if (room == NULL) {
        wall_screen_say(screen, false, "There is no room to choose.");
        return;
    }
    switch (act) {
    case WALL_ACT_OPEN: screen->enter = room; break;
    case WALL_ACT_WHISPER: begin(screen, room, WALL_WRITE_WHISPER); break;
    case WALL_ACT_NOTE: begin(screen, room, WALL_WRITE_NOTE); break;
    case WALL_ACT_HAND: lower_hand(screen, room); break;
    case WALL_ACT_HIDE: hide(screen, room); break;
    case WALL_ACT_CLOSE: ask_to_close(screen, room); break;
    default: mute(screen, room); break;
    }
}

/* ---- writing ---- */

/* What could not be sent stays in the line. */
static void send_line(struct wall_screen *screen) {
    struct wall_room *room = wall_find(screen->wall, NULL, span_of(screen->to));
    bool whisper = screen->writing == WALL_WRITE_WHISPER;
    if (room == NULL) {
        wall_screen_say(screen, true, "That room has ended meanwhile; nothing was sent.");
        return;
    }
    struct body body = {.act = whisper ? ACTION_TALK_WHISPER : screen->note_to,
                        .has = F(text),
                        .text = input_span(&screen->input)};
    if (send_body(screen, room, &body, whisper ? "Whisper" : "Note")) {
        screen->writing = WALL_WRITE_NOTHING;
    }
}

/* The key that began the line goes on with it, in the same room. */
static void leave_line(struct wall_screen *screen) {
    char key = screen->writing == WALL_WRITE_WHISPER ? 'w' : 'n';
    if (input_is_empty(&screen->input)) {
        wall_screen_say(screen, false, "Nothing was sent.");
    } else {
        struct wall_kept *kept = place_kept(screen);
        *kept = (struct wall_kept){
            .writing = screen->writing, .note_to = screen->note_to, .input = screen->input};
        memcpy(kept->to, screen->to, sizeof kept->to);
        wall_screen_say(
            screen, false,
            "Nothing was sent; %c in this room goes on with it, %c and Ctrl-X throw it away.", key,
            key);
    }
    screen->writing = WALL_WRITE_NOTHING;
}

/* What is too long to send, or was left once, need not be taken apart word by word. */
static void throw_line(struct wall_screen *screen) {
    bool none = input_is_empty(&screen->input);
    screen->writing = WALL_WRITE_NOTHING;
    wall_screen_say(screen, false, none ? "There was nothing to throw away." : "Thrown away.");
}

static void next_note_audience(struct wall_screen *screen) {
    screen->note_to = screen->note_to == ACTION_NOTE_MINE    ? ACTION_NOTE_PANEL
                      : screen->note_to == ACTION_NOTE_PANEL ? ACTION_NOTE_ALL
                                                             : ACTION_NOTE_MINE;
}

static void take_filter(struct wall_screen *screen) {
    memcpy(screen->filter, screen->input.text, screen->input.len);
    screen->filter[screen->input.len] = '\0';
    wall_screen_follow(screen);
    screen->cursor_moved = true;
}

static void write_key(struct wall_screen *screen, int code) {
    enum wall_writing writing = screen->writing;
    bool leaves = code == CODE_ESCAPE || code == 0x07;
    if (leaves || code == CODE_THROW) {
        if (writing == WALL_WRITE_FILTER) {
            screen->writing = WALL_WRITE_NOTHING;
            input_begin(&screen->input, TEXT_MAX_BYTES, false);
            take_filter(screen);
        } else if (leaves) {
            leave_line(screen);
        } else {
            throw_line(screen);
        }
        return;
    }
    if (code == '\r' || (code == '\n' && !screen->input.lines)) {
        if (input_is_too_long(&screen->input)) {
            return; /* the line says that it is */
        }
        if (writing != WALL_WRITE_FILTER && !input_is_empty(&screen->input)) {
            send_line(screen);
        } else {
            screen->writing = WALL_WRITE_NOTHING;
        }
        return;
    }
    if (code == '\t') {
        if (writing == WALL_WRITE_NOTE) {
            next_note_audience(screen);
        }
        return;
    }
    input_key(&screen->input, code);
    if (writing == WALL_WRITE_FILTER) {
        take_filter(screen);
    }
}

void control_wall_paste(struct wall_screen *screen, int code) {
    if (screen->writing == WALL_WRITE_NOTHING) {
        return;
    }
    input_paste(&screen->input, code);
    if (screen->writing == WALL_WRITE_FILTER) {
        take_filter(screen);
    }
}

/* ---- dispatch ---- */

static void help_key(struct wall_screen *screen, int code) {
    if (code == CODE_DOWN || code == CODE_PAGE_DOWN || code == ' ') {
        screen->help_top += code == CODE_DOWN ? 1 : 10;
    } else if (code == CODE_UP || code == CODE_PAGE_UP) {
        screen->help_top -= code == CODE_UP ? 1 : 10;
        screen->help_top = screen->help_top < 0 ? 0 : screen->help_top;
    } else {
        screen->help = false;
        screen->help_top = 0;
    }
}

static void wall_act(struct wall_screen *screen, enum wall_act act) {
    switch (act) {
    case WALL_ACT_UP:
    case WALL_ACT_DOWN:
    case WALL_ACT_PAGE_UP:
    case WALL_ACT_PAGE_DOWN:
    case WALL_ACT_FIRST:
    case WALL_ACT_LAST: move(screen, act); break;
    case WALL_ACT_OPEN:
    case WALL_ACT_WHISPER:
    case WALL_ACT_NOTE:
    case WALL_ACT_HAND:
    case WALL_ACT_HIDE:
    case WALL_ACT_CLOSE:
    case WALL_ACT_MUTE: on_room(screen, act); break;
    case WALL_ACT_FILTER:
        screen->writing = WALL_WRITE_FILTER;
        input_begin(&screen->input, TEXT_MAX_BYTES, false);
        take_filter(screen);
        break;
    case WALL_ACT_CLEAR:
        input_begin(&screen->input, TEXT_MAX_BYTES, false);
        take_filter(screen);
        break;
    case WALL_ACT_REDRAW: screen->redraw = true; break;
    case WALL_ACT_HELP: screen->help = true; break;
    case WALL_ACT_QUIT: screen->asking = true; break;
    case WALL_ACT_NOTHING: break;
    }
}

static void answer(struct wall_screen *screen, bool yes) {
    bool closes = screen->closing[0] != '\0';
    struct wall_room *room =
        closes ? wall_find(screen->wall, NULL, span_of(screen->closing)) : NULL;
    const struct body body = {.act = ACTION_ROOM_CLOSE};
    screen->asking = false;
    screen->closing[0] = '\0';
    if (!closes) {
        screen->quit = yes;
    } else if (yes && room != NULL) {
        (void)send_body(screen, room, &body, "Room closed");
    }
}

void control_wall_key(struct wall_screen *screen, int code) {
    screen->touched = screen->mono;
    screen->said[0] = '\0';
    if (screen->told_at >= 0 && screen->mono - screen->told_at >= WALL_TOLD_LEAST_MS) {
        screen->told[0] = '\0';
    }
    if (screen->help) {
        help_key(screen, code);
    } else if (screen->asking) {
        answer(screen, code == 'y' || code == 'Y');
    } else if (screen->writing != WALL_WRITE_NOTHING) {
        write_key(screen, code);
    } else {
        wall_act(screen, act_of(code));
    }
}

void control_wall_click(struct wall_screen *screen, int x, int y) {
    screen->touched = screen->mono;
    if (screen->help || screen->asking || screen->writing != WALL_WRITE_NOTHING) {
        return;
    }
    for (int i = 0; i < screen->row_count; i++) {
        const struct rect *row = &screen->rows[i];
        if (x < row->x || x >= row->x + row->width || y < row->y || y >= row->y + row->height) {
            continue;
        }
        if (chosen_row(screen) == screen->top + i) {
            screen->enter = wall_screen_chosen(screen);
        } else {
            choose(screen, screen->top + i);
        }
        return;
    }
}

void control_wall_wheel(struct wall_screen *screen, int lines) {
    screen->touched = screen->mono;
    if (screen->help) {
        screen->help_top = screen->help_top + lines > 0 ? screen->help_top + lines : 0;
    } else {
        screen->top = screen->top + lines > 0 ? screen->top + lines : 0; /* drawing bounds it */
    }
}
