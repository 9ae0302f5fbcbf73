/* SPDX-License-Identifier: ISC */
/*
 * companion.c: the part of the fold that says which other devices a seat has: companion.*.
 *
 * A link for one is made for a seat, is good once and for a short time, and binds the key that uses
 * it to that seat and kind. Invariants: a seat has one open link of each kind, the newest; nothing
 * of this is in any view, so that nobody else learns of it; who loses the seat takes them along; a
 * key that lost its own seat is nobody's companion before it has one again.
 */
#include <string.h>

#include "protocol/room/part.h"

_Static_assert(ROOM_SEATS_MAX *ROOM_SEAT_COMPANIONS_MAX <= UINT8_MAX, "companions are counted so");

static bool is_of(const struct room_companion *companion, int64_t seat, int64_t kind) {
    return companion->seat == seat && companion->kind == kind;
}

int room_companion_seat(const struct room *room, enum companion kind, const uint8_t *key) {
    if (room_lost_seat(room, key) != REFUSAL_NONE) {
        return -1;
    }
    for (int i = 0; i < room->companion_count; i++) {
        const struct room_companion *companion = &room->companions[i];
        if (companion->taken && companion->kind == (uint8_t)kind &&
            memcmp(companion->key, key, HASH_BYTES) == 0) {
            return companion->seat;
        }
    }
    return kind == COMPANION_SCREEN ? room_seat_of_key(room, key) : -1;
}

int room_companions(const struct room *room, uint8_t seat, enum companion kind) {
    int count = 0;
    for (int i = 0; i < room->companion_count; i++) {
        count += is_of(&room->companions[i], seat, (int64_t)kind) && room->companions[i].taken;
    }
    return count;
}

static void drop_at(struct room *room, int index) {
    room->companion_count--;
    memmove(&room->companions[index], &room->companions[index + 1],
            (size_t)(room->companion_count - index) * sizeof *room->companions);
}

void companion_drop(struct room *room, uint8_t seat) {
    for (int i = room->companion_count - 1; i >= 0; i--) {
        if (room->companions[i].seat == seat) {
            drop_at(room, i);
        }
    }
}

/* ---- a link ---- */

/* The one that this hash opened or opens; -1 if none. */
static int find_link(const struct room *room, const char *hash) {
    for (int i = 0; i < room->companion_count; i++) {
        if (memcmp(room->companions[i].link, hash, HASH_BYTES) == 0) {
            return i;
        }
    }
    return -1;
}

/* The open link that a new one takes the place of; -1 if none. */
static int find_open(const struct room *room, const struct body *body) {
    for (int i = 0; i < room->companion_count; i++) {
        if (is_of(&room->companions[i], body->seat, body->style) && !room->companions[i].taken) {
            return i;
        }
    }
    return -1;
}

static int count_all(const struct room *room, int64_t seat) {
    int count = 0;
    for (int i = 0; i < room->companion_count; i++) {
        count += room->companions[i].seat == seat;
    }
    return count;
}

static bool is_kind(int64_t style) {
    return style > COMPANION_NONE && style < COMPANION_COUNT;
}

enum refusal companion_decide_link(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    if (out->seat >= room->seat_count || room->seats[out->seat].hold != HOLD_KEPT) {
        return REFUSAL_NO_SUCH_SEAT;
    }
    if (!is_kind(out->style)) {
        return REFUSAL_BAD_FIELD;
    }
    if (find_link(room, out->invite.at) >= 0) {
        return REFUSAL_SAME;
    }
    if (find_open(room, out) < 0 && count_all(room, out->seat) >= ROOM_SEAT_COMPANIONS_MAX) {
        return REFUSAL_COMPANIONS_FULL;
    }
    return room->seats[out->seat].companion_links < ROOM_SEAT_COMPANION_LINKS_MAX
               ? REFUSAL_NONE
               : REFUSAL_SEAT_LIMIT;
}

