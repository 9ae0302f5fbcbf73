/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what must hold for every log of a cohort, tried on random ones: people who enter, wait,
 * are lost, leave and appear or not, links that are withdrawn, rooms that end, malformed bodies,
 * and a server that does what lobby_next says. SPAR_PROPERTY_SEED and SPAR_PROPERTY_ROUNDS choose
 * other and longer runs; a failing round prints the seed that repeats it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/crowd.h"
#include "tests/support/dice.h"
#include "tests/support/test_main.h"
#include "tests/support/wire.h"

enum { ROUNDS = 40, STEPS = 500, PEOPLE = 12, PACKS = 3, APPEAR = LOBBY_APPEAR_MS };

struct dice {
    uint64_t state;
};

static uint32_t below(struct dice *dice, uint32_t bound) {
    return (uint32_t)(dice_roll(&dice->state) % bound);
}

static bool chance(struct dice *dice, uint32_t one_in) {
    return below(dice, one_in) == 0;
}

/* Runs a property for each seed and names the first seed that fails. */
static void for_each_seed(void (*property)(struct dice *dice)) {
    uint64_t first = dice_setting("SPAR_PROPERTY_SEED", 1);
    uint64_t rounds = dice_setting("SPAR_PROPERTY_ROUNDS", ROUNDS);
    for (uint64_t seed = first; seed < first + rounds; seed++) {
        unsigned before = CU_get_number_of_failures();
        struct dice dice = {seed * 1000003};
        property(&dice);
        if (CU_get_number_of_failures() != before) {
            fprintf(stderr, "\nSPAR_PROPERTY_SEED=%llu SPAR_PROPERTY_ROUNDS=1 repeats this\n",
                    (unsigned long long)seed);
            return;
        }
    }
}

static struct crowd c;
static struct { uint32_t matches, whole, freed, expired, withdrawn, moments, said; } seen;

static uint32_t anybody(struct dice *dice) {
    return below(dice, PEOPLE);
}

/* ---- what people and the server do ---- */

static void somebody_waits(struct dice *dice) {
    struct body body = crowd_wants(&c, anybody(dice));
    body.role = below(dice, 3);
    body.level = below(dice, 4);
    body.minutes = chance(dice, 3) ? 30 + 15 * below(dice, 2) : 0;
    if (chance(dice, 3)) {
        body.packs &= (int64_t)dice_roll(&dice->state);
    }
    if (chance(dice, 3)) {
        body.fresh &= (int64_t)dice_roll(&dice->state);
    }
    body.wait = 1 + below(dice, 20 * 60000);
    body.boot = CROWD_BOOT + 1 - below(dice, 4);
    (void)crowd_do(&c, body);
}

static void somebody_is_lost(struct dice *dice) {
    struct body body = body_member(ACTION_PAIR_GONE, anybody(dice));
    body.has |= F(session);
    body.session = 1;
    if (body.member < c.cohort.member_count && c.cohort.members[body.member].session > 0) {
        body.session = c.cohort.members[body.member].session - below(dice, 2);
    }
    (void)crowd_do(&c, body);
}

static void a_match_goes_on(struct dice *dice) {
    if (c.cohort.match_count == 0) {
        return;
    }
    const struct cohort_match *match = &c.cohort.matches[below(dice, c.cohort.match_count)];
    struct body body = body_target(ACTION_PAIR_CAME, match->room);
    body.has |= F(member);
    body.member = match->member[below(dice, 2)];
    if (!match->open && !chance(dice, 4)) {
        body = body_target(ACTION_PAIR_OPEN, match->room);
    } else if (chance(dice, 10)) {
        body = body_target(ACTION_PAIR_FREE, match->room);
    }
    uint32_t before = c.cohort.match_count;
    enum action act = body.act;
    (void)crowd_do(&c, body);
    seen.whole += act == ACTION_PAIR_CAME && c.cohort.match_count < before;
}

static void a_room_ends(struct dice *dice) {
    if (c.cohort.room_count > 0) {
        const struct cohort_room *room = &c.cohort.rooms[below(dice, c.cohort.room_count)];
        bool ends = chance(dice, 3);
        (void)crowd_do(&c, body_target(ends ? ACTION_COHORT_ENDED : ACTION_COHORT_IDLE, room->id));
    }
}

