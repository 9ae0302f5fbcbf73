/* SPDX-License-Identifier: ISC */
/*
 * view_clock.c: the phase clock in digits that can be read across a desk, its words, the bar of
 * every phase. All of it is computed from the fold and `now`.
 */
#include "client/screen/views.h"

#include <stdio.h>
#include <string.h>

/* ---- figures ---- */

void views_elapsed(char *out, size_t size, int64_t ms) {
    clock_text(out, size, ms < 0 ? 0 : ms / 1000 * 1000);
}

void views_left(char *out, size_t size, int64_t ms) {
    clock_text(out, size, ms < 0 ? 0 : (ms + 999) / 1000 * 1000);
}

void views_since_start(const struct screen *screen, char *out, size_t size, int64_t at) {
    views_elapsed(out, size, clock_running_at(&screen->feed->model.room, at, NULL));
}

/* ---- large digits: 3 × 5 pixels each, rows from the top, highest bit left ---- */

static const struct glyph {
    char character;
    unsigned char width, rows[5];
} glyphs[] = {
    {'0', 3, {7, 5, 5, 5, 7}}, {'1', 3, {2, 6, 2, 2, 7}}, {'2', 3, {7, 1, 7, 4, 7}},
    {'3', 3, {7, 1, 7, 1, 7}}, {'4', 3, {5, 5, 7, 1, 1}}, {'5', 3, {7, 4, 7, 1, 7}},
    {'6', 3, {7, 4, 7, 5, 7}}, {'7', 3, {7, 1, 1, 1, 1}}, {'8', 3, {7, 5, 7, 5, 7}},
    {'9', 3, {7, 5, 7, 1, 7}}, {':', 1, {0, 1, 0, 1, 0}}, {'+', 3, {0, 2, 7, 2, 0}},
    {'-', 3, {0, 0, 7, 0, 0}},
};

static const struct glyph *glyph_of(char character) {
    for (size_t i = 0; i < sizeof glyphs / sizeof *glyphs; i++) {
        if (glyphs[i].character == character) {
            return &glyphs[i];
        }
    }
    return NULL;
}

static bool lit(const struct glyph *glyph, int x, int y) {
    return y < 5 && (glyph->rows[y] >> (glyph->width - 1 - x) & 1);
}

/* Columns of a text whose pixels are `scale` columns wide, one pixel between characters. */
static int digits_width(const char *text, int scale) {
    int pixels = -1;
    for (; *text; text++) {
        const struct glyph *glyph = glyph_of(*text);
        pixels += glyph ? glyph->width + 1 : 0;
    }
    return pixels < 0 ? 0 : pixels * scale;
}

/* Three lines high: two pixels in one cell. */
static void draw_half(struct area area, int x, enum style style, const struct glyph *glyph) {
    for (int row = 0; row < 3; row++) {
        for (int column = 0; column < glyph->width; column++) {
            bool upper = lit(glyph, column, 2 * row), lower = lit(glyph, column, 2 * row + 1);
            if (upper || lower) {
                area_sign(area, x + column, row, style,
                          upper && lower ? SIGN_PIXEL
                          : upper        ? SIGN_PIXEL_UPPER
                                         : SIGN_PIXEL_LOWER);
            }
        }
    }
}

/* Five lines high. */
static void draw_full(struct area area, int x, int scale, enum style style,
                      const struct glyph *glyph) {
    for (int row = 0; row < 5; row++) {
        for (int column = 0; column < glyph->width; column++) {
            if (lit(glyph, column, row)) {
                area_row(area, x + column * scale, row, style, SIGN_PIXEL, scale);
            }
        }
    }
}

static int draw_digits(struct area area, enum style style, const char *text) {
    bool full = area.height >= 5;
    int scale = full && digits_width(text, 2) <= area.width ? 2 : 1;
    if (!full && (area.paint->ascii || area.height < 3)) {
        return area_text(area, 0, area.height / 2, style, text);
    }
    int x = 0;
    for (; *text; text++) {
        const struct glyph *glyph = glyph_of(*text);
        if (glyph && full) {
            draw_full(area, x, scale, style, glyph);
        } else if (glyph) {
            draw_half(area, x, style, glyph);
        }
        x += glyph ? (glyph->width + 1) * scale : 0;
    }
    return x - scale;
}

/* ---- what the clock says ---- */

struct figures {
    char large[24]; /* the number to be seen first */
    enum style style;
    char where[96];                        /* which phase, until when */
    char phase[96];                        /* about this phase */
    char whole[96];                        /* about the interview */
    char phase_short[96], whole_short[96]; /* where those have no place; "": none */
};

