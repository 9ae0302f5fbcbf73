/* SPDX-License-Identifier: ISC */
/*
 * screen.c: what is open, and the composition of a picture out of the panes.
 */
#include "client/screen/screen.h"
#include "client/screen/heard.h"
#include "client/screen/key_use.h"

#include <stdio.h>
#include <string.h>

#include "client/screen/views.h"

void screen_init(struct screen *screen, struct feed *feed, const struct ui_options *options) {
    *screen = (struct screen){.feed = feed,
                              .links = options ? options->links : NULL,
                              .link_count = options && options->links ? options->link_count : 0,
                              .inside = options && options->inside,
                              .looked_at = -1,
                              .tab = TAB_ROOM,
                              .note_to = ACTION_NOTE_MINE,
                              .stage_seen = STAGE_NEW,
                              .draft.recommend = -1,
                              .caret_x = -1,
                              .caret_y = -1};
}

static unsigned where_of_stage(const struct screen *screen) {
    switch (screen->feed->model.room.stage) {
    case STAGE_RUNNING:
    case STAGE_PAUSED: return AT_LIVE;
    case STAGE_FINISHED: return AT_DONE;
    case STAGE_DEBRIEF: return AT_DEBRIEF;
    case STAGE_CLOSED: return AT_CLOSED;
    case STAGE_NEW:
    case STAGE_WAITING: break;
    }
    return AT_LOBBY;
}

bool screen_points(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    return !screen->feed->is_recording && where_of_stage(screen) == AT_LIVE &&
           model->role != ROLE_CANDIDATE;
}

/* Beside the stage: whether the board's pane is open, and what can be done in it. */
static unsigned where_of_board(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    if (screen->tab != TAB_BOARD) {
        return 0;
    }
    if (screen->board.paper) {
        return AT_PAPER;
    }
    if (room_may_draw(&model->room, model->seat)) {
        const struct board_thing *chosen = screen_chosen(screen);
        return !chosen ? AT_BOARD : chosen->kind == BOARD_BOX ? AT_CHOSEN : AT_PICKED;
    }
    return screen_points(screen) ? AT_POINTS : 0;
}

bool screen_replay_is_over(const struct screen *screen) {
    const struct feed *feed = screen->feed;
    return feed->is_recording && feed->speed_num == 0 && screen->now >= feed->last_at;
}

unsigned screen_where(const struct screen *screen) {
    int more;
    unsigned suggested = screen_suggested(screen, &more) >= 0 ? AT_SUGGESTED : 0;
    if (screen->feed->is_recording) {
        return screen->feed->takes_marks ? AT_REMARK | suggested : AT_REPLAY;
    }
    const struct model *model = &screen->feed->model;
    unsigned inside = screen->inside ? AT_INSIDE : 0;
    if (model->connection == CONNECTION_ENDED && model->room.stage != STAGE_CLOSED) {
        return AT_TAKEN | inside;
    }
    return where_of_stage(screen) | where_of_board(screen) | inside | suggested;
}

int screen_phase(const struct screen *screen) {
    const struct room *room = &screen->feed->model.room;
    int count = room->pack ? room->pack->phase_count : 0;
    int phase = screen->looked_at >= 0 ? screen->looked_at : room->clock.phase;
    return phase < count ? phase : count > 0 ? count - 1 : 0;
}

bool screen_has_tab(const struct screen *screen, enum screen_tab tab) {
    const struct model *model = &screen->feed->model;
    switch (tab) {
    case TAB_QUESTIONS:
    case TAB_FLAGS: return model->role != ROLE_CANDIDATE || model->room.opened;
    case TAB_BOARD:
        return board_is_used(&model->room.board) || model->room.board.picture_count > 0 ||
               room_may_draw(&model->room, model->seat);
    case TAB_PREPARE: return model->role != ROLE_CANDIDATE && model->room.stage == STAGE_WAITING;
    case TAB_VERDICT: /* in a recording from the start: any moment may be evidence */
        return model->room.rules >= 2 &&
               (model->room.opened ||
                (screen->feed->is_recording && !screen->feed->takes_marks &&
                 model->role != ROLE_CANDIDATE && model->room.stage > STAGE_WAITING));
    case TAB_DEBRIEF:
        return model->room.opened ||
               (model->role != ROLE_CANDIDATE && model->room.stage >= STAGE_FINISHED);
    default: return true;
    }
}

