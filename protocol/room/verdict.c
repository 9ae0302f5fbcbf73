/* SPDX-License-Identifier: ISC */
/*
 * verdict.c: the part of the fold that holds verdicts and ratings.
 *
 * Invariants: a seat has at most one; a bit of handed_in says that the server has told of it; a
 * verdict has a score (or none) for each competency of the pack, in its order.
 */
#include "protocol/room/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/room/part.h"
#include "protocol/room/view.h"
#include "protocol/wire/u32.h"

const struct room_verdict *verdict_of(const struct room *room, uint8_t seat) {
    for (uint8_t i = 0; i < room->verdict_count; i++) {
        if (room->verdicts[i].by == seat) {
            return &room->verdicts[i];
        }
    }
    return NULL;
}

bool verdict_is_open(const struct room *room) {
    return view_is_open(room, AUD_VERDICT);
}

bool verdict_is_given(const struct room *room, uint8_t seat) {
    return seat < room->seat_count &&
           (room->handed_in >> seat & 1 || verdict_of(room, seat) != NULL);
}

bool verdict_is_awaited(const struct room *room, uint8_t seat) {
    const struct room_seat *at = &room->seats[seat];
    bool panel = room_is_panel(room, seat) && at->here && !at->watching;
    bool waits = at->role == ROLE_CANDIDATE || panel;
    return waits && !verdict_is_given(room, seat);
}

const char *verdict_recommend_name(enum recommend recommend) {
    static const char *const names[] = {"strong no", "no", "yes", "strong yes"};
    return (unsigned)recommend <= RECOMMEND_STRONG_YES ? names[recommend] : "unknown";
}

const char *verdict_rating_title(enum rating rating) {
    static const char *const titles[RATING_COUNT] = {"Was prepared", "Let me drive",
                                                     "Follow-ups helped", "Feedback was specific"};
    return titles[rating];
}

const char *verdict_rating_id(enum rating rating) {
    static const char *const ids[RATING_COUNT] = {"prepared", "let-drive", "follow-ups",
                                                  "feedback"};
    return ids[rating];
}

/* ---- handing in ---- */

/* Whether there are `count` scores of `size` bytes, none above the highest. */
static bool scores_are_sound(struct span scores, uint32_t count, uint32_t size) {
    bool good = scores.len == count * size;
    for (uint32_t i = 0; good && i < count; i++) {
        good = (uint8_t)scores.at[(size_t)i * size] <= PACK_SCORES;
    }
    return good;
}

static bool verdict_is_sound(const struct room *room, const struct body *body) {
    return body->level >= 1 &&
           (!(body->has & F(scores)) ||
            scores_are_sound(body->scores, room->pack->competency_count, VERDICT_SCORE_BYTES));
}

/* All four, and at least one that says something. */
static bool rating_is_sound(const struct body *body) {
    bool said = false;
    for (uint32_t i = 0; i < body->ratings.len; i++) {
        said = said || body->ratings.at[i];
    }
    return said && scores_are_sound(body->ratings, RATING_COUNT, 1);
}

/* `on` says that the verdicts had opened by then: a view gets older ones late, so their place in it
 * does not tell. */
static enum refusal decide_once(const struct room *room, uint8_t by, bool sound, struct body *out) {
    if (room->rules < 2) {
        return REFUSAL_WRONG_STAGE;
    }
    if (verdict_of(room, by)) {
        return REFUSAL_SAME;
    }
    out->has &= ~F(on);
    if (verdict_is_open(room)) {
        out->has |= F(on);
        out->on = 1;
    }
    return sound ? REFUSAL_NONE : REFUSAL_BAD_FIELD;
}

enum refusal verdict_decide_give(const struct room *room, uint8_t by, struct body *out) {
    return decide_once(room, by, verdict_is_sound(room, out), out);
}

enum refusal verdict_decide_rate(const struct room *room, uint8_t by, struct body *out) {
    return decide_once(room, by, rating_is_sound(out), out);
}

static void copy_scores(struct room_verdict *out, const struct room *room,
                        const struct body *body) {
    for (uint32_t i = 0; out->rating && i < RATING_COUNT; i++) {
        out->scores[i] = (uint8_t)body->ratings.at[i];
    }
    bool scored = !out->rating && body->has & F(scores);
    for (uint32_t i = 0; scored && i < room->pack->competency_count; i++) {
        const char *score = body->scores.at + (size_t)i * VERDICT_SCORE_BYTES;
        uint32_t after = u32_get(score + 1); /* ms after the opening; 0: no evidence */
        out->scores[i] = (uint8_t)*score;
        out->moments[i] = after ? room->opened_at + after : 0;
    }
}

