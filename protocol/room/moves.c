/* SPDX-License-Identifier: ISC */
/*
 * moves.c: the part of the fold that moves the phase clock, and its ledger.
 *
 * Invariants: phase, budgets and additions stay inside the pack and 0..PHASE_BUDGET_MAX_MS; every
 * change is one entry of the ledger. A move counts from event.at, the moment from which everybody's
 * clock shows it, never from its author's own moment.
 */
#include <stdio.h>
#include <string.h>

#include "protocol/room/part.h"
#include "protocol/wire/u32.h"

/* Clock events come in order; should one not, time stands still rather than run backwards. */
static int64_t moment(const struct room *room, const struct event *event) {
    return event->at > room->at ? event->at : room->at;
}

/* Adds to the ledger. False: it is full or there is no memory; nothing changed. */
static enum apply_result record(struct room *room, const struct event *event, uint8_t phase,
                                int64_t ms) {
    if (room->move_count >= ROOM_MOVES_MAX) {
        return APPLY_INVALID;
    }
    if (!part_grow((void **)&room->moves, &room->move_cap, room->move_count + 1U,
                   sizeof *room->moves)) {
        return APPLY_NO_MEMORY;
    }
    room->moves[room->move_count++] = (struct room_move){.act = event->body.act,
                                                         .phase = phase,
                                                         .by = event->by,
                                                         .ms = ms,
                                                         .at = moment(room, event)};
    return APPLY_OK;
}

uint8_t clock_phase_at(const struct room *room, int64_t at) {
    for (uint16_t i = room->move_count; i > 0; i--) {
        const struct room_move *move = &room->moves[i - 1];
        if (move->act == ACTION_CLOCK_JUMP && move->at <= at) {
            return move->phase;
        }
    }
    return 0;
}

bool clock_is_stale(const struct room *room, const struct body *body) {
    if (!(body->has & F(seen)) || body->seen == room->move_count) {
        return false;
    }
    return body->act != ACTION_CLOCK_ADD || body->phase != room->clock.phase;
}

static const char *move_words(enum action act) {
    switch (act) {
    case ACTION_CLOCK_START: return "started the interview";
    case ACTION_CLOCK_PAUSE: return "paused the clock";
    case ACTION_CLOCK_RESUME: return "let the clock go on";
    case ACTION_CLOCK_JUMP: return "went to another phase";
    case ACTION_CLOCK_ADD: return "changed a phase's minutes";
    case ACTION_CLOCK_PLAN: return "changed the plan";
    case ACTION_CLOCK_UNFINISH: return "took the finish back";
    default: return "finished the interview";
    }
}

const char *clock_stale_text(const struct room *room, int64_t seen, char *out, size_t size) {
    if (seen < 0 || seen >= room->move_count) {
        return NULL;
    }
    const struct room_move *first = &room->moves[seen];
    snprintf(out, size, "%s %s first; look at the clock, and do it again if you still mean it.",
             room->seats[first->by].name, move_words(first->act));
    return out;
}

enum refusal clock_decide_move(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    (void)out;
    return room->move_count < ROOM_MOVES_MAX - 1 ? REFUSAL_NONE : REFUSAL_ROOM_LIMIT;
}

enum refusal clock_decide_jump(const struct room *room, uint8_t by, struct body *out) {
    if (out->phase >= room->pack->phase_count) {
        return REFUSAL_NO_SUCH_PHASE;
    }
    if (out->phase == room->clock.phase) {
        return REFUSAL_SAME;
    }
    return clock_decide_move(room, by, out);
}

/* Whether a phase may get `ms` more. */
static bool can_add(const struct room *room, uint8_t phase, int64_t ms) {
    int64_t budget = clock_budget(room, phase) + ms;
    return budget >= 0 && budget <= PHASE_BUDGET_MAX_MS;
}

enum refusal clock_decide_add(const struct room *room, uint8_t by, struct body *out) {
    if (out->phase >= room->pack->phase_count) {
        return REFUSAL_NO_SUCH_PHASE;
    }
    if (out->ms == 0) {
        return REFUSAL_SAME;
    }
    if (!can_add(room, (uint8_t)out->phase, out->ms)) {
        return REFUSAL_OUT_OF_BOUNDS;
    }
    return clock_decide_move(room, by, out);
}

static enum refusal read_budgets(const struct pack *pack, struct span bytes,
                                 int64_t budget[PACK_PHASES_MAX]) {
    int64_t sum = 0;
    if (bytes.len != (uint32_t)U32_BYTES * pack->phase_count) {
        return REFUSAL_BAD_FIELD;
    }
    for (uint8_t i = 0; i < pack->phase_count; i++) {
        budget[i] = u32_get(bytes.at + (size_t)i * U32_BYTES);
        if (budget[i] > PHASE_BUDGET_MAX_MS) {
            return REFUSAL_OUT_OF_BOUNDS;
        }
        sum += budget[i];
    }
    return sum > 0 ? REFUSAL_NONE : REFUSAL_OUT_OF_BOUNDS;
}

/* The budgets as they will be, and whether each is in its bound then. */
static enum refusal stretch(int64_t budget[PACK_PHASES_MAX], uint8_t extra) {
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        budget[i] = budget[i] * (100 + extra) / 100;
        if (budget[i] > PHASE_BUDGET_MAX_MS) {
            return REFUSAL_OUT_OF_BOUNDS;
        }
    }
    return REFUSAL_NONE;
}