static void somebody_hosts(struct dice *dice) {
    struct body body = body_target(ACTION_COHORT_ROOM, crowd_room(5000 + below(dice, 20)));
    body.has |= chance(dice, 3) ? F(text) : F(text) | F(member);
    body.text = span_of("Hosted");
    body.member = anybody(dice);
    (void)crowd_do(&c, body);
}

static void links_change(struct dice *dice) {
    struct body body = {.act = ACTION_COHORT_WITHDRAW, .has = F(link), .link = below(dice, 8)};
    if (chance(dice, 6)) {
        seen.withdrawn += crowd_do(&c, body) == REFUSAL_NONE;
    } else {
        (void)crowd_link(&c, COHORT_STUDENT, 10 + below(dice, 20));
    }
}

static void somebody_enters(struct dice *dice) {
    char name[32];
    snprintf(name, sizeof name, "Name %u", below(dice, 3));
    (void)crowd_enter(&c, 100 + anybody(dice), below(dice, c.cohort.link_count + 1), name);
}

/* What people say about each other, and the coaches' yes and no. */
static void among_people(struct dice *dice) {
    struct body body = {.act = ACTION_COHORT_ADMIT, .has = F(member) | F(on)};
    body.member = anybody(dice);
    body.on = !chance(dice, 3);
    if (chance(dice, 8)) {
        struct body call = {.act = ACTION_COHORT_CALL};
        call.has = chance(dice, 3) ? 0 : F(call);
        call.call = span_of(chance(dice, 2) ? "https://a.example/1" : "http://bad");
        (void)crowd_do(&c, call);
    }
    if (!chance(dice, 3) && c.cohort.room_count > 0) {
        body.act = chance(dice, 2) ? ACTION_COHORT_AVOID : ACTION_COHORT_REPORT;
        body.has = body.act == ACTION_COHORT_AVOID ? F(member) | F(target) | F(on)
                                                   : F(member) | F(target) | F(moment) | F(text);
        const struct cohort_room *room = &c.cohort.rooms[below(dice, c.cohort.room_count)];
        body.target = span_of(room->id);
        body.moment = c.now;
        body.text = span_of("What happened");
        body.member = room->pair[0] >= 0 ? room->pair[below(dice, 2)] : body.member;
    }
    enum action act = body.act;
    seen.said += crowd_do(&c, body) == REFUSAL_NONE && act == ACTION_COHORT_AVOID;
}

/* An evening of few moments, so that members now and then say something of the one that is set. */
static void plan(struct dice *dice) {
    struct body body = {.act = chance(dice, 2) ? ACTION_COHORT_EVENING : ACTION_COHORT_COMING,
                        .has = F(member) | F(moment)};
    body.member = anybody(dice);
    body.moment = 1000 * (int64_t)below(dice, 3);
    body.minutes = below(dice, 3);
    body.text = span_of("About it");
    body.on = chance(dice, 2);
    body.has |= body.act == ACTION_COHORT_COMING ? F(on) : F(minutes) | F(text);
    (void)crowd_do(&c, body);
}

/* A pair that nobody has thought about. */
static void a_wild_match(struct dice *dice) {
    struct lobby_match match = {.interviewer = (uint16_t)anybody(dice),
                                .candidate = (uint16_t)anybody(dice),
                                .pack = (uint8_t)below(dice, PACKS + 1),
                                .minutes = (uint16_t)(chance(dice, 2) ? 0 : 30)};
    (void)crowd_match(&c, &match);
}

static void the_server_acts(void) {
    enum lobby_kind kind;
    while ((kind = crowd_step(&c, APPEAR)) != LOBBY_NOTHING) {
        seen.matches += kind == LOBBY_PAIR;
        seen.freed += kind == LOBBY_OVERDUE;
        seen.expired += kind == LOBBY_EXPIRE;
    }
}

static void step(struct dice *dice) {
    c.now += below(dice, chance(dice, 10) ? 10 * 60000 : 8000);
    switch (below(dice, 19)) {
    case 18: somebody_hosts(dice); break;
    case 17: plan(dice); break;
    case 16: among_people(dice); break;
    case 0: somebody_is_lost(dice); break;
    case 1: (void)crowd_do(&c, body_member(ACTION_PAIR_LEAVE, anybody(dice))); break;
    case 2: a_room_ends(dice); break;
    case 3: links_change(dice); break;
    case 4: somebody_enters(dice); break;
    case 5: a_wild_match(dice); break;
    case 6:
    case 7:
    case 8:
    case 9: a_match_goes_on(dice); break;
    default: somebody_waits(dice);
    }
}

