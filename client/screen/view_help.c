/* SPDX-License-Identifier: ISC */
/*
 * view_help.c: the line of keys and the page of help, both from keys.def; the line of state above
 * them.
 */
#include "client/screen/key_use.h"
#include "client/screen/views.h"

#include <stdio.h>
#include <string.h>

/* ---- the line of keys ---- */

static int key_columns(const char *caption, const char *label) {
    return (int)(strlen(caption) + 1 + strlen(label) + 2);
}

static int draw_key(struct area area, int x, int y, const char *caption, const char *label) {
    x += area_text(area, x, y, STYLE_KEY, caption) + 1;
    return x + area_text(area, x, y, STYLE_PLAIN, label) + 2;
}

/* The keys that the line always ends with, however narrow: another pane, out, and help for the
 * rest. */
enum { LAST_MAX = 3, LAST_ALL_FROM = 70 };
struct last_keys {
    const struct key_row *rows[LAST_MAX];
    int count, columns; /* without a gap at the end */
};

static bool is_last(enum key_action action, int width) {
    return action == KEYS_HELP ||
           (width >= LAST_ALL_FROM && (action == KEYS_TAB_NEXT || action == KEYS_QUIT));
}

static struct last_keys find_last(const struct screen *screen, int width) {
    struct last_keys last = {.columns = -2};
    const struct key_row *help = NULL;
    enum role role = screen->feed->model.role;
    int at = 0;
    for (const struct key_row *row; (row = keys_next(screen_where(screen), role, &at)) != NULL;) {
        if (!key_use_works(screen, row)) {
            continue;
        }
        if (row->action == KEYS_HELP) {
            help = row;
        } else if (is_last(row->action, width) && row->label[0] && last.count < LAST_MAX - 1) {
            last.rows[last.count++] = row;
        }
    }
    if (help) {
        last.rows[last.count++] = help;
    }
    for (int i = 0; i < last.count; i++) {
        last.columns += key_columns(last.rows[i]->caption, last.rows[i]->label);
    }
    return last;
}

void view_keys(struct screen *screen, struct area area) {
    enum role role = screen->feed->model.role;
    unsigned where = screen_where(screen);
    struct last_keys last = find_last(screen, area.width);
    int bottom = area.height - 1;
    int x = 1, y = 0, at = 0;
    for (const struct key_row *row; (row = keys_next(where, role, &at)) != NULL;) {
        const char *label = key_use_label(screen, row);
        if (!label || is_last(row->action, area.width)) {
            continue;
        }
        char buffer[KEY_CAPTION_SIZE];
        const char *caption = key_use_caption(screen, row, buffer);
        int columns = key_columns(caption, label);
        if (y < bottom && x + columns > area.width) {
            y++;
            x = 1;
        }
        if (x + columns + (y == bottom ? last.columns : 0) <= area.width) {
            x = draw_key(area, x, y, caption, label);
        }
    }
    if (y < bottom && x + last.columns > area.width) {
        y++;
        x = 1;
    }
    for (int i = 0; i < last.count; i++) {
        x = draw_key(area, x, y, last.rows[i]->caption, last.rows[i]->label);
    }
}

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
    case ASK_SEAT:
    case ASK_MOVE:
    case ASK_OUT:
    case ASK_DRIVE: return seat_question(screen, out, size);
    case ASK_NOTHING: break;
    }
    return "";
}

static void draw_question(struct screen *screen, struct area area) {
    const char *answers =
        screen->asking == ASK_INVITE  ? "i interviewer  c candidate  k coach  Esc nobody"
        : screen->asking == ASK_SEAT  ? "m move to a new link  o put out  Esc nothing"
        : screen->asking == ASK_AGREE ? "y agree  n decline  Esc later"
                                      : "y yes  n no";
    int needed = (int)strlen(answers) + 3;
    const struct model *model = &screen->feed->model;
    char words[NAME_MAX_BYTES + 96];
    char made[NAME_MAX_BYTES + 96];
    snprintf(words, sizeof words, "%s", question_words(screen, made, sizeof made));
    if (screen->asking == ASK_DEBRIEF && model->sheet_items > 0) {
        snprintf(words, sizeof words, "Open the debrief? The own sheet has %lld of %lld marked.",
                 (long long)model->sheet_marked, (long long)model->sheet_items);
    }
    int x = 1 + area_cut(area, 1, 0, area.width - needed - 1, STYLE_HALF, words);
    area_text(area, x + 2, 0, STYLE_KEY, answers);
}