enum refusal clock_read_plan(const struct pack *pack, const struct body *body, uint8_t extra,
                             uint8_t *plan, int64_t budget[PACK_PHASES_MAX]) {
    bool own = body->has & F(budgets);
    int64_t index = body->has & F(plan) ? body->plan : own ? pack->plan_count : 0;
    memset(budget, 0, PACK_PHASES_MAX * sizeof *budget);
    if (index > pack->plan_count || own != (index == pack->plan_count)) {
        return REFUSAL_NO_SUCH_PHASE;
    }
    *plan = (uint8_t)index;
    if (own) {
        enum refusal refusal = read_budgets(pack, body->budgets, budget);
        return refusal == REFUSAL_NONE ? stretch(budget, extra) : refusal;
    }
    for (uint8_t i = 0; i < pack->phase_count; i++) {
        budget[i] = pack->plans[index].budget_ms[i];
    }
    return stretch(budget, extra);
}

/* By how much the plan of a clock.plan is stretched. */
static uint8_t extra_of(const struct room *room, const struct body *body) {
    return body->has & F(extra) ? (uint8_t)body->extra : room->clock.extra;
}

enum refusal clock_decide_plan(const struct room *room, uint8_t by, struct body *out) {
    static const int64_t nothing[PACK_PHASES_MAX];
    int64_t budget[PACK_PHASES_MAX];
    uint8_t plan;
    if (out->has & F(extra) && !clock_is_one(room)) {
        return REFUSAL_BAD_FIELD; /* its alarms would not be stretched */
    }
    uint8_t extra = extra_of(room, out);
    enum refusal refusal = clock_read_plan(room->pack, out, extra, &plan, budget);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    if (plan == room->plan && extra == room->clock.extra &&
        memcmp(budget, room->clock.budget, sizeof budget) == 0 &&
        memcmp(room->clock.added, nothing, sizeof nothing) == 0) {
        return REFUSAL_SAME;
    }
    return clock_decide_move(room, by, out);
}

enum apply_result clock_apply_start(struct room *room, const struct event *event,
                                    const struct part_packs *packs) {
    (void)packs;
    enum apply_result result = record(room, event, 0, 0);
    if (result == APPLY_OK) {
        clock_start(&room->clock, moment(room, event));
        room->stage = STAGE_RUNNING;
    }
    return result;
}

enum apply_result clock_apply_pause(struct room *room, const struct event *event,
                                    const struct part_packs *packs) {
    (void)packs;
    enum apply_result result = record(room, event, room->clock.phase, 0);
    if (result == APPLY_OK) {
        clock_pause(&room->clock, moment(room, event));
        room->stage = STAGE_PAUSED;
    }
    return result;
}

enum apply_result clock_apply_resume(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)packs;
    enum apply_result result = record(room, event, room->clock.phase, 0);
    if (result == APPLY_OK) {
        clock_resume(&room->clock, moment(room, event));
        room->stage = STAGE_RUNNING;
    }
    return result;
}

enum apply_result clock_apply_jump(struct room *room, const struct event *event,
                                   const struct part_packs *packs) {
    (void)packs;
    if (event->body.phase >= room->pack->phase_count) {
        return APPLY_INVALID;
    }
    uint8_t phase = (uint8_t)event->body.phase;
    enum apply_result result = record(room, event, phase, 0);
    if (result == APPLY_OK) {
        clock_enter(&room->clock, phase, moment(room, event));
    }
    return result;
}

enum apply_result clock_apply_add(struct room *room, const struct event *event,
                                  const struct part_packs *packs) {
    (void)packs;
    const struct body *body = &event->body;
    if (body->phase >= room->pack->phase_count || !can_add(room, (uint8_t)body->phase, body->ms)) {
        return APPLY_INVALID;
    }
    enum apply_result result = record(room, event, (uint8_t)body->phase, body->ms);
    if (result == APPLY_OK) {
        room->clock.added[body->phase] += body->ms;
    }
    return result;
}

enum apply_result clock_apply_plan(struct room *room, const struct event *event,
                                   const struct part_packs *packs) {
    (void)packs;
    int64_t budget[PACK_PHASES_MAX];
    uint8_t plan;
    uint8_t extra = extra_of(room, &event->body);
    if (clock_read_plan(room->pack, &event->body, extra, &plan, budget) != REFUSAL_NONE) {
        return APPLY_INVALID;
    }
    enum apply_result result = record(room, event, room->clock.phase, plan);
    if (result == APPLY_OK) {
        room->plan = plan;
        room->clock.extra = extra;
        memcpy(room->clock.budget, budget, sizeof budget);
        memset(room->clock.added, 0, sizeof room->clock.added);
    }
    return result;
}

enum apply_result clock_apply_finish(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)packs;
    enum apply_result result = record(room, event, room->clock.phase, 0);
    if (result == APPLY_OK) {
        clock_finish(&room->clock, moment(room, event));
        room->stage = STAGE_FINISHED;
    }
    return result;
}

bool room_may_unfinish(const struct room *room) {
    /* In rooms of rules 1 there are clients that know no way back and would lose the thread. */
    return room->rules >= 2 && room->stage == STAGE_FINISHED && room->next[0] == '\0' &&
           !(room->moments & UINT32_C(1) << MOMENT_SHEET);
}

enum refusal clock_decide_unfinish(const struct room *room, uint8_t by, struct body *out) {
    return room_may_unfinish(room) ? clock_decide_move(room, by, out) : REFUSAL_TOO_LATE;
}

enum apply_result clock_apply_unfinish(struct room *room, const struct event *event,
                                       const struct part_packs *packs) {
    (void)packs;
    if (room->stage != STAGE_FINISHED) {
        return APPLY_INVALID;
    }
    bool paused = room->clock.held_at != 0;
    enum apply_result result = record(room, event, room->clock.phase, paused);
    if (result == APPLY_OK) {
        clock_unfinish(&room->clock, moment(room, event));
        room->stage = paused ? STAGE_PAUSED : STAGE_RUNNING;
        room->turn = (struct room_turn){0}; /* it was said of an interview that was over */
    }
    return result;
}
