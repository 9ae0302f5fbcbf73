/* SPDX-License-Identifier: ISC */
/*
 * advice.c: what those who wait are told of each other: what each asks for, and what one would have
 * to change to fit more of them.
 *
 * Invariant: advice is about what people ask for and the prompts that they may be given, never
 * about moments: a level, or the last partner, is only a matter of waiting.
 */
#include "protocol/cohort/part.h"

enum { LEVEL_SHIFT = 16, ROLE_SHIFT = 24 };

size_t lobby_wants(const struct cohort *cohort, uint32_t count,
                   uint8_t out[COHORT_WAITING_MAX * U32_BYTES]) {
    size_t len = 0;
    for (uint32_t i = 0; i < count && i < cohort->waiting_count; i++) {
        const struct cohort_member *member = &cohort->members[cohort->waiting[i]];
        u32_put(out + len, (uint32_t)member->role << ROLE_SHIFT |
                               (uint32_t)member->level << LEVEL_SHIFT | member->minutes);
        len += U32_BYTES;
    }
    return len;
}

struct lobby_wants lobby_wants_read(const void *from) {
    uint32_t all = u32_get(from);
    uint8_t level = (uint8_t)(all >> LEVEL_SHIFT);
    uint8_t role = (uint8_t)(all >> ROLE_SHIFT);
    return (struct lobby_wants){.minutes = (uint16_t)all,
                                .level = level <= LEVEL_STAFF ? level : LEVEL_ANY,
                                .role = role <= ROLE_CANDIDATE ? role : ROLE_NONE};
}

/* ---- advice ---- */

/* The others who wait, the first in front. */
struct others {
    const struct cohort *cohort;
    uint16_t member; /* who asks */
    uint32_t count;
    uint16_t at[LOBBY_ADVICE_LOOK];
};

static void find_others(struct others *others, const struct leases *leases) {
    const struct cohort *cohort = others->cohort;
    for (uint32_t i = 0; i < cohort->waiting_count && others->count < LOBBY_ADVICE_LOOK; i++) {
        uint16_t other = cohort->waiting[i];
        const struct cohort_member *member = &cohort->members[other];
        if (other != others->member && member->here && leases_has(leases, member->boot) &&
            !cohort_avoids(cohort, others->member, other)) {
            others->at[others->count++] = other;
        }
    }
}

/* With how many of them somebody who asks for this could be paired. */
static uint32_t count_fits(const struct others *others, const struct cohort_member *wants) {
    uint32_t fits = 0;
    for (uint32_t i = 0; i < others->count; i++) {
        const struct cohort_member *other = &others->cohort->members[others->at[i]];
        bool asks = pair_agrees(wants, other) && pair_packs(wants, other, others->cohort);
        fits += asks || (pair_agrees(other, wants) && pair_packs(other, wants, others->cohort));
    }
    return fits;
}

/* Takes a change if it makes more fit than the best one so far. */
static void consider(const struct others *others, const struct cohort_member *wants,
                     enum lobby_change change, uint32_t to, uint32_t now,
                     struct lobby_advice *best) {
    uint32_t fits = count_fits(others, wants);
    if (fits > now && fits - now > best->more) {
        *best = (struct lobby_advice){.change = change, .to = (uint16_t)to, .more = fits - now};
    }
}

/* Each length that somebody asks for, once: of equal ones the first in the queue. */
static void consider_lengths(const struct others *others, struct cohort_member wants, uint32_t now,
                             struct lobby_advice *best) {
    for (uint32_t i = 0; i < others->count; i++) {
        uint16_t minutes = others->cohort->members[others->at[i]].minutes;
        bool known = minutes == 0;
        for (uint32_t k = 0; k < i && !known; k++) {
            known = others->cohort->members[others->at[k]].minutes == minutes;
        }
        if (!known) {
            wants.minutes = minutes;
            consider(others, &wants, LOBBY_CHANGE_MINUTES, minutes, now, best);
        }
    }
    wants.minutes = 0;
    consider(others, &wants, LOBBY_CHANGE_MINUTES, 0, now, best);
}

void lobby_advise(const struct cohort *cohort, int member, const struct leases *leases,
                  struct lobby_advice *out) {
    *out = (struct lobby_advice){.change = LOBBY_CHANGE_NONE};
    if (member < 0 || (uint32_t)member >= cohort->member_count ||
        cohort->members[member].state != LOBBY_WAITING) {
        return;
    }
    struct others others = {.cohort = cohort, .member = (uint16_t)member};
    struct cohort_member wants = cohort->members[member];
    find_others(&others, leases);
    uint32_t now = count_fits(&others, &wants);
    consider_lengths(&others, wants, now, out);
    wants.packs = (UINT64_C(1) << cohort->pack_count) - 1;
    consider(&others, &wants, LOBBY_CHANGE_PACKS, cohort->pack_count, now, out);
    wants.packs = cohort->members[member].packs;
    wants.role = ROLE_NONE;
    consider(&others, &wants, LOBBY_CHANGE_ROLE, ROLE_NONE, now, out);
}
