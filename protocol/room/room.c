/* SPDX-License-Identifier: ISC */
/*
 * room.c: deciding and folding: one row of `parts` per action, around it what holds for all of
 * them.
 *
 * Invariants: room_apply changes either everything or nothing; positions follow each other without
 * a gap; the counts by audience are those of the events applied, so that view.c can number a seat's
 * view without looking at the log; ids rise per seat.
 */
#include "protocol/room/room.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/room/part.h"
#include "protocol/room/view.h"

struct part {
    part_decide *decide;
    part_apply *apply;
    field_set filled; /* required fields that decide fills in */
    enum share share;
};

static enum refusal decide_plainly(const struct room *room, uint8_t by, struct body *out) {
    (void)room;
    (void)by;
    (void)out;
    return REFUSAL_NONE;
}

static const struct part parts[ACTION_COUNT] = {
    [ACTION_ROOM_OPEN] = {opening_decide_open, opening_apply_open, 0, SHARE_NONE},
    [ACTION_ROOM_GUIDE] = {opening_decide_section, opening_apply_section, 0, SHARE_NONE},
    [ACTION_ROOM_PROMPT] = {opening_decide_section, opening_apply_section, 0, SHARE_NONE},
    [ACTION_ROOM_TITLES] = {opening_decide_section, opening_apply_section, 0, SHARE_NONE},
    [ACTION_ROOM_RUBRIC] = {opening_decide_section, opening_apply_section, 0, SHARE_NONE},
    [ACTION_ROOM_BRIEF] = {opening_decide_section, opening_apply_section, 0, SHARE_NONE},
    [ACTION_ROOM_KEEP] = {opening_decide_keep, opening_apply_keep, 0, SHARE_NONE},
    [ACTION_SEAT_INVITE] = {seat_decide_invite, seat_apply_invite, 0, SHARE_NONE},
    [ACTION_SEAT_JOIN] = {seat_decide_join, seat_apply_join, F(seat) | F(role) | F(session),
                          SHARE_NONE},
    [ACTION_SEAT_GONE] = {seat_decide_gone, seat_apply_gone, 0, SHARE_NONE},
    [ACTION_SEAT_MOVE] = {seat_decide_move, seat_apply_move, 0, SHARE_NONE},
    [ACTION_SEAT_OUT] = {seat_decide_out, seat_apply_out, 0, SHARE_NONE},
    [ACTION_COMPANION_LINK] = {companion_decide_link, companion_apply_link, 0, SHARE_NONE},
    [ACTION_COMPANION_TAKE] = {companion_decide_take, companion_apply_take, F(seat) | F(style),
                               SHARE_NONE},
    [ACTION_COMPANION_END] = {companion_decide_end, companion_apply_end, 0, SHARE_NONE},
    [ACTION_CLOCK_START] = {clock_decide_move, clock_apply_start, 0, SHARE_MOVES},
    [ACTION_CLOCK_PAUSE] = {clock_decide_move, clock_apply_pause, 0, SHARE_MOVES},
    [ACTION_CLOCK_RESUME] = {clock_decide_move, clock_apply_resume, 0, SHARE_MOVES},
    [ACTION_CLOCK_JUMP] = {clock_decide_jump, clock_apply_jump, 0, SHARE_MOVES},
    [ACTION_CLOCK_ADD] = {clock_decide_add, clock_apply_add, 0, SHARE_MOVES},
    [ACTION_CLOCK_PLAN] = {clock_decide_plan, clock_apply_plan, 0, SHARE_MOVES},
    [ACTION_CLOCK_UNFINISH] = {clock_decide_unfinish, clock_apply_unfinish, 0, SHARE_MOVES},
    [ACTION_CLOCK_FINISH] = {decide_plainly, clock_apply_finish, 0, SHARE_NONE},
    [ACTION_CLOCK_DRIVE] = {drive_decide, drive_apply, 0, SHARE_AUDIENCE},
    [ACTION_SHEET_OPEN] = {sheet_decide_open, sheet_apply_open, 0, SHARE_NONE},
    [ACTION_DEBRIEF_OPEN] = {debrief_decide, debrief_apply_open, 0, SHARE_NONE},
    [ACTION_ROOM_CLOSE] = {debrief_decide_close, debrief_apply_close, 0, SHARE_NONE},
    [ACTION_ROOM_EXPIRE] = {seat_decide_expire, seat_apply_expire, 0, SHARE_NONE},
    [ACTION_ROOM_SWAP] = {debrief_decide_swap, debrief_apply_swap, 0, SHARE_NONE},
    [ACTION_TURN_ASK] = {turn_decide_ask, turn_apply_ask, 0, SHARE_AUDIENCE},
    [ACTION_HAND_SET] = {hand_decide, hand_apply, 0, SHARE_AUDIENCE},
    [ACTION_SEAT_WATCH] = {watch_decide, watch_apply, 0, SHARE_AUDIENCE},
    [ACTION_ROOM_CALL] = {call_decide, call_apply, 0, SHARE_AUDIENCE},
    [ACTION_SEAL_SET] = {rubric_decide_own, rubric_apply_own, 0, SHARE_AUDIENCE},
    [ACTION_MARK_SET] = {rubric_decide_mark, rubric_apply_mark, 0, SHARE_AUDIENCE},
    [ACTION_SELF_SET] = {rubric_decide_self, rubric_apply_own, 0, SHARE_AUDIENCE},
    [ACTION_FLAG_SET] = {rubric_decide_flag, rubric_apply_flag, 0, SHARE_AUDIENCE},
    [ACTION_SUGGEST_DROP] = {suggest_decide_drop, suggest_apply_drop, 0, SHARE_AUDIENCE},
    [ACTION_FACT_REVEAL] = {prompt_decide_fact, prompt_apply_reveal, 0, SHARE_NONE},
    [ACTION_CURVE_THROW] = {prompt_decide_curveball, prompt_apply_reveal, 0, SHARE_NONE},
    [ACTION_NOTE_MINE] = {talk_decide_line, talk_apply_line, 0, SHARE_AUDIENCE},
    [ACTION_NOTE_PANEL] = {talk_decide_line, talk_apply_line, 0, SHARE_AUDIENCE},
    [ACTION_NOTE_ALL] = {talk_decide_line, talk_apply_line, 0, SHARE_AUDIENCE},
    [ACTION_NOTE_MINE_SET] = {talk_decide_change, talk_apply_change, 0, SHARE_AUDIENCE},
    [ACTION_NOTE_PANEL_SET] = {talk_decide_change, talk_apply_change, 0, SHARE_AUDIENCE},
    [ACTION_NOTE_ALL_SET] = {talk_decide_change, talk_apply_change, 0, SHARE_AUDIENCE},
    [ACTION_TALK_SAY] = {talk_decide_line, talk_apply_line, 0, SHARE_AUDIENCE},
    [ACTION_ANSWER_SET] = {prompt_decide_answer, prompt_apply_answer, 0, SHARE_AUDIENCE},
    [ACTION_VERDICT_GIVE] = {verdict_decide_give, verdict_apply_give, 0, SHARE_NONE},
    [ACTION_RATING_GIVE] = {verdict_decide_rate, verdict_apply_rate, 0, SHARE_NONE},
    [ACTION_VERDICT_IN] = {verdict_decide_in, verdict_apply_in, 0, SHARE_NONE},
    [ACTION_VERDICT_OPEN] = {verdict_decide_open, verdict_apply_open, 0, SHARE_NONE},
    [ACTION_TALK_WHISPER] = {talk_decide_line, talk_apply_line, 0, SHARE_AUDIENCE},
    [ACTION_BOX_ADD] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_BOX_MOVE] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_BOX_TEXT] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_BOX_DROP] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_BOX_BACK] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_ARROW_ADD] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_ARROW_LABEL] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_ARROW_STYLE] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_ARROW_DROP] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_ARROW_BACK] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_FRAME_ADD] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_FRAME_MOVE] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_FRAME_TEXT] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_FRAME_DROP] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_FRAME_BACK] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_SPAN_ADD] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_SPAN_MOVE] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_SPAN_TEXT] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_SPAN_DROP] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_SPAN_BACK] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_STROKE_ADD] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_STROKE_DROP] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_STROKE_BACK] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_REQ_ADD] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_REQ_SET] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_REQ_DROP] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_REQ_BACK] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_SHEET_WRITE] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_POINT_SET] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_BOARD_PRIVATE] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_BOARD_SHARE] = {drawing_decide, drawing_apply, 0, SHARE_BOARD},
    [ACTION_PICTURE_ADD] = {drawing_decide, drawing_apply, 0, SHARE_NONE},
};