static void figures_idle(const struct screen *screen, const struct clock_reading *reading,
                         struct figures *out) {
    const struct room *room = &screen->feed->model.room;
    char budget[20], spent[20];
    views_elapsed(budget, sizeof budget, reading->whole_budget);
    views_elapsed(spent, sizeof spent, reading->whole_elapsed);
    bool before = room->stage <= STAGE_WAITING;
    int64_t planned = clock_planned(room);
    bool changed = planned != reading->whole_budget;
    snprintf(out->large, sizeof out->large, "%s", before ? budget : spent);
    snprintf(out->where, sizeof out->where, "%s", before ? "Before the start" : "Finished");
    snprintf(out->phase, sizeof out->phase, "spent of %s %s", budget,
             changed ? "given" : "planned");
    if (changed) {
        views_elapsed(budget, sizeof budget, planned);
        snprintf(out->whole, sizeof out->whole, "%s planned", budget);
    }
    if (before) {
        bool starts = screen->feed->model.role == ROLE_INTERVIEWER;
        snprintf(out->phase, sizeof out->phase, "%s in %d phases", changed ? "given" : "planned",
                 room->pack ? room->pack->phase_count : 0);
        snprintf(out->whole, sizeof out->whole, "%s",
                 starts ? "n starts the clock" : "an interviewer starts it");
    }
    if (before && screen->feed->is_recording) {
        out->whole[0] = '\0';
    }
    out->style = STYLE_PLAIN;
}

/* The time of the whole interview, and behind it what the phases before this one owe or left over,
 * or what is left of the reserve. */
static void put_whole(const struct room *room, const struct clock_reading *reading, char *out,
                      char *brief, size_t size) {
    char whole[20], planned[20], more[20];
    /* Overtime is owed on top of what was carried, or has eaten what was saved. */
    int64_t owed = reading->phase_over > 0 ? reading->phase_over : -reading->carried;
    bool owes = clock_is_one(room) && owed >= 1000;
    bool saved = reading->carried >= 1000 && reading->phase_left >= 0;
    int64_t ms = owes ? owed : saved ? reading->carried : reading->reserve_left;
    views_elapsed(whole, sizeof whole, reading->whole_elapsed);
    views_elapsed(planned, sizeof planned, reading->whole_budget);
    views_elapsed(more, sizeof more, ms);
    if (owes || saved || reading->reserve > 0) {
        const char *what = owes ? "owed" : saved ? "saved" : "spare";
        snprintf(out, size, "all %s of %s, %s %s", whole, planned, more, what);
        snprintf(brief, size, "all %s, %s %s", whole, more, what);
    } else {
        snprintf(out, size, "whole interview %s of %s", whole, planned);
        snprintf(brief, size, "all %s of %s", whole, planned);
    }
}

/* Which phase; and until when it is planned, the moment that the alarms go by too. */
static void put_where(const struct room *room, const struct clock_reading *reading, char *out,
                      size_t size) {
    char moment[20];
    const char *title =
        reading->phase < room->pack->phase_count ? room->pack->phases[reading->phase].title : "";
    int len =
        snprintf(out, size, "%d of %d  %s", reading->phase + 1, room->pack->phase_count, title);
    views_elapsed(moment, sizeof moment, reading->phase_ends);
    if (clock_is_one(room)) {
        snprintf(out + len, size - (size_t)len, ", until %s", moment);
    }
}

static void figures_live(const struct screen *screen, const struct clock_reading *reading,
                         struct figures *out) {
    const struct room *room = &screen->feed->model.room;
    char spent[20], budget[20], over[20], left[20];
    views_elapsed(spent, sizeof spent, reading->phase_elapsed);
    views_elapsed(budget, sizeof budget, reading->phase_budget);
    views_elapsed(over, sizeof over, -reading->phase_left);
    views_left(left, sizeof left, reading->phase_left);
    put_where(room, reading, out->where, sizeof out->where);
    put_whole(room, reading, out->whole, out->whole_short, sizeof out->whole);
    if (reading->phase_left < 0) {
        bool paid = reading->phase_over == 0;
        snprintf(out->large, sizeof out->large, "+%s", over);
        snprintf(out->phase, sizeof out->phase, "%s, %s of %s spent", paid ? "reserve" : "over",
                 spent, budget);
        snprintf(out->phase_short, sizeof out->phase_short, "%s of %s", spent, budget);
        out->style = paid ? STYLE_HALF : STYLE_BAD;
    } else {
        snprintf(out->large, sizeof out->large, "%s", left);
        snprintf(out->phase, sizeof out->phase, "left, %s of %s spent", spent, budget);
        out->style = room->stage == STAGE_PAUSED ? STYLE_HALF : STYLE_NOW;
    }
}

