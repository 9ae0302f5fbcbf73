/* SPDX-License-Identifier: ISC */
/*
 * control_room.c: what is said to a live room: marks, flags, facts, questions, and the clock.
 *
 * Whether a command is allowed is the room's to say, not ours. Each is described in words for the
 * status line when it is sent.
 */
#include "client/screen/control_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/screen/key_use.h"
#include "client/screen/views.h"

bool control_send(struct screen *screen, const struct body *body, const char *format, ...) {
    struct model *model = control_model(screen);
    uint32_t id = model->next_id;
    char words[sizeof screen->last];
    va_list arguments;
    va_start(arguments, format); /* before the room changes: they may be the pack's texts */
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    model->message[0] = '\0';
    if (!screen->feed->ops->send(screen->feed, body)) {
        return false; /* the model says why */
    }
    screen->last_id = id;
    screen->last_refused = false;
    memcpy(screen->last, words, sizeof words);
    screen->kept_at = screen->mono;
    return true;
}

void control_send_plain(struct screen *screen, enum action act, const char *words) {
    struct body body = {.act = act};
    control_send(screen, &body, "%s", words);
}

static void set_mark(struct screen *screen, int item, enum mark mark) {
    const struct model *model = control_model(screen);
    const struct pack_item *entry = &model->room.pack->items[item];
    struct body body = {.act = model_sheet_action(model),
                        .has = F(item) | F(mark),
                        .item = span_of(entry->id),
                        .mark = mark};
    control_send(screen, &body, "%s: %s", entry->title, mark_name(mark));
}

static void cycle_mark(struct screen *screen, int row, bool prompted) {
    int items[PACK_ITEMS_MAX];
    if (row >= screen_sheet_items(screen, screen_phase(screen), items)) {
        return;
    }
    bool waits;
    enum mark mark = model_mark(control_model(screen), items[row], &waits);
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
    const struct model *model = control_model(screen);
    if (row >= model->room.pack->flag_count) {
        return;
    }
    const struct pack_flag *flag = &model->room.pack->flags[row];
    bool on = !flag_is_on(model, row);
    struct body body = {
        .act = ACTION_FLAG_SET, .has = F(flag) | F(on), .flag = span_of(flag->id), .on = on};
    control_send(screen, &body, "%s: %s", flag->title, on ? "flag raised" : "flag withdrawn");
}

/* How the line names the letter of a row; rows past the letters are chosen by Space. */
static char row_key(int row) {
    char letter = keys_letter(row);
    if (letter == '\0') {
        return ' ';
    }
    return letter;
}

static void reveal_fact(struct screen *screen, int row) {
    const struct model *model = control_model(screen);
    if (model->role != ROLE_INTERVIEWER || row >= model->room.pack->fact_count) {
        return;
    }
    if (model->room.facts >> row & 1) {
        control_say(screen, false, "That fact is on the candidate's screen already.");
        return;
    }
    if (screen_where(screen) & AT_LIVE) {
        control_twice(screen, CHOSEN_FACT, row, row_key(row));
    }
}

/* How a question that was put was answered: not said, well, with help. */
static void cycle_answer(struct screen *screen, const struct pack_question *question) {
    static const enum answer next[] = {ANSWER_WELL, ANSWER_UNSAID, ANSWER_HELPED};
    static const char *const words[] = {"not said", "answered with help", "answered well"};
    const struct model *model = control_model(screen);
    if (model->room.rules < 2) {
        control_say(screen, false, "That question is on the candidate's screen already.");
        return;
    }
    enum answer answer = next[views_answer(model, question->id)];
    struct body body = {.act = ACTION_ANSWER_SET,
                        .has = F(curveball) | F(mark),
                        .curveball = span_of(question->id),
                        .mark = answer};
    control_send(screen, &body, "%s: %s", words[answer], question->text);
}