static const char *writing_words(const struct screen *screen) {
    if (screen->writing == WRITE_TALK) {
        return "Say to everybody:";
    }
    if (screen->writing == WRITE_BOX) {
        return "Box (Tab: next sign):";
    }
    if (screen->writing == WRITE_PAPER) {
        static const char *const kinds[] = {
            "Requirement (Tab):", "Line (Tab):", "Parked (Tab):", "Scratch (Tab):"};
        return kinds[screen->board.kind % 4];
    }
    if (screen->writing == WRITE_DRAFT) {
        return "For the draft:";
    }
    if (screen->writing == WRITE_CALL) {
        return "Link of a call (empty: none):";
    }
    if (screen->writing == WRITE_WHISPER) {
        return "Whisper to the panel:";
    }
    switch (screen->note_to) {
    case ACTION_NOTE_PANEL: return "Note for the panel (Tab):";
    case ACTION_NOTE_ALL: return "Note for everybody (Tab):";
    default: return "Note for yourself (Tab):";
    }
}

static void draw_writing(struct screen *screen, struct area area) {
    int x = 1 + area_text(area, 1, 0, STYLE_HALF, writing_words(screen)) + 1;
    struct area field = area_part(area, x, 0, area.width - x, 1);
    int caret = input_draw(&screen->input, field, STYLE_PLAIN);
    screen->caret_x = field.x + caret;
    screen->caret_y = field.y;
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

void view_status(struct screen *screen, struct area area) {
    const struct model *model = &screen->feed->model;
    if (screen->asking != ASK_NOTHING) {
        draw_question(screen, area);
    } else if (screen->writing != WRITE_NOTHING) {
        draw_writing(screen, area);
    } else {
        bool news = model->news[0] != '\0';
        bool local = screen->said[0] != '\0';
        char turn[NAME_MAX_BYTES + 64];
        turn_words(screen, turn, sizeof turn);
        const char *message = turn[0] && !model->message_bad ? turn : model->message;
        const char *text = news ? model->news : local ? screen->said : message;
        bool bad = news || (local ? screen->said_bad : model->message_bad);
        enum style style = bad ? STYLE_BAD : STYLE_PLAIN;
        int columns = text_columns(span_of(text));
        /* News stands at the right; where both do not fit, it goes before the state. */
        struct area left = area;
        left.width -= columns > 0 ? columns + 2 : 0;
        if (columns == 0) {
            draw_room_id(screen, area, draw_last(screen, left));
        } else if (left.width < 30 && !news && model->pending_count > 0 &&
                   model->connection != CONNECTION_LIVE) {
            (void)draw_last(screen, area); /* the header says that it is cut off */
        } else if (left.width >= 30) {
            (void)draw_last(screen, left);
            area_right(area_part(area, 0, 0, area.width - 1, 1), 0, style, text);
        } else {
            area_cut(area, 1, 0, area.width - 2, style, text);
        }
    }
}

/* ---- the page ---- */

static void flow_key(const struct screen *screen, struct flow *flow, const struct key_row *row) {
    char front[32], caption[KEY_CAPTION_SIZE];
    snprintf(front, sizeof front, "%-11s", key_use_caption(screen, row, caption));
    flow_item(flow, 0, STYLE_KEY, front, STYLE_PLAIN, row->help);
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
        if (row->help[0] && (row->action == KEYS_LETTER || key_use_works(screen, row))) {
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
