/* SPDX-License-Identifier: ISC */
/*
 * share.c: what of a cohort's log and rooms is one member's to spend, so that nobody uses up what
 * all of them enter, wait, move and meet by.
 */
#include "protocol/cohort/part.h"

static const struct cohort_member *find(const struct cohort *cohort, const struct body *body) {
    return body->member < cohort->member_count ? &cohort->members[body->member] : NULL;
}

static bool asks(enum action act) {
    return act == ACTION_COHORT_ENTER || act == ACTION_PAIR_WAIT;
}

bool cohort_has_share(const struct cohort *cohort, int member) {
    return member < 0 || cohort_is_coach(cohort, member) ||
           cohort->members[member].rooms < COHORT_ROOMS_EACH_MAX;
}

bool cohort_may_return(const struct cohort_room *room) {
    return room->returns < COHORT_RETURNS_MAX;
}

/* Whether a room comes back too often: the log is everybody's. */
static bool is_restless(const struct cohort *cohort, const struct body *body) {
    int room = body->act == ACTION_COHORT_ROOM ? cohort_room_of_id(cohort, body->target) : -1;
    return room >= 0 && cohort->rooms[room].idle && !cohort_may_return(&cohort->rooms[room]);
}

enum refusal cohort_share_check(const struct cohort *cohort, const struct body *body) {
    if (is_restless(cohort, body)) {
        return REFUSAL_COHORT_FULL;
    }
    const struct cohort_member *member = find(cohort, body);
    bool spent = member != NULL &&
                 ((asks(body->act) && member->asks >= COHORT_ASKS_EACH_MAX) ||
                  (body->act == ACTION_MEMBER_PASS && member->passes >= COHORT_PASSES_EACH_MAX));
    return spent ? REFUSAL_COHORT_FULL : REFUSAL_NONE;
}

void cohort_share_count(struct cohort *cohort, const struct body *body) {
    if (asks(body->act)) {
        cohort->members[body->member].asks++;
    } else if (body->act == ACTION_MEMBER_PASS) {
        cohort->members[body->member].passes++;
    }
}
