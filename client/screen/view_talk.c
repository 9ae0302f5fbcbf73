/* SPDX-License-Identifier: ISC */
/*
 * view_talk.c: what was said, whispered and noted, in order, and what is still on its way.
 */
#include "client/screen/views.h"

#include <stdio.h>

int views_own_notes(const struct screen *screen, uint32_t out[KEYS_LETTER_COUNT]) {
    const struct model *model = &screen->feed->model;
    int count = 0;
    bool live = (screen_where(screen) & AT_OPEN) != 0;
    for (uint32_t i = model->room.line_count; live && i-- > 0 && count < KEYS_LETTER_COUNT;) {
        enum action act;
        int64_t number;
        if (room_note_own(&model->room, model->seat, i, &act, &number)) {
            out[count++] = i;
        }
    }
    return count;
}

/* Where the text begins behind the time; before it is a letter, where a line has one. */
static int column_of(const struct screen *screen) {
    uint32_t notes[KEYS_LETTER_COUNT];
    return screen->tab == TAB_TALK && views_own_notes(screen, notes) > 0 ? 8 : 6;
}

/* What is drawn of one line: of the room's, or of one that is on its way. */
struct entry {
    const char *at, *name;
    enum line_kind kind;
    const char *text;
    bool changed, struck;
    char letter; /* of the key that changes it; 0: none */
    int column;  /* where its text begins */
};

/* What a line says about itself, besides its text. */
static const char *kind_words(enum line_kind kind) {
    switch (kind) {
    case LINE_NOTE_MINE: return "my note";
    case LINE_NOTE_PANEL: return "note to the panel";
    case LINE_NOTE_ALL: return "note";
    case LINE_WHISPER: return "whisper";
    case LINE_SAY: break;
    }
    return "";
}

/* "Ana (my note, changed):". */
enum { WHO_SIZE = NAME_MAX_BYTES + 48 };
static void put_who(const struct entry *entry, char out[WHO_SIZE]) {
    const char *kind = kind_words(entry->kind);
    const char *state = entry->struck ? ", struck" : entry->changed ? ", changed" : "";
    if (kind[0]) {
        snprintf(out, WHO_SIZE, "%s (%s%s)%s", entry->name, kind, state, entry->struck ? "" : ":");
    } else {
        snprintf(out, WHO_SIZE, "%s:", entry->name);
    }
}

static const char *entry_text(const struct entry *entry) {
    return entry->struck ? "" : entry->text;
}

static enum style kind_style(enum line_kind kind) {
    return kind == LINE_SAY ? STYLE_STRONG : kind == LINE_NOTE_ALL ? STYLE_TITLE : STYLE_HALF;
}

static void flow_entry(struct flow *flow, const struct entry *entry) {
    char who[WHO_SIZE], front[WHO_SIZE + 40], padded[32];
    put_who(entry, who);
    snprintf(padded, sizeof padded, "%*s", entry->column - 1, entry->at);
    snprintf(front, sizeof front, "%s %s", padded, who);
    int from = flow->line;
    flow_hang(flow, entry->column, kind_style(entry->kind), front, STYLE_PLAIN, entry_text(entry));
    struct flow first = {.area = flow->area, .line = from, .top = flow->top};
    struct area line = flow_line(&first);
    area_text(line, 0, 0, STYLE_FAINT, padded);
    if (entry->letter) {
        area_print(line, 0, 0, STYLE_KEY, "%c", entry->letter);
    }
}

static struct entry entry_of(const struct screen *screen, const struct room_line *line,
                             char at[20]) {
    views_since_start(screen, at, 20, line->at);
    return (struct entry){.at = at,
                          .name = screen_name(screen, line->by),
                          .kind = line->kind,
                          .text = line->text,
                          .changed = line->changes > 0,
                          .struck = line->struck};
}

/* True if the action writes a line; its kind. */
static bool kind_of_action(enum action act, enum line_kind *kind) {
    switch (act) {
    case ACTION_NOTE_MINE: *kind = LINE_NOTE_MINE; return true;
    case ACTION_NOTE_PANEL: *kind = LINE_NOTE_PANEL; return true;
    case ACTION_NOTE_ALL: *kind = LINE_NOTE_ALL; return true;
    case ACTION_TALK_SAY: *kind = LINE_SAY; return true;
    case ACTION_TALK_WHISPER: *kind = LINE_WHISPER; return true;
    default: return false;
    }
}

