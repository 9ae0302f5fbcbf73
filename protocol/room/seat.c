/* SPDX-License-Identifier: ISC */
/*
 * seat.c: the part of the fold that seats people: seat.*.
 *
 * Invariants: a seat's role never changes; one key has one seat and one invite seats one key; there
 * is at most one candidate; sessions of a seat rise by one. A view lacks the SECRET fields, so a
 * key or an invite is checked only where it is there.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/part.h"

int room_seat_of_key(const struct room *room, const uint8_t *key) {
    for (int i = 0; i < room->seat_count; i++) {
        if (room->seats[i].claimed && memcmp(room->seats[i].key, key, HASH_BYTES) == 0) {
            return i;
        }
    }
    return -1;
}

/* The invite with this hash, used or not; -1 if none. */
static int find_invite(const struct room *room, const char *hash) {
    for (int i = 0; i < room->invite_count; i++) {
        if (memcmp(room->invites[i].hash, hash, HASH_BYTES) == 0) {
            return i;
        }
    }
    return -1;
}

int room_invite_of_hash(const struct room *room, const uint8_t *hash) {
    return find_invite(room, (const char *)hash);
}

_Static_assert(ROOM_SEATS_MAX *ROOM_SEAT_INVITES_MAX + ROOM_OWN_INVITES_MAX <= ROOM_INVITES_MAX,
               "a room holds the links that all its seats may ask for");

_Static_assert(ROOM_INVITES_MAX + ROOM_CHANGES_LAST <= UINT8_MAX, "invites are counted so");

/* Invites that make a seat of their own. */
static int new_seats(const struct room *room) {
    int count = 0;
    for (int i = 0; i < room->invite_count; i++) {
        count += room->invites[i].to < 0;
    }
    return count;
}

static int invite_author(const struct body *body) {
    return body->has & F(seat) ? (int)body->seat : -1;
}

enum refusal seat_decide_invite(const struct room *room, uint8_t by, struct body *out) {
    int author = invite_author(out);
    int own = 0;
    (void)by;
    if (find_invite(room, out->invite.at) >= 0) {
        return REFUSAL_SAME;
    }
    for (int i = 0; i < room->invite_count; i++) {
        own += room->invites[i].by == author && room->invites[i].to < 0;
    }
    if (author >= 0) {
        return own < ROOM_SEAT_INVITES_MAX ? REFUSAL_NONE : REFUSAL_LINKS_USED_UP;
    }
    return own < ROOM_OWN_INVITES_MAX ? REFUSAL_NONE : REFUSAL_ROOM_LIMIT;
}

enum apply_result seat_apply_invite(struct room *room, const struct event *event,
                                    const struct part_packs *packs) {
    (void)packs;
    const struct body *body = &event->body;
    if (new_seats(room) >= ROOM_INVITES_MAX || find_invite(room, body->invite.at) >= 0) {
        return APPLY_INVALID;
    }
    if (!part_grow((void **)&room->invites, &room->invite_cap, room->invite_count + 1U,
                   sizeof *room->invites)) {
        return APPLY_NO_MEMORY;
    }
    struct room_invite *invite = &room->invites[room->invite_count++];
    *invite = (struct room_invite){
        .role = (enum role)body->role, .seat = -1, .by = (int8_t)invite_author(body), .to = -1};
    memcpy(invite->hash, body->invite.at, HASH_BYTES);
    return APPLY_OK;
}

/* ---- a room in which nobody ever took a seat ---- */

static bool is_given_up(const struct room *room) {
    return room->stage == STAGE_CLOSED && room->seat_count == 0;
}

int64_t room_expires_at(const struct room *room) {
    bool waits = room->stage == STAGE_WAITING && room->seat_count == 0 && room->rules >= 2;
    return waits ? room->opened_at + ROOM_UNJOINED_MS : -1;
}

