/* SPDX-License-Identifier: ISC */
/*
 * view_prompt.c: what the interview is about: goal, prompt, facts, moves to open with; and the
 * questions and curveballs with what a strong answer holds.
 *
 * Before the debrief a candidate sees of the facts only what has been put on their screen: the fold
 * has no more. From then on they have what the panel has.
 */
#include "client/screen/key_use.h"
#include "client/screen/views.h"

#include <stdio.h>
#include <string.h>

/* Texts are read best at this width. */
enum { READING_WIDTH = 92 };

static struct area reading(struct area area) {
    struct area part = area_part(area, 1, 0, area.width - 2, area.height);
    part.width = part.width > READING_WIDTH ? READING_WIDTH : part.width;
    return part;
}

/* Scrolls a flow that was written with the present top: clamps it for the next drawing. */
static void clamp_top(struct screen *screen, struct area area, const struct flow *flow) {
    int max = flow_top_max(flow);
    if (screen->top[screen->tab] > max) {
        screen->top[screen->tab] = max;
    }
    if (flow->line - flow->top > area.height) {
        area_sign(area, area.width - 1, area.height - 1, STYLE_NOW, SIGN_MORE);
    }
}

static void flow_reveals(struct screen *screen, struct flow *flow) {
    const struct room *room = &screen->feed->model.room;
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        char at[24];
        views_since_start(screen, at, sizeof at, room->reveals[i].at);
        char front[32];
        snprintf(front, sizeof front, "%6s", at);
        flow_item(flow, 0, STYLE_FAINT, front,
                  room->reveals[i].curveball ? STYLE_HALF : STYLE_PLAIN, room->reveals[i].text);
    }
}

void views_flow_tools(struct flow *flow, const struct pack *pack) {
    if (pack->tool_count == 0) {
        return;
    }
    flow_blank(flow);
    flow_text(flow, 0, STYLE_TITLE, "Tools to reach for");
    for (int i = 0; i < pack->tool_count; i++) {
        char front[PACK_TOOL_NEED_MAX + 4];
        char names[PACK_REACH_MAX * (PACK_TOOL_NAME_MAX + 2) + 1] = "";
        size_t len = 0;
        for (int k = 0; k < pack->tools[i].reaches && len < sizeof names; k++) {
            len += (size_t)snprintf(names + len, sizeof names - len, "%s%s", k ? ", " : "",
                                    pack->tools[i].reach[k]);
        }
        snprintf(front, sizeof front, "%s:", pack->tools[i].need);
        flow_hang(flow, 3, STYLE_FAINT, front, STYLE_PLAIN, names);
    }
}

void views_flow_phrases(struct flow *flow, const struct pack *pack) {
    if (pack->phrase_count == 0) {
        return;
    }
    flow_blank(flow);
    flow_text(flow, 0, STYLE_TITLE, "Phrases to practise aloud");
    for (int i = 0; i < pack->phrase_count; i++) {
        flow_item(flow, 1, STYLE_FAINT, theme_sign(SIGN_BULLET, flow->area.paint->ascii),
                  STYLE_PLAIN, pack->phrases[i]);
    }
}

static void flow_opening(struct flow *flow, const struct pack_phase *phase) {
    const char *bullet = theme_sign(SIGN_BULLET, flow->area.paint->ascii);
    flow_blank(flow);
    flow_text(flow, 0, STYLE_TITLE, "To open with");
    for (int i = 0; i < phase->openings; i++) {
        flow_item(flow, 1, STYLE_FAINT, bullet, STYLE_PLAIN, phase->opening[i]);
    }
    flow_blank(flow);
    flow_text(flow, 0, STYLE_TITLE, "Headings of this phase");
    for (int i = 0; i < phase->heading_count; i++) {
        flow_item(flow, 1, STYLE_FAINT, bullet, STYLE_PLAIN, phase->headings[i]);
    }
}

static void candidate_prompt(struct screen *screen, struct area area) {
    const struct room *room = &screen->feed->model.room;
    const struct pack_phase *phase = &room->pack->phases[screen_phase(screen)];
    struct area inner = reading(area);
    struct flow flow = flow_begin(inner, screen->top[screen->tab]);
    char title[PACK_PHASE_TITLE_MAX + 4];
    snprintf(title, sizeof title, "%s:", phase->title);
    flow_item(&flow, 0, STYLE_NOW, title, STYLE_PLAIN, phase->goal);
    flow_blank(&flow);
    if (room->reveal_count > 0) {
        flow_text(&flow, 0, STYLE_TITLE, "What you know so far");
        flow_reveals(screen, &flow);
        flow_blank(&flow);
    }
    flow_text(&flow, 0, STYLE_TITLE, "Prompt");
    if (room->pack->prompt[0] != '\0') {
        flow_text(&flow, 0, STYLE_PLAIN, room->pack->prompt);
    } else {
        flow_text(&flow, 0, STYLE_FAINT, "It comes when the interviewer starts the clock.");
    }
    if (room->mode & MODE_GUIDED) {
        flow_opening(&flow, phase);
        views_flow_phrases(&flow, room->pack);
    }
    clamp_top(screen, area, &flow);
}

