/* SPDX-License-Identifier: ISC */
/*
 * view_wall.c: the wall as a picture: a row for each room, one line high where the terminal is
 * wide, else two.
 *
 * What a colour says is said by a sign or a word too. Texts of people go through paint.h, so that
 * lines stay straight whatever a name holds.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "client/screen/views.h"
#include "client/screen/wall_screen.h"

enum {
    ONE_LINE_FROM = 150, /* columns */
    FRAME_LINES = 4,     /* header, titles, status, keys */
    NAME_LEAST = 8,      /* with its sign */
    PHASE_WIDTH = 13,
    LEFT_WIDTH = 8,
    MARKS_WIDTH = 13,
    FLAGS_WIDTH = 5,
    TRIPS_WIDTH = 14,
    LAST_WIDTH = 9,
    BAR_ENOUGH = 20,
    NAMES_ENOUGH = 36 /* three of them */
};

/* Where the parts of a row are; a width of 0: left out. */
struct columns {
    bool one_line;
    int names, names_width, phase, bar, bar_width, left, marks, marks_width, flags;
    int trips, last, reason, reason_width;
};

static struct columns place(int width) {
    struct columns columns = {
        .one_line = width >= ONE_LINE_FROM, .names = 3, .marks_width = MARKS_WIDTH};
    int tail = columns.one_line ? TRIPS_WIDTH + LAST_WIDTH + width / 3 : 0;
    int rest = width - columns.names - PHASE_WIDTH - LEFT_WIDTH - FLAGS_WIDTH - tail;
    columns.marks_width = rest >= 32 ? MARKS_WIDTH : 0;
    rest -= columns.marks_width;
    columns.bar_width = rest >= 34 ? rest / 3 : 0;
    columns.names_width = rest - columns.bar_width - 1;
    if (columns.one_line) { /* what is more than enough goes to the reasons */
        columns.bar_width = columns.bar_width < BAR_ENOUGH ? columns.bar_width : BAR_ENOUGH;
        columns.names_width =
            columns.names_width < NAMES_ENOUGH ? columns.names_width : NAMES_ENOUGH;
    }
    columns.phase = columns.names + columns.names_width + 1;
    columns.bar = columns.phase + PHASE_WIDTH;
    columns.left = columns.bar + columns.bar_width;
    columns.marks = columns.left + LEFT_WIDTH;
    columns.flags = columns.marks + columns.marks_width;
    int after = columns.flags + FLAGS_WIDTH;
    columns.trips = columns.one_line ? after : width - TRIPS_WIDTH - LAST_WIDTH;
    columns.last = columns.trips + TRIPS_WIDTH;
    columns.reason = columns.one_line ? columns.last + LAST_WIDTH + 1 : columns.names;
    columns.reason_width =
        columns.one_line ? width - columns.reason : columns.trips - columns.reason - 1;
    return columns;
}

/* ---- a row ---- */

/* Columns for a name: what it needs, as long as each of the others after it keeps a few. */
static int share_of(int room, int others, const char *name) {
    int needed = text_columns(span_of(name));
    int most = room - others * NAME_LEAST;
    return needed < most ? needed : most;
}

static void draw_names(const struct wall_room *room, struct area area, bool chosen) {
    const struct room *state = &room->seat.feed.model.room;
    const struct wall_row *row = &room->row;
    int x = 0;
    for (uint8_t i = 0; i < row->people; i++) {
        const struct room_seat *seat = &state->seats[row->seats[i]];
        int share = share_of(area.width - x - 2, row->people - i - 1, seat->name);
        share = share < 3 && i == 0 ? area.width - 2 : share; /* the candidate at least */
        if (share < 1) {
            return;
        }
        enum style style = seat->here ? STYLE_GOOD : STYLE_BAD;
        area_sign(area, x, 0, style, seat->here ? SIGN_HERE : SIGN_AWAY);
        enum style name = chosen ? STYLE_SELECTED : i == 0 ? STYLE_STRONG : STYLE_PLAIN;
        x += 2 + area_cut(area, x + 2, 0, share, name, seat->name) + 2;
    }
    if (row->people == 0) {
        area_cut(area, 0, 0, area.width, chosen ? STYLE_SELECTED : STYLE_FAINT,
                 room->seat.joined_ever ? "nobody yet" : room->seat.invite.room);
    }
}