enum refusal seat_decide_expire(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    (void)out;
    return room_expires_at(room) < 0 ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result seat_apply_expire(struct room *room, const struct event *event,
                                    const struct part_packs *packs) {
    (void)packs;
    int64_t moment = room_expires_at(room);
    if (moment < 0 || event->at < moment) {
        return APPLY_INVALID;
    }
    room->stage = STAGE_CLOSED;
    return APPLY_OK;
}

static enum refusal decide_seat(const struct room *room, int64_t role) {
    if (room->seat_count >= ROOM_SEATS_MAX) {
        return REFUSAL_ROOM_FULL;
    }
    return role == ROLE_CANDIDATE && room_candidate(room) >= 0 ? REFUSAL_CANDIDATE_TAKEN
                                                               : REFUSAL_NONE;
}

/* The seat of somebody who comes for the first time, by an invite. */
static enum refusal decide_first_join(const struct room *room, struct body *out) {
    enum refusal why;
    int index = is_given_up(room) ? -1 : seat_usable_invite(room, out, &why);
    if (index < 0) {
        return is_given_up(room) ? REFUSAL_NO_SUCH_ROOM : why;
    }
    const struct room_invite *invite = &room->invites[index];
    out->role = invite->role;
    if (invite->to >= 0) {
        out->seat = (uint8_t)invite->to;
        out->session = (int64_t)room->seats[(uint8_t)invite->to].session + 1;
        return REFUSAL_NONE;
    }
    out->seat = room->seat_count;
    out->session = 1;
    return decide_seat(room, invite->role);
}

enum refusal seat_decide_join(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    enum refusal refusal = REFUSAL_NONE;
    if (!(out->has & F(key))) {
        return REFUSAL_BAD_FIELD;
    }
    int seat = room_seat_of_key(room, (const uint8_t *)out->key.at);
    if (seat < 0) {
        refusal = decide_first_join(room, out);
    } else {
        out->seat = seat;
        out->role = room->seats[seat].role;
        out->session = (int64_t)room->seats[seat].session + 1;
        out->has &= ~F(invite);
    }
    out->has |= F(seat) | F(role) | F(session);
    return refusal;
}

/* Whether a join may give a new seat; *invite: the index of the one that it uses up, or -1. */
static bool is_first_join(const struct room *room, const struct body *body, int *invite) {
    if (body->seat != room->seat_count || decide_seat(room, body->role) != REFUSAL_NONE) {
        return false;
    }
    *invite = body->has & F(invite) ? find_invite(room, body->invite.at) : -1;
    if (!(body->has & F(invite))) {
        return true;
    }
    return *invite >= 0 && room->invites[*invite].seat < 0 && room->invites[*invite].to < 0 &&
           (int64_t)room->invites[*invite].role == body->role;
}

/* Likewise for one that takes a seat again, or one that was moved. */
static bool is_later_join(const struct room *room, const struct body *body, int *invite) {
    const struct room_seat *seat = &room->seats[body->seat];
    if ((int64_t)seat->role != body->role || body->session != (int64_t)seat->session + 1 ||
        seat->hold == HOLD_OUT) {
        return false;
    }
    if (seat->hold == HOLD_KEPT) {
        return true; /* by its key alone */
    }
    *invite = body->has & F(invite) ? find_invite(room, body->invite.at) : -1;
    if (!(body->has & (F(invite) | F(key)))) {
        return true; /* a view has neither */
    }
    return *invite >= 0 && room->invites[*invite].seat < 0 &&
           room->invites[*invite].to == body->seat;
}

static bool key_fits(const struct room *room, const struct body *body) {
    if (!(body->has & F(key))) {
        return true;
    }
    int owner = room_seat_of_key(room, (const uint8_t *)body->key.at);
    bool known = body->seat < room->seat_count && room->seats[body->seat].claimed;
    return known ? owner == body->seat : owner < 0;
}

static void take_seat(struct room_seat *seat, const struct event *event) {
    const struct body *body = &event->body;
    seat->here = true;
    seat->watching = false;
    if (seat->hold != HOLD_KEPT) {
        seat->hold = HOLD_KEPT;
        seat->shown_at = event->at; /* somebody new, who has been shown nothing before */
    }
    seat->session = (uint32_t)body->session;
    seat->boot = body->has & F(boot) ? (uint32_t)body->boot : 0;
    seat->since = event->at;
    share_count_join(seat, event->at);
    memset(seat->name, 0, sizeof seat->name);
    memcpy(seat->name, body->name.at, body->name.len);
    if (body->has & F(key)) {
        seat->claimed = true;
        memcpy(seat->key, body->key.at, HASH_BYTES);
    }
}

static enum apply_result add_seat(struct room *room, const struct event *event) {
    struct room_seat *seats = realloc(room->seats, (room->seat_count + 1U) * sizeof *room->seats);
    if (!seats) {
        return APPLY_NO_MEMORY;
    }
    room->seats = seats;
    seats[room->seat_count++] =
        (struct room_seat){.role = (enum role)event->body.role, .shown_at = event->at};
    return APPLY_OK;
}

enum apply_result seat_apply_join(struct room *room, const struct event *event,
                                  const struct part_packs *packs) {
    (void)packs;
    const struct body *body = &event->body;
    int invite = -1;
    if (!key_fits(room, body)) {
        return APPLY_INVALID;
    }
    if (body->seat < room->seat_count) {
        if (!is_later_join(room, body, &invite)) {
            return APPLY_INVALID;
        }
    } else {
        if (!is_first_join(room, body, &invite)) {
            return APPLY_INVALID;
        }
        enum apply_result result = add_seat(room, event);
        if (result != APPLY_OK) {
            return result;
        }
    }
    if (invite >= 0) {
        room->invites[invite].seat = (int8_t)body->seat;
    }
    take_seat(&room->seats[body->seat], event);
    return APPLY_OK;
}

static bool can_go(const struct room *room, const struct body *body) {
    return body->seat < room->seat_count && room->seats[body->seat].here &&
           (int64_t)room->seats[body->seat].session == body->session;
}

enum refusal seat_decide_gone(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    return can_go(room, out) ? REFUSAL_NONE : REFUSAL_SAME;
}

enum apply_result seat_apply_gone(struct room *room, const struct event *event,
                                  const struct part_packs *packs) {
    (void)packs;
    if (!can_go(room, &event->body)) {
        return APPLY_INVALID;
    }
    struct room_seat *seat = &room->seats[event->body.seat];
    seat->here = false;
    seat->since = event->at;
    seat->shown_at = room->all_at;
    return APPLY_OK;
}

int64_t room_abandoned_at(const struct room *room) {
    int64_t left_at = room->opened_at;
    for (int i = 0; i < room->seat_count; i++) {
        const struct room_seat *seat = &room->seats[i];
        if (seat->role == ROLE_COACH) {
            continue;
        }
        if (seat->here) {
            return -1;
        }
        left_at = seat->since > left_at ? seat->since : left_at;
    }
    return left_at + ROOM_ABANDONED_MS;
}
