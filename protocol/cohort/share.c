/* SPDX-License-Identifier: ISC */
/*
 * share.c: what of a cohort's log is one member's to spend, so that nobody uses up what all of them
 * enter, wait and move by.
 */
#include "protocol/cohort/part.h"

static const struct cohort_member *find(const struct cohort *cohort, const struct body *body) {
    return body->member < cohort->member_count ? &cohort->members[body->member] : NULL;
}

static bool asks(enum action act) {
    return act == ACTION_COHORT_ENTER || act == ACTION_PAIR_WAIT;
}

enum refusal cohort_share_check(const struct cohort *cohort, const struct body *body) {
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
