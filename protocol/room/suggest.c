/* SPDX-License-Identifier: ISC */
/*
 * suggest.c: when each kind of rule holds (suggest.def), and the part of the fold that holds what
 * was dropped.
 *
 * Invariants: a rule reads the panel's sheet, the board and the clock alone, and knows items by
 * what the pack says of them; the answer changes only at an event or at a moment that suggest_next
 * names.
 */
#include "protocol/room/suggest.h"

#include <string.h>

#include "protocol/room/part.h"
#include "protocol/room/suggest_board.h"

/* The panel's mark of an item, NULL if there is none. */
static const struct room_mark *mark_of(const struct room *room, int item) {
    const struct room_sheet *sheet = room_sheet_of(room, SEAT_SERVER);
    return sheet && sheet->marks[item].mark != MARK_NOT_YET ? &sheet->marks[item] : NULL;
}

static bool in_phase(const struct pack_suggest *rule, int phase) {
    return rule->phase < 0 || rule->phase == phase;
}

static bool in_group(const struct pack_suggest *rule, const struct pack_item *item) {
    return rule->group == (unsigned)item->group + 1;
}

/* The moment at which `least` items of the group were marked; INT64_MAX: they are not yet. */
static int64_t group_marked_at(const struct room *room, const struct pack_suggest *rule) {
    int64_t moment = INT64_MIN;
    for (int n = 0; n < rule->least; n++) {
        int64_t next = INT64_MAX;
        int same = 0;
        for (int i = 0; i < room->pack->item_count; i++) {
            const struct room_mark *mark = mark_of(room, i);
            if (!mark || !in_group(rule, &room->pack->items[i])) {
                continue;
            }
            same += mark->at <= moment;
            next = mark->at > moment && mark->at < next ? mark->at : next;
        }
        moment = same > n ? moment : next; /* several may have one moment */
    }
    return moment;
}

static bool early_holds(const struct room *room, const struct pack_suggest *rule, int64_t now) {
    (void)now;
    int64_t asked = group_marked_at(room, rule);
    for (int i = 0; i < room->pack->item_count; i++) {
        const struct room_mark *mark = mark_of(room, i);
        if (mark && in_phase(rule, room->pack->items[i].phase) && mark->at < asked) {
            return true;
        }
    }
    return false;
}

static bool unprompted_holds(const struct room *room, const struct pack_suggest *rule,
                             int64_t now) {
    (void)now;
    int raised = 0;
    for (int i = 0; i < room->pack->item_count; i++) {
        const struct room_mark *mark = mark_of(room, i);
        raised += mark && mark->mark == MARK_RAISED && in_group(rule, &room->pack->items[i]);
    }
    return raised >= rule->least;
}

/* From when on it is too late for the rule's phase, ms: INT64_MAX if that is not known yet. */
static int64_t ending_at(const struct room *room, const struct pack_suggest *rule, int64_t now) {
    int phase = room->clock.phase;
    if (!in_phase(rule, phase)) {
        return phase > (int)rule->phase ? now : INT64_MAX;
    }
    return now + clock_read(room, now).phase_left - clock_stretched(room, rule->ms);
}

static bool open_holds(const struct room *room, const struct pack_suggest *rule, int64_t now) {
    if (ending_at(room, rule, now) > now) {
        return false;
    }
    for (uint8_t i = 0; i < rule->item_count; i++) {
        if (!mark_of(room, pack_item_find(room->pack, span_of(rule->items[i])))) {
            return true;
        }
    }
    return false;
}

static bool steered_holds(const struct room *room, const struct pack_suggest *rule, int64_t now) {
    (void)now;
    int prompted[PACK_PHASES_MAX] = {0};
    int raised[PACK_PHASES_MAX] = {0};
    for (int i = 0; i < room->pack->item_count; i++) {
        const struct room_mark *mark = mark_of(room, i);
        uint8_t phase = room->pack->items[i].phase;
        prompted[phase] += mark && mark->mark == MARK_PROMPTED;
        raised[phase] += mark && mark->mark == MARK_RAISED;
    }
    for (int i = 0; i < room->pack->phase_count; i++) {
        if (in_phase(rule, i) && prompted[i] >= rule->least && prompted[i] > raised[i]) {
            return true;
        }
    }
    return false;
}

static bool eaten_holds(const struct room *room, const struct pack_suggest *rule, int64_t now) {
    for (uint8_t i = 0; i < room->pack->phase_count; i++) {
        if (in_phase(rule, i) &&
            clock_phase_over(room, i, now) >= clock_stretched(room, rule->ms)) {
            return true;
        }
    }
    return false;
}

static bool board_holds(const struct room *room, const struct pack_suggest *rule, int64_t now) {
    return suggest_board_holds(room, rule, group_marked_at(room, rule),
                               ending_at(room, rule, now) <= now);
}

/* The next moment at which a rule may begin to hold by the clock alone; now or before: none. */
static int64_t by_the_clock(const struct room *room, const struct pack_suggest *rule, int64_t now) {
    struct clock_reading reading = clock_read(room, now);
    switch (rule->kind) {
    case SUGGEST_OPEN:
    case SUGGEST_BOX_BARE:
    case SUGGEST_NO_RIVAL:
    case SUGGEST_NO_NUMBER:
    case SUGGEST_UNWRITTEN: return ending_at(room, rule, now);
    case SUGGEST_EATEN:
        return in_phase(rule, reading.phase)
                   ? now + clock_stretched(room, rule->ms) - reading.phase_over +
                         (reading.phase_left > 0 ? reading.phase_left : 0) + reading.reserve_left
                   : now;
    default: return now;
    }
}

