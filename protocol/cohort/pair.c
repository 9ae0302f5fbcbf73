/* SPDX-License-Identifier: ISC */
/*
 * pair.c: the part of a cohort's fold in which people wait, are matched, and appear or do not.
 *
 * Invariants: a member's state says where it is: LOBBY_WAITING is once in the queue and in no
 * match, LOBBY_MATCHED in one match and not in the queue, LOBBY_IDLE in neither. So there is one
 * match per person in whatever order events were appended and by whom. A match stands until both
 * came; then both are idle.
 */
#include <string.h>

#include "protocol/cohort/part.h"

static bool is_member(const struct cohort *cohort, int64_t member) {
    return member < cohort->member_count;
}

/* ---- the queue ---- */

static void queue_insert(struct cohort *cohort, uint32_t place, uint16_t member) {
    memmove(&cohort->waiting[place + 1], &cohort->waiting[place],
            (cohort->waiting_count - place) * sizeof *cohort->waiting);
    cohort->waiting[place] = member;
    cohort->waiting_count++;
    cohort->members[member].state = LOBBY_WAITING;
}

static void queue_remove(struct cohort *cohort, uint16_t member, enum lobby_state state) {
    uint32_t place = 0;
    while (cohort->waiting[place] != member) {
        place++;
    }
    cohort->waiting_count--;
    memmove(&cohort->waiting[place], &cohort->waiting[place + 1],
            (cohort->waiting_count - place) * sizeof *cohort->waiting);
    cohort->members[member].state = state;
}

void wait_fill(const struct cohort *cohort, struct body *body) {
    bool known = is_member(cohort, body->member);
    body->session = known ? (int64_t)cohort->members[body->member].session + 1 : 1;
    body->has |= F(session);
}

/* It goes on from a match that has become whole while it was cut off: it has its partner, and waits
 * for nobody. */
static bool has_met(const struct cohort_member *member, const struct body *body) {
    return body->has & F(target) && member->state == LOBBY_IDLE && member->why == LOBBY_WHY_MET &&
           span_equal(body->target, member->room);
}

enum refusal wait_check(const struct cohort *cohort, const struct body *body) {
    if (!is_member(cohort, body->member)) {
        return REFUSAL_NO_SUCH_COHORT;
    }
    enum refusal refusal = cohort_admits(cohort, (int)body->member);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    uint64_t known = (UINT64_C(1) << cohort->pack_count) - 1;
    bool role = !(body->has & F(role)) || body->role != ROLE_COACH;
    if (!role || ((uint64_t)body->packs | (uint64_t)body->fresh) & ~known) {
        return REFUSAL_BAD_FIELD;
    }
    const struct cohort_member *member = &cohort->members[body->member];
    if (member->state == LOBBY_MATCHED || has_met(member, body)) {
        return REFUSAL_SAME;
    }
    /* Everybody in a match may come back to the queue, so their places are kept free. */
    uint32_t taken = cohort->waiting_count + 2 * cohort->match_count;
    if (member->state == LOBBY_IDLE && taken >= COHORT_WAITING_MAX) {
        return REFUSAL_COHORT_FULL;
    }
    return body->session == (int64_t)member->session + 1 ? REFUSAL_NONE : REFUSAL_STALE;
}

static void take_wants(struct cohort_member *member, const struct body *body) {
    member->role = (uint8_t)(body->has & F(role) ? body->role : ROLE_NONE);
    member->level = (uint8_t)body->level;
    member->minutes = (uint16_t)body->minutes;
    member->extra = (uint8_t)(body->has & F(extra) ? body->extra : 0);
    member->packs = (uint64_t)body->packs;
    member->fresh = (uint64_t)body->fresh;
    member->wait = body->wait;
    member->session = (uint32_t)body->session;
    member->boot = (uint32_t)body->boot;
    member->here = true;
}