/* ---- what holds after each step ---- */

/* Each member is in exactly one place, and says so. */
static void check_places(void) {
    uint8_t waits[PEOPLE + 1] = {0};
    uint8_t matched[PEOPLE + 1] = {0};
    for (uint32_t i = 0; i < c.cohort.waiting_count; i++) {
        waits[c.cohort.waiting[i]]++;
    }
    for (uint32_t i = 0; i < c.cohort.match_count; i++) {
        matched[c.cohort.matches[i].member[0]]++;
        matched[c.cohort.matches[i].member[1]]++;
    }
    for (uint32_t i = 0; i < c.cohort.member_count; i++) {
        enum lobby_state state = c.cohort.members[i].state;
        CU_ASSERT_EQUAL(waits[i], state == LOBBY_WAITING);
        CU_ASSERT_EQUAL(matched[i], state == LOBBY_MATCHED);
        CU_ASSERT_TRUE(state == LOBBY_IDLE || cohort_lets_in(&c.cohort, (int)i));
    }
}

/* By the log alone: who came as candidate to which prompt, and who is then matched with one; and
 * that nobody is matched with whom they will not meet again. */
static void check_prompts(void) {
    static bool had[PEOPLE + 1][PACKS];
    static bool avoids[PEOPLE + 1][PEOPLE + 1];
    static struct {
        char room[ROOM_ID_BYTES];
        int64_t asks, candidate, pack;
    } made[STEPS * 4];
    uint32_t count = 0;
    memset(had, 0, sizeof had);
    memset(avoids, 0, sizeof avoids);
    for (uint32_t i = 0; i < c.count; i++) {
        const struct body *body = &c.events[i].body;
        if (body->act == ACTION_COHORT_AVOID) {
            for (uint32_t k = 0; k < count; k++) {
                if (memcmp(made[k].room, body->target.at, ROOM_ID_BYTES) == 0) {
                    int64_t other =
                        made[k].candidate == body->member ? made[k].asks : made[k].candidate;
                    avoids[body->member][other] = body->on != 0;
                }
            }
        }
        if (body->act == ACTION_PAIR_MATCH) {
            CU_ASSERT_FALSE(avoids[body->member][body->other] || avoids[body->other][body->member]);
            made[count].asks = body->member;
            CU_ASSERT_FALSE(had[body->other][body->pick]);
            memcpy(made[count].room, body->target.at, ROOM_ID_BYTES);
            made[count].candidate = body->other;
            made[count++].pack = body->pick;
        }
        for (uint32_t k = 0; body->act == ACTION_PAIR_CAME && k < count; k++) {
            if (memcmp(made[k].room, body->target.at, ROOM_ID_BYTES) == 0 &&
                made[k].candidate == body->member) {
                had[body->member][made[k].pack] = true;
            }
        }
    }
}

static void play(struct dice *dice) {
    crowd_open(&c, PACKS, PEOPLE - 2); /* some enter later */
    for (int i = 0; i < STEPS; i++) {
        step(dice);
        if (!chance(dice, 5)) {
            the_server_acts();
        }
        check_places();
    }
    check_prompts();
}

static void replay_gives_the_state(struct dice *dice) {
    struct cohort twin;
    play(dice);
    CU_ASSERT_TRUE(crowd_replay(&c, c.count, &twin));
    CU_ASSERT_TRUE(crowd_same(&c.cohort, &twin));
    for (uint32_t i = 0; i < c.count; i++) {
        CU_ASSERT_EQUAL(c.events[i].pos, i + 1);
        CU_ASSERT_TRUE(i == 0 || c.events[i].at >= c.events[i - 1].at);
        CU_ASSERT_EQUAL(cohort_apply(&twin, &c.events[i]), APPLY_STALE);
    }
    CU_ASSERT_TRUE(crowd_same(&c.cohort, &twin));
    cohort_free(&twin);
    crowd_free(&c);
}

/* ---- oldest first ---- */

/* Whether the fold would take these two with some pack and length. */
static bool could_match(uint16_t interviewer, uint16_t candidate) {
    static const uint16_t lengths[] = {0, 30, 45};
    struct event event;
    for (int i = 0; i < PACKS * 3; i++) {
        struct body body = body_target(ACTION_PAIR_MATCH, "unusedroomid");
        body.has |= F(member) | F(other) | F(pick) | F(minutes);
        body.member = interviewer;
        body.other = candidate;
        body.pick = i / 3;
        body.minutes = lengths[i % 3];
        struct command command = {.seat = SEAT_SERVER, .body = body};
        if (cohort_decide(&c.cohort, &command, c.now, &event) == REFUSAL_NONE) {
            return true;
        }
    }
    return false;
}

