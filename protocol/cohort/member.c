/* SPDX-License-Identifier: ISC */
/*
 * member.c: the part of a cohort's fold that lets people in.
 *
 * Invariants: one key is one member, and one that a member has left is none any more; a member's
 * link is the one that it was let in by last, but a coach who comes by a link for students stays in
 * by the coaches' link while that holds.
 */
#include <string.h>

#include "protocol/cohort/part.h"

static uint32_t key_place(const struct cohort *cohort, const void *key) {
    return order_place(&cohort->by_key, cohort->member_count, key, HASH_BYTES, cohort->members,
                       sizeof *cohort->members);
}

int cohort_member_of_key(const struct cohort *cohort, const uint8_t *key) {
    uint32_t place = cohort->member_count ? key_place(cohort, key) : 0;
    if (place == cohort->member_count) {
        return -1;
    }
    uint32_t index = cohort->by_key.at[place];
    return memcmp(cohort->members[index].key, key, HASH_BYTES) == 0 ? (int)index : -1;
}

enum refusal cohort_admits(const struct cohort *cohort, int member) {
    if (member < 0 || (uint32_t)member >= cohort->member_count) {
        return REFUSAL_NO_SUCH_COHORT;
    }
    const struct cohort_member *known = &cohort->members[member];
    if (known->admission == COHORT_SUSPENDED) {
        return REFUSAL_SUSPENDED;
    }
    if (cohort->links[known->link].withdrawn) {
        return REFUSAL_WITHDRAWN;
    }
    return known->admission == COHORT_WAITS ? REFUSAL_ASKED : REFUSAL_NONE;
}

bool cohort_lets_in(const struct cohort *cohort, int member) {
    return cohort_admits(cohort, member) == REFUSAL_NONE;
}

bool cohort_is_coach(const struct cohort *cohort, int member) {
    return cohort_lets_in(cohort, member) &&
           cohort->links[cohort->members[member].link].role == COHORT_COACH;
}

void enter_fill(const struct cohort *cohort, struct body *body) {
    int member = cohort_member_of_key(cohort, (const uint8_t *)body->key.at);
    if (cohort_is_coach(cohort, member) && body->link < cohort->link_count &&
        cohort->links[body->link].role != COHORT_COACH) {
        body->link = cohort->members[member].link;
    }
    body->member = member;
    if (member < 0) { /* where there is no place left, any that is not taken for the next one */
        body->member =
            cohort->member_count < COHORT_MEMBERS_MAX ? (int64_t)cohort->member_count : 0;
    }
    body->has |= F(member);
}

/* A link lets in so many keys anew; who is in by another one, or comes again, is not counted. */
static bool comes_anew(const struct cohort *cohort, int known) {
    return known < 0 || cohort->links[cohort->members[known].link].withdrawn;
}

static bool is_used_up(const struct cohort *cohort, const struct body *body, int known) {
    const struct cohort_link *link = &cohort->links[body->link];
    return link->uses > 0 && link->used >= link->uses && comes_anew(cohort, known);
}

enum refusal enter_check(const struct cohort *cohort, const struct body *body) {
    if (body->link >= cohort->link_count) {
        return REFUSAL_NO_SUCH_COHORT;
    }
    if (cohort->links[body->link].withdrawn) {
        return REFUSAL_WITHDRAWN;
    }
    int known = cohort_member_of_key(cohort, (const uint8_t *)body->key.at);
    if (is_used_up(cohort, body, known)) {
        return REFUSAL_LINK_OVER;
    }
    if (known < 0) {
        if (cohort->member_count == COHORT_MEMBERS_MAX) {
            return REFUSAL_COHORT_FULL;
        }
        return body->member == cohort->member_count ? REFUSAL_NONE : REFUSAL_STALE;
    }
    const struct cohort_member *member = &cohort->members[known];
    if (body->member != known) {
        return REFUSAL_STALE;
    }
    if (member->admission == COHORT_SUSPENDED) {
        return REFUSAL_SUSPENDED; /* by whatever link */
    }
    return member->link == body->link && span_equal(body->name, member->name) ? REFUSAL_SAME
                                                                              : REFUSAL_NONE;
}

/* A new member; false: out of memory. */
static bool add_member(struct cohort *cohort, const struct event *event) {
    uint32_t count = cohort->member_count;
    if (!part_grow((void **)&cohort->members, &cohort->member_cap, count + 1,
                   sizeof *cohort->members) ||
        !part_grow((void **)&cohort->by_key.at, &cohort->by_key.cap, count + 1,
                   sizeof *cohort->by_key.at)) {
        return false;
    }
    uint32_t place = key_place(cohort, event->body.key.at);
    struct cohort_member *member = &cohort->members[count];
    *member = (struct cohort_member){.entered_at = event->at, .partner = -1};
    memcpy(member->key, event->body.key.at, HASH_BYTES);
    order_insert(&cohort->by_key, count, place, count);
    cohort->member_count++;
    return true;
}

