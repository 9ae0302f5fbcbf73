/* SPDX-License-Identifier: ISC */
/*
 * control_line.c: writing a line: talk, a whisper or a note, and to whom a note goes; the link to a
 * call elsewhere.
 */
#include <stdio.h>
#include <string.h>

#include "client/screen/control.h"
#include "client/screen/control_parts.h"
#include "client/screen/views.h"

enum { TIME_BYTES = 16 };

/* How long each may be, and whether it may have several lines. */
static size_t bound_of(enum writing writing) {
    switch (writing) {
    case WRITE_TIME: return TIME_BYTES;
    case WRITE_CALL: return ROOM_CALL_MAX_BYTES;
    case WRITE_BOX: return BOARD_BOX_MAX_BYTES;
    case WRITE_PAPER: return BOARD_LINE_MAX_BYTES;
    default: return TEXT_MAX_BYTES;
    }
}

static bool is_to_people(enum writing writing) {
    return writing == WRITE_TALK || writing == WRITE_WHISPER || writing == WRITE_NOTE;
}

static bool has_lines(enum writing writing) {
    return is_to_people(writing) || writing == WRITE_CHANGE || writing == WRITE_PAPER ||
           writing == WRITE_DRAFT;
}

/* Which of its kind a line is: a line that was left is gone on with there alone. */
static int64_t place_of(const struct screen *screen, enum writing writing) {
    const struct screen_board *at = &screen->board;
    /* Of something new on the board: what it becomes, and where. */
    int place = (at->row * BOARD_COLS_MAX + at->col) * (BEGUN_SPAN + 1) + (int)at->begun;
    switch (writing) {
    case WRITE_DRAFT: return screen->draft_text;
    case WRITE_CHANGE: return screen->note_line;
    case WRITE_PAPER: return at->edits;
    case WRITE_BOX: return at->edits != 0 ? (int64_t)at->edits : -1 - place;
    default: return 0;
    }
}

static struct kept_line *find_kept(struct screen *screen, enum writing writing) {
    int64_t of = place_of(screen, writing);
    for (int i = 0; i < KEPT_LINES; i++) {
        if (screen->kept[i].writing == writing && screen->kept[i].of == of) {
            return &screen->kept[i];
        }
    }
    return NULL;
}

void control_write_anew(struct screen *screen, enum writing writing) {
    screen->writing = writing;
    input_begin(&screen->input, bound_of(writing), has_lines(writing));
}

bool control_write(struct screen *screen, enum writing writing) {
    struct kept_line *kept = find_kept(screen, writing);
    control_write_anew(screen, writing);
    if (kept) {
        screen->input = kept->input;
        screen->board.kind = writing == WRITE_PAPER ? kept->kind : screen->board.kind;
        kept->writing = WRITE_NOTHING;
    }
    return kept != NULL;
}

void control_keep_line(struct screen *screen) {
    struct kept_line *kept = find_kept(screen, screen->writing);
    for (int i = 0; i < KEPT_LINES && !kept; i++) {
        kept = screen->kept[i].writing == WRITE_NOTHING ? &screen->kept[i] : NULL;
    }
    if (!kept) {
        kept = &screen->kept[screen->kept_next];
        screen->kept_next = (screen->kept_next + 1) % KEPT_LINES;
    }
    *kept = (struct kept_line){.writing = screen->writing,
                               .of = place_of(screen, screen->writing),
                               .kind = screen->board.kind,
                               .input = screen->input};
}

void control_forget_line(struct screen *screen) {
    struct kept_line *kept = find_kept(screen, screen->writing);
    if (kept) {
        kept->writing = WRITE_NOTHING;
    }
}

/* The link to a call elsewhere; an empty line takes it away. */
static void send_call(struct screen *screen) {
    struct body body = {.act = ACTION_ROOM_CALL};
    bool none = input_is_empty(&screen->input);
    if (none && control_model(screen)->room.call[0] == '\0') {
        screen->writing = WRITE_NOTHING;
        control_say(screen, false, "There is no call that could be taken away.");
        return;
    }
    if (!none) {
        body.has = F(call);
        body.call = (struct span){screen->input.text, (uint32_t)screen->input.len};
    }
    if (control_send(screen, &body, none ? "Call taken away" : "Call")) {
        screen->writing = WRITE_NOTHING;
    }
}

void control_change_note(struct screen *screen, int row) {
    uint32_t notes[KEYS_LETTER_COUNT];
    const struct model *model = control_model(screen);
    enum action act;
    if (row >= views_own_notes(screen, notes) ||
        !room_note_own(&model->room, model->seat, notes[row], &act, &screen->note_line)) {
        return;
    }
    screen->note_act = act;
    if (!control_write(screen, WRITE_CHANGE)) {
        input_put(&screen->input, model->room.lines[notes[row]].text);
    }
}

