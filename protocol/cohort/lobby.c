/* SPDX-License-Identifier: ISC */
/*
 * lobby.c: what is computed from a cohort's state: who is to be paired, and when to look again.
 *
 * Invariant: with no event between, lobby_next gives the same at every moment before
 * lobby_next_moment. So every condition on time that lobby_next asks is one of the moments that
 * `later` is called with.
 */
#include <string.h>

#include "protocol/cohort/part.h"
#include "protocol/wire/u32.h"

/* Who may be matched now. */
static bool is_present(const struct cohort *cohort, uint16_t member, const struct leases *leases) {
    return cohort->members[member].here && leases_has(leases, cohort->members[member].boot);
}

static int64_t expires_at(const struct cohort_member *member) {
    return member->since + member->matched_for + member->wait;
}

static int level_distance(const struct cohort_member *a, const struct cohort_member *b) {
    if (a->level == LEVEL_ANY || b->level == LEVEL_ANY) {
        return 0;
    }
    return a->level < b->level ? b->level - a->level : a->level - b->level;
}

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* The moment from which the levels of two are near enough. */
static int64_t near_from(const struct cohort_member *a, const struct cohort_member *b) {
    return earlier(a->since, b->since) + level_distance(a, b) * (int64_t)LOBBY_WIDEN_MS;
}

/* Whether two have just practised together, and the moments from which they may again: at once when
 * enough time has passed since, or when both have waited and nobody else is there. */
static bool were_partners(const struct cohort *cohort, uint16_t a, uint16_t b) {
    return cohort->members[a].partner == b && cohort->members[b].partner == a;
}

static int64_t strangers_from(const struct cohort_member *a) {
    return a->partner_at + LOBBY_AGAIN_MS;
}

static int64_t alone_from(const struct cohort_member *a, const struct cohort_member *b) {
    return (a->since > b->since ? a->since : b->since) + LOBBY_ALONE_MS;
}

static uint8_t least_used(const struct cohort *cohort, uint64_t packs) {
    uint8_t best = (uint8_t)__builtin_ctzll(packs);
    for (uint64_t bits = packs; bits; bits &= bits - 1) {
        uint8_t pack = (uint8_t)__builtin_ctzll(bits);
        if (cohort->packs[pack].used < cohort->packs[best].used) {
            best = pack;
        }
    }
    return best;
}

/* Fills in *out if that one can interview this one, leaving time aside. */
static bool suits(const struct cohort *cohort, uint16_t interviewer, uint16_t candidate,
                  struct lobby_match *out) {
    const struct cohort_member *asks = &cohort->members[interviewer];
    const struct cohort_member *answers = &cohort->members[candidate];
    uint64_t packs = pair_packs(asks, answers, cohort);
    if (!packs) {
        return false;
    }
    *out = (struct lobby_match){.interviewer = interviewer,
                                .candidate = candidate,
                                .pack = least_used(cohort, packs),
                                .minutes = asks->minutes ? asks->minutes : answers->minutes};
    return pair_check(cohort, out) == REFUSAL_NONE;
}

/* Of most pairs of a long queue one look tells that they do not suit each other. */
static bool is_hopeless(const struct cohort_member *a, const struct cohort_member *b) {
    return (a->role != ROLE_NONE && a->role == b->role) ||
           !(a->packs & b->packs & (a->fresh | b->fresh));
}

/* The same for two of whom `older` interviews if that is possible. */
static bool suits_either_way(const struct cohort *cohort, uint16_t older, uint16_t younger,
                             struct lobby_match *out) {
    if (is_hopeless(&cohort->members[older], &cohort->members[younger])) {
        return false;
    }
    return suits(cohort, older, younger, out) || suits(cohort, younger, older, out);
}

/* The best partner so far of one who waits. */
struct choice {
    bool found, again; /* again: only the last partner */
    int distance;
    struct lobby_match match;
};

static void consider(const struct cohort *cohort, uint16_t older, uint16_t younger, int64_t now,
                     struct choice *best) {
    const struct cohort_member *a = &cohort->members[older];
    const struct cohort_member *b = &cohort->members[younger];
    if (is_hopeless(a, b) || now < near_from(a, b)) {
        return;
    }
    struct choice choice = {.found = true, .distance = level_distance(a, b)};
    choice.again = were_partners(cohort, older, younger) && now < strangers_from(a);
    if (choice.again && now < alone_from(a, b)) {
        return;
    }
    bool better = !best->found || choice.again < best->again ||
                  (choice.again == best->again && choice.distance < best->distance);
    if (better && suits_either_way(cohort, older, younger, &choice.match)) {
        *best = choice;
    }
}

int lobby_last_partner(const struct cohort *cohort, int member, const struct leases *leases,
                       int64_t now) {
    struct lobby_match match;
    if (member < 0 || (uint32_t)member >= cohort->member_count) {
        return -1;
    }
    const struct cohort_member *a = &cohort->members[member];
    int other = a->partner;
    if (other < 0 || !were_partners(cohort, (uint16_t)member, (uint16_t)other) ||
        !is_present(cohort, (uint16_t)other, leases)) {
        return -1;
    }
    const struct cohort_member *b = &cohort->members[other];
    bool waits = now < strangers_from(a) && now < alone_from(a, b); /* by then any level is near */
    return waits && suits_either_way(cohort, (uint16_t)member, (uint16_t)other, &match) ? other
                                                                                        : -1;
}

