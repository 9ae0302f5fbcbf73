/* SPDX-License-Identifier: ISC */
/*
 * control_line.c: writing a line: talk, a whisper or a note, and to whom a note goes; the link to a
 * call elsewhere.
 */
#include "client/screen/control_parts.h"

void control_write(struct screen *screen, enum writing writing) {
    screen->writing = writing;
    input_clear(&screen->input);
}

/* The link to a call elsewhere; an empty line takes it away. */
static void send_call(struct screen *screen) {
    struct body body = {.act = ACTION_ROOM_CALL};
    bool none = input_is_empty(&screen->input);
    screen->writing = WRITE_NOTHING;
    if (screen->input.len > ROOM_CALL_MAX_BYTES) {
        control_say(screen, true, "That is too long for a link to a call; nothing was sent.");
        return;
    }
    if (none && control_model(screen)->room.call[0] == '\0') {
        control_say(screen, false, "There is no call that could be taken away.");
        return;
    }
    if (!none) {
        body.has = F(call);
        body.call = (struct span){screen->input.text, (uint32_t)screen->input.len};
    }
    control_send(screen, &body, none ? "Call taken away" : "Call");
}

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
    if (writing == WRITE_CALL) {
        send_call(screen);
        return;
    }
    screen->writing = WRITE_NOTHING;
    if (input_is_empty(&screen->input)) {
        return;
    }
    struct body body = {.has = F(text), .text = {screen->input.text, (uint32_t)screen->input.len}};
    body.act = writing == WRITE_TALK      ? ACTION_TALK_SAY
               : writing == WRITE_WHISPER ? ACTION_TALK_WHISPER
                                          : screen->note_to;
    const char *words = writing == WRITE_TALK      ? "Talk"
                        : writing == WRITE_WHISPER ? "Whisper"
                                                   : "Note";
    control_send(screen, &body, "%s", words);
}

static void next_note_audience(struct screen *screen) {
    bool panel = control_model(screen)->role != ROLE_CANDIDATE;
    screen->note_to = screen->note_to == ACTION_NOTE_MINE
                          ? (panel ? ACTION_NOTE_PANEL : ACTION_NOTE_ALL)
                      : screen->note_to == ACTION_NOTE_PANEL ? ACTION_NOTE_ALL
                                                             : ACTION_NOTE_MINE;
}

void control_write_key(struct screen *screen, int code) {
    enum writing was = screen->writing;
    if (code == CODE_ESCAPE || code == 0x07) {
        screen->writing = WRITE_NOTHING;
        control_say(screen, false, was == WRITE_DRAFT ? "Left as it was." : "Nothing was sent.");
    } else if (code == '\r' || code == '\n') {
        send_line(screen);
    } else if (code == '\t') {
        if (screen->writing == WRITE_NOTE) {
            next_note_audience(screen);
        } else {
            control_board_tab(screen);
        }
    } else if (code == CODE_UP && was == WRITE_PAPER) {
        control_board_earlier(screen);
    } else if (!input_key(&screen->input, code)) {
        control_say(screen, true, "The line is full; send it and begin another.");
    }
}
