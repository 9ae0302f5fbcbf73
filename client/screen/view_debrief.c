/* SPDX-License-Identifier: ISC */
/*
 * view_debrief.c: all sheets side by side, with planned and spent time and the agreement between
 * them.
 *
 * Where not all fit beside the panel's, a part of them is shown, from screen->sheet on.
 */
#include "client/screen/views.h"

#include <stdio.h>
#include <string.h>

enum { SHEET_WIDTH = 12, TITLE_WIDTH = 20, DIFFER_WIDTH = 7 };

/* The panel's sheet and as many others as fit, from screen->sheet on. */
struct sheets {
    uint8_t all[ROOM_SHEETS_MAX + 1]; /* owners: the panel, the candidate, coaches by their seats */
    int total;
    int first, shown; /* of the others; all[1 + first] is the first one shown */
    int at;           /* column of the panel's */
};

static void add_sheets(const struct room *room, enum role role, struct sheets *sheets) {
    for (uint8_t seat = 0; seat < room->seat_count; seat++) {
        if (room->seats[seat].role == role && room_sheet_of(room, seat)) {
            sheets->all[sheets->total++] = seat;
        }
    }
}

static struct sheets list_sheets(struct screen *screen, int width) {
    const struct room *room = &screen->feed->model.room;
    struct sheets sheets = {.all = {SEAT_SERVER}, .total = 1};
    add_sheets(room, ROLE_CANDIDATE, &sheets);
    add_sheets(room, ROLE_COACH, &sheets);
    int others = sheets.total - 1;
    int fit = (width - TITLE_WIDTH - DIFFER_WIDTH) / SHEET_WIDTH - 1;
    fit = fit < 1 ? 1 : fit;
    sheets.shown = others < fit ? others : fit;
    int last = others - sheets.shown;
    screen->sheet = screen->sheet > last ? last : screen->sheet < 0 ? 0 : screen->sheet;
    sheets.first = screen->sheet;
    sheets.at = width - (sheets.shown + 1) * SHEET_WIDTH - (others > 0 ? DIFFER_WIDTH : 0);
    sheets.at = sheets.at < TITLE_WIDTH ? TITLE_WIDTH : sheets.at > 64 ? 64 : sheets.at;
    return sheets;
}

/* Owner of the i-th column; 0: the panel's. */
static uint8_t owner_at(const struct sheets *sheets, int i) {
    return i == 0 ? SEAT_SERVER : sheets->all[sheets->first + i];
}

static enum mark mark_on(const struct room *room, uint8_t owner, int item) {
    const struct room_sheet *sheet = room_sheet_of(room, owner);
    return sheet ? (enum mark)sheet->marks[item].mark : MARK_NOT_YET;
}

static const char *sheet_name(const struct screen *screen, uint8_t owner) {
    return owner == SEAT_SERVER ? "panel" : screen_name(screen, owner);
}

static void flow_item_marks(const struct screen *screen, struct flow *flow,
                            const struct sheets *sheets, int item) {
    const struct room *room = &screen->feed->model.room;
    struct area line = flow_line(flow);
    int x = sheets->at;
    bool differs = false;
    area_cut(line, 2, 0, x - 4, STYLE_PLAIN, room->pack->items[item].title);
    for (int i = 0; i <= sheets->shown; i++) {
        enum mark mark = mark_on(room, owner_at(sheets, i), item);
        enum style style = views_mark_style(mark);
        area_sign(line, x, 0, style, views_mark_sign(mark));
        area_text(line, x + 2, 0, style, mark == MARK_NOT_YET ? "" : mark_name(mark));
        differs = differs || mark != room_panel_mark(room, item);
        x += SHEET_WIDTH;
    }
    if (differs) {
        area_text(line, x, 0, STYLE_HALF, "differ");
    }
}

/* Under each sheet how far it agrees with the panel's in this phase, or (-1) in all. */
static void flow_agreement(const struct screen *screen, struct flow *flow,
                           const struct sheets *sheets, int phase) {
    const struct room *room = &screen->feed->model.room;
    if (sheets->shown == 0) {
        return;
    }
    struct area line = flow_line(flow);
    area_cut(line, 2, 0, sheets->at + SHEET_WIDTH - 4, STYLE_FAINT, "agreement with the panel");
    for (int i = 1; i <= sheets->shown; i++) {
        int x = sheets->at + i * SHEET_WIDTH;
        struct insight_agreement agree =
            insight_agree(room, SEAT_SERVER, owner_at(sheets, i), phase);
        if (agree.counted > 0) {
            area_print(line, x, 0, STYLE_FAINT, "%d %%", insight_percent(agree));
        } else {
            area_text(line, x, 0, STYLE_FAINT, "no mark");
        }
    }
}