/* brief: where all of them would not fit otherwise. */
static const char *tab_title(const struct screen *screen, enum screen_tab tab, bool brief) {
    bool candidate = screen->feed->model.role == ROLE_CANDIDATE;
    switch (tab) {
    case TAB_RUBRIC:
        return candidate                                          ? "My sheet"
               : model_sheet(&screen->feed->model) == SEAT_SERVER ? "Rubric"
               : brief                                            ? "Sealed"
                                                                  : "My sealed sheet";
    case TAB_PROMPT: return candidate || brief ? "Prompt" : "Prompt & facts";
    case TAB_QUESTIONS: return "Questions";
    case TAB_FLAGS: return "Flags";
    case TAB_BOARD: return "Board";
    case TAB_TALK: return candidate || brief ? "Talk" : "Notes & talk";
    case TAB_ROOM: return "Room";
    case TAB_PREPARE: return "Prepare";
    case TAB_DEBRIEF: return "Debrief";
    case TAB_VERDICT: return "Verdict";
    case TAB_COUNT: break;
    }
    return "";
}

int screen_items(const struct screen *screen, int phase, int *out) {
    const struct pack *pack = screen->feed->model.room.pack;
    int count = 0;
    for (int i = 0; pack && i < pack->item_count; i++) {
        if (pack->items[i].phase == phase) {
            out[count++] = i;
        }
    }
    return count;
}

/* Late ones stand behind the phase's own in every later phase, where they are shown. */
int screen_sheet_items(const struct screen *screen, int phase, int *out) {
    const struct pack *pack = screen->feed->model.room.pack;
    int count = screen_items(screen, phase, out);
    for (int i = 0; pack && i < pack->item_count; i++) {
        if (pack->items[i].late && pack->items[i].phase < phase) {
            out[count++] = i;
        }
    }
    return count;
}

int screen_rows(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    const struct pack *pack = model->room.pack;
    int items[PACK_ITEMS_MAX];
    struct verdict_row verdict[VERDICT_ROWS_MAX];
    uint32_t things[SCREEN_PAPER_MAX], notes[KEYS_LETTER_COUNT];
    switch (screen->tab) {
    case TAB_BOARD: return model->role != ROLE_CANDIDATE ? screen_paper(screen, things) : 0;
    case TAB_RUBRIC: return screen_sheet_items(screen, screen_phase(screen), items);
    case TAB_PROMPT:
        return pack && (model->role != ROLE_CANDIDATE || model->room.opened) ? pack->fact_count : 0;
    case TAB_QUESTIONS: return pack ? pack->curveball_count + pack->followup_count : 0;
    case TAB_FLAGS: return pack ? pack->flag_count : 0;
    case TAB_ROOM: return screen_links(screen) + screen_movable_seats(screen);
    case TAB_VERDICT: return views_verdict_rows(screen, verdict);
    case TAB_TALK: return views_own_notes(screen, notes);
    case TAB_PREPARE:
    case TAB_DEBRIEF:
    case TAB_COUNT: break;
    }
    return 0;
}

int screen_links(const struct screen *screen) {
    int links = 0;
    enum role role;
    while (screen->feed->model.role != ROLE_CANDIDATE &&
           screen_link(screen, (uint32_t)links, &role)) {
        links++;
    }
    return links;
}

int screen_movable_seats(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    bool may = model->role == ROLE_INTERVIEWER && (screen_where(screen) & AT_OPEN) != 0;
    return may ? model->room.seat_count : 0;
}

/* The caller may have remembered links that the feed was given in this run as well. */
static bool is_in_options(const struct screen *screen, const char *text) {
    for (uint32_t i = 0; i < screen->link_count; i++) {
        if (strcmp(screen->links[i].text, text) == 0) {
            return true;
        }
    }
    return false;
}

const char *screen_link(const struct screen *screen, uint32_t index, enum role *role) {
    if (index < screen->link_count) {
        *role = screen->links[index].role;
        return screen->links[index].text;
    }
    index -= screen->link_count;
    const struct feed_links *links = &screen->feed->links;
    for (uint32_t i = 0; i < links->count; i++) {
        if (!is_in_options(screen, links->at[i].text) && index-- == 0) {
            *role = links->at[i].role;
            return links->at[i].text;
        }
    }
    return NULL;
}

