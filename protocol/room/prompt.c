/* SPDX-License-Identifier: ISC */
/*
 * prompt.c: the part of the fold that puts facts and questions on the candidate's screen.
 *
 * Invariants: every reveal carries its id and text, since a candidate's pack lacks them; the bits
 * of `facts` and `thrown` are those of the reveals that the pack knows.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/part.h"

static uint64_t bit_of(int index) {
    return index >= 0 && index < 64 ? UINT64_C(1) << index : 0;
}

static enum refusal check_limit(const struct room *room) {
    return room->reveal_count < ROOM_REVEALS_MAX ? REFUSAL_NONE : REFUSAL_ROOM_LIMIT;
}

enum refusal prompt_decide_fact(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    int index = pack_fact_find(room->pack, out->fact);
    if (index < 0) {
        return REFUSAL_NO_SUCH_FACT;
    }
    if (room->facts & bit_of(index)) {
        return REFUSAL_SAME;
    }
    out->text = span_of(room->pack->facts[index].text);
    out->has |= F(text);
    return check_limit(room);
}

enum refusal prompt_decide_curveball(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    int index = pack_question_find(room->pack, out->curveball);
    if (index < 0) {
        return REFUSAL_NO_SUCH_FACT;
    }
    if (room->thrown & bit_of(index)) {
        return REFUSAL_SAME;
    }
    out->text = span_of(pack_question_at(room->pack, index)->text);
    out->has |= F(text);
    return check_limit(room);
}

/* Sets the bit of a reveal, if the pack knows it. */
static void match_reveal(struct room *room, const struct room_reveal *reveal) {
    struct span id = span_of(reveal->id);
    if (reveal->curveball) {
        room->thrown |= bit_of(pack_question_find(room->pack, id));
    } else {
        room->facts |= bit_of(pack_fact_find(room->pack, id));
    }
}

void prompt_match_reveals(struct room *room) {
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        match_reveal(room, &room->reveals[i]);
    }
}

enum apply_result prompt_apply_reveal(struct room *room, const struct event *event,
                                      const struct part_packs *packs) {
    (void)packs;
    const struct body *body = &event->body;
    if (!(body->has & F(text)) || room->reveal_count >= ROOM_REVEALS_MAX) {
        return APPLY_INVALID;
    }
    if (!part_grow((void **)&room->reveals, &room->reveal_cap, room->reveal_count + 1,
                   sizeof *room->reveals)) {
        return APPLY_NO_MEMORY;
    }
    char *text = part_text(body->text);
    if (!text) {
        return APPLY_NO_MEMORY;
    }
    bool curveball = body->act == ACTION_CURVE_THROW;
    struct span id = curveball ? body->curveball : body->fact;
    struct room_reveal *reveal = &room->reveals[room->reveal_count++];
    *reveal = (struct room_reveal){.curveball = curveball,
                                   .by = event->by,
                                   .phase = clock_phase_at(room, event->made),
                                   .at = event->made,
                                   .n = event->pos,
                                   .text = text};
    memcpy(reveal->id, id.at, id.len);
    match_reveal(room, reveal);
    return APPLY_OK;
}

/* ---- how a question was answered ---- */

static struct room_reveal *find_question(const struct room *room, struct span id) {
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        if (room->reveals[i].curveball && span_equal(id, room->reveals[i].id)) {
            return &room->reveals[i];
        }
    }
    return NULL;
}

enum refusal prompt_decide_answer(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    const struct room_reveal *question = find_question(room, out->curveball);
    if (room->rules < 2) {
        return REFUSAL_WRONG_STAGE;
    }
    if (!question) {
        return REFUSAL_NO_SUCH_FACT;
    }
    return question->answer == out->mark ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result prompt_apply_answer(struct room *room, const struct event *event,
                                      const struct part_packs *packs) {
    (void)packs;
    struct room_reveal *question = find_question(room, event->body.curveball);
    if (!question) {
        return APPLY_INVALID;
    }
    question->answer = (uint8_t)event->body.mark;
    question->answered_by = event->by;
    return APPLY_OK;
}