static void throw_question(struct screen *screen, int row) {
    const struct model *model = control_model(screen);
    int order[PACK_FOLLOWUPS_MAX + PACK_CURVEBALLS_MAX];
    if (model->role == ROLE_CANDIDATE || row >= views_questions(screen, order)) {
        return;
    }
    const struct pack_question *question = pack_question_at(model->room.pack, order[row]);
    if (model->room.thrown >> order[row] & 1) {
        cycle_answer(screen, question);
        return;
    }
    if (model->role != ROLE_INTERVIEWER || !(screen_where(screen) & AT_LIVE)) {
        control_say(screen, false,
                    model->role != ROLE_INTERVIEWER
                        ? "An interviewer asks the questions; you can say how they were answered."
                        : "Questions are asked while the interview runs.");
        return;
    }
    control_twice(screen, CHOSEN_QUESTION, order[row], row_key(row));
}

static void copy_link(struct screen *screen, int index) {
    enum role role;
    const char *link = screen_link(screen, (uint32_t)index, &role);
    if (!link || control_model(screen)->role == ROLE_CANDIDATE) {
        return;
    }
    if (screen_link_state(screen, link, role) != LINK_NEW) {
        control_say(
            screen, true,
            "That link opens nothing more. A seat's letter, then m, moves it; & makes one.");
        return;
    }
    snprintf(screen->copied, sizeof screen->copied, "%s", link);
    char words[80]; /* must fit in a window of 80 columns */
    snprintf(words, sizeof words, "The %s link is in the clipboard; if it is not, press @.",
             role_name(role));
    control_say(screen, false, words);
}

/* A row of the Room pane: a link, or somebody's seat. */
static void choose_in_room(struct screen *screen, int row) {
    room_rows_follow(screen);
    int link = room_row_link(screen, row);
    int seat = room_row_seat(screen, row);
    if (link >= 0) {
        copy_link(screen, link);
    } else if (seat >= 0 && seat == control_model(screen)->seat) {
        control_say(screen, false, refusal_sentence(REFUSAL_OWN_SEAT));
    } else if (seat >= 0) {
        screen->asking = ASK_SEAT;
        screen->asked_seat = seat;
    }
}

void control_seat(struct screen *screen, enum action act) {
    const struct room *room = &control_model(screen)->room;
    if (screen->asked_seat >= room->seat_count) {
        return;
    }
    struct body body = {.act = act, .has = F(seat), .seat = screen->asked_seat};
    control_send(screen, &body, "%s: %s",
                 act == ACTION_SEAT_MOVE  ? "To a new link"
                 : act == ACTION_SEAT_OUT ? "Put out"
                                          : "The clock is driven by",
                 screen_name(screen, (uint8_t)screen->asked_seat));
}

void control_device(struct screen *screen, bool end) {
    screen->device = screen->feed->ops->device(screen->feed, end) && !end;
}

void control_device_key(struct screen *screen) {
    if (screen->feed->ops->device == NULL) {
        control_say(screen, false, "From the wall nobody speaks; join the room by itself to.");
    } else if (screen->feed->voice.devices > 0) {
        screen->asking = ASK_DEVICE;
    } else {
        control_device(screen, false);
    }
}

/* The interviewer to whom the clock can be handed: one who is here before one who is not. */
static int other_interviewer(const struct model *model) {
    int other = -1;
    for (int i = model->room.seat_count - 1; i >= 0; i--) {
        const struct room_seat *seat = &model->room.seats[i];
        bool fits = seat->role == ROLE_INTERVIEWER && seat->hold == HOLD_KEPT && i != model->seat;
        if (fits && (other < 0 || seat->here || !model->room.seats[other].here)) {
            other = i;
        }
    }
    return other;
}

void control_drive_key(struct screen *screen) {
    const struct model *model = control_model(screen);
    int driver = room_driver(&model->room);
    if (driver < 0) {
        control_say(screen, false, "You are the only interviewer; the clock is yours.");
        return;
    }
    screen->asked_seat = driver == model->seat ? other_interviewer(model) : model->seat;
    screen->asking = ASK_DRIVE;
}