static void draw_phase(const struct wall_room *room, struct area area) {
    const struct room *state = &room->seat.feed.model.room;
    enum stage stage = state->stage;
    if (room->seat.over || stage == STAGE_NEW || !state->pack) {
        area_cut(area, 0, 0, area.width, STYLE_FAINT, room->seat.over ? "ended" : "joining");
        return;
    }
    if (stage != STAGE_RUNNING && stage != STAGE_PAUSED) {
        area_cut(area, 0, 0, area.width, STYLE_FAINT, stage_shown(stage));
        return;
    }
    int x = 0;
    if (stage == STAGE_PAUSED) {
        x = area_sign(area, 0, 0, STYLE_HALF, SIGN_PAUSED) + 1;
    }
    x += area_print(area, x, 0, STYLE_FAINT, "%d", state->clock.phase + 1) + 1;
    area_cut(area, x, 0, area.width - x, STYLE_PLAIN,
             state->pack->phases[state->clock.phase].title);
}

/* The bar of the phase, and what is left of it or over it. */
static void draw_time(const struct wall_room *room, const struct columns *columns, struct area line,
                      int64_t now) {
    const struct room *state = &room->seat.feed.model.room;
    char text[24], sum[28];
    if (state->stage != STAGE_RUNNING && state->stage != STAGE_PAUSED) {
        return;
    }
    struct clock_reading reading = clock_read(state, now);
    bool over = reading.phase_left < 0;
    enum style style = !over ? STYLE_NOW : reading.phase_over > 0 ? STYLE_BAD : STYLE_HALF;
    if (columns->bar_width > 1) {
        int64_t scale = over ? reading.phase_elapsed : reading.phase_budget;
        views_bar(line, columns->bar, 0, columns->bar_width - 1, reading.phase_elapsed,
                  reading.phase_budget, scale, style);
    }
    if (over) {
        views_elapsed(text, sizeof text, -reading.phase_left);
    } else {
        views_left(text, sizeof text, reading.phase_left);
    }
    snprintf(sum, sizeof sum, "%s%s", over ? "+" : "", text);
    area_right(area_part(line, columns->left, 0, LEFT_WIDTH - 1, 1), 0, over ? style : STYLE_PLAIN,
               sum);
}

static int draw_count(struct area area, int x, int count, enum style style, enum sign sign) {
    int width = 3;
    char text[12];
    snprintf(text, sizeof text, "%d", count);
    area_right(area_part(area, x, 0, width - 1, 1), 0, count > 0 ? STYLE_PLAIN : STYLE_FAINT, text);
    area_sign(area, x + width - 1, 0, style, sign);
    return width + 1;
}

static void draw_marks(const struct wall_room *room, const struct columns *columns,
                       struct area line) {
    const struct wall_row *row = &room->row;
    struct area area = area_part(line, columns->marks, 0, columns->marks_width, 1);
    if (row->items == 0) {
        return;
    }
    int x = draw_count(area, 0, row->raised, STYLE_GOOD, SIGN_RAISED);
    x += draw_count(area, x, row->prompted, STYLE_HALF, SIGN_PROMPTED);
    draw_count(area, x, row->items - row->raised - row->prompted, STYLE_FAINT, SIGN_NOT_YET);
    if (row->flags > 0) {
        area_sign(line, columns->flags, 0, STYLE_BAD, SIGN_FLAG);
        area_print(line, columns->flags + 1, 0, STYLE_BAD, "%d", row->flags);
    }
}

/* "12/40 ms": the round trips of those named, in their order. */
static void draw_trips(const struct wall_room *room, struct area area) {
    char text[64] = "";
    size_t len = 0;
    bool any = false;
    for (uint8_t i = 0; i < room->row.people && i < 3; i++) {
        uint8_t seat = room->row.seats[i];
        int64_t trip = room->seat.feed.model.room.seats[seat].here ? room->trips[seat] : 0;
        any = any || trip > 0;
        const char *between = i > 0 ? "/" : "";
        len += (size_t)(trip > 0 ? snprintf(text + len, sizeof text - len, "%s%lld", between,
                                            (long long)trip)
                                 : snprintf(text + len, sizeof text - len, "%s-", between));
    }
    if (any) {
        snprintf(text + len, sizeof text - len, " ms");
        area_cut(area, 0, 0, area.width - 1, STYLE_FAINT, text);
    }
}