enum link_state screen_link_state(const struct screen *screen, const char *text, enum role role) {
    const struct room *room = &screen->feed->model.room;
    const struct feed_links *links = &screen->feed->links;
    int seat = -1;
    bool last = true;
    for (uint32_t i = 0; i < links->count; i++) {
        if (strcmp(links->at[i].text, text) == 0) {
            seat = links->at[i].seat;
            last = true;
        } else if (seat >= 0 && links->at[i].seat == seat) {
            last = false; /* there is a later one for that seat */
        }
    }
    if (seat >= 0 && seat < room->seat_count) {
        enum seat_hold hold = room->seats[seat].hold;
        return !last || hold == HOLD_OUT ? LINK_VOID : hold == HOLD_KEPT ? LINK_USED : LINK_NEW;
    }
    if (feed_link_used_by(links, text) >= 0) {
        return LINK_USED;
    }
    /* A room has one candidate; of the others an older server does not say who came by which. */
    return role == ROLE_CANDIDATE && room_candidate(room) >= 0 ? LINK_USED : LINK_NEW;
}

const char *screen_name(const struct screen *screen, uint8_t seat) {
    const struct room *room = &screen->feed->model.room;
    return seat < room->seat_count && room->seats[seat].name[0] ? room->seats[seat].name
                                                                : "the server";
}

const struct hit *screen_hit(const struct screen *screen, int x, int y) {
    for (int i = screen->hit_count; i-- > 0;) {
        const struct rect *rect = &screen->hits[i].rect;
        if (x >= rect->x && x < rect->x + rect->width && y >= rect->y &&
            y < rect->y + rect->height) {
            return &screen->hits[i];
        }
    }
    return NULL;
}

void views_hit(struct screen *screen, struct area area, int x, int y, int width, int height,
               enum hit_kind kind, int index) {
    if (y < 0) {
        height += y;
        y = 0;
    }
    struct area part = area_part(area, x, y, width, height);
    if (part.width <= 0 || part.height <= 0 || screen->hit_count == SCREEN_HITS_MAX) {
        return;
    }
    screen->hits[screen->hit_count++] =
        (struct hit){kind, index, {part.x, part.y, part.width, part.height}};
}

/* ---- following the room ---- */

static enum screen_tab tab_of_stage(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    bool candidate = model->role == ROLE_CANDIDATE;
    switch (model->room.stage) {
    case STAGE_RUNNING:
    case STAGE_PAUSED: return candidate ? TAB_PROMPT : TAB_RUBRIC;
    case STAGE_FINISHED: return TAB_RUBRIC;
    case STAGE_DEBRIEF:
    case STAGE_CLOSED: return screen_has_tab(screen, TAB_DEBRIEF) ? TAB_DEBRIEF : TAB_ROOM;
    case STAGE_NEW:
    case STAGE_WAITING: break;
    }
    return TAB_ROOM;
}

static bool is_live(enum stage stage) {
    return stage == STAGE_RUNNING || stage == STAGE_PAUSED;
}

void screen_follow(struct screen *screen) {
    const struct room *room = &screen->feed->model.room;
    enum stage stage = room->stage;
    bool changed = stage != screen->stage_seen && !(is_live(stage) && is_live(screen->stage_seen));
    /* A recording jumps back and forth: there only the first look decides. */
    bool first = screen->stage_seen == STAGE_NEW;
    if (changed && (first || !screen->feed->is_recording)) {
        screen->tab = screen->feed->is_recording ? TAB_RUBRIC : tab_of_stage(screen);
        screen->looked_at = -1;
    }
    screen->stage_seen = stage;
    if (room->clock.phase != screen->phase_seen) {
        screen->phase_seen = room->clock.phase;
        screen->looked_at = -1;
        screen->cursor[TAB_RUBRIC] = screen->top[TAB_RUBRIC] = 0;
        screen->cursor[TAB_QUESTIONS] = screen->top[TAB_QUESTIONS] = 0;
        if (screen->feed->model.role == ROLE_CANDIDATE) {
            screen->top[TAB_PROMPT] = 0;
        }
    }
    if (!screen_has_tab(screen, screen->tab)) {
        screen->tab = TAB_ROOM;
    }
    if (screen->tab != TAB_BOARD) {
        screen->tab_before = screen->tab;
    }
    room_rows_follow(screen);
    heard_follow(screen);
    screen_foot_follow(screen);
}

