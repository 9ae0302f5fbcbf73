/* SPDX-License-Identifier: ISC */
/*
 * opening.c: decides a new room's first events and posts them.
 */
#include "server/room/opening.h"

#include <string.h>

#include "server/follow/following.h"
#include "server/room/pack_cache.h"
#include "server/room/replica.h"

/* The room is given up should nobody ever come, whoever looks at it then. */
static void on_appended(struct call *call, enum journal_outcome outcome, uint32_t head) {
    struct opening *opening = call->owner;
    (void)head;
    if (outcome == JOURNAL_COMMITTED) {
        following_visit(following_of_kind(opening->desk, &room_kind), opening->id,
                        opening->at + ROOM_UNJOINED_MS);
    }
    opening->done(opening, outcome);
}

/* Decides, folds and encodes one event behind those that are already in `w`. */
static enum refusal add_event(struct room *room, struct desk *desk, const struct body *body,
                              int64_t at, struct mp_writer *w) {
    struct command command = {.seat = SEAT_SERVER, .body = *body};
    struct event event;
    enum refusal refusal = room_decide(room, &command, at, &event);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    if (room_apply(room, &event, pack_cache_get, desk->packs) != APPLY_OK) {
        return REFUSAL_INTERNAL;
    }
    event_write_stored(w, &event);
    return w->failed ? REFUSAL_INTERNAL : REFUSAL_NONE;
}

/* The sections of a room's pack, in the order of their events; the panel's follows them. */
static const struct {
    enum action act;
    enum pack_section section;
} sections[OPENING_SECTIONS] = {
    {ACTION_ROOM_OPEN, SECTION_OPEN},     {ACTION_ROOM_GUIDE, SECTION_GUIDE},
    {ACTION_ROOM_PROMPT, SECTION_PROMPT}, {ACTION_ROOM_TITLES, SECTION_TITLES},
    {ACTION_ROOM_RUBRIC, SECTION_RUBRIC},
};

static void fill_open(const struct opening_plan *plan, struct body *body) {
    body->has |= F(mode) | F(rules);
    body->mode = plan->mode;
    body->rules = ROOM_RULES;
    if (plan->plan >= 0) {
        body->has |= F(plan);
        body->plan = plan->plan;
    }
    if (plan->budgets.len > 0) {
        body->has |= F(budgets);
        body->budgets = plan->budgets;
    }
    if (plan->extra > 0) {
        body->has |= F(extra);
        body->extra = plan->extra;
    }
    if (plan->prev[0] != '\0') {
        body->has |= F(prev);
        body->prev = span_of(plan->prev);
    }
    if (plan->cohort[0] != '\0') {
        body->has |= F(cohort);
        body->cohort = span_of(plan->cohort);
    }
}

/* One section of the pack, whose bytes are needed until its event has been encoded. */
static enum refusal add_section(struct room *room, struct desk *desk,
                                const struct opening_plan *plan, const struct pack *pack,
                                uint32_t index) {
    struct mp_writer w;
    enum refusal refusal = REFUSAL_INTERNAL;
    mp_writer_init(&w);
    pack_write(&w, pack, sections[index].section);
    if (!w.failed) {
        struct body body = {
            .act = sections[index].act, .has = F(pack), .pack = {w.data, (uint32_t)w.len}};
        if (index == 0) {
            fill_open(plan, &body);
        }
        refusal = add_event(room, desk, &body, plan->at, &desk->stored);
    }
    mp_writer_free(&w);
    return refusal;
}

/* A part of the panel's body, which says how many follow. */
static struct body brief_body(const struct opening_plan *plan, uint32_t index) {
    uint32_t left = pack_parts(plan->panel) - 1 - index;
    return (struct body){.act = ACTION_ROOM_BRIEF,
                         .has = F(pack) | (left > 0 ? F(left) : 0),
                         .pack = pack_part(plan->panel, index),
                         .left = left};
}

static struct body seat_body(const struct opening_seat *seat) {
    return (struct body){.act = ACTION_SEAT_INVITE,
                         .has = F(role) | F(invite),
                         .role = seat->role,
                         .invite = {(const char *)seat->invite, HASH_BYTES}};
}

static uint32_t event_count(const struct opening_plan *plan) {
    return OPENING_SECTIONS + pack_parts(plan->panel) + plan->has_term + plan->seat_count;
}

/* Of room.keep, behind the pack. */
static uint32_t term_index(const struct opening_plan *plan) {
    return OPENING_SECTIONS + pack_parts(plan->panel);
}

static struct body term_body(const struct opening_plan *plan) {
    return (struct body){.act = ACTION_ROOM_KEEP, .has = F(kept), .kept = plan->kept};
}

static enum refusal add_at(struct room *room, struct desk *desk, const struct opening_plan *plan,
                           const struct pack *pack, uint32_t index) {
    uint32_t term = term_index(plan);
    struct body body;
    if (index < OPENING_SECTIONS) {
        return add_section(room, desk, plan, pack, index);
    }
    if (index < term) {
        body = brief_body(plan, index - OPENING_SECTIONS);
    } else if (plan->has_term && index == term) {
        body = term_body(plan);
    } else {
        body = seat_body(&plan->seats[index - term - plan->has_term]);
    }
    return add_event(room, desk, &body, plan->at, &desk->stored);
}

/* ends[i]: where event i ends in desk->stored. */
static enum refusal decide_all(struct desk *desk, const struct opening_plan *plan,
                               const struct pack *pack, size_t ends[OPENING_EVENTS_MAX]) {
    struct room room;
    enum refusal refusal = REFUSAL_NONE;
    room_init(&room);
    for (uint32_t i = 0; i < event_count(plan) && refusal == REFUSAL_NONE; i++) {
        refusal = add_at(&room, desk, plan, pack, i);
        ends[i] = desk->stored.len;
    }
    room_free(&room);
    return refusal;
}

enum refusal opening_start(struct opening *opening, struct desk *desk,
                           const struct opening_plan *plan,
                           void (*done)(struct opening *opening, enum journal_outcome outcome),
                           void *owner) {
    size_t ends[OPENING_EVENTS_MAX] = {0};
    struct pack_fault fault;
    struct pack *pack = pack_read(plan->pack, plan->panel, &fault);
    if (pack == NULL) {
        return fault.no_memory ? REFUSAL_INTERNAL : REFUSAL_BAD_PACK;
    }
    mp_writer_reset(&desk->stored);
    enum refusal refusal = decide_all(desk, plan, pack, ends);
    pack_unref(pack);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    *opening = (struct opening){.call = {.appended = on_appended, .owner = opening},
                                .desk = desk,
                                .at = plan->at,
                                .done = done,
                                .owner = owner};
    memcpy(opening->id, plan->id, ROOM_ID_BYTES);
    const uint8_t *members[OPENING_EVENTS_MAX] = {NULL};
    members[term_index(plan)] = plan->has_term ? journal_own_term : NULL;
    const struct desk_run run = {.ends = ends, .members = members, .count = event_count(plan)};
    desk_append(desk, plan->id, 0, &run, &opening->call);
    return REFUSAL_NONE;
}