/* What the letter of a row does in the open pane. */
void control_choose_row(struct screen *screen, int row, bool prompted) {
    const struct model *model = control_model(screen);
    bool corrects = (screen_where(screen) & AT_DEBRIEF) != 0 && model->role != ROLE_CANDIDATE &&
                    model->room.rules >= 2 && screen->tab != TAB_PROMPT;
    bool live = corrects || (screen_where(screen) & (AT_LIVE | AT_DONE | AT_REMARK)) != 0;
    if (row < 0 || !control_model(screen)->room.pack) {
        return;
    }
    if (screen->tab == TAB_ROOM) {
        choose_in_room(screen, row);
        return;
    }
    if (screen->tab == TAB_TALK) {
        control_change_note(screen, row);
        return;
    }
    if (!live) {
        return;
    }
    if (row >= screen_rows(screen)) {
        return;
    }
    screen->cursor[screen->tab] = row;
    switch (screen->tab) {
    case TAB_RUBRIC: cycle_mark(screen, row, prompted); break;
    case TAB_PROMPT: reveal_fact(screen, row); break;
    case TAB_QUESTIONS: throw_question(screen, row); break;
    case TAB_FLAGS: toggle_flag(screen, row); break;
    case TAB_BOARD: control_board_row(screen, row); break;
    default: break;
    }
}

/* ---- what the rules suggest ---- */

void control_suggestion(struct screen *screen, bool take) {
    const struct pack *pack = control_model(screen)->room.pack;
    int more;
    int suggest = screen_suggested(screen, &more);
    if (suggest < 0) {
        return;
    }
    const char *title = suggest_title(pack, (uint8_t)suggest);
    if (take) {
        struct body body = suggest_take(pack, (uint8_t)suggest);
        control_send(screen, &body, "%s: %s", title,
                     body.act == ACTION_FLAG_SET ? "flag raised" : mark_name(MARK_RAISED));
    } else if (screen->feed->takes_marks) { /* the room's panel is not there to be told */
        screen->dropped |= UINT32_C(1) << suggest;
        control_say(screen, false, "Not suggested any more.");
    } else {
        struct body body = {.act = ACTION_SUGGEST_DROP,
                            .has = F(suggest),
                            .suggest = span_of(pack->suggests[suggest].id)};
        control_send(screen, &body, "Not suggested any more: %s", title);
    }
}

/* ---- hands ---- */

/* The seat whose hand has been up longest, or -1. */
static int raised_hand(const struct room *room) {
    int found = -1;
    for (int i = 0; i < room->seat_count; i++) {
        if (room->seats[i].hand &&
            (found < 0 || room->seats[i].hand_at < room->seats[found].hand_at)) {
            found = i;
        }
    }
    return found;
}

void control_hand(struct screen *screen) {
    const struct model *model = control_model(screen);
    int raised = raised_hand(&model->room);
    bool own = model->seat < model->room.seat_count && model->room.seats[model->seat].hand;
    if (own || model->role != ROLE_COACH) {
        struct body body = {.act = ACTION_HAND_SET, .has = F(on), .on = !own};
        control_send(screen, &body, own ? "Hand lowered" : "Hand raised");
    } else if (raised >= 0) {
        struct body body = {
            .act = ACTION_HAND_SET, .has = F(on) | F(seat), .on = 0, .seat = raised};
        control_send(screen, &body, "Hand of %s lowered", model->room.seats[raised].name);
    } else {
        control_say(screen, false, "Nobody has raised a hand.");
    }
}

/* ---- the clock ---- */

static void jump_to(struct screen *screen, int phase) {
    const struct room *room = &control_model(screen)->room;
    if (room->pack && phase < room->pack->phase_count && phase != room->clock.phase) {
        control_twice(screen, CHOSEN_PHASE, phase, (char)('1' + phase));
    }
}

