/* SPDX-License-Identifier: ISC */
/*
 * state.c: a room as JSON, for drawing. Whatever a table of the protocol declares (an action's
 * fields, a pack's columns) is written by that table, so that a new row is there by itself.
 */
#include <string.h>

#include "client/web/wasm/core.h"
#include "protocol/room/attention.h"
#include "protocol/room/verdict.h"

static void put_times(struct mp_writer *w, const char *key, const int64_t *ms, unsigned count) {
    json_open(w, key, '[');
    for (unsigned i = 0; i < count; i++) {
        json_int(w, NULL, ms[i]);
    }
    json_close(w, ']');
}

static unsigned phases_of(const struct room *room) {
    return room->pack != NULL ? room->pack->phase_count : 0;
}

/* ---- the parts of a state ---- */

static void put_seats(struct mp_writer *w, const struct room *room) {
    json_open(w, "seats", '[');
    for (unsigned i = 0; i < room->seat_count; i++) {
        const struct room_seat *seat = &room->seats[i];
        json_open(w, NULL, '{');
        json_str(w, "role", role_name(seat->role));
        json_str(w, "name", seat->name);
        json_bool(w, "here", seat->here);
        json_int(w, "hold", seat->hold);
        json_bool(w, "hand", seat->hand);
        json_int(w, "hand_at", seat->hand_at);
        json_int(w, "since", seat->since);
        json_int(w, "session", seat->session);
        json_bool(w, "given", verdict_is_given(room, (uint8_t)i));
        json_bool(w, "awaited", verdict_is_awaited(room, (uint8_t)i));
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_clock(struct mp_writer *w, const struct room *room) {
    const struct room_clock *clock = &room->clock;
    unsigned phases = phases_of(room);
    json_open(w, "clock", '{');
    json_int(w, "phase", clock->phase);
    json_int(w, "started_at", clock->started_at);
    json_int(w, "entered_at", clock->entered_at);
    json_int(w, "paused_at", clock->paused_at);
    json_int(w, "finished_at", clock->finished_at);
    put_times(w, "spent", clock->spent, phases);
    put_times(w, "budget", clock->budget, phases);
    put_times(w, "added", clock->added, phases);
    put_times(w, "reached", clock->reached, phases);
    json_close(w, '}');
}

/* A sheet's marks in the order of the pack's items, each as [mark, by, at, n]; n 0: never marked.
 */
static void put_sheets(struct mp_writer *w, const struct room *room) {
    json_open(w, "sheets", '[');
    for (unsigned i = 0; i < room->sheet_count; i++) {
        const struct room_sheet *sheet = &room->sheets[i];
        json_open(w, NULL, '{');
        json_int(w, "owner", sheet->owner);
        json_open(w, "marks", '[');
        for (unsigned k = 0; room->pack != NULL && k < room->pack->item_count; k++) {
            const struct room_mark *mark = &sheet->marks[k];
            json_open(w, NULL, '[');
            json_int(w, NULL, mark->mark);
            json_int(w, NULL, mark->by);
            json_int(w, NULL, mark->at);
            json_int(w, NULL, mark->n);
            json_close(w, ']');
        }
        json_close(w, ']');
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_flags(struct mp_writer *w, const struct room *room) {
    json_open(w, "flags", '[');
    for (unsigned i = 0; i < room->flag_count; i++) {
        const struct room_flag *flag = &room->flags[i];
        json_open(w, NULL, '{');
        json_int(w, "flag", flag->flag);
        json_int(w, "by", flag->by);
        json_bool(w, "on", flag->on);
        json_int(w, "at", flag->at);
        json_int(w, "n", flag->n);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_moves(struct mp_writer *w, const struct room *room) {
    json_open(w, "moves", '[');
    for (unsigned i = 0; i < room->move_count; i++) {
        const struct room_move *move = &room->moves[i];
        json_open(w, NULL, '{');
        json_str(w, "do", action_row(move->act)->wire);
        json_int(w, "phase", move->phase);
        json_int(w, "by", move->by);
        json_int(w, "ms", move->ms);
        json_int(w, "at", move->at);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_reveals(struct mp_writer *w, const struct room *room) {
    json_open(w, "reveals", '[');
    for (unsigned i = 0; i < room->reveal_count; i++) {
        const struct room_reveal *reveal = &room->reveals[i];
        json_open(w, NULL, '{');
        json_bool(w, "curveball", reveal->curveball);
        json_str(w, "id", reveal->id);
        json_str(w, "text", reveal->text);
        json_int(w, "by", reveal->by);
        json_int(w, "phase", reveal->phase);
        json_int(w, "at", reveal->at);
        json_int(w, "n", reveal->n);
        json_int(w, "answer", reveal->answer);
        json_int(w, "answered_by", reveal->answered_by);
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* A body by the rows of actions.def and fields.def. */
void web_put_body(struct mp_writer *w, const struct body *body, uint32_t text_max) {
    json_str(w, "do", action_row(body->act)->wire);
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct field_row *row = field_row((enum field)i);
        const void *at = (const char *)body + row->offset;
        if ((body->has & FIELD_BIT(i)) == 0 || row->type == FIELD_SECRET) {
            continue;
        }
        if (row->type == FIELD_NUM) {
            json_int(w, row->key, *(const int64_t *)at);
            continue;
        }
        struct span span = *(const struct span *)at;
        if (span.len > text_max) {
            continue;
        }
        if (row->type == FIELD_TEXT) {
            json_text(w, row->key, span);
        } else {
            json_open(w, row->key, '{');
            json_hex(w, "bytes", span.at, span.len);
            json_close(w, '}');
        }
    }
}

static void put_pending(struct mp_writer *w, const struct model *model) {
    json_open(w, "pending", '[');
    for (uint32_t i = 0; i < model->pending_count; i++) {
        json_open(w, NULL, '{');
        json_int(w, "id", model->pending[i].command.id);
        json_bool(w, "sent", model->pending[i].sent);
        web_put_body(w, &model->pending[i].command.body, TEXT_MAX_BYTES);
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* What this seat's own sheet shows: [mark, on its way, need not come up any more] for each item. */
static void put_shown(struct mp_writer *w, const struct model *model) {
    json_str(w, "sheet_do", action_row(model_sheet_action(model))->wire);
    json_int(w, "sheet_owner", model_sheet(model));
    json_bool(w, "sealed", model->sealed);
    const struct room_sheet *sheet = room_sheet_of(&model->room, model_sheet(model));
    json_open(w, "shown", '[');
    for (int i = 0; model->room.pack != NULL && i < model->room.pack->item_count; i++) {
        bool on_its_way;
        enum mark mark = model_mark(model, i, &on_its_way);
        json_open(w, NULL, '[');
        json_int(w, NULL, mark);
        json_bool(w, NULL, on_its_way);
        json_bool(w, NULL, insight_is_spare(model->room.pack, sheet, i));
        json_close(w, ']');
    }
    json_close(w, ']');
}

/* Whether the roles are to be turned, and what this seat may say to it. */
static void put_turn(struct mp_writer *w, const struct model *model) {
    const struct room_turn *turn = &model->room.turn;
    json_open(w, "turn", '{');
    json_bool(w, "asked", turn->asked);
    json_bool(w, "agreed", room_turn_is_agreed(&model->room));
    json_int(w, "by", turn->by);
    json_bool(w, "wants", room_turn_wants(&model->room, model->seat));
    json_bool(w, "may_agree", room_turn_may_agree(&model->room, model->seat));
    json_close(w, '}');
}

static void put_head(struct mp_writer *w, const struct model *model) {
    static const char *const links[] = {"connecting", "live", "waiting", "ended", "recording"};
    const struct room *room = &model->room;
    json_str(w, "room", model->room_id);
    json_int(w, "revision", model->revision);
    json_int(w, "seat", model->seat);
    json_str(w, "role", role_name(model->role));
    json_str(w, "link", links[model->connection]);
    json_int(w, "n", room->pos);
    json_int(w, "at", room->at);
    json_str(w, "stage", stage_name(room->stage));
    json_bool(w, "opened", room->opened);
    json_int(w, "opened_at", room->opened_at);
    json_int(w, "mode", room->mode);
    json_int(w, "plan", room->plan);
    json_int(w, "driver", room_driver(room));
    json_int(w, "extra", room->clock.extra);
    json_str(w, "call", room->call);
    json_int(w, "rules", room->rules);
    json_int(w, "term", room->has_term ? room->kept : -1);
    json_int(w, "unknown", room->unknown);
    json_str(w, "prev", room->prev);
    json_str(w, "next", room->next);
    json_str(w, "cohort", room->cohort);
    json_bool(w, "panel_part", room->pack != NULL && room->pack->has_panel);
    json_int(w, "pack_sections", room->pack != NULL ? room->pack->sections : 0);
    json_int(w, "kept", model->kept_count);
    json_str(w, "message", model->message);
    json_bool(w, "message_bad", model->message_bad);
    json_int(w, "line_count", room->line_count);
    json_int(w, "line_changes", room->line_changes);
}

void web_room_state(struct web *web, const struct web_room *room) {
    struct mp_writer *w = &web->out;
    const struct room *state = &room->model.room;
    mp_writer_reset(w);
    json_open(w, NULL, '{');
    put_head(w, &room->model);
    put_turn(w, &room->model);
    put_seats(w, state);
    put_clock(w, state);
    put_sheets(w, state);
    put_shown(w, &room->model);
    put_flags(w, state);
    put_moves(w, state);
    put_reveals(w, state);
    web_put_verdicts(w, state);
    put_pending(w, &room->model);
    json_close(w, '}');
}

/* ---- pack and lines ---- */

/* One body of a pack as it is encoded: its tables say what is in it. */
static void put_pack_body(struct web *web, const char *key, const struct pack *pack,
                          void (*write)(struct mp_writer *, const struct pack *)) {
    mp_writer_reset(&web->scratch);
    write(&web->scratch, pack);
    if (!web->scratch.failed &&
        mp_reader_parse(&web->own, web->scratch.data, web->scratch.len) == MP_OK) {
        json_object(&web->out, key, &web->own.root);
    }
}

void web_room_pack(struct web *web, const struct web_room *room) {
    const struct pack *pack = room->model.room.pack;
    mp_writer_reset(&web->out);
    if (pack == NULL) {
        json_null(&web->out, NULL);
        return;
    }
    json_open(&web->out, NULL, '{');
    put_pack_body(web, "public", pack, pack_write_public);
    if (pack->has_panel) {
        put_pack_body(web, "panel", pack, pack_write_panel);
    }
    json_close(&web->out, '}');
}

/* What became of a note, and, of an own one, by which action and number it is changed. */
static void put_changes(struct mp_writer *w, const struct web_room *room, uint32_t index) {
    const struct model *model = &room->model;
    const struct room_line *line = &model->room.lines[index];
    enum action act;
    int64_t number;
    if (line->changes > 0) {
        json_str(w, "state", line->struck ? "struck" : "changed");
    }
    if (room_note_own(&model->room, model->seat, index, &act, &number)) {
        json_str(w, "set", action_row(act)->wire);
        json_int(w, "line", number);
    }
}

void web_room_lines(struct web *web, const struct web_room *room, uint32_t from) {
    static const char *const kinds[] = {"mine", "panel", "all", "say", "whisper"};
    struct mp_writer *w = &web->out;
    const struct room *state = &room->model.room;
    mp_writer_reset(w);
    json_open(w, NULL, '[');
    for (uint32_t i = from; i < state->line_count; i++) {
        const struct room_line *line = &state->lines[i];
        json_open(w, NULL, '{');
        json_str(w, "kind", kinds[line->kind]);
        json_int(w, "by", line->by);
        json_int(w, "phase", line->phase);
        json_int(w, "at", line->at);
        json_int(w, "n", line->n);
        json_str(w, "text", line->struck ? "" : line->text);
        put_changes(w, room, i);
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* ---- what moves with the clock ---- */

/* The sooner of two moments, of which -1 is never. */
static int64_t sooner(int64_t one, int64_t two) {
    return one < 0 || (two >= 0 && two < one) ? two : one;
}

/* Indexes into the pack's alarms of those that this seat is shown, and likewise which only warn. */
static void put_alarms(struct mp_writer *w, const struct model *model, int64_t now) {
    const struct room *room = &model->room;
    struct clock_reading reading = clock_read(room, now);
    uint8_t due[PACK_ALARMS_MAX];
    bool warns[PACK_ALARMS_MAX];
    uint8_t count = insight_alarms(room, now, due), shown = 0;
    json_open(w, "alarms", '[');
    for (uint8_t i = 0; i < count; i++) {
        const struct pack_alarm *alarm = &room->pack->alarms[due[i]];
        if (insight_alarm_is_for(room, alarm, model->role != ROLE_CANDIDATE)) {
            json_int(w, NULL, due[i]);
            warns[shown++] = insight_alarm_warns(alarm, &reading);
        }
    }
    json_close(w, ']');
    json_open(w, "warns", '[');
    for (uint8_t i = 0; i < shown; i++) {
        json_bool(w, NULL, warns[i]);
    }
    json_close(w, ']');
}

void web_room_clock(struct web *web, const struct web_room *room, double now) {
    struct mp_writer *w = &web->out;
    const struct room *state = &room->model.room;
    int64_t at = (int64_t)now;
    mp_writer_reset(w);
    if (state->pack == NULL) {
        json_null(w, NULL);
        return;
    }
    struct clock_reading reading = clock_read(state, at);
    json_open(w, NULL, '{');
    json_int(w, "phase", reading.phase);
    json_bool(w, "running", reading.running);
    json_int(w, "phase_elapsed", reading.phase_elapsed);
    json_int(w, "phase_budget", reading.phase_budget);
    json_int(w, "phase_left", reading.phase_left);
    json_int(w, "phase_over", reading.phase_over);
    json_int(w, "whole_elapsed", reading.whole_elapsed);
    json_int(w, "whole_budget", reading.whole_budget);
    json_open(w, "phases", '[');
    for (unsigned i = 0; i < phases_of(state); i++) {
        json_open(w, NULL, '[');
        json_int(w, NULL, clock_spent(state, (uint8_t)i, at));
        json_int(w, NULL, clock_budget(state, (uint8_t)i));
        json_close(w, ']');
    }
    json_close(w, ']');
    put_alarms(w, &room->model, at);
    web_put_suggested(w, &room->model, at);
    json_int(w, "next",
             sooner(suggest_next(state, at),
                    sooner(insight_next_alarm(state, at), attention_next(state, at))));
    json_close(w, '}');
}

static void put_attention(struct mp_writer *w, const struct room *room, int64_t now) {
    struct attention reasons[ATTENTION_MAX];
    uint8_t count = attention_of(room, now, reasons);
    json_open(w, "attention", '[');
    for (uint8_t i = 0; i < count; i++) {
        json_open(w, NULL, '{');
        json_str(w, "why", attention_name(reasons[i].kind));
        json_int(w, "kind", reasons[i].kind);
        json_int(w, "since", reasons[i].since);
        json_int(w, "seat", reasons[i].seat);
        json_int(w, "phase", reasons[i].phase);
        json_int(w, "alarm", reasons[i].alarm);
        json_close(w, '}');
    }
    json_close(w, ']');
}

void web_room_row(struct web *web, const struct web_room *room, double now) {
    struct mp_writer *w = &web->out;
    const struct room *state = &room->model.room;
    struct insight_summary sum = {0};
    mp_writer_reset(w);
    if (state->pack != NULL) {
        insight_summarise(state, (int64_t)now, &sum);
    }
    json_open(w, NULL, '{');
    json_str(w, "room", room->model.room_id);
    json_str(w, "title", state->pack != NULL ? state->pack->title : "");
    json_str(w, "stage", stage_name(state->stage));
    put_seats(w, state);
    json_int(w, "phase", state->clock.phase);
    json_str(w, "phase_title",
             state->pack != NULL ? state->pack->phases[state->clock.phase].title : "");
    json_int(w, "items", sum.items);
    json_int(w, "raised", sum.raised);
    json_int(w, "prompted", sum.prompted);
    json_int(w, "flags", sum.flags);
    put_attention(w, state, (int64_t)now);
    json_int(w, "next", attention_next(state, (int64_t)now));
    json_close(w, '}');
}

/* ---- sums ---- */

static void put_phase_sums(struct mp_writer *w, const struct insight_summary *sum) {
    json_open(w, "phases", '[');
    for (uint8_t i = 0; i < sum->phases; i++) {
        const struct insight_phase *phase = &sum->phase[i];
        json_open(w, NULL, '{');
        json_int(w, "planned", phase->planned);
        json_int(w, "budget", phase->budget);
        json_int(w, "actual", phase->actual);
        json_int(w, "items", phase->items);
        json_int(w, "raised", phase->raised);
        json_int(w, "prompted", phase->prompted);
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* Each sheet against the panel's, over all phases. */
static void put_agreement(struct mp_writer *w, const struct room *room) {
    char words[INSIGHT_WORDS_SIZE];
    json_open(w, "agreement", '[');
    for (unsigned i = 0; i < room->sheet_count; i++) {
        uint8_t owner = room->sheets[i].owner;
        if (owner == SEAT_SERVER) {
            continue;
        }
        struct insight_agreement agreement = insight_agree(room, SEAT_SERVER, owner, -1);
        json_open(w, NULL, '{');
        json_int(w, "owner", owner);
        json_int(w, "same", agreement.same);
        json_int(w, "counted", agreement.counted);
        json_int(w, "kinder", agreement.kinder);
        json_int(w, "harder", agreement.harder);
        json_int(w, "percent", insight_percent(agreement));
        json_str(w, "words", insight_words(agreement, false, words));
        json_close(w, '}');
    }
    json_close(w, ']');
}

void web_room_summary(struct web *web, const struct web_room *room, double now) {
    struct mp_writer *w = &web->out;
    const struct room *state = &room->model.room;
    struct insight_summary sum;
    mp_writer_reset(w);
    if (state->pack == NULL) {
        json_null(w, NULL);
        return;
    }
    insight_summarise(state, (int64_t)now, &sum);
    json_open(w, NULL, '{');
    json_int(w, "planned", sum.planned);
    json_int(w, "actual", sum.actual);
    json_int(w, "failure_ms", sum.failure_ms);
    json_int(w, "failure_percent", sum.failure_percent);
    json_int(w, "items", sum.items);
    json_int(w, "raised", sum.raised);
    json_int(w, "prompted", sum.prompted);
    json_int(w, "flags", sum.flags);
    json_int(w, "reserve", sum.reserve);
    put_phase_sums(w, &sum);
    put_agreement(w, state);
    if (state->opened) {
        web_put_points(w, state);
    }
    json_close(w, '}');
}