static void draw_last(const struct wall_room *room, struct area area, int64_t now) {
    char text[24], sum[32];
    if (room->active_at > 0) {
        views_elapsed(text, sizeof text, now > room->active_at ? now - room->active_at : 0);
        snprintf(sum, sizeof sum, "%s ago", text);
        area_right(area, 0, STYLE_FAINT, sum);
    }
}

static enum style reason_style(const struct wall_room *room) {
    enum attention_kind need = wall_need(room);
    return need == ATTENTION_NONE ? STYLE_FAINT : wall_place_is_bad(need) ? STYLE_BAD : STYLE_HALF;
}

/* What needs attention; where nothing does, what is practised. Where it is long and something is
 * amiss, it takes the place of what stands behind it in a second line. Returns where it ends. */
static int draw_reason(const struct wall_room *room, const struct columns *columns,
                       struct area line, int64_t now) {
    const struct model *model = &room->seat.feed.model;
    char text[1024];
    int x = columns->reason, end = columns->reason + columns->reason_width;
    wall_row_reasons(&room->row, model, now, INT_MAX, text, sizeof text);
    if (room->why[0] != '\0') {
        snprintf(text, sizeof text, "%s", room->why);
    } else if (text[0] == '\0' && model->room.pack) {
        size_t len = (size_t)snprintf(text, sizeof text, "%s", model->room.pack->title);
        if (room->row.boxes > 0) {
            snprintf(text + len, sizeof text - len, "; %d box%s, %d cite%s a requirement",
                     room->row.boxes, room->row.boxes == 1 ? "" : "es", room->row.citing,
                     room->row.citing == 1 ? "s" : "");
        }
    } else if (room->muted) {
        x += area_text(line, x, 0, STYLE_FAINT, "muted: ");
    }
    int needed = x + text_columns(span_of(text));
    if (!columns->one_line && wall_need(room) != ATTENTION_NONE && needed > end) {
        end = needed < columns->last ? columns->last - 1 : line.width - 1;
    }
    if (needed > end && room->why[0] == '\0' && room->row.count > 1) {
        wall_row_reasons(&room->row, model, now, end - x, text, sizeof text);
    }
    area_cut(line, x, 0, end - x, reason_style(room), text);
    return needed < end ? needed : end;
}

static void draw_row(const struct wall_screen *screen, const struct wall_room *room,
                     const struct columns *columns, struct area area) {
    int64_t now = wall_now(room, screen->mono);
    bool chosen = strcmp(screen->chosen, room->seat.invite.room) == 0;
    struct area line = area_part(area, 0, 0, area.width, 1);
    struct area second = columns->one_line ? line : area_part(area, 0, 1, area.width, 1);
    if (chosen) {
        area_sign(line, 0, 0, STYLE_KEY, SIGN_CURSOR);
    }
    bool need = wall_need(room) != ATTENTION_NONE;
    area_sign(line, 1, 0, need ? reason_style(room) : STYLE_FAINT,
              need          ? SIGN_ALARM
              : room->muted ? SIGN_DASH
                            : SIGN_DOT);
    draw_names(room, area_part(line, columns->names, 0, columns->names_width, 1), chosen);
    draw_phase(room, area_part(line, columns->phase, 0, PHASE_WIDTH - 1, 1));
    draw_time(room, columns, line, now);
    draw_marks(room, columns, line);
    int end = draw_reason(room, columns, second, now);
    if (columns->one_line || end < columns->trips) {
        draw_trips(room, area_part(second, columns->trips, 0, TRIPS_WIDTH, 1));
    }
    if (columns->one_line || end < columns->last) {
        draw_last(room, area_part(second, columns->last, 0, LAST_WIDTH, 1), now);
    }
}

/* ---- around the rows ---- */

static void draw_link(const struct wall_screen *screen, struct area area) {
    const struct wall_state *state = &screen->state;
    char text[64];
    enum style style = STYLE_BAD;
    if (state->live == 0) {
        snprintf(text, sizeof text, "cut off");
    } else if (state->live < state->servers) {
        snprintf(text, sizeof text, "%u of %u servers", state->live, state->servers);
    } else {
        style = views_heard(model_silence(state->heard_at, screen->mono), state->error_ms,
                            area.paint->ascii, text, sizeof text);
    }
    area_right(area_part(area, 0, 0, area.width - 1, 1), 0, style, text);
    area_sign(area, area.width - text_columns(span_of(text)) - 3, 0, style,
              style == STYLE_GOOD ? SIGN_HERE : SIGN_AWAY);
}

