/* SPDX-License-Identifier: ISC */
/*
 * view_rubric.c: the items of a phase with their marks, and red flags: lists with one letter for a
 * line.
 *
 * The panel's screens show the shared sheet, or a coach's own sealed one; a candidate's screen
 * their own; in a training room the candidate sees the panel's marks beside them.
 */
#include "client/screen/views.h"

#include <stdio.h>
#include <string.h>

enum { WORD_AT_MOST = 56, STORY_WIDTH = 20 };

enum sign views_mark_sign(enum mark mark) {
    return mark == MARK_RAISED ? SIGN_RAISED : mark == MARK_PROMPTED ? SIGN_PROMPTED : SIGN_NOT_YET;
}

enum style views_mark_style(enum mark mark) {
    return mark == MARK_RAISED ? STYLE_GOOD : mark == MARK_PROMPTED ? STYLE_HALF : STYLE_FAINT;
}

/* Keeps the list's cursor in 0..rows-1 and in sight; gives the first visible row. */
static int scroll_list(struct screen *screen, int rows, int height) {
    int *cursor = &screen->cursor[screen->tab];
    int *top = &screen->top[screen->tab];
    *cursor = *cursor >= rows ? rows - 1 : *cursor;
    *cursor = *cursor < 0 ? 0 : *cursor;
    if (*top > *cursor) {
        *top = *cursor;
    }
    if (*cursor >= *top + height) {
        *top = *cursor - height + 1;
    }
    if (*top > rows - height) {
        *top = rows > height ? rows - height : 0;
    }
    return *top;
}

/* Draws the key letter of a list's row and marks the row with the cursor; gives the columns
 * used. */
static int draw_front(struct screen *screen, struct area line, int row) {
    if (screen->cursor[screen->tab] == row) {
        area_sign(line, 0, 0, STYLE_NOW, SIGN_CURSOR);
    }
    char letter[2] = {keys_letter(row), 0};
    area_text(line, 1, 0, STYLE_KEY, letter);
    return 3;
}

/* ---- the rubric ---- */

/* Who marked it and when; "" if nobody has. */
static void mark_story(const struct screen *screen, int item, char *out, size_t size) {
    const struct model *model = &screen->feed->model;
    uint8_t owner = model_sheet(model);
    const struct room_sheet *sheet = room_sheet_of(&model->room, owner);
    out[0] = '\0';
    if (!sheet || sheet->marks[item].n == 0) {
        return;
    }
    char at[20];
    views_since_start(screen, at, sizeof at, sheet->marks[item].at);
    if (owner == SEAT_SERVER) {
        snprintf(out, size, "%s %s", at, screen_name(screen, sheet->marks[item].by));
    } else {
        snprintf(out, size, "%s", at);
    }
}

static bool shows_panel_too(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    return model->role == ROLE_CANDIDATE &&
           ((model->room.mode & MODE_TRAINING) || model->room.opened);
}

static void draw_item(struct screen *screen, struct area line, int row, int item) {
    const struct model *model = &screen->feed->model;
    const struct pack_item *entry = &model->room.pack->items[item];
    bool waits;
    enum mark mark = model_mark(model, item, &waits);
    enum style style = views_mark_style(mark);
    int x = draw_front(screen, line, row);
    area_sign(line, x, 0, style, views_mark_sign(mark));
    x += 2;
    int group_at = line.width >= 72 ? line.width - 13 : line.width;
    /* A word far from its line is hard to follow: the columns stay together on wide screens. */
    int word_at = group_at - 11 > WORD_AT_MOST ? WORD_AT_MOST : group_at - 11;
    bool wide = group_at - word_at > 11 + STORY_WIDTH;
    int story_at = word_at + 11;
    group_at = wide ? story_at + STORY_WIDTH : word_at + 11;
    bool now = screen->cursor[screen->tab] == row;
    const struct room_sheet *sheet = room_sheet_of(&model->room, model_sheet(model));
    bool spare = insight_is_spare(model->room.pack, sheet, item);
    const char *word = mark != MARK_NOT_YET || waits ? mark_name(mark) : spare ? "enough" : "";
    int end = word[0] || wide ? word_at : group_at; /* a title has the place of a word not there */
    area_cut(line, x, 0, end - x - 1, now ? STYLE_STRONG : STYLE_PLAIN, entry->title);
    area_print(line, word_at, 0, style, "%s%s", word,
               waits ? theme_sign(SIGN_WAITING, line.paint->ascii) : "");
    if (shows_panel_too(screen)) {
        enum mark panel = room_panel_mark(&model->room, item);
        area_print(line, group_at, 0, views_mark_style(panel), "panel %s",
                   theme_sign(views_mark_sign(panel), line.paint->ascii));
    } else {
        area_text(line, group_at, 0, STYLE_FAINT,
                  entry->phase == screen_phase(screen) ? group_name(entry->group) : "late");
    }
    if (wide) {
        char story[NAME_MAX_BYTES + 24];
        mark_story(screen, item, story, sizeof story);
        area_cut(line, story_at, 0, group_at - story_at - 1, STYLE_FAINT, story);
    }
}

