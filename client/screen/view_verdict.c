/* SPDX-License-Identifier: ISC */
/*
 * view_verdict.c: one's own verdict or rating as a draft, who has handed in, and, once they are
 * open, all of them.
 */
#include <stdio.h>
#include <string.h>

#include "client/screen/views.h"
#include "protocol/room/verdict.h"

enum { LABEL_NARROW = 26, LABEL_WIDE = 36, WIDE_FROM = 76, READING_WIDTH = 100 };

/* Where what is said of a line stands behind its title. */
static int label_width(int width) {
    return width >= WIDE_FROM + LABEL_WIDE - LABEL_NARROW ? LABEL_WIDE : LABEL_NARROW;
}

static const char *const text_titles[VERDICT_TEXTS] = {"What to keep", "What to change",
                                                       "The next drill"};

/* ---- which lines there are ---- */

static void add_row(struct verdict_row *rows, int *count, enum verdict_row_kind kind, int index) {
    rows[(*count)++] = (struct verdict_row){kind, index};
}

static void add_draft(const struct screen *screen, struct verdict_row *rows, int *count) {
    const struct model *model = &screen->feed->model;
    bool panel = model->role != ROLE_CANDIDATE;
    int scores = panel ? model->room.pack->competency_count : RATING_COUNT;
    if (panel) {
        add_row(rows, count, VERDICT_ROW_RECOMMEND, 0);
        add_row(rows, count, VERDICT_ROW_LEVEL, 0);
    }
    for (int i = 0; i < scores; i++) {
        add_row(rows, count, VERDICT_ROW_SCORE, i);
    }
    for (int i = 0; i < (panel ? VERDICT_TEXTS : 1); i++) {
        add_row(rows, count, VERDICT_ROW_TEXT, i);
    }
    if (!screen->feed->is_recording) {
        add_row(rows, count, VERDICT_ROW_GIVE, 0);
    }
}

/* Whether one's own has been handed in, or is on its way. */
static bool is_sent(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    /* A recording holds it, whatever moment is shown. */
    for (uint32_t i = 0; screen->feed->is_recording && i < screen->feed->event_count; i++) {
        const struct event *event = &screen->feed->events[i];
        bool gives =
            event->body.act == ACTION_VERDICT_GIVE || event->body.act == ACTION_RATING_GIVE;
        if (gives && event->by == model->seat) {
            return true;
        }
    }
    for (uint32_t i = 0; i < model->pending_count; i++) {
        enum action act = model->pending[i].command.body.act;
        if (act == ACTION_VERDICT_GIVE || act == ACTION_RATING_GIVE) {
            return true;
        }
    }
    return verdict_is_given(&model->room, model->seat);
}

int views_verdict_rows(const struct screen *screen, struct verdict_row rows[VERDICT_ROWS_MAX]) {
    const struct model *model = &screen->feed->model;
    const struct room *room = &model->room;
    int count = 0;
    bool debrief = room->stage == STAGE_DEBRIEF;
    if (!room->pack || (!debrief && !screen->feed->is_recording)) {
        return 0;
    }
    if (!is_sent(screen)) {
        add_draft(screen, rows, &count);
    }
    if (!screen->feed->is_recording && model->role == ROLE_INTERVIEWER && room->handed_in &&
        !verdict_is_open(room)) {
        add_row(rows, &count, VERDICT_ROW_OPEN, 0);
    }
    return count;
}

/* ---- the draft ---- */

/* The choices of a line, the chosen one in brackets. */
static void put_choices(struct area line, int x, const char *const *names, int count, int chosen) {
    for (int i = 0; i < count; i++) {
        x += area_print(line, x, 0, i == chosen ? STYLE_STRONG : STYLE_FAINT,
                        i == chosen ? "[%s]" : " %s ", names[i]);
    }
}

static void put_recommend(struct area line, int chosen) {
    const char *names[RECOMMEND_STRONG_YES + 1];
    for (int i = 0; i <= RECOMMEND_STRONG_YES; i++) {
        names[i] = verdict_recommend_name((enum recommend)i);
    }
    put_choices(line, label_width(line.width), names, RECOMMEND_STRONG_YES + 1, chosen);
}

static void put_level(struct area line, int chosen) {
    static const char *const names[] = {"mid", "senior", "staff"};
    put_choices(line, label_width(line.width), names, 3, chosen - 1);
}

static void put_score(const struct screen *screen, struct area line, int index) {
    const struct model *model = &screen->feed->model;
    const struct pack *pack = model->room.pack;
    bool panel = model->role != ROLE_CANDIDATE;
    uint8_t score = screen->draft.scores[index];
    char words[64];
    const char *digits[PACK_SCORES] = {"1", "2", "3", "4"};
    put_choices(line, label_width(line.width), digits, PACK_SCORES, score - 1);
    if (!panel) {
        return;
    }
    /* Of the level that the verdict is for; until that is said of the prompt's. */
    enum level level = screen->draft.level ? (enum level)screen->draft.level : pack_level(pack);
    uint8_t bar = pack_bar(&pack->competencies[index], level);
    int x = label_width(line.width) + 3 * PACK_SCORES + 1;
    if (bar) {
        snprintf(words, sizeof words, "%s asks %u", pack_level_name(level), bar);
        x += area_text(line, x, 0, score && score < bar ? STYLE_HALF : STYLE_FAINT, words) + 2;
    }
    if (screen->draft.moments[index]) {
        char at[20];
        views_since_start(screen, at, sizeof at, screen->draft.moments[index]);
        area_print(line, x, 0, STYLE_GOOD, "evidence at %s", at);
    }
}