enum apply_result enter_apply(struct cohort *cohort, const struct event *event) {
    const struct body *body = &event->body;
    bool is_new = body->member == cohort->member_count;
    bool counts = comes_anew(cohort, is_new ? -1 : (int)body->member);
    if (is_new && !add_member(cohort, event)) {
        return APPLY_NO_MEMORY;
    }
    struct cohort_member *member = &cohort->members[body->member];
    struct cohort_link *link = &cohort->links[body->link];
    link->used += counts;
    if (is_new || member->admission == COHORT_WAITS) {
        member->admission = link->asks ? COHORT_WAITS : COHORT_ADMITTED;
    }
    member->link = (uint8_t)body->link;
    memset(member->name, 0, sizeof member->name);
    memcpy(member->name, body->name.at, body->name.len);
    return APPLY_OK;
}

/* ---- moving to another key ---- */

int cohort_former_of_key(const struct cohort *cohort, const uint8_t *key) {
    for (uint32_t i = cohort->former_count; i > 0; i--) {
        if (memcmp(cohort->formers[i - 1].key, key, HASH_BYTES) == 0) {
            return cohort_member_of_key(cohort, key) < 0 ? cohort->formers[i - 1].member : -1;
        }
    }
    return -1;
}

int cohort_pass_of_hash(const struct cohort *cohort, const uint8_t *hash) {
    for (uint32_t i = 0; i < cohort->member_count; i++) {
        const struct cohort_member *member = &cohort->members[i];
        if (member->pass_until > 0 && memcmp(member->pass, hash, HASH_BYTES) == 0) {
            return (int)i;
        }
    }
    return -1;
}

enum refusal pass_check(const struct cohort *cohort, const struct body *body) {
    const uint8_t *hash = (const uint8_t *)body->invite.at;
    if (body->member >= cohort->member_count) {
        return REFUSAL_NO_SUCH_MEMBER;
    }
    if (cohort_link_of_hash(cohort, hash) >= 0 || cohort_pass_of_hash(cohort, hash) >= 0) {
        return REFUSAL_SAME;
    }
    if (cohort->former_count >= COHORT_MOVES_MAX) {
        return REFUSAL_COHORT_FULL;
    }
    enum refusal refusal = cohort_admits(cohort, (int)body->member);
    return refusal == REFUSAL_ASKED ? REFUSAL_NONE : refusal;
}

enum apply_result pass_apply(struct cohort *cohort, const struct event *event) {
    struct cohort_member *member = &cohort->members[event->body.member];
    member->pass_until = event->body.until;
    memcpy(member->pass, event->body.invite.at, HASH_BYTES);
    return APPLY_OK;
}

enum refusal move_check(const struct cohort *cohort, const struct body *body) {
    int member = cohort_pass_of_hash(cohort, (const uint8_t *)body->invite.at);
    if (member < 0 || member != body->member) {
        return REFUSAL_NO_SUCH_COHORT;
    }
    if (cohort_member_of_key(cohort, (const uint8_t *)body->key.at) >= 0) {
        return REFUSAL_SAME; /* a key is one member */
    }
    if (cohort->former_count >= COHORT_MOVES_MAX) {
        return REFUSAL_COHORT_FULL;
    }
    enum refusal refusal = cohort_admits(cohort, member);
    return refusal == REFUSAL_ASKED ? REFUSAL_NONE : refusal;
}

enum apply_result move_apply(struct cohort *cohort, const struct event *event) {
    struct cohort_member *member = &cohort->members[event->body.member];
    if (!part_grow((void **)&cohort->formers, &cohort->former_cap, cohort->former_count + 1,
                   sizeof *cohort->formers)) {
        return APPLY_NO_MEMORY;
    }
    struct cohort_former *former = &cohort->formers[cohort->former_count++];
    former->member = (uint16_t)event->body.member;
    memcpy(former->key, member->key, HASH_BYTES);
    uint32_t count = cohort->member_count;
    order_remove(&cohort->by_key, count, key_place(cohort, member->key));
    memcpy(member->key, event->body.key.at, HASH_BYTES);
    uint32_t place = order_place(&cohort->by_key, count - 1, member->key, HASH_BYTES,
                                 cohort->members, sizeof *cohort->members);
    order_insert(&cohort->by_key, count - 1, place, (uint32_t)event->body.member);
    member->pass_until = 0;
    memset(member->pass, 0, HASH_BYTES);
    return APPLY_OK;
}