static void read_figures(const struct screen *screen, struct figures *out) {
    const struct room *room = &screen->feed->model.room;
    *out = (struct figures){0};
    if (!room->pack) {
        snprintf(out->where, sizeof out->where, "Waiting for the room");
        return;
    }
    struct clock_reading reading = clock_read(room, screen->now);
    if (room->stage == STAGE_RUNNING || room->stage == STAGE_PAUSED) {
        figures_live(screen, &reading, out);
    } else {
        figures_idle(screen, &reading, out);
    }
}

static void draw_line(struct area area, const struct figures *figures) {
    int x = 1 + area_text(area, 1, 0, figures->style, figures->large) + 2;
    x += area_text(area, x, 0, STYLE_STRONG, figures->where) + 2;
    if (x + text_columns(span_of(figures->whole)) < area.width) {
        area_text(area, x, 0, STYLE_FAINT, figures->whole);
    }
}

/* The long words, or the short ones where those have no place. */
static void draw_words(struct area area, int y, enum style style, const char *words,
                       const char *brief) {
    bool fits = brief[0] == '\0' || text_columns(span_of(words)) <= area.width;
    area_cut(area, 0, y, area.width, style, fits ? words : brief);
}

void view_clock(struct screen *screen, struct area area) {
    struct figures figures;
    read_figures(screen, &figures);
    bool paused = screen->feed->model.room.stage == STAGE_PAUSED;
    if (area.height < 3) {
        draw_line(area, &figures);
    } else if (area.height < 9) {
        int x = draw_digits(area_part(area, 1, 0, 30, 3), figures.style, figures.large) + 4;
        x = x < 22 ? 22 : x;
        struct area words = area_part(area, x, 0, area.width - x, 3);
        int after = area_cut(words, 0, 0, words.width, STYLE_STRONG, figures.where);
        if (paused && after + 8 <= words.width) {
            area_text(words, after + 2, 0, STYLE_HALF, "paused");
        }
        draw_words(words, 1, figures.style == STYLE_BAD ? STYLE_BAD : STYLE_PLAIN, figures.phase,
                   figures.phase_short);
        draw_words(words, 2, STYLE_FAINT, figures.whole, figures.whole_short);
    } else {
        area_text(area, 0, 0, STYLE_STRONG, figures.where);
        if (paused) {
            area_right(area, 0, STYLE_HALF, "paused");
        }
        draw_digits(area_part(area, 0, 2, area.width, 5), figures.style, figures.large);
        area_text(area, 0, 8, figures.style == STYLE_BAD ? STYLE_BAD : STYLE_PLAIN, figures.phase);
        area_text(area, 0, 9, STYLE_FAINT, figures.whole);
    }
}

/* ---- phases ---- */

void views_bar(struct area area, int x, int y, int width, int64_t spent, int64_t budget,
               int64_t scale, enum style style) {
    if (width <= 0 || scale <= 0) {
        return;
    }
    int planned = (int)(budget * width / scale);
    planned = planned < 1 ? 1 : planned;
    int64_t inside = spent < budget ? spent : budget;
    int filled = (int)(inside * width / scale);
    int over = spent > budget ? (int)((spent - budget) * width / scale) : 0;
    if (spent > budget + 999 && over == 0) {
        over = 1;
    }
    planned = planned + over > width ? width - over : planned;
    filled = filled > planned || over > 0 ? planned : filled;
    area_row(area, x, y, style, SIGN_BAR_SPENT, filled);
    area_row(area, x + filled, y, STYLE_FAINT, SIGN_BAR_LEFT, planned - filled);
    area_row(area, x + planned, y, style == STYLE_NOW ? STYLE_BAD : STYLE_HALF, SIGN_BAR_OVER,
             over);
}

struct phase_look {
    int64_t spent, budget,
        reserve; /* ms: budget is what it has, reserve what may be used besides */
    bool now, seen;
    enum style style;
    enum sign sign; /* SIGN_COUNT: none */
};

static struct phase_look look_at(const struct screen *screen, int phase) {
    const struct room *room = &screen->feed->model.room;
    struct clock_share share = clock_share(room, (uint8_t)phase, screen->now);
    struct phase_look look = {.spent = clock_spent(room, (uint8_t)phase, screen->now),
                              .budget = share.allowed > 0 ? share.allowed : 0,
                              .reserve = share.reserve};
    bool live = room->stage == STAGE_RUNNING || room->stage == STAGE_PAUSED;
    look.now = live && room->clock.phase == phase;
    look.seen = room->clock.reached[phase] >= 0 && room->stage >= STAGE_RUNNING;
    look.style = look.now ? STYLE_NOW : look.seen ? STYLE_PLAIN : STYLE_FAINT;
    look.sign = look.now ? SIGN_NOW : look.seen ? SIGN_KEPT : SIGN_COUNT;
    return look;
}

