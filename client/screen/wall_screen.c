/* SPDX-License-Identifier: ISC */
/*
 * wall_screen.c: which rooms are in sight, which is chosen, and when the picture changes by itself.
 */
#include "client/screen/wall_screen.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wctype.h>

void wall_screen_init(struct wall_screen *screen, struct wall *wall, const char *name) {
    memset(screen, 0, sizeof *screen);
    screen->wall = wall;
    screen->name = name;
    screen->note_to = ACTION_NOTE_MINE;
    screen->touched = -WALL_HOLD_MS;
    screen->caret_x = screen->caret_y = -1;
}

void wall_screen_say(struct wall_screen *screen, bool bad, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(screen->said, sizeof screen->said, format, args);
    va_end(args);
    screen->said_bad = bad;
}

void wall_screen_tell(struct wall_screen *screen, bool bad, const char *text) {
    snprintf(screen->told, sizeof screen->told, "%s", text);
    screen->told_bad = bad;
    screen->told_at = -1;
}

/* Whether the last command waits for its answer. */
static bool is_on_its_way(const struct wall_screen *screen) {
    const struct wall_room *room = wall_find(screen->wall, NULL, span_of(screen->last_room));
    return room != NULL && room->seat.feed.model.pending_count > 0;
}

void wall_screen_foot_follow(struct wall_screen *screen) {
    if (is_on_its_way(screen)) {
        screen->kept_at = screen->mono;
    } else if (screen->mono - screen->kept_at >= WALL_TOLD_MS) {
        screen->last[0] = '\0';
    }
    bool hidden = screen->help || screen->asking;
    if (hidden || screen->told_at < 0) { /* its time begins with the drawing that shows it */
        screen->told_at = hidden ? -1 : screen->mono;
    } else if (screen->mono - screen->told_at >= WALL_TOLD_MS) {
        screen->told[0] = '\0';
    }
}

bool wall_screen_holds(const struct wall_screen *screen) {
    return screen->mono - screen->touched < WALL_HOLD_MS;
}

/* ---- the filter ---- */

static wchar_t next_folded(const char *text, size_t len, size_t *at) {
    return (wchar_t)towlower((wint_t)text_next(text, len, at));
}

/* Whether the text, as it is shown, starts with the word, capitals aside. */
static bool starts_with(const char *text, const char *word) {
    size_t at = 0, in_word = 0;
    size_t len = strlen(text), word_len = strlen(word);
    for (;;) {
        wchar_t wanted = next_folded(word, word_len, &in_word);
        if (wanted == 0) {
            return true;
        }
        if (next_folded(text, len, &at) != wanted) {
            return false;
        }
    }
}

static bool holds(const char *text, const char *word) {
    size_t at = 0;
    size_t len = strlen(text);
    do {
        if (starts_with(text + at, word)) {
            return true;
        }
    } while (text_next(text, len, &at) != 0);
    return false;
}

/* By what can be read of a room: names, prompt, phase or stage, reasons, id. */
bool wall_screen_matches(const struct wall_screen *screen, const struct wall_room *room) {
    const struct model *model = &room->seat.feed.model;
    const struct pack *pack = model->room.pack;
    char text[1024];
    if (screen->filter[0] == '\0') {
        return true;
    }
    wall_row_names(&room->row, model, text, sizeof text);
    if (holds(text, screen->filter)) {
        return true;
    }
    wall_row_reasons(&room->row, model, wall_now(room, screen->mono), INT_MAX, text, sizeof text);
    return holds(text, screen->filter) || holds(model->room_id, screen->filter) ||
           holds(stage_shown(model->room.stage), screen->filter) ||
           (pack != NULL && (holds(pack->title, screen->filter) ||
                             holds(pack->phases[model->room.clock.phase].title, screen->filter)));
}

/* ---- the chosen room ---- */

struct wall_room *wall_screen_chosen(const struct wall_screen *screen) {
    for (int i = 0; i < screen->shown_count; i++) {
        if (strcmp(screen->shown[i]->seat.invite.room, screen->chosen) == 0) {
            return screen->shown[i];
        }
    }
    return NULL;
}

void wall_screen_follow(struct wall_screen *screen) {
    screen->shown_count = 0;
    for (uint32_t i = 0; i < screen->wall->count; i++) {
        struct wall_room *room = screen->wall->rooms[i];
        if (!room->hidden && wall_screen_matches(screen, room)) {
            screen->shown[screen->shown_count++] = room;
        }
    }
    if (wall_screen_chosen(screen) == NULL) {
        snprintf(screen->chosen, sizeof screen->chosen, "%s",
                 screen->shown_count > 0 ? screen->shown[0]->seat.invite.room : "");
    }
}

/* ---- time ---- */

/* Real ms until a room's figures change: each counts seconds of room time. */
static int64_t until_change(const struct wall_screen *screen, const struct wall_room *room) {
    const struct model *model = &room->seat.feed.model;
    int64_t now = wall_now(room, screen->mono);
    if (model->rate <= 0 || room->seat.over) {
        return -1;
    }
    int64_t next = now + 1000 - (now - model->room.clock.entered_at) % 1000;
    if (room->row.next >= 0 && room->row.next < next) {
        next = room->row.next;
    }
    int64_t wait = ((next - now) * model->rate_den + model->rate - 1) / model->rate;
    return wait < 1 ? 1 : wait;
}

/* The sooner of two; -1: never. */
static int64_t sooner(int64_t soonest, int64_t wait) {
    return wait >= 0 && (soonest < 0 || wait < soonest) ? wait : soonest;
}

int64_t wall_screen_next_change(const struct wall_screen *screen) {
    int64_t soonest = -1;
    for (uint32_t i = 0; i < screen->wall->count; i++) {
        int64_t wait = until_change(screen, screen->wall->rooms[i]);
        soonest = wait >= 0 && (soonest < 0 || wait < soonest) ? wait : soonest;
    }
    /* Also an empty wall says how long it has heard nothing. */
    int64_t silence =
        screen->state.live > 0 ? model_silence_change(screen->state.heard_at, screen->mono) : -1;
    soonest = silence >= 0 && (soonest < 0 || silence < soonest) ? silence : soonest;
    int64_t told = screen->told[0] != '\0' ? screen->told_at : -1;
    int64_t kept = screen->last[0] != '\0' && !is_on_its_way(screen) ? screen->kept_at : -1;
    soonest = sooner(soonest, told < 0 ? -1 : told + WALL_TOLD_MS - screen->mono);
    soonest = sooner(soonest, kept < 0 ? -1 : kept + WALL_TOLD_MS - screen->mono);
    if (wall_screen_holds(screen)) {
        int64_t free_in = screen->touched + WALL_HOLD_MS - screen->mono;
        soonest = soonest < 0 || free_in < soonest ? free_in : soonest;
    }
    return soonest;
}
