/* SPDX-License-Identifier: ISC */
/*
 * view_waiting.c: the room itself: seats filling, the plan, links to give away.
 *
 * A link is drawn on lines of its own from the first column, so that it can be selected with the
 * mouse.
 */
#include "client/screen/views.h"

#include <stdio.h>
#include <string.h>

/* may: whether one may take the clock over. */
static const char *seat_words(const struct room_seat *seat, bool me, bool drives, bool may) {
    switch (seat->hold) {
    case HOLD_MOVED: return "(moved to a link that waits)";
    case HOLD_OUT: return "(put out)";
    case HOLD_KEPT: break;
    }
    return seat->hand       ? "(hand up)"
           : me && drives   ? "(you drive the clock; P hands it over)"
           : me             ? "(you)"
           : !seat->here    ? "(away)"
           : drives         ? may ? "(drives the clock; P takes it over)" : "(drives the clock)"
           : seat->watching ? "(from a wall)"
                            : "";
}

/* The letter with which an interviewer moves the seat or clears it. */
static void draw_seat_letter(struct screen *screen, struct flow *flow, struct area line, int seat) {
    if (seat < screen_movable_seats(screen)) {
        int row = room_row_of_seat(screen, seat);
        const char letter[2] = {keys_letter(row)};
        area_text(line, 1, 0, STYLE_KEY, letter);
        views_hit(screen, flow->area, 0, flow->line - 1 - flow->top, flow->area.width, 1, HIT_ROW,
                  row);
    }
}

static void flow_seats(struct screen *screen, struct flow *flow) {
    const struct model *model = &screen->feed->model;
    int seats = 0;
    int left = screen_movable_seats(screen) > 0 ? 3 : 1; /* column; before it the letter */
    int names = left + 15;
    bool candidate = false;
    flow_text(flow, 0, STYLE_TITLE,
              screen_movable_seats(screen) > 0
                  ? "Who is here: a letter moves a seat to a new link, or puts somebody out"
                  : "Who is here");
    for (int i = 0; i < model->room.seat_count; i++) {
        const struct room_seat *seat = &model->room.seats[i];
        if (seat->role == ROLE_NONE) {
            continue;
        }
        seats++;
        candidate = candidate || seat->role == ROLE_CANDIDATE;
        struct area line = flow_line(flow);
        enum style style = seat->here ? STYLE_GOOD : STYLE_FAINT;
        area_sign(line, left, 0, seat->hand ? STYLE_BAD : style,
                  seat->hand   ? SIGN_ALARM
                  : seat->here ? SIGN_HERE
                               : SIGN_AWAY);
        area_text(line, left + 2, 0, STYLE_FAINT, role_name(seat->role));
        draw_seat_letter(screen, flow, line, i);
        const char *words =
            seat_words(seat, i == model->seat, room_driver(&model->room) == i,
                       model->role == ROLE_INTERVIEWER && !screen->feed->is_recording &&
                           (screen_where(screen) & (AT_LOBBY | AT_LIVE)) != 0);
        const char *voice = views_voice(screen, i);
        if (voice) {
            line.width -= area_right(line, 0, STYLE_GOOD, voice) + 1;
        }
        int room = line.width - names - 2 - (int)strlen(words);
        int x = names + area_cut(line, names, 0, room, STYLE_PLAIN, seat->name);
        area_text(line, x + 1, 0, STYLE_FAINT, words);
    }
    if (!candidate) {
        struct area line = flow_line(flow);
        area_sign(line, left, 0, STYLE_FAINT, SIGN_AWAY);
        area_text(line, left + 2, 0, STYLE_FAINT, "candidate");
        area_text(line, names, 0, STYLE_HALF, "the seat is still free");
    }
    if (seats == 0) {
        flow_text(flow, 1, STYLE_FAINT, "Nobody yet.");
    }
}

static void plan_minutes(const struct room *room, const struct pack_plan *plan, char *out,
                         size_t size) {
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < room->pack->phase_count && len < size; i++) {
        len += (size_t)snprintf(out + len, size - len, "%s%u", i ? " + " : "",
                                plan->budget_ms[i] / 60000);
    }
    if (clock_is_one(room) && plan->spare_ms > 0 && len < size) {
        snprintf(out + len, size - len, ", %u spare", plan->spare_ms / 60000);
    }
}

