/* SPDX-License-Identifier: ISC */
/*
 * wall.c: the rooms of a wall, and their state as JSON.
 *
 * Invariant: `rooms` holds each room once; what is taken away goes in web_wall_sweep alone, so that
 * a pointer which the page holds while a room is open stays good.
 */
#include "client/web/wasm/wall.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/feed/wall_place.h"

enum { WHY_MAX = 256, REASONS_MAX = 1024 };

struct wall_room {
    struct web_room room; /* first: the page knows it by this */
    struct wall_row row;
    bool muted, ended, over, open;
    uint32_t number;
    int64_t active_at;             /* the last thing that somebody else did; 0: nothing yet */
    int64_t trips[ROOM_SEATS_MAX]; /* real ms, of the connection of a seat; 0: not known */
    char why[WHY_MAX];             /* a sentence if it is over */
};

struct web_wall {
    struct wall_room *rooms[WALL_ROOMS_MAX]; /* in the order of the wall */
    uint32_t count, numbers;
};

struct web_wall *web_wall_new(void) {
    return calloc(1, sizeof(struct web_wall));
}

static void free_room(struct wall_room *room) {
    model_free(&room->room.model);
    free(room);
}

void web_wall_free(struct web_wall *wall) {
    for (uint32_t i = 0; wall != NULL && i < wall->count; i++) {
        free_room(wall->rooms[i]);
    }
    free(wall);
}

struct web_room *web_wall_find(const struct web_wall *wall, const char *id, uint32_t len) {
    const struct span wanted = {id, len};
    for (uint32_t i = 0; i < wall->count; i++) {
        if (span_equal(wanted, wall->rooms[i]->room.model.room_id)) {
            return &wall->rooms[i]->room;
        }
    }
    return NULL;
}

struct web_room *web_wall_add(struct web_wall *wall, const char *id, uint32_t len) {
    struct web_room *there = web_wall_find(wall, id, len);
    const struct span wanted = {id, len};
    if (there != NULL) {
        ((struct wall_room *)there)->ended = false; /* somebody came back to it */
        return there;
    }
    struct wall_room *room =
        span_is_id(wanted) && wall->count < WALL_ROOMS_MAX ? calloc(1, sizeof *room) : NULL;
    if (room == NULL) {
        return NULL;
    }
    model_init(&room->room.model);
    span_copy(wanted, room->room.model.room_id, sizeof room->room.model.room_id);
    room->number = ++wall->numbers;
    wall->rooms[wall->count++] = room;
    return &room->room;
}

/* ---- messages ---- */

/* A listed room that never opened has ended, or is not this coach's: it just goes. One that was
 * taken away, as the coach sits elsewhere now, stays and says so. */
static int on_failed(struct wall_room *room, enum refusal why) {
    snprintf(room->why, sizeof room->why, "%s", refusal_sentence(why));
    room->over = true;
    room->ended = !room->room.joined_ever;
    room->room.model.revision++;
    return WEB_CHANGED;
}

int web_wall_take(struct web *web, struct web_wall *wall) {
    const struct message *message = &web->message;
    mp_writer_reset(&web->out);
    struct wall_room *room =
        web->frame != NULL
            ? (struct wall_room *)web_wall_find(wall, message->room.at, message->room.len)
            : NULL;
    if (room == NULL) {
        return WEB_IGNORED;
    }
    struct model *model = &room->room.model;
    if (message->kind == MESSAGE_TRIP) {
        room->trips[message->trip.seat] = message->trip.ms;
        return WEB_CHANGED;
    }
    if (message->kind == MESSAGE_REFUSED && message->refused.id == 0) {
        return on_failed(room, message->refused.why);
    }
    if (message->kind == MESSAGE_EVENT && wall_place_is_activity(&message->event, model->seat) &&
        message->event.at > room->active_at) {
        room->active_at = message->event.at;
    }
    return web_room_take(web, &room->room);
}

void web_wall_down(struct web_wall *wall) {
    for (uint32_t i = 0; i < wall->count; i++) {
        if (!wall->rooms[i]->over) {
            web_room_down(&wall->rooms[i]->room);
        }
    }
}

void web_wall_end(struct web_room *room) {
    ((struct wall_room *)room)->ended = true;
}

void web_wall_open(struct web_room *room, int on) {
    ((struct wall_room *)room)->open = on != 0;
}

void web_wall_mute(struct web_room *room, int on) {
    ((struct wall_room *)room)->muted = on != 0;
}

void web_wall_sweep(struct web *web, struct web_wall *wall, double now) {
    uint32_t kept = 0;
    mp_writer_reset(&web->out);
    for (uint32_t i = 0; i < wall->count; i++) {
        struct wall_room *room = wall->rooms[i];
        const struct room *state = &room->room.model.room;
        bool done = room->ended || (state->pos > 0 && wall_place_is_done(state, (int64_t)now));
        if (!done || room->open) {
            wall->rooms[kept++] = room;
            continue;
        }
        const struct message leave = {.kind = MESSAGE_LEAVE,
                                      .room = span_of(room->room.model.room_id)};
        if (room->room.joined && !message_write(&web->out, &leave)) {
            wall->rooms[kept++] = room; /* out of memory: with the next sweep */
            continue;
        }
        free_room(room);
    }
    wall->count = kept;
}