static void draw_header(const struct wall_screen *screen, struct area area) {
    uint32_t running = 0;
    for (uint32_t i = 0; i < screen->wall->count; i++) {
        enum stage stage = screen->wall->rooms[i]->seat.feed.model.room.stage;
        running += stage == STAGE_RUNNING || stage == STAGE_PAUSED;
    }
    draw_link(screen, area);
    struct area left = area_part(area, 1, 0, area.width - 22, 1);
    int x = area_text(left, 0, 0, STYLE_TITLE, "The wall") + 2;
    uint32_t needs = wall_needs(screen->wall);
    if (needs > 0) {
        x += area_sign(left, x, 0, STYLE_BAD, SIGN_ALARM) + 1;
        x += area_print(left, x, 0, STYLE_BAD, "%u need%s you", needs, needs == 1 ? "s" : "") + 2;
    } else {
        x += area_text(left, x, 0, STYLE_GOOD, "nobody needs you") + 2;
    }
    x += area_print(left, x, 0, STYLE_PLAIN, "%u room%s, %u running", screen->wall->count,
                    screen->wall->count == 1 ? "" : "s", running) +
         2;
    if (screen->filter[0] != '\0') {
        x += area_text(left, x, 0, STYLE_HALF, "filter: ");
        area_cut(left, x, 0, left.width - x, STYLE_HALF, screen->filter);
    } else {
        area_cut(left, x, 0, left.width - x, STYLE_FAINT, screen->name);
    }
}

static void draw_titles(const struct wall_screen *screen, const struct columns *columns,
                        struct area area, int rows) {
    area_cut(area, columns->names, 0, columns->names_width, STYLE_FAINT, "Candidate, interviewer");
    area_text(area, columns->phase, 0, STYLE_FAINT, "Phase");
    if (columns->bar_width > 0) {
        area_cut(area, columns->bar, 0, columns->bar_width - 1, STYLE_FAINT, "Budget");
    }
    area_right(area_part(area, columns->left, 0, LEFT_WIDTH - 1, 1), 0, STYLE_FAINT, "left");
    if (columns->marks_width > 0) {
        area_text(area, columns->marks, 0, STYLE_FAINT, "Marks");
    }
    if (columns->one_line) {
        area_text(area, columns->trips, 0, STYLE_FAINT, "Round trips");
        area_right(area_part(area, columns->last, 0, LAST_WIDTH, 1), 0, STYLE_FAINT, "Last");
        area_text(area, columns->reason, 0, STYLE_FAINT, "What needs attention");
    }
    if (rows < screen->shown_count) {
        char text[48];
        snprintf(text, sizeof text, " %d%s%d of %d", screen->top + 1,
                 theme_sign(SIGN_DASH, area.paint->ascii), screen->top + rows, screen->shown_count);
        area_right(area_part(area, 0, 0, area.width - 1, 1), 0, STYLE_PLAIN, text);
    }
}

/* Which rows are in sight: bounded, and moved only when the choice was. */
static int scroll(struct wall_screen *screen, int page) {
    int row = 0;
    for (int i = 0; i < screen->shown_count; i++) {
        row = strcmp(screen->shown[i]->seat.invite.room, screen->chosen) == 0 ? i : row;
    }
    if (screen->cursor_moved && row < screen->top) {
        screen->top = row;
    } else if (screen->cursor_moved && row >= screen->top + page) {
        screen->top = row - page + 1;
    }
    int most = screen->shown_count > page ? screen->shown_count - page : 0;
    screen->top = screen->top > most ? most : screen->top;
    screen->cursor_moved = false;
    screen->page = page;
    int rows = screen->shown_count - screen->top;
    return rows > page ? page : rows;
}

/* Why no room is shown, and what would show some. */
static const char *nothing_words(const struct wall_screen *screen) {
    bool others = false;
    bool off = false; /* what the filter is for was taken off the wall */
    for (uint32_t i = 0; i < screen->wall->count; i++) {
        const struct wall_room *room = screen->wall->rooms[i];
        others = others || !room->hidden;
        off = off || (room->hidden && wall_screen_matches(screen, room));
    }
    if (screen->wall->count == 0) {
        return "No room is open now. Each appears here by itself once it opens.";
    }
    if (!others) {
        return "You have taken every room off this wall; each comes back by itself once somebody "
               "comes or does something.";
    }
    return off ? "You have taken what matches the filter off this wall; Esc shows the others."
               : "No room matches the filter; Esc shows all.";
}