/* At the end of the pane: there is more to read; Enter gives it the whole pane. */
static void sign_more(struct area area, struct flow *flow) {
    if (flow_top_max(flow) > 0) {
        area_sign(area, area.width - 1, area.height - 1, STYLE_NOW, SIGN_MORE);
    }
}

/* What it shows, from which level on, whose it is and when it is marked; nothing of format 1. */
static void flow_facts(struct flow *flow, const struct pack *pack, const struct pack_item *item) {
    char words[PACK_ITEM_TITLE_MAX + 96];
    const char *competency = item->competency ? item->competency : "";
    int index = pack_competency_find(pack, span_of(competency));
    int len = snprintf(words, sizeof words, "%s", index < 0 ? "" : pack->competencies[index].title);
    if (item->level > LEVEL_MID) {
        len += snprintf(words + len, sizeof words - (size_t)len, "%sfrom %s on", len ? ", " : "",
                        pack_level_name(item->level));
    }
    if (item->own) {
        len += snprintf(words + len, sizeof words - (size_t)len, "%sthis prompt's own",
                        len ? ", " : "");
    }
    if (item->late) {
        snprintf(words + len, sizeof words - (size_t)len, "%smark it late", len ? ", " : "");
    }
    if (words[0] != '\0') {
        flow_item(flow, 0, STYLE_TITLE, "Shows:", STYLE_FAINT, words);
    }
}

static void flow_said(struct flow *flow, const char *what, const char *text) {
    if (text && text[0]) {
        flow_item(flow, 0, STYLE_TITLE, what, STYLE_PLAIN, text);
    }
}

/* About the item with the cursor: what counts, how strong and weak sound, what to watch for. */
static struct flow draw_detail(struct screen *screen, struct area area, int item, bool whole) {
    const struct pack *pack = screen->feed->model.room.pack;
    const struct pack_item *entry = &pack->items[item];
    const struct pack_phase *phase = &pack->phases[entry->phase];
    struct flow flow = flow_begin(area, 0);
    if (whole) {
        flow_text(&flow, 0, STYLE_TITLE, entry->title);
    }
    flow_said(&flow, "Counts:", entry->counts);
    flow_said(&flow, "Strong:", entry->strong);
    flow_said(&flow, "Weak:", entry->weak);
    if (!entry->strong || !entry->strong[0]) {
        flow_said(&flow, "In short:", entry->heading);
    }
    flow_facts(&flow, pack, entry);
    if (phase->watch && phase->watch[0]) {
        flow_blank(&flow);
        flow_item(&flow, 0, STYLE_TITLE, "Watch:", STYLE_PLAIN, phase->watch);
    }
    return flow;
}

void view_rubric(struct screen *screen, struct area area) {
    const struct room *room = &screen->feed->model.room;
    if (!room->pack) {
        return;
    }
    int items[PACK_ITEMS_MAX];
    int rows = screen_sheet_items(screen, screen_phase(screen), items);
    if (rows == 0) {
        area_text(area, 1, 0, STYLE_FAINT,
                  room->pack->item_count > 0 ? "This phase has no items."
                                             : "Your own sheet opens half a minute after the "
                                               "finish.");
        return;
    }
    if (screen->detail) {
        int cursor = screen->cursor[screen->tab];
        cursor = cursor >= rows ? rows - 1 : cursor;
        struct flow flow = draw_detail(screen, area_part(area, 1, 0, area.width - 2, area.height),
                                       items[cursor], true);
        sign_more(area, &flow);
        return;
    }
    int height = area.height >= rows + 3 ? rows : area.height;
    int top = scroll_list(screen, rows, height);
    for (int i = 0; i < height && top + i < rows; i++) {
        draw_item(screen, area_part(area, 0, i, area.width, 1), top + i, items[top + i]);
        views_hit(screen, area, 0, i, area.width, 1, HIT_ROW, top + i);
    }
    if (height == rows && height < area.height) {
        struct area below = area_part(area, 5, rows + 1, area.width - 7, area.height - rows - 1);
        if (below.width > 90) {
            below.width = 90;
        }
        struct flow flow = draw_detail(screen, below, items[screen->cursor[screen->tab]], false);
        sign_more(area, &flow);
    }
}