static void flow_phase(const struct screen *screen, struct flow *flow, const struct sheets *sheets,
                       const struct insight_summary *summary, int phase) {
    const struct room *room = &screen->feed->model.room;
    const struct insight_phase *part = &summary->phase[phase];
    char planned[20], actual[20], over[20];
    views_elapsed(planned, sizeof planned, part->planned);
    views_elapsed(actual, sizeof actual, part->actual);
    int64_t gap = clock_whole(part->actual - part->planned);
    views_elapsed(over, sizeof over, gap < 0 ? -gap : gap);
    flow_blank(flow);
    struct area line = flow_line(flow);
    int x =
        area_print(line, 0, 0, STYLE_TITLE, "%d %s", phase + 1, room->pack->phases[phase].title);
    x += area_print(line, x + 2, 0, STYLE_PLAIN, "%s of %s planned", actual, planned) + 2;
    if (gap != 0) {
        area_print(line, x, 0, gap > 0 ? STYLE_BAD : STYLE_FAINT, ", %s %s", over,
                   gap > 0 ? "over" : "under");
    }
    int items[PACK_ITEMS_MAX];
    int count = screen_items(screen, phase, items);
    for (int i = 0; i < count; i++) {
        flow_item_marks(screen, flow, sheets, items[i]);
    }
    flow_agreement(screen, flow, sheets, phase);
}

static void flow_counts(const struct screen *screen, struct flow *flow,
                        const struct insight_summary *summary) {
    const struct room *room = &screen->feed->model.room;
    char planned[20], actual[20];
    views_elapsed(planned, sizeof planned, summary->planned);
    views_elapsed(actual, sizeof actual, summary->actual);
    struct area line = flow_line(flow);
    int x = area_print(line, 0, 0, STYLE_GOOD, "%s %d raised",
                       theme_sign(SIGN_RAISED, line.paint->ascii), summary->raised);
    x += area_print(line, x + 2, 0, STYLE_HALF, "%s %d prompted",
                    theme_sign(SIGN_PROMPTED, line.paint->ascii), summary->prompted) +
         2;
    x += area_print(line, x + 2, 0, STYLE_PLAIN, "of %d items", summary->items) + 2;
    area_print(line, x + 2, 0, summary->flags ? STYLE_BAD : STYLE_FAINT, "%s %d flag%s",
               theme_sign(SIGN_FLAG, line.paint->ascii), summary->flags,
               summary->flags == 1 ? "" : "s");
    char phases[INSIGHT_PHASES_SIZE], words[INSIGHT_PHASES_SIZE + 96];
    insight_failure_phases(room->pack, phases);
    snprintf(words, sizeof words, "%s of %s planned; failure modes (%s) %d %%, aim %d %%", actual,
             planned, phases, summary->failure_percent, room->pack->failure_share);
    line = flow_line(flow);
    area_cut(line, 0, 0, line.width - 1, STYLE_PLAIN, words);
}

static void flow_pair(const struct screen *screen, struct flow *flow, uint8_t a, uint8_t b) {
    struct insight_agreement agree = insight_agree(&screen->feed->model.room, a, b, -1);
    struct area line = flow_line(flow);
    if (agree.counted == 0) {
        return;
    }
    char words[INSIGHT_WORDS_SIZE];
    bool yourself = b == screen->feed->model.seat && screen->feed->model.role == ROLE_CANDIDATE;
    int room = line.width - 60; /* the names share what the figures leave */
    int x = area_cut(line, 0, 0, room / 2, STYLE_PLAIN, sheet_name(screen, a));
    x += area_text(line, x, 0, STYLE_PLAIN, " and ");
    x += area_cut(line, x, 0, room / 2, STYLE_PLAIN, yourself ? "you" : sheet_name(screen, b));
    area_print(line, x, 0, STYLE_PLAIN, ": %d %%, same on %u of %u; %s", insight_percent(agree),
               (unsigned)agree.same, (unsigned)agree.counted,
               insight_words(agree, yourself, words));
}

