/* SPDX-License-Identifier: ISC */
/*
 * turn.c: the part of the fold that holds whether the roles are to be turned. Turning ends this
 * room for both, so both sides say so: an interviewer and the candidate, whoever asks first.
 *
 * Invariants: who asked and who agreed are of different sides; only who asked takes the ask back,
 * only the other side declines it, and only who agreed takes the agreement back; once the room has
 * a next one nothing of it changes any more.
 */
#include "protocol/room/part.h"

/* The side of a seat, or ROLE_NONE: coaches have none, nor has a seat that nobody has. */
static enum role side_of(const struct room *room, int64_t seat) {
    if (seat < 0 || seat >= room->seat_count || room->seats[seat].role == ROLE_COACH ||
        room->seats[seat].hold != HOLD_KEPT) {
        return ROLE_NONE;
    }
    return room->seats[seat].role;
}

/* Whether somebody of the asking side could agree: there is a seat of the other one. */
static bool has_other_side(const struct room *room, enum role side) {
    for (int i = 0; i < room->seat_count; i++) {
        enum role role = side_of(room, i);
        if (role != ROLE_NONE && role != side) {
            return true;
        }
    }
    return false;
}

bool room_turn_is_agreed(const struct room *room) {
    return room->turn.agreed && room->next[0] == '\0';
}

int room_turn_candidate(const struct room *room) {
    const struct room_turn *turn = &room->turn;
    if (turn->asked && side_of(room, turn->by) == ROLE_INTERVIEWER) {
        return turn->by;
    }
    return turn->agreed && side_of(room, turn->with) == ROLE_INTERVIEWER ? turn->with : -1;
}

bool room_turn_wants(const struct room *room, uint8_t seat) {
    const struct room_turn *turn = &room->turn;
    enum role side = side_of(room, seat);
    return side != ROLE_NONE && turn->asked && (turn->agreed || side_of(room, turn->by) == side);
}

bool room_turn_may_agree(const struct room *room, uint8_t seat) {
    enum role side = side_of(room, seat);
    return side != ROLE_NONE && room->next[0] == '\0' && room->turn.asked && !room->turn.agreed &&
           side_of(room, room->turn.by) != side;
}

/* Who says it: its author, or for whom the server writes. */
static int64_t speaker(const struct body *body, uint8_t by) {
    return by != SEAT_SERVER ? by : body->has & F(seat) ? body->seat : -1;
}

static enum refusal say_yes(const struct room *room, uint8_t who, const struct body *body,
                            struct room_turn *turn) {
    if (room_turn_may_agree(room, who)) {
        bool other = body->has & F(other) && body->other != turn->by;
        turn->agreed = true;
        turn->with = who;
        return other ? REFUSAL_STALE : REFUSAL_NONE;
    }
    if (turn->asked) {
        return REFUSAL_SAME;
    }
    /* It was meant for an ask that has been taken back: it is none of one's own. */
    if (body->has & F(other) && body->other != who) {
        return REFUSAL_STALE;
    }
    turn->asked = true;
    turn->by = who;
    return REFUSAL_NONE;
}

static enum refusal say_no(const struct room *room, uint8_t who, struct room_turn *turn) {
    if (turn->asked && turn->by != who && !turn->agreed && !room_turn_may_agree(room, who)) {
        return REFUSAL_NOT_ALLOWED; /* a colleague's own ask */
    }
    if (turn->agreed && turn->by != who && turn->with != who) {
        return REFUSAL_NOT_ALLOWED;
    }
    if (!turn->asked) {
        return REFUSAL_SAME;
    }
    *turn = (struct room_turn){0};
    return REFUSAL_NONE;
}

/* What the body makes of the turn. */
static enum refusal turn_next(const struct room *room, uint8_t by, const struct body *body,
                              struct room_turn *turn) {
    int64_t who = speaker(body, by);
    enum role side = side_of(room, who);
    *turn = room->turn;
    if (side == ROLE_NONE) {
        return REFUSAL_NOT_ALLOWED;
    }
    if (!has_other_side(room, side)) {
        return REFUSAL_WRONG_STAGE;
    }
    if (room->next[0] != '\0') {
        return REFUSAL_SAME;
    }
    return body->on ? say_yes(room, (uint8_t)who, body, turn) : say_no(room, (uint8_t)who, turn);
}

enum refusal turn_decide_ask(const struct room *room, uint8_t by, struct body *out) {
    struct room_turn turn;
    if (by != SEAT_SERVER) {
        out->has &= ~F(seat);
    }
    enum refusal refusal = turn_next(room, by, out, &turn);
    if (refusal == REFUSAL_NONE) {
        out->other = turn.asked ? turn.by : room->turn.by;
        out->has |= F(other);
    }
    return refusal;
}

enum apply_result turn_apply_ask(struct room *room, const struct event *event,
                                 const struct part_packs *packs) {
    (void)packs;
    struct room_turn turn;
    if (turn_next(room, event->by, &event->body, &turn) != REFUSAL_NONE) {
        return APPLY_INVALID;
    }
    turn.n = event->pos;
    room->turn = turn;
    return APPLY_OK;
}