bool part_grow(void **array, uint32_t *cap, uint32_t need, size_t size) {
    if (need <= *cap) {
        return true;
    }
    uint32_t wanted = *cap ? *cap * 2 : 4;
    if (wanted < need) {
        wanted = need;
    }
    void *grown = realloc(*array, wanted * size);
    if (!grown) {
        return false;
    }
    *array = grown;
    *cap = wanted;
    return true;
}

char *part_text(struct span text) {
    char *copy = malloc((size_t)text.len + 1);
    if (copy) {
        memcpy(copy, text.at, text.len);
        copy[text.len] = '\0';
    }
    return copy;
}

/* A cohort's actions have no part here. */
static bool is_action(enum action act) {
    return (unsigned)act < ACTION_COUNT && parts[act].decide;
}

/* Whether an author may do what this row is: the server's rows are the server's alone. */
static bool may_author(const struct room *room, const struct action_row *row, uint8_t seat) {
    if (seat == SEAT_SERVER) {
        return row->who == W_SERVER || row->who & W_OR_SERVER;
    }
    return seat < room->seat_count && row->who & UINT32_C(1) << room->seats[seat].role;
}

static enum refusal check_author(const struct room *room, const struct command *command,
                                 const struct action_row *row) {
    if (command->seat != SEAT_SERVER && command->seat >= room->seat_count) {
        return REFUSAL_NOT_A_MEMBER;
    }
    if ((command->id == 0) != (command->seat == SEAT_SERVER)) {
        return REFUSAL_ID_ORDER;
    }
    if (command->seat != SEAT_SERVER && room->seats[command->seat].hold != HOLD_KEPT) {
        /* Who had the seat has spoken too late, and nobody has it now. */
        return room->seats[command->seat].hold == HOLD_OUT ? REFUSAL_PUT_OUT : REFUSAL_SEAT_MOVED;
    }
    return may_author(room, row, command->seat) ? REFUSAL_NONE : REFUSAL_NOT_ALLOWED;
}