/* What the score that is chosen looks like, under the line with the cursor. */
static void flow_anchor(const struct screen *screen, struct flow *flow, int index) {
    const struct model *model = &screen->feed->model;
    const struct pack_competency *competency = &model->room.pack->competencies[index];
    uint8_t score = screen->draft.scores[index];
    const char *anchor = model->role == ROLE_CANDIDATE ? "" : pack_anchor(competency, score);
    if (anchor[0]) {
        flow_text(flow, 5, STYLE_FAINT, anchor);
    }
}

static const char *row_title(const struct screen *screen, const struct verdict_row *row) {
    bool panel = screen->feed->model.role != ROLE_CANDIDATE;
    switch (row->kind) {
    case VERDICT_ROW_RECOMMEND: return "Recommendation";
    case VERDICT_ROW_LEVEL: return "Level that it is for";
    case VERDICT_ROW_SCORE:
        return panel ? screen->feed->model.room.pack->competencies[row->index].title
                     : verdict_rating_title((enum rating)row->index);
    case VERDICT_ROW_TEXT: return panel ? text_titles[row->index] : "In your own words";
    case VERDICT_ROW_GIVE: return "Hand it in";
    case VERDICT_ROW_OPEN: return "Open all now";
    }
    return "";
}

static void put_row(const struct screen *screen, struct area line, const struct verdict_row *row) {
    switch (row->kind) {
    case VERDICT_ROW_RECOMMEND: put_recommend(line, screen->draft.recommend); break;
    case VERDICT_ROW_LEVEL: put_level(line, screen->draft.level); break;
    case VERDICT_ROW_SCORE: put_score(screen, line, row->index); break;
    case VERDICT_ROW_TEXT: break;
    case VERDICT_ROW_GIVE:
        area_text(line, label_width(line.width), 0, STYLE_FAINT, "for good; closed until all have");
        break;
    case VERDICT_ROW_OPEN:
        area_text(line, label_width(line.width), 0, STYLE_FAINT, "without waiting for the others");
        break;
    }
}

static void flow_row(struct screen *screen, struct flow *flow, const struct verdict_row *row,
                     int index) {
    int from = flow->line;
    bool here = screen->cursor[TAB_VERDICT] == index;
    struct area line = flow_line(flow);
    char letter[2] = {keys_letter(index), 0};
    if (here) {
        area_sign(line, 0, 0, STYLE_NOW, SIGN_CURSOR);
    }
    area_text(line, 1, 0, STYLE_KEY, letter);
    area_cut(line, 3, 0, label_width(line.width) - 4, here ? STYLE_STRONG : STYLE_PLAIN,
             row_title(screen, row));
    put_row(screen, line, row);
    if (row->kind == VERDICT_ROW_TEXT) {
        const char *text = screen->draft.texts[row->index];
        flow_text(flow, 5, text[0] ? STYLE_PLAIN : STYLE_FAINT, text[0] ? text : "nothing yet");
    } else if (row->kind == VERDICT_ROW_SCORE && here) {
        flow_anchor(screen, flow, row->index);
    }
    views_hit(screen, flow->area, 0, from - flow->top, flow->area.width, flow->line - from, HIT_ROW,
              index);
    if (here && screen->cursor_moved) {
        int bottom = flow->line - flow->area.height;
        int *top = &screen->top[TAB_VERDICT];
        *top = from < *top ? from : bottom > *top ? bottom : *top;
    }
}

static void flow_draft(struct screen *screen, struct flow *flow) {
    struct verdict_row rows[VERDICT_ROWS_MAX];
    int count = views_verdict_rows(screen, rows);
    bool panel = screen->feed->model.role != ROLE_CANDIDATE;
    if (count > 0 && rows[0].kind != VERDICT_ROW_OPEN) {
        flow_text(flow, 0, STYLE_FAINT,
                  panel ? "Your verdict, a draft on this machine. A letter changes a line; with "
                          "Shift it takes a moment as evidence."
                        : "Your rating of the interviewer, a draft on this machine: 1 not at all, "
                          "4 fully.");
    }
    for (int i = 0; i < count; i++) {
        flow_row(screen, flow, &rows[i], i);
    }
    if (count > 0 && !verdict_is_open(&screen->feed->model.room)) {
        flow_blank(flow);
    }
}

/* ---- who has handed in ---- */

