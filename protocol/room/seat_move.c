/* SPDX-License-Identifier: ISC */
/*
 * seat_move.c: the part of the fold in which a seat changes hands: seat.move, seat.out; and which
 * commands were meant for who had it before.
 *
 * Invariants: a seat keeps its number, role and name, whoever has it; a key that lost its seat has
 * none, and an invite that was made before lets it in no more. What a seat wrote for itself alone
 * is its former owner's: from the change on it counts in nobody's view (view.c), until it opens to
 * everybody. The seat's share of the record goes on, so that changing hands makes no room larger;
 * but for the board, of which the next owner has a share of their own (share.c).
 */
#include <stdio.h>
#include <string.h>

#include "protocol/room/part.h"

/* ---- keys that have lost their seat ---- */

/* The last time that this key lost a seat, or -1. */
static int find_former(const struct room *room, const uint8_t *key) {
    for (int i = room->former_count - 1; i >= 0; i--) {
        if (memcmp(room->formers[i].key, key, HASH_BYTES) == 0) {
            return i;
        }
    }
    return -1;
}

static enum refusal reason(bool out) {
    return out ? REFUSAL_PUT_OUT : REFUSAL_SEAT_MOVED;
}

enum refusal room_lost_seat(const struct room *room, const uint8_t *key) {
    int former = room_seat_of_key(room, key) < 0 ? find_former(room, key) : -1;
    return former < 0 ? REFUSAL_NONE : reason(room->formers[former].out);
}

int room_former_seat(const struct room *room, const uint8_t *key) {
    int former = find_former(room, key);
    return former < 0 ? -1 : room->formers[former].seat;
}

enum refusal room_why_lost(const struct room *room, uint8_t seat, const uint8_t *key) {
    if (room_seat_of_key(room, key) == seat) {
        return REFUSAL_REPLACED;
    }
    enum refusal why = room_lost_seat(room, key);
    return why == REFUSAL_NONE ? REFUSAL_SEAT_MOVED : why;
}

enum refusal room_only_interviewer(const struct room *room, uint8_t *seat) {
    int count = 0;
    int here = 0;
    for (int i = room->seat_count - 1; i >= 0; i--) {
        const struct room_seat *at = &room->seats[i];
        /* Who was put out is not the one whose key is missed. */
        if (at->role == ROLE_INTERVIEWER && at->hold != HOLD_OUT) {
            here += at->here;
            count++;
            *seat = (uint8_t)i;
        }
    }
    if (count == 0) {
        return REFUSAL_NO_INTERVIEWER;
    }
    return count > 1 && here > 0 ? REFUSAL_OTHER_INTERVIEWER : REFUSAL_NONE;
}

int seat_usable_invite(const struct room *room, const struct body *join, enum refusal *why) {
    const uint8_t *hash = (const uint8_t *)join->invite.at;
    int former = find_former(room, (const uint8_t *)join->key.at);
    int index = join->has & F(invite) ? room_invite_of_hash(room, hash) : -1;
    bool unused = index >= 0 && room->invites[index].seat < 0;
    if (former >= 0 && (!unused || index < room->formers[former].invites)) {
        *why = reason(room->formers[former].out);
        return -1;
    }
    *why = index < 0 ? REFUSAL_NO_SUCH_ROOM : REFUSAL_LINK_USED;
    return unused ? index : -1;
}

int64_t seat_joins_at(const struct room *room, const struct body *join, int64_t at) {
    if (join->seat >= room->seat_count || room->seats[join->seat].hold == HOLD_KEPT) {
        return at;
    }
    int64_t first = room->seats[join->seat].moved_at + 1;
    return at > first ? at : first;
}

bool seat_is_past(const struct room *room, const struct event *event) {
    return event->by < room->seat_count && event->at <= room->seats[event->by].moved_at;
}

/* ---- commands that come too late ---- */