/* `made`, bounded to what the author could have seen. */
static int64_t bounded_made(const struct room *room, const struct command *command, int64_t at) {
    if (command->seat == SEAT_SERVER || command->made <= 0 || command->made > at) {
        return at;
    }
    const struct room_seat *seat = &room->seats[command->seat];
    int64_t floor = seat->last_made > seat->shown_at ? seat->last_made : seat->shown_at;
    int64_t made = command->made > floor ? command->made : floor;
    return made < at ? made : at;
}

/* Between the parts of a body there is nothing else. */
static bool continues(const struct room *room, enum action act) {
    return room->brief_left == 0 || act == ACTION_ROOM_BRIEF;
}

static enum refusal check_command(const struct room *room, const struct command *command,
                                  const struct action_row *row) {
    enum refusal refusal = check_author(room, command, row);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    /* Who has been overtaken hears by whom, before hearing that the stage is another one now; but
     * of who drives the clock first, and of a room that is over that it is. */
    bool late = row->optional & F(seen) && room->stage != STAGE_CLOSED &&
                (room_hands_over(command->body.act) ? seat_is_stale(room, command)
                                                    : clock_is_stale(room, &command->body));
    if (late) {
        return drive_forbids(room, command->seat, command->body.act) ? REFUSAL_NOT_DRIVING
                                                                     : REFUSAL_STALE;
    }
    bool fits = row->when & UINT32_C(1) << room->stage && continues(room, command->body.act);
    return fits ? REFUSAL_NONE : REFUSAL_WRONG_STAGE;
}

enum refusal room_decide(const struct room *room, const struct command *command, int64_t now,
                         struct event *out) {
    memset(out, 0, sizeof *out);
    if (command->seat < room->seat_count && command->id &&
        command->id <= room->seats[command->seat].last_id) {
        return REFUSAL_NONE;
    }
    if (!is_action(command->body.act)) {
        return REFUSAL_UNKNOWN_ACTION;
    }
    const struct action_row *row = action_row(command->body.act);
    const struct part *part = &parts[command->body.act];
    enum refusal refusal = check_command(room, command, row);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    int64_t at = now > room->at ? now : room->at;
    struct body body = command->body;
    body.has &= row->required | row->optional;
    if (!body_is_sound(&body, row->required & ~part->filled)) {
        return REFUSAL_BAD_FIELD;
    }
    if (drive_forbids(room, command->seat, body.act)) {
        return REFUSAL_NOT_DRIVING;
    }
    body.has &= ~F(seen);
    refusal = part->decide(room, command->seat, &body);
    if (refusal == REFUSAL_NONE && body.act == ACTION_SEAT_JOIN) {
        at = seat_joins_at(room, &body, at);
    }
    at = at < 1 ? 1 : at > TIME_MAX_MS ? TIME_MAX_MS : at;
    /* Last, so that a stranger learns nothing of a room that is full. */
    if (refusal == REFUSAL_NONE) {
        struct event event = {.by = command->seat, .body = {.act = body.act}};
        refusal = share_decide(room, command->seat, part->share, view_audience(room, &event));
    }
    if (refusal == REFUSAL_NONE && body.act == ACTION_SEAT_JOIN) {
        refusal = share_decide_join(room, body.seat, at);
    }
    if (refusal == REFUSAL_NONE && body.act == ACTION_COMPANION_TAKE &&
        !companion_is_in_time(room, &body, at)) {
        refusal = REFUSAL_COMPANION_OVER;
    }
    if (refusal == REFUSAL_NONE) {
        *out = (struct event){.pos = room->pos + 1,
                              .at = at,
                              .by = command->seat,
                              .id = command->id,
                              .made = bounded_made(room, command, at),
                              .body = body};
    }
    return refusal;
}