/* The texts, owned; absent ones are empty. False: out of memory, nothing is owned. */
static bool copy_texts(struct room_verdict *out, const struct body *body) {
    const struct span none = {"", 0};
    const struct span texts[VERDICT_TEXTS] = {body->has & F(keep)   ? body->keep
                                              : body->has & F(text) ? body->text
                                                                    : none,
                                              body->has & F(change) ? body->change : none,
                                              body->has & F(drill) ? body->drill : none};
    for (int i = 0; i < VERDICT_TEXTS; i++) {
        out->texts[i] = part_text(texts[i]);
        if (!out->texts[i]) {
            while (i-- > 0) {
                free(out->texts[i]);
            }
            return false;
        }
    }
    return true;
}

static enum apply_result apply_one(struct room *room, const struct event *event, bool rating) {
    struct room_verdict verdict = {.by = event->by,
                                   .rating = rating,
                                   .late = event->body.has & F(on) && event->body.on,
                                   .recommend = rating ? 0 : (uint8_t)event->body.recommend,
                                   .level = rating ? 0 : (uint8_t)event->body.level,
                                   .at = event->at,
                                   .n = event->pos};
    bool sound = rating ? rating_is_sound(&event->body) : verdict_is_sound(room, &event->body);
    if (verdict_of(room, event->by) || !sound) {
        return APPLY_INVALID;
    }
    struct room_verdict *grown =
        realloc(room->verdicts, (room->verdict_count + 1U) * sizeof *room->verdicts);
    if (!grown) {
        return APPLY_NO_MEMORY;
    }
    room->verdicts = grown;
    if (!copy_texts(&verdict, &event->body)) {
        return APPLY_NO_MEMORY;
    }
    copy_scores(&verdict, room, &event->body);
    room->verdicts[room->verdict_count++] = verdict;
    return APPLY_OK;
}

enum apply_result verdict_apply_give(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)packs;
    return apply_one(room, event, false);
}

enum apply_result verdict_apply_rate(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)packs;
    return apply_one(room, event, true);
}

/* ---- who has handed in, and the opening ---- */

enum refusal verdict_decide_in(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    if (out->seat >= room->seat_count || !verdict_of(room, (uint8_t)out->seat)) {
        return REFUSAL_WRONG_STAGE;
    }
    return room->handed_in >> out->seat & 1 ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result verdict_apply_in(struct room *room, const struct event *event,
                                   const struct part_packs *packs) {
    (void)packs;
    int64_t seat = event->body.seat;
    if (seat >= room->seat_count || room->handed_in >> seat & 1) {
        return APPLY_INVALID;
    }
    room->handed_in |= UINT32_C(1) << seat;
    return APPLY_OK;
}

enum refusal verdict_decide_open(const struct room *room, uint8_t by, struct body *out) {
    (void)by;
    (void)out;
    /* Nothing would change either where nobody has handed in. */
    return verdict_is_open(room) || !room->handed_in ? REFUSAL_SAME : REFUSAL_NONE;
}

enum apply_result verdict_apply_open(struct room *room, const struct event *event,
                                     const struct part_packs *packs) {
    (void)event;
    (void)packs;
    return verdict_is_open(room) ? APPLY_INVALID : APPLY_OK; /* room.c counts the moment */
}

/* Whether somebody of the panel has handed in, and nobody is waited for. */
static bool is_due(const struct room *room) {
    bool panel = false;
    for (uint8_t seat = 0; seat < room->seat_count; seat++) {
        if (verdict_is_awaited(room, seat)) {
            return false;
        }
        panel = panel || (room_is_panel(room, seat) && room->handed_in >> seat & 1);
    }
    return panel;
}

bool verdict_owed(const struct room *room, struct command *out) {
    if (room->stage != STAGE_DEBRIEF || room->rules < 2) {
        return false;
    }
    *out = (struct command){.seat = SEAT_SERVER};
    for (uint8_t i = 0; i < room->verdict_count; i++) {
        if (!(room->handed_in >> room->verdicts[i].by & 1)) {
            out->body = (struct body){
                .act = ACTION_VERDICT_IN, .has = F(seat), .seat = room->verdicts[i].by};
            return true;
        }
    }
    out->body = (struct body){.act = ACTION_VERDICT_OPEN};
    return !verdict_is_open(room) && is_due(room);
}