enum apply_result companion_apply_link(struct room *room, const struct event *event,
                                       const struct part_packs *packs) {
    (void)packs;
    struct body body = event->body;
    if (companion_decide_link(room, SEAT_SERVER, &body) != REFUSAL_NONE) {
        return APPLY_INVALID;
    }
    if (!part_grow((void **)&room->companions, &room->companion_cap, room->companion_count + 1U,
                   sizeof *room->companions)) {
        return APPLY_NO_MEMORY;
    }
    int open = find_open(room, &body);
    if (open >= 0) {
        drop_at(room, open);
    }
    struct room_companion *companion = &room->companions[room->companion_count++];
    *companion = (struct room_companion){
        .seat = (uint8_t)body.seat, .kind = (uint8_t)body.style, .until = body.until};
    memcpy(companion->link, body.invite.at, HASH_BYTES);
    room->seats[body.seat].companion_links++;
    return APPLY_OK;
}

/* ---- taken, and ended ---- */

bool companion_is_in_time(const struct room *room, const struct body *take, int64_t at) {
    int index = find_link(room, take->invite.at);
    return index >= 0 && at <= room->companions[index].until;
}

enum refusal companion_decide_take(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    enum refusal lost = room_lost_seat(room, (const uint8_t *)out->key.at);
    if (lost != REFUSAL_NONE) {
        return lost; /* who was put out reads on at nobody else's seat */
    }
    int index = find_link(room, out->invite.at);
    if (index < 0) {
        return REFUSAL_NO_SUCH_ROOM;
    }
    if (out->has & F(style) && out->style != room->companions[index].kind) {
        return REFUSAL_NO_SUCH_ROOM;
    }
    if (room->companions[index].taken) {
        return REFUSAL_COMPANION_OVER;
    }
    out->has |= F(seat) | F(style);
    out->seat = room->companions[index].seat;
    out->style = room->companions[index].kind;
    return REFUSAL_NONE;
}

/* One key is one companion of each kind. */
static void drop_key(struct room *room, uint8_t kind, const uint8_t *key) {
    for (int i = room->companion_count - 1; i >= 0; i--) {
        const struct room_companion *companion = &room->companions[i];
        if (companion->taken && companion->kind == kind &&
            memcmp(companion->key, key, HASH_BYTES) == 0) {
            drop_at(room, i);
        }
    }
}

enum apply_result companion_apply_take(struct room *room, const struct event *event,
                                       const struct part_packs *packs) {
    (void)packs;
    const struct body *body = &event->body;
    int index = find_link(room, body->invite.at);
    if (index < 0 || room->companions[index].taken ||
        !is_of(&room->companions[index], body->seat, body->style) ||
        !companion_is_in_time(room, body, event->at)) {
        return APPLY_INVALID;
    }
    struct room_companion taken = room->companions[index];
    taken.taken = true;
    memcpy(taken.key, body->key.at, HASH_BYTES);
    drop_at(room, index);
    drop_key(room, taken.kind, taken.key);
    room->companions[room->companion_count++] = taken;
    return APPLY_OK;
}

/* Whether there is one, or a link for one. */
static bool has_any(const struct room *room, const struct body *body) {
    for (int i = 0; i < room->companion_count; i++) {
        if (is_of(&room->companions[i], body->seat, body->style)) {
            return true;
        }
    }
    return false;
}

enum refusal companion_decide_end(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    return has_any(room, out) ? REFUSAL_NONE : REFUSAL_SAME;
}

enum apply_result companion_apply_end(struct room *room, const struct event *event,
                                      const struct part_packs *packs) {
    (void)packs;
    if (!has_any(room, &event->body)) {
        return APPLY_INVALID;
    }
    for (int i = room->companion_count - 1; i >= 0; i--) {
        if (is_of(&room->companions[i], event->body.seat, event->body.style)) {
            drop_at(room, i);
        }
    }
    return APPLY_OK;
}