static void draw_rows(struct wall_screen *screen, struct area area, const struct columns *columns,
                      int rows) {
    int height = columns->one_line ? 1 : 2;
    screen->row_count = rows;
    for (int i = 0; i < rows; i++) {
        struct area part = area_part(area, 0, i * height, area.width, height);
        screen->rows[i] = (struct rect){part.x, part.y, part.width, part.height};
        draw_row(screen, screen->shown[screen->top + i], columns, part);
    }
    if (screen->shown_count == 0) {
        struct flow flow = flow_begin(area_part(area, 3, 1, area.width - 6, area.height - 1), 0);
        flow_text(&flow, 0, STYLE_PLAIN, nothing_words(screen));
    }
}

/* ---- the help ---- */

static void flow_sign(struct flow *flow, enum sign sign, enum style style, const char *text) {
    char front[32];
    snprintf(front, sizeof front, "%s%10s", theme_sign(sign, flow->area.paint->ascii), "");
    flow_item(flow, 0, style, front, STYLE_PLAIN, text);
}

static void draw_help(struct wall_screen *screen, struct area area) {
    struct area inner = area_part(area, 2, 1, area.width - 4, area.height - 2);
    inner.width = inner.width > 88 ? 88 : inner.width;
    struct flow flow = flow_begin(inner, screen->help_top);
    flow_text(&flow, 0, STYLE_TITLE, "Keys of the wall (any other key goes back)");
    flow_blank(&flow);
    int at = 0;
    for (const struct wall_key *key; (key = control_wall_keys(&at)) != NULL;) {
        char front[32];
        snprintf(front, sizeof front, "%-11s", key->caption);
        if (key->help[0] != '\0') {
            flow_item(&flow, 0, STYLE_KEY, front, STYLE_PLAIN, key->help);
        }
    }
    flow_blank(&flow);
    flow_text(
        &flow, 0, STYLE_PLAIN,
        "A click chooses a room, a second one opens it. Everybody in a room sees that you are "
        "there.");
    flow_blank(&flow);
    flow_text(&flow, 0, STYLE_TITLE, "Signs");
    flow_sign(&flow, SIGN_ALARM, STYLE_BAD,
              "needs you; the worst stand first: a hand raised, somebody "
              "gone, the longest phase over its budget, an alarm of the framework, another phase "
              "over, no "
              "mark for five minutes");
    flow_sign(&flow, SIGN_DASH, STYLE_FAINT, "muted");
    flow_sign(&flow, SIGN_HERE, STYLE_GOOD, "connected");
    flow_sign(&flow, SIGN_AWAY, STYLE_BAD, "gone");
    flow_sign(&flow, SIGN_RAISED, STYLE_GOOD, "marks raised, then prompted and open ones");
    flow_sign(&flow, SIGN_FLAG, STYLE_BAD, "red flags and mistakes");
    int max = flow_top_max(&flow);
    screen->help_top = screen->help_top > max ? max : screen->help_top;
    if (flow.line - flow.top > inner.height) {
        area_text(area, 2, area.height - 1, STYLE_FAINT, "more: Down, PgDn");
    }
}

void wall_screen_draw(struct wall_screen *screen, struct paint *paint) {
    struct area all = paint_all(paint);
    paint_clear(paint);
    screen->row_count = 0;
    screen->caret_x = screen->caret_y = -1;
    if (all.width < LAYOUT_WIDTH_MIN || all.height < LAYOUT_HEIGHT_MIN) {
        struct flow flow = flow_begin(all, 0);
        flow_text(&flow, 0, STYLE_PLAIN, "Please make the window larger: 80 by 24 is enough.");
        return;
    }
    if (screen->help) {
        draw_help(screen, all);
        return;
    }
    struct columns columns = place(all.width);
    int status = view_wall_foot_height(screen, all);
    int lines = all.height - FRAME_LINES - (status - 1);
    int rows = scroll(screen, columns.one_line ? lines : lines / 2);
    draw_header(screen, area_part(all, 0, 0, all.width, 1));
    draw_titles(screen, &columns, area_part(all, 0, 1, all.width, 1), rows);
    draw_rows(screen, area_part(all, 0, 2, all.width, lines), &columns, rows);
    view_wall_foot(screen, area_part(all, 0, all.height - 1 - status, all.width, status + 1));
}