/* ---- flags ---- */

static const struct room_flag *flag_state(const struct room *room, int flag) {
    for (uint32_t i = 0; i < room->flag_count; i++) {
        if (room->flags[i].flag == flag) {
            return &room->flags[i];
        }
    }
    return NULL;
}

/* A change of a flag that is on its way: 0 or 1; -1: none. */
static int flag_pending(const struct model *model, const char *id) {
    for (uint32_t i = model->pending_count; i-- > 0;) {
        const struct body *body = &model->pending[i].command.body;
        if (body->act == ACTION_FLAG_SET && span_equal(body->flag, id)) {
            return (int)body->on;
        }
    }
    return -1;
}

static void draw_flag(struct screen *screen, struct area line, int row) {
    const struct model *model = &screen->feed->model;
    const struct pack_flag *flag = &model->room.pack->flags[row];
    const struct room_flag *state = flag_state(&model->room, row);
    int waiting = flag_pending(model, flag->id);
    bool on = waiting >= 0 ? waiting == 1 : state && state->on;
    int x = draw_front(screen, line, row);
    area_sign(line, x, 0, on ? STYLE_BAD : STYLE_FAINT, on ? SIGN_FLAG : SIGN_NOT_YET);
    char story[NAME_MAX_BYTES + 40] = "";
    if (waiting >= 0) {
        snprintf(story, sizeof story, "%s%s", on ? "raised" : "withdrawn",
                 theme_sign(SIGN_WAITING, line.paint->ascii));
    } else if (on) {
        char at[20];
        views_since_start(screen, at, sizeof at, state->at);
        snprintf(story, sizeof story, "%s %s", at, screen_name(screen, state->by));
    }
    const char *kind = flag->kind == FLAG_RED ? "red flag" : "mistake";
    int story_at = line.width >= 72 ? line.width - 28 : line.width - 10;
    bool now = screen->cursor[screen->tab] == row;
    int end = story[0] || line.width < 72 ? story_at : line.width - 9;
    area_cut(line, x + 2, 0, end - x - 3,
             on    ? STYLE_BAD
             : now ? STYLE_STRONG
                   : STYLE_PLAIN,
             flag->title);
    if (line.width >= 72) {
        area_cut(line, story_at, 0, 17, STYLE_BAD, story);
    }
    area_text(line, line.width - 9, 0, STYLE_FAINT, kind);
}

/* What to do instead; with its title if it has the whole pane. */
static struct flow draw_fix(const struct pack_flag *flag, struct area area, bool whole) {
    struct flow flow = flow_begin(area, 0);
    if (whole) {
        flow_text(&flow, 0, STYLE_TITLE, flag->title);
    }
    if (flag->fix) {
        flow_item(&flow, 0, STYLE_TITLE, "Instead:", STYLE_PLAIN, flag->fix);
    }
    return flow;
}

void view_flags(struct screen *screen, struct area area) {
    const struct pack *pack = screen->feed->model.room.pack;
    if (!pack) {
        return;
    }
    int rows = pack->flag_count;
    if (screen->detail && rows > 0) {
        int row = screen->cursor[screen->tab] < rows ? screen->cursor[screen->tab] : rows - 1;
        struct flow flow =
            draw_fix(&pack->flags[row], area_part(area, 1, 0, area.width - 2, area.height), true);
        sign_more(area, &flow);
        return;
    }
    int height = area.height >= rows + 3 ? rows : area.height - (area.height > 8 ? 2 : 0);
    int top = scroll_list(screen, rows, height);
    for (int i = 0; i < height && top + i < rows; i++) {
        draw_flag(screen, area_part(area, 0, i, area.width, 1), top + i);
        views_hit(screen, area, 0, i, area.width, 1, HIT_ROW, top + i);
    }
    int cursor = screen->cursor[screen->tab];
    if (rows > 0 && area.height > height && pack->flags[cursor].fix) {
        struct area below = area_part(area, 5, height + (rows == height ? 1 : 0), area.width - 7,
                                      area.height - height);
        struct flow flow = draw_fix(&pack->flags[cursor], below, false);
        sign_more(area, &flow);
    }
}
