/* SPDX-License-Identifier: ISC */
/*
 * view_prepare.c: what the panel prepares with before the start: the prompt, facts in the order in
 * which they are likely to be asked for, questions with their answers, and what counts.
 *
 * 'spar pack sheet' writes the same for paper.
 */
#include <stdio.h>

#include "client/screen/views.h"

enum { READING_WIDTH = 92 };

static void heading(struct flow *flow, const char *title) {
    flow_blank(flow);
    flow_text(flow, 0, STYLE_TITLE, title);
}

static void flow_facts(struct flow *flow, const struct pack *pack) {
    heading(flow, "Facts, in the order in which they are likely to be asked for");
    for (int i = 0; i < pack->fact_count; i++) {
        char front[PACK_ASKED_MAX + 2];
        snprintf(front, sizeof front, "%s:", pack->facts[i].asked);
        flow_hang(flow, 3, STYLE_FAINT, front, STYLE_PLAIN, pack->facts[i].text);
    }
}

static void flow_one_question(struct flow *flow, const struct pack_question *question,
                              const char *kind) {
    flow_item(flow, 0, STYLE_FAINT, kind, STYLE_STRONG, question->text);
    flow_text(flow, 3, STYLE_PLAIN, question->strong);
}

static void flow_questions(struct flow *flow, const struct pack *pack, int phase) {
    for (int i = 0; i < pack->followup_count; i++) {
        if (pack->followups[i].phase == phase) {
            flow_one_question(flow, &pack->followups[i], "follow-up");
        }
    }
    for (int i = 0; i < pack->curveball_count; i++) {
        if (pack->curveballs[i].phase == phase) {
            flow_one_question(flow, &pack->curveballs[i], "curveball");
        }
    }
}

static void flow_counts(struct flow *flow, const struct pack *pack, int phase) {
    const char *bullet = theme_sign(SIGN_NOT_YET, flow->area.paint->ascii);
    for (int i = 0; i < pack->item_count; i++) {
        const struct pack_item *item = &pack->items[i];
        if (item->phase == phase) {
            flow_item(flow, 1, STYLE_FAINT, bullet, STYLE_STRONG, item->title);
            flow_text(flow, 3, STYLE_PLAIN,
                      item->counts && item->counts[0] ? item->counts : item->strong);
        }
    }
}

static void flow_phase(struct flow *flow, const struct pack *pack, int phase) {
    char title[PACK_PHASE_TITLE_MAX + 16];
    snprintf(title, sizeof title, "%d %s", phase + 1, pack->phases[phase].title);
    heading(flow, title);
    flow_text(flow, 0, STYLE_PLAIN, pack->phases[phase].goal);
    if (pack->phases[phase].watch[0]) {
        flow_item(flow, 0, STYLE_FAINT, "Listen for:", STYLE_PLAIN, pack->phases[phase].watch);
    }
    flow_questions(flow, pack, phase);
    flow_counts(flow, pack, phase);
}

void view_prepare(struct screen *screen, struct area area) {
    const struct pack *pack = screen->feed->model.room.pack;
    if (!pack) {
        return;
    }
    struct area inner = area_part(area, 1, 0, area.width - 2, area.height);
    inner.width = inner.width > READING_WIDTH ? READING_WIDTH : inner.width;
    struct flow flow = flow_begin(inner, screen->top[TAB_PREPARE]);
    flow_text(
        &flow, 0, STYLE_FAINT,
        "For the panel: this is the answer key. 'spar pack sheet NAME --format html' writes it "
        "for two sides of paper.");
    heading(&flow, pack->title);
    flow_text(&flow, 0, STYLE_PLAIN, pack->prompt);
    flow_facts(&flow, pack);
    for (int i = 0; i < pack->phase_count; i++) {
        flow_phase(&flow, pack, i);
    }
    int max = flow_top_max(&flow);
    screen->top[TAB_PREPARE] = screen->top[TAB_PREPARE] > max ? max : screen->top[TAB_PREPARE];
    if (flow.line - flow.top > area.height) {
        area_sign(area, area.width - 1, area.height - 1, STYLE_NOW, SIGN_MORE);
    }
}
