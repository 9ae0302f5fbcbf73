/* SPDX-License-Identifier: ISC */
/*
 * wall_json.c: rows as JSON. What moves with the clock is added last, so that without it two rows
 * are the same exactly if nothing has changed.
 */
#include "client/batch/wall_json.h"

/* A text of a person; one that is no UTF-8 cannot be in JSON, but the fold takes none. */
static json_t *text_of(const char *text) {
    json_t *string = json_string(text);
    return string != NULL ? string : json_string("");
}

static json_t *people_of(const struct wall_room *room) {
    const struct room *state = &room->seat.feed.model.room;
    json_t *people = json_array();
    for (uint8_t i = 0; i < state->seat_count; i++) {
        const struct room_seat *seat = &state->seats[i];
        if (seat->role == ROLE_NONE) {
            continue;
        }
        json_t *one =
            json_pack("{s:i,s:o,s:s,s:b,s:b}", "seat", i, "name", text_of(seat->name), "role",
                      role_name(seat->role), "here", seat->here, "hand", seat->hand);
        if (room->trips[i] > 0 && seat->here) {
            json_object_set_new(one, "trip_ms", json_integer(room->trips[i]));
        }
        json_array_append_new(people, one);
    }
    return people;
}

static json_t *names_of(const struct wall_room *room) {
    json_t *names = json_array();
    for (uint8_t i = 0; i < room->row.people; i++) {
        json_array_append_new(names,
                              text_of(room->seat.feed.model.room.seats[room->row.seats[i]].name));
    }
    return names;
}

static json_t *phase_of(const struct wall_room *room) {
    const struct room *state = &room->seat.feed.model.room;
    bool has = state->pack && (state->stage == STAGE_RUNNING || state->stage == STAGE_PAUSED);
    return has ? json_string(state->pack->phases[state->clock.phase].id) : json_null();
}

static json_t *reason_of(const struct wall_room *room, const struct attention *reason) {
    const struct room *state = &room->seat.feed.model.room;
    json_t *object = json_pack("{s:s}", "why", attention_name(reason->kind));
    switch (reason->kind) {
    case ATTENTION_HAND:
    case ATTENTION_GONE:
        json_object_set_new(object, "seat", json_integer(reason->seat));
        json_object_set_new(object, "name", text_of(state->seats[reason->seat].name));
        break;
    case ATTENTION_LATE:
    case ATTENTION_UNREACHED:
    case ATTENTION_MINUTE:
        json_object_set_new(object, "alarm", text_of(state->pack->alarms[reason->alarm].id));
        break;
    case ATTENTION_OVER_MAIN:
    case ATTENTION_OVER:
        json_object_set_new(object, "phase", text_of(state->pack->phases[reason->phase].id));
        break;
    default: break;
    }
    return object;
}

json_t *wall_json(const struct wall_room *room) {
    const struct wall_row *row = &room->row;
    const struct room *state = &room->seat.feed.model.room;
    json_t *attention = json_array();
    for (uint8_t i = 0; i < row->count; i++) {
        json_array_append_new(attention, reason_of(room, &row->reasons[i]));
    }
    json_t *marks = json_pack("{s:i,s:i,s:i}", "raised", row->raised, "prompted", row->prompted,
                              "open", row->items - row->raised - row->prompted);
    json_t *board = json_pack("{s:i,s:i}", "boxes", row->boxes, "citing", row->citing);
    return json_pack(
        "{s:s,s:o,s:o,s:o,s:s,s:o,s:o,s:o,s:i,s:b,s:o}", "room", room->seat.invite.room, "title",
        text_of(state->pack ? state->pack->title : ""), "names", names_of(room), "people",
        people_of(room), "stage", stage_name(state->stage), "phase", phase_of(room), "marks", marks,
        "board", board, "flags", row->flags, "muted", room->muted, "attention", attention);
}

void wall_json_times(json_t *object, const struct wall_room *room, int64_t now) {
    const struct room *state = &room->seat.feed.model.room;
    bool has = state->pack && (state->stage == STAGE_RUNNING || state->stage == STAGE_PAUSED);
    json_object_set_new(object, "left_ms",
                        has ? json_integer(clock_read(state, now).phase_left) : json_null());
    json_object_set_new(object, "last_ms",
                        room->active_at > 0 ? json_integer(now - room->active_at) : json_null());
    json_t *attention = json_object_get(object, "attention");
    for (uint8_t i = 0; i < room->row.count; i++) {
        json_object_set_new(json_array_get(attention, i), "for_ms",
                            json_integer(now - room->row.reasons[i].since));
    }
}
