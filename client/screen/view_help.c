/* SPDX-License-Identifier: ISC */
/*
 * view_help.c: the page of help, from keys.def, and the line of state: a question, what is being
 * written, what became of the last command. The line of keys below it is view_keys.c.
 */
#include "client/screen/key_use.h"
#include "client/screen/views.h"

#include <stdio.h>
#include <string.h>

/* ---- the state of the last command ---- */

/* What becomes of somebody's seat, and who is cut off by it. */
static const char *seat_question(const struct screen *screen, char *out, size_t size) {
    const struct room *room = &screen->feed->model.room;
    const struct room_seat *seat = &room->seats[screen->asked_seat];
    const char *name = screen_name(screen, (uint8_t)screen->asked_seat);
    if (screen->asking == ASK_SEAT) {
        snprintf(out, size, "%s (%s)?", name, role_name(seat->role));
    } else if (screen->asking == ASK_DRIVE && screen->asked_seat == screen->feed->model.seat) {
        snprintf(out, size, "Take the clock over from %s? Both stay interviewers.",
                 screen_name(screen, (uint8_t)room_driver(room)));
    } else if (screen->asking == ASK_DRIVE) {
        snprintf(out, size, "Hand the clock to %s? Both stay interviewers.", name);
    } else if (screen->asking == ASK_OUT) {
        snprintf(out, size, "Put %s out? Only a new link lets them in again.", name);
    } else {
        snprintf(out, size, "Move the seat of %s? %s.", name,
                 seat->hold == HOLD_MOVED ? "The link before this one is void then"
                                          : "The key that has it is cut off");
    }
    return out;
}

static const char *question_words(const struct screen *screen, char *out, size_t size) {
    switch (screen->asking) {
    case ASK_START: return "Start the interview and its clock now?";
    case ASK_FINISH: return "Finish the interview? The clock stops.";
    case ASK_UNFINISH: return "Take the finish back? The clock goes on as it was.";
    case ASK_DEBRIEF: return "Open the debrief? All see the sheets, panel notes and flags.";
    case ASK_CLOSE: return "Close the room for good?";
    case ASK_QUIT: return "Leave? The room is kept, and you can come back.";
    case ASK_SWAP:
        return screen->feed->model.room.opened
                   ? "Ask to turn the roles? All go on to a second half."
                   : "Ask to turn the roles? No debrief: sheets and notes stay closed.";
    case ASK_AGREE:
        return screen->feed->model.room.opened ? "Turn the roles? All go on to a second half."
                                               : "Turn the roles? Sheets and notes stay closed.";
    case ASK_UNTURN: return "Take it back that you want the roles turned?";
    case ASK_GIVE: return "Hand it in, for good?";
    case ASK_VERDICTS: return "Open all that was handed in, without waiting?";
    case ASK_INVITE: return "A link for whom?";
    case ASK_DEVICE: return "Have your other device hang up? A new link brings it back.";
    case ASK_SEAT:
    case ASK_MOVE:
    case ASK_OUT:
    case ASK_DRIVE: return seat_question(screen, out, size);
    case ASK_NOTHING: break;
    }
    return "";
}

static const char *question_answers(const struct screen *screen) {
    return screen->asking == ASK_INVITE  ? "i interviewer  c candidate  k coach  Esc nobody"
           : screen->asking == ASK_SEAT  ? "m move to a new link  o put out  Esc nothing"
           : screen->asking == ASK_AGREE ? "y agree  n decline  Esc later"
                                         : "y yes  n no";
}

enum { QUESTION_SIZE = NAME_MAX_BYTES + 96 };

static void whole_question(const struct screen *screen, char out[QUESTION_SIZE]) {
    const struct model *model = &screen->feed->model;
    char made[QUESTION_SIZE];
    snprintf(out, QUESTION_SIZE, "%s", question_words(screen, made, sizeof made));
    if (screen->asking == ASK_DEBRIEF && model->sheet_items > 0) {
        snprintf(out, QUESTION_SIZE, "Open the debrief? The own sheet has %lld of %lld marked.",
                 (long long)model->sheet_marked, (long long)model->sheet_items);
    }
}

