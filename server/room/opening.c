/* SPDX-License-Identifier: ISC */
/*
 * opening.c: decides a new room's first events and posts them.
 */
#include "server/room/opening.h"

#include <string.h>

#include "server/room/pack_cache.h"

static void on_appended(struct call *call, enum journal_outcome outcome, uint32_t head) {
    struct opening *opening = call->owner;
    (void)head;
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

static struct body open_body(const struct opening_plan *plan) {
    struct body body = {.act = ACTION_ROOM_OPEN, .has = F(pack) | F(mode) | F(rules)};
    body.rules = ROOM_RULES;
    body.pack = plan->pack;
    body.mode = plan->mode;
    if (plan->plan >= 0) {
        body.has |= F(plan);
        body.plan = plan->plan;
    }
    if (plan->budgets.len > 0) {
        body.has |= F(budgets);
        body.budgets = plan->budgets;
    }
    if (plan->extra > 0) {
        body.has |= F(extra);
        body.extra = plan->extra;
    }
    if (plan->prev[0] != '\0') {
        body.has |= F(prev);
        body.prev = span_of(plan->prev);
    }
    if (plan->cohort[0] != '\0') {
        body.has |= F(cohort);
        body.cohort = span_of(plan->cohort);
    }
    return body;
}

/* A part of the panel's body, which says how many follow. */
static struct body brief_body(const struct opening_plan *plan, uint32_t index) {
    uint32_t left = pack_parts(plan->panel) - 1 - index;
    return (struct body){.act = ACTION_ROOM_BRIEF,
                         .has = F(pack) | (left > 0 ? F(left) : 0),
                         .pack = pack_part(plan->panel, index),
                         .left = left};
}

static uint32_t event_count(const struct opening_plan *plan) {
    return 1 + pack_parts(plan->panel) + plan->seat_count;
}

static struct body body_at(const struct opening_plan *plan, uint32_t index) {
    uint32_t parts = pack_parts(plan->panel);
    if (index == 0) {
        return open_body(plan);
    }
    if (index <= parts) {
        return brief_body(plan, index - 1);
    }
    const struct opening_seat *seat = &plan->seats[index - 1 - parts];
    return (struct body){.act = ACTION_SEAT_INVITE,
                         .has = F(role) | F(invite),
                         .role = seat->role,
                         .invite = {(const char *)seat->invite, HASH_BYTES}};
}

/* ends[i]: where event i ends in `w`. */
static enum refusal decide_all(struct desk *desk, const struct opening_plan *plan,
                               struct mp_writer *w, size_t ends[OPENING_EVENTS_MAX]) {
    struct room room;
    enum refusal refusal = REFUSAL_NONE;
    room_init(&room);
    for (uint32_t i = 0; i < event_count(plan) && refusal == REFUSAL_NONE; i++) {
        struct body body = body_at(plan, i);
        refusal = add_event(&room, desk, &body, plan->at, w);
        ends[i] = w->len;
    }
    room_free(&room);
    return refusal;
}

enum refusal opening_start(struct opening *opening, struct desk *desk,
                           const struct opening_plan *plan,
                           void (*done)(struct opening *opening, enum journal_outcome outcome),
                           void *owner) {
    size_t ends[OPENING_EVENTS_MAX] = {0};
    struct mp_writer *w = &desk->stored;
    mp_writer_reset(w);
    enum refusal refusal = decide_all(desk, plan, w, ends);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    *opening = (struct opening){
        .call = {.appended = on_appended, .owner = opening}, .done = done, .owner = owner};
    desk_append(desk, plan->id, 0, ends, NULL, event_count(plan), &opening->call);
    return REFUSAL_NONE;
}