/* ---- the panel's: facts with one letter each ---- */

static bool command_waits(const struct model *model, enum action act, const char *id) {
    for (uint32_t i = 0; i < model->pending_count; i++) {
        const struct body *body = &model->pending[i].command.body;
        if (body->act == act &&
            span_equal(act == ACTION_FACT_REVEAL ? body->fact : body->curveball, id)) {
            return true;
        }
    }
    return false;
}

/* The lines of a list entry that may be taller than one: from its first line on. */
static void note_row(struct screen *screen, struct flow *flow, int from, int row) {
    views_hit(screen, flow->area, 0, from - flow->top, flow->area.width, flow->line - from, HIT_ROW,
              row);
    if (screen->cursor[screen->tab] == row && from - flow->top >= 0 &&
        from - flow->top < flow->area.height) {
        area_sign(flow->area, 0, from - flow->top, STYLE_NOW, SIGN_CURSOR);
    }
}

/* Once the cursor has been moved, scrolls so that its lines from..to are in sight. */
static void bring_in_sight(struct screen *screen, struct area area, int from, int to) {
    int *top = &screen->top[screen->tab];
    if (screen->cursor_moved && to - *top > area.height) {
        *top = to - area.height;
    }
    if (screen->cursor_moved && from < *top) {
        *top = from;
    }
}

/* The same area with nothing to see: to measure a flow. */
static struct area unseen(struct area area) {
    area.height = 0;
    return area;
}

/* The packs' occasions all begin alike; what differs is what one looks for. */
static const char *occasion(const char *asked) {
    static const char common[] = "when asked ";
    return strncmp(asked, common, sizeof common - 1) == 0 ? asked + sizeof common - 1 : asked;
}

enum { FACT_BOTH_FROM = 60 };

/* One line: occasion and fact; the fact of the line with the cursor in full below. */
static void flow_fact(struct screen *screen, struct flow *flow, int row) {
    const struct model *model = &screen->feed->model;
    const struct pack_fact *fact = &model->room.pack->facts[row];
    bool shown = (model->room.facts >> row & 1) != 0;
    bool waits = command_waits(model, ACTION_FACT_REVEAL, fact->id);
    int from = flow->line;
    struct area line = flow_line(flow);
    /* Too narrow for both, one list of whole occasions tells more than two of cut words. */
    bool narrow = line.width < FACT_BOTH_FROM;
    int split = narrow ? line.width + 1 : line.width * 2 / 5;
    char letter[2] = {keys_letter(row), 0};
    area_text(line, 1, 0, STYLE_KEY, letter);
    area_sign(line, 3, 0,
              shown   ? STYLE_GOOD
              : waits ? STYLE_HALF
                      : STYLE_FAINT,
              waits   ? SIGN_WAITING
              : shown ? SIGN_RAISED
                      : SIGN_NOT_YET);
    area_cut(line, 5, 0, split - 6, STYLE_PLAIN, occasion(fact->asked));
    bool now = screen->cursor[screen->tab] == row;
    if (!narrow) {
        area_cut(line, split, 0, line.width - split, shown ? STYLE_GOOD : STYLE_FAINT, fact->text);
    }
    if (now && (narrow || text_columns(span_of(fact->text)) > line.width - split)) {
        flow_text(flow, 5, shown ? STYLE_GOOD : STYLE_PLAIN, fact->text);
    }
    note_row(screen, flow, from, row);
}

static struct flow panel_prompt(struct screen *screen, struct area area, int *from, int *to) {
    const struct room *room = &screen->feed->model.room;
    struct flow flow = flow_begin(reading(area), screen->top[screen->tab]);
    flow_text(&flow, 0, STYLE_TITLE,
              key_use_reveals(screen)
                  ? "Facts, when asked ... (a letter puts one on the candidate's screen)"
                  : "Facts, when asked ...");
    for (int i = 0; i < room->pack->fact_count; i++) {
        int start = flow.line;
        flow_fact(screen, &flow, i);
        if (i == screen->cursor[screen->tab]) {
            *from = i == 0 ? 0 : start;
            *to = flow.line;
        }
    }
    if (room->pack->fact_count == 0) {
        flow_text(&flow, 0, STYLE_FAINT, "None are known here.");
    }
    flow_blank(&flow);
    flow_text(&flow, 0, STYLE_TITLE, "Prompt");
    flow_text(&flow, 0, STYLE_PLAIN, room->pack->prompt);
    int text_top = flow.line;
    for (int i = 0; i < room->pack->step_count; i++) {
        const struct pack_step *step = &room->pack->steps[i];
        if (step->phase == screen_phase(screen)) {
            if (flow.line == text_top) {
                flow_blank(&flow);
                flow_text(&flow, 0, STYLE_TITLE, "A strong answer in this phase");
            }
            flow_item(&flow, 0, STYLE_FAINT, theme_sign(SIGN_BULLET, area.paint->ascii),
                      STYLE_PLAIN, step->text);
        }
    }
    views_flow_tools(&flow, room->pack);
    return flow;
}