/* The answers stand behind the question, or under it. */
static bool answers_fit(const char *words, const char *answers, int width) {
    return 1 + text_columns(span_of(words)) + 2 + (int)strlen(answers) + 1 <= width;
}

static int question_height(const struct screen *screen, int width) {
    char words[QUESTION_SIZE];
    whole_question(screen, words);
    return answers_fit(words, question_answers(screen), width) ? 1 : flow_rows(words, width) + 1;
}

static void draw_question(struct screen *screen, struct area area) {
    char words[QUESTION_SIZE];
    const char *answers = question_answers(screen);
    whole_question(screen, words);
    if (area.height == 1) {
        int room = area.width - (int)strlen(answers) - 4;
        int x = 1 + area_cut(area, 1, 0, room, STYLE_HALF, words);
        area_text(area, x + 2, 0, STYLE_KEY, answers);
    } else {
        area_rows(area_part(area, 0, 0, area.width, area.height - 1), STYLE_HALF, words);
        area_text(area, 1, area.height - 1, STYLE_KEY, answers);
    }
}

static const char *board_words(const struct screen *screen) {
    static const char *const begun[] = {"Box (Tab: next sign):", "Words:", "Frame:", "Span:"};
    const struct board_thing *thing =
        board_find(drawing_shown(&screen->feed->model), screen->board.edits);
    int kind = thing ? thing->kind : -1;
    return kind == BOARD_ARROW                             ? "Label of the arrow (empty: none):"
           : kind == BOARD_FRAME                           ? begun[BEGUN_FRAME]
           : kind == BOARD_SPAN                            ? begun[BEGUN_SPAN]
           : kind == BOARD_BOX && thing->style == BOX_TEXT ? begun[BEGUN_WORDS]
           : kind == BOARD_BOX                             ? begun[BEGUN_BOX]
                                                           : begun[screen->board.begun];
}

static const char *writing_words(const struct screen *screen) {
    if (screen->writing == WRITE_TALK) {
        return "Say to everybody:";
    }
    if (screen->writing == WRITE_BOX) {
        return board_words(screen);
    }
    if (screen->writing == WRITE_PAPER) {
        static const char *const kinds[] = {
            "Requirement (Tab):", "Line (Tab):", "Parked (Tab):", "Scratch (Tab):"};
        return kinds[screen->board.kind % 4];
    }
    if (screen->writing == WRITE_DRAFT) {
        return "For the draft:";
    }
    if (screen->writing == WRITE_TIME) {
        return "Go to, as 12:05:";
    }
    if (screen->writing == WRITE_CALL) {
        return "Link of a call (empty: none):";
    }
    if (screen->writing == WRITE_WHISPER) {
        return "Whisper to the panel:";
    }
    if (screen->writing == WRITE_CHANGE) {
        return "The note anew (empty: struck):";
    }
    switch (screen->note_to) {
    case ACTION_NOTE_PANEL: return "Note for the panel (Tab):";
    case ACTION_NOTE_ALL: return "Note for everybody (Tab):";
    default: return "Note for yourself (Tab):";
    }
}

/* "on its way… Volume: raised", then "kept Volume: raised". Returns where it ends. */
static int draw_last(struct screen *screen, struct area area) {
    const struct model *model = &screen->feed->model;
    uint32_t waiting = model->pending_count;
    if (waiting == 0 && (screen->last[0] == '\0' || screen->last_refused)) {
        return 0;
    }
    enum style style = waiting > 0 ? STYLE_HALF : STYLE_GOOD;
    const char *ellipsis = theme_sign(SIGN_WAITING, area.paint->ascii);
    int x = 1;
    x += area_sign(area, x, 0, style, waiting > 0 ? SIGN_WAITING : SIGN_KEPT) + 1;
    if (waiting == 0) {
        x += area_text(area, x, 0, style, "kept");
    } else if (model->connection != CONNECTION_LIVE) {
        x += area_print(area, x, 0, style, "%u wait%s for the connection", waiting,
                        waiting == 1 ? "s" : "");
    } else if (waiting == 1) {
        x += area_print(area, x, 0, style, "on its way%s", ellipsis);
    } else {
        x += area_print(area, x, 0, style, "%u on their way%s", waiting, ellipsis);
    }
    return x + 2 + area_cut(area, x + 2, 0, area.width - x - 3, STYLE_PLAIN, screen->last);
}