/* Memory for everybody who waits and might come back from a match. */
static bool queue_space(struct cohort *cohort) {
    void *waiting = cohort->waiting;
    uint32_t need = cohort->waiting_count + 2 * cohort->match_count + 1;
    bool good = part_grow(&waiting, &cohort->waiting_cap, need, sizeof *cohort->waiting);
    cohort->waiting = waiting;
    return good;
}

enum apply_result wait_apply(struct cohort *cohort, const struct event *event) {
    struct cohort_member *member = &cohort->members[event->body.member];
    if (!queue_space(cohort)) {
        return APPLY_NO_MEMORY;
    }
    take_wants(member, &event->body);
    if (member->state == LOBBY_IDLE) {
        member->since = event->at;
        member->matched_for = 0;
        member->why = LOBBY_WHY_NONE;
        queue_insert(cohort, cohort->waiting_count, (uint16_t)event->body.member);
    }
    return APPLY_OK;
}

enum refusal gone_check(const struct cohort *cohort, const struct body *body) {
    if (!is_member(cohort, body->member)) {
        return REFUSAL_NOT_WAITING;
    }
    const struct cohort_member *member = &cohort->members[body->member];
    bool gone =
        member->state != LOBBY_IDLE && member->here && (int64_t)member->session == body->session;
    return gone ? REFUSAL_NONE : REFUSAL_SAME;
}

enum apply_result gone_apply(struct cohort *cohort, const struct event *event) {
    cohort->members[event->body.member].here = false;
    return APPLY_OK;
}

enum refusal leave_check(const struct cohort *cohort, const struct body *body) {
    bool waits =
        is_member(cohort, body->member) && cohort->members[body->member].state == LOBBY_WAITING;
    return waits ? REFUSAL_NONE : REFUSAL_NOT_WAITING;
}

enum apply_result leave_apply(struct cohort *cohort, const struct event *event) {
    cohort->members[event->body.member].why = (enum lobby_why)event->body.why;
    queue_remove(cohort, (uint16_t)event->body.member, LOBBY_IDLE);
    return APPLY_OK;
}

/* ---- matches ---- */