/* That of a bar: what the reserve pays is no fault. */
static enum style bar_style(const struct phase_look *look) {
    bool paid = look->spent > look->budget && look->spent <= look->budget + look->reserve;
    return look->now && paid ? STYLE_HALF : look->style;
}

/* Overtime is loud while it lasts, unless the reserve pays it; afterwards it is a fact. */
static enum style figure_style(const struct phase_look *look) {
    bool over = look->spent >= look->budget + 1000;
    bool owed = look->spent >= look->budget + look->reserve + 1000;
    return !over ? look->style : look->now && owed ? STYLE_BAD : STYLE_HALF;
}

static void short_budget(char *out, size_t size, int64_t ms) {
    if (ms % 60000 == 0) {
        snprintf(out, size, "%lldm", (long long)(ms / 60000));
    } else {
        views_elapsed(out, size, ms);
    }
}

static void draw_cell(struct screen *screen, struct area cell, int phase) {
    const struct pack *pack = screen->feed->model.room.pack;
    struct phase_look look = look_at(screen, phase);
    char budget[20], spent[20];
    short_budget(budget, sizeof budget, look.budget);
    views_elapsed(spent, sizeof spent, look.spent);
    if (look.sign != SIGN_COUNT) {
        area_sign(cell, 0, 0, look.style, look.sign);
    }
    int room = cell.width - 1 - (int)strlen(budget) - 1;
    char title[PACK_PHASE_TITLE_MAX + 16];
    snprintf(title, sizeof title, "%d %s", phase + 1, pack->phases[phase].title);
    area_cut(cell, 1, 0, room < 3 ? cell.width - 1 : room, look.style, title);
    if (room >= 3) {
        area_right(cell, 0, STYLE_FAINT, budget);
    }
    int bar = cell.width - 7;
    if (bar < 4) {
        views_bar(cell, 0, 1, cell.width, look.spent, look.budget, look.budget, bar_style(&look));
        return;
    }
    int64_t scale = look.spent > look.budget ? look.spent : look.budget;
    views_bar(cell, 1, 1, bar, look.spent, look.budget, scale, bar_style(&look));
    if (look.seen) {
        area_right(cell, 1, figure_style(&look), spent);
    }
}

void view_phases_strip(struct screen *screen, struct area area) {
    const struct pack *pack = screen->feed->model.room.pack;
    if (!pack || area.height < 2) {
        return;
    }
    for (int i = 0; i < pack->phase_count; i++) {
        int from = i * area.width / pack->phase_count;
        int to = (i + 1) * area.width / pack->phase_count;
        draw_cell(screen, area_part(area, from, 0, to - from - 1, 2), i);
        views_hit(screen, area, from, 0, to - from, 2, HIT_PHASE, i);
    }
}

static void draw_row(struct screen *screen, struct area area, int y, int phase, int64_t scale,
                     bool with_bar) {
    const struct pack *pack = screen->feed->model.room.pack;
    struct phase_look look = look_at(screen, phase);
    struct area line = area_part(area, 0, y, area.width, 1);
    char figures[48], spent[20], budget[20];
    views_elapsed(spent, sizeof spent, look.spent);
    views_elapsed(budget, sizeof budget, look.budget);
    if (look.seen) {
        snprintf(figures, sizeof figures, "%s of %s", spent, budget);
    } else {
        snprintf(figures, sizeof figures, "%s", budget);
    }
    int taken = area_right(line, 0, figure_style(&look), figures);
    if (look.sign != SIGN_COUNT) {
        area_sign(line, 0, 0, look.style, look.sign);
    }
    char title[PACK_PHASE_TITLE_MAX + 16];
    snprintf(title, sizeof title, "%d %s", phase + 1, pack->phases[phase].title);
    area_cut(line, 2, 0, line.width - taken - 3, look.style, title);
    if (with_bar) {
        views_bar(area, 2, y + 1, area.width - 2, look.spent, look.budget, scale, bar_style(&look));
    }
    views_hit(screen, area, 0, y, area.width, with_bar ? 2 : 1, HIT_PHASE, phase);
}

void view_phases_column(struct screen *screen, struct area area) {
    const struct room *room = &screen->feed->model.room;
    if (!room->pack) {
        return;
    }
    bool with_bar = area.height >= 2 * room->pack->phase_count;
    int64_t scale = 1;
    for (int i = 0; i < room->pack->phase_count; i++) {
        struct phase_look look = look_at(screen, i);
        scale = look.budget > scale ? look.budget : scale;
        scale = look.spent > scale ? look.spent : scale;
    }
    for (int i = 0; i < room->pack->phase_count; i++) {
        draw_row(screen, area, i * (with_bar ? 2 : 1), i, scale, with_bar);
    }
}
