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

/* Links come first, then seats. */
static const char *room_label(const struct screen *screen) {
    bool links = screen_links(screen) > 0, seats = screen_movable_seats(screen) > 0;
    return links && seats ? "copy, seat" : links ? "copy" : seats ? "seat" : NULL;
}

const char *key_use_letter(const struct screen *screen) {
    bool rows = screen_rows(screen) > 0;
    switch (screen->tab) {
    case TAB_RUBRIC: return rows && may_mark(screen) ? "mark" : NULL;
    case TAB_PROMPT: return key_use_reveals(screen) ? "reveal" : NULL;
    case TAB_QUESTIONS: return question_label(screen);
    case TAB_FLAGS: return rows && may_mark(screen) ? "flag" : NULL;
    case TAB_VERDICT: return rows ? "change" : NULL;
    case TAB_ROOM: return room_label(screen);
    case TAB_BOARD: return rows && screen_points(screen) ? "point" : NULL;
    case TAB_TALK: return rows ? "change" : NULL;
    case TAB_PREPARE:
    case TAB_DEBRIEF:
    case TAB_COUNT: break;
    }
    return NULL;
}

static const char *room_help(const struct screen *screen) {
    bool links = screen_links(screen) > 0, seats = screen_movable_seats(screen) > 0;
    return links && seats ? "Copy the link with that letter; of a seat: move it to a new link, or "
                            "put somebody out; asks first"
           : links        ? "Copy the link with that letter"
                          : "Move the seat with that letter to a new link, or put somebody out; "
                            "asks first";
}

