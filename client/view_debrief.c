/*
 * view_debrief.c: all sheets side by side, with planned and spent time and the agreement between them.
 */
#include "client/views.h"

#include <stdio.h>
#include <string.h>

enum { SHEET_WIDTH = 14, SHEETS_SHOWN = 4 };

struct sheets {
    uint8_t owner[SHEETS_SHOWN];
    int count;
};

/* The panel's first, then everybody's own. */
static struct sheets list_sheets(const struct room *room) {
    struct sheets sheets = {.owner = {SEAT_SERVER}, .count = 1};
    for (int i = 0; i < room->sheet_count && sheets.count < SHEETS_SHOWN; i++) {
        if (room->sheets[i].owner != SEAT_SERVER) {
            sheets.owner[sheets.count++] = room->sheets[i].owner;
        }
    }
    return sheets;
}

static enum mark mark_on(const struct room *room, uint8_t owner, int item) {
    const struct room_sheet *sheet = room_sheet_of(room, owner);
    return sheet ? (enum mark)sheet->marks[item].mark : MARK_NOT_YET;
}

static const char *sheet_name(const struct screen *screen, uint8_t owner) {
    return owner == SEAT_SERVER ? "panel" : screen_name(screen, owner);
}

static int sheets_at(struct area line, const struct sheets *sheets) {
    int at = line.width - sheets->count * SHEET_WIDTH - (sheets->count > 1 ? 9 : 0);
    return at < 20 ? 20 : at > 64 ? 64 : at;
}

static void flow_item_marks(const struct screen *screen, struct flow *flow,
                            const struct sheets *sheets, int item) {
    const struct room *room = &screen->feed->model.room;
    struct area line = flow_line(flow);
    int x = sheets_at(line, sheets);
    bool differs = false;
    area_cut(line, 2, 0, x - 4, STYLE_PLAIN, room->pack->items[item].title);
    for (int i = 0; i < sheets->count; i++) {
        enum mark mark = mark_on(room, sheets->owner[i], item);
        enum style style = views_mark_style(mark);
        area_sign(line, x, 0, style, views_mark_sign(mark));
        area_text(line, x + 2, 0, style, mark == MARK_NOT_YET ? "" : mark_name(mark));
        differs = differs || mark != mark_on(room, sheets->owner[0], item);
        x += SHEET_WIDTH;
    }
    if (differs) {
        area_text(line, x, 0, STYLE_HALF, "differ");
    }
}

static void flow_phase(const struct screen *screen, struct flow *flow, const struct sheets *sheets,
                       const struct insight_summary *summary, int phase) {
    const struct room *room = &screen->feed->model.room;
    const struct insight_phase *part = &summary->phase[phase];
    char planned[20], actual[20], over[20];
    views_elapsed(planned, sizeof planned, part->planned);
    views_elapsed(actual, sizeof actual, part->actual);
    int64_t gap = part->actual - part->planned;
    views_elapsed(over, sizeof over, gap < 0 ? -gap : gap);
    flow_blank(flow);
    struct area line = flow_line(flow);
    int x =
        area_print(line, 0, 0, STYLE_TITLE, "%d %s", phase + 1, room->pack->phases[phase].title);
    x += area_print(line, x + 2, 0, STYLE_PLAIN, "%s of %s planned", actual, planned) + 2;
    if (gap >= 1000 || gap <= -1000) {
        x += area_print(line, x, 0, gap > 0 ? STYLE_BAD : STYLE_FAINT, ", %s %s", over,
                        gap > 0 ? "over" : "under");
    }
    for (int i = 1; i < sheets->count; i++) {
        struct insight_agreement agree = insight_agree(room, SEAT_SERVER, sheets->owner[i], phase);
        if (agree.counted > 0) {
            x += area_print(line, x, 0, STYLE_FAINT, "; %s agrees on %d of %d",
                            sheet_name(screen, sheets->owner[i]), agree.same, agree.counted);
        }
    }
    int items[PACK_ITEMS_MAX];
    int count = screen_items(screen, phase, items);
    for (int i = 0; i < count; i++) {
        flow_item_marks(screen, flow, sheets, items[i]);
    }
}

static void flow_summary(const struct screen *screen, struct flow *flow,
                         const struct sheets *sheets, const struct insight_summary *summary) {
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
    line = flow_line(flow);
    area_print(line, 0, 0, STYLE_PLAIN,
               "%s of %s planned, %d %% of it on failure modes (aim: %d %%)", actual, planned,
               summary->failure_percent, room->pack->failure_share);
    for (int i = 1; i < sheets->count; i++) {
        struct insight_agreement agree = insight_agree(room, SEAT_SERVER, sheets->owner[i], -1);
        line = flow_line(flow);
        area_print(line, 0, 0, STYLE_PLAIN,
                   "panel and %s agree on %d of %d items that either marked, kappa %.2f",
                   sheet_name(screen, sheets->owner[i]), agree.same, agree.counted, agree.kappa);
    }
    flow_blank(flow);
    line = flow_line(flow);
    x = sheets_at(line, sheets);
    for (int i = 0; i < sheets->count; i++) {
        area_cut(line, x + 2 + i * SHEET_WIDTH, 0, SHEET_WIDTH - 3, STYLE_TITLE,
                 sheet_name(screen, sheets->owner[i]));
    }
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
    struct sheets sheets = list_sheets(room);
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