/* An empty text strikes the note. */
static void send_change(struct screen *screen) {
    bool strikes = input_is_empty(&screen->input);
    struct body body = {.act = screen->note_act, .has = F(line), .line = screen->note_line};
    if (!strikes) {
        body.has |= F(text);
        body.text = input_span(&screen->input);
    }
    if (control_send(screen, &body, strikes ? "Note struck" : "Note changed")) {
        screen->writing = WRITE_NOTHING;
    }
}

/* What the feed does not take stays in the line. */
static void send_line(struct screen *screen) {
    enum writing writing = screen->writing;
    if (writing == WRITE_BOX || writing == WRITE_PAPER) {
        control_board_line(screen);
        return;
    }
    if (writing == WRITE_DRAFT) {
        control_verdict_text(screen);
        return;
    }
    if (writing == WRITE_TIME) {
        control_replay_time(screen);
        return;
    }
    if (writing == WRITE_CALL) {
        send_call(screen);
        return;
    }
    if (writing == WRITE_CHANGE) {
        send_change(screen);
        return;
    }
    if (input_is_empty(&screen->input)) {
        screen->writing = WRITE_NOTHING;
        return;
    }
    struct body body = {.has = F(text), .text = input_span(&screen->input)};
    body.act = writing == WRITE_TALK      ? ACTION_TALK_SAY
               : writing == WRITE_WHISPER ? ACTION_TALK_WHISPER
                                          : screen->note_to;
    const char *words = writing == WRITE_TALK      ? "Talk"
                        : writing == WRITE_WHISPER ? "Whisper"
                                                   : "Note";
    if (control_send(screen, &body, "%s", words)) {
        screen->writing = WRITE_NOTHING;
    }
}

static void next_note_audience(struct screen *screen) {
    bool panel = control_model(screen)->role != ROLE_CANDIDATE;
    screen->note_to = screen->note_to == ACTION_NOTE_MINE
                          ? (panel ? ACTION_NOTE_PANEL : ACTION_NOTE_ALL)
                      : screen->note_to == ACTION_NOTE_PANEL ? ACTION_NOTE_ALL
                                                             : ACTION_NOTE_MINE;
}

/* What was written to people, or of a text that has a place of its own, is brought back by the key
 * that began it. */
static void leave_line(struct screen *screen) {
    enum writing was = screen->writing;
    bool changes = was == WRITE_DRAFT || was == WRITE_CHANGE;
    bool kept = (is_to_people(was) || changes) && !input_is_empty(&screen->input);
    if (kept) {
        control_keep_line(screen);
    }
    screen->writing = WRITE_NOTHING;
    char words[sizeof screen->said] = "Nothing was sent.";
    if (changes && kept) {
        snprintf(words, sizeof words,
                 "Left as it was; the same letter goes on with the text, Ctrl-X then throws it "
                 "away.");
    } else if (changes || was == WRITE_TIME) {
        snprintf(words, sizeof words, "Left as it was.");
    } else if (kept) {
        int key = was == WRITE_TALK ? 't' : was == WRITE_WHISPER ? 'w' : 'o';
        snprintf(words, sizeof words,
                 "Nothing was sent; %c goes on with it, %c and Ctrl-X throw it away.", key, key);
    }
    control_say(screen, false, words);
}

/* What is too long to send, or was left once, need not be taken apart word by word. */
static void throw_line(struct screen *screen) {
    bool none = input_is_empty(&screen->input);
    screen->writing = WRITE_NOTHING;
    screen->board.from = 0; /* the arrow that a new box was to have */
    control_say(screen, false, none ? "There was nothing to throw away." : "Thrown away.");
}

static void tab(struct screen *screen) {
    if (screen->writing == WRITE_NOTE) {
        next_note_audience(screen);
    } else {
        control_board_tab(screen);
    }
}

void control_write_key(struct screen *screen, int code) {
    bool draws = screen->writing == WRITE_BOX || screen->writing == WRITE_PAPER;
    if (draws && (code == CODE_ESCAPE || code == 0x07)) {
        control_board_escape(screen);
    } else if (draws &&
               (control_board_elsewhere(screen, code) || control_board_complete(screen, code))) {
        screen->said[0] = '\0';
    } else if (code == CODE_ESCAPE || code == 0x07) {
        leave_line(screen);
    } else if (code == CODE_THROW) {
        throw_line(screen);
    } else if (code == '\r' || (code == '\n' && !screen->input.lines)) {
        if (!input_is_too_long(&screen->input)) { /* the line says that it is */
            send_line(screen);
        }
    } else if (code == '\t') {
        tab(screen);
    } else if (code == CODE_UP && screen->writing == WRITE_PAPER &&
               !strchr(screen->input.text, '\n')) {
        control_board_earlier(screen);
    } else {
        input_key(&screen->input, code);
    }
}

void control_paste(struct screen *screen, int code) {
    if (screen->writing != WRITE_NOTHING) {
        input_paste(&screen->input, code);
    } else if (!screen->help && screen->asking == ASK_NOTHING) {
        control_say(screen, false, "Pasted text is no key; begin with t or o, then paste.");
    }
}