/* Whether an event whose moment has come may have reached this view late: its stage is over by
 * then. */
static bool is_late(const struct room *room, enum audience audience) {
    return audience_row(audience)->opens != MOMENT_NEVER && view_is_open(room, audience);
}

static bool event_is_sound(const struct room *room, const struct event *event,
                           enum audience audience) {
    const struct action_row *row = action_row(event->body.act);
    if (!may_author(room, row, event->by) || !continues(room, event->body.act)) {
        return false;
    }
    if (!(row->when & UINT32_C(1) << room->stage) && !is_late(room, audience)) {
        return false;
    }
    if (event->at < 1 || event->at > TIME_MAX_MS || event->made < 0 || event->made > event->at) {
        return false;
    }
    if (event->id && (event->by == SEAT_SERVER || event->id <= room->seats[event->by].last_id)) {
        return false;
    }
    return !(event->body.has & ~(row->required | row->optional)) &&
           body_is_sound(&event->body, row->required);
}

/* What somebody did that this build does not know: it has its number, and its author's id is used
 * up. Only a view holds such events. */
static enum apply_result skip_unknown(struct room *room, const struct event *event) {
    bool sound = room->stage != STAGE_NEW && event->at >= 1 && event->at <= TIME_MAX_MS;
    if (!sound) {
        return APPLY_INVALID;
    }
    room->unknown++;
    room->pos = event->pos;
    room->at = event->at > room->at ? event->at : room->at;
    if (event->by < room->seat_count && event->id > room->seats[event->by].last_id) {
        room->seats[event->by].last_id = event->id;
        room->seats[event->by].last_n = view_count(room, event->by);
    }
    return APPLY_OK;
}

static void count_author(struct room *room, const struct event *event, enum audience audience,
                         uint32_t n) {
    struct room_seat *seat = &room->seats[event->by];
    if (event->id) {
        seat->last_id = event->id;
        seat->last_n = n;
    }
    const struct audience_row *row = audience_row(audience);
    if (row->circle == CIRCLE_ALL && event->made > seat->last_made) {
        seat->last_made = event->made;
    }
    seat->own_count[row->opens] += row->circle == CIRCLE_AUTHOR;
    share_count(seat, parts[event->body.act].share, audience);
}

static void count_event(struct room *room, const struct event *event, enum audience audience,
                        uint32_t n) {
    room->pos = event->pos;
    if (event->at > room->at) {
        room->at = event->at;
    }
    const struct audience_row *row = audience_row(audience);
    if (row->circle == CIRCLE_ALL) {
        room->all_at = room->at;
    }
    room->all_count += row->circle == CIRCLE_ALL;
    room->panel_count[row->opens] += row->circle == CIRCLE_PANEL;
    room->own_total[row->opens] += row->circle == CIRCLE_AUTHOR;
    room->moments |= view_opens(event->body.act);
    room->opened = (room->moments & 1U << MOMENT_DEBRIEF) != 0;
    if (event->by != SEAT_SERVER) {
        count_author(room, event, audience, n);
    }
}

enum apply_result room_apply(struct room *room, const struct event *event, room_pack_source packs,
                             void *packs_ctx) {
    if (event->pos <= room->pos) {
        return APPLY_STALE;
    }
    if (event->pos != room->pos + 1) {
        return APPLY_GAP;
    }
    if (event->body.act == ACTION_NONE) {
        return skip_unknown(room, event);
    }
    if (!is_action(event->body.act)) {
        return APPLY_INVALID;
    }
    enum audience audience = view_audience(room, event);
    if (!event_is_sound(room, event, audience)) {
        return APPLY_INVALID;
    }
    /* An author sees the own event at once, so its n is the next one, also when it opens the
     * debrief. */
    uint32_t n = event->by == SEAT_SERVER ? 0 : view_count(room, event->by) + 1;
    struct part_packs source = {packs, packs_ctx};
    enum apply_result result = parts[event->body.act].apply(room, event, &source);
    if (result == APPLY_OK) {
        count_event(room, event, audience, n);
    }
    return result;
}