static void flow_given(const struct screen *screen, struct flow *flow) {
    const struct room *room = &screen->feed->model.room;
    flow_text(flow, 0, STYLE_TITLE, "Handed in");
    for (uint8_t i = 0; i < room->seat_count; i++) {
        bool given = verdict_is_given(room, i);
        if (room->seats[i].role == ROLE_NONE) {
            continue;
        }
        struct area line = flow_line(flow);
        area_sign(line, 1, 0, given ? STYLE_GOOD : STYLE_FAINT, given ? SIGN_KEPT : SIGN_NOT_YET);
        area_cut(line, 3, 0, label_width(line.width) - 4, STYLE_PLAIN, room->seats[i].name);
        area_text(line, label_width(line.width), 0, STYLE_FAINT,
                  given                         ? "handed in"
                  : verdict_is_open(room)       ? "nothing"
                  : verdict_is_awaited(room, i) ? "is waited for"
                  : room->seats[i].here         ? "watches from a wall"
                                                : "is not here");
    }
    if (!verdict_is_open(room)) {
        flow_text(flow, 1, STYLE_FAINT,
                  "All open together, at the latest when the room closes. Until then nobody sees "
                  "another's.");
    }
}

/* ---- open ---- */

static void flow_scores(const struct screen *screen, struct flow *flow,
                        const struct room_verdict *verdict) {
    const struct pack *pack = screen->feed->model.room.pack;
    int count = verdict->rating ? RATING_COUNT : pack->competency_count;
    for (int i = 0; i < count; i++) {
        struct area line = flow_line(flow);
        area_cut(line, 3, 0, label_width(line.width) - 4, STYLE_PLAIN,
                 verdict->rating ? verdict_rating_title((enum rating)i)
                                 : pack->competencies[i].title);
        if (!verdict->scores[i]) {
            area_text(line, label_width(line.width), 0, STYLE_FAINT, "not said");
            continue;
        }
        int x = label_width(line.width) + area_print(line, label_width(line.width), 0, STYLE_STRONG,
                                                     "%u of %d", verdict->scores[i], PACK_SCORES);
        if (verdict->moments[i]) {
            char at[20];
            views_since_start(screen, at, sizeof at, verdict->moments[i]);
            area_print(line, x + 2, 0, STYLE_FAINT, "evidence at %s", at);
        }
    }
}

static void flow_verdict(const struct screen *screen, struct flow *flow,
                         const struct room_verdict *verdict) {
    const struct room *room = &screen->feed->model.room;
    char words[160];
    if (flow->line > 0) {
        flow_blank(flow);
    }
    snprintf(words, sizeof words, "%s%s", room->seats[verdict->by].name,
             verdict->late ? " (after the others had opened)" : "");
    flow_text(flow, 0, STYLE_TITLE, words);
    if (verdict->rating) {
        flow_text(flow, 3, STYLE_FAINT, "on the interviewer: 1 not at all, 4 fully");
    } else {
        snprintf(words, sizeof words, "%s, for %s",
                 verdict_recommend_name((enum recommend)verdict->recommend),
                 pack_level_name((enum level)verdict->level));
        flow_text(flow, 3, STYLE_STRONG, words);
    }
    flow_scores(screen, flow, verdict);
    for (int i = 0; i < VERDICT_TEXTS; i++) {
        if (verdict->texts[i][0]) {
            char front[40];
            snprintf(front, sizeof front, "%s:", verdict->rating ? "Says" : text_titles[i]);
            flow_hang(flow, 5, STYLE_FAINT, front, STYLE_PLAIN, verdict->texts[i]);
        }
    }
}

/* Of the others, or one's own. */
static void flow_verdicts(const struct screen *screen, struct flow *flow, bool own) {
    const struct room *room = &screen->feed->model.room;
    for (uint8_t i = 0; i < room->verdict_count; i++) {
        if ((room->verdicts[i].by == screen->feed->model.seat) == own) {
            flow_verdict(screen, flow, &room->verdicts[i]);
        }
    }
}

/* Once they are open what the others say comes first, before that who is waited for. */
static void flow_all(struct screen *screen, struct flow *flow) {
    if (verdict_is_open(&screen->feed->model.room)) {
        flow_verdicts(screen, flow, false);
        flow_verdicts(screen, flow, true);
        flow_blank(flow);
        flow_given(screen, flow);
    } else {
        flow_given(screen, flow);
        flow_verdicts(screen, flow, true);
    }
}

void view_verdict(struct screen *screen, struct area area) {
    const struct room *room = &screen->feed->model.room;
    if (!room->pack) {
        return;
    }
    struct area inner = area_part(area, 1, 0, area.width - 2, area.height);
    inner.width = inner.width > READING_WIDTH ? READING_WIDTH : inner.width;
    struct flow flow = flow_begin(inner, screen->top[TAB_VERDICT]);
    flow_draft(screen, &flow);
    flow_all(screen, &flow);
    int max = flow_top_max(&flow);
    screen->top[TAB_VERDICT] = screen->top[TAB_VERDICT] > max ? max : screen->top[TAB_VERDICT];
    if (flow.line - flow.top > area.height) {
        area_sign(area, area.width - 1, area.height - 1, STYLE_NOW, SIGN_MORE);
    }
}