bool room_hands_over(enum action act) {
    return act == ACTION_SEAT_MOVE || act == ACTION_SEAT_OUT || act == ACTION_CLOCK_DRIVE;
}

static bool is_handed(const struct room *room, const struct command *command) {
    const struct room_seat *seat = &room->seats[command->body.seat];
    /* What the author did since is no surprise to them. */
    return seat->handed > command->body.seen && seat->handed_by != command->seat;
}

static bool is_driven(const struct room *room, const struct command *command) {
    const struct body *body = &command->body;
    return body->act == ACTION_CLOCK_DRIVE && room->driven > body->seen &&
           room->driven_by != command->seat && room->driver != body->seat;
}

bool seat_is_stale(const struct room *room, const struct command *command) {
    const struct body *body = &command->body;
    return body->has & F(seen) && body->has & F(seat) && body->seat >= 0 &&
           body->seat < room->seat_count && (is_handed(room, command) || is_driven(room, command));
}

static const char *name_of(const struct room *room, uint8_t seat) {
    return seat < room->seat_count ? room->seats[seat].name : "Who runs the server";
}

static void say_handed(const struct room *room, const struct room_seat *seat, char *out,
                       size_t size) {
    const char *by = name_of(room, seat->handed_by);
    if (seat->hold == HOLD_OUT) {
        snprintf(out, size, "%s has put %s out already.", by, seat->name);
    } else if (seat->hold == HOLD_MOVED) {
        snprintf(out, size,
                 "%s moved the seat of %s to a new link first; do it again if you still mean it.",
                 by, seat->name);
    } else {
        snprintf(out, size,
                 "%s gave that seat to somebody new first: %s has it now; do it again if you still "
                 "mean it.",
                 by, seat->name);
    }
}

static void say_driven(const struct room *room, char *out, size_t size) {
    static const char again[] = "do it again if you still mean it.";
    const char *by = name_of(room, room->driven_by);
    if (room->driver < 0 || room->driver == (int8_t)room->driven_by) {
        snprintf(out, size, "%s took the clock first; %s", by, again);
    } else {
        snprintf(out, size, "%s gave the clock to %s first; %s", by, room->seats[room->driver].name,
                 again);
    }
}

const char *room_stale_text(const struct room *room, const struct command *command, char *out,
                            size_t size) {
    const struct body *body = &command->body;
    if (!room_hands_over(body->act)) {
        return clock_stale_text(room, body->seen, out, size);
    }
    if (!seat_is_stale(room, command)) {
        return NULL;
    }
    if (is_handed(room, command)) {
        say_handed(room, &room->seats[body->seat], out, size);
    } else {
        say_driven(room, out, size);
    }
    return out;
}

/* ---- changing hands ---- */

/* Whether the record has place for one more; the last places are the server's own. */
static bool has_place(const struct room *room, uint8_t by) {
    return room->changes < (by == SEAT_SERVER ? ROOM_CHANGES_LAST : ROOM_CHANGES_MAX);
}

enum refusal seat_decide_move(const struct room *room, uint8_t by, struct body *out) {
    if (!(out->has & F(invite))) {
        return REFUSAL_BAD_FIELD;
    }
    if (by != SEAT_SERVER) {
        out->has &= ~F(name);
    }
    if (out->seat >= room->seat_count) {
        return REFUSAL_NO_SUCH_SEAT;
    }
    if (out->seat == by) {
        return REFUSAL_OWN_SEAT; /* cut off, they would not be told the link */
    }
    if (room_invite_of_hash(room, (const uint8_t *)out->invite.at) >= 0) {
        return REFUSAL_SAME;
    }
    return has_place(room, by) ? REFUSAL_NONE : REFUSAL_ROOM_LIMIT;
}