static void clamp_cursor(struct screen *screen, int rows) {
    int *cursor = &screen->cursor[screen->tab];
    *cursor = *cursor >= rows ? rows - 1 : *cursor;
    *cursor = *cursor < 0 ? 0 : *cursor;
}

void view_prompt(struct screen *screen, struct area area) {
    const struct model *model = &screen->feed->model;
    if (!model->room.pack) {
        return;
    }
    if (model->role == ROLE_CANDIDATE && !model->room.opened) {
        candidate_prompt(screen, area);
        return;
    }
    clamp_cursor(screen, model->room.pack->fact_count);
    int from = 0, to = 0;
    panel_prompt(screen, unseen(area), &from, &to);
    bring_in_sight(screen, area, from, to);
    struct flow flow = panel_prompt(screen, area, &from, &to);
    clamp_top(screen, area, &flow);
}

/* ---- questions ---- */

enum answer views_answer(const struct model *model, const char *question) {
    for (uint32_t i = model->pending_count; i-- > 0;) {
        const struct body *body = &model->pending[i].command.body;
        if (body->act == ACTION_ANSWER_SET && span_equal(body->curveball, question)) {
            return (enum answer)body->mark;
        }
    }
    for (uint32_t i = 0; i < model->room.reveal_count; i++) {
        const struct room_reveal *reveal = &model->room.reveals[i];
        if (reveal->curveball && strcmp(reveal->id, question) == 0) {
            return (enum answer)reveal->answer;
        }
    }
    return ANSWER_UNSAID;
}

static void flow_question(struct screen *screen, struct flow *flow, int row, int index) {
    const struct model *model = &screen->feed->model;
    const struct pack_question *question = pack_question_at(model->room.pack, index);
    bool ascii = flow->area.paint->ascii;
    bool thrown = (model->room.thrown >> index & 1) != 0;
    bool waits = command_waits(model, ACTION_CURVE_THROW, question->id);
    int from = flow->line;
    char front[16];
    char letter = keys_letter(row);
    snprintf(front, sizeof front, "%c %s", letter ? letter : ' ',
             theme_sign(waits    ? SIGN_WAITING
                        : thrown ? SIGN_RAISED
                                 : SIGN_NOT_YET,
                        ascii));
    static const char *const answers[] = {"", " (with help)", " (answered well)"};
    char text[PACK_QUESTION_MAX + 48];
    bool curveball = index < model->room.pack->curveball_count;
    snprintf(text, sizeof text, "%s%s%s", curveball ? "Curveball: " : "", question->text,
             answers[views_answer(model, question->id)]);
    flow_item(flow, 1, STYLE_KEY, front, thrown ? STYLE_GOOD : STYLE_STRONG, text);
    if (screen->cursor[screen->tab] == row) {
        flow_text(flow, 5, STYLE_PLAIN, question->strong);
    }
    note_row(screen, flow, from, row);
}

/* Curveballs and follow-ups of one phase, curveballs first. Gives the new count. */
static int questions_of(const struct pack *pack, int phase, int *out, int count) {
    for (int i = 0; i < pack->curveball_count + pack->followup_count; i++) {
        if (pack_question_at(pack, i)->phase == phase) {
            out[count++] = i;
        }
    }
    return count;
}

int views_questions(const struct screen *screen, int *out) {
    const struct pack *pack = screen->feed->model.room.pack;
    int shown = screen_phase(screen);
    int count = questions_of(pack, shown, out, 0);
    for (int phase = 0; phase < pack->phase_count; phase++) {
        if (phase != shown) {
            count = questions_of(pack, phase, out, count);
        }
    }
    return count;
}

static struct flow draw_questions(struct screen *screen, struct area area, const int *order,
                                  int count, int *from, int *to) {
    const struct pack *pack = screen->feed->model.room.pack;
    struct flow flow = flow_begin(reading(area), screen->top[screen->tab]);
    int phase = -1;
    for (int i = 0; i < count; i++) {
        const struct pack_question *question = pack_question_at(pack, order[i]);
        int start = flow.line;
        if (question->phase != phase) {
            if (i > 0) {
                flow_blank(&flow);
            }
            flow_text(&flow, 0, STYLE_TITLE, pack->phases[question->phase].title);
            phase = question->phase;
        }
        flow_question(screen, &flow, i, order[i]);
        if (i == screen->cursor[screen->tab]) {
            *from = start;
            *to = flow.line;
        }
    }
    if (count == 0) {
        flow_text(&flow, 0, STYLE_FAINT, "No questions are known here.");
    }
    return flow;
}

void view_questions(struct screen *screen, struct area area) {
    if (!screen->feed->model.room.pack) {
        return;
    }
    int order[PACK_FOLLOWUPS_MAX + PACK_CURVEBALLS_MAX];
    int count = views_questions(screen, order);
    clamp_cursor(screen, count);
    int from = 0, to = 0;
    draw_questions(screen, unseen(area), order, count, &from, &to);
    bring_in_sight(screen, area, from, to);
    struct flow flow = draw_questions(screen, area, order, count, &from, &to);
    clamp_top(screen, area, &flow);
}
