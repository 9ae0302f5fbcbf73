/* SPDX-License-Identifier: ISC */
/*
 * panel.c: as JSON what the panel is told beside the fold: what is suggested, verdicts and ratings,
 * and what the marks propose for a verdict.
 */
#include "client/web/wasm/core.h"
#include "protocol/room/points.h"
#include "protocol/room/verdict.h"

/* ---- suggestions ---- */

void web_put_suggested(struct mp_writer *w, const struct model *model, int64_t now) {
    const struct room *room = &model->room;
    uint8_t due[PACK_SUGGESTS_MAX];
    bool asked = model->role == ROLE_INTERVIEWER || model->role == ROLE_COACH;
    uint8_t count = asked && room->pack->has_panel ? suggest_due(room, now, due) : 0;
    json_open(w, "suggested", '[');
    for (uint8_t i = 0; i < count; i++) {
        const struct pack_suggest *suggest = &room->pack->suggests[due[i]];
        struct body take = suggest_take(room->pack, due[i]);
        json_open(w, NULL, '{');
        json_str(w, "id", suggest->id);
        json_str(w, "text", suggest->text);
        json_str(w, "title", suggest_title(room->pack, due[i]));
        json_open(w, "take", '{');
        web_put_body(w, &take, TEXT_MAX_BYTES);
        json_close(w, '}');
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* ---- verdicts and ratings ---- */

static void put_scores(struct mp_writer *w, const struct room *room,
                       const struct room_verdict *verdict) {
    int count = verdict->rating ? RATING_COUNT : room->pack->competency_count;
    json_open(w, "scores", '[');
    for (int i = 0; i < count; i++) {
        json_open(w, NULL, '[');
        json_int(w, NULL, verdict->scores[i]);
        json_int(w, NULL, verdict->moments[i]);
        json_close(w, ']');
    }
    json_close(w, ']');
    json_open(w, "texts", '[');
    for (int i = 0; i < VERDICT_TEXTS; i++) {
        json_str(w, NULL, verdict->texts[i] != NULL ? verdict->texts[i] : "");
    }
    json_close(w, ']');
}

void web_put_verdicts(struct mp_writer *w, const struct room *room) {
    json_bool(w, "verdicts_open", verdict_is_open(room));
    json_open(w, "verdicts", '[');
    for (unsigned i = 0; room->pack != NULL && i < room->verdict_count; i++) {
        const struct room_verdict *verdict = &room->verdicts[i];
        json_open(w, NULL, '{');
        json_int(w, "by", verdict->by);
        json_bool(w, "rating", verdict->rating);
        json_bool(w, "late", verdict->late);
        json_int(w, "recommend", verdict->recommend);
        json_int(w, "level", verdict->level);
        json_int(w, "at", verdict->at);
        put_scores(w, room, verdict);
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* ---- what the marks propose ---- */

static void put_points_of(struct mp_writer *w, const char *key, const struct point *points,
                          int count) {
    json_open(w, key, '[');
    for (int i = 0; i < count; i++) {
        json_open(w, NULL, '[');
        json_str(w, NULL, points[i].words);
        json_str(w, NULL, points[i].fix != NULL ? points[i].fix : "");
        json_close(w, ']');
    }
    json_close(w, ']');
}

void web_put_points(struct mp_writer *w, const struct room *room) {
    struct points points;
    points_propose(room, SEAT_SERVER, &points);
    put_points_of(w, "strengths", points.strengths, points.strength_count);
    put_points_of(w, "steps", points.steps, points.step_count);
}