/* The moment at which the connection counts as silent, or as silent for a second more; -1: it is no
 * live one. */
static int64_t silence_change(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    int64_t wait = model_silence_change(model->heard_at, screen->mono);
    return model->connection != CONNECTION_LIVE || wait < 0 ? -1 : screen->now + wait * model->rate;
}

static int64_t clock_change(const struct screen *screen) {
    const struct room *room = &screen->feed->model.room;
    if (screen->device) {
        return screen->now + 1000;
    }
    if (room->pack && room->stage != STAGE_RUNNING &&
        board_private_until(&room->board, screen->now) > 0) {
        return screen->now + 1000;
    }
    if (!room->pack || room->stage != STAGE_RUNNING) {
        return -1;
    }
    struct clock_reading reading = clock_read(room, screen->now);
    int64_t second = screen->now + 1000 - reading.phase_elapsed % 1000;
    int64_t alarm = insight_next_alarm(room, screen->now);
    int64_t suggest = suggest_next(room, screen->now);
    second = alarm > screen->now && alarm < second ? alarm : second;
    return suggest > screen->now && suggest < second ? suggest : second;
}

int64_t screen_next_change(const struct screen *screen) {
    int64_t clock = clock_change(screen);
    int64_t silence = silence_change(screen);
    int64_t next = clock < 0 || (silence >= 0 && silence < clock) ? silence : clock;
    int64_t due = screen_foot_change(screen);
    return next < 0 || (due >= 0 && due < next) ? due : next;
}

/* ---- composing ---- */

static struct area at_rect(struct paint *paint, struct rect rect) {
    return area_part(paint_all(paint), rect.x, rect.y, rect.width, rect.height);
}

/* Columns from which it is said that another phase runs. */
enum { LOOKING_FROM = 24 };

/* Names the phase that the pane shows, if the clock stands in another. */
static void draw_looked_at(struct screen *screen, struct area area, int from) {
    const struct pack *pack = screen->feed->model.room.pack;
    bool by_phase = screen->tab <= TAB_QUESTIONS;
    if (!pack || !by_phase) {
        return;
    }
    char words[4][PACK_PHASE_TITLE_MAX + 40];
    int phase = screen_phase(screen);
    bool other =
        screen->looked_at >= 0 && screen->looked_at != screen->feed->model.room.clock.phase;
    snprintf(words[0], sizeof words[0], "%s%d %s", other ? "looking at " : "", phase + 1,
             pack->phases[phase].title);
    snprintf(words[1], sizeof words[1], "%d %s", phase + 1, pack->phases[phase].title);
    snprintf(words[2], sizeof words[2], "phase %d", phase + 1);
    snprintf(words[3], sizeof words[3], "%d/%d", phase + 1, pack->phase_count);
    for (int i = 0; i < 4; i++) { /* whole words, however few */
        if (text_columns(span_of(words[i])) <= area.width - 1 - from) {
            area_right(area_part(area, 0, 0, area.width - 1, 1), 0,
                       other ? STYLE_HALF : STYLE_FAINT, words[i]);
            return;
        }
    }
}

/* What a letter does in the pane in front, for its head; "" where it does nothing, or where another
 * phase that is looked at needs the place. used: columns of the tabs. */
static void letter_words(const struct screen *screen, int used, int width, char out[32]) {
    const char *label = key_use_letter(screen);
    bool other = screen->tab <= TAB_QUESTIONS && screen->looked_at >= 0 &&
                 screen->looked_at != screen->feed->model.room.clock.phase;
    out[0] = '\0';
    if (label && used + (int)strlen(label) + 6 + (other ? LOOKING_FROM : 0) <= width) {
        snprintf(out, 32, "a-z %.20s", label);
    }
}

