/* SPDX-License-Identifier: ISC */
/*
 * Purpose: see crowd.h.
 */
#include "tests/support/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/pack_bodies.h"
#include "tests/support/sample.h"

const struct leases crowd_leases = {
    .upto = CROWD_BOOT, .count = 2, .live = {CROWD_BOOT - 2, CROWD_BOOT}};

static void must(bool good) {
    if (!good) {
        fprintf(stderr, "the crowd could not be set up\n");
        abort();
    }
}

void crowd_new(struct crowd *c) {
    memset(c, 0, sizeof *c);
    cohort_init(&c->cohort);
    c->now = 1000000;
    must(mp_reader_init(&c->reader) == MP_OK);
}

void crowd_free(struct crowd *c) {
    for (uint32_t i = 0; i < c->count; i++) {
        free(c->bytes[i]);
    }
    free(c->bytes);
    free(c->events);
    mp_reader_free(&c->reader);
    cohort_free(&c->cohort);
}

static void store(struct crowd *c, const struct event *event) {
    struct mp_writer w;
    if (c->count == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 64;
        c->bytes = realloc(c->bytes, c->cap * sizeof *c->bytes);
        c->events = realloc(c->events, c->cap * sizeof *c->events);
        must(c->bytes && c->events);
    }
    mp_writer_init(&w);
    event_write_stored(&w, event);
    must(!w.failed && event_read_stored(&c->reader, w.data, w.len, &c->events[c->count]));
    c->bytes[c->count++] = w.data; /* the writer's memory goes over to the crowd */
}

enum refusal crowd_do(struct crowd *c, struct body body) {
    struct event event;
    struct command command = {.seat = SEAT_SERVER, .body = body};
    enum refusal refusal = cohort_decide(&c->cohort, &command, c->now, &event);
    if (refusal == REFUSAL_NONE) {
        store(c, &event);
        must(cohort_apply(&c->cohort, &c->events[c->count - 1]) == APPLY_OK);
    }
    return refusal;
}

bool crowd_replay(const struct crowd *c, uint32_t count, struct cohort *out) {
    bool good = true;
    cohort_init(out);
    for (uint32_t i = 0; i < count; i++) {
        good = good && cohort_apply(out, &c->events[i]) == APPLY_OK;
    }
    return good;
}

bool crowd_same(const struct cohort *a, const struct cohort *b) {
    uint8_t one[HASH_BYTES];
    uint8_t two[HASH_BYTES];
    must(cohort_digest(a, one) && cohort_digest(b, two));
    return memcmp(one, two, HASH_BYTES) == 0;
}

/* 32 bytes of a number. */
static struct span hash_of(uint32_t number, char out[HASH_BYTES]) {
    for (int i = 0; i < HASH_BYTES; i++) {
        out[i] = (char)(number >> (i % 4 * 8));
    }
    return (struct span){out, HASH_BYTES};
}

enum refusal crowd_link(struct crowd *c, enum cohort_role role, uint32_t hash) {
    char bytes[HASH_BYTES];
    return crowd_do(c, (struct body){.act = ACTION_COHORT_LINK,
                                     .has = F(role) | F(invite),
                                     .role = role,
                                     .invite = hash_of(hash, bytes)});
}

enum refusal crowd_enter(struct crowd *c, uint32_t key, int64_t link, const char *name) {
    char bytes[HASH_BYTES];
    return crowd_do(c, (struct body){.act = ACTION_COHORT_ENTER,
                                     .has = F(link) | F(name) | F(key),
                                     .link = link,
                                     .name = span_of(name),
                                     .key = hash_of(key, bytes)});
}

