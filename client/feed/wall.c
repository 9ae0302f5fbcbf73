/* SPDX-License-Identifier: ISC */
/*
 * wall.c: the list of rooms and its order.
 *
 * Invariant: `rooms` holds each room once; its order is a pure function of the rows, stable in
 * between.
 */
#include "client/feed/wall.h"

#include <stdlib.h>
#include <string.h>

static void free_room(struct wall_room *room) {
    feed_seat_free(&room->seat);
    free(room);
}

void wall_free(struct wall *wall) {
    for (uint32_t i = 0; i < wall->count; i++) {
        free_room(wall->rooms[i]);
    }
    wall->count = 0;
}

struct wall_room *wall_add(struct wall *wall) {
    struct wall_room *room = wall->count < WALL_ROOMS_MAX ? calloc(1, sizeof *room) : NULL;
    if (room != NULL) {
        room->number = ++wall->numbers;
        wall->rooms[wall->count++] = room;
    }
    return room;
}

struct wall_room *wall_find(const struct wall *wall, const void *server, struct span id) {
    for (uint32_t i = 0; i < wall->count; i++) {
        struct wall_room *room = wall->rooms[i];
        if (!room->ended && (server == NULL || room->server == server) &&
            span_equal(id, room->seat.invite.room)) {
            return room;
        }
    }
    return NULL;
}

/* What the server writes for a seat (its coming and going) is no activity, nor is what this coach
 * does. */
static void note_activity(struct wall_room *room, const struct event *event) {
    bool others = event->by != SEAT_SERVER && event->by != room->seat.feed.model.seat;
    if (others && event->at > room->active_at) {
        room->active_at = event->at;
    }
}

bool wall_is_done(const struct wall_room *room, int64_t now) {
    const struct room *state = &room->seat.feed.model.room;
    int64_t left_at = state->opened_at;
    for (uint8_t i = 0; i < state->seat_count; i++) {
        const struct room_seat *seat = &state->seats[i];
        if (seat->role != ROLE_INTERVIEWER && seat->role != ROLE_CANDIDATE) {
            continue;
        }
        if (seat->here) {
            return state->stage == STAGE_CLOSED;
        }
        left_at = seat->since > left_at ? seat->since : left_at;
    }
    return state->stage == STAGE_CLOSED ||
           (state->stage >= STAGE_FINISHED && now - left_at >= WALL_EMPTY_MS);
}

static void note_trip(struct wall_room *room, int64_t seat, int64_t ms) {
    room->trips[seat] = ms;
    room->seat.feed.model.revision++;
    room->seat.owner.changed(room->seat.owner.ctx);
}

void wall_message(struct wall_room *room, const struct message *message) {
    feed_seat_message(&room->seat, message);
    if (message->kind == MESSAGE_EVENT) {
        note_activity(room, &message->event);
    } else if (message->kind == MESSAGE_TRIP) {
        note_trip(room, message->trip.seat, message->trip.ms);
    }
}

int64_t wall_now(const struct wall_room *room, int64_t mono) {
    return model_now(&room->seat.feed.model, mono);
}

bool wall_update(struct wall *wall, int64_t mono) {
    bool changed = false;
    for (uint32_t i = 0; i < wall->count; i++) {
        struct wall_room *room = wall->rooms[i];
        changed =
            wall_row_update(&room->row, &room->seat.feed.model, wall_now(room, mono)) || changed;
    }
    return changed;
}

enum attention_kind wall_need(const struct wall_room *room) {
    bool none = room->muted || room->ended || room->row.count == 0;
    return none ? ATTENTION_NONE : room->row.reasons[0].kind;
}

const struct wall_room *wall_news(struct wall *wall) {
    const struct wall_room *news = NULL;
    for (uint32_t i = 0; i < wall->count; i++) {
        struct wall_room *room = wall->rooms[i];
        enum attention_kind need = wall_need(room);
        bool worse =
            need != ATTENTION_NONE && (room->known == ATTENTION_NONE || need < room->known);
        room->known = need;
        if (worse && !room->open && (news == NULL || need < wall_need(news))) {
            news = room;
        }
    }
    return news;
}

uint32_t wall_needs(const struct wall *wall) {
    uint32_t needs = 0;
    for (uint32_t i = 0; i < wall->count; i++) {
        needs += wall_need(wall->rooms[i]) != ATTENTION_NONE;
    }
    return needs;
}

/* Lower stands higher. */
static int rank_of(const struct wall_room *room) {
    enum attention_kind need = wall_need(room);
    if (need != ATTENTION_NONE) {
        return (int)need;
    }
    enum stage stage = room->seat.feed.model.room.stage;
    int rest = ATTENTION_KINDS;
    if (room->seat.over || stage == STAGE_CLOSED) {
        return rest + 2;
    }
    return stage >= STAGE_FINISHED ? rest + 1 : rest;
}

static int compare(const void *left, const void *right) {
    const struct wall_room *a = *(struct wall_room *const *)left;
    const struct wall_room *b = *(struct wall_room *const *)right;
    int ranks = rank_of(a) - rank_of(b);
    if (ranks != 0) {
        return ranks;
    }
    if (wall_need(a) != ATTENTION_NONE && a->row.reasons[0].since != b->row.reasons[0].since) {
        return a->row.reasons[0].since < b->row.reasons[0].since ? -1 : 1;
    }
    return a->number < b->number ? -1 : 1;
}

void wall_sort(struct wall *wall) {
    qsort(wall->rooms, wall->count, sizeof wall->rooms[0], compare);
}

bool wall_sweep(struct wall *wall) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < wall->count; i++) {
        struct wall_room *room = wall->rooms[i];
        if (room->ended && !room->open) {
            free_room(room);
        } else {
            wall->rooms[kept++] = room;
        }
    }
    bool any = kept != wall->count;
    wall->count = kept;
    return any;
}