/* How much more time is given, and the key that gives it. */
static void flow_extra(const struct room *room, struct flow *flow, bool may) {
    int extra = room->clock.extra;
    if (!clock_is_one(room) || (!may && extra == 0)) {
        return;
    }
    struct area line = flow_line(flow);
    if (may) {
        area_text(line, 3, 0, STYLE_KEY, "%");
    }
    if (extra > 0) {
        area_print(line, 5, 0, STYLE_STRONG, "%d %% more time; the alarms move along", extra);
    } else {
        area_text(line, 5, 0, STYLE_FAINT, "gives more time: a quarter, a half, twice");
    }
}

static void flow_plans(struct screen *screen, struct flow *flow) {
    const struct model *model = &screen->feed->model;
    const struct pack *pack = model->room.pack;
    bool may = model->role == ROLE_INTERVIEWER && screen_where(screen) & AT_LOBBY &&
               !room_clock_is_anothers(&model->room, model->seat);
    flow_text(flow, 0, STYLE_TITLE,
              may ? "Plan: choose by number, + and - change the phase below" : "Plan");
    for (int i = 0; i < pack->plan_count; i++) {
        bool chosen = model->room.plan == i;
        struct area line = flow_line(flow);
        area_sign(line, 1, 0, chosen ? STYLE_GOOD : STYLE_FAINT,
                  chosen ? SIGN_RAISED : SIGN_NOT_YET);
        if (may) {
            area_print(line, 3, 0, STYLE_KEY, "%d", i + 1);
        }
        int x =
            5 + area_cut(line, 5, 0, 36, chosen ? STYLE_STRONG : STYLE_PLAIN, pack->plans[i].title);
        char minutes[80];
        plan_minutes(&model->room, &pack->plans[i], minutes, sizeof minutes);
        area_text(line, x < 40 ? 40 : x + 2, 0, STYLE_FAINT, minutes);
    }
    if (model->room.plan >= pack->plan_count) {
        struct area line = flow_line(flow);
        area_sign(line, 1, 0, STYLE_GOOD, SIGN_RAISED);
        area_text(line, 5, 0, STYLE_STRONG, "Your own");
    }
    flow_extra(&model->room, flow, may && model->room.plan < pack->plan_count);
    flow_blank(flow);
}

static void flow_phases(struct screen *screen, struct flow *flow) {
    const struct room *room = &screen->feed->model.room;
    int64_t most = 1;
    for (int i = 0; i < room->pack->phase_count; i++) {
        int64_t budget = clock_budget(room, (uint8_t)i);
        most = budget > most ? budget : most;
    }
    for (int i = 0; i < room->pack->phase_count; i++) {
        struct area line = flow_line(flow);
        bool here = room->stage == STAGE_WAITING && screen_phase(screen) == i &&
                    screen->feed->model.role == ROLE_INTERVIEWER;
        if (here) {
            area_sign(line, 1, 0, STYLE_NOW, SIGN_CURSOR);
        }
        area_print(line, 3, 0, here ? STYLE_STRONG : STYLE_PLAIN, "%d %s", i + 1,
                   room->pack->phases[i].title);
        char budget[20];
        views_elapsed(budget, sizeof budget, clock_budget(room, (uint8_t)i));
        area_print(line, 30, 0, STYLE_PLAIN, "%6s", budget);
        views_bar(line, 38, 0, line.width - 40 > 40 ? 40 : line.width - 40,
                  clock_spent(room, (uint8_t)i, screen->now), clock_budget(room, (uint8_t)i), most,
                  STYLE_PLAIN);
    }
}

static void flow_link(struct flow *flow, const char *text) {
    struct span rest = span_of(text);
    int width = flow->area.width;
    while (rest.len > 0) {
        uint32_t len = rest.len < (uint32_t)width ? rest.len : (uint32_t)width;
        area_span(flow_line(flow), 0, 0, STYLE_PLAIN, (struct span){rest.at, len});
        rest.at += len;
        rest.len -= len;
    }
}