enum refusal crowd_offer(struct crowd *c, const char *prompt, const char *title) {
    struct pack *pack = sample_pack();
    pack->id = prompt;
    pack->title = title;
    struct pack_bodies bodies = pack_bodies_of(pack);
    enum refusal refusal =
        crowd_do(c, (struct body){.act = ACTION_PACK_OFFER,
                                  .has = F(pack) | F(panel),
                                  .pack = pack_bodies_span(&bodies.public_body),
                                  .panel = pack_bodies_span(&bodies.panel_body)});
    pack_bodies_free(&bodies);
    pack_unref(pack);
    return refusal;
}

void crowd_open(struct crowd *c, uint32_t packs, uint32_t members) {
    char text[32];
    crowd_new(c);
    must(crowd_do(c, (struct body){.act = ACTION_COHORT_OPEN,
                                   .has = F(name),
                                   .name = span_of("Evening class")}) == REFUSAL_NONE);
    must(crowd_link(c, COHORT_STUDENT, 1) == REFUSAL_NONE);
    must(crowd_link(c, COHORT_COACH, 2) == REFUSAL_NONE);
    for (uint32_t i = 0; i < packs; i++) {
        snprintf(text, sizeof text, "prompt-%u", i);
        must(crowd_offer(c, text, text) == REFUSAL_NONE);
    }
    for (uint32_t i = 0; i < members; i++) {
        snprintf(text, sizeof text, "Member %u", i);
        must(crowd_enter(c, i + 100, CROWD_STUDENTS, text) == REFUSAL_NONE);
    }
}

struct body crowd_wants(const struct crowd *c, int64_t member) {
    int64_t all = (int64_t)((UINT64_C(1) << c->cohort.pack_count) - 1);
    return (struct body){.act = ACTION_PAIR_WAIT,
                         .has = F(member) | F(role) | F(level) | F(minutes) | F(packs) | F(fresh) |
                                F(wait) | F(boot),
                         .member = member,
                         .packs = all,
                         .fresh = all,
                         .wait = 3600000,
                         .boot = CROWD_BOOT};
}

enum refusal crowd_wait(struct crowd *c, int64_t member, enum role role) {
    struct body body = crowd_wants(c, member);
    body.role = role;
    return crowd_do(c, body);
}

struct body body_member(enum action act, int64_t member) {
    struct body body = {.act = act, .has = F(member), .member = member};
    if (act == ACTION_PAIR_LEAVE) {
        body.has |= F(why);
        body.why = LOBBY_WHY_LEFT;
    }
    return body;
}

struct body body_target(enum action act, const char *room) {
    return (struct body){.act = act, .has = F(target), .target = span_of(room)};
}

const char *crowd_room(uint32_t number) {
    static char ids[4][32];
    static unsigned next;
    char *id = ids[next++ % 4];
    snprintf(id, sizeof ids[0], "room%08u", number % 100000000);
    return id;
}

enum refusal crowd_match(struct crowd *c, const struct lobby_match *match) {
    struct body body = body_target(ACTION_PAIR_MATCH, crowd_room(c->rooms++));
    body.has |= F(member) | F(other) | F(pick) | F(minutes);
    body.member = match->interviewer;
    body.other = match->candidate;
    body.pick = match->pack;
    body.minutes = match->minutes;
    return crowd_do(c, body);
}

enum lobby_kind crowd_step(struct crowd *c, int64_t appear) {
    struct lobby_step step;
    lobby_next(&c->cohort, c->now, &crowd_leases, appear, &step);
    struct body body;
    switch (step.kind) {
    case LOBBY_NOTHING: return LOBBY_NOTHING;
    case LOBBY_EXPIRE:
        body = body_member(ACTION_PAIR_LEAVE, step.member);
        body.why = LOBBY_WHY_EXPIRED;
        must(crowd_do(c, body) == REFUSAL_NONE);
        break;
    case LOBBY_OVERDUE:
        must(crowd_do(c, body_target(ACTION_PAIR_FREE, step.match->room)) == REFUSAL_NONE);
        break;
    case LOBBY_PAIR: must(crowd_match(c, &step.pair) == REFUSAL_NONE); break;
    }
    return step.kind;
}