/* What a letter does, as a sentence for the help; NULL: nothing. */
static const char *letter_help(const struct screen *screen) {
    if (!key_use_letter(screen)) {
        return NULL;
    }
    switch (screen->tab) {
    case TAB_RUBRIC: return "Mark the line with that letter: raised, prompted, not yet again";
    case TAB_PROMPT:
        return "The fact with that letter goes to the candidate's screen: wants the letter again, "
               "or Enter";
    case TAB_QUESTIONS:
        return "Ask the question with that letter: wants the letter again, or Enter; of one that "
               "was asked: how it was answered";
    case TAB_FLAGS: return "Raise or withdraw the flag with that letter";
    case TAB_VERDICT: return "Change the line with that letter";
    case TAB_ROOM: return room_help(screen);
    case TAB_BOARD: return "Point at the line with that letter, for everybody to see, or no more";
    case TAB_TALK: return "Change or strike your own note with that letter";
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

/* In a free place of the board every letter and digit begins a box. */
static bool is_taken_by_board(const struct screen *screen, const struct key_row *row) {
    bool letter = (row->first >= 'a' && row->first <= 'z') ||
                  (row->first >= 'A' && row->first <= 'Z') ||
                  (row->first >= '0' && row->first <= '9');
    return letter && row->action != KEYS_BOX_BEGIN && screen_where(screen) & AT_BOARD;
}

static bool has_lines(const struct screen *screen) {
    uint32_t things[SCREEN_PAPER_MAX];
    return screen_paper(screen, things) > 0;
}

static bool works_on_board(const struct screen *screen, enum key_action action) {
    const struct board_thing *chosen = screen_chosen(screen);
    bool draws = room_may_draw(&screen->feed->model.room, screen->feed->model.seat);
    bool arrow = chosen && chosen->kind == BOARD_ARROW;
    switch (action) {
    case KEYS_BOX_POINT: return chosen != NULL;
    case KEYS_BOX_PICK: return screen->board.picked != 0 || screen_pick(screen) != 0;
    case KEYS_BOX_STYLE: return arrow;
    case KEYS_BOX_CARRY: return !arrow;
    case KEYS_PAPER:
    case KEYS_UNSEEN: return draws;
    case KEYS_BOX_UNDO: return draws && screen->feed->model.drawing.undo.undo.count > 0;
    case KEYS_TAKE_FACT: return draws && screen_fact(screen) != NULL;
    case KEYS_PAPER_WHOLE:
        return screen->tab == TAB_BOARD && (screen->board.paper || has_lines(screen));
    case KEYS_BOARD_WHOLE: return screen_has_tab(screen, TAB_BOARD);
    default: return true;
    }
}

/* Whether a line of the verdict is a score, which has evidence. */
static bool scores_anything(const struct screen *screen) {
    struct verdict_row rows[VERDICT_ROWS_MAX];
    int count = screen->tab == TAB_VERDICT ? views_verdict_rows(screen, rows) : 0;
    for (int i = 0; i < count; i++) {
        if (rows[i].kind == VERDICT_ROW_SCORE) {
            return true;
        }
    }
    return screen->tab == TAB_RUBRIC && key_use_letter(screen) != NULL;
}

/* Whether the recording has a mark of an item of the phase that is shown. */
static bool was_ticked(const struct screen *screen) {
    const struct feed *feed = screen->feed;
    int items[PACK_ITEMS_MAX];
    int count = screen_sheet_items(screen, screen_phase(screen), items);
    for (int i = 0; i < count; i++) {
        const char *id = feed->model.room.pack->items[items[i]].id;
        for (uint32_t k = 0; k < feed->event_count; k++) {
            const struct body *body = &feed->events[k].body;
            if (body->has & F(mark) && body->has & F(item) && span_equal(body->item, id)) {
                return true;
            }
        }
    }
    return false;
}

/* Whether the pane has no line with a cursor. */
static bool scrolls(const struct screen *screen) {
    return screen->tab == TAB_ROOM || screen->tab == TAB_TALK || screen->tab == TAB_BOARD;
}

static bool is_hand_up(const struct room *room) {
    for (int i = 0; i < room->seat_count; i++) {
        if (room->seats[i].hand) {
            return true;
        }
    }
    return false;
}

/* Space is the letter of the line with the cursor; of a question that nobody asked, only while it
 * can be asked. */
static bool cycles(const struct screen *screen) {
    int order[PACK_FOLLOWUPS_MAX + PACK_CURVEBALLS_MAX];
    int row = screen->cursor[screen->tab];
    if (scrolls(screen) || key_use_letter(screen) == NULL || row >= screen_rows(screen)) {
        return false;
    }
    return screen->tab != TAB_QUESTIONS || is_driven(screen) ||
           (row < views_questions(screen, order) &&
            screen->feed->model.room.thrown >> order[row] & 1);
}

static bool opens_debrief(const struct screen *screen) {
    bool asks = screen_where(screen) & AT_DONE && screen->feed->model.role == ROLE_INTERVIEWER;
    return asks || (screen->tab != TAB_DEBRIEF && screen_has_tab(screen, TAB_DEBRIEF));
}

bool key_use_detail(const struct screen *screen) {
    return (screen->tab == TAB_RUBRIC || screen->tab == TAB_FLAGS) && screen_rows(screen) > 0;
}

bool key_use_moves_clock(const struct screen *screen, enum key_action action) {
    unsigned where = screen_where(screen);
    switch (action) {
    case KEYS_PAUSE:
    case KEYS_LONGER:
    case KEYS_SHORTER:
    case KEYS_PLAN:
    case KEYS_STRETCH:
    case KEYS_PHASE:
    case KEYS_FINISH: return true;
    case KEYS_BACK: return (where & AT_LIVE) != 0;
    case KEYS_NEXT: return (where & (AT_LOBBY | AT_LIVE)) != 0;
    default: return false;
    }
}

/* Whatever has only to do with the room and what is open. */
static bool works_here(const struct screen *screen, const struct key_row *row) {
    const struct room *room = &screen->feed->model.room;
    enum role role;
    switch (row->action) {
    case KEYS_LETTER: return key_use_letter(screen) != NULL;
    case KEYS_CYCLE: return cycles(screen);
    case KEYS_DETAIL: return key_use_detail(screen);
    case KEYS_PROMPTED: return screen->tab == TAB_RUBRIC && key_use_letter(screen) != NULL;
    case KEYS_EVIDENCE: return scores_anything(screen);
    case KEYS_JUMP_ITEM: return screen->tab == TAB_RUBRIC && was_ticked(screen);
    case KEYS_UP: return scrolls(screen) || screen_rows(screen) != 1;
    case KEYS_HAND: return screen->feed->model.role != ROLE_COACH || is_hand_up(room);
    case KEYS_DEVICE: return screen->feed->ops->device != NULL;
    case KEYS_DEBRIEF: return opens_debrief(screen);
    case KEYS_SHEET: return room_sheet_due(room) >= 0;
    case KEYS_BACK:
        return screen_where(screen) & AT_DONE ? room_may_unfinish(room) : room->clock.phase > 0;
    case KEYS_RETAKE: return screen->feed->model.replaced && !screen->inside;
    case KEYS_DRIVE: return room_driver(room) >= 0;
    case KEYS_SWAP: return room_candidate(room) >= 0 && room->next[0] == '\0';
    case KEYS_LINKS: return screen_link(screen, 0, &role) != NULL;
    case KEYS_LOOK_BACK:
        return screen->tab == TAB_DEBRIEF || screen->tab == TAB_PROMPT ||
               screen->tab == TAB_QUESTIONS || (screen->tab == TAB_RUBRIC && has_items(screen));
    case KEYS_TICK_NEXT: return has_event(screen, false);
    case KEYS_FLAG_NEXT: return has_event(screen, true);
    case KEYS_PLAN: return room->pack && room->pack->plan_count > 0;
    default: return works_on_board(screen, row->action);
    }
}

bool key_use_works(const struct screen *screen, const struct key_row *row) {
    const struct model *model = &screen->feed->model;
    bool anothers = key_use_moves_clock(screen, row->action) &&
                    room_clock_is_anothers(&model->room, model->seat);
    return !anothers && !is_taken_by_board(screen, row) && works_here(screen, row);
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
    bool drives = room_driver(room) == screen->feed->model.seat;
    switch (row->action) {
    case KEYS_LETTER: return key_use_letter(screen);
    case KEYS_DRIVE: return drives ? "hand over" : "take the clock";
    case KEYS_PAPER_WHOLE: return screen->board.paper ? "board" : row->label;
    case KEYS_BOARD_WHOLE: return screen->tab == TAB_BOARD ? "back" : row->label;
    case KEYS_PLAY:
        return screen_replay_is_over(screen)  ? "again"
               : screen->feed->speed_num != 0 ? "pause"
                                              : row->label;
    case KEYS_PAUSE: return room->stage == STAGE_PAUSED ? "go on" : row->label;
    case KEYS_NEXT: return screen_where(screen) & AT_LIVE && last ? "finish" : row->label;
    case KEYS_SWAP:
        return room_turn_may_agree(room, screen->feed->model.seat) ? "agree?" : row->label;
    default: return row->label;
    }
}

/* Of a flag there is what to do instead; a candidate's sheet holds no answers. */
static const char *detail_help(const struct screen *screen) {
    return screen->tab == TAB_FLAGS                     ? "All about the flag with the cursor"
           : screen->feed->model.role == ROLE_CANDIDATE ? "All about the line with the cursor"
                                                        : NULL;
}

/* What a key does for this role, in this pane; NULL: what its row says. */
static const char *own_help(const struct screen *screen, const struct key_row *row) {
    bool candidate = screen->feed->model.role == ROLE_CANDIDATE;
    switch (row->action) {
    case KEYS_LETTER: return letter_help(screen);
    case KEYS_DETAIL: return detail_help(screen);
    case KEYS_NOTE:
        return candidate ? "Write a note; Tab chooses who gets it: you alone, or everybody" : NULL;
    default: return NULL;
    }
}

const char *key_use_help(const struct screen *screen, const struct key_row *row) {
    if (row->help[0] == '\0' || !key_use_works(screen, row)) {
        return NULL;
    }
    const char *own = own_help(screen, row);
    return own ? own : row->help;
}
