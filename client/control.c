/*
 * control.c: keys and clicks to changes of the screen and commands.
 *
 * Whether a command is allowed is the room's to say, not ours: keys.def only leaves out what could never
 * be. Each command is described in words for the status line when it is sent.
 */
#include "client/control.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/views.h"

static struct model *model_of(struct screen *screen) {
    return &screen->feed->model;
}

static void say(struct screen *screen, bool bad, const char *text) {
    snprintf(screen->said, sizeof screen->said, "%s", text);
    screen->said_bad = bad;
}

/* ---- commands ---- */

static void send_body(struct screen *screen, const struct body *body, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void send_body(struct screen *screen, const struct body *body, const char *format, ...) {
    struct model *model = model_of(screen);
    uint32_t id = model->next_id;
    model->message[0] = '\0';
    if (!screen->feed->ops->send(screen->feed, body)) {
        return; /* the model says why */
    }
    screen->last_id = id;
    screen->last_refused = false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(screen->last, sizeof screen->last, format, arguments);
    va_end(arguments);
}

static void send_plain(struct screen *screen, enum action act, const char *words) {
    struct body body = {.act = act};
    send_body(screen, &body, "%s", words);
}

static void set_mark(struct screen *screen, int item, enum mark mark) {
    const struct model *model = model_of(screen);
    const struct pack_item *entry = &model->room.pack->items[item];
    struct body body = {.act = model->role == ROLE_CANDIDATE ? ACTION_SELF_SET : ACTION_MARK_SET,
                        .has = F(item) | F(mark),
                        .item = span_of(entry->id),
                        .mark = mark};
    send_body(screen, &body, "%s: %s", entry->title, mark_name(mark));
}

static void cycle_mark(struct screen *screen, int row, bool prompted) {
    int items[PACK_ITEMS_MAX];
    if (row >= screen_items(screen, screen_phase(screen), items)) {
        return;
    }
    bool waits;
    enum mark mark = model_mark(model_of(screen), items[row], &waits);
    enum mark next = mark == MARK_NOT_YET  ? MARK_RAISED
                     : mark == MARK_RAISED ? MARK_PROMPTED
                                           : MARK_NOT_YET;
    if (prompted) {
        next = mark == MARK_PROMPTED ? MARK_NOT_YET : MARK_PROMPTED;
    }
    set_mark(screen, items[row], next);
}

/* As it will be once what is on its way has been kept. */
static bool flag_is_on(const struct model *model, int flag) {
    const char *id = model->room.pack->flags[flag].id;
    for (uint32_t i = model->pending_count; i-- > 0;) {
        const struct body *body = &model->pending[i].command.body;
        if (body->act == ACTION_FLAG_SET && span_equal(body->flag, id)) {
            return body->on != 0;
        }
    }
    for (uint32_t i = 0; i < model->room.flag_count; i++) {
        if (model->room.flags[i].flag == flag) {
            return model->room.flags[i].on;
        }
    }
    return false;
}

static void toggle_flag(struct screen *screen, int row) {
    const struct model *model = model_of(screen);
    if (row >= model->room.pack->flag_count) {
        return;
    }
    const struct pack_flag *flag = &model->room.pack->flags[row];
    bool on = !flag_is_on(model, row);
    struct body body = {
        .act = ACTION_FLAG_SET, .has = F(flag) | F(on), .flag = span_of(flag->id), .on = on};
    send_body(screen, &body, "%s: %s", flag->title, on ? "flag raised" : "flag withdrawn");
}

static void reveal_fact(struct screen *screen, int row) {
    const struct model *model = model_of(screen);
    if (model->role != ROLE_INTERVIEWER || row >= model->room.pack->fact_count) {
        return;
    }
    const struct pack_fact *fact = &model->room.pack->facts[row];
    if (model->room.facts >> row & 1) {
        say(screen, false, "That fact is on the candidate's screen already.");
        return;
    }
    struct body body = {.act = ACTION_FACT_REVEAL,
                        .has = F(fact) | F(text),
                        .fact = span_of(fact->id),
                        .text = span_of(fact->text)};
    send_body(screen, &body, "Fact revealed: %s", fact->text);
}

static void throw_question(struct screen *screen, int row) {
    const struct model *model = model_of(screen);
    int order[PACK_FOLLOWUPS_MAX + PACK_CURVEBALLS_MAX];
    if (model->role != ROLE_INTERVIEWER || row >= views_questions(screen, order)) {
        return;
    }
    if (model->room.thrown >> order[row] & 1) {
        say(screen, false, "That question is on the candidate's screen already.");
        return;
    }
    const struct pack_question *question = pack_question_at(model->room.pack, order[row]);
    struct body body = {.act = ACTION_CURVE_THROW,
                        .has = F(curveball) | F(text),
                        .curveball = span_of(question->id),
                        .text = span_of(question->text)};
    send_body(screen, &body, "Asked: %s", question->text);
}

static void copy_link(struct screen *screen, int row) {
    enum role role;
    const char *link = screen_link(screen, (uint32_t)row, &role);
    if (!link || model_of(screen)->role == ROLE_CANDIDATE) {
        return;
    }
    snprintf(screen->copied, sizeof screen->copied, "%s", link);
    char words[120];
    snprintf(words, sizeof words,
             "The %s link was handed to the terminal's clipboard; if that stays empty, press @.",
             role_name(role));
    say(screen, false, words);
}

/* What the letter of a row does in the open pane. */
static void choose_row(struct screen *screen, int row, bool prompted) {
    bool live = (screen_where(screen) & (AT_LIVE | AT_DONE)) != 0;
    if (row < 0 || !model_of(screen)->room.pack) {
        return;
    }
    if (screen->tab == TAB_ROOM) {
        copy_link(screen, row);
        return;
    }
    if (!live) {
        return;
    }
    screen->cursor[screen->tab] = row;
    switch (screen->tab) {
    case TAB_RUBRIC: cycle_mark(screen, row, prompted); break;
    case TAB_PROMPT: reveal_fact(screen, row); break;
    case TAB_QUESTIONS: throw_question(screen, row); break;
    case TAB_FLAGS: toggle_flag(screen, row); break;
    default: break;
    }
    int rows = screen->rows;
    if (rows > 0 && screen->cursor[screen->tab] >= rows) {
        screen->cursor[screen->tab] = rows - 1;
    }
}

/* ---- the clock ---- */

static void jump_to(struct screen *screen, int phase) {
    const struct room *room = &model_of(screen)->room;
    if (!room->pack || phase < 0 || phase >= room->pack->phase_count ||
        phase == room->clock.phase) {
        return;
    }
    struct body body = {.act = ACTION_CLOCK_JUMP, .has = F(phase), .phase = phase};
    send_body(screen, &body, "To phase %d, %s", phase + 1, room->pack->phases[phase].title);
}

static void next_step(struct screen *screen) {
    const struct room *room = &model_of(screen)->room;
    switch (room->stage) {
    case STAGE_LOBBY: screen->asking = ASK_START; break;
    case STAGE_RUNNING:
    case STAGE_PAUSED:
        if (room->pack && room->clock.phase + 1 < room->pack->phase_count) {
            jump_to(screen, room->clock.phase + 1);
        } else {
            screen->asking = ASK_FINISH;
        }
        break;
    case STAGE_FINISHED: screen->asking = ASK_DEBRIEF; break;
    case STAGE_DEBRIEF: screen->asking = ASK_CLOSE; break;
    case STAGE_NEW:
    case STAGE_CLOSED: break;
    }
}

static void add_minutes(struct screen *screen, int minutes) {
    const struct room *room = &model_of(screen)->room;
    if (!room->pack) {
        return;
    }
    int phase = room->stage == STAGE_LOBBY ? screen_phase(screen) : room->clock.phase;
    struct body body = {.act = ACTION_CLOCK_ADD,
                        .has = F(phase) | F(ms),
                        .phase = phase,
                        .ms = (int64_t)minutes * 60000};
    send_body(screen, &body, "%s: a minute %s", room->pack->phases[phase].title,
              minutes > 0 ? "added" : "taken away");
}

static void choose_plan(struct screen *screen, int plan) {
    const struct room *room = &model_of(screen)->room;
    if (!room->pack || plan >= room->pack->plan_count) {
        return;
    }
    struct body body = {.act = ACTION_CLOCK_PLAN, .has = F(plan), .plan = plan};
    send_body(screen, &body, "Plan: %s", room->pack->plans[plan].title);
}

static void pause_or_go_on(struct screen *screen) {
    bool paused = model_of(screen)->room.stage == STAGE_PAUSED;
    send_plain(screen, paused ? ACTION_CLOCK_RESUME : ACTION_CLOCK_PAUSE,
               paused ? "The clock goes on" : "Pause");
}

/* ---- questions with yes and no ---- */

static void answer_invite(struct screen *screen, int code) {
    enum role role = code == 'i'   ? ROLE_INTERVIEWER
                     : code == 'c' ? ROLE_CANDIDATE
                     : code == 'k' ? ROLE_COACH
                                   : ROLE_NONE;
    screen->asking = ASK_NOTHING;
    if (role != ROLE_NONE && screen->feed->ops->invite(screen->feed, role)) {
        say(screen, false, "Asked the server for one more link; it will be under Room.");
    }
}

static void answer(struct screen *screen, int code) {
    enum asking asking = screen->asking;
    if (asking == ASK_INVITE) {
        answer_invite(screen, code);
        return;
    }
    screen->asking = ASK_NOTHING;
    if (code != 'y' && code != 'Y') {
        return;
    }
    switch (asking) {
    case ASK_START: send_plain(screen, ACTION_CLOCK_START, "Start"); break;
    case ASK_FINISH: send_plain(screen, ACTION_CLOCK_FINISH, "Finish"); break;
    case ASK_DEBRIEF: send_plain(screen, ACTION_DEBRIEF_OPEN, "Debrief opened"); break;
    case ASK_CLOSE: send_plain(screen, ACTION_ROOM_CLOSE, "Room closed"); break;
    case ASK_QUIT: screen->quit = true; break;
    case ASK_INVITE:
    case ASK_NOTHING: break;
    }
}

/* ---- writing a line ---- */

static void start_writing(struct screen *screen, enum writing writing) {
    screen->writing = writing;
    input_clear(&screen->input);
}

static void send_line(struct screen *screen) {
    enum writing writing = screen->writing;
    screen->writing = WRITE_NOTHING;
    if (input_is_empty(&screen->input)) {
        return;
    }
    struct body body = {.has = F(text), .text = {screen->input.text, (uint32_t)screen->input.len}};
    body.act = writing == WRITE_TALK      ? ACTION_TALK_SAY
               : writing == WRITE_WHISPER ? ACTION_TALK_WHISPER
                                          : screen->note_to;
    const char *words = writing == WRITE_TALK      ? "Talk"
                        : writing == WRITE_WHISPER ? "Whisper"
                                                   : "Note";
    send_body(screen, &body, "%s", words);
}

static void next_note_audience(struct screen *screen) {
    bool panel = model_of(screen)->role != ROLE_CANDIDATE;
    screen->note_to = screen->note_to == ACTION_NOTE_MINE
                          ? (panel ? ACTION_NOTE_PANEL : ACTION_NOTE_ALL)
                      : screen->note_to == ACTION_NOTE_PANEL ? ACTION_NOTE_ALL
                                                             : ACTION_NOTE_MINE;
}

static void edit_key(struct screen *screen, int code) {
    struct input_line *input = &screen->input;
    switch (code) {
    case CODE_LEFT: input_left(input); return;
    case CODE_RIGHT: input_right(input); return;
    case 0x01:
    case CODE_HOME: input_home(input); return;
    case 0x05:
    case CODE_END: input_end(input); return;
    case 0x7f:
    case 0x08:
    case CODE_BACKSPACE: input_backspace(input); return;
    case 0x04:
    case CODE_DELETE: input_delete(input); return;
    case 0x15: input_delete_to_start(input); return;
    case 0x17: input_delete_word(input); return;
    default: break;
    }
    if (code >= 0x20 && code < CODE_UP && !input_insert(input, (wchar_t)code)) {
        say(screen, true, "The line is full; send it and begin another.");
    }
}

static void write_key(struct screen *screen, int code) {
    if (code == CODE_ESCAPE || code == 0x07) {
        screen->writing = WRITE_NOTHING;
        say(screen, false, "Nothing was sent.");
    } else if (code == '\r' || code == '\n') {
        send_line(screen);
    } else if (code == '\t') {
        if (screen->writing == WRITE_NOTE) {
            next_note_audience(screen);
        }
    } else {
        edit_key(screen, code);
    }
}

/* ---- panes ---- */

static void open_tab(struct screen *screen, enum screen_tab tab) {
    if (screen_has_tab(screen, tab)) {
        screen->tab = tab;
        screen->detail = false;
    }
}

static void step_tab(struct screen *screen, int step) {
    int tab = (int)screen->tab;
    do {
        tab = (tab + step + TAB_COUNT) % TAB_COUNT;
    } while (!screen_has_tab(screen, (enum screen_tab)tab));
    open_tab(screen, (enum screen_tab)tab);
}

/* The n-th tab that this screen has. */
static void nth_tab(struct screen *screen, int n) {
    for (int i = 0; i < TAB_COUNT; i++) {
        if (screen_has_tab(screen, (enum screen_tab)i) && n-- == 0) {
            open_tab(screen, (enum screen_tab)i);
            return;
        }
    }
}

static void scroll(struct screen *screen, int lines) {
    int *top = &screen->top[screen->tab];
    *top += screen->tab == TAB_TALK ? -lines : lines;
    *top = *top < 0 ? 0 : *top;
}

static void move_cursor(struct screen *screen, int lines) {
    if (screen->rows == 0 || screen->tab == TAB_ROOM) {
        scroll(screen, lines);
        return;
    }
    int *cursor = &screen->cursor[screen->tab];
    *cursor += lines;
    *cursor = *cursor < 0 ? 0 : *cursor >= screen->rows ? screen->rows - 1 : *cursor;
    screen->cursor_moved = true;
}

static void look(struct screen *screen, int step) {
    const struct room *room = &model_of(screen)->room;
    if (!room->pack) {
        return;
    }
    int count = room->pack->phase_count;
    screen->looked_at = (screen_phase(screen) + step + count) % count;
    if (screen->looked_at == room->clock.phase && room->stage != STAGE_LOBBY) {
        screen->looked_at = -1;
    }
    screen->cursor[TAB_RUBRIC] = screen->cursor[TAB_QUESTIONS] = 0;
}

static void page(struct screen *screen, int direction) {
    int lines = (screen->page > 2 ? screen->page - 1 : 1) * direction;
    if (screen->tab == TAB_RUBRIC || screen->tab == TAB_FLAGS) {
        move_cursor(screen, lines);
    } else {
        scroll(screen, lines);
    }
}

/* ---- a recording ---- */

static void seek_by(struct screen *screen, int64_t ms) {
    struct feed *feed = screen->feed;
    int64_t at = screen->now + ms;
    at = at < feed->first_at ? feed->first_at : at > feed->last_at ? feed->last_at : at;
    feed->ops->seek(feed, at);
}

static bool is_tick(const struct event *event) {
    return event->body.act == ACTION_MARK_SET || event->body.act == ACTION_SELF_SET;
}

static bool is_flag(const struct event *event) {
    return event->body.act == ACTION_FLAG_SET;
}

static bool is_part(const struct event *event) {
    enum action act = event->body.act;
    return act == ACTION_CLOCK_START || act == ACTION_CLOCK_JUMP || act == ACTION_CLOCK_FINISH ||
           act == ACTION_DEBRIEF_OPEN;
}

/* The next event of a kind after, or before, the last one that has been applied. */
static void seek_kind(struct screen *screen, bool (*is_kind)(const struct event *), bool forwards) {
    struct feed *feed = screen->feed;
    uint32_t pos = feed->model.room.pos;
    if (forwards) {
        for (uint32_t i = pos; i < feed->event_count; i++) {
            if (is_kind(&feed->events[i])) {
                feed->ops->seek_event(feed, i + 1);
                return;
            }
        }
    } else {
        for (uint32_t i = pos > 0 ? pos - 1 : 0; i-- > 0;) {
            if (is_kind(&feed->events[i])) {
                feed->ops->seek_event(feed, i + 1);
                return;
            }
        }
    }
    say(screen, false, forwards ? "There is none after this." : "There is none before this.");
}

static void seek_part(struct screen *screen, int phase) {
    struct feed *feed = screen->feed;
    for (uint32_t i = 0; i < feed->event_count; i++) {
        const struct body *body = &feed->events[i].body;
        if ((body->act == ACTION_CLOCK_START && phase == 0) ||
            (body->act == ACTION_CLOCK_JUMP && body->phase == phase)) {
            feed->ops->seek_event(feed, i + 1);
            return;
        }
    }
    say(screen, false, "That phase was never reached.");
}

/* The next time at which the item was marked; after the last one, the first again. */
static void seek_item(struct screen *screen, int row) {
    struct feed *feed = screen->feed;
    int items[PACK_ITEMS_MAX];
    if (!feed->model.room.pack || row < 0 ||
        row >= screen_items(screen, screen_phase(screen), items)) {
        return;
    }
    const char *id = feed->model.room.pack->items[items[row]].id;
    int looked = screen_phase(screen);
    for (uint32_t step = 0; step < feed->event_count; step++) {
        uint32_t i = (feed->model.room.pos + step) % feed->event_count;
        if (is_tick(&feed->events[i]) && span_equal(feed->events[i].body.item, id)) {
            feed->ops->seek_event(feed, i + 1);
            screen_follow(screen);
            screen->looked_at = looked;
            screen->cursor[TAB_RUBRIC] = row;
            return;
        }
    }
    say(screen, false, "That item was never marked.");
}

static void change_speed(struct screen *screen, int step) {
    static const int speeds[][2] = {{1, 2}, {1, 1},  {2, 1},  {4, 1},
                                    {8, 1}, {16, 1}, {32, 1}, {64, 1}};
    enum { COUNT = sizeof speeds / sizeof *speeds };
    struct feed *feed = screen->feed;
    int now = 1;
    for (int i = 0; i < COUNT; i++) {
        if (speeds[i][0] == feed->speed_num && speeds[i][1] == feed->speed_den) {
            now = i;
        }
    }
    now = feed->speed_num == 0 ? 1 : now + step;
    now = now < 0 ? 0 : now >= COUNT ? COUNT - 1 : now;
    feed->ops->speed(feed, speeds[now][0], speeds[now][1]);
}

static void play_or_pause(struct screen *screen) {
    struct feed *feed = screen->feed;
    if (feed->speed_num > 0) {
        screen->speed_num = feed->speed_num;
        screen->speed_den = feed->speed_den;
        feed->ops->speed(feed, 0, 1);
    } else {
        feed->ops->speed(feed, screen->speed_num > 0 ? screen->speed_num : 1,
                         screen->speed_den > 0 ? screen->speed_den : 1);
    }
}

static void reel_key(struct screen *screen, enum key_action action, int code, int index) {
    struct feed *feed = screen->feed;
    switch (action) {
    case KEYS_PLAY: play_or_pause(screen); break;
    case KEYS_SKIP_BACK: seek_by(screen, -10000); break;
    case KEYS_SKIP_ON: seek_by(screen, 10000); break;
    case KEYS_LEAP_BACK: seek_by(screen, -60000); break;
    case KEYS_LEAP_ON: seek_by(screen, 60000); break;
    case KEYS_FASTER: change_speed(screen, 1); break;
    case KEYS_SLOWER: change_speed(screen, -1); break;
    case KEYS_TICK_NEXT: seek_kind(screen, is_tick, true); break;
    case KEYS_TICK_LAST: seek_kind(screen, is_tick, false); break;
    case KEYS_FLAG_NEXT: seek_kind(screen, is_flag, true); break;
    case KEYS_FLAG_LAST: seek_kind(screen, is_flag, false); break;
    case KEYS_PART_NEXT: seek_kind(screen, is_part, true); break;
    case KEYS_PART_LAST: seek_kind(screen, is_part, false); break;
    case KEYS_JUMP_PART: seek_part(screen, index); break;
    case KEYS_JUMP_ITEM: seek_item(screen, keys_letter_index(code)); break;
    case KEYS_REEL_START: feed->ops->seek(feed, feed->first_at); break;
    case KEYS_REEL_END: feed->ops->seek(feed, feed->last_at); break;
    default: break;
    }
}

/* ---- dispatch ---- */

static bool clock_key(struct screen *screen, enum key_action action, int index) {
    switch (action) {
    case KEYS_NEXT: next_step(screen); return true;
    case KEYS_BACK: jump_to(screen, model_of(screen)->room.clock.phase - 1); return true;
    case KEYS_PAUSE: pause_or_go_on(screen); return true;
    case KEYS_LONGER: add_minutes(screen, 1); return true;
    case KEYS_SHORTER: add_minutes(screen, -1); return true;
    case KEYS_PLAN: choose_plan(screen, index); return true;
    case KEYS_PHASE: jump_to(screen, index); return true;
    case KEYS_FINISH: screen->asking = ASK_FINISH; return true;
    default: return false;
    }
}

static void debrief_key(struct screen *screen) {
    const struct model *model = model_of(screen);
    if (model->room.stage == STAGE_FINISHED && model->role == ROLE_INTERVIEWER) {
        screen->asking = ASK_DEBRIEF;
    } else if (screen_has_tab(screen, TAB_DEBRIEF)) {
        open_tab(screen, TAB_DEBRIEF);
    } else {
        say(screen, false, "An interviewer opens the debrief; until then sheets stay closed.");
    }
}

static bool pane_key(struct screen *screen, enum key_action action, int code, int index) {
    switch (action) {
    case KEYS_LETTER: choose_row(screen, keys_letter_index(code), false); return true;
    case KEYS_PROMPTED:
        choose_row(screen, keys_letter_index(code), screen->tab == TAB_RUBRIC);
        return true;
    case KEYS_CYCLE: choose_row(screen, screen->cursor[screen->tab], false); return true;
    case KEYS_DETAIL: screen->detail = !screen->detail; return true;
    case KEYS_FLAGS:
        open_tab(screen, screen->tab == TAB_FLAGS ? TAB_RUBRIC : TAB_FLAGS);
        return true;
    case KEYS_TAB_NEXT: step_tab(screen, 1); return true;
    case KEYS_TAB_LAST: step_tab(screen, -1); return true;
    case KEYS_TAB: nth_tab(screen, index); return true;
    case KEYS_UP: move_cursor(screen, -1); return true;
    case KEYS_DOWN: move_cursor(screen, 1); return true;
    case KEYS_PAGE_UP: page(screen, -1); return true;
    case KEYS_PAGE_DOWN: page(screen, 1); return true;
    case KEYS_LOOK_BACK: look(screen, -1); return true;
    case KEYS_LOOK_ON: look(screen, 1); return true;
    default: return false;
    }
}

static void other_key(struct screen *screen, enum key_action action) {
    switch (action) {
    case KEYS_TALK: start_writing(screen, WRITE_TALK); break;
    case KEYS_WHISPER: start_writing(screen, WRITE_WHISPER); break;
    case KEYS_NOTE: start_writing(screen, WRITE_NOTE); break;
    case KEYS_DEBRIEF: debrief_key(screen); break;
    case KEYS_LINKS: screen->plain_links = true; break;
    case KEYS_INVITE: screen->asking = ASK_INVITE; break;
    case KEYS_REDRAW: screen->redraw = true; break;
    case KEYS_HELP: screen->help = true; break;
    case KEYS_QUIT: screen->asking = ASK_QUIT; break;
    default: break;
    }
}

static void help_key(struct screen *screen, int code) {
    switch (code) {
    case CODE_DOWN: screen->help_top++; return;
    case CODE_UP: screen->help_top -= screen->help_top > 0; return;
    case ' ':
    case CODE_PAGE_DOWN: screen->help_top += 10; return;
    case CODE_PAGE_UP: screen->help_top = screen->help_top > 10 ? screen->help_top - 10 : 0; return;
    default: screen->help = false; screen->help_top = 0;
    }
}

void control_key(struct screen *screen, int code) {
    screen->said[0] = '\0';
    if (screen->help) {
        help_key(screen, code);
        return;
    }
    if (screen->asking != ASK_NOTHING) {
        answer(screen, code);
        return;
    }
    if (screen->writing != WRITE_NOTHING) {
        write_key(screen, code);
        return;
    }
    int index;
    const struct key_row *row =
        keys_find(code, screen_where(screen), model_of(screen)->role, &index);
    if (!row) {
        return;
    }
    /* A recording or an ended feed has nothing to lose: no question. */
    if (row->action == KEYS_QUIT &&
        (screen->feed->is_recording || model_of(screen)->link == LINK_ENDED)) {
        screen->quit = true;
        return;
    }
    if (row->where == AT_REPLAY) {
        reel_key(screen, row->action, code, index);
    } else if (!clock_key(screen, row->action, index) &&
               !pane_key(screen, row->action, code, index)) {
        other_key(screen, row->action);
    }
}

void control_click(struct screen *screen, int x, int y) {
    const struct hit *hit = screen_hit(screen, x, y);
    if (!hit || screen->help || screen->asking != ASK_NOTHING) {
        return;
    }
    struct feed *feed = screen->feed;
    switch (hit->kind) {
    case HIT_TAB: open_tab(screen, (enum screen_tab)hit->index); break;
    case HIT_PHASE:
        screen->looked_at = hit->index == feed->model.room.clock.phase ? -1 : hit->index;
        screen->cursor[TAB_RUBRIC] = 0;
        break;
    case HIT_ROW:
        if (feed->is_recording) {
            screen->cursor[screen->tab] = hit->index;
            if (screen->tab == TAB_RUBRIC) {
                seek_item(screen, hit->index);
            }
        } else {
            choose_row(screen, hit->index, false);
        }
        break;
    case HIT_REEL:
        feed->ops->seek(feed, feed->first_at + (feed->last_at - feed->first_at) *
                                                   (x - hit->rect.x) /
                                                   (hit->index > 1 ? hit->index - 1 : 1));
        break;
    }
}

void control_wheel(struct screen *screen, int lines) {
    if (screen->help) {
        screen->help_top = screen->help_top + lines > 0 ? screen->help_top + lines : 0;
    } else if (screen->tab == TAB_RUBRIC || screen->tab == TAB_FLAGS) {
        move_cursor(screen, lines);
    } else {
        scroll(screen, lines);
    }
}