/* ---- as JSON ---- */

static struct wall_place place_of(const struct wall_room *room) {
    return wall_place_of(&room->row, &room->room.model.room, room->muted || room->ended, room->over,
                         room->number);
}

static int compare(const void *left, const void *right) {
    struct wall_place a = place_of(*(struct wall_room *const *)left);
    struct wall_place b = place_of(*(struct wall_room *const *)right);
    return wall_place_compare(&a, &b);
}

/* [name, whether it is the candidate, whether they are here, round trip in ms or 0] */
static void put_people(struct mp_writer *w, const struct wall_room *room) {
    json_open(w, "people", '[');
    for (uint8_t i = 0; i < room->row.people; i++) {
        uint8_t at = room->row.seats[i];
        const struct room_seat *seat = &room->room.model.room.seats[at];
        json_open(w, NULL, '[');
        json_str(w, NULL, seat->name);
        json_bool(w, NULL, seat->role == ROLE_CANDIDATE);
        json_bool(w, NULL, seat->here);
        json_int(w, NULL, room->trips[at]);
        json_close(w, ']');
    }
    json_close(w, ']');
}

/* Why the room stands where it does: the first reason, how many more, and all of them. */
static void put_why(struct mp_writer *w, const struct wall_room *room, int64_t now) {
    const struct wall_row *row = &room->row;
    const struct model *model = &room->room.model;
    char text[REASONS_MAX] = "";
    enum attention_kind need = wall_place_need(row, room->muted || room->ended);
    json_str(w, "need", attention_name(need));
    json_bool(w, "bad", wall_place_is_bad(need));
    json_bool(w, "muted", room->muted);
    if (row->count > 0) {
        wall_row_reason(model, &row->reasons[0], now, text, sizeof text);
    }
    json_str(w, "why", room->over ? room->why : text);
    json_int(w, "more", row->count > 1 ? row->count - 1 : 0);
    json_int(w, "hand",
             row->count > 0 && row->reasons[0].kind == ATTENTION_HAND ? row->reasons[0].seat : -1);
    if (row->count > 1) {
        wall_row_reasons(row, model, now, INT_MAX, text, sizeof text);
        json_str(w, "all", text);
    }
}

static void put_clock(struct mp_writer *w, const struct room *room, int64_t now) {
    struct clock_reading reading = clock_read(room, now);
    json_str(w, "phase", room->pack->phases[reading.phase].title);
    json_int(w, "left", room->clock.started_at > 0 ? reading.phase_left : reading.whole_budget);
    json_int(w, "elapsed", reading.phase_elapsed);
    json_int(w, "budget", reading.phase_budget);
}

static void put_room(struct mp_writer *w, const struct wall_room *room, int64_t now) {
    const struct room *state = &room->room.model.room;
    const struct wall_row *row = &room->row;
    json_open(w, NULL, '{');
    json_str(w, "room", room->room.model.room_id);
    json_str(w, "stage", stage_name(state->stage));
    json_str(w, "title", state->pack != NULL ? state->pack->title : "");
    json_bool(w, "live", room->room.joined);
    json_bool(w, "over", room->over);
    put_people(w, room);
    put_why(w, room, now);
    if (state->pack != NULL) {
        put_clock(w, state, now);
    }
    json_int(w, "raised", row->raised);
    json_int(w, "prompted", row->prompted);
    json_int(w, "open", row->items - row->raised - row->prompted);
    json_int(w, "flags", row->flags);
    json_int(w, "boxes", row->boxes);
    json_int(w, "citing", row->citing);
    json_int(w, "coaches", row->coaches);
    json_int(w, "last", room->active_at > 0 && now > room->active_at ? now - room->active_at : -1);
    json_close(w, '}');
}

/* How many need somebody now, how many should be looked at, and how many run. */
static void put_counts(struct mp_writer *w, const struct web_wall *wall) {
    uint32_t bad = 0, look = 0, running = 0;
    for (uint32_t i = 0; i < wall->count; i++) {
        struct wall_place place = place_of(wall->rooms[i]);
        bool is_bad = wall_place_is_bad(place.need);
        bad += is_bad;
        look += place.need != ATTENTION_NONE && !is_bad;
        running += place.stage == STAGE_RUNNING || place.stage == STAGE_PAUSED;
    }
    json_int(w, "bad", bad);
    json_int(w, "look", look);
    json_int(w, "running", running);
}

void web_wall_state(struct web *web, struct web_wall *wall, double now, int hold) {
    struct mp_writer *w = &web->out;
    mp_writer_reset(w);
    for (uint32_t i = 0; i < wall->count; i++) {
        struct wall_room *room = wall->rooms[i];
        (void)wall_row_update(&room->row, &room->room.model, (int64_t)now);
    }
    if (!hold) {
        qsort(wall->rooms, wall->count, sizeof wall->rooms[0], compare);
    }
    json_open(w, NULL, '{');
    put_counts(w, wall);
    json_open(w, "rooms", '[');
    for (uint32_t i = 0; i < wall->count; i++) {
        put_room(w, wall->rooms[i], (int64_t)now);
    }
    json_close(w, ']');
    json_close(w, '}');
}