enum refusal seat_decide_out(const struct room *room, uint8_t by, struct body *out) {
    if (out->seat >= room->seat_count) {
        return REFUSAL_NO_SUCH_SEAT;
    }
    if (out->seat == by) {
        return REFUSAL_OWN_SEAT;
    }
    if (room->seats[out->seat].hold == HOLD_OUT) {
        return REFUSAL_SAME;
    }
    return has_place(room, by) ? REFUSAL_NONE : REFUSAL_ROOM_LIMIT;
}

static bool can_change(const struct room *room, const struct event *event) {
    int64_t seat = event->body.seat;
    return seat < room->seat_count && seat != event->by && room->changes < ROOM_CHANGES_LAST;
}

/* Memory for what `vacate` and a new invite need. */
static bool make_space(struct room *room) {
    return part_grow((void **)&room->formers, &room->former_cap, room->former_count + 1U,
                     sizeof *room->formers) &&
           part_grow((void **)&room->invites, &room->invite_cap, room->invite_count + 1U,
                     sizeof *room->invites);
}

/* Takes the seat from whoever has it, and its unused link from whoever got that. */
static void vacate(struct room *room, const struct event *event, enum seat_hold hold) {
    uint8_t index = (uint8_t)event->body.seat;
    struct room_seat *seat = &room->seats[index];
    if (seat->claimed) {
        struct room_former *former = &room->formers[room->former_count++];
        *former = (struct room_former){
            .seat = index, .out = hold == HOLD_OUT, .invites = room->invite_count};
        memcpy(former->key, seat->key, HASH_BYTES);
        memset(seat->key, 0, HASH_BYTES);
    }
    for (int i = 0; i < room->invite_count; i++) {
        if (room->invites[i].to == (int8_t)index && room->invites[i].seat < 0) {
            room->invites[i].seat = (int8_t)index;
        }
    }
    if (seat->here) {
        seat->since = event->at;
    }
    for (int i = 0; i < MOMENT_COUNT; i++) {
        seat->own_past += seat->own_count[i];
        seat->own_count[i] = 0;
    }
    if (room->turn.asked &&
        (room->turn.by == index || (room->turn.agreed && room->turn.with == index))) {
        room->turn = (struct room_turn){.n = event->pos}; /* the next owner has said nothing yet */
    }
    if (room->driver == (int8_t)index) {
        room->driver = -1;
    }
    companion_drop(room, index);
    seat->here = seat->claimed = seat->hand = false;
    seat->hold = hold;
    seat->moved = event->pos;
    seat->moved_at = event->at;
    seat->join_due = 0;
    share_hand_on(room, seat);
    seat->handed = ++room->hands;
    seat->handed_by = event->by;
    seat->last_id = seat->last_n = 0; /* the next owner's commands are counted anew */
    room->changes++;
}

enum apply_result seat_apply_move(struct room *room, const struct event *event,
                                  const struct part_packs *packs) {
    (void)packs;
    const struct body *body = &event->body;
    bool linked = (body->has & F(invite)) != 0; /* a view has no secrets */
    if (!can_change(room, event) ||
        (linked && room_invite_of_hash(room, (const uint8_t *)body->invite.at) >= 0)) {
        return APPLY_INVALID;
    }
    if (!make_space(room)) {
        return APPLY_NO_MEMORY;
    }
    vacate(room, event, HOLD_MOVED);
    if (linked) {
        struct room_invite *invite = &room->invites[room->invite_count++];
        *invite = (struct room_invite){
            .role = room->seats[body->seat].role, .seat = -1, .by = -1, .to = (int8_t)body->seat};
        memcpy(invite->hash, body->invite.at, HASH_BYTES);
    }
    return APPLY_OK;
}

enum apply_result seat_apply_out(struct room *room, const struct event *event,
                                 const struct part_packs *packs) {
    (void)packs;
    if (!can_change(room, event)) {
        return APPLY_INVALID;
    }
    if (!make_space(room)) {
        return APPLY_NO_MEMORY;
    }
    vacate(room, event, HOLD_OUT);
    return APPLY_OK;
}
