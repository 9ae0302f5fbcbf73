/* SPDX-License-Identifier: ISC */
/*
 * among.c: the part of a cohort's fold that is among people: who will not be paired with whom
 * again, what is reported to the coaches, and whom they let in.
 *
 * Invariants: an avoid is in the list once; who is not let in neither waits nor is in a match.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/cohort/part.h"

/* ---- the coaches' yes and no ---- */

enum refusal admit_check(const struct cohort *cohort, const struct body *body) {
    if (body->member >= cohort->member_count) {
        return REFUSAL_NO_SUCH_MEMBER;
    }
    const struct cohort_member *member = &cohort->members[body->member];
    if (!body->on && cohort_is_coach(cohort, (int)body->member)) {
        return REFUSAL_NOT_A_STUDENT;
    }
    enum cohort_admission wanted = body->on ? COHORT_ADMITTED : COHORT_SUSPENDED;
    return member->admission == wanted ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result admit_apply(struct cohort *cohort, const struct event *event) {
    cohort->members[event->body.member].admission =
        event->body.on ? COHORT_ADMITTED : COHORT_SUSPENDED;
    pair_withdraw(cohort, event->at);
    return APPLY_OK;
}

/* ---- not again with this person ---- */

/* Where in the list it is, or belongs. */
static uint32_t avoid_place(const struct cohort *cohort, int member, int other) {
    uint32_t low = 0;
    uint32_t high = cohort->avoid_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct cohort_avoid *at = &cohort->avoids[middle];
        if (at->member < member || (at->member == member && at->other < other)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool says(const struct cohort *cohort, int member, int other) {
    uint32_t place = avoid_place(cohort, member, other);
    return place < cohort->avoid_count && cohort->avoids[place].member == member &&
           cohort->avoids[place].other == other;
}

bool cohort_avoids(const struct cohort *cohort, int a, int b) {
    return cohort->avoid_count > 0 && (says(cohort, a, b) || says(cohort, b, a));
}

/* With whom the room was opened for the member; -1: with nobody. */
static int partner_in(const struct cohort *cohort, const struct body *body) {
    int room = cohort_room_of_id(cohort, body->target);
    const int32_t *pair = room < 0 ? NULL : cohort->rooms[room].pair;
    if (pair == NULL || (pair[0] != body->member && pair[1] != body->member)) {
        return -1;
    }
    return pair[0] == body->member ? pair[1] : pair[0];
}

enum refusal avoid_check(const struct cohort *cohort, const struct body *body) {
    if (body->member >= cohort->member_count) {
        return REFUSAL_NO_SUCH_MEMBER;
    }
    int other = partner_in(cohort, body);
    if (other < 0) {
        return REFUSAL_NOT_A_MEMBER;
    }
    if (says(cohort, (int)body->member, other) == (body->on != 0)) {
        return REFUSAL_SAME;
    }
    return cohort->members[body->member].avoids < COHORT_AVOIDS_MAX ? REFUSAL_NONE
                                                                    : REFUSAL_COHORT_FULL;
}

enum apply_result avoid_apply(struct cohort *cohort, const struct event *event) {
    const struct body *body = &event->body;
    int other = partner_in(cohort, body);
    if (!part_grow((void **)&cohort->avoids, &cohort->avoid_cap, cohort->avoid_count + 1,
                   sizeof *cohort->avoids)) {
        return APPLY_NO_MEMORY;
    }
    uint32_t place = avoid_place(cohort, (int)body->member, other);
    struct cohort_avoid *at = &cohort->avoids[place];
    uint32_t behind = cohort->avoid_count - place;
    if (body->on) {
        memmove(at + 1, at, behind * sizeof *at);
        *at = (struct cohort_avoid){(uint16_t)body->member, (uint16_t)other};
        cohort->avoid_count++;
    } else {
        memmove(at, at + 1, (behind - 1) * sizeof *at);
        cohort->avoid_count--;
    }
    cohort->members[body->member].avoids++;
    return APPLY_OK;
}

/* ---- reports ---- */

enum refusal report_check(const struct cohort *cohort, const struct body *body) {
    if (body->member >= cohort->member_count) {
        return REFUSAL_NO_SUCH_MEMBER;
    }
    if (cohort_room_of_id(cohort, body->target) < 0) {
        return REFUSAL_NOT_A_MEMBER;
    }
    if (body->text.len > COHORT_REPORT_MAX_BYTES) {
        return REFUSAL_BAD_FIELD;
    }
    bool full = cohort->report_count >= COHORT_REPORTS_MAX ||
                cohort->members[body->member].reports >= COHORT_REPORTS_EACH_MAX;
    return full ? REFUSAL_COHORT_FULL : REFUSAL_NONE;
}

enum apply_result report_apply(struct cohort *cohort, const struct event *event) {
    const struct body *body = &event->body;
    char *text = calloc(1, (size_t)body->text.len + 1);
    if (text == NULL || !part_grow((void **)&cohort->reports, &cohort->report_cap,
                                   cohort->report_count + 1, sizeof *cohort->reports)) {
        free(text);
        return APPLY_NO_MEMORY;
    }
    memcpy(text, body->text.at, body->text.len);
    cohort->reports[cohort->report_count++] =
        (struct cohort_report){.room = (uint32_t)cohort_room_of_id(cohort, body->target),
                               .member = (uint16_t)body->member,
                               .at = event->at,
                               .moment = body->moment,
                               .text = text};
    cohort->members[body->member].reports++;
    return APPLY_OK;
}