/* Where there is no room for all: the open one, and how many more. */
static void draw_open_tab(struct screen *screen, struct area area) {
    int others = -1;
    for (int i = 0; i < TAB_COUNT; i++) {
        others += screen_has_tab(screen, (enum screen_tab)i);
    }
    int x =
        1 + area_print(area, 1, 0, STYLE_SELECTED, "[%s]", tab_title(screen, screen->tab, false));
    x += 1 + area_print(area, x + 1, 0, STYLE_FAINT, "Tab: %d more", others);
    char words[64];
    uint32_t unread = heard_unread(screen);
    snprintf(words, sizeof words, "%s +%u", tab_title(screen, TAB_TALK, false), unread);
    if (x + 2 + (int)strlen(words) > area.width) {
        snprintf(words, sizeof words, "talk +%u", unread);
    }
    if (unread > 0 && x + 2 + (int)strlen(words) <= area.width) {
        area_text(area, x + 2, 0, STYLE_HALF, words);
    }
}

/* " +2" behind the pane of talk while others have said something that was not in front yet. */
enum { COUNT_SIZE = 16 };
static const char *tab_count(const struct screen *screen, enum screen_tab tab,
                             char out[COUNT_SIZE]) {
    uint32_t unread = tab == TAB_TALK ? heard_unread(screen) : 0;
    out[0] = '\0';
    if (unread > 0) {
        snprintf(out, COUNT_SIZE, " +%u", unread);
    }
    return out;
}

static int tabs_width(const struct screen *screen, bool brief) {
    int width = 0;
    char count[COUNT_SIZE];
    for (int i = 0; i < TAB_COUNT; i++) {
        if (screen_has_tab(screen, (enum screen_tab)i)) {
            width += (int)strlen(tab_title(screen, (enum screen_tab)i, brief)) + 2;
            width += (int)strlen(tab_count(screen, (enum screen_tab)i, count));
        }
    }
    return width;
}

static void draw_tabs(struct screen *screen, struct area area) {
    bool brief = tabs_width(screen, false) > area.width;
    int width = tabs_width(screen, brief);
    if (width > area.width) {
        draw_open_tab(screen, area);
        return;
    }
    int x = width < area.width ? 1 : 0;
    char letter[32];
    letter_words(screen, width + x, area.width, letter);
    for (int i = 0; i < TAB_COUNT; i++) {
        if (!screen_has_tab(screen, (enum screen_tab)i)) {
            continue;
        }
        const char *title = tab_title(screen, (enum screen_tab)i, brief);
        bool open = screen->tab == (enum screen_tab)i;
        int from = x;
        char count[COUNT_SIZE];
        bool news = tab_count(screen, (enum screen_tab)i, count)[0] != '\0';
        x += area_print(area, x, 0,
                        open   ? STYLE_SELECTED
                        : news ? STYLE_HALF
                               : STYLE_FAINT,
                        open ? "[%s%s]" : " %s%s ", title, count);
        if (open && letter[0]) {
            x += area_text(area, x + 1, 0, STYLE_HALF, letter) + 2;
        }
        views_hit(screen, area, from, 0, x - from, 1, HIT_TAB, i);
    }
    draw_looked_at(screen, area, x + 1);
}

static void draw_pane(struct screen *screen, struct area area) {
    static void (*const views[TAB_COUNT])(struct screen *, struct area) = {
        [TAB_RUBRIC] = view_rubric,       [TAB_PROMPT] = view_prompt,
        [TAB_QUESTIONS] = view_questions, [TAB_FLAGS] = view_flags,
        [TAB_BOARD] = view_board,         [TAB_TALK] = view_talk,
        [TAB_ROOM] = view_room,           [TAB_DEBRIEF] = view_debrief,
        [TAB_PREPARE] = view_prepare,     [TAB_VERDICT] = view_verdict,
    };
    screen->page = area.height;
    views[screen->tab](screen, area);
    screen->cursor_moved = false;
}

static void draw_rules(const struct layout *layout, struct paint *paint) {
    struct area all = paint_all(paint);
    for (int i = 0; i < 4; i++) {
        if (layout->rules[i] >= 0) {
            int from = i == 2 ? layout->talk.x - 1 : 0;
            area_row(all, from, layout->rules[i], STYLE_RULE, SIGN_RULE, all.width - from);
        }
    }
    for (int i = 0; i < 2; i++) {
        int top = layout->rules[0] + 1;
        if (layout->column_rule[i] >= 0) {
            area_column(all, layout->column_rule[i], top, STYLE_RULE, SIGN_RULE_DOWN,
                        layout->rules[1] - top);
        }
    }
}

