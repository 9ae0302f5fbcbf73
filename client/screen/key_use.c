/* SPDX-License-Identifier: ISC */
/*
 * key_use.c: what a key is good for on this screen, by stage, role, pane and what there is to act
 * on.
 */
#include "client/screen/key_use.h"

#include <stdio.h>

#include "client/screen/views.h"

/* Whether marks, flags and answers can be set: until the debrief by all, in it by the panel
 * (rules 2). */
static bool may_mark(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    unsigned where = screen_where(screen);
    return where & (AT_LIVE | AT_DONE | AT_REMARK) ||
           (where & AT_DEBRIEF && model->role != ROLE_CANDIDATE && model->room.rules >= 2);
}

static bool is_driven(const struct screen *screen) {
    return screen_where(screen) & AT_LIVE && screen->feed->model.role == ROLE_INTERVIEWER;
}

/* Whether one of the first `count` bits is not set. */
static bool has_clear_bit(uint64_t bits, int count) {
    for (int i = 0; i < count; i++) {
        if (!(bits >> i & 1)) {
            return true;
        }
    }
    return false;
}

bool key_use_reveals(const struct screen *screen) {
    const struct room *room = &screen->feed->model.room;
    return is_driven(screen) && room->pack && has_clear_bit(room->facts, room->pack->fact_count);
}

/* A question is asked while the clock runs; how it was answered can be said from then on. */
static const char *question_label(const struct screen *screen) {
    const struct room *room = &screen->feed->model.room;
    int count = screen_rows(screen);
    bool asks = is_driven(screen) && has_clear_bit(room->thrown, count);
    bool rates = may_mark(screen) && !(screen_where(screen) & AT_REMARK) &&
                 screen->feed->model.role != ROLE_CANDIDATE && room->rules >= 2 && room->thrown;
    return asks && rates ? "ask, answered" : asks ? "ask" : rates ? "answered" : NULL;
}

const char *key_use_letter(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    bool rows = screen_rows(screen) > 0;
    switch (screen->tab) {
    case TAB_RUBRIC: return rows && may_mark(screen) ? "mark" : NULL;
    case TAB_PROMPT: return key_use_reveals(screen) ? "reveal" : NULL;
    case TAB_QUESTIONS: return question_label(screen);
    case TAB_FLAGS: return rows && may_mark(screen) ? "flag" : NULL;
    case TAB_VERDICT: return rows ? "change" : NULL;
    case TAB_ROOM:
        return !rows || model->role == ROLE_CANDIDATE ? NULL
               : screen_links(screen) > 0             ? "copy"
                                                      : "seat";
    case TAB_BOARD: return rows && screen_where(screen) & AT_POINTS ? "point" : NULL;
    case TAB_TALK:
    case TAB_PREPARE:
    case TAB_DEBRIEF:
    case TAB_COUNT: break;
    }
    return NULL;
}

/* Whether the recording has an event of that kind: a mark on a sheet, or a flag. */
static bool has_event(const struct screen *screen, bool flag) {
    const struct feed *feed = screen->feed;
    for (uint32_t i = 0; i < feed->event_count; i++) {
        const struct body *body = &feed->events[i].body;
        bool tick = body->has & F(item) && body->has & F(mark);
        if (flag ? body->act == ACTION_FLAG_SET : tick) {
            return true;
        }
    }
    return false;
}

static bool has_items(const struct screen *screen) {
    const struct pack *pack = screen->feed->model.room.pack;
    return pack && pack->item_count > 0;
}

/* In a free place of the board every letter begins a box. */
static bool is_taken_by_board(const struct screen *screen, const struct key_row *row) {
    bool letter =
        (row->first >= 'a' && row->first <= 'z') || (row->first >= 'A' && row->first <= 'Z');
    return letter && row->action != KEYS_BOX_BEGIN && screen_where(screen) & AT_BOARD;
}

bool key_use_works(const struct screen *screen, const struct key_row *row) {
    const struct room *room = &screen->feed->model.room;
    enum role role;
    if (is_taken_by_board(screen, row)) {
        return false;
    }
    switch (row->action) {
    case KEYS_LETTER: return key_use_letter(screen) != NULL;
    case KEYS_BOX_POINT: return screen_box(screen) != 0;
    case KEYS_BOX_UNDO: return screen->feed->model.drawing.undo.undo.count > 0;
    case KEYS_TAKE_FACT: return screen_fact(screen) != NULL;
    case KEYS_SHEET: return room_sheet_due(room) >= 0;
    case KEYS_BACK:
        return screen_where(screen) & AT_DONE ? room_may_unfinish(room) : room->clock.phase > 0;
    case KEYS_DRIVE: return room_driver(room) >= 0;
    case KEYS_SWAP: return room_candidate(room) >= 0 && room->next[0] == '\0';
    case KEYS_LINKS: return screen_link(screen, 0, &role) != NULL;
    case KEYS_LOOK_BACK:
        return screen->tab == TAB_DEBRIEF || screen->tab == TAB_PROMPT ||
               screen->tab == TAB_QUESTIONS || (screen->tab == TAB_RUBRIC && has_items(screen));
    case KEYS_TICK_NEXT: return has_event(screen, false);
    case KEYS_FLAG_NEXT: return has_event(screen, true);
    case KEYS_PLAN: return room->pack && room->pack->plan_count > 0;
    default: return true;
    }
}

const char *key_use_caption(const struct screen *screen, const struct key_row *row,
                            char buffer[KEY_CAPTION_SIZE]) {
    const struct pack *pack = screen->feed->model.room.pack;
    bool plans = row->action == KEYS_PLAN;
    bool phases = row->action == KEYS_PHASE || row->action == KEYS_JUMP_PART;
    int count = !pack ? 0 : plans ? pack->plan_count : phases ? pack->phase_count : 0;
    if (count == 0) {
        return row->caption;
    }
    snprintf(buffer, KEY_CAPTION_SIZE, count > 1 ? "1-%d" : "%d", count);
    return buffer;
}

const char *key_use_label(const struct screen *screen, const struct key_row *row) {
    const struct room *room = &screen->feed->model.room;
    bool last = room->pack && room->clock.phase + 1 >= room->pack->phase_count;
    if (!row->label[0] || !key_use_works(screen, row)) {
        return NULL;
    }
    switch (row->action) {
    case KEYS_LETTER: return key_use_letter(screen);
    case KEYS_PAUSE: return room->stage == STAGE_PAUSED ? "go on" : row->label;
    case KEYS_NEXT: return screen_where(screen) & AT_LIVE && last ? "finish" : row->label;
    case KEYS_SWAP:
        return room_turn_may_agree(room, screen->feed->model.seat) ? "agree?" : row->label;
    default: return row->label;
    }
}