static int distance(const struct cohort_member *a, const struct cohort_member *b) {
    return a->level && b->level ? abs(a->level - b->level) : 0;
}

/* The rules of design and PROTOCOL.md, said in another way than the lobby's. */
static bool time_allows(uint16_t a, uint16_t b) {
    const struct cohort_member *x = &c.cohort.members[a];
    const struct cohort_member *y = &c.cohort.members[b];
    int64_t longer = c.now - (x->since < y->since ? x->since : y->since);
    int allowed = longer >= INT64_C(2) * LOBBY_WIDEN_MS ? 2 : longer >= LOBBY_WIDEN_MS ? 1 : 0;
    if (x->boot == CROWD_BOOT - 1 || y->boot == CROWD_BOOT - 1 || distance(x, y) > allowed) {
        return false;
    }
    bool partners = x->partner == b && y->partner == a && c.now - x->partner_at < LOBBY_AGAIN_MS;
    return !partners || (c.now - x->since >= LOBBY_ALONE_MS && c.now - y->since >= LOBBY_ALONE_MS);
}

static bool may_pair(uint16_t a, uint16_t b) {
    return a != b && time_allows(a, b) && (could_match(a, b) || could_match(b, a));
}

/* Whether anybody in the queue may be paired with the one at that place. */
static bool has_partner(uint32_t place, uint16_t better_than, int limit) {
    uint16_t member = c.cohort.waiting[place];
    for (uint32_t i = 0; i < c.cohort.waiting_count; i++) {
        uint16_t other = c.cohort.waiting[i];
        const struct cohort_member *x = &c.cohort.members[member];
        const struct cohort_member *y = &c.cohort.members[other];
        bool partners =
            x->partner == other && y->partner == member && c.now - x->partner_at < LOBBY_AGAIN_MS;
        if (other != better_than && distance(x, y) < limit && !partners &&
            may_pair(member, other)) {
            return true;
        }
    }
    return false;
}

static uint32_t place_in_queue(uint16_t member) {
    uint32_t place;
    uint32_t count;
    lobby_place(&c.cohort, member, &place, &count);
    return place - 1;
}

static void check_choice(void) {
    struct lobby_match match;
    bool found = lobby_next_match(&c.cohort, c.now, &crowd_leases, &match);
    uint32_t first = c.cohort.waiting_count;
    for (uint32_t i = c.cohort.waiting_count; i > 0; i--) {
        for (uint32_t k = 0; k < c.cohort.waiting_count; k++) {
            if (may_pair(c.cohort.waiting[i - 1], c.cohort.waiting[k])) {
                first = i - 1;
            }
        }
    }
    CU_ASSERT_EQUAL_FATAL(found, first < c.cohort.waiting_count);
    if (!found) {
        return;
    }
    uint32_t one = place_in_queue(match.interviewer);
    uint32_t two = place_in_queue(match.candidate);
    CU_ASSERT_EQUAL(one < two ? one : two, first); /* the oldest who can be served is */
    uint16_t older = c.cohort.waiting[one < two ? one : two];
    uint16_t younger = c.cohort.waiting[one < two ? two : one];
    CU_ASSERT_TRUE(may_pair(older, younger));
    const struct cohort_member *x = &c.cohort.members[older];
    const struct cohort_member *y = &c.cohort.members[younger];
    bool partners =
        x->partner == younger && y->partner == older && c.now - x->partner_at < LOBBY_AGAIN_MS;
    /* Nobody nearer, and nobody else at all if these two have just practised together. */
    CU_ASSERT_FALSE(has_partner(first, younger, partners ? 3 : distance(x, y)));
    seen.matches++;
}

static void the_oldest_comes_first(struct dice *dice) {
    crowd_open(&c, PACKS, PEOPLE);
    for (int i = 0; i < STEPS; i++) {
        step(dice);
        if (chance(dice, 6)) {
            the_server_acts();
        }
        check_choice();
    }
    crowd_free(&c);
}

/* ---- the next moment ---- */