void views_link_words(const struct screen *screen, const char *text, enum role role, char *out,
                      size_t size) {
    const struct room *room = &screen->feed->model.room;
    int seat = feed_link_used_by(&screen->feed->links, text);
    bool named = seat >= 0 && seat < room->seat_count;
    const char *role_word = role_name(role);
    switch (screen_link_state(screen, text, role)) {
    case LINK_NEW: snprintf(out, size, "%s", role_word); break;
    case LINK_VOID: snprintf(out, size, "%s: opens nothing any more", role_word); break;
    case LINK_USED:
        snprintf(out, size, "%s: used%s%s, and lets nobody else in", role_word, named ? " by " : "",
                 named ? room->seats[seat].name : "");
        break;
    }
}

static void flow_links(struct screen *screen, struct flow *flow) {
    enum role role;
    if (!screen_link(screen, 0, &role)) {
        return;
    }
    bool closed = screen->feed->model.room.stage == STAGE_CLOSED;
    flow_text(flow, 1, STYLE_TITLE,
              closed ? "Links that were given away; @ shows them plain"
                     : "Links to give away, one person each: a letter copies, @ shows them plain");
    const char *text;
    for (uint32_t i = 0; (text = screen_link(screen, i, &role)) != NULL; i++) {
        int from = flow->line;
        int row = room_row_of_link(screen, (int)i);
        char front[4] = {keys_letter(row), 0};
        char words[96 + NAME_MAX_BYTES];
        bool taken = screen_link_state(screen, text, role) != LINK_NEW;
        views_link_words(screen, text, role, words, sizeof words);
        flow_item(flow, 1, STYLE_KEY, front, taken ? STYLE_FAINT : STYLE_STRONG, words);
        views_hit(screen, flow->area, 0, from - flow->top, flow->area.width, 1, HIT_ROW, row);
        if (!taken) {
            flow_link(flow, text);
        }
    }
}

/* A call elsewhere: its host in full, and the link as it is, to be opened by hand. */
static void flow_call(struct screen *screen, struct flow *flow) {
    const char *call = screen->feed->model.room.call;
    bool may = screen_where(screen) & AT_OPEN && screen->feed->model.role != ROLE_CANDIDATE;
    char words[ROOM_CALL_MAX_BYTES + 64];
    if (call[0] == '\0') {
        return;
    }
    const char *host = call + strlen("https://");
    snprintf(words, sizeof words, "Call at %.*s: open the link in a browser%s",
             (int)strcspn(host, "/?#"), host, may ? "; * gives another, or none" : "");
    flow_text(flow, 1, STYLE_TITLE, words);
    flow_link(flow, call);
    flow_blank(flow);
}

void view_room(struct screen *screen, struct area area) {
    const struct room *room = &screen->feed->model.room;
    if (!room->pack) {
        area_text(area, 1, 0, STYLE_FAINT, "Waiting for the room to open.");
        return;
    }
    room_rows_follow(screen);
    /* The last column is left to the sign that there is more. */
    struct flow flow =
        flow_begin(area_part(area, 0, 0, area.width - 1, area.height), screen->top[TAB_ROOM]);
    struct area inner = area_part(area, 1, 0, area.width - 2, area.height);
    struct flow seats = flow_begin(inner, screen->top[TAB_ROOM]);
    flow_seats(screen, &seats);
    flow_blank(&seats);
    flow.line = seats.line;
    flow_call(screen, &flow);
    if (screen->feed->model.role != ROLE_CANDIDATE) {
        flow_links(screen, &flow);
        if (screen_links(screen) > 0) {
            flow_blank(&flow);
        }
    }
    seats.line = flow.line;
    flow_plans(screen, &seats);
    flow_phases(screen, &seats);
    if (room->mode) {
        flow_blank(&seats);
    }
    if (room->mode & MODE_TRAINING) {
        flow_text(&seats, 0, STYLE_FAINT,
                  "Training room: the candidate sees the panel's marks as they are made.");
    }
    if (room->mode & MODE_GUIDED) {
        flow_text(&seats, 0, STYLE_FAINT,
                  "Guided: the candidate sees opening moves and the headings of each phase.");
    }
    int max = flow_top_max(&seats);
    if (screen->top[TAB_ROOM] > max) {
        screen->top[TAB_ROOM] = max;
    }
    if (seats.line - seats.top > area.height) {
        area_sign(area, area.width - 1, area.height - 1, STYLE_NOW, SIGN_MORE);
    }
}
