/* SPDX-License-Identifier: ISC */
/*
 * own.c: what of a cohort's log is of one member, and may be given to it.
 *
 * What others say about a member (a report of a room, an avoid) has that other's number, so it is
 * never among its own. An action without a row here is given to nobody.
 */
#include "protocol/cohort/cohort.h"

/* Whether it is a room that the member opened, or that was opened for a match of its. */
static bool is_room_of(const struct cohort *cohort, int member, struct span id) {
    int index = cohort_room_of_id(cohort, id);
    if (index < 0) {
        return false;
    }
    const struct cohort_room *room = &cohort->rooms[index];
    return room->host == member || room->pair[0] == member || room->pair[1] == member;
}

bool cohort_is_own(const struct cohort *cohort, int member, const struct body *body) {
    bool named = (body->has & F(member)) != 0;
    switch (body->act) {
    case ACTION_COHORT_ENTER:
    case ACTION_COHORT_ADMIT:
    case ACTION_COHORT_AVOID:
    case ACTION_COHORT_REPORT:
    case ACTION_COHORT_EVENING:
    case ACTION_COHORT_COMING:
    case ACTION_PAIR_WAIT:
    case ACTION_PAIR_GONE:
    case ACTION_PAIR_LEAVE:
    case ACTION_PAIR_CAME:
    case ACTION_MEMBER_PASS:
    case ACTION_MEMBER_MOVE: return named && body->member == member;
    /* Of a match whose room never opened nobody was told. */
    case ACTION_PAIR_MATCH:
        return (body->member == member || body->other == member) &&
               is_room_of(cohort, member, body->target);
    case ACTION_COHORT_ROOM:
        return named ? body->member == member : is_room_of(cohort, member, body->target);
    case ACTION_COHORT_ENDED:
    case ACTION_COHORT_IDLE:
    case ACTION_PAIR_OPEN:
    case ACTION_PAIR_FREE: return is_room_of(cohort, member, body->target);
    default: return false;
    }
}
