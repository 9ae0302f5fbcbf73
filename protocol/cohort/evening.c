/* SPDX-License-Identifier: ISC */
/*
 * evening.c: the part of a cohort's fold that holds the group's next evening, and who comes to it.
 *
 * Invariants: there is one evening or none; what a member has said is of that one, and is forgotten
 * when it is moved to another moment or called off.
 */
#include <string.h>

#include "protocol/cohort/part.h"

enum { MS_A_MINUTE = 60000 };

static bool is_text(const struct body *body, const struct cohort_evening *evening) {
    struct span text = body->has & F(text) ? body->text : (struct span){"", 0};
    return span_equal(text, evening->text);
}

enum refusal evening_check(const struct cohort *cohort, const struct body *body) {
    const struct cohort_evening *now = &cohort->evening;
    int64_t minutes = body->has & F(minutes) ? body->minutes : 0;
    if (!cohort_is_coach(cohort, (int)body->member)) {
        return REFUSAL_NOT_A_COACH;
    }
    if (cohort->changes >= COHORT_CHANGES_MAX) {
        return REFUSAL_COHORT_FULL;
    }
    if (body->moment == 0) {
        return now->start == 0 ? REFUSAL_SAME : REFUSAL_NONE;
    }
    if (minutes < 1 || (body->has & F(text) && body->text.len > COHORT_EVENING_MAX_BYTES) ||
        body->moment > TIME_MAX_MS - minutes * MS_A_MINUTE) {
        return REFUSAL_BAD_FIELD;
    }
    bool same = now->start == body->moment && now->minutes == minutes && is_text(body, now);
    return same ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result evening_apply(struct cohort *cohort, const struct event *event) {
    const struct body *body = &event->body;
    struct cohort_evening *evening = &cohort->evening;
    bool moved = evening->start != body->moment;
    cohort->changes++;
    *evening = (struct cohort_evening){.start = body->moment, .by = (uint16_t)body->member};
    if (body->moment != 0) {
        evening->minutes = (uint16_t)body->minutes;
        if (body->has & F(text)) {
            memcpy(evening->text, body->text.at, body->text.len);
        }
    }
    for (uint32_t i = 0; moved && i < cohort->member_count; i++) {
        cohort->members[i].coming = COHORT_UNSAID;
        cohort->members[i].comings = 0;
    }
    return APPLY_OK;
}

enum refusal coming_check(const struct cohort *cohort, const struct body *body) {
    if (body->member >= cohort->member_count) {
        return REFUSAL_NO_SUCH_MEMBER;
    }
    if (body->moment == 0 || body->moment != cohort->evening.start) {
        return REFUSAL_STALE;
    }
    const struct cohort_member *member = &cohort->members[body->member];
    if (member->coming == (body->on ? COHORT_COMES : COHORT_STAYS_AWAY)) {
        return REFUSAL_SAME;
    }
    return member->comings < COHORT_COMINGS_MAX ? REFUSAL_NONE : REFUSAL_COHORT_FULL;
}

enum apply_result coming_apply(struct cohort *cohort, const struct event *event) {
    struct cohort_member *member = &cohort->members[event->body.member];
    member->coming = event->body.on ? COHORT_COMES : COHORT_STAYS_AWAY;
    member->comings++;
    return APPLY_OK;
}

/* Whether somebody who said that they come has been in the lobby for it, or is now. */
static bool has_come(const struct cohort *cohort, const struct cohort_member *member) {
    return member->state != LOBBY_IDLE ||
           member->since >= cohort->evening.start - COHORT_EARLY_MS ||
           member->partner_at >= cohort->evening.start - COHORT_EARLY_MS;
}

size_t evening_names(const struct cohort *cohort, bool missing, uint32_t *count,
                     char out[COHORT_NAMES_MAX_BYTES + 1]) {
    size_t len = 0;
    bool place = true;
    *count = 0;
    out[0] = '\0';
    for (uint32_t i = 0; cohort->evening.start != 0 && i < cohort->member_count; i++) {
        const struct cohort_member *member = &cohort->members[i];
        if (member->coming == COHORT_COMES && cohort_lets_in(cohort, (int)i) &&
            !(missing && has_come(cohort, member))) {
            (*count)++;
            place = place && names_add(member->name, &len, out);
        }
    }
    return len;
}
