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

static void note_activity(struct wall_room *room, const struct event *event) {
    bool others = wall_place_is_activity(event, room->seat.feed.model.seat);
    bool comes = event->body.act == ACTION_SEAT_JOIN && event->body.role != ROLE_COACH;
    if (others && event->at > room->active_at) {
        room->active_at = event->at;
    }
    room->hidden = room->hidden && !others && !comes;
}

bool wall_is_done(const struct wall_room *room, int64_t now) {
    return wall_place_is_done(&room->seat.feed.model.room, now);
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
    return wall_place_need(&room->row, room->muted || room->hidden || room->ended);
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

static struct wall_place place_of(const struct wall_room *room) {
    return wall_place_of(&room->row, &room->seat.feed.model.room, room->muted || room->ended,
                         room->seat.over, room->number);
}

static int compare(const void *left, const void *right) {
    struct wall_place a = place_of(*(struct wall_room *const *)left);
    struct wall_place b = place_of(*(struct wall_room *const *)right);
    return wall_place_compare(&a, &b);
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