/* The room's id, if the header had no place for it and here is some. */
static void draw_room_id(const struct screen *screen, struct area area, int from) {
    const char *id = screen->feed->model.room_id;
    int needed = 5 + ROOM_ID_BYTES;
    if (!screen->room_named && id[0] && from + 2 + needed < area.width) {
        area_print(area, area.width - 1 - needed, 0, STYLE_FAINT, "room %s", id);
    }
}

/* What is open between the two about turning the roles; "" if nothing is. */
static void turn_words(const struct screen *screen, char *out, size_t size) {
    const struct model *model = &screen->feed->model;
    const struct room *room = &model->room;
    bool agreed = room_turn_is_agreed(room);
    out[0] = '\0';
    if (screen->feed->is_recording || !room_turn_wants(room, model->seat)) {
        if (!screen->feed->is_recording && room_turn_may_agree(room, model->seat)) {
            snprintf(out, size, "%s asks to turn the roles; T answers.",
                     room->seats[room->turn.by].name);
        }
    } else if (agreed && model->role == ROLE_CANDIDATE && model->swap_id == 0) {
        snprintf(out, size, "Both have agreed; T opens the second half.");
    } else if (room->next[0] == '\0' && model->swap_id == 0) {
        snprintf(out, size, "%s",
                 agreed ? "Both have agreed to turn the roles."
                        : "Asked to turn the roles; the other has to agree.");
    }
}

/* The newest sentence for this person; "" if there is none. turn: place for one of ours. */
enum { TURN_SIZE = NAME_MAX_BYTES + 64 };
static const char *sentence(const struct screen *screen, char turn[TURN_SIZE], bool *bad) {
    const struct model *model = &screen->feed->model;
    bool local = screen->said[0] != '\0';
    *bad = true;
    if (model->news[0]) {
        return model->news;
    }
    *bad = local ? screen->said_bad : model->message_bad;
    if (local || model->message[0]) {
        return local ? screen->said : model->message;
    }
    turn_words(screen, turn, TURN_SIZE);
    *bad = false;
    return turn;
}

/* While something is written a fault alone is said, above it. */
static const char *fault(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    return model->news[0]                        ? model->news
           : screen->said[0] && screen->said_bad ? screen->said
           : model->message_bad                  ? model->message
                                                 : "";
}

static int writing_height(const struct screen *screen, int width, int most) {
    int head = 2 + text_columns(span_of(writing_words(screen)));
    const char *words = fault(screen);
    int above = words[0] && most > 1 ? flow_rows(words, width) : 0;
    above = above < most ? above : most - 1;
    return above + input_height(&screen->input, head, width, most - above);
}

int views_status_height(const struct screen *screen, int width, int most) {
    char turn[TURN_SIZE];
    bool bad;
    int rows = screen->asking != ASK_NOTHING      ? question_height(screen, width)
               : screen->writing != WRITE_NOTHING ? writing_height(screen, width, most)
                                                  : flow_rows(sentence(screen, turn, &bad), width);
    return rows < most ? rows : most;
}

static void draw_writing(struct screen *screen, struct area area) {
    int head = 2 + text_columns(span_of(writing_words(screen)));
    const char *words = fault(screen);
    int above = words[0] ? flow_rows(words, area.width) : 0;
    above = above < area.height ? above : area.height - 1;
    area_rows(area_part(area, 0, 0, area.width, above), STYLE_BAD, words);
    struct area line = area_part(area, 0, above, area.width, area.height - above);
    area_text(line, 1, 0, STYLE_HALF, writing_words(screen));
    input_draw(&screen->input, line, head, &screen->caret_x, &screen->caret_y);
    screen->caret_x += line.x;
    screen->caret_y += line.y;
}

