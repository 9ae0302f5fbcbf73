/* SPDX-License-Identifier: ISC */
/*
 * view_talk.c: what was said, whispered and noted, in order, and what is still on its way.
 */
#include "client/screen/views.h"

#include <stdio.h>

/* What one line says about itself, besides its text. */
static const char *kind_words(enum line_kind kind) {
    switch (kind) {
    case LINE_NOTE_MINE: return " (my note)";
    case LINE_NOTE_PANEL: return " (note to the panel)";
    case LINE_NOTE_ALL: return " (note)";
    case LINE_WHISPER: return " (whisper)";
    case LINE_SAY: break;
    }
    return "";
}

static enum style kind_style(enum line_kind kind) {
    return kind == LINE_SAY ? STYLE_STRONG : kind == LINE_NOTE_ALL ? STYLE_TITLE : STYLE_HALF;
}

static void flow_entry(struct flow *flow, const char *at, const char *name, enum line_kind kind,
                       const char *text) {
    char who[NAME_MAX_BYTES + 40];
    snprintf(who, sizeof who, "%s%s:", name, kind_words(kind));
    char front[NAME_MAX_BYTES + 64];
    snprintf(front, sizeof front, "%5s %s", at, who);
    int from = flow->line;
    flow_hang(flow, 6, kind_style(kind), front, STYLE_PLAIN, text);
    char padded[32];
    snprintf(padded, sizeof padded, "%5s", at);
    struct flow first = {.area = flow->area, .line = from, .top = flow->top};
    area_text(flow_line(&first), 0, 0, STYLE_FAINT, padded);
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
            flow_entry(flow, theme_sign(SIGN_WAITING, flow->area.paint->ascii),
                       screen_name(screen, model->seat), kind, text);
        }
    }
}

static void flow_lines(const struct screen *screen, struct flow *flow, uint32_t from) {
    const struct room *room = &screen->feed->model.room;
    for (uint32_t i = from; i < room->line_count; i++) {
        const struct room_line *line = &room->lines[i];
        char at[20];
        views_since_start(screen, at, sizeof at, line->at);
        flow_entry(flow, at, screen_name(screen, line->by), line->kind, line->text);
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
    const struct room_line *line = &room->lines[room->line_count - 1];
    char at[20], who[NAME_MAX_BYTES + 40];
    views_since_start(screen, at, sizeof at, line->at);
    snprintf(who, sizeof who, "%s%s:", screen_name(screen, line->by), kind_words(line->kind));
    int x = 1 + area_print(area, 1, 0, STYLE_FAINT, "%5s", at) + 1;
    x += area_cut(area, x, 0, area.width / 2, kind_style(line->kind), who) + 1;
    area_cut(area, x, 0, area.width - x - 1, STYLE_PLAIN, line->text);
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