static bool nothing_at(int64_t now) {
    struct lobby_step found;
    lobby_next(&c.cohort, now, &crowd_leases, APPEAR, &found);
    return found.kind == LOBBY_NOTHING;
}

static void check_moment(struct dice *dice) {
    int64_t next = lobby_next_moment(&c.cohort, c.now, &crowd_leases, APPEAR);
    int64_t end = next < 0 ? c.now + COHORT_WAIT_MAX_MS : next;
    CU_ASSERT_TRUE(next < 0 || next > c.now);
    CU_ASSERT_TRUE(nothing_at(end - 1));
    for (int i = 0; i < 4; i++) {
        CU_ASSERT_TRUE(nothing_at(c.now + below(dice, (uint32_t)(end - c.now))));
    }
    CU_ASSERT_TRUE(next >= 0 || nothing_at(end));
    seen.moments += next >= 0 && !nothing_at(next);
}

static void nothing_happens_before_its_moment(struct dice *dice) {
    crowd_open(&c, PACKS, PEOPLE);
    for (int i = 0; i < STEPS; i++) {
        step(dice);
        the_server_acts();
        check_moment(dice);
    }
    crowd_free(&c);
}

/* ---- damaged logs ---- */

static struct body random_body(struct dice *dice) {
    enum action act =
        (enum action)(ACTION_COHORT_OPEN + below(dice, ACTION_COUNT - ACTION_COHORT_OPEN));
    const struct action_row *row = action_row(act);
    struct body body = {
        .act = act, .has = row->required | (row->optional & wire_chosen(dice_roll(&dice->state)))};
    for (int field = 0; field < FIELD_COUNT; field++) {
        const struct field_row *bounds = field_row((enum field)field);
        char *at = (char *)&body + bounds->offset;
        int64_t number =
            chance(dice, 10) ? (int64_t)dice_roll(&dice->state) : below(dice, PEOPLE + 2);
        struct span span = {"room00000001room00000001room0001",
                            chance(dice, 10) ? 31 : ROOM_ID_BYTES};
        if (bounds->type == FIELD_NUM) {
            memcpy(at, &number, sizeof number);
        } else {
            span.len = bounds->type == FIELD_SECRET ? HASH_BYTES : span.len;
            memcpy(at, &span, sizeof span);
        }
    }
    if (chance(dice, 20)) {
        body.has ^= FIELD_BIT(below(dice, FIELD_COUNT));
    }
    return body;
}

static void bad_events_leave_no_trace(struct dice *dice) {
    uint32_t taken = 0;
    play(dice);
    for (int i = 0; i < STEPS; i++) {
        uint8_t before[HASH_BYTES];
        uint8_t after[HASH_BYTES];
        struct event event = {.pos = c.cohort.pos + 1,
                              .at = c.now + below(dice, 100),
                              .by = SEAT_SERVER,
                              .body = random_body(dice)};
        CU_ASSERT_TRUE(cohort_digest(&c.cohort, before));
        enum apply_result result = cohort_apply(&c.cohort, &event);
        CU_ASSERT_TRUE(cohort_digest(&c.cohort, after));
        CU_ASSERT_EQUAL(result == APPLY_OK, memcmp(before, after, HASH_BYTES) != 0);
        taken += result == APPLY_OK;
        check_places();
    }
    CU_ASSERT_TRUE(taken < STEPS);
    crowd_free(&c);
}

static void test_replay(void) {
    memset(&seen, 0, sizeof seen);
    for_each_seed(replay_gives_the_state);
    /* The rounds have been about something. */
    CU_ASSERT_TRUE(seen.matches > 0 && seen.whole > 0 && seen.freed > 0);
    CU_ASSERT_TRUE(seen.expired > 0 && seen.withdrawn > 0 && seen.said > 0);
}
static void test_oldest(void) {
    memset(&seen, 0, sizeof seen);
    for_each_seed(the_oldest_comes_first);
    CU_ASSERT_TRUE(seen.matches > 0);
}
static void test_moments(void) {
    memset(&seen, 0, sizeof seen);
    for_each_seed(nothing_happens_before_its_moment);
    CU_ASSERT_TRUE(seen.moments > 0);
}
static void test_bad_events(void) {
    for_each_seed(bad_events_leave_no_trace);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"replay gives the state; one place each; no prompt twice", test_replay},
        {"the oldest comes first, then the nearest", test_oldest},
        {"nothing happens before its moment", test_moments},
        {"an event that does not fold leaves no trace", test_bad_events},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"cohort property", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