static bool holds(const struct room *room, const struct pack_suggest *rule, int64_t now) {
    static bool (*const kinds[SUGGEST_BOARD_FIRST])(const struct room *,
                                                    const struct pack_suggest *, int64_t) = {
        [SUGGEST_EARLY] = early_holds, [SUGGEST_UNPROMPTED] = unprompted_holds,
        [SUGGEST_OPEN] = open_holds,   [SUGGEST_STEERED] = steered_holds,
        [SUGGEST_EATEN] = eaten_holds,
    };
    if (rule->kind >= SUGGEST_BOARD_FIRST) {
        return board_holds(room, rule, now);
    }
    return kinds[rule->kind](room, rule, now);
}

static bool flag_was_set(const struct room *room, const char *id) {
    int flag = pack_flag_find(room->pack, span_of(id));
    for (uint32_t i = 0; i < room->flag_count; i++) {
        if (room->flags[i].flag == flag) {
            return true;
        }
    }
    return false;
}

static bool item_was_marked(const struct room *room, const char *id) {
    const struct room_sheet *sheet = room_sheet_of(room, SEAT_SERVER);
    int item = pack_item_find(room->pack, span_of(id));
    return sheet && item >= 0 && sheet->marks[item].n > 0;
}

static bool is_settled(const struct room *room, uint8_t index) {
    const struct pack_suggest *rule = &room->pack->suggests[index];
    return room->dropped >> index & 1 || (rule->flag[0] && flag_was_set(room, rule->flag)) ||
           (rule->mark[0] && item_was_marked(room, rule->mark));
}

static bool same_proposal(const struct pack_suggest *a, const struct pack_suggest *b) {
    return strcmp(a->flag, b->flag) == 0 && strcmp(a->mark, b->mark) == 0;
}

/* Where a board is used, a rule that reads it takes the place of those that count marks to propose
 * the same. */
static bool is_replaced(const struct room *room, uint8_t index) {
    const struct pack *pack = room->pack;
    const struct pack_suggest *rule = &pack->suggests[index];
    if (rule->kind >= SUGGEST_EATEN || !suggest_board_is_drawn(room)) {
        return false;
    }
    for (uint8_t i = 0; i < pack->suggest_count; i++) {
        const struct pack_suggest *other = &pack->suggests[i];
        if (other->kind >= SUGGEST_BOARD_FIRST && same_proposal(rule, other)) {
            return true;
        }
    }
    return false;
}

static bool is_on(const struct room *room) {
    return room->pack && (room->stage == STAGE_RUNNING || room->stage == STAGE_PAUSED ||
                          room->stage == STAGE_FINISHED);
}

uint8_t suggest_due(const struct room *room, int64_t now, uint8_t due[PACK_SUGGESTS_MAX]) {
    uint8_t count = 0;
    for (uint8_t i = 0; is_on(room) && i < room->pack->suggest_count; i++) {
        if (!is_settled(room, i) && !is_replaced(room, i) &&
            holds(room, &room->pack->suggests[i], now)) {
            due[count++] = i;
        }
    }
    return count;
}

int64_t suggest_next(const struct room *room, int64_t now) {
    int64_t best = -1;
    bool runs = is_on(room) && room->stage == STAGE_RUNNING;
    for (uint8_t i = 0; runs && i < room->pack->suggest_count; i++) {
        int64_t moment = by_the_clock(room, &room->pack->suggests[i], now);
        if (moment > now && moment != INT64_MAX && (best < 0 || moment < best)) {
            best = moment;
        }
    }
    return best;
}

struct body suggest_take(const struct pack *pack, uint8_t suggest) {
    const struct pack_suggest *rule = &pack->suggests[suggest];
    if (rule->flag[0]) {
        return (struct body){
            .act = ACTION_FLAG_SET, .has = F(flag) | F(on), .flag = span_of(rule->flag), .on = 1};
    }
    return (struct body){.act = ACTION_MARK_SET,
                         .has = F(item) | F(mark),
                         .item = span_of(rule->mark),
                         .mark = MARK_RAISED};
}

const char *suggest_title(const struct pack *pack, uint8_t suggest) {
    const struct pack_suggest *rule = &pack->suggests[suggest];
    if (rule->flag[0]) {
        return pack->flags[pack_flag_find(pack, span_of(rule->flag))].title;
    }
    return pack->items[pack_item_find(pack, span_of(rule->mark))].title;
}

enum refusal suggest_decide_drop(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    int index = pack_suggest_find(room->pack, out->suggest);
    if (index < 0) {
        return REFUSAL_NO_SUCH_SUGGESTION;
    }
    return room->dropped >> index & 1 ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result suggest_apply_drop(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)packs;
    int index = pack_suggest_find(room->pack, event->body.suggest);
    if (index < 0) {
        return APPLY_INVALID;
    }
    room->dropped |= UINT32_C(1) << index;
    return APPLY_OK;
}
