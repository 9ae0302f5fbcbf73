/* SPDX-License-Identifier: ISC */
/*
 * opening.c: the part of the fold that opens a room: what it is called, and the sections of its
 * pack, in the order in which they become known.
 *
 * Invariant: indexes into the pack that the state keeps mean the same in every later pack of the
 * room, since a section adds to what is known and changes nothing of it.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/part.h"

/* The section that an event of the opening holds, by the rules of the room. */
static enum pack_section section_of(enum action act, int64_t rules) {
    switch (act) {
    case ACTION_ROOM_GUIDE: return SECTION_GUIDE;
    case ACTION_ROOM_PROMPT: return SECTION_PROMPT;
    case ACTION_ROOM_TITLES: return SECTION_TITLES;
    case ACTION_ROOM_RUBRIC: return SECTION_RUBRIC;
    case ACTION_ROOM_BRIEF: return SECTION_PANEL;
    default: return rules < 2 ? SECTION_PUBLIC : SECTION_OPEN;
    }
}

/* The pack with that section; NULL with *result set otherwise. */
static struct pack *read_section(struct pack *base, enum pack_section section, struct span bytes,
                                 const struct part_packs *packs, enum apply_result *result) {
    struct pack_fault fault = {.no_memory = false};
    struct pack *pack = packs->source ? packs->source(packs->ctx, base, section, bytes)
                                      : pack_with(base, section, bytes, &fault);
    *result = fault.no_memory ? APPLY_NO_MEMORY : APPLY_INVALID;
    return pack;
}

/* Whether the ids of other rooms and of a cohort, where they are there, have the form of one. */
static bool ids_are_sound(const struct body *body) {
    return (!(body->has & F(prev)) || span_is_id(body->prev)) &&
           (!(body->has & F(cohort)) || span_is_id(body->cohort));
}

static int64_t rules_of(const struct body *body) {
    return body->has & F(rules) ? body->rules : 1;
}

static uint8_t extra_of(const struct body *body) {
    return body->has & F(extra) ? (uint8_t)body->extra : 0;
}

enum refusal opening_decide_open(const struct room *room, uint8_t by, struct body *out) {
    (void)room;
    (void)by;
    struct pack_fault fault;
    int64_t budget[PACK_PHASES_MAX];
    uint8_t plan;
    if (!ids_are_sound(out) || rules_of(out) > ROOM_RULES) {
        return REFUSAL_BAD_FIELD;
    }
    struct pack *pack = pack_with(NULL, section_of(out->act, rules_of(out)), out->pack, &fault);
    if (!pack) {
        return fault.no_memory ? REFUSAL_INTERNAL : REFUSAL_BAD_PACK;
    }
    enum refusal refusal = clock_read_plan(pack, out, extra_of(out), &plan, budget);
    pack_unref(pack);
    if (refusal == REFUSAL_NONE) {
        out->plan = plan;
        out->has |= F(plan);
    }
    return refusal;
}

enum apply_result opening_apply_open(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    int64_t budget[PACK_PHASES_MAX];
    uint8_t plan;
    const struct body *body = &event->body;
    enum apply_result result;
    if (!ids_are_sound(body) || rules_of(body) > ROOM_RULES) {
        return APPLY_INVALID; /* of a newer program: how to fold it is not known here */
    }
    struct pack *pack =
        read_section(NULL, section_of(body->act, rules_of(body)), body->pack, packs, &result);
    if (!pack) {
        return result;
    }
    if (clock_read_plan(pack, body, extra_of(body), &plan, budget) != REFUSAL_NONE) {
        pack_unref(pack);
        return APPLY_INVALID;
    }
    room->pack = pack;
    room->plan = plan;
    room->clock.extra = extra_of(body);
    room->mode = (uint32_t)body->mode;
    room->rules = (uint32_t)rules_of(body);
    room->stage = STAGE_WAITING;
    room->opened_at = event->at;
    if (body->has & F(prev)) {
        memcpy(room->prev, body->prev.at, ROOM_ID_BYTES);
    }
    if (body->has & F(cohort)) {
        memcpy(room->cohort, body->cohort.at, ROOM_ID_BYTES);
    }
    memcpy(room->clock.budget, budget, sizeof budget);
    return APPLY_OK;
}