static int find_match(const struct cohort *cohort, struct span id) {
    for (uint32_t i = 0; i < cohort->match_count && id.len == ROOM_ID_BYTES; i++) {
        if (memcmp(cohort->matches[i].room, id.at, ROOM_ID_BYTES) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const struct cohort_match *cohort_match_of_room(const struct cohort *cohort, struct span id) {
    int index = find_match(cohort, id);
    return index < 0 ? NULL : &cohort->matches[index];
}

const struct cohort_match *cohort_match_of_member(const struct cohort *cohort, int member) {
    for (uint32_t i = 0; i < cohort->match_count; i++) {
        const struct cohort_match *match = &cohort->matches[i];
        if (match->member[0] == member || match->member[1] == member) {
            return match;
        }
    }
    return NULL;
}

uint64_t pair_packs(const struct cohort_member *interviewer, const struct cohort_member *candidate,
                    const struct cohort *cohort) {
    uint64_t packs = interviewer->packs & candidate->packs & candidate->fresh;
    for (uint64_t seen = candidate->seen; seen; seen &= seen - 1) {
        packs &= ~cohort->packs[__builtin_ctzll(seen)].kin;
    }
    return packs;
}

bool pair_agrees(const struct cohort_member *interviewer, const struct cohort_member *candidate) {
    bool roles = interviewer->role != ROLE_CANDIDATE && candidate->role != ROLE_INTERVIEWER;
    bool minutes = interviewer->minutes == 0 || candidate->minutes == 0 ||
                   interviewer->minutes == candidate->minutes;
    return roles && minutes;
}

enum refusal pair_check(const struct cohort *cohort, const struct lobby_match *match) {
    const struct cohort_member *asks = &cohort->members[match->interviewer];
    const struct cohort_member *answers = &cohort->members[match->candidate];
    if (match->interviewer == match->candidate) {
        return REFUSAL_ALREADY_WAITING;
    }
    if (asks->state != LOBBY_WAITING || answers->state != LOBBY_WAITING || !asks->here ||
        !answers->here) {
        return REFUSAL_NOT_WAITING;
    }
    uint16_t wanted = asks->minutes ? asks->minutes : answers->minutes;
    uint64_t bit = UINT64_C(1) << match->pack;
    if (cohort_avoids(cohort, match->interviewer, match->candidate)) {
        return REFUSAL_STALE; /* what the two are told is that they go on waiting */
    }
    if (!pair_agrees(asks, answers) || match->minutes != wanted ||
        !(asks->packs & answers->packs & bit)) {
        return REFUSAL_STALE;
    }
    return pair_packs(asks, answers, cohort) & bit ? REFUSAL_NONE : REFUSAL_PROMPT_SEEN;
}

enum refusal match_check(const struct cohort *cohort, const struct body *body) {
    if (!span_is_id(body->target) || body->pick >= cohort->pack_count ||
        !is_member(cohort, body->member) || !is_member(cohort, body->other)) {
        return REFUSAL_BAD_FIELD;
    }
    if (cohort_room_of_id(cohort, body->target) >= 0 || find_match(cohort, body->target) >= 0) {
        return REFUSAL_SAME;
    }
    if (!cohort_has_place(cohort)) {
        return REFUSAL_COHORT_FULL;
    }
    struct lobby_match match = {(uint16_t)body->member, (uint16_t)body->other, (uint8_t)body->pick,
                                (uint16_t)body->minutes};
    return pair_check(cohort, &match);
}

enum apply_result match_apply(struct cohort *cohort, const struct event *event) {
    const struct body *body = &event->body;
    if (!part_grow((void **)&cohort->matches, &cohort->match_cap, cohort->match_count + 1,
                   sizeof *cohort->matches)) {
        return APPLY_NO_MEMORY;
    }
    struct cohort_match *match = &cohort->matches[cohort->match_count++];
    *match = (struct cohort_match){.member = {(uint16_t)body->member, (uint16_t)body->other},
                                   .pack = (uint8_t)body->pick,
                                   .minutes = (uint16_t)body->minutes,
                                   .made_at = event->at};
    memcpy(match->room, body->target.at, ROOM_ID_BYTES);
    for (int i = 0; i < 2; i++) {
        struct cohort_member *member = &cohort->members[match->member[i]];
        match->extra = member->extra > match->extra ? member->extra : match->extra;
        queue_remove(cohort, match->member[i], LOBBY_MATCHED);
        member->why = LOBBY_WHY_NONE;
        memcpy(member->room, match->room, sizeof member->room);
    }
    cohort->packs[match->pack].used++;
    return APPLY_OK;
}

enum refusal opened_check(const struct cohort *cohort, const struct body *body) {
    int match = find_match(cohort, body->target);
    if (match < 0) {
        return REFUSAL_STALE;
    }
    return cohort->matches[match].open ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result opened_apply(struct cohort *cohort, const struct event *event) {
    if (!cohort_room_space(cohort)) {
        return APPLY_NO_MEMORY;
    }
    struct cohort_match *match = &cohort->matches[find_match(cohort, event->body.target)];
    match->open = true;
    match->opened_at = event->at;
    cohort_room_add(cohort, event->body.target, span_of(cohort->packs[match->pack].title),
                    event->at);
    for (int i = 0; i < 2; i++) {
        cohort->rooms[cohort->room_count - 1].pair[i] = match->member[i];
    }
    return APPLY_OK;
}

/* Which of the two the member is; -1: neither. */
static int side_of(const struct cohort_match *match, int64_t member) {
    return match->member[0] == member ? 0 : match->member[1] == member ? 1 : -1;
}

enum refusal came_check(const struct cohort *cohort, const struct body *body) {
    int index = find_match(cohort, body->target);
    if (index < 0 || !cohort->matches[index].open) {
        return REFUSAL_STALE;
    }
    int side = side_of(&cohort->matches[index], body->member);
    if (side < 0) {
        return REFUSAL_STALE;
    }
    return cohort->matches[index].came[side] ? REFUSAL_SAME : REFUSAL_NONE;
}

static void drop_match(struct cohort *cohort, uint32_t index) {
    cohort->match_count--;
    memmove(&cohort->matches[index], &cohort->matches[index + 1],
            (cohort->match_count - index) * sizeof *cohort->matches);
}

/* Both came: the match is whole. */
static void end_whole(struct cohort *cohort, uint32_t index) {
    const struct cohort_match match = cohort->matches[index];
    for (int i = 0; i < 2; i++) {
        struct cohort_member *member = &cohort->members[match.member[i]];
        member->state = LOBBY_IDLE;
        member->why = LOBBY_WHY_MET;
        member->partner = match.member[1 - i];
        member->partner_at = match.made_at;
    }
    drop_match(cohort, index);
}

enum apply_result came_apply(struct cohort *cohort, const struct event *event) {
    uint32_t index = (uint32_t)find_match(cohort, event->body.target);
    struct cohort_match *match = &cohort->matches[index];
    bool candidate = side_of(match, event->body.member) == 1;
    match->came[candidate] = true;
    if (candidate) { /* now it has seen the prompt */
        cohort->members[match->member[1]].seen |= UINT64_C(1) << match->pack;
    }
    if (match->came[0] && match->came[1]) {
        end_whole(cohort, index);
    }
    return APPLY_OK;
}

/* Ends a match that fell through. back[i]: that one goes to the front of the queue, else becomes
 * idle. */
static void fall_through(struct cohort *cohort, uint32_t index, const bool back[2],
                         enum lobby_why idle_why, int64_t at) {
    const struct cohort_match match = cohort->matches[index];
    bool older = cohort->members[match.member[1]].since < cohort->members[match.member[0]].since;
    const bool sides[2] = {!older, older}; /* the older one last, so that it comes first */
    drop_match(cohort, index);
    for (int turn = 0; turn < 2; turn++) {
        bool side = sides[turn];
        struct cohort_member *member = &cohort->members[match.member[side]];
        member->state = LOBBY_IDLE;
        member->why = back[side] ? LOBBY_WHY_PARTNER : idle_why;
        if (back[side]) {
            member->matched_for += at - match.made_at;
            queue_insert(cohort, 0, match.member[side]);
        }
    }
}

enum refusal free_check(const struct cohort *cohort, const struct body *body) {
    return find_match(cohort, body->target) >= 0 ? REFUSAL_NONE : REFUSAL_STALE;
}

enum apply_result free_apply(struct cohort *cohort, const struct event *event) {
    uint32_t index = (uint32_t)find_match(cohort, event->body.target);
    const struct cohort_match *match = &cohort->matches[index];
    /* Nobody can have come where no room was opened: neither is to blame. */
    const bool back[2] = {!match->open || match->came[0], !match->open || match->came[1]};
    fall_through(cohort, index, back, LOBBY_WHY_MISSED, event->at);
    return APPLY_OK;
}

void pair_ended(struct cohort *cohort, struct span room, int64_t at) {
    int index = find_match(cohort, room);
    if (index >= 0) {
        const struct cohort_match *match = &cohort->matches[index];
        const bool back[2] = {!match->came[0], !match->came[1]};
        fall_through(cohort, (uint32_t)index, back, LOBBY_WHY_LEFT, at);
    }
}

void pair_withdraw(struct cohort *cohort, int64_t at) {
    for (uint32_t i = cohort->match_count; i > 0; i--) {
        const struct cohort_match *match = &cohort->matches[i - 1];
        const bool back[2] = {cohort_lets_in(cohort, match->member[0]),
                              cohort_lets_in(cohort, match->member[1])};
        if (!back[0] || !back[1]) {
            fall_through(cohort, i - 1, back, LOBBY_WHY_WITHDRAWN, at);
        }
    }
    for (uint32_t i = cohort->waiting_count; i > 0; i--) {
        uint16_t member = cohort->waiting[i - 1];
        if (!cohort_lets_in(cohort, member)) {
            cohort->members[member].why = LOBBY_WHY_WITHDRAWN;
            queue_remove(cohort, member, LOBBY_IDLE);
        }
    }
}