/* The panel's sheet with each other one, and the candidate's with each sealed one. */
static void flow_pairs(const struct screen *screen, struct flow *flow,
                       const struct sheets *sheets) {
    const struct room *room = &screen->feed->model.room;
    for (int i = 1; i < sheets->total; i++) {
        flow_pair(screen, flow, SEAT_SERVER, sheets->all[i]);
    }
    bool self = sheets->total > 1 && room->seats[sheets->all[1]].role == ROLE_CANDIDATE;
    for (int i = 2; self && i < sheets->total; i++) {
        flow_pair(screen, flow, sheets->all[1], sheets->all[i]);
    }
}

/* Whose the columns are; what a sealed sheet is; how to see the others. */
static void flow_heads(const struct screen *screen, struct flow *flow,
                       const struct sheets *sheets) {
    const struct room *room = &screen->feed->model.room;
    flow_blank(flow);
    struct area line = flow_line(flow);
    if (sheets->shown + 1 < sheets->total) {
        area_cut(line, 0, 0, sheets->at - 2, STYLE_HALF,
                 screen->feed->is_recording ? "< >: more sheets" : "Left Right: more");
    }
    for (int i = 0; i <= sheets->shown; i++) {
        area_cut(line, sheets->at + 2 + i * SHEET_WIDTH, 0, SHEET_WIDTH - 3, STYLE_TITLE,
                 sheet_name(screen, owner_at(sheets, i)));
    }
    if (sheets->shown == 0) {
        return;
    }
    line = flow_line(flow);
    if (sheets->shown + 1 < sheets->total) {
        area_print(line, 0, 0, STYLE_FAINT, "%d-%d of %d", sheets->first + 1,
                   sheets->first + sheets->shown, sheets->total - 1);
    }
    for (int i = 1; i <= sheets->shown; i++) {
        bool sealed = room->seats[owner_at(sheets, i)].role == ROLE_COACH;
        area_text(line, sheets->at + 2 + i * SHEET_WIDTH, 0, STYLE_FAINT,
                  sealed ? "sealed" : "self");
    }
}

static void flow_summary(const struct screen *screen, struct flow *flow,
                         const struct sheets *sheets, const struct insight_summary *summary) {
    flow_counts(screen, flow, summary);
    flow_pairs(screen, flow, sheets);
    flow_heads(screen, flow, sheets);
}

static void flow_flags(const struct screen *screen, struct flow *flow) {
    const struct room *room = &screen->feed->model.room;
    bool any = false;
    for (uint32_t i = 0; i < room->flag_count; i++) {
        const struct room_flag *flag = &room->flags[i];
        if (!flag->on) {
            continue;
        }
        if (!any) {
            flow_blank(flow);
            flow_text(flow, 0, STYLE_TITLE, "Flags");
        }
        any = true;
        char front[32], at[20];
        views_since_start(screen, at, sizeof at, flag->at);
        snprintf(front, sizeof front, "%s %5s", theme_sign(SIGN_FLAG, flow->area.paint->ascii), at);
        flow_item(flow, 2, STYLE_BAD, front, STYLE_PLAIN, room->pack->flags[flag->flag].title);
        const char *fix = room->pack->flags[flag->flag].fix;
        if (fix && fix[0]) {
            flow_text(flow, 10, STYLE_FAINT, fix);
        }
    }
}

void view_debrief(struct screen *screen, struct area area) {
    const struct room *room = &screen->feed->model.room;
    if (!room->pack) {
        return;
    }
    struct area inner = area_part(area, 1, 0, area.width - 2, area.height);
    if (inner.width > 110) {
        inner.width = 110;
    }
    struct insight_summary summary;
    insight_summarise(room, screen->now, &summary);
    struct sheets sheets = list_sheets(screen, inner.width);
    struct flow flow = flow_begin(inner, screen->top[TAB_DEBRIEF]);
    flow_summary(screen, &flow, &sheets, &summary);
    for (int i = 0; i < summary.phases; i++) {
        flow_phase(screen, &flow, &sheets, &summary, i);
    }
    flow_flags(screen, &flow);
    views_flow_tools(&flow, room->pack);
    views_flow_phrases(&flow, room->pack);
    int max = flow_top_max(&flow);
    if (screen->top[TAB_DEBRIEF] > max) {
        screen->top[TAB_DEBRIEF] = max;
    }
    if (flow.line - flow.top > area.height) {
        area_sign(area, area.width - 1, area.height - 1, STYLE_NOW, SIGN_MORE);
    }
}