/* ---- a section of the pack; the panel's in one part or several ---- */

static uint8_t parts_left(const struct body *body) {
    return body->has & F(left) ? (uint8_t)body->left : 0;
}

/* Whether this part is the one that comes next, and there is a place for it. */
static bool is_next_part(const struct room *room, const struct body *body) {
    bool next = room->brief_left == 0 || parts_left(body) == room->brief_left - 1;
    return next && room->brief_len + body->pack.len <= PACK_PANEL_MAX;
}

/* All parts up to this one, in memory of the caller's. NULL: out of memory. */
static char *join_parts(const struct room *room, struct span part) {
    char *whole = malloc((size_t)room->brief_len + part.len);
    if (whole) {
        memcpy(whole, room->brief ? room->brief : "", room->brief_len);
        memcpy(whole + room->brief_len, part.at, part.len);
    }
    return whole;
}

/* The room's pack with the section that is whole now; NULL with *result set otherwise. */
static struct pack *read_whole(const struct room *room, const struct body *body,
                               const struct part_packs *packs, enum apply_result *result) {
    enum pack_section section = section_of(body->act, room->rules);
    if (room->brief_len == 0) {
        return read_section(room->pack, section, body->pack, packs, result);
    }
    *result = APPLY_NO_MEMORY;
    char *whole = join_parts(room, body->pack);
    struct pack *pack = NULL;
    if (whole) {
        struct span bytes = {whole, room->brief_len + body->pack.len};
        pack = read_section(room->pack, section, bytes, packs, result);
    }
    free(whole);
    return pack;
}

enum refusal opening_decide_section(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    enum apply_result result;
    if (pack_has(room->pack, section_of(out->act, room->rules))) {
        return REFUSAL_SAME;
    }
    if (!is_next_part(room, out)) {
        return REFUSAL_BAD_PACK;
    }
    if (parts_left(out) > 0) {
        return REFUSAL_NONE; /* what it is part of is read when it is whole */
    }
    struct pack *pack = read_whole(room, out, &(struct part_packs){NULL, NULL}, &result);
    if (!pack && result == APPLY_NO_MEMORY) {
        return REFUSAL_INTERNAL;
    }
    bool good = pack != NULL;
    pack_unref(pack);
    return good ? REFUSAL_NONE : REFUSAL_BAD_PACK;
}

static enum apply_result keep_part(struct room *room, const struct body *body) {
    char *whole = join_parts(room, body->pack);
    if (!whole) {
        return APPLY_NO_MEMORY;
    }
    free(room->brief);
    room->brief = whole;
    room->brief_len += body->pack.len;
    room->brief_left = parts_left(body);
    return APPLY_OK;
}

static void forget_parts(struct room *room) {
    free(room->brief);
    room->brief = NULL;
    room->brief_len = 0;
    room->brief_left = 0;
}

enum apply_result opening_apply_section(struct room *room, const struct event *event,
                                        const struct part_packs *packs) {
    enum apply_result result;
    bool known = pack_has(room->pack, section_of(event->body.act, room->rules));
    if (known || !is_next_part(room, &event->body)) {
        return APPLY_INVALID;
    }
    if (parts_left(&event->body) > 0) {
        return keep_part(room, &event->body);
    }
    struct pack *pack = read_whole(room, &event->body, packs, &result);
    if (!pack) {
        return result;
    }
    forget_parts(room);
    pack_unref(room->pack);
    room->pack = pack;
    prompt_match_reveals(room);
    return APPLY_OK;
}

enum refusal opening_decide_keep(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    (void)out;
    return room->has_term ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result opening_apply_keep(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)packs;
    if (room->has_term) {
        return APPLY_INVALID;
    }
    room->has_term = true;
    room->kept = (uint16_t)event->body.kept;
    return APPLY_OK;
}