static void next_step(struct screen *screen) {
    const struct room *room = &control_model(screen)->room;
    switch (room->stage) {
    case STAGE_WAITING: screen->asking = ASK_START; break;
    case STAGE_RUNNING:
    case STAGE_PAUSED:
        if (room->pack && room->clock.phase + 1 < room->pack->phase_count) {
            control_step(screen, room->clock.phase + 1, 'n');
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

/* The phase before; of an interview that is over: to where it was. */
static void step_back(struct screen *screen) {
    const struct room *room = &control_model(screen)->room;
    if (room->stage != STAGE_FINISHED && room->pack && room->clock.phase > 0) {
        control_step(screen, room->clock.phase - 1, 'b');
    } else if (room->stage != STAGE_FINISHED) {
        return;
    } else if (room_may_unfinish(room)) {
        screen->asking = ASK_UNFINISH;
    } else {
        control_say(screen, false, "The finish stands: the candidate's sheet has opened since.");
    }
}

static void add_minutes(struct screen *screen, int minutes) {
    const struct room *room = &control_model(screen)->room;
    if (!room->pack) {
        return;
    }
    int phase = room->stage == STAGE_WAITING ? screen_phase(screen) : room->clock.phase;
    struct body body = {.act = ACTION_CLOCK_ADD,
                        .has = F(phase) | F(ms),
                        .phase = phase,
                        .ms = (int64_t)minutes * 60000};
    control_send(screen, &body, "%s: a minute %s", room->pack->phases[phase].title,
                 minutes > 0 ? "added" : "taken away");
}

static void choose_plan(struct screen *screen, int plan) {
    const struct room *room = &control_model(screen)->room;
    if (!room->pack || plan >= room->pack->plan_count) {
        return;
    }
    struct body body = {.act = ACTION_CLOCK_PLAN, .has = F(plan), .plan = plan};
    control_send(screen, &body, "Plan: %s", room->pack->plans[plan].title);
}

/* The next step of more time; one between two steps, as `--extra` may give, goes to the first. */
static void stretch_plan(struct screen *screen) {
    static const uint8_t steps[] = {0, 25, 50, 100, 0};
    const struct room *room = &control_model(screen)->room;
    size_t at = 0;
    if (!room->pack || !clock_is_one(room) || room->plan >= room->pack->plan_count) {
        control_say(screen, false,
                    "Only a plan of the framework is stretched here; else host with --extra.");
        return;
    }
    while (steps[at] != room->clock.extra && at < sizeof steps - 2) {
        at++;
    }
    struct body body = {.act = ACTION_CLOCK_PLAN,
                        .has = F(plan) | F(extra),
                        .plan = room->plan,
                        .extra = steps[at + 1]};
    control_send(screen, &body, "%d %% more time", steps[at + 1]);
}

static void pause_or_go_on(struct screen *screen) {
    bool paused = control_model(screen)->room.stage == STAGE_PAUSED;
    control_send_plain(screen, paused ? ACTION_CLOCK_RESUME : ACTION_CLOCK_PAUSE,
                       paused ? "The clock goes on" : "Pause");
}

/* Says who drives, rather than sending what would be refused. */
static bool is_anothers_clock(struct screen *screen, enum key_action action) {
    const struct model *model = control_model(screen);
    char words[DRIVE_TEXT_MAX];
    if (!key_use_moves_clock(screen, action) ||
        !room_clock_is_anothers(&model->room, model->seat)) {
        return false;
    }
    snprintf(words, sizeof words, "%s drives the clock; P takes it over.",
             screen_name(screen, (uint8_t)room_driver(&model->room)));
    control_say(screen, true, words);
    return true;
}

bool control_clock_key(struct screen *screen, enum key_action action, int index) {
    if (is_anothers_clock(screen, action)) {
        return true;
    }
    switch (action) {
    case KEYS_NEXT: next_step(screen); return true;
    case KEYS_BACK: step_back(screen); return true;
    case KEYS_PAUSE: pause_or_go_on(screen); return true;
    case KEYS_SHEET:
        control_send_plain(screen, ACTION_SHEET_OPEN, "The candidate's own sheet opened");
        return true;
    case KEYS_LONGER: add_minutes(screen, 1); return true;
    case KEYS_SHORTER: add_minutes(screen, -1); return true;
    case KEYS_PLAN: choose_plan(screen, index); return true;
    case KEYS_STRETCH: stretch_plan(screen); return true;
    case KEYS_PHASE: jump_to(screen, index); return true;
    case KEYS_FINISH: screen->asking = ASK_FINISH; return true;
    default: return false;
    }
}