bool lobby_next_match(const struct cohort *cohort, int64_t now, const struct leases *leases,
                      struct lobby_match *out) {
    for (uint32_t i = 0; i < cohort->waiting_count; i++) {
        struct choice best = {.found = false};
        bool present = is_present(cohort, cohort->waiting[i], leases);
        for (uint32_t j = i + 1; present && j < cohort->waiting_count; j++) {
            if (is_present(cohort, cohort->waiting[j], leases)) {
                consider(cohort, cohort->waiting[i], cohort->waiting[j], now, &best);
            }
        }
        if (best.found) {
            *out = best.match;
            return true;
        }
    }
    return false;
}

void lobby_next(const struct cohort *cohort, int64_t now, const struct leases *leases,
                int64_t appear, struct lobby_step *out) {
    *out = (struct lobby_step){.kind = LOBBY_NOTHING};
    for (uint32_t i = 0; i < cohort->waiting_count; i++) {
        if (now >= expires_at(&cohort->members[cohort->waiting[i]])) {
            out->kind = LOBBY_EXPIRE;
            out->member = cohort->waiting[i];
            return;
        }
    }
    for (uint32_t i = 0; i < cohort->match_count; i++) {
        const struct cohort_match *match = &cohort->matches[i];
        if (match->open && now >= match->opened_at + appear) {
            out->kind = LOBBY_OVERDUE;
            out->match = match;
            return;
        }
    }
    if (cohort_has_place(cohort) && lobby_next_match(cohort, now, leases, &out->pair)) {
        out->kind = LOBBY_PAIR;
    }
}

/* Takes a moment into account that is after now. */
static void later(int64_t moment, int64_t now, int64_t *next) {
    if (moment > now && (*next < 0 || moment < *next)) {
        *next = moment;
    }
}

/* The moments that matter to two who could be paired, leaving time aside. */
static void later_for_pair(const struct cohort *cohort, uint16_t older, uint16_t younger,
                           int64_t now, int64_t *next) {
    const struct cohort_member *a = &cohort->members[older];
    const struct cohort_member *b = &cohort->members[younger];
    struct lobby_match match;
    if (suits_either_way(cohort, older, younger, &match)) {
        later(near_from(a, b), now, next);
        if (were_partners(cohort, older, younger)) {
            later(strangers_from(a), now, next);
            later(alone_from(a, b), now, next);
        }
    }
}

int64_t lobby_next_moment(const struct cohort *cohort, int64_t now, const struct leases *leases,
                          int64_t appear) {
    int64_t next = -1;
    for (uint32_t i = 0; i < cohort->match_count; i++) {
        if (cohort->matches[i].open) {
            later(cohort->matches[i].opened_at + appear, now, &next);
        }
    }
    for (uint32_t i = 0; i < cohort->waiting_count; i++) {
        uint16_t older = cohort->waiting[i];
        later(expires_at(&cohort->members[older]), now, &next);
        bool present = is_present(cohort, older, leases);
        for (uint32_t j = i + 1; present && j < cohort->waiting_count; j++) {
            if (is_present(cohort, cohort->waiting[j], leases)) {
                later_for_pair(cohort, older, cohort->waiting[j], now, &next);
            }
        }
    }
    return next;
}

void lobby_place(const struct cohort *cohort, int member, uint32_t *place, uint32_t *count) {
    *place = 0;
    *count = cohort->waiting_count;
    for (uint32_t i = 0; i < cohort->waiting_count; i++) {
        if (cohort->waiting[i] == member) {
            *place = i + 1;
        }
    }
}

bool names_add(const char *name, size_t *len, char out[COHORT_NAMES_MAX_BYTES + 1]) {
    size_t comma = *len ? 2 : 0;
    size_t more = strlen(name);
    if (*len + comma + more > COHORT_NAMES_MAX_BYTES) {
        return false;
    }
    memcpy(out + *len, ", ", comma);
    *len += comma;
    for (size_t i = 0; i < more; i++) {
        /* A name of the form "Doe, Jane" stays one in the list. */
        if (i == 0 || name[i] != ' ' || name[i - 1] != ',') {
            out[(*len)++] = name[i];
        }
    }
    out[*len] = '\0';
    return true;
}

size_t lobby_names(const struct cohort *cohort, uint32_t *count,
                   char out[COHORT_NAMES_MAX_BYTES + 1]) {
    size_t len = 0;
    uint32_t i = 0;
    out[0] = '\0';
    while (i < cohort->waiting_count &&
           names_add(cohort->members[cohort->waiting[i]].name, &len, out)) {
        i++;
    }
    *count = i;
    return len;
}

enum { MS_A_MINUTE = 60000, MS_A_SECOND = 1000 };

static int64_t plan_length(const struct pack *pack, const struct pack_plan *plan) {
    int64_t sum = 0;
    for (int i = 0; i < pack->phase_count; i++) {
        sum += plan->budget_ms[i];
    }
    return sum;
}

uint32_t lobby_plan(const struct pack *pack, int64_t minutes, int64_t *plan,
                    uint8_t budgets[4 * PACK_PHASES_MAX]) {
    *plan = 0;
    for (int i = 0; i < pack->plan_count; i++) {
        if (minutes == 0 || plan_length(pack, &pack->plans[i]) == minutes * MS_A_MINUTE) {
            *plan = i;
            return 0;
        }
    }
    int64_t whole = plan_length(pack, &pack->plans[0]);
    int64_t planned = 0;
    int64_t given = 0;
    *plan = pack->plan_count;
    /* Each phase ends at its share of the whole, so that what is rounded off adds up to nothing. */
    for (int i = 0; i < pack->phase_count; i++) {
        planned += pack->plans[0].budget_ms[i];
        int64_t end = planned * minutes * (MS_A_MINUTE / MS_A_SECOND) / whole * MS_A_SECOND;
        u32_put(budgets + (size_t)i * U32_BYTES, (uint32_t)(end - given));
        given = end;
    }
    return 4U * pack->phase_count;
}