/* News stands at the right; where both do not fit, it goes before the state. */
static void draw_state(struct screen *screen, struct area area) {
    const struct model *model = &screen->feed->model;
    char turn[TURN_SIZE];
    bool bad;
    const char *text = sentence(screen, turn, &bad);
    enum style style = bad ? STYLE_BAD : STYLE_PLAIN;
    int columns = text_columns(span_of(text));
    struct area left = area;
    left.width -= columns > 0 ? columns + 2 : 0;
    if (columns == 0) {
        draw_room_id(screen, area, draw_last(screen, left));
    } else if (left.width < 30 && !model->news[0] && model->pending_count > 0 &&
               model->connection != CONNECTION_LIVE) {
        (void)draw_last(screen, area); /* the header says that it is cut off */
    } else if (left.width >= 30) {
        if (text != turn || model->pending_count > 0) { /* it says what the last command was */
            (void)draw_last(screen, left);
        }
        area_right(area_part(area, 0, 0, area.width - 1, 1), 0, style, text);
    } else {
        area_rows(area, style, text);
    }
}

void view_status(struct screen *screen, struct area area) {
    if (screen->asking != ASK_NOTHING) {
        draw_question(screen, area);
    } else if (screen->writing != WRITE_NOTHING) {
        draw_writing(screen, area);
    } else {
        draw_state(screen, area);
    }
}

/* ---- the page ---- */

static void flow_key(const struct screen *screen, struct flow *flow, const struct key_row *row) {
    char front[32], caption[KEY_CAPTION_SIZE];
    snprintf(front, sizeof front, "%-11s", key_use_caption(screen, row, caption));
    flow_item(flow, 0, STYLE_KEY, front, STYLE_PLAIN, key_use_help(screen, row));
}

static void flow_signs(struct flow *flow, bool ascii) {
    static const struct {
        enum sign sign;
        enum style style;
        const char *text;
    } rows[] = {
        {SIGN_NOT_YET, STYLE_FAINT, "not yet"},
        {SIGN_PROMPTED, STYLE_HALF, "prompted: the interviewer had to ask"},
        {SIGN_RAISED, STYLE_GOOD, "raised: the candidate brought it up"},
        {SIGN_WAITING, STYLE_HALF, "on its way; without it, it is kept on the server's disk"},
        {SIGN_FLAG, STYLE_BAD, "a red flag or mistake"},
        {SIGN_ALARM, STYLE_BAD, "an alarm of the clock"},
    };
    flow_blank(flow);
    flow_text(flow, 0, STYLE_TITLE, "Signs");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char front[32];
        snprintf(front, sizeof front, "%s%10s", theme_sign(rows[i].sign, ascii), "");
        flow_item(flow, 0, rows[i].style, front, STYLE_PLAIN, rows[i].text);
    }
}

void view_help(struct screen *screen, struct area area) {
    struct area inner = area_part(area, 2, 1, area.width - 4, area.height - 2);
    inner.width = inner.width > 88 ? 88 : inner.width;
    struct flow flow = flow_begin(inner, screen->help_top);
    flow_text(&flow, 0, STYLE_TITLE, "Keys here and now (any other key goes back)");
    flow_blank(&flow);
    int at = 0;
    unsigned where = screen_where(screen);
    for (const struct key_row *row;
         (row = keys_next(where, screen->feed->model.role, &at)) != NULL;) {
        if (key_use_help(screen, row)) {
            flow_key(screen, &flow, row);
        }
    }
    flow_signs(&flow, area.paint->ascii);
    int max = flow_top_max(&flow);
    if (screen->help_top > max) {
        screen->help_top = max;
    }
    if (flow.line - flow.top > inner.height) {
        area_text(area, 2, area.height - 1, STYLE_FAINT, "more: Down, PgDn");
    }
}