/* In a strip the people stand at the right end of the clock's band. */
static void draw_strip(struct screen *screen, struct area band) {
    enum { PEOPLE = 25 };
    bool people = band.height >= 3 && band.width >= 76;
    int clock = people ? band.width - PEOPLE - 2 : band.width;
    view_clock(screen, area_part(band, 0, 0, clock, band.height));
    if (people) {
        view_people(screen, area_part(band, band.width - PEOPLE - 1, 0, PEOPLE, band.height));
    }
}

static void draw_panes(struct screen *screen, const struct layout *layout, struct paint *paint) {
    view_header(screen, at_rect(paint, layout->header));
    draw_rules(layout, paint);
    view_alarms(screen, at_rect(paint, layout->alarms), layout->shape == LAYOUT_COLUMNS);
    if (layout->shape == LAYOUT_COLUMNS) {
        view_clock(screen, at_rect(paint, layout->clock));
        view_phases_column(screen, at_rect(paint, layout->phases));
        view_people(screen, at_rect(paint, layout->people));
    } else {
        view_phases_strip(screen, at_rect(paint, layout->phases));
        draw_strip(screen, at_rect(paint, layout->clock));
    }
    draw_tabs(screen, at_rect(paint, layout->tabs));
    draw_pane(screen, at_rect(paint, layout->pane));
    if (layout->side.width > 0) {
        area_column(paint_all(paint), layout->side.x - 1, layout->side.y, STYLE_RULE,
                    SIGN_RULE_DOWN, layout->side.height);
        view_board_side(screen, at_rect(paint, layout->side));
    }
    if (layout->talk.height > 0) {
        view_talk_recent(screen, at_rect(paint, layout->talk));
    }
    if (layout->replay.height > 0) {
        view_replay(screen, at_rect(paint, layout->replay));
    }
    view_status(screen, at_rect(paint, layout->status));
    view_keys(screen, at_rect(paint, layout->keys));
}

/* The panel sees the board, once there is one, beside what belongs to a phase. */
static enum layout_board board_of(const struct screen *screen) {
    const struct model *model = &screen->feed->model;
    bool beside = model->role != ROLE_CANDIDATE && screen->tab <= TAB_FLAGS &&
                  board_is_used(&model->room.board);
    return screen->tab == TAB_BOARD ? LAYOUT_BOARD_WHOLE
           : beside                 ? LAYOUT_BOARD_SIDE
                                    : LAYOUT_NO_BOARD;
}

/* How wide the alarms are says how many lines they need, and that where the rest is. */
static struct layout lay_out(struct screen *screen, struct paint *paint) {
    const struct pack *pack = screen->feed->model.room.pack;
    struct layout_needs needs = {
        .phases = pack ? pack->phase_count : 5,
        .recording = screen->feed->is_recording,
        .board = board_of(screen),
        .silent = screen->feed->model.room.line_count == 0,
        .talks = screen->tab == TAB_TALK,
        .writing = views_status_height(screen, paint->width, layout_writing_max(paint->height))};
    struct layout layout = layout_compute(paint->width, paint->height, &needs);
    needs.alarms =
        views_alarm_lines(screen, at_rect(paint, layout.alarms), layout.shape == LAYOUT_COLUMNS);
    return layout_compute(paint->width, paint->height, &needs);
}

void screen_draw(struct screen *screen, struct paint *paint) {
    struct layout layout = lay_out(screen, paint);
    paint_clear(paint);
    screen->hit_count = 0;
    screen->caret_x = screen->caret_y = -1;
    if (layout.shape == LAYOUT_TOO_SMALL) {
        struct flow flow = flow_begin(paint_all(paint), 0);
        flow_text(&flow, 0, STYLE_PLAIN, "Please make the window larger: 80 by 24 is enough.");
    } else if (screen->help) {
        view_help(screen, paint_all(paint));
    } else if (screen->device) {
        view_device(screen, paint_all(paint));
    } else {
        draw_panes(screen, &layout, paint);
    }
}