static void flow_pending(const struct screen *screen, struct flow *flow) {
    const struct model *model = &screen->feed->model;
    for (uint32_t i = 0; i < model->pending_count; i++) {
        const struct body *body = &model->pending[i].command.body;
        enum line_kind kind;
        char text[TEXT_MAX_BYTES + 1];
        if (kind_of_action(body->act, &kind)) {
            span_copy(body->text, text, sizeof text);
            struct entry entry = {.at = theme_sign(SIGN_WAITING, flow->area.paint->ascii),
                                  .name = screen_name(screen, model->seat),
                                  .kind = kind,
                                  .text = text,
                                  .column = column_of(screen)};
            flow_entry(flow, &entry);
        }
    }
}

/* The letter of the room's line `index`; 0: it has none in this pane. */
static char letter_of(const struct screen *screen, uint32_t index) {
    uint32_t notes[KEYS_LETTER_COUNT];
    int count = screen->tab == TAB_TALK ? views_own_notes(screen, notes) : 0;
    for (int i = 0; i < count; i++) {
        if (notes[i] == index) {
            return keys_letter(i);
        }
    }
    return 0;
}

static void flow_lines(const struct screen *screen, struct flow *flow, uint32_t from) {
    const struct room *room = &screen->feed->model.room;
    for (uint32_t i = from; i < room->line_count; i++) {
        char at[20];
        struct entry entry = entry_of(screen, &room->lines[i], at);
        entry.letter = letter_of(screen, i);
        entry.column = column_of(screen);
        flow_entry(flow, &entry);
    }
    flow_pending(screen, flow);
}

/* The lines from `first` on, so that the last one is `above` lines below the area's end. */
static int draw_end(struct screen *screen, struct area area, uint32_t first, int above) {
    struct area nothing = area;
    nothing.height = 0;
    struct flow measure = flow_begin(nothing, 0);
    flow_lines(screen, &measure, first);
    int max = measure.line > area.height ? measure.line - area.height : 0;
    above = above > max ? max : above;
    struct flow flow = flow_begin(area, max - above);
    flow_lines(screen, &flow, first);
    return above;
}

void view_talk(struct screen *screen, struct area area) {
    struct area inner = area_part(area, 1, 0, area.width - 2, area.height);
    if (screen->feed->model.room.line_count + screen->feed->model.pending_count == 0) {
        area_text(inner, 0, 0, STYLE_FAINT, "Nothing has been said or noted yet.");
        return;
    }
    screen->top[TAB_TALK] = draw_end(screen, inner, 0, screen->top[TAB_TALK]);
}

/* The last thing that was said, on one line. */
static void draw_newest(const struct screen *screen, struct area area) {
    const struct room *room = &screen->feed->model.room;
    if (room->line_count == 0) {
        return;
    }
    char at[20], who[WHO_SIZE];
    struct entry entry = entry_of(screen, &room->lines[room->line_count - 1], at);
    put_who(&entry, who);
    int x = 1 + area_print(area, 1, 0, STYLE_FAINT, "%5s", at) + 1;
    x += area_cut(area, x, 0, area.width / 2, kind_style(entry.kind), who) + 1;
    area_cut(area, x, 0, area.width - x - 1, STYLE_PLAIN, entry_text(&entry));
}

void view_talk_recent(struct screen *screen, struct area area) {
    if (area.height == 1) {
        draw_newest(screen, area);
        return;
    }
    /* Every line takes at least one line, so older ones cannot show. */
    uint32_t count = screen->feed->model.room.line_count;
    uint32_t visible = (uint32_t)area.height;
    uint32_t first = count > visible ? count - visible : 0;
    struct area inner = area_part(area, 1, 0, area.width - 2, area.height);
    if (count + screen->feed->model.pending_count == 0) {
        area_text(inner, 0, 0, STYLE_FAINT, "Nothing said yet.");
        return;
    }
    draw_end(screen, inner, first, 0);
}
